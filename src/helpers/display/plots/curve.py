"""Specification curves: the effect under every combination of choices, sorted, with the headline marked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.axis_name import name_lines, room_below, write_name
from helpers.display.plots.drawing import grid_lines, limits, zero_line
from helpers.display.plots.key import draw_key, key_height, key_of
from helpers.display.plots.style import ACCENT, CATEGORIES, PAPER, new_axes, styled
from helpers.display.plots.ticks import change_ticks
from helpers.display.wording import Words
from helpers.display.wording.effect_axis import effect_axis, effect_name
from helpers.display.wording.effects import Claim

HEIGHT, LEFT, RIGHT = 190, 44, 14
KEY_ROOM = 14
HEADLINE = CATEGORIES[1]
FIGURES = ("estimate", "ci_low", "ci_high")


@styled
def plot_curve(curve: pd.DataFrame, words: Words, claim: Claim, *, ax: Axes | None = None) -> Axes:
    """Draw effects from the smallest to the largest with their intervals, the headline as a diamond.

    Parameters
    ----------
    curve : DataFrame
        Answer of `helpers.stats.specification_curve`: `FIGURES`, the same in standard deviations, ``is_headline``.
    words : Words
    claim : Claim
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = curve[curve["estimate"].notna()].sort_values("estimate", kind="stable")
    axis = effect_axis(known.iloc[0].to_dict(), claim)
    estimate, low, high = (axis.factor * known[column + axis.suffix].to_numpy() for column in FIGURES)
    key = key_of(
        [
            ("dot", effect_name(known.iloc[0].to_dict(), words, claim), ACCENT),
            ("diamond", words.text("headline"), HEADLINE),
        ],
        LEFT,
    )
    name = name_lines(
        words.text("combinations of choices, from the smallest effect to the largest"), left=LEFT, right=RIGHT
    )
    if ax is None:
        ax = new_axes(HEIGHT, left=LEFT, right=RIGHT, top=key_height(key) + KEY_ROOM, bottom=room_below(name))
    places = np.arange(1, len(known) + 1)
    ax.set(xlim=(0, len(known) + 1), ylim=limits([0.0, *low, *high]))
    ax.set_xticks([])
    grid_lines(ax, "y", change_ticks(*ax.get_ylim(), words))
    zero_line(ax, vertical=False)
    ax.fill_between(places, low, high, color=ACCENT, alpha=0.2, linewidth=0, step="mid", zorder=2)
    ax.plot(places, estimate, "o", color=ACCENT, markersize=3.5 if len(known) > 40 else 5, zorder=3)
    own = known["is_headline"].to_numpy()
    look = {"markerfacecolor": PAPER, "markeredgewidth": 1.8, "markersize": 8, "zorder": 4}
    ax.plot(places[own], estimate[own], "D", color=HEADLINE, **look)
    write_name(ax, name)
    draw_key(ax, key, above=KEY_ROOM)
    return ax
