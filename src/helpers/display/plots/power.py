"""Power curves: how likely a design finds an effect, by the size of the effect."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.axis_name import name_lines, room_below, write_name
from helpers.display.plots.drawing import grid_lines, most_labels
from helpers.display.plots.key import FILLED, SIGNS, draw_key, key_height, key_of
from helpers.display.plots.layout import LETTER_WIDTH, LINE_HEIGHT, text_width, wrapped, write
from helpers.display.plots.style import ACCENT, CATEGORIES, INK, MUTED, PAPER, SMALL, new_axes, styled
from helpers.display.plots.ticks import size_ticks
from helpers.display.wording import Words
from helpers.display.wording.effect_axis import effect_axis, size_text
from helpers.display.wording.effects import Claim, scale_of
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.power import ENOUGH, size_name

HEIGHT, LEFT, RIGHT = 170, 46, 16
KEY_ROOM = 16
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
# Distances in points: of a label from its mark, less for a long word in little room, and from the edge.
BESIDE, EDGE = 9, 6
# Sign, colour and text of what is marked on the axis.
FOUND = ("dot", INK, msg("size of the effect found here: {size}"))
CLAIMED = ("diamond", CATEGORIES[1], msg("effect claimed elsewhere: {size}"))


@styled
def plot_power(
    curve: pd.DataFrame,
    words: Words,
    claim: Claim,
    *,
    row: pd.Series,
    claimed: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the chance to find an effect by its size, the least detectable one marked, and the one found under it.

    Parameters
    ----------
    curve : DataFrame
        Answer of `stats.power.power_curve` for `row`.
    words : Words
    claim : Claim
        Sizes are told per step of its x.
    row : Series
        The estimate: ``estimate``, ``least_detectable``, and the same in standard deviations where told so.
    claimed : float, optional
        Size of the effect claimed elsewhere, as told: points, percentage points or standard deviations of y per step.
    ax : Axes, optional

    Returns
    -------
    Axes
        The effect found stands on the axis and not on the curve: its power would only restate its p-value.
    """
    axis = effect_axis(row, claim)
    effects = axis.factor * curve["effect" + axis.suffix].to_numpy()
    least, found = (abs(value) for value in axis.told(row, "least_detectable", "estimate"))
    marks = [mark for mark in ((found, *FOUND), (claimed, *CLAIMED)) if not is_missing(mark[0])]
    name = name_lines(size_name(row, words, claim), left=LEFT, right=RIGHT)
    key = _key(marks, words, scale_of(row, claim).y_kind)
    if ax is None:
        ax = new_axes(HEIGHT, left=LEFT, right=RIGHT, top=key_height(key) + KEY_ROOM, bottom=room_below(name))
    _axes(ax, max(effects[-1], *(abs(value) for value, *_ in marks), least), words)
    ax.plot(effects, curve["power"], color=ACCENT, linewidth=2.2)
    _mark_least(ax, least, words, scale_of(row, claim).y_kind)
    for value, sign, colour, _ in marks:
        look = {"markerfacecolor": colour if sign in FILLED else PAPER, "markeredgewidth": 1.6, "markersize": 8}
        ax.plot(abs(value), 0, SIGNS[sign], color=colour, clip_on=False, zorder=5, **look)
    write_name(ax, name)
    draw_key(ax, key, above=KEY_ROOM)
    return ax


def _key(marks: list[tuple], words: Words, kind: str) -> list[tuple[str, str, str]]:
    entries = [("", words.text("Chance to find an effect, by its size"), INK)]
    entries += [
        (sign, words.text(text, size=size_text(value, words, kind)), colour) for value, sign, colour, text in marks
    ]
    return key_of(entries, LEFT)


def _axes(ax: Axes, largest: float, words: Words) -> None:
    ax.set(xlim=(0, largest), ylim=(0, 1))
    grid_lines(ax, "x", size_ticks(largest, words, most=most_labels(ax)))
    # At the corner the x axis already says zero.
    grid_lines(ax, "y", [(place, words.percent(place) if place else "") for place in SHARES])
    ax.axhline(ENOUGH, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)


def _mark_least(ax: Axes, least: float, words: Words, kind: str) -> None:
    """Mark the least detectable effect and name it right under the curve, where nothing else is drawn."""
    if is_missing(least):
        return
    ax.plot([least, least], [0, ENOUGH], color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=2)
    ax.plot(least, ENOUGH, "o", color=ACCENT, markersize=7, zorder=4)
    size = {"chance": words.percent(ENOUGH), "size": size_text(least, words, kind)}
    label = words.text("{chance} chance at {size}", **size)
    room = ax.bbox.width * 72 / ax.figure.dpi * (1 - least / ax.get_xlim()[1]) + RIGHT - EDGE
    letters = max(1, int((room - BESIDE) / (LETTER_WIDTH * SMALL)))
    for number, line in enumerate(wrapped(label, letters, whole=True).split("\n")):
        beside, down = min(BESIDE, room - text_width([line], SMALL)), -(14 + LINE_HEIGHT * SMALL * number)
        write(ax, line, (least, ENOUGH), (beside, down), ax.transData, align="left", colour=INK, backed=True)
