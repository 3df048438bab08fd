"""The key above a plot: which sign stands for what."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from helpers.display.plots.layout import LETTER_WIDTH, wrapped, write
from helpers.display.plots.style import INK, SMALL, figure_width

KEY_LINE, KEY_INDENT = 15, 14
SIGNS = {"dot": "o", "ring": "o", "diamond": "D", "square": "s", "line": "|", "dash": "_"}
SIGNS |= {"right": ">", "left": "<", "up": "^", "down": "v"}
FILLED = ("dot", "square")


def key_of(entries: Sequence[tuple[str, Markup | str, str]], left: float) -> list[tuple[str, str, str]]:
    """Break the texts of a key into lines that fit beside `left` points of labels.

    Parameters
    ----------
    entries : sequence of (sign, text, colour)
    left : float
        Room taken by the labels of the rows, in points.

    Returns
    -------
    list of (sign, line, colour)
        One per line; the sign is empty on further lines.
    """
    letters = int((figure_width() - left - KEY_INDENT) / (LETTER_WIDTH * SMALL))
    return [
        (sign if number == 0 else "", line, colour)
        for sign, text, colour in entries
        for number, line in enumerate(wrapped(text, letters).split("\n"))
    ]


def key_height(lines: Sequence[tuple[str, str, str]]) -> float:
    """Room for a key above a plot, in points."""
    return len(lines) * KEY_LINE


def draw_key(ax: Axes, lines: Sequence[tuple[str, str, str]], *, above: float) -> None:
    """Name the signs of a figure over it, the last line `above` points from the plot.

    Parameters
    ----------
    ax : Axes
    lines : sequence of (sign, text, colour)
        From `key_of`; a sign is one of `SIGNS`.
    above : float
        In points.
    """
    for number, (sign, text, colour) in enumerate(reversed(lines)):
        height = above + number * KEY_LINE
        write(ax, text, (0, 1), (KEY_INDENT, height), ax.transAxes, align="left", colour=INK)
        if sign:
            marker, face = SIGNS[sign], colour if sign in FILLED else "none"
            at = ax.transAxes + ScaledTranslation(4 / 72, height / 72, ax.figure.dpi_scale_trans)
            look = {"markerfacecolor": face, "markeredgewidth": 1.6, "markersize": 7, "clip_on": False}
            ax.add_artist(Line2D([0], [1], marker=marker, color=colour, linestyle="", transform=at, **look))
