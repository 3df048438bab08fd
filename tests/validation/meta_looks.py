"""Looks at meta-analyses of made studies: errors of mean and SD, and what the intervals hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from looks import Design
from meta_studies import RHO, attenuated, restricted_studies, studies
from scipy.stats import norm

from helpers.stats.artifact_corrections import individual_corrections
from helpers.stats.artifact_distributions import artifact_distributions
from helpers.stats.bare_bones import bare_bones
from helpers.stats.meta_study import CHOICES, meta_study
from helpers.stats.random_effects import random_effects

MANY, SMALL_K = 50, (5, 10)
SIZES, SPREADS = (40, 100, 300), (0.0, 0.05, 0.10, 0.20)
LOOKS, LOOKS_RANGE, LOOKS_VERDICT = 1000, 500, 300
# True mean and SD of the correlations on which verdicts are given, and the numbers of studies.
CLAIMS = ((0.0, 0.0), (0.0, 0.10), (0.0, 0.30), (0.05, 0.0), (0.30, 0.05), (0.30, 0.10), (0.30, 0.30))
CLAIMED_K = (5, 10, 50)
BARE, INDIVIDUAL, DISTRIBUTIONS = "bare-bones", "individual", "distributions"
REML, RANGE_ASIDE = "REML + HK", "individual, range left aside"
Row = dict[str, object]


def designs() -> dict[str, Design]:
    """All that is simulated, by name."""
    cells = [(MANY, n, sd) for n in SIZES for sd in SPREADS]
    cells += [(k, 100, sd) for k in SMALL_K for sd in (0.0, 0.10, 0.20)]
    found = {name(k, n, sd): Design(meta_analyses, LOOKS, {"k": k, "n": n, "sd": sd}) for k, n, sd in cells}
    for kind in ("direct", "indirect"):
        for n in SIZES:
            choices = {"k": MANY, "n": n, "sd": 0.10, "kind": kind}
            found[f"{kind}: {name(MANY, n, 0.10)}"] = Design(range_corrections, LOOKS_RANGE, choices)
    for rho, sd in CLAIMS:
        for k in CLAIMED_K:
            choices = {"k": k, "n": 100, "sd": sd, "rho": rho}
            found[f"rho = {rho:g}: {name(k, 100, sd)}"] = Design(verdicts, LOOKS_VERDICT, choices)
    return found


def name(k: int, n: int, sd: float) -> str:
    """Name of a design."""
    return f"k = {k}, n = {n}, SD rho = {sd:g}"


def meta_analyses(rng: np.random.Generator, *, k: int, n: int, sd: float) -> list[Row]:
    """
    Analyse made studies by each method.

    Returns
    -------
    list of dict
        One per method: ``error`` of the mean, ``sd_error``, ``held`` (share of the true correlations in the 80 %
        credibility or 95 % prediction interval), ``covered`` (whether the 95 % interval holds the mean). Bare bones and
        REML are held against the true correlations of measured scores, REML on Fisher's z.
    """
    made, true_r = studies(rng, k, n, sd), attenuated(sd)
    corrected = {
        INDIVIDUAL: individual_corrections(made, **CHOICES),
        DISTRIBUTIONS: artifact_distributions(made, **CHOICES),
    }
    return [
        _against(BARE, bare_bones(made, **CHOICES), true_r, "sd_res", "cr"),
        *(_against_normal(method, row, sd) for method, row in corrected.items()),
        _against(REML, random_effects(made).eval("sd = tau2 ** 0.5"), np.arctanh(true_r), "sd", "pi"),
    ]


def range_corrections(rng: np.random.Generator, *, k: int, n: int, sd: float, kind: str) -> list[Row]:
    """Correct for a narrowed range, study by study and by distributions, and leave it aside."""
    made = restricted_studies(rng, k, n, sd, kind)
    rows = {
        INDIVIDUAL: individual_corrections(made, restriction=kind, **CHOICES),
        DISTRIBUTIONS: artifact_distributions(made, restriction=kind, **CHOICES),
        RANGE_ASIDE: individual_corrections(made, **CHOICES),
    }
    return [_against_normal(method, row, sd) for method, row in rows.items()]


def verdicts(rng: np.random.Generator, *, k: int, n: int, sd: float, rho: float) -> Row:
    """Give the verdict that a notebook would print."""
    return {"verdict": meta_study(studies(rng, k, n, sd, rho)).summary["verdict"].iloc[0]}


def _against(method: str, table: pd.DataFrame, true: np.ndarray, spread: str, interval: str) -> Row:
    row, mean = table.iloc[0], true.mean()
    below = np.searchsorted(true, [row[f"{interval}_low"], row[f"{interval}_high"]]) / len(true)
    return _row(method, row, mean, row[spread] - true.std(), below[1] - below[0])


def _against_normal(method: str, table: pd.DataFrame, sd: float) -> Row:
    row = table.iloc[0]
    held = row["cr_low"] <= RHO <= row["cr_high"]
    if sd:
        held = norm.cdf(row["cr_high"], RHO, sd) - norm.cdf(row["cr_low"], RHO, sd)
    return _row(method, row, RHO, row["sd_rho"] - sd, held)


def _row(method: str, row: pd.Series, mean: float, sd_error: float, held: float) -> Row:
    found = {"method": method, "error": row["estimate"] - mean, "sd_error": sd_error, "held": float(held)}
    return found | {"covered": bool(row["ci_low"] <= mean <= row["ci_high"])}
