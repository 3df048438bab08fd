"""One row of a released table in words: its value, its interval, its change, and what became of it.

The *state* of a row is what can be said of its change: rose, fell, unclear, first (nothing earlier), gap (nothing in
the period before), closed (the period before has a figure, but the change is not told), bare_rose, bare_fell or
bare_same (a change without an interval), band (not told exactly itself), hidden or absent.

A figure in a *band* is told as the edge of what it may be: 80 or more.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import (
    amount_text,
    clipped,
    edge_text,
    figure_text,
    finer_decimals,
    kind_of,
    leveled,
    with_interval,
)
from helpers.display.wording.marks import msg
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.periods import period_place
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable

Row = Mapping[str, object]
BANDS = {"high": msg("{edge} or more"), "low": msg("{edge} or less")}
# Where a few letters have to do.
SIGNS = {"high": "≥\u00a0", "low": "≤\u00a0"}
STATE_WORDS = {
    "rose": msg("rose"),
    "fell": msg("fell"),
    "unclear": msg("unclear"),
    "first": msg("first figure"),
    "gap": msg("nothing to compare with"),
    "closed": msg("change not shown"),
    "band": msg("not shown exactly"),
    "bare_rose": msg("higher (no interval)"),
    "bare_fell": msg("lower (no interval)"),
    "bare_same": msg("the same (no interval)"),
    "hidden": msg("not shown"),
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
    # Column by column: to cut all columns of a table costs three times as much.
    own = np.flatnonzero((frame["unit_id"] == unit_id) & (frame["measure"] == measure))
    periods, known = frame["period"].iloc[own], frame["released"].iloc[own] & frame["estimate"].iloc[own].notna()
    here = own[periods == period]
    earlier = [str(one) for one, is_known in zip(periods, known, strict=True) if is_known and one < period]
    return (frame.iloc[here[-1]].to_dict() if len(here) else None), max(earlier, default=None)


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
        ``released``, ``period``, ``estimate``, ``band``, ``change``, ``change_low``, ``change_high``; None when
        nothing was measured.
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
    if band_of(row):
        return "band"
    if is_missing(row.get("change")):
        return _without_change(row, previous)
    return _direction(row["change"], row.get("change_low"), row.get("change_high"))


def shown_state(table: ReleasedTable, row: Row | None, previous: str | None, *, measure: str, period: str) -> str:
    """Tell the state of a row beside the other units: no answer to what others were asked is not shown.

    Nobody is to learn whether nobody answered, or a few.

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


def band_of(row: Row) -> str:
    """Give the band a row lies in: ``"high"``, ``"low"``, or empty for one that is told exactly or not at all."""
    return row["band"] if row.get("band") in BANDS else ""


def bounds_of(row: Row) -> tuple[float, float]:
    """Tell between which values the value of a row certainly lies: both are the value itself, outside a band."""
    value, band = float(row["estimate"]), band_of(row)
    return (float("-inf") if band == "low" else value), (float("inf") if band == "high" else value)


def side_of(row: Row, reference: Row) -> str:
    """Tell on which side of a reference the whole interval of a row certainly lies.

    Parameters
    ----------
    row : mapping
        ``ci_low``, ``ci_high``.
    reference : mapping
        ``estimate``, ``band``.

    Returns
    -------
    str
        ``"above"``, ``"below"``, or empty where neither is certain.
    """
    low, high = row.get("ci_low"), row.get("ci_high")
    if is_missing(low) or is_missing(high):
        return ""
    least, most = bounds_of(reference)
    return "above" if low > most else "below" if high < least else ""


def value_text(row: Row, words: Words, *, short: bool = False) -> str:
    """Write the value of a released row: ``12``; one in a band as ``80 or more``, or `short` as ``≥ 80``."""
    band = band_of(row)
    if not band:
        return figure_text(row["estimate"], words, kind_of(row), n=row.get("n"))
    edge = edge_text(row["estimate"], words, kind_of(row), band)
    return SIGNS[band] + edge if short else words.text(BANDS[band], edge=edge)


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


def _without_change(row: Row, previous: str | None) -> str:
    if previous is None:
        return "first"
    (one, before), (other, now) = period_place(previous), period_place(row["period"])
    return "closed" if one == other and now - before == 1 else "gap"


def _no_scores(unit_id: str) -> Exception:
    # Imported here because it loads scipy, and words are to be light.
    from helpers.stats.estimates import NotApplicable

    return NotApplicable("There are no scores for {unit}.", unit=unit_id)


def _direction(change: float, low: object, high: object) -> str:
    if is_missing(low) or is_missing(high):
        return "bare_same" if change == 0 else "bare_rose" if change > 0 else "bare_fell"
    return "rose" if low > 0 else "fell" if high < 0 else "unclear"
