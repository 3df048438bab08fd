"""Tests of a regression by GMM: of its instruments, and of serial correlation in its errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.cluster_robust import cluster_sums
from helpers.stats.gmm import GmmFit

TESTS = ("hansen", "sargan", "m1", "m2")
TEST_COLUMNS = ("term", "statistic", "df", "p_value")


def specification_tests(first: GmmFit, second: GmmFit | None, reported: GmmFit) -> pd.DataFrame:
    """
    Tests of the instruments and of serial correlation.

    Parameters
    ----------
    first, second : GmmFit
        Both steps; without the second there is no Hansen test.
    reported : GmmFit
        The one whose residuals are tested for serial correlation.

    Returns
    -------
    DataFrame, shape (4, 4)
        ``term`` (`TESTS`), ``statistic`` (chi-squared for hansen and sargan, z for m1 and m2), ``df``, ``p_value``;
        NaN where a test has nothing to test.

    Notes
    -----
    Hansen's test is robust to unequal variance and weak with many instruments (p near 1); Sargan's is neither. Errors
    that are independent in levels give a negative m1 and an m2 about zero.

    References
    ----------
    M. Arellano, S. Bond (1991), *Review of Economic Studies* 58(2), 277-297; D. Roodman (2009), *Oxford Bulletin of
    Economics and Statistics* 71(1), 135-158.
    """
    n, k = first.problem.regressors.shape
    variance = first.residuals @ first.residuals / (2 * (n - k)) if n > k else np.nan
    found = {"hansen": _distance(second) if second else np.nan, "sargan": _distance(first) / variance}
    df = first.problem.over_identified
    rows = [
        (name, value, df, stats.chi2.sf(value, df)) if df > 0 else (name, np.nan, df, np.nan)
        for name, value in found.items()
    ]
    serial = {f"m{lag}": _serial(reported, lag) for lag in (1, 2)}
    rows += [(name, value, np.nan, 2 * stats.norm.sf(abs(value))) for name, value in serial.items()]
    return pd.DataFrame(rows, columns=list(TEST_COLUMNS))


def _distance(fit: GmmFit) -> float:
    moments = fit.problem.instruments.T @ fit.residuals
    return float(moments @ fit.weight @ moments)


def _serial(fit: GmmFit, lag: int) -> float:
    """Covariance of residuals `lag` periods apart over its standard error, the error of the estimates included."""
    problem = fit.problem
    earlier = problem.earlier(fit.residuals, lag)
    by_unit = cluster_sums(earlier * fit.residuals, problem.unit)
    slope = earlier @ problem.regressors
    variance = by_unit @ by_unit - 2 * slope @ fit.projector @ fit.scores.T @ by_unit + slope @ fit.covariance @ slope
    return float(by_unit.sum() / np.sqrt(variance)) if earlier.any() and variance > 0 else np.nan
