"""Bare-bones meta-analysis of correlations: sampling error is taken out of the variance, and nothing else.

A *study* is one correlation `r` over `n` units. Two intervals are told apart: the *confidence* interval says where the
mean lies, the *credibility* interval (``cr_low``, ``cr_high``) where the true correlations of most studies lie.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import NotApplicable, check_conf_level, with_intervals

# The spread of studies cannot be seen in one.
MIN_STUDIES = 2
CRED_LEVEL = 0.80
INTERVALS = ("normal", "t")
# A smaller variance of correlations is rounding: the studies agree exactly.
NO_SPREAD = 1e-15


def bare_bones(
    studies: pd.DataFrame,
    *,
    unbiased_variance: bool = False,
    bias_correction: bool = False,
    interval: str = "normal",
    cred_level: float = CRED_LEVEL,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Mean observed correlation, weighted by n, and the spread of studies beyond sampling error.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r`` (-1 to 1), ``n`` (units, at least 2). Rows without r or n are left out.
    unbiased_variance : bool
        Divide the variance of r by k - 1 instead of k studies.
    bias_correction : bool
        First divide each r by (2n - 2) / (2n - 1); r of small samples is a little too small.
    interval : {"normal", "t"}
        Both intervals from the normal distribution, or from t with k - 1 degrees of freedom.
    cred_level, conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (1, 20)
        `ESTIMATE_COLUMNS` (``term`` "mean_r"; ``n`` all units, ``n_clusters`` studies), ``k``, ``var_r``, ``var_e``
        (sampling error), ``sd_r``, ``sd_res`` (0 where sampling error explains all), ``pct_sampling`` (can exceed 100;
        NaN where all r are equal), ``cr_low``, ``cr_high``, ``cred_level``, ``n_missing``.

    Raises
    ------
    ValueError
        For a missing column, a study twice, an r outside -1 to 1, an n below 2, or an unknown interval.
    NotApplicable
        With fewer than 2 studies.

    Notes
    -----
    ``mean_r = Σ n r / Σ n``, ``var_r = Σ n (r - mean_r)² / Σ n``, ``var_e = Σ n (1 - mean_r²)² / (n - 1) / Σ n``;
    ``sd_res = sqrt(var_r - var_e)``, ``se = sd_r / sqrt(k)``. As given these are Hunter's and Schmidt's; all three
    options turned on are the defaults of psychmeta.

    References
    ----------
    F. Schmidt, J. Hunter (2015), *Methods of Meta-Analysis*, 3rd ed., ch. 3; J. Dahlke, B. Wiernik (2019), psychmeta,
    *Applied Psychological Measurement* 43(5), 415-416.
    """
    known = checked_studies(studies)
    if bias_correction:
        known = known.assign(r=known["r"] * (2 * known["n"] - 1) / (2 * known["n"] - 2))
    n, k = known["n"].to_numpy(float), len(known)
    mean_r, var_r = weighted_spread(known["r"].to_numpy(float), n, unbiased=unbiased_variance)
    var_e = float(np.average(sampling_variance(mean_r, n), weights=n))
    row = {"term": "mean_r", "estimate": mean_r, "se": (var_r / k) ** 0.5, "n": int(n.sum()), "n_clusters": k, "k": k}
    row |= {"var_r": var_r, "var_e": var_e, "sd_r": var_r**0.5, "sd_res": max(var_r - var_e, 0.0) ** 0.5}
    row |= {"pct_sampling": percent_explained(var_e, var_r)}
    return completed(row, "sd_res", interval, cred_level, conf_level).assign(n_missing=len(studies) - k)


def checked_studies(studies: pd.DataFrame, needed: int = MIN_STUDIES) -> pd.DataFrame:
    """
    Studies with a correlation and a size, checked.

    Raises
    ------
    ValueError
        As `bare_bones`.
    NotApplicable
        With fewer than `needed` studies.
    """
    missing = [column for column in ("study", "r", "n") if column not in studies]
    if missing:
        raise ValueError(f"studies must have the columns study, r, n; found none named {', '.join(missing)}.")
    known = studies.dropna(subset=["r", "n"]).reset_index(drop=True)
    if known["study"].duplicated().any():
        twice = known.loc[known["study"].duplicated(), "study"].iloc[0]
        raise ValueError(f"studies must have one row per study; found more for {twice}.")
    if (known["r"].abs() > 1).any():
        raise ValueError(f"r must lie between -1 and 1; found {known.loc[known['r'].abs() > 1, 'r'].iloc[0]}.")
    if (known["n"] < 2).any():
        raise ValueError(f"n must be 2 or more; found {known['n'].min()}.")
    if len(known) < needed:
        raise NotApplicable("This analysis needs {needed} studies; found {found}.", needed=needed, found=len(known))
    return known


def sampling_variance(r: float | np.ndarray, n: np.ndarray) -> np.ndarray:
    """Sampling variance of a correlation whose true value is `r`, from `n` units: (1 - r²)² / (n - 1)."""
    return (1 - np.asarray(r) ** 2) ** 2 / (n - 1)


def weighted_spread(values: np.ndarray, weights: np.ndarray, *, unbiased: bool) -> tuple[float, float]:
    """Weighted mean and variance, the latter times k / (k - 1) where `unbiased` (k the number of values)."""
    mean = float(np.average(values, weights=weights))
    variance = float(np.average((values - mean) ** 2, weights=weights))
    k = len(values)
    return mean, variance * k / (k - 1) if unbiased and k > 1 else variance


def percent_explained(explained: float, variance: float) -> float:
    """100 · explained / variance; NaN where there is no variance to explain."""
    return 100 * explained / variance if variance > NO_SPREAD else np.nan


def completed(row: dict[str, object], spread: str, interval: str, cred_level: float, conf_level: float) -> pd.DataFrame:
    """One row with confidence interval, and credibility interval estimate ± z or t times the column `spread`."""
    check_conf_level(cred_level)
    if interval not in INTERVALS:
        raise ValueError(f"interval must be one of {', '.join(INTERVALS)}; found {interval!r}.")
    df = np.inf if interval == "normal" else row["k"] - 1.0
    table = with_intervals(pd.DataFrame([row]).assign(df=df), conf_level)
    half = stats.t.ppf(0.5 + cred_level / 2, df) * table[spread]
    return table.assign(cr_low=table["estimate"] - half, cr_high=table["estimate"] + half, cred_level=cred_level)
