"""Trends of one unit over time, one measure per plot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from helpers.display.plots.drawing import (
    band_entries,
    draw_band,
    draw_interval,
    draw_line,
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
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.periods import period_place
from helpers.display.wording.scores import BANDS, value_text
from helpers.release import ReleasedTable, released_rows

Row = dict[str, object]

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
    known = released_rows(table, "plot_trend")
    measures = list(measures)
    chosen = [row for row in known if row["unit_id"] in (unit_id, reference_id) and row["measure"] in measures]
    timed = _timed(chosen, earlier or {})
    keys = _keys(timed, measures, words)
    axes = _axes(ax, len(measures), max(map(key_height, keys)))
    for measure, each, key in zip(measures, axes, keys, strict=True):
        rows = [row for row in timed if row["measure"] == measure]
        _panel(each, rows, words, unit_id, reference_id)
        each.set_title(_title(measure, rows, words), pad=TITLE_PAD + key_height(key))
        draw_key(each, key, above=KEY_ABOVE)
        _time_axis(each, rows, timed, words)
        _mark(each, marks, words if each is axes[0] else None)
    _name_reference(axes[0], known, reference_id, words)
    return axes[0] if len(axes) == 1 else axes


def _keys(rows: list[Row], measures: Sequence[str], words: Words) -> list[list[tuple[str, str, str]]]:
    """A key for each plot: it explains the open arrows in the first plot that has any, and is empty elsewhere."""
    bands = [[row["band"] for row in rows if row["measure"] == measure] for measure in measures]
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


def _timed(rows: list[Row], earlier: Mapping[str, int]) -> list[Row]:
    """Add the place of each period on the time axis, moved for what is drawn earlier, and the size of that move."""
    timed = []
    for row in rows:
        (per_year, time), shift = period_place(row["period"]), int(earlier.get(row["measure"], 0))
        timed.append(row | {"time": time + shift, "shift": shift, "per_year": per_year})
    timed.sort(key=lambda row: row["time"])
    if not earlier or not timed:
        return timed
    times = [[row["time"] for row in timed if row["measure"] == one] for one in {row["measure"] for row in timed}]
    first, last = max(map(min, times)), min(map(max, times))
    return [row for row in timed if first <= row["time"] <= last]


def _title(measure: str, rows: list[Row], words: Words) -> str:
    name = plain(capital(words.measure(measure)))
    shift = rows[0]["shift"] if rows else 0
    return f"{name}, {plain(moment(words, -shift, rows[0]['per_year']))}" if shift else name


def _panel(ax: Axes, rows: list[Row], words: Words, unit_id: str, reference_id: str | None) -> None:
    known = [row for row in rows if not is_missing(row["estimate"])]
    unit, reference = ([row for row in known if row["unit_id"] == one] for one in (unit_id, reference_id))
    if not unit:
        ax.set_yticks([])
        ax.text(0.5, 0.5, plain(words.text("not shown")), transform=ax.transAxes, ha="center", color=MUTED)
        return
    _value_axis(ax, [*unit, *reference], words, kind_of(unit[0]))
    _line(ax, reference, MUTED, width=1.2)
    _line(ax, unit, ACCENT, width=2.2, dots=True)
    _end_labels(ax, [unit, reference], words)


def _value_axis(ax: Axes, rows: list[Row], words: Words, kind: str) -> None:
    values = [row[column] for row in rows for column in ("estimate", "ci_low", "ci_high") if column in row]
    low, high = limits(np.clip(np.asarray(values, float), *SCALES.get(kind, (-np.inf, np.inf))))
    ax.set_ylim(low, high)
    grid_lines(ax, "y", value_ticks(low, high, words, kind, most=4))
    zero_line(ax, vertical=False)


def _line(ax: Axes, rows: list[Row], colour: str, *, width: float, dots: bool = False) -> None:
    """One stroke per run of periods that follow each other; a run of one period keeps its interval."""
    for run in _runs(rows):
        times, values = [row["time"] for row in run], [row["estimate"] for row in run]
        low, high = ([row.get(column, np.nan) for row in run] for column in ("ci_low", "ci_high"))
        if len(run) > 1:
            ax.fill_between(times, low, high, color=colour, alpha=0.18, linewidth=0)
        elif dots:
            draw_interval(ax, times[0], (values[0], low[0], high[0]), vertical=True)
        exact = [place for place, row in enumerate(run) if row["band"] not in BANDS]
        marks = {"marker": "o" if dots else "", "markersize": 4, "markevery": exact}
        draw_line(ax, times, values, color=colour, linewidth=width, **marks)
        for row in run:
            if row["band"] in BANDS:
                draw_band(ax, row["time"], row["estimate"], row["band"], colour=colour, vertical=True)


def _runs(rows: list[Row]) -> list[list[Row]]:
    runs: list[list[Row]] = []
    for row in rows:
        if runs and row["time"] - runs[-1][-1]["time"] == 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _end_labels(ax: Axes, shown: list[list[Row]], words: Words) -> None:
    ends = [part[-1] for part in shown if part]
    per_unit = ax.bbox.height / np.ptp(ax.get_ylim())
    shifts = [0.0] * len(ends)
    if len(ends) == 2:
        apart = (ends[0]["estimate"] - ends[1]["estimate"]) * per_unit
        push = max(0.0, LABEL_GAP - abs(apart)) / 2 * (1 if apart >= 0 else -1)
        shifts = [push, -push]
    for end, shift, colour, weight in zip(ends, shifts, (INK, MUTED), ("bold", "normal"), strict=False):
        at = {"textcoords": "offset points", "va": "center", "fontsize": 12 if weight == "bold" else SMALL}
        text = plain(value_text(end, words, short=True))
        ax.annotate(text, (end["time"], end["estimate"]), (9, shift), color=colour, fontweight=weight, **at)


def _name_reference(ax: Axes, rows: list[Row], reference_id: str | None, words: Words) -> None:
    name = next((row["name"] for row in rows if row["unit_id"] == reference_id), None)
    if name:
        text = plain(words.text("thin line: {name}", name=name))
        ax.set_title(text, loc="right", fontsize=SMALL, fontweight="normal", color=MUTED)


def _time_axis(ax: Axes, rows: list[Row], all_rows: list[Row], words: Words) -> None:
    periods = {row["time"]: row["period"] for row in reversed(rows or all_rows)}
    times = sorted(periods)
    ticks = period_ticks([periods[time] for time in times], times, words, most=most_labels(ax))
    ax.set_xlim(*limits([row["time"] for row in all_rows], margin=0.02))
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
