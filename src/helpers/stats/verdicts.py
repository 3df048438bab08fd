"""Verdicts: "yes", "no" or "cannot_tell" as a pure function of estimates, by rules that can be read as a table.

Rules of a lag claim ("y follows x after `lag` periods"), the first that applies decides:

====================  ===========  ===============================================================================
because               verdict      when
====================  ===========  ===============================================================================
lag_not_identified    cannot_tell  the lag is not among the rows, or has no standard error
too_few               cannot_tell  its df are below `MIN_DF`
below_smallest        no           its whole interval lies inside ± the smallest effect (limits included)
interval_includes_0   cannot_tell  its interval includes zero (limits included)
wrong_sign            cannot_tell  its interval lies on the other side of zero than claimed
lead_missing          cannot_tell  the panel does not bear the placebo, or its df are below `MIN_DF`
lead_not_flat         cannot_tell  the lead's interval excludes zero on the side claimed
zero_excluded         yes          none of the above
====================  ===========  ===============================================================================

So a precise effect below the smallest that matters is a "no" even where zero is outside. A quartile gap has the rules
`too_few`, `below_smallest`, `interval_includes_0`, `wrong_sign`, `zero_excluded`, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.stats.lag_profile import LEAD, lag_row

YES, NO, CANNOT_TELL = "yes", "no", "cannot_tell"
VERDICTS = {"below_smallest": NO, "zero_excluded": YES}
# Tipton (2015): with fewer Satterthwaite df the p-values of CR2 are no longer to be relied on.
MIN_DF = 4.0
UNITS = ("sd", "points")


@dataclass(frozen=True)
class Verdict:
    """A verdict, the rule that gave it, and the figures it rests on.

    `verdict` is "yes", "no" or "cannot_tell"; `because` names the rule in the table of this module; `figures` holds the
    row judged, with ``smallest_effect`` in its unit, for the sentence.
    """

    verdict: str
    because: str
    figures: dict[str, object] = field(default_factory=dict, compare=False)


def lag_verdict(
    forward: pd.DataFrame,
    *,
    lag: int | str,
    smallest_effect: float,
    unit: str = "sd",
    sign: int = 1,
) -> Verdict:
    """
    Does y follow x after `lag` periods?

    Parameters
    ----------
    forward : DataFrame
        Answer of `lag_profile.lag_profile` for x on y.
    lag : int or "cumulative"
        The lag claimed beforehand, in periods, or the sum of the lags.
    smallest_effect : float
        Smallest effect that matters, positive.
    unit : {"sd", "points"}
        Unit of `smallest_effect`: SD of y per SD of x within units, or points of y per point of x.
    sign : {1, -1}
        Whether y is claimed to rise or to fall when x rises.

    Returns
    -------
    Verdict
        By the table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive, an unknown unit or sign.

    References
    ----------
    R. Berger, J. Hsu (1996), Bioequivalence trials, intersection-union tests and equivalence confidence sets,
    *Statistical Science* 11(4), 283-319 ("no" as equivalence); E. Tipton (2015), *Psychological Methods* 20, 375-393.
    """
    check_choices(smallest_effect, unit, sign)
    row, lead = lag_row(forward, lag), lag_row(forward, LEAD)
    suffix = "_sd" if unit == "sd" else ""
    low, high = claimed_limits(row, sign, suffix)
    figures = row | {"smallest_effect": smallest_effect, "unit": unit, "sign": sign}
    rules = {
        "lag_not_identified": not np.isfinite(row.get("se", np.nan)),
        "too_few": row.get("df", 0.0) < MIN_DF,
        "below_smallest": -smallest_effect <= low and high <= smallest_effect,
        "interval_includes_0": low <= 0 <= high,
        "wrong_sign": high < 0,
        "lead_missing": not np.isfinite(lead.get("se", np.nan)) or lead["df"] < MIN_DF,
        "lead_not_flat": claimed_limits(lead, sign)[0] > 0,
    }
    return first_verdict(rules, figures)


def gap_verdict(gap: pd.Series, *, smallest_effect: float, unit: str = "sd") -> Verdict:
    """
    Do top-quartile units do better on this outcome?

    Parameters
    ----------
    gap : Series
        One row of `quartiles.quartile_gaps` or `organisation_gaps.median_gaps`: scale "sd" for ``unit="sd"``, "raw" for
        "points". Better is as ``higher_is_better`` says.
    smallest_effect : float
        Smallest gap that matters, positive, in SD of all units or in outcome units.
    unit : {"sd", "points"}
        Unit of `smallest_effect`.

    Returns
    -------
    Verdict
        By the table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive, an unknown unit, or a row of another scale.

    References
    ----------
    R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319.
    """
    sign = 1 if gap["higher_is_better"] else -1
    check_choices(smallest_effect, unit, sign)
    scale = {"sd": "sd", "points": "raw"}[unit]
    if gap["scale"] != scale:
        raise ValueError(f"gap must be the row of scale {scale!r} for unit {unit!r}; found {gap['scale']!r}.")
    low, high = claimed_limits(gap, sign)
    rules = {
        "too_few": not np.isfinite(low) or gap["df"] < MIN_DF,
        "below_smallest": -smallest_effect <= low and high <= smallest_effect,
        "interval_includes_0": low <= 0 <= high,
        "wrong_sign": high < 0,
    }
    return first_verdict(rules, gap.to_dict() | {"smallest_effect": smallest_effect, "unit": unit, "sign": sign})


def gap_verdicts(gaps: pd.DataFrame, *, smallest_effect: float, unit: str = "sd") -> pd.DataFrame:
    """
    Judge every outcome of a table of gaps.

    Parameters
    ----------
    gaps : DataFrame
        Answer of `quartiles.quartile_gaps` or `organisation_gaps.median_gaps`.
    smallest_effect : float
        Smallest gap that matters, positive, in SD of all units or in outcome units.
    unit : {"sd", "points"}
        Unit of `smallest_effect`.

    Returns
    -------
    DataFrame
        `gaps` with ``verdict`` and ``because``, the same on all scales of an outcome.

    References
    ----------
    R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319.
    """
    judged = gaps[gaps["scale"] == {"sd": "sd", "points": "raw"}[unit]]
    verdicts = {
        row["outcome"]: gap_verdict(row, smallest_effect=smallest_effect, unit=unit) for _, row in judged.iterrows()
    }
    return gaps.assign(
        verdict=gaps["outcome"].map({outcome: one.verdict for outcome, one in verdicts.items()}),
        because=gaps["outcome"].map({outcome: one.because for outcome, one in verdicts.items()}),
    )


def effect_in_sd(effect: float, sd_ratio: float) -> float:
    """Points of y per point of x as SD of y per SD of x; ``sd_ratio`` is SD(x) / SD(y), see `lag_profile.sd_ratio`."""
    return effect * sd_ratio


def effect_in_points(effect: float, sd_ratio: float) -> float:
    """SD of y per SD of x as points of y per point of x; the inverse of `effect_in_sd`."""
    return effect / sd_ratio


def check_choices(smallest_effect: float, unit: str, sign: int) -> None:
    """
    Refuse choices that no effect can be judged by.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive, a unit outside `UNITS`, a sign other than 1 and -1.
    """
    if not smallest_effect > 0:
        raise ValueError(f"smallest_effect must be above 0; found {smallest_effect}.")
    if unit not in UNITS:
        raise ValueError(f"unit must be 'sd' or 'points'; found {unit!r}.")
    if sign not in (1, -1):
        raise ValueError(f"sign must be 1 or -1; found {sign}.")


def claimed_limits(row: Mapping[str, object] | pd.Series, sign: int, suffix: str = "") -> tuple[float, float]:
    """Interval with the claimed side turned up."""
    low, high = row.get(f"ci_low{suffix}", np.nan), row.get(f"ci_high{suffix}", np.nan)
    return (low, high) if sign == 1 else (-high, -low)


def first_verdict(
    rules: Mapping[str, bool], figures: Mapping[str, object], verdicts: Mapping[str, str] = VERDICTS
) -> Verdict:
    """
    Give the verdict of the first rule that applies.

    Parameters
    ----------
    rules : mapping of str to bool
        Whether each applies, the most urgent first; where none does, ``zero_excluded`` stands.
    figures : mapping
        What the verdict rests on.
    verdicts : mapping of str to str
        Verdict of a rule; "cannot_tell" of those not named.
    """
    because = next((name for name, applies in rules.items() if applies), "zero_excluded")
    return Verdict(verdicts.get(because, CANNOT_TELL), because, dict(figures))
