"""Is one reason the first one in every group? "yes", "no" or "cannot_tell" as a pure function of estimates.

The first rule that applies decides:

===================  ===========  ================================================================================
because              verdict      when
===================  ===========  ================================================================================
not_told             cannot_tell  a group does not have the reason among those told
too_few              cannot_tell  a difference has no standard error, or its df are below `verdicts.MIN_DF`
another_first        no           in a group another reason is clearly larger: `all_high` of a difference is below 0
interval_includes_0  cannot_tell  the interval of a difference with another reason includes zero (limits included)
pooled_first         cannot_tell  only that of a difference with `REST`, the reasons taken together, does
zero_excluded        yes          none of the above
===================  ===========  ================================================================================

"First in both" is true only if every difference is above zero, so it is confirmed where each single interval says so
(an intersection-union test, which needs no correction for many looks). It is refuted where one difference is below
zero, of which the limits are corrected for all differences. The smallest difference of a group, from the lowest of the
single lower limits to the lowest of the corrected upper ones, tells how far ahead the reason is there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.stats.reason_shares import REST
from helpers.stats.verdicts import MIN_DF, NO, YES, Verdict, first_verdict

VERDICTS = {"another_first": NO, "zero_excluded": YES}


def smallest_leads(leads: pd.DataFrame) -> pd.DataFrame:
    """
    How far the reason lies before the largest other one, in each group.

    Parameters
    ----------
    leads : DataFrame
        Answer of `reason_shares.reason_leads`.

    Returns
    -------
    DataFrame, one row per group with another single reason
        ``group``, ``other`` (the largest other reason), ``estimate``, ``ci_low``, ``ci_high``; see the head of the
        module.
    """
    single = leads[leads["other"] != REST]
    rows = [
        {
            "group": group,
            "other": own.loc[own["estimate"].idxmin(), "other"],
            "estimate": own["estimate"].min(),
            "ci_low": own["ci_low"].min(skipna=False),
            "ci_high": own["all_high"].min(skipna=False),
        }
        for group, own in single.groupby("group")
    ]
    return pd.DataFrame(rows, columns=["group", "other", "estimate", "ci_low", "ci_high"])


def reason_verdict(leads: pd.DataFrame, *, groups: Sequence[str]) -> Verdict:
    """
    Is the reason the first one in all groups?

    Parameters
    ----------
    leads : DataFrame
        Answer of `reason_shares.reason_leads`.
    groups : sequence of str
        The groups of the claim.

    Returns
    -------
    Verdict
        By the table at the head of the module; its figures hold ``another``, the groups in which another reason is
        clearly larger, and ``unclear``, those in which that cannot be told.

    References
    ----------
    R. Berger (1982), Multiparameter hypothesis testing and acceptance sampling, *Technometrics* 24(4), 295-300
    (intersection-union).
    """
    single = leads["other"] != REST
    above = leads.loc[single & (leads["all_high"] < 0), "group"]
    unclear = leads.loc[single & ~(leads["ci_low"] > 0), "group"]
    rules = {
        "not_told": not set(groups) <= set(leads["group"]),
        "too_few": bool((~(leads["se"] > 0) | ~np.isfinite(leads["se"]) | ~(leads["df"] >= MIN_DF)).any()),
        "another_first": len(above) > 0,
        "interval_includes_0": len(unclear) > 0,
        "pooled_first": bool((leads["ci_low"] <= 0).any()),
    }
    concerned = {"another": set(above), "unclear": set(unclear)}
    figures = {name: [group for group in groups if group in found] for name, found in concerned.items()}
    return first_verdict(rules, figures, VERDICTS)
