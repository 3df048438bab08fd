"""One test of several coefficients together, for few clusters: approximate Hotelling T² (HTZ)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from helpers.stats.cluster_robust import adjusted_regressors, cluster_covariance, cluster_sums
from helpers.stats.estimates import NotApplicable
from helpers.stats.two_way import TwoWayFit


def joint_test(fit: TwoWayFit, terms: Sequence[str]) -> pd.DataFrame:
    """
    Test that all the named coefficients are zero, by CR2 and the Hotelling T² approximation.

    Parameters
    ----------
    fit : TwoWayFit
        With k coefficients and G clusters.
    terms : sequence of str, length q
        Names of the coefficients tested.

    Returns
    -------
    DataFrame, shape (1, 8)
        ``term`` (the names, joined), ``statistic`` (F), ``df_numerator`` (q), ``df`` (of the denominator), ``p_value``,
        ``n``, ``n_clusters``, ``kind`` ("HTZ").

    Raises
    ------
    ValueError
        For a name that is not a coefficient.
    NotApplicable
        When there are too few clusters for so many coefficients (no positive df).

    Notes
    -----
    ``Q = b' V^-1 b``; ``F = (eta - q + 1) / (eta q) · Q`` is set against F(q, eta - q + 1), with
    ``eta = q (q + 1) / Σ_st Var(D_st)`` and D the CR2 covariance in units of its expectation for independent errors.

    References
    ----------
    E. Tipton, J. Pustejovsky (2015), *Journal of Educational and Behavioral Statistics* 40(6), 604-634; J. Pustejovsky,
    E. Tipton (2018), *Journal of Business & Economic Statistics* 36(4), 672-683.
    """
    unknown = [term for term in terms if term not in fit.coefficients.index]
    if unknown:
        raise ValueError(f"terms must be among {', '.join(fit.coefficients.index)}; found {unknown[0]!r}.")
    terms, q = list(terms), len(terms)
    b, covariance = fit.coefficients[terms].to_numpy(), cluster_covariance(fit).loc[terms, terms].to_numpy()
    df = _eta(fit, terms) - q + 1
    if not df > 0:
        raise NotApplicable(
            "Testing {q} effects together needs more clusters than {n_clusters}.", n_clusters=fit.n_clusters, q=q
        )
    statistic = df / ((df + q - 1) * q) * b @ np.linalg.solve(covariance, b)
    table = {"term": " + ".join(terms), "statistic": statistic, "df_numerator": q, "df": df}
    table |= {"p_value": special.fdtrc(q, df, statistic), "n": fit.n, "n_clusters": fit.n_clusters, "kind": "HTZ"}
    return pd.DataFrame([table])


def _eta(fit: TwoWayFit, terms: list[str]) -> float:
    """Degrees of freedom of D; its cluster terms have the covariance w_gh = [g = h] d_g - q_g q_h'."""
    chosen = fit.coefficients.index.get_indexer(terms)
    weights = adjusted_regressors(fit) @ fit.bread[:, chosen]
    weights = weights @ _inverse_root(_expected(fit, weights))
    d = cluster_sums(weights[:, :, None] * weights[:, None, :], fit.cluster)
    fitted = cluster_sums(weights[:, :, None] * fit.basis[:, None, :], fit.cluster)
    inner = np.einsum("gsr,gtr->gst", fitted, fitted)
    cross = np.einsum("gsa,gtb->stab", fitted, fitted)
    same = np.einsum("gss,gtt->st", d, d) - 2 * np.einsum("gss,gtt->st", d, inner) + (cross**2).sum(axis=(2, 3))
    swapped = (d**2).sum(axis=0) - 2 * (d * inner).sum(axis=0) + np.einsum("stab,stba->st", cross, cross)
    q = len(terms)
    return float(q * (q + 1) / (same + swapped).sum())


def _expected(fit: TwoWayFit, weights: np.ndarray) -> np.ndarray:
    fitted = cluster_sums(weights[:, :, None] * fit.basis[:, None, :], fit.cluster)
    return weights.T @ weights - np.einsum("gsr,gtr->st", fitted, fitted)


def _inverse_root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrix)
    return vectors / np.sqrt(values) @ vectors.T
