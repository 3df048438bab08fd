"""How reliable the scores behind a correlation are, study by study.

A score is a mean of those who answered. What a unit is like is the mean of all who were asked; who of them answered is
luck. Outcomes that come as booked (profit, accidents) are what they are: their reliability is 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.datasets.periods import period_name, period_time
from helpers.stats.estimates import NotApplicable
from helpers.stats.unit_reliability import unit_reliability

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

KEY = ["outcome", "study"]
UNIT = ["entity", "study", "value"]
# Kind of a score that is no mean of answers.
BOOKED = "value"


def study_reliabilities(dataset: Dataset, frame: pd.DataFrame, *, engagement: str) -> pd.DataFrame:
    """Give the reliability of engagement and of each outcome in each study.

    Parameters
    ----------
    dataset : Dataset
    frame : DataFrame
        Answer of `panels.quartile_frame` with ``study``; an outcome has one period.
    engagement : str
        Its measure.

    Returns
    -------
    DataFrame, one row per outcome and study
        ``rxx``: of engagement, for the people asked as a finite population; ``rxx_endless``: as if they were draws from
        very many (ICC(2)); ``rxx_retest``: correlation with the period before, over the units of all studies together.
        ``ryy``: of the outcome, 1 for one without sampling error. NaN where it cannot be told.
    """
    parts = [_of_period(dataset, rows, engagement) for _, rows in frame.groupby("engagement_period")]
    return pd.concat(parts, ignore_index=True)


def _of_period(dataset: Dataset, frame: pd.DataFrame, engagement: str) -> pd.DataFrame:
    """Reliabilities of the outcomes that stand beside the engagement of one period."""
    units = frame.drop_duplicates("entity")[["entity", "study", "engagement"]].set_axis(UNIT, axis=1)
    period = frame["engagement_period"].iloc[0]
    measured = _with_errors(dataset, units, engagement, period)
    by_study = {
        "rxx": _reliability(measured),
        "rxx_endless": _reliability(measured.drop(columns="population")),
        "rxx_retest": _retest(dataset, measured, engagement, period),
    }
    outcomes = {name: _of_outcome(dataset, rows, name) for name, rows in frame.groupby("outcome")}
    table = frame[KEY].dropna().drop_duplicates().reset_index(drop=True)
    table = table.assign(**{name: table["study"].map(values) for name, values in by_study.items()})
    ryy = [outcomes[outcome].get(study, np.nan) for outcome, study in table[KEY].itertuples(index=False)]
    return table.assign(ryy=ryy)


def _of_outcome(dataset: Dataset, rows: pd.DataFrame, outcome: str) -> pd.Series:
    measured = _with_errors(dataset, rows[UNIT], outcome, rows["period"].iloc[0])
    if (measured["kind"] == BOOKED).all():
        return pd.Series(1.0, index=rows["study"].dropna().unique())
    # Customers are very many, so what is asked of them has no finite population.
    return _reliability(measured.drop(columns="population"))


def _with_errors(dataset: Dataset, units: pd.DataFrame, measure: str, period: str) -> pd.DataFrame:
    scores = dataset.scores[dataset.scores["period"] == period].set_index("unit_id")
    own = scores.loc[scores["measure"] == measure, ["se", "n_effective", "kind"]].rename(columns={"n_effective": "n"})
    asked = scores.loc[scores["measure"] == "response_rate", "n_effective"].rename("population")
    return units.join(own, on="entity").join(asked, on="entity")


def _reliability(units: pd.DataFrame) -> pd.Series:
    try:
        return unit_reliability(units).set_index("study")["reliability"]
    except NotApplicable:
        return pd.Series(dtype=float)


def _retest(dataset: Dataset, units: pd.DataFrame, measure: str, period: str) -> pd.Series:
    """Correlation of deviations from the mean of the study, one period apart; the same for all studies."""
    per_year = dataset.settings.periods_per_year
    before = period_name(period_time(period, per_year) - 1, per_year)
    scores = dataset.scores[(dataset.scores["measure"] == measure) & (dataset.scores["period"] == before)]
    both = units.join(scores.set_index("unit_id")["estimate"].rename("before"), on="entity")
    both = both.dropna(subset=["study", "value", "before"])
    apart = both[["value", "before"]] - both.groupby("study")[["value", "before"]].transform("mean")
    retest = apart["value"].corr(apart["before"]) if len(apart) > 2 else np.nan
    return pd.Series(retest if retest > 0 else np.nan, index=units["study"].dropna().unique())
