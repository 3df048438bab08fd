"""Room for words in a figure: broken names, widths and heights of labels, and the key above a plot."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.axes import Axes

from helpers.display.plots.style import INK, SMALL, WIDTH
from helpers.display.wording import plain

# Mean width of a letter as a share of its size; measured on DejaVu Sans, which is wider than the fonts of most pages.
LETTER_WIDTH = 0.55
LINE_HEIGHT = 1.25
KEY_LINE, KEY_INDENT = 15, 14


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
    letters = int((WIDTH - left - KEY_INDENT) / (LETTER_WIDTH * SMALL))
    return [
        (sign if number == 0 else "", line, colour)
        for sign, text, colour in entries
        for number, line in enumerate(wrapped(text, letters).split("\n"))
    ]


def key_height(lines: Sequence[tuple[str, str, str]]) -> float:
    """Room for a key above a plot, in points."""
    return len(lines) * KEY_LINE


def draw_key(ax: Axes, lines: Sequence[tuple[str, str, str]], *, above: float) -> None:
    """Name the signs of a figure over it, the last line `above` points from the plot."""
    for number, (sign, text, colour) in enumerate(reversed(lines)):
        at = {"xy": (0, 1), "xycoords": "axes fraction", "textcoords": "offset points", "va": "center"}
        height = above + number * KEY_LINE
        ax.annotate(sign, xytext=(0, height), color=colour, **at)
        ax.annotate(text, xytext=(KEY_INDENT, height), color=INK, fontsize=SMALL, **at)
