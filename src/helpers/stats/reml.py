"""Mixed-effects meta-regression by restricted maximum likelihood, the engine of the random-effects methods.

`y` are the effects of k studies, `v` their sampling variances, `x` the design (k, p) with its constant. `tau2` is the
variance of true effects around the regression.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Scoring is slow where the expected information far exceeds the observed; of 90,000 random cases the slowest took some
# 600 steps.
MAX_STEPS = 10_000
# Relative to the variances; far below anything that is printed.
TOLERANCE = 1e-11
# A likelihood that falls by less, relative to its size, has not fallen: at its top rounding decides.
ROUNDING = 1e-12
MAX_HALVINGS = 60
TESTS = ("hartung_knapp", "hartung_knapp_at_least_1", "normal")
# A weighted mean square below this is rounding: the studies agree exactly.
NO_SPREAD = 1e-12


@dataclass(frozen=True)
class MixedFit:
    """Coefficients `b` (p,) with covariance `cov` (p, p), `df` of their test (infinite: normal), `tau2`, `scale` (the
    factor that Hartung and Knapp put on the covariance; 1 for "normal") and `weights` (k,) 1 / (v + tau2)."""

    b: np.ndarray
    cov: np.ndarray
    df: float
    tau2: float
    scale: float
    weights: np.ndarray


def mixed_fit(y: np.ndarray, v: np.ndarray, x: np.ndarray, *, test: str) -> MixedFit:
    """
    Regression of effects on x with tau2 by REML.

    Parameters
    ----------
    y, v : ndarray, shape (k,)
        Effects and their sampling variances (above 0).
    x : ndarray, shape (k, p)
        Design of full rank, k > p.
    test : {"hartung_knapp", "hartung_knapp_at_least_1", "normal"}
        How sure the coefficients are.

    Raises
    ------
    ValueError
        For an unknown test.

    Notes
    -----
    ``cov = q (X'WX)^-1`` with ``q = Σ w (y - Xb)² / (k - p)`` and t(k - p); q = 1 and normal for "normal";
    ``max(q, 1)`` for "at_least_1", so that few studies that happen to agree do not look too sure. Where all effects
    agree exactly, plain Hartung-Knapp cannot tell: cov is NaN.

    References
    ----------
    J. Hartung, G. Knapp (2001), *Statistics in Medicine* 20(24), 3875-3889; G. Knapp, J. Hartung (2003), *Statistics in
    Medicine* 22(17), 2693-2710; C. Röver, G. Knapp, T. Friede (2015), *BMC Medical Research Methodology* 15, 99.
    """
    if test not in TESTS:
        raise ValueError(f"test must be one of {', '.join(TESTS)}; found {test!r}.")
    tau2 = reml_tau2(y, v, x)
    weights = 1 / (v + tau2)
    bread = np.linalg.inv((x.T * weights) @ x)
    b = bread @ (x.T @ (weights * y))
    freedom = len(y) - x.shape[1]
    if test == "normal":
        return MixedFit(b, bread, np.inf, tau2, 1.0, weights)
    scale = float(weights @ (y - x @ b) ** 2) / freedom
    if test == "hartung_knapp_at_least_1":
        scale = max(scale, 1.0)
    return MixedFit(b, bread * (scale if scale > NO_SPREAD else np.nan), float(freedom), tau2, scale, weights)


def reml_tau2(y: np.ndarray, v: np.ndarray, x: np.ndarray) -> float:
    """
    Variance of true effects by restricted maximum likelihood, at least 0.

    Notes
    -----
    Fisher scoring: with ``P = W - WX (X'WX)^-1 X'W``, ``step = (y'PPy - tr P) / tr PP``. A step that lowers the
    likelihood, or is thrown back by more than half, is halved. The likelihood can have two tops; the higher one of
    those reached from 0 and from the estimate of Hedges is taken.

    References
    ----------
    W. Viechtbauer (2005), *Journal of Educational and Behavioral Statistics* 30(3), 261-293.
    """
    residual = y - x @ np.linalg.lstsq(x, y)[0]
    hedges = float(residual @ residual) / (len(y) - x.shape[1]) - float(np.mean(v))
    tops = [_top_from(start, y, v, x) for start in {0.0, max(0.0, hedges)}]
    return max(tops)[1]


def _top_from(tau2: float, y: np.ndarray, v: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    """The likelihood at the top that scoring reaches from `tau2`, and where it lies."""
    unit = float(np.mean(v))
    likelihood, step = _likelihood_and_step(tau2, y, v, x)
    for _ in range(MAX_STEPS):
        for _ in range(MAX_HALVINGS):
            proposed = max(0.0, tau2 + step)
            better, further = _likelihood_and_step(proposed, y, v, x)
            fallen = better < likelihood - ROUNDING * (1 + abs(likelihood))
            thrown_back = further * step < 0 and abs(further) > abs(step) / 2
            if not (fallen or thrown_back):
                break
            step /= 2
        else:
            return likelihood, tau2
        moved, tau2, likelihood, step = abs(proposed - tau2), proposed, better, further
        if moved <= TOLERANCE * (unit + tau2):
            return likelihood, tau2
    raise RuntimeError(f"tau2 must settle within {MAX_STEPS} steps; it still moves at {tau2}.")


def _likelihood_and_step(tau2: float, y: np.ndarray, v: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    """Restricted log-likelihood up to a constant, and the step of Fisher scoring."""
    w = 1 / (v + tau2)
    wx = x * w[:, None]
    gram = x.T @ wx
    projection = np.diag(w) - wx @ np.linalg.solve(gram, wx.T)
    py = projection @ y
    likelihood = 0.5 * (np.log(w).sum() - np.linalg.slogdet(gram)[1] - y @ py)
    return float(likelihood), float((py @ py - np.trace(projection)) / (projection**2).sum())
