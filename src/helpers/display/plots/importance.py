"""Themes by their score (across) and their importance (upwards), in four quadrants between the two averages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.drawing import grid_lines, limits, most_labels
from helpers.display.plots.importance_layout import (
    LIST_INDENT,
    STRIP,
    Layout,
    intervals_of,
    layout_of,
    spans_of,
)
from helpers.display.plots.key import KEY_LINE, draw_key, key_height, key_of
from helpers.display.plots.layout import LETTER_WIDTH, LINE_HEIGHT, wrapped, write
from helpers.display.plots.places import Point
from helpers.display.plots.style import ACCENT, INK, MUTED, PAPER, SMALL, figure_width, new_axes, styled
from helpers.display.plots.ticks import value_ticks
from helpers.display.wording import Words, plain
from helpers.display.wording.amounts import SCALES
from helpers.display.wording.marks import msg
from helpers.display.wording.themes import (
    LEAST_THEMES,
    QUADRANTS,
    TOO_SMALL,
    UNCLEAR,
    Against,
    Theme,
    Themes,
    themes_of,
)
from helpers.release import ReleasedTable

HEIGHT, LEFT, RIGHT, UNDER = 300, 40, 10, 26
# From where on a line leads to a label, in points.
LEAD = 16.0


@styled
def plot_importance(
    table: ReleasedTable,
    words: Words,
    importance: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    against: Against | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw themes by score and importance, both with intervals, between the averages of all themes.

    Parameters
    ----------
    table : ReleasedTable
        Rows of one unit and period, one per theme, at least two with figures; see `wording.themes.themes_of`.
    words : Words
    importance : DataFrame
        ``term`` (the measure), ``estimate``, ``ci_low``, ``ci_high``: shares from 0 to 1.
    names : mapping of measure to str, optional
        Names of the themes.
    against : Against, optional
        What parts the quadrants; by default the averages.
    ax : Axes, optional

    Returns
    -------
    Axes
        A theme of which an interval crosses an average is a ring: its quadrant cannot be told. One of which the link
        is too small to matter is grey. Where the names have no room beside the points, numbers stand there and the
        names below the plot.

    Raises
    ------
    TypeError
        When `table` did not pass the gate.
    ValueError
        For fewer than two themes with figures, and see `themes_of`.
    """
    themes = themes_of(table, words, importance, "plot_importance", names=names, against=against)
    if len(themes.shown) < LEAST_THEMES:
        raise ValueError(f"table must hold {LEAST_THEMES} themes with figures or more; found {len(themes.shown)}.")
    key = key_of(_entries(themes, words), LEFT)
    name = words.text("score of {name}", name=themes.shown[0].row["name"])
    name_lines = wrapped(name, int((figure_width() - LEFT) / (LETTER_WIDTH * SMALL))).split("\n")
    width, height = (figure_width() - LEFT - RIGHT, HEIGHT) if ax is None else _size(ax)
    spans = spans_of(themes, height)
    layout = layout_of(themes, spans, (width, height))
    below = UNDER + KEY_LINE * len(name_lines)
    if ax is None:
        bottom = below + KEY_LINE * len(layout.listed) + 8 * bool(layout.listed)
        ax = new_axes(HEIGHT, left=LEFT, right=RIGHT, top=key_height(key) + 34, bottom=bottom)
    _axes(ax, themes, spans, words)
    _name_quadrants(ax, words)
    for theme in themes.shown:
        _cross(ax, theme)
    _write_labels(ax, layout)
    write(ax, plain(words.text("importance")), (0, 1), (-LEFT + 8, 10), ax.transAxes, align="left", colour=MUTED)
    for number, line in enumerate(name_lines):
        write(ax, line, (1, 0), (0, -UNDER - KEY_LINE * number), ax.transAxes, align="right", colour=MUTED)
    _write_list(ax, layout, below + 8)
    draw_key(ax, key, above=32)
    return ax


