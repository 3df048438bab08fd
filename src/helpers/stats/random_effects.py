"""Random-effects meta-analysis of correlations, on Fisher's z or on r itself.

An *effect* is the correlation of one study on one of these scales, with its sampling variance. The *prediction*
interval (``pi_low``, ``pi_high``) says where the true effect of one further study would lie.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from helpers.stats.bare_bones import checked_studies, sampling_variance
from helpers.stats.estimates import with_intervals
from helpers.stats.reml import MixedFit, mixed_fit

SCALES = ("z", "r")
# Below this the variance 1 / (n - 3) of Fisher's z does not exist.
MIN_N = 4
DEFAULT_TEST = "hartung_knapp"
_BOUNDS = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")


def effect_sizes(studies: pd.DataFrame, *, scale: str = "z") -> pd.DataFrame:
    """
    Effects of studies with their sampling variances.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n`` (4 or more); rows without r or n are left out, further columns are kept.
    scale : {"z", "r"}
        ``atanh(r)`` with variance ``1 / (n - 3)``, or r with ``(1 - r²)² / (n - 1)``.

    Returns
    -------
    DataFrame, one row per study
        The columns of `studies` with ``effect`` and ``variance``.

    Raises
    ------
    ValueError
        As `bare_bones.bare_bones`; for an n below 4, an r of -1 or 1, or an unknown scale.
    NotApplicable
        With fewer than 2 studies.
    """
    if scale not in SCALES:
        raise ValueError(f"scale must be one of {', '.join(SCALES)}; found {scale!r}.")
    known = checked_studies(studies)
    if (known["n"] < MIN_N).any():
        raise ValueError(f"n must be {MIN_N} or more; found {known['n'].min()}. Leave such studies out.")
    if (known["r"].abs() == 1).any():
        raise ValueError(
            "r must lie between -1 and 1, both excluded; found a correlation of 1. Leave such studies out."
        )
    if scale == "z":
        return known.assign(effect=np.arctanh(known["r"]), variance=1 / (known["n"] - 3))
    return known.assign(effect=known["r"], variance=sampling_variance(known["r"], known["n"]))


def random_effects(
    studies: pd.DataFrame, *, scale: str = "z", test: str = DEFAULT_TEST, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Mean of the true correlations, how far they differ, and where a further one would lie.

    Parameters
    ----------
    studies, scale
        As `effect_sizes`.
    test : {"hartung_knapp", "hartung_knapp_at_least_1", "normal"}
        As `reml.mixed_fit`.
    conf_level : float
        Of all intervals, between 0 and 1.

    Returns
    -------
    DataFrame, shape (1, 28)
        `ESTIMATE_COLUMNS` (``term`` "mean", on `scale`), ``pi_low``, ``pi_high``, ``tau2``, ``tau2_low``,
        ``tau2_high``, ``i2`` (percent), ``h2``, ``q``, ``q_df``, ``q_p``, ``scale``, ``test``, ``n_missing``; as
        correlations ``r``, ``r_ci_low``, ``r_ci_high``, ``r_pi_low``, ``r_pi_high``. Where all effects agree exactly,
        `se` and the intervals of plain Hartung-Knapp are NaN.

    Raises
    ------
    ValueError, NotApplicable
        As `effect_sizes`; ValueError for an unknown test.

    Notes
    -----
    tau2 by REML, its interval by the Q profile. ``pi = estimate ± t(k - 1) sqrt(se² + tau2)``, normal for
    ``test="normal"``. ``i2 = 100 tau2 / (tau2 + typical variance)``, with ``(k - 1) / (Σ w - Σ w² / Σ w)``, w = 1 / v,
    as the typical one.

    References
    ----------
    W. Viechtbauer (2010), *Journal of Statistical Software* 36(3); J. Higgins, S. Thompson, D. Spiegelhalter (2009),
    *JRSS A* 172(1), 137-159; J. IntHout, J. Ioannidis, G. Borm (2014), *BMC Medical Research Methodology* 14, 25.
    """
    known = effect_sizes(studies, scale=scale)
    y, v = known["effect"].to_numpy(float), known["variance"].to_numpy(float)
    fit = mixed_fit(y, v, np.ones((len(y), 1)), test=test)
    row = {"term": "mean", "estimate": fit.b[0], "se": np.sqrt(fit.cov[0, 0]), "df": fit.df}
    row |= {"n": int(known["n"].sum()), "n_clusters": len(known)}
    table = with_intervals(pd.DataFrame([row]), conf_level)
    table = table.assign(
        **_prediction(row, fit, conf_level), tau2=fit.tau2, **heterogeneity(y, v, fit.tau2, conf_level)
    )
    to_r = np.tanh if scale == "z" else np.asarray
    as_r = {f"r_{name}".replace("r_estimate", "r"): to_r(table[name]) for name in _BOUNDS}
    return table.assign(scale=scale, test=test, n_missing=len(studies) - len(known), **as_r)


def heterogeneity(y: np.ndarray, v: np.ndarray, tau2: float, conf_level: float) -> dict[str, float]:
    """Q test, I² (percent), H² and the Q-profile interval of tau2, for effects `y` with sampling variances `v`."""
    w, df = 1 / v, len(y) - 1
    typical = df / (w.sum() - (w**2).sum() / w.sum())
    q = _q(0.0, y, v)
    low, high = (_tau2_at(stats.chi2.ppf(0.5 + side * conf_level / 2, df), y, v) for side in (1, -1))
    found = {"tau2_low": low, "tau2_high": high, "i2": 100 * tau2 / (tau2 + typical), "h2": tau2 / typical + 1}
    return found | {"q": q, "q_df": df, "q_p": float(stats.chi2.sf(q, df))}


def _prediction(row: dict[str, object], fit: MixedFit, conf_level: float) -> dict[str, float]:
    half = stats.t.ppf(0.5 + conf_level / 2, fit.df) * np.sqrt(row["se"] ** 2 + fit.tau2)
    return {"pi_low": row["estimate"] - half, "pi_high": row["estimate"] + half}


def _q(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    w = 1 / (v + tau2)
    return float(w @ (y - np.average(y, weights=w)) ** 2)


def _tau2_at(level: float, y: np.ndarray, v: np.ndarray) -> float:
    """The tau2 at which the generalised Q falls to `level`; 0 where it is below from the start."""
    if _q(0.0, y, v) <= level:
        return 0.0
    # Q(tau2) is at most Σ (y - mean)² / tau2.
    highest = float(((y - y.mean()) ** 2).sum()) / level
    return float(optimize.brentq(lambda tau2: _q(tau2, y, v) - level, 0.0, highest, xtol=1e-14))
