"""What effect a design could have seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import check_conf_level

POWER = 0.80


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
        ``(t(1 - alpha/2, df) + t(power, df)) · se``, in the unit of `se`.

    Raises
    ------
    ValueError
        For a level or power that is not a share, such as 80 for 80 %.

    Notes
    -----
    It speaks of the design, not of the effect found: with estimates below it, "not significant" is no evidence of
    absence. The sum of two t quantiles replaces the noncentral t, which it exceeds by a few percent at most for df ≥ 4.

    References
    ----------
    H. Bloom (1995), Minimum Detectable Effects, *Evaluation Review* 19(5), 547-556.
    """
    check_conf_level(conf_level)
    if not 1 - conf_level < power < 1:
        raise ValueError(f"power must lie between 1 - conf_level and 1; found {power}. Write 0.8 for 80 %.")
    known = np.where(np.isnan(df), np.inf, df)
    return (stats.t.ppf(0.5 + conf_level / 2, known) + stats.t.ppf(power, known)) * se
