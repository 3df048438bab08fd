"""Net Promoter Score: the score, its standard error, its interval and the difference of two scores.

Promoters answer 9-10, passives 7-8, detractors 0-6. Counts may be sums of weights. Every function takes numbers or
Series (one value per unit) and answers in NPS points, -100 to 100; no answers at all give NaN. An *interval* may reach
beyond ±100: it is clipped where it is shown, never here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.stats.estimates import check_conf_level

Numbers = float | np.ndarray | pd.Series
Counts = tuple[Numbers, Numbers, Numbers]

# Reichheld (2003): answers of 0-10 from here on promote, and up to here detract.
PROMOTERS_FROM, DETRACTORS_TO = 9, 6
# Rocks (2016): three answers of no unit, spread 1/4 - 1/2 - 1/4, bring coverage closest to the level for small n.
PSEUDO_ANSWERS = 3.0
PSEUDO_PROMOTERS = PSEUDO_DETRACTORS = PSEUDO_ANSWERS / 4


def nps(n_promoters: Numbers, n_passives: Numbers, n_detractors: Numbers) -> Numbers:
    """
    Net Promoter Score, in points.

    Parameters
    ----------
    n_promoters, n_passives, n_detractors : float or Series, shape (units,)
        Answers of 9-10, 7-8 and 0-6, one value per unit.

    Returns
    -------
    float or Series, shape (units,)
        ``100 * (p_promoters - p_detractors)``, -100 to 100.

    Raises
    ------
    ValueError
        For a negative count.

    References
    ----------
    F. Reichheld (2003), The One Number You Need to Grow, *Harvard Business Review* 81(12).
    """
    p_promoters, p_detractors, _ = _shares(n_promoters, n_passives, n_detractors)
    return 100 * (p_promoters - p_detractors)


def nps_se(n_promoters: Numbers, n_passives: Numbers, n_detractors: Numbers, *, ddof: int = 0) -> Numbers:
    """
    Standard error of the Net Promoter Score, in points.

    Parameters
    ----------
    n_promoters, n_passives, n_detractors : float or Series, shape (units,)
        Answers of 9-10, 7-8 and 0-6, one value per unit.
    ddof : {0, 1}
        0, the plug-in error; 1, the error from the sample variance.

    Returns
    -------
    float or Series, shape (units,)
        ``100 * sqrt((p + d - (p - d)**2) / (n - ddof))`` with p and d the shares of promoters and detractors.

    Notes
    -----
    Zero when all answers fall into one class: that means "cannot be judged", not "certain". See `nps_interval`.

    References
    ----------
    B. Rocks (2016), Interval Estimation for the Net Promoter Score, *The American Statistician* 70(4), 365-372.
    """
    p_promoters, p_detractors, n = _shares(n_promoters, n_passives, n_detractors)
    return _se(p_promoters, p_detractors, n - ddof)


def nps_interval(
    n_promoters: Numbers, n_passives: Numbers, n_detractors: Numbers, *, conf_level: float = 0.95
) -> tuple[Numbers, Numbers]:
    """
    Adjusted-Wald confidence interval of the Net Promoter Score, in points.

    Parameters
    ----------
    n_promoters, n_passives, n_detractors : float or Series, shape (units,)
        Answers of 9-10, 7-8 and 0-6, one value per unit.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    ci_low, ci_high : float or Series, shape (units,)
        Centre ± z · se after adding 3/4 promoters, 3/2 passives and 3/4 detractors. Not clipped to ±100, and centred
        on the adjusted score, so not symmetric about `nps`.

    References
    ----------
    B. Rocks (2016), Interval Estimation for the Net Promoter Score, *The American Statistician* 70(4), 365-372.
    """
    p_promoters, p_detractors, n = _shares(n_promoters, n_passives, n_detractors)
    return adjusted_wald(p_promoters, p_detractors, n, conf_level=conf_level)


def adjusted_wald(
    p_promoters: Numbers, p_detractors: Numbers, n: Numbers, *, conf_level: float = 0.95
) -> tuple[Numbers, Numbers]:
    """
    Adjusted-Wald interval from shares, in points; `nps_interval` for (weighted) shares and an effective n.

    Parameters
    ----------
    p_promoters, p_detractors : float or Series, shape (units,)
        Shares, 0 to 1.
    n : float or Series, shape (units,)
        Answers, or the effective number of them (Kish) for weighted shares.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    ci_low, ci_high : float or Series, shape (units,)
        With ``p' = (n p + 3/4) / (n + 3)``, d' alike: ``100 * (p' - d')`` ± z · plug-in error at n + 3.

    References
    ----------
    B. Rocks (2016), Interval Estimation for the Net Promoter Score, *The American Statistician* 70(4), 365-372.
    """
    check_conf_level(conf_level)
    n_adjusted = n + PSEUDO_ANSWERS
    p_adjusted = (n * p_promoters + PSEUDO_PROMOTERS) / n_adjusted
    d_adjusted = (n * p_detractors + PSEUDO_DETRACTORS) / n_adjusted
    half = ndtri(0.5 + conf_level / 2) * _se(p_adjusted, d_adjusted, n_adjusted)
    centre = 100 * (p_adjusted - d_adjusted)
    return centre - half, centre + half


def nps_difference(first: Counts, second: Counts, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    First score minus second, of independent answers, with an interval that small groups can bear.

    Parameters
    ----------
    first, second : tuple of three float or Series, shape (units,)
        (n_promoters, n_passives, n_detractors) of the two groups or waves.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (units, 5)
        ``estimate``, ``se`` (from the sample variances), ``ci_low``, ``ci_high``, ``conf_level``; points. The interval
        is `square_and_add` of the two adjusted-Wald intervals: over a grid of shares with 10 to 50 answers each it
        never covered less than 92.5 %, where estimate ± z · se fell to 88.8 %.

    References
    ----------
    R. Newcombe (1998), *Statistics in Medicine* 17, 873-890; G. Zou, A. Donner (2008), *Statistics in Medicine* 27.
    """
    scores = nps(*first), nps(*second)
    limits = [nps_interval(*counts, conf_level=conf_level) for counts in (first, second)]
    low, high = square_and_add(scores[0], limits[0], scores[1], limits[1])
    se = np.hypot(nps_se(*first, ddof=1), nps_se(*second, ddof=1))
    columns = {"estimate": scores[0] - scores[1], "se": se, "ci_low": low, "ci_high": high, "conf_level": conf_level}
    return pd.DataFrame(columns, index=None if np.ndim(low) else [0])


