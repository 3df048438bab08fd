"""Forest plots: estimates with intervals below each other, what they come to together apart as a diamond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.markers import CARETLEFT, CARETRIGHT

from helpers.display.plots.axis_name import name_lines, room_below, write_name
from helpers.display.plots.drawing import (
    RIGHT_ROOM,
    draw_interval,
    grid_lines,
    limits,
    most_labels,
    row_note,
    zero_line,
)
from helpers.display.plots.key import draw_key, key_height, key_of
from helpers.display.plots.layout import text_width, write
from helpers.display.plots.rows import NAME_GAP, Rows, rows_of
from helpers.display.plots.style import ACCENT, INK, LINE, SMALL, new_axes, styled
from helpers.display.plots.ticks import change_ticks
from helpers.display.wording import Words, plain
from helpers.display.wording.effect_axis import EffectAxis, effect_axis, effect_name, estimate_text
from helpers.display.wording.effects import Claim
from helpers.display.wording.forest import common_decimals, without_pooled
from helpers.display.wording.numbers import is_missing

FIGURES = ("estimate", "ci_low", "ci_high")
# An interval so many times as wide as the median one would press all others together; it is cut off with an arrow.
WIDEST = 4
LEAST_DOT, MOST_DOT, DOT = 4.0, 11.0, 7.0
# Half the height of the diamond, in points.
DIAMOND = 8
KEY_ROOM = 12


@dataclass(frozen=True)
class ForestRow:
    """One row: what is drawn in the told unit, what is written at its end, and the width of its dot in points."""

    figures: list[float]
    texts: tuple[Markup, Markup]
    size: float


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
        another name; ``weight`` for dots whose area goes by it; for a claim told in standard deviations the columns
        with ``_sd``.
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
    drawn = _drawn(rows, axis, words, claim)
    lines, is_wide = _lines(rows, drawn)
    right = _room(drawn) if is_wide else RIGHT_ROOM
    name = name_lines(quantity or (effect_name(rows[0], words, claim) if claim else ""), left=lines.left, right=right)
    limit = None if smallest is None else axis.factor * smallest
    key = _key(limit, words, claim, left=lines.left)
    if ax is None:
        top = key_height(key) + KEY_ROOM if key else 4
        ax = new_axes(lines.height, left=lines.left, right=right, top=top, bottom=room_below(name))
    _value_axis(ax, drawn, limit, words, has_pooled=pooled is not None)
    lines.write(ax)
    write_name(ax, name)
    if pooled is not None:
        _pooled(ax, lines, drawn[-1])
    for place, row in zip(lines.places, drawn[: len(table)], strict=False):
        _row(ax, place, row)
    for place, row in zip(lines.places, drawn, strict=True):
        _end(ax, place, row, right, is_wide)
    draw_key(ax, key, above=KEY_ROOM)
    return ax


def _drawn(rows: list[dict], axis: EffectAxis, words: Words, claim: Claim | None) -> list[ForestRow]:
    decimals = common_decimals([row["estimate"] for row in rows])
    heaviest = max((row["weight"] for row in rows if not is_missing(row.get("weight"))), default=0)
    return [
        ForestRow(
            axis.told(row, *FIGURES),
            estimate_text(row, words, claim, decimals),
            DOT if is_missing(row.get("weight")) else max(LEAST_DOT, MOST_DOT * (row["weight"] / heaviest) ** 0.5),
        )
        for row in rows
    ]


def _lines(rows: list[dict], drawn: Sequence[ForestRow]) -> tuple[Rows, bool]:
    """Rows with room for estimate and interval at their end, or for the estimate alone where names stand above."""
    names = [row.get("name", row["term"]) for row in rows]
    lines = rows_of(names, right=_room(drawn))
    return (rows_of(names, right=RIGHT_ROOM), False) if lines.above else (lines, True)


def _room(drawn: Sequence[ForestRow]) -> float:
    return text_width([_both(row) for row in drawn], SMALL) + 12


def _both(row: ForestRow) -> str:
    estimate, interval = map(plain, row.texts)
    return f"{estimate} ({interval})" if interval else estimate


def _key(limit: float | None, words: Words, claim: Claim | None, *, left: float) -> list[tuple[str, str, str]]:
    if limit is None:
        return []
    size = words.number(limit, common_decimals([limit]))
    return key_of([("square", words.text("shaded: too small to matter (up to {size})", size=size), LINE)], left)


def _value_axis(ax: Axes, drawn: list[ForestRow], limit: float | None, words: Words, *, has_pooled: bool) -> None:
    halves = np.array([row.figures[2] - row.figures[1] for row in drawn])
    is_usual = ~(halves > WIDEST * np.nanmedian(halves)) if np.isfinite(halves).any() else np.ones(len(drawn), bool)
    is_usual[-1] |= has_pooled
    usual = [value for row, usual in zip(drawn, is_usual, strict=True) if usual for value in row.figures]
    low, high = limits([0.0, *usual, *([] if limit is None else [-limit, limit])])
    ax.set_xlim(low, high)
    grid_lines(ax, "x", change_ticks(low, high, words, most=most_labels(ax)))
    if limit is not None:
        ax.axvspan(-limit, limit, color=LINE, alpha=0.55, linewidth=0, zorder=0)
    zero_line(ax)


def _row(ax: Axes, place: float, row: ForestRow) -> None:
    estimate, low, high = row.figures
    least, most = ax.get_xlim()
    if is_missing(estimate):
        return
    if least <= estimate <= most:
        draw_interval(ax, place, (estimate, max(low, least), min(high, most)), size=row.size)
    elif not (is_missing(low) or is_missing(high)):
        ax.plot(np.clip([low, high], least, most), [place, place], color=ACCENT, linewidth=2.5, zorder=3)
    for is_beyond, edge, arrow in (
        (min(low, estimate) < least, least, CARETLEFT),
        (max(high, estimate) > most, most, CARETRIGHT),
    ):
        if is_beyond:
            ax.plot(edge, place, marker=arrow, color=ACCENT, markersize=8, clip_on=False, zorder=4)


def _pooled(ax: Axes, lines: Rows, row: ForestRow) -> None:
    estimate, low, high = row.figures
    last = lines.rows[-1]
    rule = last.top - NAME_GAP / 2 if lines.above else 2 * last.middle - lines.height
    ax.axhline(rule, color=INK, linewidth=1, zorder=1)
    if is_missing(estimate):
        return
    ax.plot([estimate, estimate], [0, last.middle], color=INK, linewidth=1, linestyle=(0, (3, 3)), zorder=2)
    ends = [estimate if is_missing(bound) else bound for bound in (low, high)]
    corners = [(ends[0], 0), (estimate, -DIAMOND), (ends[1], 0), (estimate, DIAMOND)]
    ax.fill(*np.transpose([(across, last.middle + down) for across, down in corners]), color=INK, linewidth=0, zorder=4)


def _end(ax: Axes, place: float, row: ForestRow, right: float, is_wide: bool) -> None:
    if is_missing(row.figures[0]):
        row_note(ax, place, row.texts[0], at=0.0)
        return
    text = _both(row) if is_wide else plain(row.texts[0])
    write(ax, text, (1, place), (right - 2, 0), ax.get_yaxis_transform(), align="right", colour=INK)
