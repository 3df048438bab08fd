"""Counts with exposure: negative binomial regression with period effects and errors clustered by unit.

A *rate* is counts per unit of exposure, such as spells of absence per person and year. Effects are log rate ratios.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from helpers.stats.estimates import NotApplicable
from helpers.stats.two_way import RANK_TOLERANCE, TwoWayFit

MOST_ROUNDS, TOLERANCE = 60, 1e-8
START = 0.2
# Means beyond e to this power are a fit that runs away.
LARGEST_LOG = 50.0
# Dispersions looked among: a variance of the mean itself, up to one of 100 means squared.
LEAST_DISPERSION, MOST_DISPERSION = 1e-8, 100.0


@dataclass(frozen=True)
class CountFit:
    """A fitted regression: `weighted` is its last weighted least squares, from which errors by cluster come.

    `mean` (n,) are the counts expected, `weight` (n,) what each row counts, `dispersion` is the alpha of
    ``Var = mu + alpha mu²``.
    """

    weighted: TwoWayFit
    mean: np.ndarray
    weight: np.ndarray
    dispersion: float


def count_fit(
    rows: pd.DataFrame,
    x: Sequence[str],
    *,
    y: str,
    exposure: str,
    dummies: Sequence[str] = ("time",),
    poisson: bool = False,
) -> CountFit:
    """
    Fit ``log E[y] = log exposure + effects + x' b`` with ``Var[y] = mu + alpha mu²``.

    Parameters
    ----------
    rows : DataFrame, shape (n, ...)
        Complete: `y` (whole, 0 or more), `exposure` (above 0), the columns `x` and `dummies`, ``cluster``.
    x : sequence of str, length k
    y, exposure : str
    dummies : sequence of str
        Columns whose levels have an effect each.
    poisson : bool
        Hold alpha at 0: with errors by cluster the ratios are right whatever the variance.

    Returns
    -------
    CountFit
        `weighted` gives errors by `cluster_robust.linear_combinations`: regressors and residuals of the last step,
        times the root of the weights ``mu / (1 + alpha mu)``, as clubSandwich takes them for such models.

    Raises
    ------
    ValueError
        For a negative count, or an exposure that is not positive.
    NotApplicable
        When all counts are 0, or an x does not vary beside the effects.

    Notes
    -----
    Maximum likelihood by turns: b given alpha by iterated least squares, alpha given b by a search on its log scale,
    until neither moves. statsmodels' NegativeBinomial agrees, but stops earlier and has no dispersion of nought.

    References
    ----------
    J. Lawless (1987), *Canadian Journal of Statistics* 15(3), 209-225; A. C. Cameron, P. Trivedi (2013), *Regression
    Analysis of Count Data*, 2nd ed., ch. 3; J. Pustejovsky, E. Tipton (2018), *JBES* 36(4), 672-683 (CR2 for them).
    """
    counts, offset = _counts(rows, y, exposure)
    design, n_effects = _design(rows, list(x), list(dummies))
    alpha, b = 0.0 if poisson else START, np.zeros(design.shape[1])
    b[0] = np.log(counts.sum() / np.exp(offset).sum())
    for _ in range(MOST_ROUNDS):
        b, before = _coefficients(design, counts, offset, alpha, b), alpha
        mean = np.exp(design @ b + offset)
        if poisson or abs((alpha := _dispersion(counts, mean)) - before) < TOLERANCE * (1 + before):
            break
    weight = mean / (1 + alpha * mean)
    names = list(x)
    return CountFit(
        _weighted_fit(design, n_effects, names, b, (counts - mean) / mean, weight, rows["cluster"]),
        np.asarray(mean),
        np.asarray(weight),
        alpha,
    )


def zero_check(counts: np.ndarray, fit: CountFit, *, conf_level: float = 0.95) -> dict[str, float]:
    """
    Hold the rows without any count against what the fitted model expects of them.

    Parameters
    ----------
    counts : ndarray, shape (n,)
    fit : CountFit
    conf_level : float
        Share of samples from the model that lie within the limits.

    Returns
    -------
    dict
        ``observed``, ``expected`` (rows with count 0), ``low``, ``high``, ``conf_level``, ``n``.

    Notes
    -----
    A row has no count with probability ``(1 + alpha mu)^(-1 / alpha)``; the limits take rows as independent.

    References
    ----------
    Cameron and Trivedi (2013), ch. 6; P. Wilson (2015), *Economics Letters* 127, 51-53 (Vuong's test is none of zero
    inflation, which is why the zeros themselves are compared).
    """
    alpha, mean = fit.dispersion, fit.mean
    chance = np.exp(-mean) if alpha < LEAST_DISPERSION else (1 + alpha * mean) ** (-1 / alpha)
    expected, spread = float(chance.sum()), float(np.sqrt((chance * (1 - chance)).sum()))
    z = stats.norm.ppf(0.5 + conf_level / 2)
    limits = {"low": max(expected - z * spread - 0.5, 0.0), "high": expected + z * spread + 0.5}
    observed = {"observed": float((counts == 0).sum()), "expected": expected, "n": float(len(counts))}
    return observed | limits | {"conf_level": conf_level}


def _counts(rows: pd.DataFrame, y: str, exposure: str) -> tuple[np.ndarray, np.ndarray]:
    counts, at_risk = rows[y].to_numpy(float), rows[exposure].to_numpy(float)
    if (counts < 0).any() or not (at_risk > 0).all():
        raise ValueError(
            f"{y} must not be negative and {exposure} must be above 0; found {counts.min():g} and {at_risk.min():g}."
        )
    if not counts.any():
        raise NotApplicable("Nothing was counted in these units and periods.")
    return counts, np.log(at_risk)


def _design(rows: pd.DataFrame, x: list[str], dummies: list[str]) -> tuple[np.ndarray, int]:
    """Effects first, as a basis of full rank; then x, centred."""
    effects = [np.ones((len(rows), 1))]
    effects += [pd.get_dummies(rows[name], drop_first=True, dtype=float).to_numpy() for name in dummies]
    effects, values = np.hstack(effects), rows[x].to_numpy(float)
    values = values - values.mean(axis=0)
    left = values - effects @ np.linalg.lstsq(effects, values)[0]
    for free, whole in zip(left.T, values.T, strict=True):
        if np.linalg.norm(free) <= RANK_TOLERANCE * max(np.linalg.norm(whole), 1.0):
            raise NotApplicable("All units were engaged alike, so there is nothing to compare.")
    if len(rows) <= effects.shape[1] + len(x):
        raise NotApplicable(
            "Estimating {n_parameters} parameters needs more rows than {n}.",
            n=len(rows),
            n_parameters=effects.shape[1] + len(x),
        )
    return np.hstack([effects, values]), effects.shape[1]


def _coefficients(
    design: np.ndarray, counts: np.ndarray, offset: np.ndarray, alpha: float, b: np.ndarray
) -> np.ndarray:
    """Iterated least squares given alpha: ``(X'WX)^-1 X'W (y - mu) / mu`` until it no longer moves b."""
    for _ in range(MOST_ROUNDS):
        mean = np.exp(np.clip(design @ b + offset, -LARGEST_LOG, LARGEST_LOG))
        weight = mean / (1 + alpha * mean)
        weighted = design * weight[:, None]
        step = np.linalg.solve(weighted.T @ design, weighted.T @ ((counts - mean) / mean))
        b = b + step
        if np.abs(step).max() < TOLERANCE:
            return b
    raise NotApplicable("No ratio can be given: some periods or units hold no counts at all.")


def _dispersion(counts: np.ndarray, mean: np.ndarray) -> float:
    limits = np.log([LEAST_DISPERSION, MOST_DISPERSION])
    loss = partial(_loss, counts=counts, mean=mean)
    found = optimize.minimize_scalar(loss, bounds=limits, method="bounded", options={"xatol": 1e-9})
    return float(np.exp(found.x))


def _loss(log_alpha: float, *, counts: np.ndarray, mean: np.ndarray) -> float:
    """Minus the log likelihood of alpha, without what does not depend on it."""
    size = np.exp(-log_alpha)
    parts = special.gammaln(counts + size) - special.gammaln(size) - counts * np.log(size + mean)
    return -float((parts - size * np.log1p(mean / size)).sum())


def _weighted_fit(
    design: np.ndarray,
    n_effects: int,
    names: list[str],
    b: np.ndarray,
    relative: np.ndarray,
    weight: np.ndarray,
    cluster: pd.Series,
) -> TwoWayFit:
    """The last least squares step, in the form that cluster-robust errors are made from."""
    root = np.sqrt(weight)[:, None]
    effects = np.linalg.qr(root * design[:, :n_effects])[0]
    own = root * design[:, n_effects:]
    free = own - effects @ (effects.T @ own)
    residuals = root[:, 0] * relative
    slopes = b[n_effects:]
    return TwoWayFit(
        pd.Series(slopes, index=names),
        residuals + free @ slopes,
        free,
        residuals,
        np.hstack([effects, np.linalg.qr(free)[0]]),
        pd.factorize(cluster)[0],
        0,
        n_effects,
    )
