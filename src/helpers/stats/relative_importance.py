"""Relative importance of correlated drivers: how the R² of a regression on all of them is shared out among them.

All functions take covariance matrices, one or many at once, of shape (…, p + 1, p + 1) with the outcome last, and give
shape (…, p). A *weight* is a part of R²; weights add up to R². A *share* is a weight divided by R².
"""

from __future__ import annotations

from math import factorial

import numpy as np

from helpers.stats.estimates import NotApplicable

# LMG looks at every set of drivers: 4,096 of them here, which takes seconds with a bootstrap.
MOST_DRIVERS = 12


def lmg_weights(covariance: np.ndarray) -> np.ndarray:
    """
    Average over all orders of entry of what each driver adds to R²: Lindeman, Merenda and Gold; the Shapley value.

    Parameters
    ----------
    covariance : ndarray, shape (…, p + 1, p + 1)

    Returns
    -------
    ndarray, shape (…, p)
        ``w_j = Σ_S |S|! (p − |S| − 1)! / p! · (R²(S + j) − R²(S))`` over all sets S of the other drivers.

    Raises
    ------
    NotApplicable
        With more than `MOST_DRIVERS` drivers.

    References
    ----------
    R. Lindeman, P. Merenda, R. Gold (1980), *Introduction to Bivariate and Multivariate Analysis*; U. Groemping (2007),
    Estimators of relative importance in linear regression based on variance decomposition, *The American Statistician*
    61(2), 139-147.
    """
    p = covariance.shape[-1] - 1
    if p > MOST_DRIVERS:
        raise NotApplicable(
            "Importance can be shared out among at most {most} drivers; found {found}.", most=MOST_DRIVERS, found=p
        )
    explained = _explained(covariance)
    weights = np.zeros((*covariance.shape[:-2], p))
    for members, r2 in explained.items():
        size = members.bit_count()
        for j in range(p):
            if not members >> j & 1:
                part = factorial(size) * factorial(p - size - 1) / factorial(p)
                weights[..., j] += part * (explained[members | 1 << j] - r2)
    return weights


def johnson_weights(covariance: np.ndarray) -> np.ndarray:
    """
    Relative weights by way of the uncorrelated variables that lie nearest to the drivers.

    Parameters
    ----------
    covariance : ndarray, shape (…, p + 1, p + 1)

    Returns
    -------
    ndarray, shape (…, p)
        ``w = (Λ ∘ Λ) (b ∘ b)`` with ``Λ = R^½`` of the drivers' correlations R and ``b = Λ⁻¹ r``, r the correlations
        with the outcome. The same as Genizi's (1993) decomposition.

    References
    ----------
    J. Johnson (2000), A heuristic method for estimating the relative weight of predictor variables in multiple
    regression, *Multivariate Behavioral Research* 35(1), 1-19; A. Genizi (1993), *Statistica Sinica* 3, 407-420.
    """
    correlation = correlations(covariance)
    drivers, outcome = correlation[..., :-1, :-1], correlation[..., :-1, -1:]
    values, vectors = np.linalg.eigh(drivers)
    root = np.sqrt(np.maximum(values, 0.0))
    loadings = (vectors * root[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    slopes = np.linalg.solve(loadings, outcome)
    return ((loadings**2) @ (slopes**2))[..., 0]


def r_squared(covariance: np.ndarray) -> np.ndarray:
    """Give R² of the regression on all drivers, shape (…,)."""
    return (standard_slopes(covariance) * correlations(covariance)[..., :-1, -1]).sum(axis=-1)


def raw_slopes(covariance: np.ndarray) -> np.ndarray:
    """Give the slopes on all drivers together, in units of the outcome per unit of the driver, shape (…, p)."""
    return np.linalg.solve(covariance[..., :-1, :-1], covariance[..., :-1, -1:])[..., 0]


def standard_slopes(covariance: np.ndarray) -> np.ndarray:
    """Give the slopes on all drivers together, in standard deviations per standard deviation, shape (…, p)."""
    return raw_slopes(correlations(covariance))


def correlations(covariance: np.ndarray) -> np.ndarray:
    """Turn covariances into correlations, shape (…, k, k)."""
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return covariance / (sd[..., :, None] * sd[..., None, :])


def variance_inflation(covariance: np.ndarray) -> np.ndarray:
    """Give for each driver 1 / (1 − R² of it on the other drivers), shape (…, p)."""
    return np.diagonal(np.linalg.inv(correlations(covariance)[..., :-1, :-1]), axis1=-2, axis2=-1)


def common_share(covariance: np.ndarray) -> np.ndarray:
    """Give the share of the drivers' variance that lies along their first principal component, shape (…,)."""
    return np.linalg.eigvalsh(correlations(covariance)[..., :-1, :-1])[..., -1] / (covariance.shape[-1] - 1)


def _explained(covariance: np.ndarray) -> dict[int, np.ndarray]:
    """R² of every set of drivers, by its members as bits: what is left of the outcome once they are taken out."""
    p = covariance.shape[-1] - 1
    found = {0: np.zeros(covariance.shape[:-2])}
    total = covariance[..., -1, -1]

    def add(left: np.ndarray, members: int, first: int) -> None:
        for j in range(first, p):
            row = left[..., j, :]
            rest = left - row[..., :, None] * row[..., None, :] / row[..., j, None, None]
            found[members | 1 << j] = 1 - rest[..., -1, -1] / total
            add(rest, members | 1 << j, j + 1)

    add(covariance, 0, 0)
    return found
