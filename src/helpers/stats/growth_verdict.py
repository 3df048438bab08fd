"""Does growth follow engagement? The verdict on the lag, which one group of units or one period must not decide.

To the rules of a lag claim in `verdicts` one is added, after all others: a "yes" that turns into something else
without a single cluster or a single period is "cannot_tell", because ``one_decides``. What hangs on one
year or one country is no rule to plan by.
"""

from __future__ import annotations

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
        Answers of `leave_one_out.leave_one_out` and `growth_slopes.without_each_period`: ``decides``. None where they
        do not apply.

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
