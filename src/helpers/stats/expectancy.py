"""What a correlation means in practice if both sides were normal: gaps between quarters, and success rates.

*Success* is an outcome above the median of all units. `r` can be the observed correlation or the corrected one; the
corrected promises more than quarters of measured scores will show. The *binomial effect size display* (BESD) stands
beside it because it is often quoted: ½ ± r/2 is r in other words, and no success rate of the normal model.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import integrate, stats

from helpers.stats.estimates import NotApplicable

N_QUARTERS = 4
EXTREME = 0.99


def expectancy(correlations: Mapping[str, float]) -> pd.DataFrame:
    """
    Gaps and success rates that follow from correlations, and the BESD beside them.

    Parameters
    ----------
    correlations : mapping of str to float
        Name ("observed", "rho", …) and correlation, strictly between -1 and 1.

    Returns
    -------
    DataFrame, one row per correlation
        ``correlation`` (name), ``r``; mean gaps in SD of the outcome: ``quartile_gap_sd``, ``half_gap_sd``; success
        rates, 0-1: ``success_top_half``, ``success_bottom_half``, ``success_q4`` … ``success_q1``, ``success_p99``,
        ``success_p1``; of top against bottom ``half_ratio``, ``half_odds_ratio``, ``quartile_ratio``,
        ``quartile_odds_ratio``, ``extreme_ratio``; ``besd_top_half``, ``besd_bottom_half``, ``besd_ratio``, which are
        not rates of the normal model.

    Raises
    ------
    ValueError
        For a correlation outside -1 to 1.

    Notes
    -----
    ``gap = 2 r φ(z) / share`` with z = z(.75) and share .25, or z = 0 and share .5; ``P(above | x) = Φ(r x /
    sqrt(1 - r²))``; ``success_top_half = 1/2 + asin(r) / π``.

    References
    ----------
    H. Taylor, J. Russell (1939), *Journal of Applied Psychology* 23(5), 565-578; R. Rosenthal, D. Rubin (1982),
    *Journal of Educational Psychology* 74(2), 166-169, for the BESD.
    """
    return pd.DataFrame([{"correlation": name, "r": r, **_row(checked_r(r))} for name, r in correlations.items()])


def quarter_table(r: float) -> pd.DataFrame:
    """
    Expectancy table: the share of each quarter of x that ends in each quarter of y.

    Parameters
    ----------
    r : float
        Correlation, strictly between -1 and 1.

    Returns
    -------
    DataFrame, shape (16, 3)
        ``x_quartile``, ``y_quartile`` ("Q1" lowest to "Q4" highest), ``share`` (0-1; sums to 1 over y).

    Raises
    ------
    ValueError
        For a correlation outside -1 to 1.
    """
    cuts = stats.norm.ppf(np.arange(1, N_QUARTERS) / N_QUARTERS)
    names = [f"Q{number}" for number in range(1, N_QUARTERS + 1)]
    above = np.array([[1.0, *(_share_above(checked_r(r), x, cut) for cut in cuts), 0.0] for x in range(N_QUARTERS)])
    shares = pd.DataFrame(-np.diff(above), index=names, columns=names)
    return shares.rename_axis(index="x_quartile", columns="y_quartile").stack().rename("share").reset_index()


def percent_gap(r: float, cv: float) -> float:
    """
    Gap between top and bottom quarter in percent of the bottom quarter's mean.

    Parameters
    ----------
    r : float
        Correlation, strictly between -1 and 1.
    cv : float
        SD of the outcome over its mean, above 0; a ratio scale is assumed.

    Raises
    ------
    ValueError
        For a correlation outside -1 to 1, or a cv that is not above 0.
    NotApplicable
        Where the bottom quarter's mean would not be above zero.
    """
    if not cv > 0:
        raise ValueError(f"cv must be above 0; found {cv}.")
    gap = cv * quartile_gap_sd(checked_r(r))
    if gap / 2 >= 1:
        raise NotApplicable("A percent gap means nothing where the bottom quarter's mean is not above zero.")
    return 100 * gap / (1 - gap / 2)


def quartile_gap_sd(r: float) -> float:
    """Mean outcome of the top minus the bottom quarter, in SD: 2 r φ(z.75) / .25."""
    return _gap_sd(r, 1 / N_QUARTERS)


def checked_r(r: float) -> float:
    """Refuse a correlation that is not strictly between -1 and 1."""
    if not -1 < r < 1:
        raise ValueError(f"r must lie between -1 and 1, both excluded; found {r}.")
    return float(r)


def _row(r: float) -> dict[str, float]:
    half = 0.5 + np.arcsin(r) / np.pi
    quarters = [_share_above(r, quarter, 0.0) for quarter in range(N_QUARTERS)]
    extreme = float(stats.norm.cdf(r * stats.norm.ppf(EXTREME) / np.sqrt(1 - r**2)))
    row = {"quartile_gap_sd": quartile_gap_sd(r), "half_gap_sd": _gap_sd(r, 0.5)}
    row |= {"success_top_half": half, "success_bottom_half": 1 - half}
    row |= {f"success_q{number}": quarters[number - 1] for number in range(N_QUARTERS, 0, -1)}
    row |= {"success_p99": extreme, "success_p1": 1 - extreme}
    row |= {"half_ratio": half / (1 - half), "half_odds_ratio": (half / (1 - half)) ** 2}
    top, bottom = quarters[-1], quarters[0]
    row |= {"quartile_ratio": top / bottom, "quartile_odds_ratio": top / (1 - top) / (bottom / (1 - bottom))}
    row |= {"extreme_ratio": extreme / (1 - extreme)}
    return row | {"besd_top_half": 0.5 + r / 2, "besd_bottom_half": 0.5 - r / 2, "besd_ratio": (1 + r) / (1 - r)}


def _gap_sd(r: float, share: float) -> float:
    return float(2 * r * stats.norm.pdf(stats.norm.ppf(share)) / share)


def _share_above(r: float, quarter: int, cut: float) -> float:
    """P(y above `cut`) among units in a quarter of x (0 lowest)."""
    low, high = stats.norm.ppf([quarter / N_QUARTERS, (quarter + 1) / N_QUARTERS])
    spread = np.sqrt(1 - r**2)

    def density(x: float) -> float:
        return stats.norm.pdf(x) * stats.norm.cdf((r * x - cut) / spread)

    return N_QUARTERS * integrate.quad(density, low, high, epsabs=1e-12, epsrel=1e-10)[0]