def square_and_add(
    first: Numbers,
    first_limits: tuple[Numbers, Numbers],
    second: Numbers,
    second_limits: tuple[Numbers, Numbers],
    *,
    correlation: Numbers = 0.0,
) -> tuple[Numbers, Numbers]:
    """
    Interval of a difference of two estimates from their own intervals (also called MOVER).

    Parameters
    ----------
    first, second : float or Series, shape (units,)
        The two estimates.
    first_limits, second_limits : tuple of two float or Series, shape (units,)
        Their confidence limits (low, high), at the same level.
    correlation : float or Series, shape (units,)
        Of the two estimates, -1 to 1; 0 for independent answers.

    Returns
    -------
    ci_low, ci_high : float or Series, shape (units,)
        ``d - sqrt(a**2 + b**2 - 2 r a b)`` with d = e1 - e2, a = e1 - l1, b = u2 - e2 and r the correlation; and
        ``d + sqrt(a**2 + b**2 - 2 r a b)`` with a = u1 - e1, b = e2 - l2.

    References
    ----------
    G. Zou, A. Donner (2008), Construction of confidence limits about effect measures, *Statistics in Medicine* 27.
    """
    difference = first - second
    low = difference - _combined(first - first_limits[0], second_limits[1] - second, correlation)
    high = difference + _combined(first_limits[1] - first, second - second_limits[0], correlation)
    return low, high


def _combined(first: Numbers, second: Numbers, correlation: Numbers) -> Numbers:
    """``sqrt(a**2 + b**2 - 2 r a b)``, in a form that equals hypot(a, b) to the last digit where r is 0."""
    return np.hypot(first - correlation * second, second * np.sqrt(1 - correlation**2))


def _shares(n_promoters: Numbers, n_passives: Numbers, n_detractors: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    lowest = np.nanmin([np.min(counts) for counts in (n_promoters, n_passives, n_detractors)])
    if lowest < 0:
        raise ValueError(f"counts must be 0 or more; found {lowest}.")
    n = n_promoters + n_passives + n_detractors
    known = n / np.where(n > 0, 1.0, np.nan)
    return n_promoters / known, n_detractors / known, known


def _se(p_promoters: Numbers, p_detractors: Numbers, n: Numbers) -> Numbers:
    variance = p_promoters + p_detractors - (p_promoters - p_detractors) ** 2
    positive = n / np.where(n > 0, 1.0, np.nan)
    return 100 * np.sqrt(np.maximum(variance, 0) / positive)
