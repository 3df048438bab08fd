"""Where the themes of a map stand and what is written beside them: their names, or numbers with a list below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.display.plots.drawing import limits
from helpers.display.plots.layout import LETTER_WIDTH, LINE_HEIGHT, text_width, wrapped
from helpers.display.plots.places import Box, Point, around, label_places
from helpers.display.plots.style import SMALL, figure_width
from helpers.display.wording import plain
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.themes import Theme, Themes

# Room for the names of the quadrants, at the top and the bottom inside the plot.
STRIP = 20
# Usual length of the lines of a name, how many, and how far a name may stand from its point.
LETTERS, MOST_LINES, FARTHEST = 18, 3, 22.0
# Reach of a dot.
DOT = 5.0
# Where the names of a list begin behind their numbers.
LIST_INDENT = 20
# An average may be covered more easily than an interval; half their widths.
AVERAGE, INTERVAL = 0.2, 1.0


@dataclass(frozen=True)
class Layout:
    """Points, their labels and the boxes of those, in points of the plot; and the lines of a list of names below it."""

    points: list[Point]
    labels: list[str]
    boxes: list[Box]
    listed: list[tuple[str, str]]


def spans_of(themes: Themes, height: float) -> tuple[Point, Point]:
    """Find the limits of both axes: the dividing score in the middle, and strips free for the names of the quadrants.

    Parameters
    ----------
    themes : Themes
    height : float
        Of the plot, in points.

    Returns
    -------
    tuple of (low, high)
        Across and upwards.
    """
    scores = [value for theme in themes.shown for value in theme.score if not is_missing(value)]
    half = 1.08 * max(abs(value - themes.score_line) for value in scores) or 1.0
    low, high = limits([themes.importance_line, *(value for theme in themes.shown for value in theme.importance)])
    strip = (high - low) * STRIP / (height - 2 * STRIP)
    return (themes.score_line - half, themes.score_line + half), (low - strip, high + strip)


def layout_of(themes: Themes, spans: tuple[Point, Point], size: Point) -> Layout:
    """Lay out names beside their points if all have room, else numbers and a list of the names.

    Parameters
    ----------
    themes : Themes
    spans : tuple of (low, high)
        Limits of both axes.
    size : (width, height)
        Of the plot, in points.

    Returns
    -------
    Layout
    """

    def to_points(x: float, y: float) -> Point:
        return tuple(
            float((value - low) / (high - low) * room)
            for value, (low, high), room in zip((x, y), spans, size, strict=True)
        )

    points = [to_points(theme.score[0], theme.importance[0]) for theme in themes.shown]
    lines = [
        _line(to_points(themes.score_line, spans[1][0]), to_points(themes.score_line, spans[1][1]), AVERAGE),
        _line(to_points(spans[0][0], themes.importance_line), to_points(spans[0][1], themes.importance_line), AVERAGE),
    ]
    for theme in themes.shown:
        lines += [_line(to_points(*start), to_points(*end), INTERVAL) for start, end in intervals_of(theme)]
    names = _names(themes.shown)
    boxes = _boxes(names, points, lines, size, farthest=FARTHEST)
    if all(boxes) and max(name.count("\n") for name in names) < MOST_LINES:
        return Layout(points, names, boxes, [])
    numbers = [str(number) for number in range(1, len(names) + 1)]
    beside = [box or _beside(point) for box, point in zip(_boxes(numbers, points, lines, size), points, strict=True)]
    return Layout(points, numbers, beside, _list_of([plain(theme.name) for theme in themes.shown]))


def _names(themes: Sequence[Theme]) -> list[str]:
    """Names in lines, which are as long as the longest word."""
    words = [word for theme in themes for word in plain(theme.name).split()]
    return [wrapped(theme.name, max(LETTERS, *map(len, words))) for theme in themes]


def intervals_of(theme: Theme) -> list[tuple[Point, Point]]:
    """Ends of the intervals that are known, as values."""
    (x, left, right), (y, low, high) = theme.score, theme.importance
    ends = [((left, y), (right, y)), ((x, low), (x, high))]
    return [pair for pair in ends if not any(is_missing(value) for end in pair for value in end)]


def _boxes(
    texts: Sequence[str], points: list[Point], lines: list[Box], size: Point, **choices: float
) -> list[Box | None]:
    sizes = [(text_width([text], SMALL) + 4, LINE_HEIGHT * SMALL * (text.count("\n") + 1) + 2) for text in texts]
    frame = Box(0, STRIP, size[0], size[1] - STRIP)
    dots = [around(point, DOT) for point in points]
    return label_places(points, sizes, frame, blocked=dots, crossed=lines, **choices)


def _line(start: Point, end: Point, half: float) -> Box:
    return Box(start[0] - half, start[1] - half, end[0] + half, end[1] + half)


def _beside(point: Point) -> Box:
    """Where a number goes that has no free place."""
    return Box(point[0] + DOT, point[1] - SMALL / 2, point[0] + 2 * SMALL, point[1] + SMALL / 2)


def _list_of(names: list[str]) -> list[tuple[str, str]]:
    """Lines of the list of names; the number stands before the first line of each."""
    letters = int((figure_width() - LIST_INDENT - 16) / (LETTER_WIDTH * SMALL))
    return [
        (str(number) if place == 0 else "", line)
        for number, name in enumerate(names, 1)
        for place, line in enumerate(wrapped(name, letters).split("\n"))
    ]
