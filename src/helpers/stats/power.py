"""What effect a design could have seen: the smallest found reliably, and the chance to find one of any size."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from helpers.stats.estimates import check_conf_level

POWER = 0.80
# A curve goes on until hardly any design of this kind would miss the effect.
CERTAIN = 0.99
N_POINTS = 61


def least_detectable_effect(
    se: float | pd.Series, df: float | pd.Series, *, conf_level: float = 0.95, power: float = POWER
) -> float | pd.Series:
    """
    Smallest true effect that a two-sided test finds with the given power.

    Parameters
    ----------
    se : float or Series, shape (k,)
        Standard error of the estimate, in its unit.
    df : float or Series, shape (k,)
        Its degrees of freedom (Satterthwaite for CR2); missing or infinite: normal.
    conf_level : float
        Between 0 and 1; the test's level is ``1 - conf_level``.
    power : float
        Chance of a significant result, above ``1 - conf_level`` and below 1.

    Returns
    -------
    float or Series, shape (k,)
        ``d · se``, in the unit of `se`, where a noncentral t with `df` and noncentrality d exceeds
        ``t(1 - alpha/2, df)`` with chance `power`.

    Raises
    ------
    ValueError
        For a level or power that is not a share, such as 80 for 80 %.

    Notes
    -----
    It speaks of the design, not of the effect found: with estimates below it, "not significant" is no evidence of
    absence. A significant result on the wrong side of zero does not count; at a power of .8 that is under 1 in 10,000.

    References
    ----------
    H. Bloom (1995), Minimum Detectable Effects, *Evaluation Review* 19(5), 547-556.
    """
    check_conf_level(conf_level)
    check_power(power, conf_level)
    known = np.where(np.isnan(df), np.inf, df)
    threshold = special.stdtrit(known, 0.5 + conf_level / 2)
    multiple = special.nctdtrinc(known, 1 - power, threshold)
    return np.where(np.isinf(known), threshold + special.ndtri(power), multiple)[()] * se


def check_power(power: float, conf_level: float) -> None:
    """Refuse a power that a test of this level has by chance alone, or that is not a share, such as 80 for 80 %."""
    if not 1 - conf_level < power < 1:
        raise ValueError(f"power must lie between 1 - conf_level and 1; found {power}. Write 0.8 for 80 %.")


def power_curve(row: pd.Series, *, largest: float | None = None) -> pd.DataFrame:
    """
    Chance that a two-sided test finds a true effect, by the size of the effect.

    Parameters
    ----------
    row : Series
        One estimate: ``estimate``, ``se``, ``df`` (missing or infinite: normal), ``conf_level``; ``se_sd`` where the
        effect is also told in standard deviations.
    largest : float, optional
        An effect the curve must reach, in the unit of ``se``.

    Returns
    -------
    DataFrame
        ``effect`` from 0 on, in the unit of ``se``, up to one found with 99 % power, and at least up to the size of the
        estimate; ``effect_sd`` where ``se_sd`` is given; ``power``, 0 to 1. No rows without a standard error.

    Notes
    -----
    ``power = P(|T| > t(1 - alpha/2, df))``, T noncentral t with `df` and noncentrality ``effect / se``. At
    `least_detectable_effect` it is .80. The estimate only stretches the curve: the power at the effect that was found
    restates its p-value and says nothing more (Hoenig and Heisey 2001, *The American Statistician* 55(1), 19-24).

    References
    ----------
    N. Johnson and B. Welch (1940), Applications of the Non-Central t-Distribution, *Biometrika* 31(3/4), 362-389.
    """
    se, df, conf_level = float(row["se"]), float(row["df"]), float(row["conf_level"])
    if not se > 0:
        return pd.DataFrame({"effect": [], "power": []}, dtype=float)
    certain = least_detectable_effect(se, df, conf_level=conf_level, power=max(CERTAIN, conf_level))
    effects = np.linspace(0, np.nanmax([certain, abs(row["estimate"]), largest or 0.0]), N_POINTS)
    curve = pd.DataFrame({"effect": effects, "power": _power(effects / se, df, conf_level)})
    return curve.assign(effect_sd=effects * row["se_sd"] / se) if "se_sd" in row else curve


def _power(noncentrality: np.ndarray, df: float, conf_level: float) -> np.ndarray:
    threshold = special.stdtrit(np.inf if np.isnan(df) else df, 0.5 + conf_level / 2)
    if not np.isfinite(df):
        return special.ndtr(-(threshold - noncentrality)) + special.ndtr(-threshold - noncentrality)
    missed, wrong_side = (special.nctdtr(df, noncentrality, bound) for bound in (threshold, -threshold))
    # SciPy gives up on tails that are as good as empty (below 1e-9 for every df).
    return 1 - np.nan_to_num(missed) + np.nan_to_num(wrong_side)
