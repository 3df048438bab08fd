"""The quartile gap looked at in other ways, one row per outcome and check, in SD of all units."""

from __future__ import annotations

import numpy as np
import pandas as pd

CHECKS = ("headline", "same_wave", "by_n", "slope")


def gap_checks(gaps: pd.DataFrame, *, same_wave: pd.DataFrame, by_n: pd.DataFrame) -> pd.DataFrame:
    """
    Put the gap beside what other cuts and weights give.

    Parameters
    ----------
    gaps, same_wave, by_n : DataFrame
        Answers of `quartiles.quartile_gaps`: the headline, quartiles cut on the wave of the outcomes, and units
        counted by their answers.

    Returns
    -------
    DataFrame, shape (outcomes * up to 4, ...)
        Rows of scale "sd" with ``check``: "headline", "same_wave", "by_n", and "slope", the gap that the straight line
        through all units implies, which has no interval. Sorted by outcome and check; rows without an estimate are
        left out.

    References
    ----------
    J. Campbell, D. Kenny (1999), *A Primer on Regression Artifacts*, ch. 3 (extreme groups cut on a noisy measure).
    """
    tables = {"headline": gaps, "same_wave": same_wave, "by_n": by_n, "slope": _slope(gaps)}
    rows = pd.concat([table[table["scale"] == "sd"].assign(check=name) for name, table in tables.items()])
    rows["check"] = pd.Categorical(rows["check"], CHECKS, ordered=True)
    rows = rows[rows["estimate"].notna()].sort_values(["outcome", "check"], ignore_index=True)
    return rows.assign(check=rows["check"].astype("str"))


def _slope(gaps: pd.DataFrame) -> pd.DataFrame:
    return gaps.assign(estimate=gaps["slope_implied"], se=np.nan, df=np.nan, ci_low=np.nan, ci_high=np.nan)
