"""One row of a released table in words: its value, its interval, its change, and what became of it.

The *state* of a row is what can be said of its change: rose, fell, unclear, first (nothing earlier), gap (earlier
periods, but no change), bare_rose, bare_fell or bare_same (a change without an interval), hidden or absent.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import (
    amount_text,
    clipped,
    figure_text,
    finer_decimals,
    kind_of,
    leveled,
    with_interval,
)
from helpers.display.wording.marks import msg
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable

Row = Mapping[str, object]
STATE_WORDS = {
    "rose": msg("rose"),
    "fell": msg("fell"),
    "unclear": msg("unclear"),
    "first": msg("first figure"),
    "gap": msg("nothing to compare with"),
    "bare_rose": msg("higher (no interval)"),
    "bare_fell": msg("lower (no interval)"),
    "bare_same": msg("the same (no interval)"),
    "hidden": msg("too few answers"),
    "absent": msg("not measured"),
}


def row_at(frame: pd.DataFrame, unit_id: str, measure: str, period: str) -> tuple[dict | None, str | None]:
    """Find the row of a unit and measure in a period, and the last period before it.

    Parameters
    ----------
    frame : DataFrame
        Released rows: ``unit_id``, ``period``, ``measure``, ``released`` and figures.
    unit_id, measure, period : str

    Returns
    -------
    row : dict or None
        None when there is no such row.
    previous : str or None
        Latest earlier period with a figure.
    """
    rows = frame[(frame["unit_id"] == unit_id) & (frame["measure"] == measure)].sort_values("period")
    here = rows[rows["period"] == period]
    earlier = rows[(rows["period"] < period) & rows["released"] & rows["estimate"].notna()]
    previous = None if earlier.empty else str(earlier["period"].iloc[-1])
    return (None if here.empty else here.iloc[-1].to_dict()), previous


def latest_period(frame: pd.DataFrame, unit_id: str) -> str:
    """Latest period in which a unit has a row.

    Raises
    ------
    NotApplicable
        When the unit has no row, such as a whole that its publisher gives no figures for.
    """
    periods = frame.loc[frame["unit_id"] == unit_id, "period"]
    if periods.empty:
        raise _no_scores(unit_id)
    return str(periods.max())


def state_of(row: Row | None, previous: str | None = None) -> str:
    """Tell what can be said of the change of a row.

    Parameters
    ----------
    row : mapping or None
        ``released``, ``estimate``, ``change``, ``change_low``, ``change_high``; None when nothing was measured.
    previous : str, optional
        Latest earlier period of the same unit and measure.

    Returns
    -------
    str
        A key of `STATE_WORDS`.
    """
    if row is None:
        return "absent"
    if not row["released"]:
        return "hidden"
    if is_missing(row["estimate"]):
        return "absent"
    if is_missing(row.get("change")):
        return "first" if previous is None else "gap"
    return _direction(row["change"], row.get("change_low"), row.get("change_high"))


def shown_state(table: ReleasedTable, row: Row | None, previous: str | None, *, measure: str, period: str) -> str:
    """Tell the state of a row beside the other units: no answer to what others were asked is too few answers.

    Parameters
    ----------
    table : ReleasedTable
        Where the row comes from.
    row : mapping or None
    previous : str or None
        As for `state_of`.
    measure, period : str
        Of the row, also where there is none.

    Returns
    -------
    str
        A key of `STATE_WORDS`.
    """
    state, frame = state_of(row, previous), table.frame
    asked = ((frame["measure"] == measure) & (frame["period"] == period)).any()
    is_survey = measure_of(measure).kind != "value"
    return "hidden" if state == "absent" and asked and is_survey and not table.published else state


def value_text(row: Row, words: Words) -> str:
    """Write the value of a released row."""
    return figure_text(row["estimate"], words, kind_of(row), n=row.get("n"))


def interval_text(row: Row, words: Words, *, level: bool = False) -> Markup:
    """Write the interval of a released row, kept inside its scale; empty where there is none.

    Parameters
    ----------
    row : mapping
        ``ci_low``, ``ci_high``, ``conf_level``, ``n``, ``measure`` or ``kind``.
    words : Words
    level : bool
        Put the confidence level before it.

    Returns
    -------
    Markup
    """
    bounds = [row.get("ci_low"), row.get("ci_high")]
    if any(is_missing(bound) for bound in bounds):
        return Markup()
    kind = kind_of(row)
    matched = {"n": row.get("n"), "like": row["estimate"]}
    interval = words.interval(*(figure_text(bound, words, kind, **matched) for bound in clipped(*bounds, kind)))
    return leveled(interval, words, row.get("conf_level")) if level else interval


def level_text(row: Row, words: Words) -> Markup:
    """Write a value with its interval behind it: ``12 (95% interval 4 to 20)``."""
    value, interval = value_text(row, words), interval_text(row, words, level=True)
    return Markup("{} ({})").format(value, interval) if interval else Markup(value)


def change_text(row: Row, words: Words, *, level: bool = True) -> Markup:
    """Write the change with its interval: ``+9, 95% interval +2 to +16``; without one only the change.

    Parameters
    ----------
    row : mapping
        ``change``, ``change_low``, ``change_high``, ``conf_level``, ``n``, ``measure`` or ``kind``.
    words : Words
    level : bool
        Name the confidence level.

    Returns
    -------
    Markup
    """
    kind, matched = kind_of(row), {"n": row.get("n"), "like": row["estimate"]}
    bounds = [row.get("change_low"), row.get("change_high")]
    known = not any(is_missing(bound) for bound in bounds)
    matched["decimals"] = finer_decimals(*bounds, words, kind, **matched) if known else None
    change = Markup(figure_text(row["change"], words, kind, signed=True, **matched))
    if kind in ("rate", "percent"):
        change = amount_text(row["change"], words, kind, signed=True, decimals=matched["decimals"])
    if not known:
        return change
    interval = words.interval(*(figure_text(bound, words, kind, signed=True, **matched) for bound in bounds))
    if level:
        return with_interval(change, interval, words, row.get("conf_level"))
    return words.text("{figure} ({interval})", figure=change, interval=interval)


def _no_scores(unit_id: str) -> Exception:
    # Imported here because it loads scipy, and words are to be light.
    from helpers.stats.estimates import NotApplicable

    return NotApplicable("There are no scores for {unit}.", unit=unit_id)


def _direction(change: float, low: object, high: object) -> str:
    if is_missing(low) or is_missing(high):
        return "bare_same" if change == 0 else "bare_rose" if change > 0 else "bare_fell"
    return "rose" if low > 0 else "fell" if high < 0 else "unclear"
