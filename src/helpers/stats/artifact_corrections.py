"""Individual corrections: each study's correlation is corrected by its own artifacts, then all are averaged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.bare_bones import (
    CRED_LEVEL,
    MIN_STUDIES,
    checked_studies,
    completed,
    percent_explained,
    sampling_variance,
    weighted_spread,
)
from helpers.stats.estimates import NotApplicable
from helpers.stats.range_restriction import correction_factor, slope_factor


def corrected_studies(studies: pd.DataFrame, *, restriction: str = "none") -> pd.DataFrame:
    """
    Correlation of each study, corrected for its own artifacts.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n``, ``rxx``, ``ryy`` (above 0, at most 1) and, with a restriction, ``u`` (above 0).
    restriction : {"none", "direct", "indirect"}
        See `range_restriction.correction_factor`, also for which reliability is meant.

    Returns
    -------
    DataFrame, one row per study with all its artifacts
        ``study``, ``r``, ``n``, ``factor`` (A), ``rho`` (r / A; can exceed 1), ``weight`` (n A²), ``var_e`` (sampling
        variance of rho).

    Raises
    ------
    ValueError
        As `bare_bones`, for an artifact out of range, or an unknown restriction.
    NotApplicable
        When fewer than 2 studies have all artifacts.

    Notes
    -----
    ``var_e = (1 - mean_r²)² / (n - 1) / A² · a²`` with mean_r over these studies and a = 1 without restriction, else
    the `slope_factor` (the correction is not linear in r).
    """
    known = checked_studies(studies)
    artifacts = ["rxx", "ryy", *([] if restriction == "none" else ["u"])]
    complete = known.reindex(columns=[*known, *(name for name in artifacts if name not in known)])
    complete = complete.dropna(subset=artifacts).reset_index(drop=True)
    if len(complete) < MIN_STUDIES:
        raise NotApplicable(
            "Correcting each study needs {needed} studies with reliabilities; found {found}.",
            needed=MIN_STUDIES,
            found=len(complete),
        )
    checked_artifacts(complete, artifacts)
    r, n, rxx, ryy = (complete[name].to_numpy(float) for name in ("r", "n", "rxx", "ryy"))
    u = complete["u"].to_numpy(float) if "u" in artifacts else np.ones_like(r)
    factor = correction_factor(r, rxx, ryy, u, restriction)
    slope = slope_factor(factor, rxx, ryy, u, restriction)
    var_e = sampling_variance(np.average(r, weights=n), n) * (slope / factor) ** 2
    table = complete[["study", "r", "n"]]
    return table.assign(factor=factor, rho=r / factor, weight=n * factor**2, var_e=var_e)


def individual_corrections(
    studies: pd.DataFrame,
    *,
    restriction: str = "none",
    unbiased_variance: bool = False,
    interval: str = "normal",
    cred_level: float = CRED_LEVEL,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Mean true correlation and its spread, with each study corrected by its own artifacts.

    Parameters
    ----------
    studies, restriction
        As `corrected_studies`.
    unbiased_variance, interval, cred_level, conf_level
        As `bare_bones.bare_bones`.

    Returns
    -------
    DataFrame, shape (1, 20)
        `ESTIMATE_COLUMNS` (``term`` "rho"), ``k``, ``var_rc`` (variance of the corrected correlations), ``var_e``,
        ``sd_rho``, ``pct_accounted``, ``mean_factor``, ``cr_low``, ``cr_high``, ``cred_level``, ``n_missing`` (studies
        without r, n or an artifact).

    Raises
    ------
    ValueError, NotApplicable
        As `corrected_studies`.

    Notes
    -----
    ``rho = Σ w r/A / Σ w`` with w = n A²; ``sd_rho = sqrt(var_rc - var_e)``, both weighted by w; ``se = sd_rc /
    sqrt(k)``. With a restriction w is still n A², as Hunter and Schmidt have it.

    References
    ----------
    F. Schmidt, J. Hunter (2015), *Methods of Meta-Analysis*, 3rd ed., ch. 3.
    """
    table = corrected_studies(studies, restriction=restriction)
    k, weight = len(table), table["weight"].to_numpy()
    rho, var_rc = weighted_spread(table["rho"].to_numpy(), weight, unbiased=unbiased_variance)
    var_e = float(np.average(table["var_e"], weights=weight))
    row = {"term": "rho", "estimate": rho, "se": (var_rc / k) ** 0.5, "n": int(table["n"].sum()), "n_clusters": k}
    row |= {"k": k, "var_rc": var_rc, "var_e": var_e, "sd_rho": max(var_rc - var_e, 0.0) ** 0.5}
    row |= {"pct_accounted": percent_explained(var_e, var_rc)}
    row |= {"mean_factor": float(np.average(table["factor"], weights=table["n"]))}
    return completed(row, "sd_rho", interval, cred_level, conf_level).assign(n_missing=len(studies) - k)


def checked_artifacts(studies: pd.DataFrame, artifacts: list[str]) -> None:
    """Refuse a reliability outside (0, 1] and a range ratio that is not above 0; missing ones pass."""
    for name in artifacts:
        values, most = studies[name].dropna(), np.inf if name == "u" else 1.0
        wrong = values[(values <= 0) | (values > most)]
        if len(wrong):
            rule = "above 0" if name == "u" else "above 0 and at most 1"
            raise ValueError(f"{name} must be {rule}; found {wrong.iloc[0]}.")
