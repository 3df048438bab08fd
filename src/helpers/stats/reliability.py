"""How well the items of a scale agree: Cronbach's alpha, McDonald's omega, and what more answers would bring.

A *scale* is a set of items, all turned the same way, whose mean is one score. Reliability is the share of the variance
of scores that is not error; it is a property of the scores in these people, not of the questionnaire.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from helpers.stats.estimates import NotApplicable, check_conf_level

# The reliability from which figures are commonly used to compare units.
RELIABLE = 0.7
# With two items the loadings of a factor cannot be told apart.
MIN_FACTOR_ITEMS = 3
# Jöreskog's lower bound for the unique share of an item's variance; at the bound the model does not hold.
LEAST_UNIQUE = 0.005


def cronbach_alpha(items: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Cronbach's alpha of a scale, with Feldt's interval.

    Parameters
    ----------
    items : DataFrame, shape (people, k)
        Answers, all turned the same way; people who left an item out are not counted.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (1, 8)
        ``term`` ("alpha"), ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``, ``n_items``,
        ``standardised`` (alpha of the correlations). Below zero where items run against each other.

    Raises
    ------
    NotApplicable
        With fewer than two items, fewer than three people who answered all, or an item without differences.

    Notes
    -----
    ``alpha = k / (k - 1) (1 - Σ s_i² / s_total²)``. It is the reliability where all items measure the same thing
    equally well, and a lower bound where errors are unrelated. For normal answers ``(1 - true) / (1 - alpha)`` follows
    F(n - 1, (n - 1)(k - 1)), which gives the interval.

    References
    ----------
    L. Cronbach (1951), *Psychometrika* 16; L. Feldt (1965), *Psychometrika* 30, 357-370.
    """
    check_conf_level(conf_level)
    answers = _complete(items, needed=2)
    n, k = answers.shape
    alpha, level = _alpha(np.cov(answers.T)), 0.5 + conf_level / 2
    low, high = (1 - (1 - alpha) * stats.f.ppf(q, n - 1, (n - 1) * (k - 1)) for q in (level, 1 - level))
    row = {"term": "alpha", "estimate": alpha, "ci_low": low, "ci_high": high, "conf_level": conf_level, "n": n}
    return pd.DataFrame([row | {"n_items": k, "standardised": _alpha(np.corrcoef(answers.T))}])


