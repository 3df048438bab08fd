"""Does growth follow engagement? The verdict on the lag, which one group of units or one period must not decide.

To the rules of a lag claim in `verdicts` one is added, after all others: a "yes" that turns into something else
without a single cluster or a single period is "cannot_tell", because ``one_decides``. What hangs on one
year or one country is no rule to plan by.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.stats.verdicts import CANNOT_TELL, YES, Verdict, lag_verdict


def growth_verdict(
    forward: pd.DataFrame,
    *,
    lag: int,
    smallest_effect: float,
    unit: str = "sd",
    sign: int = 1,
    without_one: pd.DataFrame | None = None,
    without_period: pd.DataFrame | None = None,
) -> Verdict:
    """
    Judge whether growth follows engagement after `lag` periods.

    Parameters
    ----------
    forward : DataFrame
        Answer of `lag_profile.lag_profile` for engagement on growth.
    lag : int
        In periods.
    smallest_effect, unit, sign
        As for `verdicts.lag_verdict`.
    without_one, without_period : DataFrame, optional
        Rows without one cluster, without one period, with ``decides`` of `with_deciding`. None where that does not
        apply.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        As `verdicts.lag_verdict`.
    """
    verdict = lag_verdict(forward, lag=lag, smallest_effect=smallest_effect, unit=unit, sign=sign)
    decided = [bool(table["decides"].any()) for table in (without_one, without_period) if table is not None]
    if verdict.verdict == YES and any(decided):
        return Verdict(CANNOT_TELL, "one_decides", verdict.figures)
    return verdict


def with_deciding(
    rows: pd.DataFrame, full: Mapping[str, object], *, smallest_effect: float, unit: str = "sd", ratio: float = 1.0
) -> pd.DataFrame:
    """
    Tell which rows would be judged otherwise than the estimate from all data.

    Parameters
    ----------
    rows : DataFrame
        Estimates without something: ``ci_low``, ``ci_high``.
    full : mapping
        The estimate from all data, with the same.
    smallest_effect, unit
        As for `verdicts.lag_verdict`.
    ratio : float
        SD(x) / SD(y), which turns points into SD.

    Returns
    -------
    DataFrame
        With ``decides``: the interval changes between inside ± the smallest effect, above zero, below zero and none of
        these, or there is no estimate any more. A changed sign of an estimate that could be zero decides nothing.
    """
    limit = smallest_effect / ratio if unit == "sd" else smallest_effect
    judged = _judged(rows["ci_low"], rows["ci_high"], limit)
    return rows.assign(decides=judged != _judged(full["ci_low"], full["ci_high"], limit))


def _judged(low: pd.Series | float, high: pd.Series | float, limit: float) -> np.ndarray:
    cases = [np.isnan(low), (-limit <= low) & (high <= limit), low > 0, high < 0]
    return np.select(cases, ["none", "small", "above", "below"], default="unclear")
