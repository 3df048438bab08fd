"""A grid of small plots inside one Axes, all on the same scale, so that what they share is drawn as one path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.display.plots.layout import LETTER_WIDTH, LINE_HEIGHT, wrapped
from helpers.display.plots.style import SMALL

# Four columns on a desk and two on a phone.
LEAST_WIDTH = 125
PANEL_HEIGHT, TITLE_GAP, ROW_GAP = 42, 7, 10
# Room for labels: of the scale left of the first column, and of the last value right of each panel.
SCALE_ROOM, VALUE_ROOM = 32, 34


@dataclass(frozen=True)
class Panel:
    """One small plot: its title in lines, and its box in points, rightwards and downwards from the top left corner."""

    title: list[str]
    left: float
    right: float
    top: float
    bottom: float
    is_first: bool
    is_last: bool

    @property
    def lines(self) -> list[tuple[str, float]]:
        """Lines of the title, each with the height of its middle; the last one stands on the panel."""
        step = LINE_HEIGHT * SMALL
        start = self.top - TITLE_GAP - step * (len(self.title) - 0.5)
        return [(line, start + step * number) for number, line in enumerate(self.title)]


@dataclass(frozen=True)
class Grid:
    """Panels with the scale they share.

    Parameters
    ----------
    panels : list of Panel
    height : float
        Of all panels, in points.
    x, y : (float, float)
        Range of the data across and upwards.
    """

    panels: list[Panel]
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, panel: Panel, values: Sequence[float]) -> np.ndarray:
        """Places of times in a panel, in points."""
        return np.interp(values, self.x, (panel.left, panel.right))

    def down(self, panel: Panel, values: Sequence[float]) -> np.ndarray:
        """Places of figures in a panel, in points; none where there is no figure."""
        return np.interp(values, self.y, (panel.bottom, panel.top))


def columns(width: float) -> tuple[int, float]:
    """How many columns a figure of some width has, and how wide each is, in points."""
    n_columns = max(1, int(width // LEAST_WIDTH))
    return n_columns, (width - SCALE_ROOM) / n_columns


def grid_of(
    names: Sequence[str], width: float, *, x: tuple[float, float], y: tuple[float, float], bottom: float
) -> Grid:
    """Break the names of panels into lines and give each panel its box.

    Parameters
    ----------
    names : sequence of str
    width : float
        Of all panels together, in points.
    x, y : (float, float)
        Range of the data across and upwards.
    bottom : float
        Room under the last row, in points.

    Returns
    -------
    Grid
        Read by rows, from the top left corner.
    """
    n_columns, each = columns(width)
    letters = int(each / (LETTER_WIDTH * SMALL)) - 1
    titles = [wrapped(name, letters).split("\n") for name in names]
    panels, height = [], 0.0
    for first in range(0, len(titles), n_columns):
        row = titles[first : first + n_columns]
        top = height + LINE_HEIGHT * SMALL * max(map(len, row)) + TITLE_GAP
        height = top + PANEL_HEIGHT + ROW_GAP
        for column, title in enumerate(row):
            left = SCALE_ROOM + column * each
            box = (left, left + each - VALUE_ROOM, top, top + PANEL_HEIGHT)
            panels.append(Panel(title, *box, column == 0, first + column + n_columns >= len(titles)))
    return Grid(panels, height - ROW_GAP + bottom, x, y)