def mcdonald_omega(items: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    McDonald's omega total of a scale, from a model with one factor.

    Parameters
    ----------
    items, conf_level
        As in `cronbach_alpha`; at least three items.

    Returns
    -------
    DataFrame, shape (1, 9)
        ``term`` ("omega"), ``estimate``, ``se``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``, ``n_items``, ``rmsr``:
        root mean square of the correlations that one factor leaves; above some .08 it is not one scale.

    Raises
    ------
    NotApplicable
        As in `cronbach_alpha`; also where one item carries the factor alone, or items run against each other.

    Notes
    -----
    Maximum likelihood; with loadings λ and unique variances ψ, ``omega = (Σλ)² / ((Σλ)² + Σψ)``. Unlike alpha it lets
    items measure the thing unequally well. The standard error is that of the sandwich with expected information, so
    answers need not be normal; the interval is normal on the logit scale.

    References
    ----------
    R. McDonald (1999), *Test Theory*, chapter 6; K. Jöreskog (1967), *Psychometrika* 32; A. Satorra, P. Bentler (1994),
    in *Latent Variables Analysis*, 399-419 (errors).
    """
    check_conf_level(conf_level)
    answers = _complete(items, needed=MIN_FACTOR_ITEMS)
    loadings, unique = one_factor(answers)
    sds = answers.std(axis=0, ddof=1)
    misfit = np.corrcoef(answers.T) - np.outer(loadings, loadings) / np.outer(sds, sds)
    omega, se = _omega(answers, loadings, unique)
    half = stats.norm.ppf(0.5 + conf_level / 2) * se / (omega * (1 - omega))
    low, high = (1 / (1 + np.exp(-(np.log(omega / (1 - omega)) + side * half))) for side in (-1, 1))
    row = {"term": "omega", "estimate": omega, "se": se, "ci_low": low, "ci_high": high, "conf_level": conf_level}
    rmsr = np.sqrt(np.mean(misfit[np.triu_indices(len(sds), 1)] ** 2))
    return pd.DataFrame([row | {"n": len(answers), "n_items": len(sds), "rmsr": rmsr}])


def one_factor(answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Loadings and unique variances of a one-factor model, by maximum likelihood.

    Parameters
    ----------
    answers : ndarray, shape (n, k)

    Returns
    -------
    loadings, unique : ndarray, shape (k,)
        In the units of the items; loadings sum to a positive number.

    Raises
    ------
    NotApplicable
        Where a unique variance runs to zero, or loadings have different signs.
    """
    correlation, sds = np.corrcoef(answers.T), answers.std(axis=0, ddof=1)

    def misfit(unique: np.ndarray) -> float:
        values = np.linalg.eigvalsh(correlation / np.sqrt(np.outer(unique, unique)))[:-1]
        return float(-np.sum(np.log(np.maximum(values, 1e-12)) - values + 1))

    def slope(unique: np.ndarray) -> np.ndarray:
        implied = np.outer(loadings := _loadings(correlation, unique), loadings) + np.diag(unique)
        return np.diag(implied - correlation) / unique**2

    start = 0.5 / np.diag(np.linalg.pinv(correlation))
    bounds = [(LEAST_UNIQUE, 1.0)] * len(sds)
    options = {"ftol": 1e-15, "maxiter": 500}
    found = optimize.minimize(misfit, start, jac=slope, method="SLSQP", bounds=bounds, options=options).x
    loadings = _loadings(correlation, found)
    if found.min() <= LEAST_UNIQUE * 1.01:
        raise NotApplicable("One factor does not fit these items: a single item carries it alone.")
    if loadings.min() * loadings.max() < 0:
        raise NotApplicable("Some items run against the others, so they form no single scale.")
    return loadings * sds, found * sds**2


def spearman_brown(reliability: float | pd.Series, times: float | pd.Series) -> float | pd.Series:
    """
    Reliability of a scale or sample made longer.

    Parameters
    ----------
    reliability : float or Series
        Of the present length, at most 1; ICC(1) is that of a unit with one answer.
    times : float or Series
        New length over the present one.

    Returns
    -------
    float or Series
        ``times · r / (1 + (times - 1) r)``.

    References
    ----------
    C. Spearman (1910), *British Journal of Psychology* 3; W. Brown (1910), the same volume.
    """
    return times * reliability / (1 + (times - 1) * reliability)


def _alpha(covariance: np.ndarray) -> float:
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def _loadings(correlation: np.ndarray, unique: np.ndarray) -> np.ndarray:
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    loadings = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    return loadings if loadings.sum() >= 0 else -loadings


def _omega(answers: np.ndarray, loadings: np.ndarray, unique: np.ndarray) -> tuple[float, float]:
    """Omega and its standard error, from each person's pull on loadings and unique variances."""
    inverse = np.linalg.inv(np.outer(loadings, loadings) + np.diag(unique))
    pull = (answers - answers.mean(axis=0)) @ inverse
    scores = np.hstack([pull * (pull @ loadings)[:, None], pull**2 / 2])
    u = inverse @ loadings
    mixed = inverse * u
    information = np.block([[(loadings @ u) * inverse + np.outer(u, u), mixed], [mixed.T, inverse**2 / 2]])
    total, error = loadings.sum(), unique.sum()
    variance = total**2 + error
    slope = np.repeat([2 * total * error / variance**2, -((total / variance) ** 2)], len(loadings))
    pulls = (scores - scores.mean(axis=0)) @ np.linalg.solve(information, slope)
    return float(total**2 / variance), float(pulls.std(ddof=1) / np.sqrt(len(answers)))


def _complete(items: pd.DataFrame, *, needed: int) -> np.ndarray:
    if items.shape[1] < needed:
        raise NotApplicable(
            "The reliability of a scale needs {needed} items; found {found}.", needed=needed, found=items.shape[1]
        )
    answers = items.dropna().to_numpy(float)
    if len(answers) <= needed:
        raise NotApplicable(
            "The reliability of a scale needs more than {needed} people who answered all items; found {found}.",
            needed=needed,
            found=len(answers),
        )
    if not (answers.std(axis=0) > 0).all():
        raise NotApplicable("Everybody gave the same answer to one of the items, so items cannot be compared.")
    return answers
