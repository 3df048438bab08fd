"""Room for words in a figure: broken names, widths and heights of labels, single lines at their place."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.transforms import Transform

from helpers.display.plots.style import MUTED, PAPER, SMALL
from helpers.display.wording import plain
from helpers.display.wording.paragraph import NO_BREAK_SPACE

# Mean width of a letter as a share of its size; measured on DejaVu Sans, which is wider than the fonts of most pages.
LETTER_WIDTH = 0.55
# What single letters take of their size, none less than on DejaVu Sans.
NARROW_LETTERS, NARROW_LETTER = frozenset(" iljtfrI.,:;'|!()[]-/"), 0.37
WIDE_LETTERS = {"m": 0.98, "w": 0.82, "M": 0.87, "W": 0.99, "%": 0.96, "→": 0.84, "…": 1.0}
CAPITAL, SMALL_LETTER = 0.7, 0.61
LINE_HEIGHT = 1.25


def wrapped(name: Markup | str, letters: int, *, whole: bool = False) -> str:
    """Break a name into lines of at most so many letters; at a no-break space only where a line would be longer.

    With `whole` a longer word is a line of its own, unbroken.
    """
    parts = (part if len(part) <= letters else part.replace(NO_BREAK_SPACE, " ") for part in plain(name).split(" "))
    return "\n".join(textwrap.wrap(" ".join(parts), letters, break_long_words=not whole)) or "–"


def text_width(texts: Sequence[str], size: float) -> float:
    """Estimate the width of the widest line, in points."""
    lines = [line for text in texts for line in text.split("\n")]
    return LETTER_WIDTH * size * max((len(line) for line in lines), default=0)


def widest_line(lines: Sequence[str], size: float) -> float:
    """Width that no line exceeds, letter by letter, in points: what may not be cut off must have it."""
    return size * max((sum(map(_letter_width, line)) for line in lines), default=0.0)


def text_height(texts: Sequence[str], size: float) -> float:
    """Height of the text with most lines, in points."""
    return LINE_HEIGHT * size * max((text.count("\n") + 1 for text in texts), default=0)


def column_labels(ax: Axes, places: Sequence[float], names: Sequence[str]) -> None:
    """Write names under columns, each line by itself."""
    ax.set_xticks(places, [""] * len(places))
    for place, name in zip(places, names, strict=True):
        for number, line in enumerate(name.split("\n")):
            down = -(8 + SMALL * (0.5 + LINE_HEIGHT * number))
            write(ax, line, (place, 0), (0, down), ax.get_xaxis_transform(), align="center", colour=MUTED)


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
    backed: bool = False,
) -> None:
    """Write one line at a place, shifted by points; `backed` keeps lines of the plot from crossing it."""
    at = {"xycoords": where, "textcoords": "offset points", "va": "center", "ha": align}
    behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 1} if backed else None
    ax.annotate(text, place, shift, color=colour, fontsize=size, bbox=behind, zorder=5 if backed else 3, **at)


def _letter_width(letter: str) -> float:
    if letter in NARROW_LETTERS:
        return NARROW_LETTER
    return WIDE_LETTERS.get(letter, CAPITAL if letter.isupper() else SMALL_LETTER)
