"""Where one unit stands among its peers, as a probability instead of a rank.

A *peer* is a unit of the same level in the same period. Peers differ in truth (`tau`) and by chance (their standard
errors); ranks of raw scores mistake the second for the first.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.meta_analysis import combine_effects

# With fewer peers a median says little, and who is above it can be worked out.
MIN_UNITS = 5
N_DRAWS = 4_000


def standing(scores: pd.DataFrame, unit_id: str, *, rng: np.random.Generator, n_draws: int = N_DRAWS) -> pd.Series:
    """
    Probability that a unit's true score lies above the median of the true scores of all units.

    Parameters
    ----------
    scores : DataFrame, one row per unit
        ``unit_id``, ``estimate``, ``se`` in one unit of measurement. Rows without a positive `se` are left out.
    unit_id : str
        The unit judged, one of them.
    rng : Generator
    n_draws : int
        Draws of all true scores.

    Returns
    -------
    Series
        ``unit_id``, ``p_above_median`` (0 to 1; NaN with fewer than 5 units, or without a row of the unit),
        ``n_units``, ``tau`` (standard deviation of true scores, in the unit of `scores`).

    Notes
    -----
    True scores are θ_j ~ N(μ, τ²), the estimates y_j ~ N(θ_j, se_j²). With τ² by Paule and Mandel and μ as its weighted
    mean, θ_j given y_j is normal with mean μ + b_j (y_j − μ) and variance b_j se_j², where b_j = τ² / (τ² + se_j²). The
    probability is the share of joint draws in which θ of the unit exceeds the median of all; being the median itself
    counts half. Where units do not differ
    beyond chance, τ is zero and the answer one half. The uncertainty of μ and τ is left out.

    References
    ----------
    N. Laird, T. Louis (1989), Empirical Bayes ranking methods, *Journal of Educational Statistics* 14(1), 29-46;
    H. Goldstein, D. Spiegelhalter (1996), *JRSS A* 159(3), 385-443.
    """
    known = scores[scores["estimate"].notna() & (scores["se"] > 0)].reset_index(drop=True)
    own = known.index[known["unit_id"] == unit_id]
    answer = {"unit_id": unit_id, "p_above_median": np.nan, "n_units": len(known), "tau": np.nan}
    if len(known) < MIN_UNITS or len(own) == 0:
        return pd.Series(answer)
    estimate, variance = known["estimate"].to_numpy(float), known["se"].to_numpy(float) ** 2
    mean, tau2 = true_scores(estimate, variance)
    if tau2 == 0.0:
        return pd.Series(answer | {"p_above_median": 0.5, "tau": 0.0})
    weight = tau2 / (tau2 + variance)
    true = rng.normal(mean + weight * (estimate - mean), np.sqrt(weight * variance), size=(n_draws, len(known)))
    beyond = np.sign(true[:, own[0]] - np.median(true, axis=1))
    return pd.Series(answer | {"p_above_median": float((1 + beyond).mean() / 2), "tau": tau2**0.5})


def true_scores(estimate: np.ndarray, variance: np.ndarray) -> tuple[float, float]:
    """
    Mean μ and variance τ² of the true scores of units, by Paule and Mandel.

    Parameters
    ----------
    estimate, variance : ndarray, shape (units,)
        Scores and their squared standard errors, which count as known.

    Returns
    -------
    mean, tau2 : float
        τ² solves ``Σ (y_j − μ)² / (τ² + se_j²) = units − 1``, 0 where that has no solution; μ is weighted by
        ``1 / (τ² + se_j²)``.

    References
    ----------
    R. Paule, J. Mandel (1982), *Journal of Research of the National Bureau of Standards* 87(5), 377-385.
    """
    pooled = combine_effects(estimate, variance, method_re="iterated")
    return float(pooled.mean_effect_re), max(float(pooled.tau2), 0.0)
