"""Did what was acted on move more than elsewhere? "yes", "no" or "cannot_tell" as a pure function of estimates.

Rules of an effect of actions, the first that applies decides:

====================  ===========  ===============================================================================
because               verdict      when
====================  ===========  ===============================================================================
too_few_actions       cannot_tell  fewer than `MIN_ACTED` measures were acted on, or the effect has no standard error
too_few               cannot_tell  its df are below `verdicts.MIN_DF`
below_smallest        no           its whole interval lies inside ± the smallest effect (limits included)
interval_includes_0   cannot_tell  its interval includes zero (limits included)
wrong_sign            cannot_tell  its interval lies below zero
lead_missing          cannot_tell  whether they were rising before could not be checked
lead_not_flat         cannot_tell  they were rising before: the interval of the lead lies above zero
similar_missing       cannot_tell  the rise beside what was as low, without an action, could not be estimated
not_beyond_similar    cannot_tell  that rise does not lie above zero with its whole interval
others_rose_too       cannot_tell  what was not acted on in the same units rose as well (interval above zero), and
                                   what was acted on not clearly more (interval of the difference not above zero)
zero_excluded         yes          none of the above
====================  ===========  ===============================================================================

A difference between two kinds of actions has the rules `too_few_actions`, `too_few`, `below_smallest`,
`interval_includes_0`, `wrong_sign`, `zero_excluded`: both were picked alike.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from helpers.stats.verdicts import MIN_DF, Verdict, check_choices, first_verdict

# With fewer, one unit decides.
MIN_ACTED = 10
Row = Mapping[str, object]


def effect_verdict(
    row: Row, *, smallest_effect: float, lead: Row, similar: Row, others: Row | None, beyond_others: Row | None
) -> Verdict:
    """
    Judge the effect of actions on what they acted on.

    Parameters
    ----------
    row : mapping
        The effect: ``n`` cells, ``se``, ``df``, ``ci_low``, ``ci_high``.
    smallest_effect : float
        Smallest effect that matters, positive, in the unit of the row.
    lead : mapping
        Change before the wave that the actions were decided on: ``se``, ``ci_low``.
    similar : mapping
        Rise from that wave on beside what was as low without an action: ``se``, ``ci_low``. It holds also where two bad
        waves decided on an action, which the headline does not.
    others, beyond_others : mapping or None
        Effect on what was not acted on in the same units, and the effect beyond it: ``ci_low``. None where nothing else
        was measured, or it could not be estimated.

    Returns
    -------
    Verdict
        By the table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive.

    References
    ----------
    R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319 ("no" as equivalence).
    """
    rules = _rules(row, smallest_effect)
    rules["lead_missing"] = not np.isfinite(lead.get("se", np.nan))
    rules["lead_not_flat"] = bool(lead.get("ci_low", np.nan) > 0)
    rules["similar_missing"] = not np.isfinite(similar.get("se", np.nan))
    rules["not_beyond_similar"] = not _above(similar)
    rules["others_rose_too"] = _above(others) and not _above(beyond_others)
    return first_verdict(rules, dict(row) | {"smallest_effect": smallest_effect})


def difference_verdict(row: Row, *, smallest_effect: float, n_fewest: int) -> Verdict:
    """
    Judge whether one kind of actions moved more than another.

    Parameters
    ----------
    row : mapping
        The difference: ``se``, ``df``, ``ci_low``, ``ci_high``.
    smallest_effect : float
        Smallest difference that matters, positive.
    n_fewest : int
        Cells of the kind with the fewest.

    Returns
    -------
    Verdict
        By the table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive.

    References
    ----------
    R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319.
    """
    return first_verdict(
        _rules(dict(row) | {"n": n_fewest}, smallest_effect), dict(row) | {"smallest_effect": smallest_effect}
    )


def _rules(row: Row, smallest_effect: float) -> dict[str, bool]:
    check_choices(smallest_effect, "points", 1)
    low, high = row["ci_low"], row["ci_high"]
    return {
        "too_few_actions": row["n"] < MIN_ACTED or not np.isfinite(row["se"]),
        "too_few": row["df"] < MIN_DF,
        "below_smallest": -smallest_effect <= low and high <= smallest_effect,
        "interval_includes_0": low <= 0 <= high,
        "wrong_sign": high < 0,
    }


def _above(row: Row | None) -> bool:
    return row is not None and bool(row.get("ci_low", np.nan) > 0)
