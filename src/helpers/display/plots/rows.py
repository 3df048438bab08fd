"""Rows of a figure: their names, and where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from matplotlib.axes import Axes

from helpers.display.plots.layout import LETTER_WIDTH, LINE_HEIGHT, text_width, widest_line, wrapped, write
from helpers.display.plots.style import INK, SMALL, figure_width

# A name of 40 letters fits on two lines.
LETTERS = 26
# Less room than this beside the names shows too little of the intervals; the names then stand above.
LEAST_PLOT = 220
# Least height of a row, and room between names, in points.
LEAST_ROW, ROW_GAP = 24, 9
# The same where names stand above: what is drawn, and room over a name.
LEAST_DRAWN, NAME_GAP = 20, 5
NAME_ROOM, EDGE = 14, 8


@dataclass(frozen=True)
class Row:
    """One row: its name in lines, where those begin and where its middle is, downwards in points."""

    lines: list[str]
    top: float
    middle: float


@dataclass(frozen=True)
class Rows:
    """Rows with their names left of the plot, or above what is drawn where that would leave too little room.

    Parameters
    ----------
    rows : list of Row
    height : float
        Of all rows, in points.
    left : float
        Room needed left of the plot, in points.
    above : bool
        Whether names stand above.
    size : float
        Of the letters, in points.
    """

    rows: list[Row]
    height: float
    left: float
    above: bool
    size: float

    @property
    def places(self) -> list[float]:
        """Middle of what is drawn in each row, downwards in points."""
        return [row.middle for row in self.rows]

    def write(self, ax: Axes) -> None:
        """Lay the y axis along the rows, first row on top, and write the names.

        Each line is written by itself: a page may have other fonts than the ones measured here.
        """
        ax.set_ylim(self.height, 0)
        ax.set_yticks(self.places, [""] * len(self.rows))
        across, align = (-EDGE, "right") if not self.above else (self._start, "left")
        for row in self.rows:
            for number, line in enumerate(row.lines):
                down = row.top + LINE_HEIGHT * self.size * (number + 0.5)
                look = {"align": align, "colour": INK, "size": self.size, "backed": self.above}
                write(ax, line, (0, down), (across, 0), ax.get_yaxis_transform(), **look)

    @property
    def _start(self) -> float:
        return EDGE - self.left


def rows_of(
    names: Sequence[Markup | str],
    *,
    row: float = 0.0,
    right: float = 0.0,
    size: float = SMALL,
    most_lines: int | None = None,
) -> Rows:
    """Break the names of rows into lines and give each row its place.

    Parameters
    ----------
    names : sequence of str
    row : float
        Least height of what is drawn in a row, in points.
    right : float
        Room taken right of the plot, in points.
    size : float
        Of the letters, in points.
    most_lines : int, optional
        Names of more lines than this beside the plot, such as whole sentences, stand above instead.

    Returns
    -------
    Rows
    """
    beside = [wrapped(name, LETTERS).split("\n") for name in names]
    written = [line for lines in beside for line in lines]
    left = max(text_width(written, size) + NAME_ROOM, widest_line(written, size) + EDGE)
    fits = most_lines is None or max(map(len, beside), default=0) <= most_lines
    if fits and figure_width() - left - right >= LEAST_PLOT:
        return _beside(beside, max(row, LEAST_ROW), left, size)
    letters = int((figure_width() - 2 * EDGE) / (LETTER_WIDTH * size))
    return _above([wrapped(name, letters).split("\n") for name in names], max(row, LEAST_DRAWN), size)


def _beside(names: list[list[str]], least: float, left: float, size: float) -> Rows:
    rows, height = [], 0.0
    for lines in names:
        words = LINE_HEIGHT * size * len(lines)
        room = max(words + ROW_GAP, least)
        rows.append(Row(lines, height + (room - words) / 2, height + room / 2))
        height += room
    return Rows(rows, height, left, above=False, size=size)


def _above(names: list[list[str]], drawn: float, size: float) -> Rows:
    rows, height = [], 0.0
    for lines in names:
        top = height + NAME_GAP
        height = top + LINE_HEIGHT * size * len(lines) + drawn
        rows.append(Row(lines, top, height - drawn / 2))
    return Rows(rows, height, EDGE + NAME_ROOM, above=True, size=size)
