"""The top-bottom contrast in textbook forms: Welch's t interval, and the gap beside size and organisation.

Both take the cut points as known; `quartiles.quartile_gaps`, which does not, is the headline.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.quartile_draws import BOTTOM, TOP
from helpers.stats.quartile_units import checked_units
from helpers.stats.quartiles import MIN_UNITS
from helpers.stats.two_way import two_way_fit

IN_TOP = "in_top"


def welch_gaps(frame: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Top minus bottom quartile per outcome with Welch's interval and Cohen's d, units taken as independent.

    Parameters
    ----------
    frame : DataFrame, one row per unit and outcome
        As for `quartiles.quartile_gaps`.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (outcomes, 12)
        `ESTIMATE_COLUMNS` in outcome units (NaN with fewer than `MIN_UNITS` units), ``outcome`` and ``cohens_d`` (gap
        over the pooled SD of the two quartiles, which picking extremes makes larger than the gap in SD of all units).

    Raises
    ------
    ValueError
        As `quartiles.quartile_gaps`.

    References
    ----------
    B. Welch (1947), *Biometrika* 34, 28-35; J. Cohen (1988), *Statistical Power Analysis*, 2nd ed., ch. 2.
    """
    rows = []
    for outcome, units in _complete(frame).groupby("outcome", sort=True):
        sides = [side["value"].to_numpy() for side in (units[units[IN_TOP]], units[~units[IN_TOP]])]
        enough = len(units) and units["n_units"].iloc[0] >= MIN_UNITS
        figures = _welch(*sides) if enough else dict.fromkeys(("estimate", "se", "df", "cohens_d"), np.nan)
        rows.append({"term": outcome, "outcome": outcome, "n": len(units), **figures})
    return with_intervals(pd.DataFrame(rows), conf_level)


def adjusted_gaps(frame: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Top minus bottom quartile per outcome beside log size and organisation, with CR2 errors.

    Parameters
    ----------
    frame : DataFrame, one row per unit and outcome
        As for `quartiles.quartile_gaps`, with ``size`` (answers behind `engagement`, positive) and ``organisation``.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (outcomes, 12)
        `ESTIMATE_COLUMNS` in outcome units, ``outcome`` and ``reason``: the sentence of the `NotApplicable` that kept
        an outcome from an answer, else empty.

    Raises
    ------
    ValueError
        As `quartiles.quartile_gaps`, or without ``size`` or ``organisation``.

    Notes
    -----
    ``value = gap · in_top + b · log(size) + a_organisation + e``, over top and bottom units, clusters ``cluster``.

    References
    ----------
    J. Pustejovsky, E. Tipton (2018), *Journal of Business & Economic Statistics* 36(4), 672-683.
    """
    missing = [column for column in ("size", "organisation") if column not in frame]
    if missing:
        raise ValueError(f"frame must have the columns size and organisation; found none named {', '.join(missing)}.")
    tables = [
        _adjusted(outcome, units, conf_level) for outcome, units in _complete(frame).groupby("outcome", sort=True)
    ]
    return pd.concat(tables, ignore_index=True)


def _complete(frame: pd.DataFrame) -> pd.DataFrame:
    """Top and bottom units of each outcome, with `in_top` and the number of units cut."""
    units = checked_units(frame, "equal").dropna(subset=["engagement", "value"])
    groups = units.groupby("outcome")["engagement"]
    units["n_units"] = groups.transform("size")
    units[IN_TOP] = units["engagement"] >= groups.transform("quantile", TOP)
    return units[units[IN_TOP] | (units["engagement"] <= groups.transform("quantile", BOTTOM))]


def _welch(top: np.ndarray, bottom: np.ndarray) -> dict[str, float]:
    welch = stats.ttest_ind(top, bottom, equal_var=False)
    gap = top.mean() - bottom.mean()
    n = len(top) + len(bottom) - 2
    pooled = ((len(top) - 1) * top.var(ddof=1) + (len(bottom) - 1) * bottom.var(ddof=1)) / n
    se = np.sqrt(top.var(ddof=1) / len(top) + bottom.var(ddof=1) / len(bottom))
    return {"estimate": gap, "se": se, "df": welch.df, "cohens_d": gap / np.sqrt(pooled) if pooled > 0 else np.nan}


def _adjusted(outcome: str, units: pd.DataFrame, conf_level: float) -> pd.DataFrame:
    units = units[units["size"] > 0]
    units = units.assign(log_size=np.log(units["size"]), **{IN_TOP: units[IN_TOP].astype(float)})
    about = {"term": outcome, "outcome": outcome}
    try:
        if units.empty:
            raise NotApplicable("The number of people in these units is not known.")
        fit = two_way_fit(units, "value", [IN_TOP, "log_size"], absorb=None, dummies="organisation", cluster="cluster")
        return linear_combinations(fit, conf_level=conf_level).iloc[[0]].assign(**about, reason="")
    except NotApplicable as problem:
        empty = pd.DataFrame([{**about, "estimate": np.nan, "se": np.nan, "n": len(units), "reason": str(problem)}])
        return with_intervals(empty, conf_level)
