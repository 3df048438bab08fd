"""Alternative texts of figures, computed from the data they show: what a reader would see, in one or two sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.unit_rows import ranked, row_in
from helpers.display.wording.durations import moment
from helpers.display.wording.effects import Claim, effect_text, step_text
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.quartiles import gap_text
from helpers.display.wording.scores import bounds_of, interval_text, value_text
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, released_rows

Row = Mapping[str, object]


def trend_alt(
    table: ReleasedTable, words: Words, *, unit_id: str, measures: Iterable[str], marks: Iterable[str] = ()
) -> Paragraph:
    """Describe a trend: first and last value of each measure, the last interval, and reorganisations.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``estimate``, ``n``, ``ci_low``, ``ci_high``.
    words : Words
    unit_id : str
    measures : iterable of str
    marks : iterable of str
        First periods after a reorganisation.

    Returns
    -------
    Paragraph
    """
    rows = released_rows(table, "trend_alt")
    when = words.items([words.period(period) for period in marks])
    marked = words.text("A line marks the reorganisation before {periods}.", periods=when) if when else ""
    return paragraph(*(_trend(rows, words, unit_id, measure) for measure in measures), marked)


def echo_alt(table: ReleasedTable, words: Words, claim: Claim, *, unit_id: str) -> Paragraph:
    """Describe the earlier x of a unit above its y.

    Parameters
    ----------
    table : ReleasedTable
        As for `trend_alt`.
    words : Words
    claim : Claim
    unit_id : str

    Returns
    -------
    Paragraph
    """
    values = claim.names(words) | {"when": moment(words, -claim.lag, claim.periods_per_year)}
    return paragraph(
        capital(words.text("{x} of {when} stands above {y}.", **values)),
        trend_alt(table, words, unit_id=unit_id, measures=[claim.x, claim.y]),
    )


def intervals_alt(
    table: ReleasedTable, words: Words, *, measure: str, period: str, reference_id: str | None = None
) -> Paragraph:
    """Describe units beside each other: how many, the lowest and the highest, how many are not shown.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``name``, ``estimate``, ``n``.
    words : Words
    measure, period : str
    reference_id : str, optional
        Unit drawn as a line, not counted.

    Returns
    -------
    Paragraph
    """
    rows = [row for row in released_rows(table, "intervals_alt") if row["unit_id"] != reference_id]
    rows = [row for row in rows if row["measure"] == measure and row["period"] == period]
    shown = ranked(row for row in rows if not is_missing(row["estimate"]))
    hidden = words.plural("{n} unit is not shown.", "{n} units are not shown.", len(rows) - len(shown))
    if not shown:
        return paragraph(words.text("No unit has a figure to show."), hidden)
    highest, lowest = shown[0], shown[-1]
    found = words.plural(
        "{measure} of {n} unit in {period}: {low} ({lowest}).",
        "{measure} of {n} units in {period}, from {low} ({lowest}) to {high} ({highest}).",
        len(shown),
        measure=words.measure(measure),
        period=words.period(period),
        low=value_text(lowest, words),
        high=value_text(highest, words),
        lowest=lowest["name"],
        highest=highest["name"],
    )
    return paragraph(capital(found), hidden if len(rows) > len(shown) else "")


def position_alt(
    table: ReleasedTable, words: Words, *, unit_id: str, reference_id: str, measures: Iterable[str], period: str
) -> Paragraph:
    """Describe a unit beside the whole, one sentence per measure.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``name``, ``estimate``, ``n``, ``ci_low``, ``ci_high``.
    words : Words
    unit_id, reference_id : str
    measures : iterable of str
    period : str

    Returns
    -------
    Paragraph
    """
    rows = released_rows(table, "position_alt")
    shown = (unit_id, reference_id if reference_id != unit_id else "")
    pairs = ((measure, *(row_in(rows, unit, measure, period) for unit in shown)) for measure in measures)
    return paragraph(*(_beside(measure, here, whole, words) for measure, here, whole in pairs))


def gaps_alt(estimates: pd.DataFrame, words: Words, *, engagement: str = "engagement") -> Paragraph:
    """Describe the gaps between quarters: how many outcomes, the largest, and how many clear of zero.

    Parameters
    ----------
    estimates : DataFrame
        One row per outcome, all on one scale: ``outcome``, ``scale``, ``estimate``, ``ci_low``, ``ci_high``.
    words : Words
    engagement : str

    Returns
    -------
    Paragraph
    """
    shown = estimates[estimates["estimate"].notna()]
    if shown.empty:
        return paragraph(words.text("No outcome has enough units to compare the quarters."))
    largest = shown.loc[shown["estimate"].abs().idxmax()].to_dict()
    clear = int(((shown["ci_low"] > 0) | (shown["ci_high"] < 0)).sum())
    return paragraph(
        words.plural(
            "Gap between the top and bottom quarter on {engagement}: {gap} in {largest}.",
            "Gap between the top and bottom quarter on {engagement} for {n} outcomes, largest in {largest} ({gap}).",
            len(shown),
            engagement=words.measure(engagement),
            largest=words.measure(largest["outcome"], definite=True),
            gap=gap_text(largest["estimate"], largest, words, signed=True),
        ),
        words.plural("{n} interval is clear of zero.", "{n} intervals are clear of zero.", clear),
    )


def lag_profile_alt(
    estimates: pd.DataFrame, words: Words, claim: Claim, *, reverse: pd.DataFrame | None = None
) -> Paragraph:
    """Describe a lag profile: the effect at each lag, and the lags whose interval is clear of zero.

    Parameters
    ----------
    estimates : DataFrame
        ``lag``, ``estimate``, ``ci_low``, ``ci_high``; one row per lag.
    words : Words
    claim : Claim
    reverse : DataFrame, optional
        The same for y on x, described after it.

    Returns
    -------
    Paragraph
    """
    if reverse is not None:
        return paragraph(lag_profile_alt(estimates, words, claim), lag_profile_alt(reverse, words, claim.reverse))
    known = estimates["estimate"].notna() & estimates["lag"].notna()
    rows = estimates[known].sort_values("lag").to_dict("records")
    names = claim.names(words)
    if not rows:
        return paragraph(words.text("No link of {x} with {y} could be estimated.", x=names["x"], y=names["y"]))
    when = {row["lag"]: moment(words, int(row["lag"]), claim.periods_per_year) for row in rows}
    points = [
        capital(words.text("{when}: {change}.", when=when[row["lag"]], change=effect_text(row, words, claim)[0]))
        for row in rows
    ]
    clear = [when[row["lag"]] for row in rows if row["ci_low"] > 0 or row["ci_high"] < 0]
    values = {"x": names["x"], "y": names["y"], "step": step_text(rows[0], words, claim)}
    return paragraph(
        words.text("Change in {y} with a rise of {step} in {x}.", **values),
        *points,
        words.text("Zero lies outside the interval only {when}.", when=words.items(clear))
        if clear
        else words.text("Zero lies inside every interval."),
    )


def _trend(rows: Iterable[Row], words: Words, unit_id: str, measure: str) -> Markup:
    rows = [row for row in rows if row["unit_id"] == unit_id and row["measure"] == measure]
    rows = sorted((row for row in rows if not is_missing(row["estimate"])), key=lambda row: row["period"])
    values = {"measure": words.measure(measure, definite=True)}
    if not rows:
        return capital(words.text("{measure} has no figure to show.", **values))
    first, last = rows[0], rows[-1]
    values |= {"low": value_text(first, words), "high": value_text(last, words)}
    values |= {"start": words.period(first["period"]), "end": words.period(last["period"])}
    if len(rows) == 1:
        moved = words.text("{measure} was {high} in {end}", **values)
    elif bounds_of(last)[0] >= bounds_of(first)[1] and values["low"] != values["high"]:
        moved = words.text("{measure} rose from {low} to {high} between {start} and {end}", **values)
    elif bounds_of(last)[1] <= bounds_of(first)[0] and values["low"] != values["high"]:
        moved = words.text("{measure} fell from {low} to {high} between {start} and {end}", **values)
    elif values["low"] != values["high"]:
        moved = words.text("{measure} was {low} in {start} and {high} in {end}", **values)
    else:
        moved = words.text("{measure} was {high} in both {start} and {end}", **values)
    interval = interval_text(last, words)
    if not interval:
        return capital(moved) + "."
    return capital(moved) + "; " + words.text("the last interval runs from {interval}.", interval=interval)


def _beside(measure: str, here: dict | None, whole: dict | None, words: Words) -> Markup:
    name = words.measure(measure, definite=True)
    if here is None or is_missing(here["estimate"]):
        return capital(words.text("{measure} has no figure to show.", measure=name))
    values = {"measure": name, "value": value_text(here, words), "interval": interval_text(here, words)}
    if whole is None or is_missing(whole["estimate"]):
        return capital(words.text("{measure} is {value} here.", **values))
    values |= {"reference": value_text({**whole, "n": here.get("n")}, words), "whole": whole["name"]}
    if not values["interval"]:
        return capital(words.text("{measure} is {value} here, against {reference} for {whole} as a whole.", **values))
    return capital(
        words.text("{measure} is {value} here, interval {interval}, and {reference} for {whole} as a whole.", **values)
    )
