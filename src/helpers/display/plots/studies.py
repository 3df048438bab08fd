"""Many studies at a glance: one thin row each, from the highest to the lowest, with what they come to behind them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.axis_name import name_lines, room_below, write_name
from helpers.display.plots.drawing import grid_lines, limits, most_labels, zero_line
from helpers.display.plots.key import draw_key, key_height, key_of
from helpers.display.plots.style import ACCENT, INK, LINE, new_axes, styled
from helpers.display.plots.ticks import change_ticks
from helpers.display.wording import Words
from helpers.display.wording.numbers import is_missing

# Height of a row in points: few studies stand apart, many share a page.
LEAST_ROW, MOST_ROW, MOST_HEIGHT = 5.0, 14.0, 330.0
LEFT, KEY_ROOM = 8, 12


@styled
def plot_studies(
    studies: pd.DataFrame,
    words: Words,
    *,
    mean: float,
    most: tuple[float, float] | None = None,
    quantity: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw correlations of studies below each other in the order given, without their names.

    Parameters
    ----------
    studies : DataFrame
        ``r``, ``ci_low``, ``ci_high``.
    words : Words
    mean : float
        Drawn as a line through all rows.
    most : tuple of float, optional
        Limits between which most true correlations lie, shaded.
    quantity : str
        What is estimated, under the axis.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        Without studies.
    """
    if not len(studies):
        raise ValueError(f"studies must have rows; found {len(studies)}.")
    row = min(max(MOST_HEIGHT / len(studies), LEAST_ROW), MOST_ROW)
    key = _key(words, most, left=LEFT)
    name = name_lines(quantity, left=LEFT, right=LEFT)
    if ax is None:
        top = key_height(key) + KEY_ROOM
        ax = new_axes(row * (len(studies) + 1), left=LEFT, right=LEFT, top=top, bottom=room_below(name))
    ax.set_ylim(len(studies), -1)
    ax.set_yticks([])
    shown = [*studies[["r", "ci_low", "ci_high"]].to_numpy().ravel(), 0.0, mean, *(most or ())]
    low, high = limits(shown)
    ax.set_xlim(low, high)
    grid_lines(ax, "x", change_ticks(low, high, words, most=most_labels(ax)))
    zero_line(ax)
    if most:
        ax.axvspan(*most, color=LINE, alpha=0.55, linewidth=0, zorder=0)
    places = np.arange(len(studies))
    ax.hlines(places, studies["ci_low"], studies["ci_high"], color=ACCENT, linewidth=1.4, alpha=0.7, zorder=3)
    ax.plot(studies["r"], places, "o", color=ACCENT, markersize=min(5.0, 0.7 * row), zorder=4)
    if not is_missing(mean):
        ax.axvline(mean, color=INK, linewidth=1.2, linestyle=(0, (3, 3)), zorder=5)
    write_name(ax, name)
    draw_key(ax, key, above=KEY_ROOM)
    return ax


def _key(words: Words, most: tuple[float, float] | None, *, left: float) -> list[tuple[str, str, str]]:
    entries = [("dot", words.text("one study, with its interval"), ACCENT)]
    entries.append(("line", words.text("dashed: the mean of all"), INK))
    if most:
        entries.append(("square", words.text("shaded: where most true correlations lie"), LINE))
    return key_of(entries, left)
