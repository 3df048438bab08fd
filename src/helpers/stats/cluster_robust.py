"""Cluster-robust errors of a fitted regression: CR0, CR1, CR2 with Satterthwaite degrees of freedom, CR3.

All four are one sandwich, ``bread · Σ s s' · bread`` with cluster scores ``s = X' A e``; they differ in the adjustment
A, made from the cluster's own block H of the hat matrix:

- CR0: A = I. CR1: the same times G/(G-1) · (n-1)/(n-K), K the slopes plus the levels of the second effect (the entity
  effects, nested in the clusters, are not counted: the convention of fixest).
- CR2 (Bell-McCaffrey): A = (I - H)^-1/2, unbiased when errors are independent with equal variance.
- CR3: A = (I - H)^-1, the jackknife that leaves out one cluster at a time, without the factor (G-1)/G.

The hat matrix is that of the full dummy regression. Entity effects that nest in the clusters drop out of it exactly,
so only the second effect and the regressors are carried (Pustejovsky and Tipton 2018, theorem 2, for least squares).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.two_way import TwoWayFit

KINDS = ("CR0", "CR1", "CR2", "CR3")
# Satterthwaite df above 4 are needed for honest p-values (Tipton 2015), and df stay below the number of clusters.
MIN_CLUSTERS = 5
# A cluster that alone determines a direction has leverage 1 there and no residual: the generalised inverse skips it.
FULL_LEVERAGE = 1 - 1e-10
NO_LEVERAGE = 1e-8


def cluster_covariance(fit: TwoWayFit, *, kind: str = "CR2") -> pd.DataFrame:
    """
    Cluster-robust covariance of the coefficients.

    Parameters
    ----------
    fit : TwoWayFit
        With k coefficients and G clusters.
    kind : {"CR2", "CR0", "CR1", "CR3"}
        See the head of the module.

    Returns
    -------
    DataFrame, shape (k, k)
        Covariance matrix, named as the coefficients.

    Raises
    ------
    ValueError
        For an unknown kind.
    NotApplicable
        With fewer than two clusters.

    References
    ----------
    R. Bell, D. McCaffrey (2002), *Survey Methodology* 28(2), 169-181; J. Pustejovsky, E. Tipton (2018), *Journal of
    Business & Economic Statistics* 36(4), 672-683; A. C. Cameron, D. Miller (2015), *Journal of Human Resources* 50(2).
    """
    names = fit.coefficients.index
    matrix = _sandwich(fit, adjusted_regressors(fit, kind=kind), kind)
    return pd.DataFrame(matrix, index=names, columns=names)


def satterthwaite_df(fit: TwoWayFit, combinations: pd.DataFrame) -> pd.Series:
    """
    Satterthwaite degrees of freedom of the CR2 variance of linear combinations.

    Parameters
    ----------
    fit : TwoWayFit
        With k coefficients.
    combinations : DataFrame, shape (q, k)
        One combination per row, columns named as the coefficients.

    Returns
    -------
    Series, shape (q,)
        ``(Σ_g w_gg)² / Σ_gh w_gh²`` with w the covariance of the cluster terms ``p_g' e_g`` for independent errors.

    References
    ----------
    J. Pustejovsky, E. Tipton (2018), *Journal of Business & Economic Statistics* 36(4), 672-683.
    """
    return _satterthwaite(fit, adjusted_regressors(fit), combinations)


def linear_combinations(
    fit: TwoWayFit, combinations: pd.DataFrame | None = None, *, kind: str = "CR2", conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Estimates of linear combinations of the coefficients, with cluster-robust intervals.

    Parameters
    ----------
    fit : TwoWayFit
        With k coefficients and G clusters.
    combinations : DataFrame, shape (q, k), optional
        One combination per row, named by the index. Default: each coefficient by itself.
    kind : {"CR2", "CR0", "CR1", "CR3"}
        See the head of the module.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (q, 10)
        `ESTIMATE_COLUMNS`; ``df`` by Satterthwaite for CR2, G - 1 for the others.

    Raises
    ------
    ValueError
        For an unknown kind.
    NotApplicable
        With fewer than two clusters.
    """
    names = fit.coefficients.index
    if combinations is None:
        combinations = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    weights = combinations[list(names)].to_numpy(float)
    adjusted = adjusted_regressors(fit, kind=kind)
    variance = np.einsum("qk,kl,ql->q", weights, _sandwich(fit, adjusted, kind), weights)
    df = pd.Series(fit.n_clusters - 1.0, combinations.index)
    if kind == "CR2":
        df = _satterthwaite(fit, adjusted, combinations)
    table = {"estimate": weights @ fit.coefficients, "se": np.sqrt(variance), "df": df}
    table = pd.DataFrame(table, index=combinations.index).rename_axis("term").reset_index()
    return with_intervals(table.assign(n=fit.n, n_clusters=fit.n_clusters), conf_level)


