"""Charts ready for a page: the drawing, what it shows in words, and the figures behind it as a table.

A chart that would say nothing is None, and a page leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.display import plots
from helpers.display.parts import Part
from helpers.display.tables import estimates_table, released_table
from helpers.display.wording import Words, alts, captions
from helpers.display.wording.amounts import kind_of
from helpers.display.wording.lags import Claim
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.periods import period_place
from helpers.release import ReleasedTable

Row = Mapping[str, object]
# More lines than this are a list to search, not a picture to read; the table below the figure holds them all.
MOST_UNITS = 40
# Two points make a line, and no picture of one series following another.
LEAST_ECHO = 3


def gaps_chart(
    gaps: pd.DataFrame,
    words: Words,
    *,
    engagement: str,
    outcomes: Sequence[str] = (),
    published: Mapping[str, float] | None = None,
    n_organisations: int = 0,
) -> plots.Chart | None:
    """Chart of the gaps between quarters.

    Parameters
    ----------
    gaps : DataFrame
        Rows of `stats.quartiles.quartile_gaps` on one scale, percent or sd.
    words : Words
    engagement : str
        Measure on which the quarters were cut.
    outcomes : sequence of str
        Order of the lines; those that are not named come last.
    published : mapping of outcome to float, optional
        Gaps found elsewhere, on the same scale.
    n_organisations : int
        Of which the gaps are medians; 0 for gaps over all units.

    Returns
    -------
    Chart or None
    """
    if gaps["estimate"].isna().all():
        return None
    order = {outcome: place for place, outcome in enumerate(outcomes)}
    gaps = gaps.sort_values("outcome", key=lambda names: names.map(order), kind="stable", ignore_index=True)
    caption = captions.gaps_caption(words, engagement=engagement, n_organisations=n_organisations)
    return plots.figure(
        lambda: plots.plot_gaps(gaps, words, published=published),
        alt=alts.gaps_alt(gaps, words, engagement=engagement),
        table=estimates_table(gaps, words, caption=caption, published=published),
    )


def profile_chart(
    profile: pd.DataFrame, words: Words, claim: Claim, *, reverse: pd.DataFrame | None = None
) -> plots.Chart:
    """Chart of a lag profile, with the opposite direction beside it if given.

    Parameters
    ----------
    profile, reverse : DataFrame
        Answers of `stats.lag_profile.lag_profile` for x on y and for y on x.
    words : Words
    claim : Claim

    Returns
    -------
    Chart
    """
    both = profile.assign(direction="forward")
    if reverse is not None:
        both = pd.concat([both, reverse.assign(direction="reverse")], ignore_index=True)
    caption = captions.profile_caption(profile, words, claim)
    return plots.figure(
        lambda: plots.plot_lag_profile(profile, words, claim, reverse=reverse),
        alt=alts.lag_profile_alt(profile, words, claim, reverse=reverse),
        table=estimates_table(profile if reverse is None else both, words, caption=caption, claim=claim),
    )


def trend_chart(
    table: ReleasedTable, words: Words, *, unit_id: str, measures: Sequence[str], marks: Sequence[str] = ()
) -> plots.Chart | None:
    """Chart of the measures of a unit over time; None when it has no figure of them to show.

    Parameters
    ----------
    table : ReleasedTable
        See `plots.plot_trend`.
    words : Words
    unit_id : str
    measures : sequence of str
        Those the unit has are drawn.
    marks : sequence of str
        First periods after a reorganisation.

    Returns
    -------
    Chart or None
    """
    rows = table.where(unit_id=unit_id, measure=measures)
    known = rows.rows
    if all(is_missing(row["estimate"]) for row in known):
        return None
    measures = _present(measures, known)
    caption = captions.trend_caption(words, name=known[0]["name"], measures=measures)
    return plots.figure(
        lambda: plots.plot_trend(rows, words, unit_id=unit_id, measures=measures, marks=marks),
        alt=alts.trend_alt(rows, words, unit_id=unit_id, measures=measures, marks=marks),
        table=released_table(rows, words, caption=caption),
    )


def echo_chart(table: ReleasedTable, words: Words, claim: Claim, *, unit_id: str) -> plots.Chart | None:
    """Chart of a unit's earlier x above its y; None where no period of one stands above a period of the other.

    Parameters
    ----------
    table : ReleasedTable
        See `plots.plot_trend`.
    words : Words
    claim : Claim
    unit_id : str

    Returns
    -------
    Chart or None
    """
    rows = table.where(unit_id=unit_id, measure=[claim.x, claim.y])
    known = [row for row in rows.rows if not is_missing(row["estimate"])]
    times = {(row["measure"], period_place(row["period"])[1]) for row in known}
    if sum(measure == claim.y and (claim.x, time - claim.lag) in times for measure, time in times) < LEAST_ECHO:
        return None
    choice = {"unit_id": unit_id, "measures": [claim.x, claim.y]}
    caption = captions.trend_caption(words, name=known[0]["name"], measures=choice["measures"])
    return plots.figure(
        lambda: plots.plot_trend(rows, words, earlier={claim.x: claim.lag}, **choice),
        alt=alts.echo_alt(rows, words, claim, unit_id=unit_id),
        table=released_table(rows, words, caption=caption),
    )


def position_chart(
    table: ReleasedTable,
    words: Words,
    *,
    unit_id: str,
    reference_id: str,
    period: str,
    measures: Sequence[str],
    alone: bool = False,
) -> plots.Chart | Part | None:
    """Chart of a unit beside the whole organisation, one for each kind of measure, since kinds share no scale.

    Parameters
    ----------
    table : ReleasedTable
        See `plots.plot_position`.
    words : Words
    unit_id, reference_id : str
    period : str
    measures : sequence of str
        Those without figures are left out.
    alone : bool
        Draw the whole organisation by itself, of which there is otherwise no chart.

    Returns
    -------
    Chart, Part of several, or None
        None where one of the two has no figures.
    """
    choice = {"unit_id": unit_id, "reference_id": reference_id, "period": period}
    rows = table.where(unit_id=[unit_id, reference_id], measure=measures, period=period)
    found = rows.rows
    alike = _by_kind(found, measures)
    if len(alike) > 1:
        return Part(position_chart(table, words, measures=own, alone=alone, **choice) for own in alike)
    names = {row["unit_id"]: row["name"] for row in found}
    known = {row["unit_id"] for row in found if not is_missing(row["estimate"])}
    if unit_id not in known or len(names) < (1 if alone and unit_id == reference_id else 2):
        return None
    measures = choice["measures"] = _present(measures, found)
    caption = captions.position_caption(
        words, name=names[unit_id], whole=names[reference_id], measures=measures, period=period
    )
    return plots.figure(
        lambda: plots.plot_position(rows, words, **choice),
        alt=alts.position_alt(rows, words, **choice),
        table=released_table(rows, words, caption=caption),
    )


def children_chart(
    table: ReleasedTable, words: Words, *, units: Sequence[str], reference_id: str, period: str, measure: str
) -> plots.Chart | None:
    """Chart of several units in one period; None without units, or with too many for a picture.

    Parameters
    ----------
    table : ReleasedTable
        See `plots.plot_intervals`.
    words : Words
    units : sequence of str
    reference_id : str
        Unit drawn as a line behind them.
    period, measure : str

    Returns
    -------
    Chart or None
    """
    rows = table.where(unit_id=units, measure=measure, period=period)
    if not 0 < len(rows) <= MOST_UNITS:
        return None
    caption = captions.intervals_caption(words, measure=measure, period=period)
    with_whole = table.where(unit_id=[*units, reference_id], measure=measure, period=period)
    return plots.figure(
        lambda: plots.plot_intervals(with_whole, words, measure=measure, period=period, reference_id=reference_id),
        alt=alts.intervals_alt(rows, words, measure=measure, period=period),
        table=released_table(rows, words, caption=caption),
    )


def _present(measures: Sequence[str], rows: Sequence[Row]) -> list[str]:
    found = {row["measure"] for row in rows}
    return [measure for measure in measures if measure in found]


def _by_kind(rows: Sequence[Row], measures: Sequence[str]) -> list[list[str]]:
    kinds = {row["measure"]: kind_of(row) for row in rows}
    return [
        [one for one in measures if kinds.get(one) == kind] for kind in dict.fromkeys(map(kinds.get, measures)) if kind
    ]
