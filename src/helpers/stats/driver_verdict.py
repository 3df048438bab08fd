"""Is a driver linked with the outcome, and is it a strength or a weakness? Pure functions of estimates.

A driver is linked by these rules, the first that applies decides:

====================  ===========  ===============================================================================
because               verdict      when
====================  ===========  ===============================================================================
too_few               cannot_tell  the slope has no standard error, or its df are below `verdicts.MIN_DF`
below_smallest        no           its whole interval lies inside ± the smallest effect (limits included)
interval_includes_0   cannot_tell  its interval includes zero (limits included)
wrong_sign            cannot_tell  its interval lies below zero
zero_excluded         yes          none of the above
====================  ===========  ===============================================================================

Where a driver stands, by its score against the target and its share against an even share (one part in p of p drivers);
an interval that holds the limit, or touches it, lies on neither side:

===========  =============  =============  ====================================================================
standing     score          share          or
===========  =============  =============  ====================================================================
small        –              –              the verdict on its link is "no"
unclear      –              –              that verdict is "cannot_tell", or a figure or an interval is missing
unclear      on neither     –
unclear      –              on neither
keep         above          above
improve      below          above
enough       above          below
wait         below          below
===========  =============  =============  ====================================================================
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.stats.verdicts import CANNOT_TELL, MIN_DF, NO, Verdict, check_choices, claimed_limits, first_verdict

UNCLEAR, SMALL = "unclear", "small"
STANDINGS = {(True, True): "keep", (False, True): "improve", (True, False): "enough", (False, False): "wait"}
_NOT_LINKED = {NO: SMALL, CANNOT_TELL: UNCLEAR}


def link_verdict(row: Mapping[str, object], *, smallest_effect: float) -> Verdict:
    """
    Judge whether an outcome is higher where a driver is.

    Parameters
    ----------
    row : mapping
        A standardised slope: ``se``, ``df``, ``ci_low``, ``ci_high``.
    smallest_effect : float
        Smallest slope that matters, positive, in standard deviations per standard deviation.

    Returns
    -------
    Verdict
        By the first table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive.

    References
    ----------
    R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319 ("no" as equivalence).
    """
    check_choices(smallest_effect, "sd", 1)
    low, high = claimed_limits(row, 1)
    rules = {
        "too_few": not np.isfinite(row["se"]) or row["df"] < MIN_DF,
        "below_smallest": -smallest_effect <= low and high <= smallest_effect,
        "interval_includes_0": low <= 0 <= high,
        "wrong_sign": high < 0,
    }
    return first_verdict(rules, dict(row) | {"smallest_effect": smallest_effect})


def standings(table: pd.DataFrame, *, target: float) -> pd.Series:
    """
    Tell strengths to keep from weaknesses to improve, and from what cannot be told.

    Parameters
    ----------
    table : DataFrame, one row per driver of one analysis
        ``score_low``, ``score_high`` (interval of the score), ``share_low``, ``share_high`` (of the share), ``verdict``
        (of the link).
    target : float
        Score aimed at, on the scale of the scores.

    Returns
    -------
    Series of {"keep", "improve", "enough", "wait", "small", "unclear"}
        By the second table at the head of the module.

    References
    ----------
    J. Martilla, J. James (1977), Importance-performance analysis, *Journal of Marketing* 41(1), 77-79.
    """
    found = []
    for row in table.to_dict("records"):
        score = _side(row["score_low"], row["score_high"], target)
        share = _side(row["share_low"], row["share_high"], 1 / len(table))
        linked = STANDINGS.get((score, share), UNCLEAR)
        found.append(_NOT_LINKED.get(row["verdict"], linked))
    return pd.Series(found, index=table.index, dtype="str")


def _side(low: float, high: float, limit: float) -> bool | None:
    """Whether an interval lies above a limit; None where it does not lie on one side, or is missing."""
    return True if low > limit else False if high < limit else None
