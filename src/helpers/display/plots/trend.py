"""Trends of one unit over time, one measure per plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.drawing import draw_interval, grid_lines, limits, zero_line
from helpers.display.plots.style import ACCENT, INK, MUTED, SMALL, stacked_axes, styled
from helpers.display.plots.ticks import period_ticks, value_ticks
from helpers.display.wording import Words, capital, plain
from helpers.display.wording.amounts import SCALES, kind_of
from helpers.display.wording.periods import period_place
from helpers.display.wording.scores import value_text
from helpers.release import ReleasedTable, require_released

PANEL_HEIGHT = 110
# Labels at the end of two lines closer than this, in points, would touch.
LABEL_GAP = 13


@styled
def plot_trend(
    table: ReleasedTable,
    words: Words,
    *,
    unit_id: str,
    measures: Iterable[str] = ("enps", "nps"),
    reference_id: str | None = None,
    ax: Axes | Sequence[Axes] | None = None,
) -> Axes | list[Axes]:
    """Draw measures of a unit over time with interval bands; a period without figures leaves a gap.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``estimate``, ``n``, and where known ``ci_low``, ``ci_high``, ``kind``.
    words : Words
    unit_id : str
    measures : iterable of str
        One plot each, above each other.
    reference_id : str, optional
        Unit drawn beside it as a thin line, such as the whole organisation.
    ax : Axes or sequence of Axes, optional
        One for each measure.

    Returns
    -------
    Axes, or list of Axes for several measures

    Raises
    ------
    TypeError
        When `table` did not pass the gate.
    ValueError
        When the number of `ax` is not that of `measures`.
    """
    frame = require_released(table, "plot_trend")
    measures = list(measures)
    axes = _axes(ax, len(measures))
    timed = frame[frame["unit_id"].isin([unit_id, reference_id]) & frame["measure"].isin(measures)]
    timed = timed.assign(time=[period_place(period)[1] for period in timed["period"]]).sort_values("time")
    for measure, each in zip(measures, axes, strict=True):
        _panel(each, timed[timed["measure"] == measure], words, measure, unit_id, reference_id)
    _time_axis(axes, timed, words)
    _name_reference(axes[0], frame, reference_id, words)
    return axes[0] if len(axes) == 1 else axes


def _axes(ax: Axes | Sequence[Axes] | None, n_panels: int) -> list[Axes]:
    if ax is None:
        return stacked_axes(n_panels, PANEL_HEIGHT, left=36, right=42, top=26, bottom=26)
    axes = [ax] if isinstance(ax, Axes) else list(ax)
    if len(axes) != n_panels:
        raise ValueError(f"ax must hold one Axes per measure ({n_panels}); found {len(axes)}.")
    return axes


def _panel(ax: Axes, rows: pd.DataFrame, words: Words, measure: str, unit_id: str, reference_id: str | None) -> None:
    ax.set_title(plain(capital(words.measure(measure))))
    unit, reference = rows[rows["unit_id"] == unit_id], rows[rows["unit_id"] == reference_id]
    shown = [part[part["estimate"].notna()] for part in (unit, reference)]
    if shown[0].empty:
        ax.set_yticks([])
        ax.text(0.5, 0.5, plain(words.text("too few answers")), transform=ax.transAxes, ha="center", color=MUTED)
        return
    kind = kind_of(shown[0].iloc[0].to_dict())
    _value_axis(ax, pd.concat(shown), words, kind)
    _line(ax, shown[1], MUTED, width=1.2)
    _line(ax, shown[0], ACCENT, width=2.2, dots=True)
    _end_labels(ax, shown, words)


def _value_axis(ax: Axes, rows: pd.DataFrame, words: Words, kind: str) -> None:
    least, most = SCALES.get(kind, (-np.inf, np.inf))
    columns = [column for column in ("estimate", "ci_low", "ci_high") if column in rows]
    low, high = limits(rows[columns].clip(least, most).to_numpy().ravel())
    ax.set_ylim(low, high)
    grid_lines(ax, "y", value_ticks(low, high, words, kind, most=4))
    zero_line(ax, vertical=False)


def _line(ax: Axes, rows: pd.DataFrame, colour: str, *, width: float, dots: bool = False) -> None:
    """One stroke per run of periods that follow each other; a run of one period keeps its interval."""
    for _, run in rows.groupby((rows["time"].diff() != 1).cumsum()):
        low, high = (run.get(column, pd.Series(np.nan, run.index)) for column in ("ci_low", "ci_high"))
        if len(run) > 1:
            ax.fill_between(run["time"], low, high, color=colour, alpha=0.18, linewidth=0)
        elif dots:
            draw_interval(ax, run["time"].iloc[0], (run["estimate"].iloc[0], low.iloc[0], high.iloc[0]), vertical=True)
        ax.plot(run["time"], run["estimate"], color=colour, linewidth=width, marker="o" if dots else "", markersize=4)


def _end_labels(ax: Axes, shown: list[pd.DataFrame], words: Words) -> None:
    ends = [part.iloc[-1] for part in shown if not part.empty]
    per_unit = ax.bbox.height / np.ptp(ax.get_ylim())
    shifts = [0.0] * len(ends)
    if len(ends) == 2:
        apart = (ends[0]["estimate"] - ends[1]["estimate"]) * per_unit
        push = max(0.0, LABEL_GAP - abs(apart)) / 2 * (1 if apart >= 0 else -1)
        shifts = [push, -push]
    for end, shift, colour, weight in zip(ends, shifts, (INK, MUTED), ("bold", "normal"), strict=False):
        at = {"textcoords": "offset points", "va": "center", "fontsize": 12 if weight == "bold" else SMALL}
        text = plain(value_text(end.to_dict(), words))
        ax.annotate(text, (end["time"], end["estimate"]), (9, shift), color=colour, fontweight=weight, **at)


def _name_reference(ax: Axes, frame: pd.DataFrame, reference_id: str | None, words: Words) -> None:
    names = frame.loc[frame["unit_id"] == reference_id, "name"]
    if len(names):
        text = plain(words.text("thin line: {name}", name=names.iloc[0]))
        ax.set_title(text, loc="right", fontsize=SMALL, fontweight="normal", color=MUTED)


def _time_axis(axes: list[Axes], timed: pd.DataFrame, words: Words) -> None:
    periods = timed.drop_duplicates("time")
    ticks = period_ticks(periods["period"].tolist(), periods["time"].tolist(), words)
    for ax in axes:
        ax.set_xlim(*limits(periods["time"].tolist(), margin=0.02))
        ax.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
