"""Made studies of known truth: correlations whose reliabilities and ranges differ from study to study.

True correlations are normal around `RHO` unless another is given, reliabilities uniform between `RELIABILITY` and known
for each study. A narrowed range keeps the upper share of units, uniform between `KEPT`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy.stats import norm

RHO, HIGHEST = 0.30, 0.95
RELIABILITY = (0.6, 0.9)
KEPT = (0.2, 0.9)
# Correlation of true x with that on which units are chosen where the range of x is narrowed indirectly.
CHOICE = 0.7
POPULATION = 200_000


def true_correlations(rng: np.random.Generator, k: int, sd: float, rho: float = RHO) -> np.ndarray:
    """Draw the true correlations of `k` studies."""
    return np.clip(rng.normal(rho, sd, k), -HIGHEST, HIGHEST)


def studies(rng: np.random.Generator, k: int, n: int, sd: float, rho: float = RHO) -> pd.DataFrame:
    """Draw `k` studies of `n` bivariate normal units: from the normal matrix of sums of squares (Bartlett)."""
    rxx, ryy = rng.uniform(*RELIABILITY, (2, k))
    r = true_correlations(rng, k, sd, rho) * np.sqrt(rxx * ryy)
    first, second, cross = rng.chisquare(n - 1, k) ** 0.5, rng.chisquare(n - 2, k) ** 0.5, rng.normal(size=k)
    along, across = r * first + np.sqrt(1 - r**2) * cross, np.sqrt(1 - r**2) * second
    return pd.DataFrame({"study": range(k), "r": along / np.hypot(along, across), "n": n, "rxx": rxx, "ryy": ryy})


@cache
def attenuated(sd: float) -> np.ndarray:
    """Give the sorted correlations of measured scores that are true in a large population of studies."""
    rng = np.random.default_rng(0)
    rxx, ryy = rng.uniform(*RELIABILITY, (2, POPULATION))
    return np.sort(true_correlations(rng, POPULATION, sd) * np.sqrt(rxx * ryy))


def restricted_studies(rng: np.random.Generator, k: int, n: int, sd: float, kind: str) -> pd.DataFrame:
    """
    Draw studies of units chosen on measured x ("direct") or on something that goes with true x ("indirect").

    Returns
    -------
    DataFrame, one row per study
        ``study``, ``r``, ``n``, ``u``, ``ryy`` among the units studied, ``rxx`` among all units for "direct", among
        those studied for "indirect".
    """
    rxx, ryy = rng.uniform(*RELIABILITY, (2, k, 1))
    rho, kept = true_correlations(rng, k, sd)[:, None], rng.uniform(*KEPT, (k, 1))
    chosen, noise = norm.isf(kept * rng.random((k, n))), rng.normal(size=(3, k, n))
    narrowed = _variance_above(kept)
    if kind == "direct":
        x, true_x = chosen, np.sqrt(rxx) * chosen + np.sqrt(1 - rxx) * noise[0]
        explained, u = rho**2 * rxx * (1 - narrowed), np.sqrt(narrowed)
    else:
        true_x, kept_x = CHOICE * chosen + np.sqrt(1 - CHOICE**2) * noise[0], 1 - CHOICE**2 * (1 - narrowed)
        x = true_x + np.sqrt((1 - rxx) / rxx) * rng.normal(size=(k, n))
        explained, u = rho**2 * (1 - kept_x), np.sqrt(kept_x * rxx + 1 - rxx)
        rxx = kept_x * rxx / u**2
    error = (1 - ryy) / ryy
    y = rho * true_x + np.sqrt(1 - rho**2) * noise[1] + np.sqrt(error) * noise[2]
    table = {"r": _correlations(x, y), "rxx": rxx, "ryy": (1 - explained) / (1 - explained + error), "u": u}
    return pd.DataFrame({"study": range(k), "n": n} | {name: np.ravel(values) for name, values in table.items()})


def _variance_above(kept: np.ndarray) -> np.ndarray:
    """Give the variance of the upper share `kept` of a standard normal."""
    cut = norm.isf(kept)
    mean = norm.pdf(cut) / kept
    return 1 + cut * mean - mean**2


def _correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    x, y = (values - values.mean(axis=1, keepdims=True) for values in (x, y))
    return (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
