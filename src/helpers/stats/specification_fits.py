"""One effect of a lag model for many arrangements of x at once, with weights, period effects, unit effects or trends.

Arrays stand on a grid of N units and T periods, zero where a unit has no row; arrangements (b), lags (k) come before.
Everything is multiplied by the roots of the weights, so that weighted least squares are plain ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.stats.two_way import RANK_TOLERANCE

# Smallest eigenvalue of the correlations of lags that can be told apart; rounding leaves 1e-15.
GRAM_TOLERANCE = 1e-10


@dataclass(frozen=True)
class Effects:
    """What is taken away from every series of a specification.

    `root` (N, T): root of the weight, 0 without a row; `unit` (m, N, T): orthonormal level, and slope, of each unit;
    `periods` (N T, r): orthonormal period effects free of the units.
    """

    root: np.ndarray
    unit: np.ndarray
    periods: np.ndarray

    @property
    def n(self) -> int:
        """Rows."""
        return int((self.root > 0).sum())

    @property
    def n_units(self) -> int:
        """Units with rows."""
        return int((self.root > 0).any(axis=1).sum())

    @property
    def n_periods(self) -> int:
        """Periods with rows."""
        return int((self.root > 0).any(axis=0).sum())

    @property
    def n_parameters(self) -> int:
        """Effects, without the slopes of the lags."""
        return len(self.unit) * self.n_units + self.periods.shape[1]

    def free(self, values: np.ndarray) -> np.ndarray:
        """Weighted values without the effects, shape (..., N, T) to (..., N T)."""
        values = values * self.root
        for term in self.unit:
            values = values - term * (values * term).sum(axis=-1, keepdims=True)
        flat = values.reshape(*values.shape[:-2], -1)
        return flat - flat @ self.periods @ self.periods.T


def effects(weights: np.ndarray, *, n_unit_terms: int) -> Effects:
    """
    Effects of a specification.

    Parameters
    ----------
    weights : ndarray, shape (N, T)
        Above 0 where there is a row, else 0.
    n_unit_terms : {0, 1, 2}
        0 for none, 1 for a level of each unit, 2 for a level and a linear trend.

    Returns
    -------
    Effects
    """
    root, (n_units, n_times) = np.sqrt(weights), weights.shape
    unit = np.zeros((n_unit_terms, n_units, n_times))
    for power in range(n_unit_terms):
        term = root * (np.arange(n_times) - (n_times - 1) / 2) ** power
        for earlier in unit[:power]:
            term = term - earlier * (term * earlier).sum(axis=1, keepdims=True)
        size = np.linalg.norm(term, axis=1, keepdims=True)
        unit[power] = np.divide(term, size, out=np.zeros_like(term), where=size > RANK_TOLERANCE * root.max(initial=0))
    bare = Effects(root, unit, np.zeros((n_units * n_times, 0)))
    dummies = np.eye(n_times)[:, None] * np.ones((n_units, 1))
    left, size, _ = np.linalg.svd(bare.free(dummies).T, full_matrices=False)
    return Effects(root, unit, np.ascontiguousarray(left[:, size > RANK_TOLERANCE * size.max(initial=0)]))


def lag_effects(
    model: Effects, outcome: np.ndarray, histories: np.ndarray, claimed: int
) -> tuple[np.ndarray, np.ndarray]:
    """
    Effect of one lag beside the others, with CR1 errors by unit, in each arrangement.

    Parameters
    ----------
    model : Effects
    outcome : ndarray, shape (N, T)
    histories : ndarray, shape (k, b, N, T)
        Lags of x that each unit has in each arrangement.
    claimed : int
        Position of the lag among the k.

    Returns
    -------
    estimate, se : ndarray, shape (b,)
        An arrangement in which the lags cannot be told apart has NaN.
    """
    y, x = model.free(outcome), model.free(histories).transpose(1, 0, 2)
    products = x @ x.transpose(0, 2, 1)
    told = np.linalg.matrix_rank(_scaled(products), tol=GRAM_TOLERANCE, hermitian=True) == x.shape[1]
    bread = np.linalg.inv(np.where(told[:, None, None], products, np.eye(x.shape[1])))
    weights = np.stack([bread[:, claimed], (bread @ (x @ y)[..., None])[..., 0]], axis=1)
    along, fitted = (weights @ x).transpose(1, 0, 2)
    scores = (along * (y - fitted)).reshape(len(x), *outcome.shape).sum(axis=2)
    g, n, k = model.n_units, model.n, x.shape[1] + model.n_periods
    factor = g / (g - 1) * (n - 1) / (n - k)
    estimate, se = along @ y, np.sqrt(factor * (scores**2).sum(axis=1))
    return np.where(told, estimate, np.nan), np.where(told, se, np.nan)


def usable(rows: np.ndarray, *, least_per_unit: int) -> np.ndarray:
    """Rows (N, T) without units of fewer rows than that and periods of a single one, in turns until none is left."""
    kept, n_kept = rows.copy(), -1
    while n_kept != (n_kept := int(kept.sum())):
        kept &= kept.sum(axis=1, keepdims=True) >= least_per_unit
        kept &= kept.sum(axis=0) >= 2
    return kept


def _scaled(products: np.ndarray) -> np.ndarray:
    size = np.sqrt(np.einsum("bkk->bk", products))
    size = np.where(size > 0, size, 1.0)
    return products / (size[:, :, None] * size[:, None, :])