def adjusted_regressors(fit: TwoWayFit, *, kind: str = "CR2") -> np.ndarray:
    """
    Regressors after each cluster's adjustment, ``A X``, shape (n, k); see the head of the module.

    Raises
    ------
    ValueError
        For an unknown kind.
    NotApplicable
        With fewer than two clusters.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; found {kind!r}.")
    if fit.n_clusters < 2:
        raise NotApplicable("Errors by cluster need {needed} clusters; found {found}.", needed=2, found=fit.n_clusters)
    if kind in ("CR0", "CR1"):
        return fit.regressors
    # H = Q Q' has the eigenvalues of the small Q'Q: with Q'Q = V L V', A X = X + Q V (f(L) - 1)/L V' Q'X.
    block = cluster_sums(fit.basis[:, :, None] * fit.basis[:, None, :], fit.cluster)
    leverage, vectors = np.linalg.eigh(block)
    cross = cluster_sums(fit.basis[:, :, None] * fit.regressors[:, None, :], fit.cluster)
    change = vectors @ (_stretch(leverage, kind)[:, :, None] * (vectors.transpose(0, 2, 1) @ cross))
    return fit.regressors + np.einsum("nr,nrk->nk", fit.basis, change[fit.cluster])


def cluster_sums(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Sums of rows by cluster, shape (n, ...) to (G, ...)."""
    order = np.argsort(cluster, kind="stable")
    starts = np.searchsorted(cluster[order], np.arange(cluster.max() + 1))
    return np.add.reduceat(values[order], starts, axis=0)


def _sandwich(fit: TwoWayFit, adjusted: np.ndarray, kind: str) -> np.ndarray:
    scores = cluster_sums(adjusted * fit.residuals[:, None], fit.cluster)
    return _factor(fit, kind) * fit.bread @ (scores.T @ scores) @ fit.bread


def _satterthwaite(fit: TwoWayFit, adjusted: np.ndarray, combinations: pd.DataFrame) -> pd.Series:
    weights = adjusted @ fit.bread @ combinations[list(fit.coefficients.index)].to_numpy(float).T
    return pd.Series([_df(fit, column) for column in weights.T], index=combinations.index, name="df")


def _stretch(leverage: np.ndarray, kind: str) -> np.ndarray:
    power = 0.5 if kind == "CR2" else 1.0
    inner = np.clip(leverage, NO_LEVERAGE, FULL_LEVERAGE)
    stretch = ((1 - inner) ** -power - 1) / inner
    return np.where(leverage >= FULL_LEVERAGE, -1.0, stretch)


def _factor(fit: TwoWayFit, kind: str) -> float:
    if kind != "CR1":
        return 1.0
    n_parameters = len(fit.coefficients) + max(fit.n_dummies, 1)
    return fit.n_clusters / (fit.n_clusters - 1) * (fit.n - 1) / (fit.n - n_parameters)


def _df(fit: TwoWayFit, weights: np.ndarray) -> float:
    """w = diag(d) - q q' with d the squared length and q the fitted part of each cluster's weights."""
    d = cluster_sums(weights**2, fit.cluster)
    q = cluster_sums(fit.basis * weights[:, None], fit.cluster)
    fitted = (q**2).sum(axis=1)
    squares = (d**2).sum() - 2 * (d * fitted).sum() + ((q.T @ q) ** 2).sum()
    return float((d - fitted).sum() ** 2 / squares) if squares > 0 else np.nan
