"""Survival curves of two groups: the share still there by time, with bands."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.axis_name import name_lines, room_below, write_name
from helpers.display.plots.drawing import grid_lines, most_labels
from helpers.display.plots.key import draw_key, key_height, key_of
from helpers.display.plots.style import ACCENT, CATEGORIES, new_axes, styled
from helpers.display.plots.ticks import size_ticks
from helpers.display.wording import Words
from helpers.display.wording.exit_curves import QUARTERS

HEIGHT, LEFT, RIGHT = 190, 46, 16
KEY_ROOM = 14
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
# Sign of the key, marker and colour of each quarter; told apart by both.
LOOKS = {"top": ("dot", "o", ACCENT), "bottom": ("diamond", "D", CATEGORIES[1])}


@styled
def plot_survival(curves: pd.DataFrame, words: Words, *, ax: Axes | None = None) -> Axes:
    """Draw the share still there by years employed, in the top and in the bottom quarter of units.

    Parameters
    ----------
    curves : DataFrame
        Answer of `helpers.stats.exit_curves.quarter_curves`: ``quarter``, ``time`` (years), ``estimate``, ``ci_low``,
        ``ci_high``.
    words : Words
    ax : Axes, optional

    Returns
    -------
    Axes
        Points are joined by straight lines: what happens between them is not told.
    """
    name = name_lines(words.text("years employed"), left=LEFT, right=RIGHT)
    key = key_of([(LOOKS[one][0], words.text(text), LOOKS[one][2]) for one, text in QUARTERS.items()], LEFT)
    if ax is None:
        ax = new_axes(HEIGHT, left=LEFT, right=RIGHT, top=key_height(key) + KEY_ROOM, bottom=room_below(name))
    last = float(curves["time"].max())
    ax.set(xlim=(0, last), ylim=(0, 1))
    grid_lines(ax, "x", size_ticks(last, words, most=most_labels(ax)))
    # At the corner the x axis already says zero.
    grid_lines(ax, "y", [(place, words.percent(place) if place else "") for place in SHARES])
    for quarter, rows in curves.groupby("quarter", sort=False):
        _, marker, colour = LOOKS[str(quarter)]
        band = rows.dropna(subset=["ci_low", "ci_high"])
        ax.fill_between(band["time"], band["ci_low"], band["ci_high"], color=colour, alpha=0.2, linewidth=0, zorder=2)
        face = {"markerfacecolor": colour if marker == "o" else "none", "markersize": 4.5, "clip_on": False}
        ax.plot(rows["time"], rows["estimate"], color=colour, linewidth=2, marker=marker, zorder=4, **face)
    write_name(ax, name)
    draw_key(ax, key, above=KEY_ROOM)
    return ax
