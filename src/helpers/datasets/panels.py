"""Frames that the estimators take: a panel of measures, and units with engagement beside their outcomes.

An *entity* is a unit followed over time; `time` is the calendar in periods, so a wave left out is a gap. A *cluster* is
a group of entities whose fates hang together, such as the teams of one country.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.periods import period_name, period_time
from helpers.datasets.released import countable_rows
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset
    from helpers.datasets.hierarchy import Hierarchy

# Errors must be clustered where shocks are shared, which is as high as one can go; but a cluster-robust variance from
# fewer than about 20 clusters is too small whatever the correction, so below that the next level down is taken.
MIN_CLUSTERS = 20
CUTS = ("earlier", "same")
# Measures from answers: whether zero means none (percent gaps make sense), and whether a high value is good.
_RATIO_SCALES = ("repurchase", "response_rate")


def unit_panel(
    dataset: Dataset,
    measures: str | Sequence[str],
    *,
    level: str = "",
    below: str = "",
    beside: Sequence[str] = (),
    errors: bool = False,
) -> pd.DataFrame:
    """Lay out the scores of units over time, one column per measure.

    Parameters
    ----------
    dataset : Dataset
    measures : str or sequence of str
        E.g. ``["enps", "nps"]``.
    level : str
        Level of the entities; empty: the dataset's panel level.
    below : str
        Only units in the subtree of this one; empty: the whole organisation.
    beside : sequence of str
        Further measures, left out where the dataset has none of them.
    errors : bool
        Add the standard errors of the scores, as columns ``<measure>_se``.

    Returns
    -------
    DataFrame, one row per entity and time, sorted
        ``entity``, ``time``, ``period``, then the measures, in their own units; missing where there is no score. Times
        at which an entity has none of the `measures` have no row.

    Raises
    ------
    NotApplicable
        When there are no such units, or they have no scores of a measure.
    ValueError
        For the same measure twice.
    """
    wanted = [measures] if isinstance(measures, str) else list(measures)
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"measures must differ; found {', '.join(wanted)}. Compare two sides.")
    scores = _scores_at(dataset, level or dataset.settings.levels.panel, below, [*wanted, *beside])
    _require(scores, wanted)
    wide = _wide(scores, "estimate").dropna(how="all", subset=wanted)
    columns = [*wanted, *(measure for measure in beside if measure in wide and measure not in wanted)]
    panel = wide[columns].join(_wide(scores, "se")[wanted].add_suffix("_se")) if errors else wide[columns]
    panel = panel.reset_index().rename(columns={"unit_id": "entity"})
    panel.insert(1, "time", _times(panel["period"], dataset))
    return panel.sort_values(["entity", "time"], ignore_index=True)


def claim_panel(dataset: Dataset, x: str, y: str, *, level: str = "", below: str = "") -> pd.DataFrame:
    """Lay out a panel with all that a claim of a lag can be tested by.

    Parameters
    ----------
    dataset : Dataset
    x, y : str
        Measure that leads and measure that follows.
    level, below : str
        As for `unit_panel`.

    Returns
    -------
    DataFrame, one row per entity and time
        `unit_panel` of x and y, with their standard errors, and ``response_rate`` where it is known.

    Raises
    ------
    NotApplicable, ValueError
        As `unit_panel`.
    """
    return unit_panel(dataset, [x, y], level=level, below=below, beside=["response_rate"], errors=True)


def first_redesign(dataset: Dataset) -> int | None:
    """Time at which a new questionnaire was first used, None where none is known; the first one of several."""
    settings = dataset.settings
    return min((period_time(period, settings.periods_per_year) for period in settings.redesigned), default=None)


def quartile_frame(
    dataset: Dataset,
    *,
    engagement: str = "",
    outcomes: Sequence[str] = (),
    level: str = "",
    below: str = "",
    period: str = "",
    cut: str = "earlier",
) -> pd.DataFrame:
    """Put the engagement of units beside their outcomes.

    Parameters
    ----------
    dataset : Dataset
    engagement : str
        The measure units are ranked by; empty: the dataset's.
    outcomes : sequence of str
        What is compared; empty: the dataset's.
    level : str
        Level of the units; empty: the dataset's quartile level.
    below : str
        Only units in the subtree of this one; empty: the whole organisation.
    period : str
        Of the outcomes; empty: the latest with any.
    cut : {"earlier", "same"}
        Take engagement from the calendar period before that of the outcomes, so that they do not share its noise, or
        from the same.

    Returns
    -------
    DataFrame, one row per entity and outcome, sorted
        ``entity``, ``organisation``, ``cluster`` (see `clusters`), ``size`` (n of engagement), ``engagement``,
        ``outcome``, ``value``, ``n`` (of the outcome), ``ratio_scale``, ``higher_is_better``, ``period``,
        ``engagement_period``. Units without engagement or without the outcome have no row.

    Raises
    ------
    NotApplicable
        When there are no such units, no such scores, or no engagement in the period it is to come from.
    ValueError
        For a `cut` or `period` that is not among the choices.
    """
    if cut not in CUTS:
        raise ValueError(f"cut must be one of {', '.join(CUTS)}; found {cut!r}.")
    engagement = engagement or dataset.settings.measures.engagement
    outcomes = list(outcomes or dataset.settings.measures.outcomes)
    scores = _scores_at(dataset, level or dataset.settings.levels.quartile, below, [engagement, *outcomes])
    _require(scores, [engagement])
    of_outcomes = scores[scores["measure"].isin(outcomes)]
    period = _outcome_period(of_outcomes, period, dataset, outcomes)
    engagement_period = period if cut == "same" else _period_before(period, dataset)
    units = _engaged_units(scores, engagement, engagement_period, period)
    values = of_outcomes.loc[of_outcomes["period"] == period, ["unit_id", "measure", "estimate", "n"]]
    values = values.set_axis(["entity", "outcome", "value", "n"], axis=1)
    frame = _placed(units, dataset.hierarchy).merge(values, on="entity")
    frame = frame.merge(_scales(dataset, outcomes), on="outcome", how="left")
    return frame.assign(period=period, engagement_period=engagement_period)


def clusters(hierarchy: Hierarchy, entities: Sequence[str]) -> dict[str, str]:
    """Choose the unit of dependence of each entity.

    The highest level below the root that divides the entities into at least `MIN_CLUSTERS` is taken: shocks are shared
    at every level, so the highest level leaves the fewest of them out. Where no level does, each entity is its own.

    Parameters
    ----------
    hierarchy : Hierarchy
    entities : sequence of str
        Units, of one level.

    Returns
    -------
    dict of str to str
        The cluster of each entity: a unit above it, or itself.
    """
    paths = {entity: hierarchy.path(entity)[1:] for entity in entities}
    level = {unit: hierarchy.level(unit) for unit in {unit for path in paths.values() for unit in path}}
    for candidate in hierarchy.levels:
        above = {e: next((u for u in path if level[u] == candidate), "") for e, path in paths.items()}
        if all(above.values()) and len(set(above.values())) >= MIN_CLUSTERS:
            return above
    return {entity: entity for entity in entities}


def _scores_at(dataset: Dataset, level: str, below: str, measures: Sequence[str]) -> pd.DataFrame:
    below = dataset.unit(below)
    units = dataset.hierarchy.at_level(level, below)
    if not units:
        raise NotApplicable(
            "There are no units of level {level} in {unit}.", level=level, unit=dataset.hierarchy.name(below)
        )
    scores = dataset.scores
    kept = scores["unit_id"].isin(units) & scores["measure"].isin(measures) & scores["estimate"].notna()
    return countable_rows(dataset, scores[kept], below=below)


def _wide(scores: pd.DataFrame, value: str) -> pd.DataFrame:
    return scores.pivot(index=["unit_id", "period"], columns="measure", values=value).rename_axis(columns=None)


def _require(scores: pd.DataFrame, measures: Sequence[str]) -> None:
    absent = [measure for measure in measures if not (scores["measure"] == measure).any()]
    if absent:
        raise NotApplicable("These units have no scores of {measures}.", measures=", ".join(absent))


def _times(periods: pd.Series, dataset: Dataset) -> pd.Series:
    times = {period: period_time(period, dataset.settings.periods_per_year) for period in periods.unique()}
    return periods.map(times).astype("int64")


def _outcome_period(scores: pd.DataFrame, period: str, dataset: Dataset, outcomes: Sequence[str]) -> str:
    found = scores["period"].unique().tolist()
    if not found:
        raise NotApplicable("These units have no scores of {measures}.", measures=", ".join(outcomes))
    if period and period not in found:
        raise ValueError(f"period must be one with outcomes, {', '.join(sorted(found))}; found {period!r}.")
    return period or max(found, key=lambda one: period_time(one, dataset.settings.periods_per_year))


def _period_before(period: str, dataset: Dataset) -> str:
    periods_per_year = dataset.settings.periods_per_year
    return period_name(period_time(period, periods_per_year) - 1, periods_per_year)


def _engaged_units(scores: pd.DataFrame, engagement: str, engagement_period: str, period: str) -> pd.DataFrame:
    measured = scores[(scores["measure"] == engagement) & (scores["period"] == engagement_period)]
    if measured.empty:
        raise NotApplicable(
            "Outcomes of {period} need {engagement} of {earlier}, which was not measured.",
            period=period,
            engagement=engagement,
            earlier=engagement_period,
        )
    units = measured[["unit_id", "n", "estimate"]].set_axis(["entity", "size", "engagement"], axis=1)
    return units.sort_values("entity")


def _placed(units: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
    entities = units["entity"].tolist()
    places = {
        "organisation": {e: hierarchy.organisation(e) for e in entities},
        "cluster": clusters(hierarchy, entities),
    }
    placed = units.assign(**{name: units["entity"].map(of) for name, of in places.items()})
    return placed[["entity", *places, "size", "engagement"]]


def _scales(dataset: Dataset, outcomes: Sequence[str]) -> pd.DataFrame:
    made = pd.DataFrame({"outcome": outcomes}).drop_duplicates()
    made = made.assign(ratio_scale=made["outcome"].isin(_RATIO_SCALES), higher_is_better=True)
    if not dataset.has("outcomes"):
        return made
    given = dataset.table("outcomes").drop_duplicates("measure").rename(columns={"measure": "outcome"})
    given = given[["outcome", "ratio_scale", "higher_is_better"]]
    return pd.concat([given, made]).drop_duplicates("outcome")