def _entries(themes: Themes, words: Words) -> list[tuple[str, str, str]]:
    quadrants = {theme.quadrant for theme in themes.shown}
    crossed, lines = msg("cannot tell: an interval crosses an average"), msg("Dashed lines: averages of these drivers")
    if themes.is_target:
        crossed = msg("cannot tell: an interval crosses a line, or there may be no link")
        lines = msg("Dashed lines: the score aimed at, and an even share")
    entries = [
        ("dot", words.text("both intervals within one quadrant"), ACCENT) if quadrants & {*QUADRANTS} else None,
        ("dot", words.text("link too small to matter"), MUTED) if TOO_SMALL in quadrants else None,
        ("ring", words.text(crossed), ACCENT) if UNCLEAR in quadrants else None,
        ("", words.text(lines), MUTED),
    ]
    return [entry for entry in entries if entry]


def _size(ax: Axes) -> Point:
    per_point = 72 / ax.figure.dpi
    return ax.bbox.width * per_point, ax.bbox.height * per_point


def _axes(ax: Axes, themes: Themes, spans: tuple[Point, Point], words: Words) -> None:
    ax.set_xlim(*spans[0])
    ax.set_ylim(*spans[1])
    least, most = SCALES.get(themes.kind, (-np.inf, np.inf))
    across = value_ticks(max(spans[0][0], least), min(spans[0][1], most), words, themes.kind, most=most_labels(ax))
    low, high = limits([value for theme in themes.shown for value in theme.importance])
    upwards = value_ticks(max(100 * low, 0), min(100 * high, 100), words, "mean")
    grid_lines(ax, "x", across)
    grid_lines(ax, "y", [(place / 100, f"{label}%") for place, label in upwards])
    look = {"color": MUTED, "linewidth": 1.2, "linestyle": (0, (4, 3)), "zorder": 2}
    ax.axvline(themes.score_line, **look)
    ax.axhline(themes.importance_line, **look)


def _name_quadrants(ax: Axes, words: Words) -> None:
    corners = {"improve": (0, 1), "keep": (1, 1), "wait": (0, 0), "enough": (1, 0)}
    for quadrant, (x, y) in corners.items():
        ax.annotate(
            plain(words.text(QUADRANTS[quadrant])),
            (x, y),
            (2 - 4 * x, (STRIP / 2) * (1 - 2 * y)),
            xycoords=ax.transAxes,
            textcoords="offset points",
            ha="right" if x else "left",
            va="center",
            fontsize=SMALL,
            fontweight="bold",
            color=MUTED,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
            zorder=5,
        )


def _cross(ax: Axes, theme: Theme) -> None:
    colour = MUTED if theme.quadrant == TOO_SMALL else ACCENT
    for ends in intervals_of(theme):
        ax.plot(*zip(*ends, strict=True), color=colour, linewidth=1.2, zorder=3)
    face = PAPER if theme.quadrant == UNCLEAR else colour
    ax.plot(
        theme.score[0],
        theme.importance[0],
        "o",
        color=colour,
        markerfacecolor=face,
        markeredgewidth=1.6,
        markersize=8,
        zorder=4,
    )


def _write_labels(ax: Axes, layout: Layout) -> None:
    for (x, y), text, box in zip(layout.points, layout.labels, layout.boxes, strict=True):
        align, across = ("left", box.left) if box.left > x else ("center", (box.left + box.right) / 2)
        if box.right < x:
            align, across = "right", box.right
        for number, line in enumerate(text.split("\n")):
            upwards = box.high - 1 - LINE_HEIGHT * SMALL * (number + 0.5)
            write(ax, line, (0, 0), (across, upwards), ax.transAxes, align=align, colour=INK, backed=True)
        end = (min(max(x, box.left), box.right), min(max(y, box.low), box.high))
        if np.hypot(end[0] - x, end[1] - y) > LEAD:
            ends = np.array([(x, y), end]) / _size(ax)
            ax.plot(ends[:, 0], ends[:, 1], color=MUTED, linewidth=0.8, transform=ax.transAxes, zorder=2)


def _write_list(ax: Axes, layout: Layout, below: float) -> None:
    for row, (number, line) in enumerate(layout.listed):
        down = -below - KEY_LINE * row
        for text, across in ((number, 0), (line, LIST_INDENT)):
            write(ax, text, (0, 0), (8 - LEFT + across, down), ax.transAxes, align="left", colour=INK)
