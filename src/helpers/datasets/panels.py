"""Frames that the estimators take: a panel of measures, and units with engagement beside their outcomes.

An *entity* is a unit followed over time; `time` is the calendar in periods, so a wave left out is a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.panel_rows import HIDDEN, linked_rows, require_scores, scores_at, with_hidden, without_few_hidden
from helpers.datasets.periods import period_time
from helpers.datasets.quartile_rows import CUTS, not_measured, outcome_periods, placed, scales, with_engagement
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

FRAME_COLUMNS = (
    *("entity", "organisation", "cluster", "size", "engagement", "outcome", "value", "n", "se"),
    *("ratio_scale", "higher_is_better", "period", "engagement_period"),
)


def unit_panel(
    dataset: Dataset,
    measures: str | Sequence[str],
    *,
    level: str = "",
    below: str = "",
    beside: Sequence[str] = (),
    errors: bool = False,
    answers: bool = False,
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
    answers : bool
        Add the numbers of answers that they rest on, as columns ``<measure>_n``.

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
    scores = linked_rows(dataset, level or dataset.settings.levels.panel, below, [*wanted, *beside])
    require_scores(scores, wanted)
    wide = _wide(scores, "estimate").dropna(how="all", subset=wanted)
    columns = [*wanted, *(measure for measure in beside if measure in wide and measure not in wanted)]
    panel = wide[columns]
    for column in [*(["se"] if errors else []), *(["n"] if answers else [])]:
        panel = panel.join(_wide(scores, column)[wanted].add_suffix(f"_{column}"))
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
        `unit_panel` of x and y, with their standard errors and numbers of answers, and ``response_rate`` where it is
        known.

    Raises
    ------
    NotApplicable, ValueError
        As `unit_panel`.
    """
    known = {"errors": True, "answers": True}
    return unit_panel(dataset, [x, y], level=level, below=below, beside=["response_rate"], **known)


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
    period: str | Mapping[str, str] = "",
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
    period : str or mapping of outcome to str
        Of the outcomes, or of each (see `own_periods`); empty: the latest with any.
    cut : {"earlier", "same"}
        Take engagement from the calendar period before that of the outcome, so that they do not share its noise, or
        from the same.

    Returns
    -------
    DataFrame, one row per entity and outcome, sorted
        ``entity``, ``organisation``, ``cluster`` (see `clusters`), ``size`` (n of engagement), ``engagement``,
        ``outcome``, ``value``, ``n`` and ``se`` (of the outcome), ``ratio_scale``, ``higher_is_better``, ``period``,
        ``engagement_period``. Units without engagement or without the outcome have no row; outcomes without engagement
        beside them neither.

    Raises
    ------
    NotApplicable
        When there are no such units, no such scores, or no outcome with engagement beside it.
    ValueError
        For a `cut` or `period` that is not among the choices.
    """
    if cut not in CUTS:
        raise ValueError(f"cut must be one of {', '.join(CUTS)}; found {cut!r}.")
    settings, per_year = dataset.settings, dataset.settings.periods_per_year
    engagement, outcomes = engagement or settings.measures.engagement, list(outcomes or settings.measures.outcomes)
    scores = scores_at(dataset, level or settings.levels.quartile, below, [engagement, *outcomes])
    require_scores(scores, [engagement])
    values, engaged = scores[scores["measure"].isin(outcomes)], scores[scores["measure"] == engagement]
    if values.empty:
        raise NotApplicable("These units have no scores of {measures}.", measures=", ".join(outcomes))
    waves = {"period": period, "cut": cut, "per_year": per_year}
    chosen = outcome_periods(values, engaged["period"].unique(), **waves)
    if chosen.empty:
        raise not_measured(values, engagement, period=period if isinstance(period, str) else "", per_year=per_year)
    engaged = with_hidden(dataset, engaged)[["unit_id", "period", "n", "estimate", HIDDEN]]
    engaged = engaged.set_axis(["entity", "engagement_period", "size", "engagement", HIDDEN], axis=1)
    values = with_hidden(dataset, values)[["unit_id", "measure", "estimate", "n", "se", "period", HIDDEN]]
    values = values.set_axis(["entity", "outcome", "value", "n", "se", "period", HIDDEN], axis=1)
    frame = values.merge(chosen, on=["outcome", "period"])
    frame = without_few_hidden(frame.merge(engaged, on=["entity", "engagement_period"], suffixes=("", "_beside")))
    frame = placed(frame, dataset.hierarchy).merge(scales(dataset, outcomes), on="outcome", how="left")
    return frame.sort_values(["entity", "outcome"], ignore_index=True)[[*FRAME_COLUMNS]]


def own_periods(
    dataset: Dataset,
    *,
    engagement: str = "",
    outcomes: Sequence[str] = (),
    level: str = "",
    below: str = "",
    cut: str = "earlier",
) -> dict[str, str]:
    """Give for each outcome the latest period that has engagement beside it; the parameters are of `quartile_frame`.

    Returns
    -------
    dict of outcome to period
        Without the outcomes that have no such period.

    Raises
    ------
    NotApplicable
        When there are no such units.
    """
    settings = dataset.settings
    engagement, outcomes = engagement or settings.measures.engagement, list(outcomes or settings.measures.outcomes)
    scores = scores_at(dataset, level or settings.levels.quartile, below, [engagement, *outcomes])
    found = with_engagement(scores[scores["measure"].isin(outcomes)], cut=cut, per_year=settings.periods_per_year)
    engaged = scores.loc[scores["measure"] == engagement, "period"].unique()
    latest = found[found["engagement_period"].isin(engaged)].sort_values("time").drop_duplicates("outcome", keep="last")
    return dict(zip(latest["outcome"], latest["period"], strict=True))


def quartile_frames(
    dataset: Dataset, *, period: str = "", cut: str = "earlier", **choices: object
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put engagement of the wave chosen and of the wave of the outcomes beside the same outcomes.

    Parameters
    ----------
    dataset : Dataset
    period : str
        Of the outcomes; empty: of each the latest, see `own_periods`.
    cut : {"earlier", "same"}
    **choices
        ``engagement``, ``outcomes``, ``level``, ``below`` of `quartile_frame`.

    Returns
    -------
    frame, same_wave : DataFrame
        See `quartile_frame`; `same_wave` has no rows where engagement was not measured in the wave of the outcomes.

    Raises
    ------
    NotApplicable, ValueError
        As `quartile_frame`.
    """
    periods = period or own_periods(dataset, cut=cut, **choices)
    frame = quartile_frame(dataset, period=periods, cut=cut, **choices)
    try:
        return frame, quartile_frame(dataset, period=periods, cut="same", **choices)
    except NotApplicable:
        return frame, frame.head(0)


def _wide(scores: pd.DataFrame, value: str) -> pd.DataFrame:
    return scores.pivot(index=["unit_id", "period"], columns="measure", values=value).rename_axis(columns=None)


def _times(periods: pd.Series, dataset: Dataset) -> pd.Series:
    times = {period: period_time(period, dataset.settings.periods_per_year) for period in periods.unique()}
    return periods.map(times).astype("int64")
