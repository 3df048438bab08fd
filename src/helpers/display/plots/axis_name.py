"""The name of an axis, broken into lines under the labels of its values."""

from __future__ import annotations

from markupsafe import Markup, escape
from matplotlib.axes import Axes

from helpers.display.plots.layout import LETTER_WIDTH, LINE_HEIGHT, text_height, wrapped, write
from helpers.display.plots.style import MUTED, SMALL, figure_width
from helpers.display.wording import capital

# Room for the labels of the values above the name, in points.
LABELS = 24


def name_lines(name: Markup | str, *, left: float, right: float) -> list[str]:
    """Break the name of an axis into lines as wide as the plot; none for an empty name."""
    letters = int((figure_width() - left - right) / (LETTER_WIDTH * SMALL))
    return wrapped(capital(escape(name)), letters).split("\n") if name else []


def room_below(lines: list[str]) -> float:
    """Room under a plot for the labels of its values and for the name, in points."""
    return LABELS + text_height(["\n".join(lines)] if lines else [], SMALL) + 4


def write_name(ax: Axes, lines: list[str]) -> None:
    """Write the name of the x axis, each line by itself, from the left end of the axis."""
    for number, line in enumerate(lines):
        down = -(LABELS + LINE_HEIGHT * SMALL * (number + 0.5))
        write(ax, line, (0, 0), (0, down), ax.transAxes, align="left", colour=MUTED)
