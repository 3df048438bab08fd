"""Trends of one unit over time, one measure per plot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.drawing import (
    band_entries,
    draw_band,
    draw_interval,
    grid_lines,
    limits,
    most_labels,
    zero_line,
)
from helpers.display.plots.key import draw_key, key_height, key_of
from helpers.display.plots.layout import write
from helpers.display.plots.style import ACCENT, INK, MUTED, SMALL, stacked_axes, styled
from helpers.display.plots.ticks import period_ticks, value_ticks
from helpers.display.wording import Words, capital, plain
from helpers.display.wording.amounts import SCALES, kind_of
from helpers.display.wording.durations import moment
from helpers.display.wording.periods import period_place
from helpers.display.wording.scores import BANDS, value_text
from helpers.release import ReleasedTable, require_released

PANEL_HEIGHT = 110
# Labels at the end of two lines closer than this, in points, would touch.
LABEL_GAP = 13
# Left of the plots, under their titles, and under the key, in points.
LEFT, TITLE_PAD, KEY_ABOVE = 36, 8, 12


@styled
def plot_trend(
    table: ReleasedTable,
    words: Words,
    *,
    unit_id: str,
    measures: Iterable[str] = ("enps", "nps"),
    reference_id: str | None = None,
    marks: Sequence[str] = (),
    earlier: Mapping[str, int] | None = None,
    ax: Axes | Sequence[Axes] | None = None,
) -> Axes | list[Axes]:
    """Draw measures of a unit over time with interval bands; a period without figures leaves a gap.

    A figure in a band is drawn at the edge of it, as an open arrow.

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
    marks : sequence of str
        First periods after a reorganisation, marked with a line.
    earlier : mapping of measure to int, optional
        Draw each of these measures that many periods to the right, so that it stands above what came so much later.
        Only periods that all plots share are then drawn.
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
    chosen = frame[frame["unit_id"].isin([unit_id, reference_id]) & frame["measure"].isin(measures)]
    timed = _timed(chosen, earlier or {})
    keys = _keys(timed, measures, words)
    axes = _axes(ax, len(measures), max(map(key_height, keys)))
    for measure, each, key in zip(measures, axes, keys, strict=True):
        rows = timed[timed["measure"] == measure]
        _panel(each, rows, words, unit_id, reference_id)
        each.set_title(_title(measure, rows, words), pad=TITLE_PAD + key_height(key))
        draw_key(each, key, above=KEY_ABOVE)
        _time_axis(each, rows, timed, words)
        _mark(each, marks, words if each is axes[0] else None)
    _name_reference(axes[0], frame, reference_id, words)
    return axes[0] if len(axes) == 1 else axes


def _keys(rows: pd.DataFrame, measures: Sequence[str], words: Words) -> list[list[tuple[str, str, str]]]:
    """A key for each plot: it explains the open arrows in the first plot that has any, and is empty elsewhere."""
    bands = [rows.loc[rows["measure"] == measure, "band"] for measure in measures]
    entries = [band_entries(of_measure, words, vertical=True) for of_measure in bands]
    first = next((place for place, entry in enumerate(entries) if entry), 0)
    return [key_of(entry if place == first else [], LEFT) for place, entry in enumerate(entries)]


def _axes(ax: Axes | Sequence[Axes] | None, n_panels: int, key: float) -> list[Axes]:
    if ax is None:
        return stacked_axes(n_panels, PANEL_HEIGHT, left=LEFT, right=42, top=26 + key, bottom=26)
    axes = [ax] if isinstance(ax, Axes) else list(ax)
    if len(axes) != n_panels:
        raise ValueError(f"ax must hold one Axes per measure ({n_panels}); found {len(axes)}.")
    return axes


def _timed(rows: pd.DataFrame, earlier: Mapping[str, int]) -> pd.DataFrame:
    """Add the place of each period on the time axis, moved for what is drawn earlier, and the size of that move."""
    places = [period_place(period) for period in rows["period"]]
    shift = rows["measure"].map(earlier).fillna(0).astype(int)
    timed = rows.assign(time=[time for _, time in places] + shift, shift=shift, per_year=[year for year, _ in places])
    timed = timed.sort_values("time", kind="stable")
    if not earlier or timed.empty:
        return timed
    ranges = timed.groupby("measure")["time"].agg(["min", "max"])
    return timed[timed["time"].between(ranges["min"].max(), ranges["max"].min())]


def _title(measure: str, rows: pd.DataFrame, words: Words) -> str:
    name = plain(capital(words.measure(measure)))
    shift = int(rows["shift"].max()) if len(rows) else 0
    return f"{name}, {plain(moment(words, -shift, int(rows['per_year'].iloc[0])))}" if shift else name


def _panel(ax: Axes, rows: pd.DataFrame, words: Words, unit_id: str, reference_id: str | None) -> None:
    unit, reference = rows[rows["unit_id"] == unit_id], rows[rows["unit_id"] == reference_id]
    shown = [part[part["estimate"].notna()] for part in (unit, reference)]
    if shown[0].empty:
        ax.set_yticks([])
        ax.text(0.5, 0.5, plain(words.text("not shown")), transform=ax.transAxes, ha="center", color=MUTED)
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
        in_band = run["band"].isin(BANDS)
        marks = {"marker": "o" if dots else "", "markersize": 4, "markevery": list(np.flatnonzero(~in_band))}
        ax.plot(run["time"], run["estimate"], color=colour, linewidth=width, **marks)
        for row in run[in_band].to_dict("records"):
            draw_band(ax, row["time"], row["estimate"], row["band"], colour=colour, vertical=True)


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
        text = plain(value_text(end.to_dict(), words, short=True))
        ax.annotate(text, (end["time"], end["estimate"]), (9, shift), color=colour, fontweight=weight, **at)


def _name_reference(ax: Axes, frame: pd.DataFrame, reference_id: str | None, words: Words) -> None:
    names = frame.loc[frame["unit_id"] == reference_id, "name"]
    if len(names):
        text = plain(words.text("thin line: {name}", name=names.iloc[0]))
        ax.set_title(text, loc="right", fontsize=SMALL, fontweight="normal", color=MUTED)


def _time_axis(ax: Axes, rows: pd.DataFrame, all_rows: pd.DataFrame, words: Words) -> None:
    periods = (rows if len(rows) else all_rows).drop_duplicates("time")
    ticks = period_ticks(periods["period"].tolist(), periods["time"].tolist(), words, most=most_labels(ax))
    ax.set_xlim(*limits(all_rows["time"].tolist(), margin=0.02))
    ax.set_xticks([place for place, _ in ticks], [text for _, text in ticks])


def _mark(ax: Axes, periods: Sequence[str], words: Words | None) -> None:
    """Draw a line before the first period after each reorganisation; with `words`, say at the last one what it is."""
    low, high = ax.get_xlim()
    times = [time for time in (period_place(period)[1] - 0.5 for period in periods) if low < time < high]
    for time in times:
        ax.axvline(time, color=MUTED, linewidth=1, linestyle=(0, (2, 3)), zorder=1)
    if times and words:
        align, shift = ("right", (-5, -6)) if times[-1] > (low + high) / 2 else ("left", (5, -6))
        look = {"align": align, "colour": MUTED, "backed": True}
        write(ax, plain(words.text("reorganisation")), (times[-1], 1), shift, ax.get_xaxis_transform(), **look)
