"""Shares of drivers in R² with their intervals, and the ranks that the data can tell.

A *share* is the part of a driver in what all drivers explain together, by LMG, see `relative_importance`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.cluster_moments import ClusterMoments
from helpers.stats.relative_importance import johnson_weights, lmg_weights


def driver_shares(
    moments: ClusterMoments, drivers: Sequence[str], rng: np.random.Generator, *, conf_level: float, n_boot: int
) -> pd.DataFrame:
    """
    Share of each driver with its interval, and the ranks that cannot be excluded.

    Parameters
    ----------
    moments : ClusterMoments
        Of the drivers, and of the outcome last.
    drivers : sequence of str
    rng : Generator
        Draws the clusters.
    conf_level : float
    n_boot : int
        Bootstrap draws.

    Returns
    -------
    DataFrame
        ``shares`` of `driver_study.DriverStudy`.
    """
    shares = lmg_shares(moments.covariance)
    table = part_limits(shares, moments.standard_error(lmg_shares), moments, conf_level)
    drawn = lmg_shares(moments.drawn(rng, n_boot))
    # Few clusters, drawn anew, may leave the drivers without any movement of their own.
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    errors = moments.standard_error(_differences).reshape(len(shares), len(shares))
    sure = {"errors": errors, "n_clusters": moments.n_clusters, "conf_level": conf_level}
    low, high = rank_ranges(shares, drawn, **sure)
    johnson = johnson_weights(moments.covariance)
    ranks = stats.rankdata(-shares, method="min").astype(int)
    told = {"johnson": johnson / johnson.sum(), "rank": ranks, "rank_low": low, "rank_high": high}
    return table.assign(term=list(drivers), **told)


def lmg_shares(covariance: np.ndarray) -> np.ndarray:
    """Give the share of each driver in R² by LMG, shape (…, p)."""
    weights = lmg_weights(covariance)
    return weights / weights.sum(axis=-1, keepdims=True)


def rank_ranges(
    shares: np.ndarray, drawn: np.ndarray, *, errors: np.ndarray, n_clusters: int, conf_level: float
) -> np.ndarray:
    """
    Give the ranks of each driver that cannot be excluded, all at once.

    Parameters
    ----------
    shares : ndarray, shape (p,)
    drawn : ndarray, shape (draws, p)
        The same from clusters drawn anew.
    errors : ndarray, shape (p, p)
        Standard errors of the differences between two shares.
    n_clusters : int
    conf_level : float

    Returns
    -------
    ndarray of int, shape (2, p)
        Lowest and highest rank; rank 1 is the largest share. See `driver_study.driver_study` for the rule.
    """
    apart, apart_drawn = shares[:, None] - shares, drawn[:, :, None] - drawn[:, None, :]
    # A driver has no distance from itself.
    spread = apart_drawn.std(axis=0, ddof=1) + np.eye(len(shares))
    largest = np.quantile(np.abs((apart_drawn - apart) / spread).max(axis=(1, 2)), conf_level)
    # As far out in t(G − 1) as it lies in the normal: errors from few clusters are themselves uncertain.
    limit = stats.t.isf(stats.norm.sf(largest), n_clusters - 1)
    above = (apart < -limit * errors).sum(axis=1)
    below = (apart > limit * errors).sum(axis=1)
    return np.stack([1 + above, len(shares) - below])


def part_limits(estimate: np.ndarray, se: np.ndarray, moments: ClusterMoments, conf_level: float) -> pd.DataFrame:
    """Interval of parts of a whole, which end at 0 and 1."""
    half = stats.t.ppf(0.5 + conf_level / 2, moments.n_clusters - 1) * se
    limits = {"ci_low": np.clip(estimate - half, 0, 1), "ci_high": np.clip(estimate + half, 0, 1)}
    return pd.DataFrame({"estimate": estimate, **limits, "conf_level": conf_level})


def _differences(covariance: np.ndarray) -> np.ndarray:
    """Difference of each share from each other one, shape (…, p · p)."""
    shares = lmg_shares(covariance)
    return (shares[..., :, None] - shares[..., None, :]).reshape(*shares.shape[:-1], -1)
