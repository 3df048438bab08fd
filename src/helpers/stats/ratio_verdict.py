"""Do engaged units have less of it? "yes", "no" or "cannot_tell" as a pure function of a ratio of rates.

Rules, the first that applies decides; ratios are per standard deviation of engagement:

====================  ===========  ===============================================================================
because               verdict      when
====================  ===========  ===============================================================================
no_estimate           cannot_tell  there is no ratio, or it has no standard error
too_few               cannot_tell  its df are below `verdicts.MIN_DF`
sampling_error        cannot_tell  its whole interval lies inside the smallest ratio that matters (limits included),
                                   but that without sampling error does not, or is not known
below_smallest        no           both lie inside it
interval_includes_1   cannot_tell  its interval includes 1 (limits included)
wrong_sign            cannot_tell  its interval lies above 1: more where engagement is higher
zero_excluded         yes          none of the above
====================  ===========  ===============================================================================
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from helpers.stats.verdicts import MIN_DF, Verdict, first_verdict


def ratio_verdict(row: Mapping[str, object], *, corrected: Mapping[str, object] | None, smallest: float) -> Verdict:
    """
    Judge a ratio of rates.

    Parameters
    ----------
    row : mapping
        ``estimate`` (log ratio per SD of engagement), ``se``, ``df``, ``ci_low``, ``ci_high``; less is claimed.
    corrected : mapping or None
        The same without sampling error of engagement, which draws a ratio towards 1; None where it is not known.
    smallest : float
        Smallest change of the rate that matters, between 0 and 1: 0.05 for 5 % more or fewer.

    Returns
    -------
    Verdict
        By the table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest change outside 0 to 1.

    References
    ----------
    R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319 ("no" as equivalence).
    """
    if not 0 < smallest < 1:
        raise ValueError(f"smallest must lie between 0 and 1; found {smallest}. Write 0.05 for 5 %.")
    limit = -np.log1p(-smallest)
    low, high = row["ci_low"], row["ci_high"]
    is_inside = -limit <= low and high <= limit
    stays = corrected is not None and -limit <= corrected["ci_low"] and corrected["ci_high"] <= limit
    rules = {
        "no_estimate": not np.isfinite(row["se"]),
        "too_few": row["df"] < MIN_DF,
        "sampling_error": is_inside and not stays,
        "below_smallest": is_inside,
        "interval_includes_1": low <= 0 <= high,
        "wrong_sign": low > 0,
    }
    return first_verdict(rules, dict(row) | {"smallest": smallest})
