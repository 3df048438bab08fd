"""Artifact-distribution corrections: means and variances of artifacts stand in where studies lack their own.

An *artifact factor* is what one artifact leaves of a correlation: sqrt(rxx), sqrt(ryy), and that of a narrowed range.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.artifact_corrections import checked_artifacts
from helpers.stats.bare_bones import CRED_LEVEL, bare_bones, completed, percent_explained, weighted_spread
from helpers.stats.estimates import NotApplicable
from helpers.stats.range_restriction import RESTRICTIONS, restriction_factor, true_score_u

ARTIFACTS = ("rxx", "ryy", "u")
METHODS = ("taylor", "interactive")
FACTORS = ("factor_x", "factor_y", "factor_range")


def artifact_factors(
    studies: pd.DataFrame,
    mean_r: float,
    *,
    restriction: str = "direct",
    artifact_weights: str = "equal",
    unbiased_artifacts: bool = False,
) -> pd.DataFrame:
    """
    Mean and variance of each artifact factor, over the rows that know it.

    Parameters
    ----------
    studies : DataFrame
        Any of ``rxx``, ``ryy``, ``u``; a row may lack r, and some or all artifacts.
    mean_r : float
        Mean observed correlation, on which the factor of a narrowed range depends.
    restriction : {"none", "direct", "indirect"}
        "none" leaves `u` aside; "indirect" reads rows with both `u` and `rxx`.
    artifact_weights : {"equal", "n"}
        Whether each row counts once or by its units.
    unbiased_artifacts : bool
        Variances times k / (k - 1).

    Returns
    -------
    DataFrame, index ``factor_x``, ``factor_y``, ``factor_range``
        ``k`` (rows), ``mean`` (1 without rows), ``variance`` (0 without rows).

    Raises
    ------
    ValueError
        For an artifact out of range or an unknown choice.
    """
    _checked_choice("restriction", restriction, RESTRICTIONS)
    _checked_choice("artifact_weights", artifact_weights, ("equal", "n"))
    artifacts = studies.reindex(columns=[*ARTIFACTS, "n"]).astype(float).reset_index(drop=True)
    checked_artifacts(artifacts, list(ARTIFACTS))
    factors = np.sqrt(artifacts[["rxx", "ryy"]]).set_axis(FACTORS[:2], axis="columns")
    weights = artifacts["n"] if artifact_weights == "n" else pd.Series(1.0, index=artifacts.index)
    spread = {"weights": weights, "unbiased": unbiased_artifacts}
    table = {name: _spread(factors[name], **spread) for name in FACTORS[:2]}
    if restriction == "direct":
        ranges = restriction_factor(mean_r, artifacts["u"])
    elif restriction == "indirect":
        true_r = mean_r / (table["factor_x"]["mean"] * table["factor_y"]["mean"])
        ranges = restriction_factor(true_r, true_score_u(artifacts["rxx"], artifacts["u"]))
    else:
        ranges = artifacts["u"] * np.nan
    return pd.DataFrame(table | {"factor_range": _spread(ranges, **spread)}).T.astype({"k": int})


def artifact_distributions(
    studies: pd.DataFrame,
    *,
    method: str = "taylor",
    restriction: str = "direct",
    artifact_weights: str = "equal",
    unbiased_artifacts: bool = False,
    unbiased_variance: bool = False,
    interval: str = "normal",
    cred_level: float = CRED_LEVEL,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Mean true correlation and its spread, corrected by the distributions of artifacts.

    Parameters
    ----------
    studies : DataFrame
        ``study``, ``r``, ``n`` and any of ``rxx``, ``ryy``, ``u``. Rows without r only feed the distributions.
    method : {"taylor", "interactive"}
        Variance that artifacts cause, by the sum of squared coefficients of variation, or by crossing all values.
    restriction, artifact_weights, unbiased_artifacts
        As `artifact_factors`.
    unbiased_variance, interval, cred_level, conf_level
        As `bare_bones.bare_bones`.

    Returns
    -------
    DataFrame, shape (1, 24)
        `ESTIMATE_COLUMNS` (``term`` "rho"; interval: that of the mean r over A), ``k``, ``mean_r``, ``var_r``,
        ``var_e``, ``var_artifacts``, ``factor`` (A), ``sd_rho``, ``pct_accounted``, ``cr_low``, ``cr_high``,
        ``cred_level``, ``k_rxx``, ``k_ryy``, ``k_u`` (rows behind each distribution).

    Raises
    ------
    ValueError
        As `bare_bones.bare_bones` and `artifact_factors`, or for an unknown method.
    NotApplicable
        With fewer than 2 correlations, or without any artifact.

    Notes
    -----
    ``A = Π m_j`` over the means of the factors, ``rho = mean_r / A``, ``var_artifacts = rho² A² Σ v_j / m_j²``
    ("taylor") or ``rho² (Π (v_j + m_j²) - A²)`` ("interactive": the exact variance over all combinations of independent
    artifacts), ``sd_rho = sqrt(var_r - var_e - var_artifacts) / A``. The options fit psychometric as they stand;
    psychmeta weighs artifacts by n and has k / (k - 1).

    References
    ----------
    F. Schmidt, J. Hunter (2015), *Methods of Meta-Analysis*, 3rd ed., ch. 4; J. Callender, H. Osburn (1980), *Journal
    of Applied Psychology* 65(5), 543-558.
    """
    _checked_choice("method", method, METHODS)
    levels = {"interval": interval, "cred_level": cred_level, "conf_level": conf_level}
    bare = bare_bones(studies, unbiased_variance=unbiased_variance, **levels).iloc[0]
    mean_r, choices = float(bare["estimate"]), {"artifact_weights": artifact_weights, "restriction": restriction}
    factors = artifact_factors(studies, mean_r, unbiased_artifacts=unbiased_artifacts, **choices)
    if not factors["k"].any():
        raise NotApplicable("Neither reliabilities nor ranges of these studies are known.")
    product = float(factors["mean"].prod())
    rho, relative = mean_r / product, factors["variance"] / factors["mean"] ** 2
    relative = relative.sum() if method == "taylor" else (relative + 1).prod() - 1
    var_artifacts = mean_r**2 * relative
    row = {"term": "rho", "estimate": rho, "se": bare["se"] / product, "n": bare["n"], "n_clusters": bare["k"]}
    row |= {"k": bare["k"], "mean_r": mean_r, "var_r": bare["var_r"], "var_e": bare["var_e"]}
    row |= {"var_artifacts": var_artifacts, "factor": product}
    row |= {"sd_rho": max(bare["var_r"] - bare["var_e"] - var_artifacts, 0.0) ** 0.5 / product}
    row |= {"pct_accounted": percent_explained(bare["var_e"] + var_artifacts, bare["var_r"])}
    counts = dict(zip(("k_rxx", "k_ryy", "k_u"), factors["k"], strict=True))
    return completed(row, "sd_rho", **levels).assign(**counts)


def _spread(factor: pd.Series, weights: pd.Series, *, unbiased: bool) -> dict[str, float]:
    known = factor.notna() & (weights > 0)
    if not known.any():
        return {"k": 0, "mean": 1.0, "variance": 0.0}
    mean, variance = weighted_spread(factor[known].to_numpy(), weights[known].to_numpy(), unbiased=unbiased)
    return {"k": int(known.sum()), "mean": mean, "variance": variance}


def _checked_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}; found {value!r}.")
