"""Maximum likelihood for the cross-lagged model: its estimates, their errors, and how well it fits.

Means are free in every wave, so the likelihood depends on the covariance of the waves alone, and Fisher scoring takes
a handful of steps. Errors come from leaving out each cluster: units of unlike size have shocks of unlike size, and
errors that take all units as alike are then too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.stats.cross_lagged_model import Model

MAX_STEPS = 200
MAX_HALVINGS = 40
# The log-likelihood per unit is known to about 1e-14; a step that promises less than this gains nothing.
TOLERANCE = 1e-13
# Without one cluster parameters move by about an error over the root of their number; a thousandth of that is enough.
TOLERANCE_OF_MOVES = 1e-9
# Full steps from near the solution; what has not come to rest by then is fitted alone, with care.
MAX_STEPS_TOGETHER = 25
# Clusters fitted at once, which bounds memory.
CHUNK = 100
# Beyond this condition number the data leave some parameter open.
MAX_CONDITION = 1e10


@dataclass(frozen=True)
class Fit:
    """Parameters in the order of `Model`, shape (k,); their covariance for one unit; distance F (χ² = n · F)."""

    parameters: np.ndarray
    covariance: np.ndarray
    distance: float


def fit_covariance(model: Model, observed: np.ndarray, start: np.ndarray, tolerance: float = TOLERANCE) -> Fit | None:
    """
    Find the parameters under which a covariance is most likely.

    Parameters
    ----------
    model : Model
    observed : array, shape (2 waves, 2 waves)
        Covariance of the waves over units (divided by their number), positive definite.
    start : array, shape (k,)
        Parameters to search from.
    tolerance : float
        Gain in log-likelihood per unit, times two, below which the last step is taken.

    Returns
    -------
    Fit or None
        None where no maximum is found, or the data leave a parameter open.

    Notes
    -----
    ``F = log|Σ| + tr(S Σ^-1) - log|S| - 2T``; expected information for one unit ``tr(Σ^-1 Σ_j Σ^-1 Σ_k) / 2``.

    References
    ----------
    K. Bollen (1989), *Structural Equations with Latent Variables*, ch. 4.
    """
    values, found = start, np.inf
    for _ in range(MAX_STEPS):
        sigma, derivatives = model.implied(values)
        information, slope = _scoring(sigma, derivatives, observed)
        if not np.linalg.cond(information) < MAX_CONDITION:
            return None
        step = np.linalg.solve(information, slope)
        if slope @ step < tolerance:
            return Fit(values + step, np.linalg.inv(information), max(_distance(sigma, observed), 0.0))
        found = min(found, _distance(sigma, observed))
        values = _along(model, values, step, found, observed)
        if values is None:
            return None
    return None


def jackknife(model: Model, centred: np.ndarray, cluster: np.ndarray, fit: Fit) -> np.ndarray | None:
    """
    Covariance of the parameters from leaving out each cluster.

    Parameters
    ----------
    model : Model
    centred : array, shape (n, 2 waves)
        Waves of the units less the means over units.
    cluster : array, shape (n,)
        Of each unit, numbered from 0.
    fit : Fit
        Of all units.

    Returns
    -------
    array, shape (k, k), or None
        None where the model has no solution without one of the clusters.
    """
    n_clusters, moves = cluster.max() + 1, []
    for chunk in np.array_split(np.arange(n_clusters), n_clusters // CHUNK + 1):
        rest = np.array([np.cov(centred[cluster != one], rowvar=False, bias=True) for one in chunk])
        values, is_done = _together(model, rest, fit.parameters)
        for place in np.flatnonzero(~is_done):
            without = fit_covariance(model, rest[place], fit.parameters, TOLERANCE_OF_MOVES)
            if without is None:
                return None
            values[place] = without.parameters
        moves.append(values - fit.parameters)
    moves = np.concatenate(moves)
    return moves.T @ moves * (n_clusters - 1) / n_clusters


def scaling(model: Model, centred: np.ndarray, cluster: np.ndarray, fit: Fit) -> float:
    """
    Mean of χ² over its df where units differ in spread or share shocks; 1 for normal units that are alike.

    References
    ----------
    A. Satorra, P. Bentler (1994), in A. von Eye, C. Clogg (eds.), *Latent Variables Analysis*, 399-419.
    """
    sigma, derivatives = model.implied(fit.parameters)
    inverse = np.linalg.inv(sigma)
    products = np.einsum("ia,ib->iab", centred, centred)
    sums = np.zeros((cluster.max() + 1, *sigma.shape))
    np.add.at(sums, cluster, products - products.mean(axis=0))
    left = inverse @ sums
    whole = np.einsum("iab,iba->", left, left) / 2
    scores = np.einsum("iab,jba->ij", left, inverse @ derivatives, optimize=True) / 2
    explained = np.einsum("ij,jk,ik->", scores, fit.covariance, scores, optimize=True)
    return float(whole - explained) / len(centred) / model.df


def _together(model: Model, observed: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Parameters of many covariances near one another, by full steps; and which of them came to rest."""
    values, is_done = np.tile(start, (len(observed), 1)), np.full(len(observed), False)
    for _ in range(MAX_STEPS_TOGETHER):
        moving = np.flatnonzero(~is_done)
        information, slope = _scoring(*model.implied(values[moving]), observed[moving])
        if not np.linalg.cond(information).max() < MAX_CONDITION:
            break
        step = np.linalg.solve(information, slope[..., None])[..., 0]
        values[moving] += step
        is_done[moving] = (slope * step).sum(axis=1) < TOLERANCE_OF_MOVES
        if is_done.all():
            break
    return values, is_done


def _scoring(sigma: np.ndarray, derivatives: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Expected information and slope of the log-likelihood, for one unit; of one covariance or of many."""
    inverse = np.linalg.inv(sigma)
    weighted = inverse[..., None, :, :] @ derivatives
    flat, turned = (one.reshape(*one.shape[:-2], -1) for one in (weighted, weighted.swapaxes(-1, -2)))
    away = inverse @ (observed - sigma)
    slope = turned @ away.reshape(*away.shape[:-2], -1, 1)
    return flat @ turned.swapaxes(-1, -2) / 2, slope[..., 0] / 2


def _along(model: Model, values: np.ndarray, step: np.ndarray, found: float, observed: np.ndarray) -> np.ndarray | None:
    """Parameters after the longest of the step, its half, its quarter, … that fits no worse."""
    for halvings in range(MAX_HALVINGS):
        tried = values + step / 2**halvings
        with np.errstate(over="ignore", invalid="ignore"):
            distance = _distance(model.implied(tried)[0], observed)
        if distance <= found + TOLERANCE:
            return tried
    return None


def _distance(sigma: np.ndarray, observed: np.ndarray) -> float:
    """F; infinite for a matrix that is no covariance."""
    if not np.isfinite(sigma).all() or np.linalg.eigvalsh(sigma)[0] <= 0:
        return np.inf
    ratio = np.linalg.solve(sigma, observed)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(ratio))
