"""Forest plots: estimates with intervals below each other, what they come to together apart as a diamond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.axis_name import name_lines, room_below, write_name
from helpers.display.plots.drawing import RIGHT_ROOM, grid_lines, limits, most_labels, zero_line
from helpers.display.plots.forest_rows import ForestRow, draw_pooled, draw_row, rows_drawn, write_end
from helpers.display.plots.key import draw_key, key_height, key_of
from helpers.display.plots.layout import text_width
from helpers.display.plots.rows import Rows, rows_of
from helpers.display.plots.style import LINE, SMALL, new_axes, styled
from helpers.display.plots.ticks import change_ticks, value_ticks
from helpers.display.wording import Words
from helpers.display.wording.effect_axis import EffectAxis, effect_axis, effect_name
from helpers.display.wording.effects import Claim
from helpers.display.wording.forest import common_decimals, without_pooled

# An interval so many times as wide as the median one would press all others together; it is cut off with an arrow.
WIDEST = 4
KEY_ROOM = 12


@styled
def plot_forest(
    estimates: pd.DataFrame,
    words: Words,
    *,
    claim: Claim | None = None,
    quantity: str = "",
    pooled: str | None = None,
    smallest: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw estimates below each other in the order given, with a line at zero.

    Parameters
    ----------
    estimates : DataFrame
        ``term``, ``estimate``, ``ci_low``, ``ci_high`` (`ESTIMATE_COLUMNS`); ``name`` where readers know a term by
        another name; ``weight`` for dots whose area goes by it; ``is_level`` for figures without a sign, such as
        shares; for a claim told in standard deviations the columns with ``_sd``.
    words : Words
    claim : Claim, optional
        Effects are then told per step of x; else the figures are drawn as they are.
    quantity : str
        What is estimated, under the axis; by default the effect claimed.
    pooled : str, optional
        Term of the row that takes the others together, drawn last, as a diamond as wide as its interval.
    smallest : float, optional
        Smallest effect that matters, in the unit of the column told; effects up to it, on both sides, are shaded.
    ax : Axes, optional

    Returns
    -------
    Axes
        Intervals that would press the others together end in an arrow at the edge.

    Raises
    ------
    ValueError
        Without rows, or for a `pooled` that is no term.
    """
    table = without_pooled(estimates, pooled)
    rows = [*table.to_dict("records"), *estimates[estimates["term"] == pooled].to_dict("records")]
    axis = effect_axis(rows[0], claim) if claim else EffectAxis(1.0, "")
    drawn = rows_drawn(rows, axis, words, claim)
    lines, is_wide = _lines(rows, drawn)
    right = _room(drawn) if is_wide else RIGHT_ROOM
    name = name_lines(quantity or (effect_name(rows[0], words, claim) if claim else ""), left=lines.left, right=right)
    limit = None if smallest is None else axis.factor * smallest
    key = _key(limit, words, claim, left=lines.left)
    if ax is None:
        top = key_height(key) + KEY_ROOM if key else 4
        ax = new_axes(lines.height, left=lines.left, right=right, top=top, bottom=room_below(name))
    is_level = bool(table["is_level"].all()) if "is_level" in table else False
    _value_axis(ax, drawn, limit, words, has_pooled=pooled is not None, is_level=is_level)
    lines.write(ax)
    write_name(ax, name)
    if pooled is not None:
        draw_pooled(ax, lines, drawn[-1])
    for place, row in zip(lines.places, drawn[: len(table)], strict=False):
        draw_row(ax, place, row)
    for place, row in zip(lines.places, drawn, strict=True):
        write_end(ax, place, row, right, is_wide)
    draw_key(ax, key, above=KEY_ROOM)
    return ax


def _lines(rows: list[dict], drawn: Sequence[ForestRow]) -> tuple[Rows, bool]:
    """Rows with room for estimate and interval at their end, or for the estimate alone where names stand above."""
    names = [row.get("name", row["term"]) for row in rows]
    lines = rows_of(names, right=_room(drawn))
    return (rows_of(names, right=RIGHT_ROOM), False) if lines.above else (lines, True)


def _room(drawn: Sequence[ForestRow]) -> float:
    return text_width([row.full_text for row in drawn], SMALL) + 12


def _key(limit: float | None, words: Words, claim: Claim | None, *, left: float) -> list[tuple[str, str, str]]:
    if limit is None:
        return []
    size = words.number(limit, common_decimals([limit]))
    return key_of([("square", words.text("shaded: too small to matter (up to {size})", size=size), LINE)], left)


def _value_axis(
    ax: Axes, drawn: list[ForestRow], limit: float | None, words: Words, *, has_pooled: bool, is_level: bool
) -> None:
    halves = np.array([row.figures[2] - row.figures[1] for row in drawn])
    is_usual = ~(halves > WIDEST * np.nanmedian(halves)) if np.isfinite(halves).any() else np.ones(len(drawn), bool)
    is_usual[-1] |= has_pooled
    usual = [value for row, usual in zip(drawn, is_usual, strict=True) if usual for value in row.figures]
    low, high = limits([0.0, *usual, *([] if limit is None else [-limit, limit])])
    ax.set_xlim(low, high)
    ticks = value_ticks(low, high, words, "mean", most=most_labels(ax)) if is_level else None
    grid_lines(ax, "x", ticks or change_ticks(low, high, words, most=most_labels(ax)))
    if limit is not None:
        ax.axvspan(-limit, limit, color=LINE, alpha=0.55, linewidth=0, zorder=0)
    zero_line(ax)
