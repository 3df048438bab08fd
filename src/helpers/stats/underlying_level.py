"""This team now, and the level underneath: shrinkage of unit scores to the mean of units of their kind.

The *score* is what these people answered this time. The *underlying level* is what the unit would score with endless
answers of its kind; chance moves the score of a small unit away from it, mostly outwards. Same model as `standing`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.standing import MIN_UNITS, true_scores

# The likelihood of τ is summed from 0 to this many SD of the scores, where it is as good as gone.
LARGEST_TAU = 5.0
N_TAUS = 301


def underlying_levels(scores: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Empirical Bayes level of each unit beside its score, with an interval that knows how little is known of the peers.

    Parameters
    ----------
    scores : DataFrame, one row per unit
        ``unit_id``, ``estimate``, ``se`` (known) in one unit of measurement: units of one level in one period.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, the same rows
        ``unit_id``, ``estimate``, ``se``; ``level``, ``level_se``, ``level_low``, ``level_high``; ``reliability`` of
        the score (0 to 1), ``mean`` and ``tau`` of the levels, ``n_units`` they rest on, ``conf_level``. Rows without a
        positive ``se`` keep their place without a level.

    Raises
    ------
    ValueError
        For a unit that stands twice.
    NotApplicable
        With fewer than `MIN_UNITS` units that have a standard error.

    Notes
    -----
    With b_j = τ² / (τ² + se_j²), the reliability, ``level = μ + b_j (y_j - μ)`` at the μ and τ² of `true_scores`. The
    error averages over the τ that these units allow, with weights from their restricted likelihood (flat in τ):

        level_se² = Σ_τ p(τ) [b_j se_j² + (1 - b_j)² / Σ w + (level_j(τ) - level_j)²],    w_j = 1 / (τ² + se_j²)

    for chance, for μ estimated, and for τ. Taking τ as known would make the interval vanish where chance alone could
    explain the scores. The interval is level ± z · level_se.

    References
    ----------
    C. Morris (1983), Parametric Empirical Bayes Inference, *JASA* 78, 47-55; R. Kass, D. Steffey (1989), *JASA* 84,
    717-726; A. Gelman (2006), *Bayesian Analysis* 1(3), 515-534 (flat in τ).
    """
    check_conf_level(conf_level)
    if scores["unit_id"].duplicated().any():
        raise ValueError(
            f"unit_id must be unique; found {scores.loc[scores['unit_id'].duplicated(), 'unit_id'].iloc[0]!r} twice."
        )
    known = (scores["estimate"].notna() & (scores["se"] > 0)).to_numpy()
    if known.sum() < MIN_UNITS:
        raise NotApplicable(
            "An underlying level needs {needed} units of one kind with a known sampling error; found {found}.",
            needed=MIN_UNITS,
            found=int(known.sum()),
        )
    y, variance = scores.loc[known, "estimate"].to_numpy(float), scores.loc[known, "se"].to_numpy(float) ** 2
    mean, tau2 = true_scores(y, variance)
    reliability = tau2 / (tau2 + variance)
    level = mean + reliability * (y - mean)
    error = np.sqrt(_squared_error(y, variance, level))
    half = stats.norm.ppf(0.5 + conf_level / 2) * error
    found = {"level": level, "level_se": error, "level_low": level - half, "level_high": level + half}
    table = scores[["unit_id", "estimate", "se"]].copy()
    for name, values in (found | {"reliability": reliability}).items():
        table.loc[known, name] = values
    return table.assign(mean=mean, tau=np.sqrt(tau2), n_units=len(y), conf_level=conf_level)


def _squared_error(y: np.ndarray, variance: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Mean squared error of the levels over the τ that the scores allow, by the trapezoidal rule from 0 on."""
    tau2 = (np.linspace(0, 1, N_TAUS) * LARGEST_TAU * max(y.std(ddof=1), variance.min() ** 0.5))[:, None] ** 2
    weight = 1 / (tau2 + variance)
    total = weight.sum(axis=1, keepdims=True)
    mean = (weight * y).sum(axis=1, keepdims=True) / total
    log_likelihood = (np.log(weight).sum(axis=1) - np.log(total[:, 0]) - (weight * (y - mean) ** 2).sum(axis=1)) / 2
    likely = np.exp(log_likelihood - log_likelihood.max())
    likely[0] /= 2
    pull = variance * weight
    shrunk = y + pull * (mean - y)
    errors = tau2 * pull + pull**2 / total + (shrunk - level) ** 2
    return likely @ errors / likely.sum()
