"""When the organisation below a unit was redrawn: many units at once that come or go."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.periods import period_name, period_time

# A unit or two that come or go are everyday life; from this share of the units below on, figures change hands.
LEAST_SHARE = 0.1


def reorganised_periods(dataset: Dataset, unit_id: str) -> list[str]:
    """List the periods that are the first after a reorganisation of a unit.

    Parameters
    ----------
    dataset : Dataset
        Table ``units`` with ``valid_from`` and ``valid_to``; without those columns nothing is known of it.
    unit_id : str

    Returns
    -------
    list of str
        Periods of the scores, the first left out, in which at least a tenth of the units below this one begin, or
        before which as many ended.
    """
    units, per_year = dataset.hierarchy.units, dataset.settings.periods_per_year
    below = units[units["unit_id"].isin(dataset.hierarchy.subtree(unit_id)[1:])]
    begun = _times(below, "valid_from", per_year)
    ended = _times(below, "valid_to", per_year) + 1
    counts = pd.concat([begun.value_counts(), ended.value_counts()], axis=1).fillna(0).max(axis=1)
    known = sorted(period_time(period, per_year) for period in dataset.scores["period"].unique())
    redrawn = [time for time in known[1:] if counts.get(time, 0) >= LEAST_SHARE * len(below) > 0]
    return [period_name(time, per_year) for time in redrawn]


def _times(units: pd.DataFrame, column: str, per_year: int) -> pd.Series:
    periods = units[column].dropna() if column in units else pd.Series([], dtype="str")
    return periods.map(lambda period: period_time(period, per_year)).astype("int64")
