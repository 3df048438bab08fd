"""A key above a plot in running lines: categories in their order, each with a swatch, and notes below them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from helpers.display.plots.key import KEY_LINE
from helpers.display.plots.layout import LETTER_WIDTH, text_width, wrapped, write
from helpers.display.plots.style import INK, MUTED, PAPER, SMALL, figure_width
from helpers.display.wording import plain

SWATCH, ENTRY_GAP = 13, 14
Line = list[tuple[float, str, str]]


def inline_key(entries: Sequence[tuple[Markup | str, str]], notes: Sequence[Markup | str], left: float) -> list[Line]:
    """Lay out a key beside `left` points of labels.

    Parameters
    ----------
    entries : sequence of (text, colour)
        In the order in which they are drawn.
    notes : sequence of str
        Below them, each on lines of its own.
    left : float
        Room taken by the labels of the rows, in points.

    Returns
    -------
    list of list of (place, text, colour)
        Lines from top to bottom; places in points from the left, the colour of a note is empty.
    """
    room = figure_width() - left
    lines: list[Line] = [[]]
    place = 0.0
    for text, colour in entries:
        width = SWATCH + text_width([plain(text)], SMALL)
        if lines[-1] and place + width > room:
            lines.append([])
            place = 0.0
        lines[-1].append((place, plain(text), colour))
        place += width + ENTRY_GAP
    letters = int(room / (LETTER_WIDTH * SMALL))
    return lines + [[(0.0, line, "")] for note in notes for line in wrapped(note, letters).split("\n")]


def draw_inline_key(ax: Axes, lines: Sequence[Line], *, above: float) -> None:
    """Write a key over a plot, its last line `above` points from it; what has the colour of the page gets an edge."""
    for number, line in enumerate(reversed(lines)):
        height = above + number * KEY_LINE
        for place, text, colour in line:
            across = place + (SWATCH if colour else 0)
            write(ax, text, (0, 1), (across, height), ax.transAxes, align="left", colour=INK if colour else MUTED)
            if colour:
                at = ax.transAxes + ScaledTranslation((place + 4) / 72, height / 72, ax.figure.dpi_scale_trans)
                edge = MUTED if colour == PAPER else colour
                look = {"markeredgecolor": edge, "markeredgewidth": 1, "markersize": 8, "clip_on": False}
                ax.plot([0], [1], "s", color=colour, transform=at, **look)
