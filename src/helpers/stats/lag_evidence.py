"""Everything the claim of one lag rests on: both directions, the lag claimed, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.verdicts import Verdict, lag_verdict


@dataclass(frozen=True)
class LagEvidence:
    """Profiles of x on y (`forward`) and of y on x (`reverse`), the row at the lag claimed, and the verdict."""

    forward: pd.DataFrame
    reverse: pd.DataFrame
    claimed: dict[str, object]
    verdict: Verdict


def lag_evidence(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int,
    max_lag: int,
    smallest_effect: float,
    unit: str = "sd",
    sign: int = 1,
    conf_level: float = 0.95,
) -> LagEvidence:
    """
    Test whether y follows x after `lag` periods.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        See `lag_profile.lag_profile`.
    x, y : str
        Columns of the measure that leads and of the one that follows.
    lag : int
        Lag claimed, in periods.
    max_lag : int
        Longest lag tried, in periods; the panel may bear fewer.
    smallest_effect : float
        Smallest effect that matters, in `unit`.
    unit : {"sd", "points"}
    sign : {1, -1}
        Whether y is claimed to rise or to fall when x rises.
    conf_level : float

    Returns
    -------
    LagEvidence

    Raises
    ------
    NotApplicable
        When the panel bears no profile, see `lag_profile.lag_profile`.
    """
    choices = {"conf_level": conf_level, "max_lag": max_lag}
    forward = lag_profile(panel, x=x, y=y, **choices)
    reverse = lag_profile(panel, x=y, y=x, **choices)
    verdict = lag_verdict(forward, lag=lag, smallest_effect=smallest_effect, unit=unit, sign=sign)
    return LagEvidence(forward, reverse, lag_row(forward, lag), verdict)
