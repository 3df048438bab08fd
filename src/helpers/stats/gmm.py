"""Generalised method of moments for a regression in first differences.

The moments are ``E[z_it (Δe_it)] = 0``, summed over the rows of a unit; units are independent. Differenced errors that
are independent in levels have the covariance H, with 2 on the diagonal and -1 between neighbouring periods: its inverse
weighs the moments of step one; those of step two are weighed by the spread that the residuals of step one show.

Estimates depend on the instruments only through the space they span. So they stand here as an orthonormal basis, and
outcome and regressors have unit length: large units of measurement cost no digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import cluster_sums
from helpers.stats.estimates import NotApplicable
from helpers.stats.two_way import RANK_TOLERANCE


@dataclass(frozen=True)
class GmmProblem:
    """Rows in differences, sorted by unit and time.

    `outcome` (n,) and `regressors` (n, k) are of unit length, `scale` (k,) turns coefficients back into points;
    `instruments` (n, m) is an orthonormal basis; `unit` (n,) counts from 0, `time` (n,) is the calendar.
    """

    names: tuple[str, ...]
    outcome: np.ndarray
    regressors: np.ndarray
    instruments: np.ndarray
    unit: np.ndarray
    time: np.ndarray
    scale: np.ndarray

    @property
    def n_units(self) -> int:
        """Units with at least one row."""
        return int(self.unit.max()) + 1

    @property
    def n_instruments(self) -> int:
        """Columns of the instruments that say different things, those of the periods included."""
        return self.instruments.shape[1]

    @property
    def over_identified(self) -> int:
        """Instruments beyond the number of regressors."""
        return self.n_instruments - self.regressors.shape[1]

    def earlier(self, values: np.ndarray, lag: int) -> np.ndarray:
        """Values of the same unit `lag` periods earlier, 0 where there are none; shape of `values`."""
        stride = int(self.time.max() - self.time.min()) + lag + 1
        keys = self.unit.astype("int64") * stride + self.time - self.time.min()
        position = np.searchsorted(keys, keys - lag).clip(max=len(keys) - 1)
        found = keys[position] == keys - lag
        return np.where(found.reshape(-1, *[1] * (values.ndim - 1)), values[position], 0.0)


@dataclass(frozen=True)
class GmmFit:
    """A solved problem; all arrays are on the scale of the problem.

    `projector` (k, m) times the moments gives the estimate; `weight` (m, m); `covariance` (k, k).
    """

    problem: GmmProblem
    estimate: np.ndarray
    residuals: np.ndarray
    projector: np.ndarray
    weight: np.ndarray
    covariance: np.ndarray

    @property
    def coefficients(self) -> pd.Series:
        """Effects in points of y per point of the regressor."""
        return pd.Series(self.estimate * self.problem.scale, index=self.problem.names)

    @cached_property
    def scores(self) -> np.ndarray:
        """Moments of each unit, shape (units, m)."""
        return cluster_sums(self.problem.instruments * self.residuals[:, None], self.problem.unit)

    def variance(self, combinations: pd.DataFrame) -> np.ndarray:
        """Variance of linear combinations, one per row, columns named as the coefficients."""
        weights = combinations[list(self.problem.names)].to_numpy(float) * self.problem.scale
        return np.einsum("qk,kl,ql->q", weights, self.covariance, weights)


def gmm_problem(
    outcome: np.ndarray,
    regressors: pd.DataFrame,
    instruments: np.ndarray,
    *,
    unit: np.ndarray,
    time: np.ndarray,
) -> GmmProblem:
    """
    Put a regression in differences into the form that both steps need.

    Parameters
    ----------
    outcome : array, shape (n,)
    regressors : DataFrame, shape (n, k)
        Periods included.
    instruments : array, shape (n, m)
        Zero where one is missing.
    unit, time : array of int, shape (n,)
        Units from 0 on; rows are sorted by both.

    Returns
    -------
    GmmProblem

    Raises
    ------
    NotApplicable
        When the instruments cannot tell the regressors apart.
    """
    sizes, length = np.linalg.norm(regressors.to_numpy(float), axis=0), np.linalg.norm(outcome)
    basis = _basis(instruments)
    scaled = regressors.to_numpy(float) / sizes
    if np.linalg.matrix_rank(basis.T @ scaled, tol=RANK_TOLERANCE) < scaled.shape[1]:
        raise NotApplicable(
            "{n_instruments} instruments cannot tell {n_parameters} effects apart.",
            n_instruments=basis.shape[1],
            n_parameters=scaled.shape[1],
        )
    names = tuple(map(str, regressors.columns))
    return GmmProblem(names, outcome / length, scaled, basis, unit, np.asarray(time), length / sizes)


def one_step(problem: GmmProblem) -> GmmFit:
    """
    Estimate with the weights of independent errors; errors of the estimates are robust and by unit.

    Parameters
    ----------
    problem : GmmProblem

    Returns
    -------
    GmmFit

    Raises
    ------
    NotApplicable
        When nothing of y is left unexplained.

    References
    ----------
    M. Arellano, S. Bond (1991), *Review of Economic Studies* 58(2), 277-297.
    """
    z = problem.instruments
    across = z.T @ problem.earlier(z, 1)
    fit = _solve(problem, np.linalg.inv(2 * z.T @ z - across - across.T))
    if np.linalg.norm(fit.residuals) <= RANK_TOLERANCE:
        raise NotApplicable("The model leaves nothing unexplained, so its errors cannot be told.")
    half = fit.scores @ fit.projector.T
    return _with_covariance(fit, half.T @ half)


def two_step(first: GmmFit) -> GmmFit:
    """
    Estimate with the weights that the residuals of step one ask for, with Windmeijer's errors.

    Parameters
    ----------
    first : GmmFit
        Step one.

    Returns
    -------
    GmmFit

    Raises
    ------
    NotApplicable
        When the units are no more than the instruments.

    Notes
    -----
    The weights come from estimates, which the usual errors of step two leave out: they are far too small in short or
    small panels. With Ω = Σ_i z_i'e_i e_i'z_i, M2 = (X'Z Ω^-1 Z'X)^-1 and V1 the robust covariance of step one:
    ``V = M2 + D M2 + M2 D' + D V1 D'``, column j of ``D = -M2 X'Z Ω^-1 (∂Ω/∂β_j) Ω^-1 Z'e2``.

    References
    ----------
    F. Windmeijer (2005), *Journal of Econometrics* 126(1), 25-51.
    """
    problem = first.problem
    if problem.n_instruments >= problem.n_units:
        raise NotApplicable(
            "Weighing {n_instruments} instruments by their spread needs more units than {n_units}.",
            n_instruments=problem.n_instruments,
            n_units=problem.n_units,
        )
    fit = _solve(problem, np.linalg.pinv(first.scores.T @ first.scores, hermitian=True))
    cross = problem.regressors.T @ problem.instruments
    plain = np.linalg.inv(cross @ fit.weight @ cross.T)
    pull = fit.weight @ problem.instruments.T @ fit.residuals
    change = np.column_stack([fit.projector @ _spread_change(first, k) @ pull for k in range(len(problem.names))])
    corrected = plain + change @ plain + plain @ change.T + change @ first.covariance @ change.T
    return _with_covariance(fit, corrected)


def _basis(instruments: np.ndarray) -> np.ndarray:
    used = instruments[:, np.linalg.norm(instruments, axis=0) > 0]
    left, size, _ = np.linalg.svd(used / np.linalg.norm(used, axis=0), full_matrices=False)
    return left[:, size > RANK_TOLERANCE * size[0]]


def _solve(problem: GmmProblem, weight: np.ndarray) -> GmmFit:
    cross = problem.regressors.T @ problem.instruments
    projector = np.linalg.solve(cross @ weight @ cross.T, cross @ weight)
    estimate = projector @ (problem.instruments.T @ problem.outcome)
    residuals = problem.outcome - problem.regressors @ estimate
    return GmmFit(problem, estimate, residuals, projector, weight, np.full((len(estimate),) * 2, np.nan))


def _with_covariance(fit: GmmFit, covariance: np.ndarray) -> GmmFit:
    return GmmFit(fit.problem, fit.estimate, fit.residuals, fit.projector, fit.weight, covariance)


def _spread_change(first: GmmFit, k: int) -> np.ndarray:
    """Minus the derivative of Ω to coefficient k."""
    problem = first.problem
    moved = cluster_sums(problem.instruments * problem.regressors[:, [k]], problem.unit)
    one_way = moved.T @ first.scores
    return one_way + one_way.T
