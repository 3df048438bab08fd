"""Verdicts on a link and on a path: "yes", "no" or "cannot_tell" as pure functions of estimates.

A link from x to y, the first rule that applies decides. The row judged is the corrected one where there is any:

====================  ===========  ===============================================================================
because               verdict      when
====================  ===========  ===============================================================================
too_few               cannot_tell  the row has no standard error, or its df are below `verdicts.MIN_DF`
same_people           cannot_tell  the same people answered for x and y, and other people's answers could not be set
                                   beside theirs
interval_includes_0   cannot_tell  the interval includes zero, and is not inside ± the smallest effect
luck_unknown          cannot_tell  it lies inside ± the smallest effect, and luck that shrinks it is not taken out
below_smallest        no           it lies inside ± the smallest effect (limits included)
wrong_sign            cannot_tell  it lies on the other side of zero than claimed
zero_excluded         yes          none of the above
====================  ===========  ===============================================================================

A path is the product of its links:

====================  ===========  ===============================================================================
too_few               cannot_tell  it has no interval
below_smallest        no           the interval of the product lies inside ± the smallest effect
a_link_open           cannot_tell  one of its links, from one construct to the next, is not a "yes"
interval_includes_0   cannot_tell  the interval includes zero
wrong_sign            cannot_tell  it lies on the other side of zero
zero_excluded         yes          none of the above
====================  ===========  ===============================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.stats.verdicts import MIN_DF, YES, Verdict, check_choices, claimed_limits, first_verdict


def link_verdict(
    measured: Mapping[str, object],
    corrected: Mapping[str, object],
    *,
    smallest_effect: float,
    unit: str = "sd",
    sign: int = 1,
) -> Verdict:
    """
    Does y go with x, in one view?

    Parameters
    ----------
    measured, corrected : mapping
        Rows of `chain_links.chain_links`.
    smallest_effect : float
        Smallest effect that matters, positive.
    unit : {"sd", "points"}
        SD of y per SD of x, or points of y per point of x.
    sign : {1, -1}
        Whether y is claimed to be higher or lower where x is higher.

    Returns
    -------
    Verdict
        By the first table at the head of the module; ``obstacle`` and ``obstacle_values`` say why nothing is corrected.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive, an unknown unit or sign.

    References
    ----------
    R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319 ("no" as equivalence); P. Podsakoff et al. (2003),
    *Journal of Applied Psychology* 88(5), 879-903 (same people).
    """
    check_choices(smallest_effect, unit, sign)
    is_corrected = bool(np.isfinite(corrected["se"]))
    row = corrected if is_corrected else measured
    low, high = claimed_limits(row, sign)
    inside = _inside(row, smallest_effect, unit)
    rules = {
        "too_few": not np.isfinite(row["se"]) or row["df"] < MIN_DF,
        "same_people": bool(row["same_people"]) and not is_corrected,
        "interval_includes_0": low <= 0 <= high and not inside,
        "luck_unknown": inside and not is_corrected,
        "below_smallest": inside,
        "wrong_sign": high < 0,
    }
    judged = {"smallest_effect": smallest_effect, "unit": unit, "sign": sign}
    obstacle = {"obstacle": corrected.get("reason", ""), "obstacle_values": corrected.get("reason_values", {})}
    return first_verdict(rules, dict(row) | judged | obstacle)


def path_verdict(
    row: Mapping[str, object],
    links: Sequence[Verdict],
    *,
    smallest_effect: float,
    unit: str = "sd",
    sign: int = 1,
) -> Verdict:
    """
    Does what a path begins with go with what it ends with, through every link?

    Parameters
    ----------
    row : mapping
        Of `chain_draws.path_effects`.
    links : sequence of Verdict
        On each link of the path.
    smallest_effect, unit, sign
        As for `link_verdict`.

    Returns
    -------
    Verdict
        By the second table at the head of the module.
    """
    check_choices(smallest_effect, unit, sign)
    low, high = claimed_limits(row, sign)
    rules = {
        "too_few": not np.isfinite(low),
        "below_smallest": _inside(row, smallest_effect, unit),
        "a_link_open": any(link.verdict != YES for link in links),
        "interval_includes_0": low <= 0 <= high,
        "wrong_sign": high < 0,
    }
    return first_verdict(rules, dict(row) | {"smallest_effect": smallest_effect, "unit": unit, "sign": sign})


def _inside(row: Mapping[str, object], smallest_effect: float, unit: str) -> bool:
    """Whether the interval lies inside ± the smallest effect; not where the scale of that is not known."""
    suffix = "_sd" if unit == "sd" else ""
    low, high = row.get(f"ci_low{suffix}", np.nan), row.get(f"ci_high{suffix}", np.nan)
    return bool(-smallest_effect <= low and high <= smallest_effect)
