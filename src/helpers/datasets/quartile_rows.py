"""What a quartile frame is put together from: the periods compared, places of units, scales of outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.panel_rows import clusters
from helpers.datasets.periods import period_name, period_time
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset
    from helpers.datasets.hierarchy import Hierarchy

CUTS = ("earlier", "same")
# Measures from answers of which zero means none, so that percent gaps make sense.
_RATIO_SCALES = ("repurchase", "response_rate")


def outcome_periods(
    outcomes: pd.DataFrame, engaged: Sequence[str], *, period: str | Mapping[str, str], cut: str, per_year: int
) -> pd.DataFrame:
    """Choose for each outcome its period, and that of the engagement set beside it.

    Parameters
    ----------
    outcomes : DataFrame
        Scores of the outcomes, one row or more.
    engaged : sequence of str
        Periods in which engagement was measured.
    period : str or mapping of outcome to str
        The period asked for; empty: the latest with any outcome.
    cut : {"earlier", "same"}
    per_year : int
        Periods per year.

    Returns
    -------
    DataFrame, one row per outcome that can be compared
        ``outcome``, ``period``, ``engagement_period``.

    Raises
    ------
    ValueError
        For a period in which no outcome was measured.
    """
    found = with_engagement(outcomes, cut=cut, per_year=per_year)
    if isinstance(period, Mapping):
        asked = found["outcome"].map(period)
    else:
        asked = period or found.loc[found["time"].idxmax(), "period"]
        if asked not in set(found["period"]):
            known = ", ".join(sorted(found["period"].unique()))
            raise ValueError(f"period must be one with outcomes, {known}; found {period!r}.")
    chosen = found[(found["period"] == asked) & found["engagement_period"].isin(engaged)]
    return chosen[["outcome", "period", "engagement_period"]].reset_index(drop=True)


def with_engagement(outcomes: pd.DataFrame, *, cut: str, per_year: int) -> pd.DataFrame:
    """List each ``outcome``, ``period`` and ``time`` with the ``engagement_period`` that goes with it."""
    found = outcomes[["measure", "period"]].drop_duplicates().set_axis(["outcome", "period"], axis=1)
    times = [period_time(one, per_year) for one in found["period"]]
    back = 0 if cut == "same" else 1
    return found.assign(time=times, engagement_period=[period_name(time - back, per_year) for time in times])


def not_measured(outcomes: pd.DataFrame, engagement: str, *, period: str, per_year: int) -> NotApplicable:
    """Say which engagement is missing where no outcome has any beside it."""
    latest = period or max(outcomes["period"], key=lambda one: period_time(one, per_year))
    return NotApplicable(
        "Outcomes of {period} need {engagement} of {earlier}, which was not measured.",
        period=latest,
        engagement=engagement,
        earlier=period_name(period_time(latest, per_year) - 1, per_year),
    )


def placed(units: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
    """Add the ``organisation`` and ``cluster`` of each ``entity``."""
    entities = units["entity"].unique().tolist()
    organisations = {entity: hierarchy.organisation(entity) for entity in entities}
    places = {"organisation": organisations, "cluster": clusters(hierarchy, entities)}
    return units.assign(**{name: units["entity"].map(of) for name, of in places.items()})


def scales(dataset: Dataset, outcomes: Sequence[str]) -> pd.DataFrame:
    """Give ``ratio_scale`` and ``higher_is_better`` of each outcome: as its table says, or as its measure is."""
    made = pd.DataFrame({"outcome": outcomes}).drop_duplicates()
    made = made.assign(ratio_scale=made["outcome"].isin(_RATIO_SCALES), higher_is_better=True)
    if not dataset.has("outcomes"):
        return made
    given = dataset.table("outcomes").drop_duplicates("measure").rename(columns={"measure": "outcome"})
    given = given[["outcome", "ratio_scale", "higher_is_better"]]
    return pd.concat([given, made]).drop_duplicates("outcome")
