"""Do two causes strengthen each other? "yes", "no" or "cannot_tell" as a pure function of estimates.

The rules are those of a quartile gap in `verdicts`, in the same order, the first that applies decides:

====================  ===========  ===============================================================================
because               verdict      when
====================  ===========  ===============================================================================
too_few               cannot_tell  the interaction has no standard error, or its df are below `verdicts.MIN_DF`
below_smallest        no           its whole interval lies inside ± the smallest effect (limits included)
interval_includes_0   cannot_tell  its interval includes zero (limits included)
wrong_sign            cannot_tell  its interval lies on the other side of zero than claimed
not_robust            cannot_tell  in a check of `MUST_HOLD` the interval includes zero, or lies below it
zero_excluded         yes          none of the above
====================  ===========  ===============================================================================

"One-sided focus is suboptimal" claims an interaction for the better: the effect of either side grows with the other.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.stats.verdicts import MIN_DF, Verdict, check_choices, claimed_limits, first_verdict

# Of `interaction_checks`: what else looks like an interaction. Shared shocks leave too little movement to ask for more.
MUST_HOLD = ("beside_squares", "within_units")


def interaction_verdict(
    row: Mapping[str, object],
    *,
    smallest_effect: float,
    unit: str = "sd",
    sign: int = 1,
    checks: pd.DataFrame | None = None,
) -> Verdict:
    """
    Judge an interaction.

    Parameters
    ----------
    row : mapping
        Row ``product`` of `interaction.interaction_effects`: ``se``, ``df``, ``ci_low``, ``ci_high`` and the same with
        ``_sd``.
    smallest_effect : float
        Smallest interaction that matters, positive: per SD of x and SD of z.
    unit : {"sd", "points"}
        Of `smallest_effect`: SD of y, or the unit of y.
    sign : {1, -1}
        Whether y is claimed to be higher or lower where x and z are both high.
    checks : DataFrame, optional
        Answer of `interaction_checks.interaction_checks`, which a "yes" must survive; checks without an estimate count
        for nothing.

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
    R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319 ("no" as equivalence).
    """
    check_choices(smallest_effect, unit, sign)
    low, high = claimed_limits(row, sign, "_sd" if unit == "sd" else "")
    rules = {
        "too_few": not np.isfinite(row["se"]) or row["df"] < MIN_DF,
        "below_smallest": -smallest_effect <= low and high <= smallest_effect,
        "interval_includes_0": low <= 0 <= high,
        "wrong_sign": high < 0,
        "not_robust": checks is not None and not _holds(checks, sign),
    }
    return first_verdict(rules, dict(row) | {"smallest_effect": smallest_effect, "unit": unit, "sign": sign})


def _holds(checks: pd.DataFrame, sign: int) -> bool:
    asked = checks[checks["variant"].isin(MUST_HOLD) & checks["estimate"].notna()]
    lowest = asked["ci_low"] if sign == 1 else -asked["ci_high"]
    return bool((lowest > 0).all())
