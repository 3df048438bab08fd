"""Room for words in a figure: broken names, widths and heights of labels, places of rows."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.transforms import Transform

from helpers.display.plots.style import INK, MUTED, SMALL
from helpers.display.wording import plain

# Mean width of a letter as a share of its size; measured on DejaVu Sans, which is wider than the fonts of most pages.
LETTER_WIDTH = 0.55
LINE_HEIGHT = 1.25
# Least height of a row, and room between names, in points.
LEAST_ROW, ROW_GAP = 24, 9


def wrapped(name: Markup | str, letters: int) -> str:
    """Break a name into lines of at most so many letters."""
    return "\n".join(textwrap.wrap(plain(name), letters, break_long_words=True)) or "–"


def text_width(texts: Sequence[str], size: float) -> float:
    """Estimate the width of the widest line, in points."""
    lines = [line for text in texts for line in text.split("\n")]
    return LETTER_WIDTH * size * max((len(line) for line in lines), default=0)


def text_height(texts: Sequence[str], size: float) -> float:
    """Height of the text with most lines, in points."""
    return LINE_HEIGHT * size * max((text.count("\n") + 1 for text in texts), default=0)


def row_places(names: Sequence[str]) -> tuple[list[float], float]:
    """Middle of each row and the height of all, in points, by the number of lines of each name."""
    places, height = [], 0.0
    for name in names:
        room = max(SMALL * LINE_HEIGHT * (name.count("\n") + 1) + ROW_GAP, LEAST_ROW)
        places.append(height + room / 2)
        height += room
    return places, height


def row_labels(ax: Axes, places: Sequence[float], names: Sequence[str], *, size: float = SMALL) -> None:
    """Write names beside rows, each line by itself: a page may have other fonts than the ones measured here."""
    ax.set_yticks(places, [""] * len(places))
    for place, name in zip(places, names, strict=True):
        for shift, line in _lines(name, size):
            where = ax.get_yaxis_transform()
            write(ax, line, (0, place), (-8, shift), where, align="right", colour=INK, size=size)


def column_labels(ax: Axes, places: Sequence[float], names: Sequence[str]) -> None:
    """Write names under columns, each line by itself."""
    ax.set_xticks(places, [""] * len(places))
    for place, name in zip(places, names, strict=True):
        for number, line in enumerate(name.split("\n")):
            down = -(8 + SMALL * (0.5 + LINE_HEIGHT * number))
            write(ax, line, (place, 0), (0, down), ax.get_xaxis_transform(), align="center", colour=MUTED)


def _lines(name: str, size: float) -> list[tuple[float, str]]:
    """Lines of a name with their distance from its middle, upwards in points."""
    lines = name.split("\n")
    middle = (len(lines) - 1) / 2
    return [((middle - number) * LINE_HEIGHT * size, line) for number, line in enumerate(lines)]


def write(
    ax: Axes,
    text: str,
    place: tuple[float, float],
    shift: tuple[float, float],
    where: Transform,
    *,
    align: str,
    colour: str,
    size: float = SMALL,
) -> None:
    """Write one line at a place, shifted by points."""
    at = {"xycoords": where, "textcoords": "offset points", "va": "center", "ha": align}
    ax.annotate(text, place, shift, color=colour, fontsize=size, **at)
