"""Scores of units with intervals and changes, through the release gate."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.datasets.dataset import Dataset
from helpers.datasets.periods import period_time
from helpers.release import ReleasedTable, release
from helpers.stats.estimates import NotApplicable
from helpers.stats.intervals import score_changes, score_intervals


def released_scores(
    dataset: Dataset, *, units: Sequence[str], measures: Sequence[str] = (), conf_level: float = 0.95
) -> ReleasedTable:
    """Give the scores of some units as they may be shown.

    Parameters
    ----------
    dataset : Dataset
    units : sequence of str
        Unit ids; the first is the one a page is about.
    measures : sequence of str
        Those to keep; empty: all.
    conf_level : float
        Of the intervals, between 0 and 1.

    Returns
    -------
    ReleasedTable
        Score columns, ``ci_low``, ``ci_high``, ``conf_level``, ``change``, ``change_low``, ``change_high``,
        ``n_previous``, ``name``, ``level``, ``released``, ``hidden_by``; sorted by measure, unit and period.

    Raises
    ------
    NotApplicable
        When the first unit has no scores of the dataset's employee or customer measure.
    """
    scores = dataset.scores
    kept = scores["unit_id"].isin(units) & scores["estimate"].notna()
    if measures:
        kept &= scores["measure"].isin(measures)
    first = (scores["unit_id"] == units[0]) & kept
    main = [dataset.settings.measures.employee, dataset.settings.measures.customer]
    if not (first & scores["measure"].isin(main)).any():
        raise NotApplicable(
            "There are no scores of {measures} for {unit}.",
            measures=", ".join(main),
            unit=dataset.hierarchy.name(units[0]),
        )
    chosen = scores[kept].sort_values(["measure", "unit_id", "period"], ignore_index=True)
    per_year = dataset.settings.periods_per_year
    times = {period: period_time(period, per_year) for period in chosen["period"].unique()}
    complete = score_changes(score_intervals(chosen, conf_level=conf_level), conf_level=conf_level, times=times)
    complete["kind"] = complete["kind"].mask(complete["measure"].isin(_percentages(dataset)), "percent")
    settings = dataset.settings
    return release(complete, dataset.hierarchy.units, min_group=settings.min_group, disclosure=settings.disclosure)


def _percentages(dataset: Dataset) -> list[str]:
    """Outcomes that come as a number of percent, such as 12 for 12 % of staff."""
    if not dataset.has("outcomes"):
        return []
    units = dataset.table("outcomes").drop_duplicates("measure").set_index("measure")["unit"]
    return [measure for measure, unit in units.items() if str(unit).startswith("%")]
