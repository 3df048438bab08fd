"""The gap in staff turnover apart for organisations that many people leave and others, as Gallup reports it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.organisation_gaps import median_gaps

TURNOVER = "turnover"
GROUPS = ("low", "high")


def turnover_groups(
    organisations: pd.DataFrame, rates: pd.Series, *, threshold: float, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Median percent gap in turnover over the organisations of either group.

    Parameters
    ----------
    organisations : DataFrame
        Answer of `organisation_gaps.organisation_gaps`.
    rates : Series
        Answer of `turnover_rates`.
    threshold : float
        Turnover a year, in percent, above which an organisation belongs to the group "high".
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, one row per group with organisations
        As `organisation_gaps.median_gaps` on the scale percent, with ``group`` ("low", "high"). No rows without
        turnover.

    References
    ----------
    J. Harter et al. (2024), *The Relationship Between Engagement at Work and Organizational Outcomes* (Gallup), where
    high turnover is above 40 % a year.
    """
    groups = rates.gt(threshold).map({False: GROUPS[0], True: GROUPS[1]})
    gaps = organisations[(organisations["outcome"] == TURNOVER) & (organisations["scale"] == "percent")]
    gaps = gaps.assign(group=gaps["organisation"].map(groups))
    parts = [
        median_gaps(gaps[gaps["group"] == group], conf_level=conf_level).assign(group=group)
        for group in GROUPS
        if (gaps["group"] == group).any()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"group": pd.Series(dtype=str)})


def turnover_rates(frame: pd.DataFrame, periods_per_year: int) -> pd.Series:
    """
    Turnover a year of each organisation, in percent; no rows without turnover.

    Parameters
    ----------
    frame : DataFrame, one row per unit and outcome
        ``organisation``, ``outcome``, ``value`` and ``n``; the outcome ``turnover`` in percent of staff per period.
    periods_per_year : int
        Periods per year.

    Returns
    -------
    Series, index organisation

    Notes
    -----
    ``rate = periods_per_year · Σ n value / Σ n`` over the units of an organisation, each unit once where one has no n.
    Chance in one wave can put an organisation near a threshold on the other side of it.
    """
    units = frame[(frame["outcome"] == TURNOVER) & frame["value"].notna()]
    counted = units["n"].gt(0).groupby(units["organisation"]).transform("all")
    n = np.where(counted, units["n"], 1.0)
    sums = pd.DataFrame({"left": n * units["value"], "n": n}).groupby(units["organisation"]).sum()
    return (periods_per_year * sums["left"] / sums["n"]).rename("rate")
