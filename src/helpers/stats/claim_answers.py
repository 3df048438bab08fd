"""What a method says of a claimed effect, how that stands beside the headline, and whether all agree: pure functions.

What a method with an interval says, the first that applies (`effect_answer`):

===========  =======================================================================
answer       when
===========  =======================================================================
cannot_tell  its df are below `verdicts.MIN_DF`
no           its whole interval lies inside ± the smallest effect (limits included)
cannot_tell  its interval holds zero (limits included)
opposite     its interval lies on the other side of zero than claimed
yes          none of the above
===========  =======================================================================

A test without interval (`p_value_answer`) cannot tell where its p-value does not reach the level, and never says no.

How that stands beside the headline, judged by the same rules (`beside`):

============  =====================================================================================
beside        when
============  =====================================================================================
no_headline   the headline has no interval
same          neither can tell; or the answers are the same, and the interval of the method holds the
              headline's effect
other_size    the answers are the same, and it does not
unsure        the method cannot tell, and its interval holds the headline's effect
decides       the headline cannot tell, the method can, and its interval holds the headline's effect
other         none of the above
============  =====================================================================================

Whether two methods differ beyond chance is not tested: they share their data, so overlap of intervals is only a hint.

Agreement of all methods that can be relied on (`agreement`), the first that applies:

===========  ============================================
agreement    when
===========  ============================================
none_apply   there is no such method
no_headline  the headline has no interval
differ       any stands ``other``
decide       any stands ``decides``
sizes        any stands ``other_size``
agree        all stand ``same``
not_against  all stand ``unsure``
partly       some stand ``same`` and some ``unsure``
===========  ============================================

Nothing is counted against each other, let alone averaged: all methods read the same panel, so that a majority is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from helpers.stats.verdicts import CANNOT_TELL, MIN_DF, NO, YES, check_choices, claimed_limits

OPPOSITE = "opposite"
SAME, OTHER_SIZE, UNSURE, OTHER, NO_HEADLINE = "same", "other_size", "unsure", "other", "no_headline"
DECIDES = "decides"
ROUNDING = 1e-12
Row = Mapping[str, object]


def effect_answer(row: Row, *, smallest_effect: float, unit: str = "sd", sign: int = 1) -> str:
    """
    Judge an effect with its interval.

    Parameters
    ----------
    row : mapping
        ``ci_low``, ``ci_high`` and, for the unit "sd", the same with ``_sd``; ``df`` where known.
    smallest_effect : float
        Smallest effect that matters, positive.
    unit : {"sd", "points"}
        Of `smallest_effect`.
    sign : {1, -1}
        Whether y is claimed to rise or to fall when x rises.

    Returns
    -------
    {"yes", "no", "opposite", "cannot_tell"}
        By the first table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive, an unknown unit or sign.
    """
    check_choices(smallest_effect, unit, sign)
    low, high = claimed_limits(row, sign, "_sd" if unit == "sd" else "")
    if row.get("df", np.inf) < MIN_DF or not np.isfinite([low, high]).all():
        return CANNOT_TELL
    if -smallest_effect <= low and high <= smallest_effect:
        return NO
    if low <= 0 <= high:
        return CANNOT_TELL
    return YES if low > 0 else OPPOSITE


def p_value_answer(p_value: float, *, conf_level: float, effect: float | None = None, sign: int = 1) -> str:
    """
    Judge a test that gives no interval.

    Parameters
    ----------
    p_value : float
    conf_level : float
        A p-value of ``1 - conf_level`` or less decides.
    effect : float, optional
        What the test is about, if that has a side.
    sign : {1, -1}
        Side claimed.

    Returns
    -------
    {"yes", "opposite", "cannot_tell"}
    """
    # 1 - 0.9 is a little below 0.1 to a computer.
    if not p_value <= 1 - conf_level + ROUNDING:
        return CANNOT_TELL
    return YES if effect is None or sign * effect > 0 else OPPOSITE


def beside(answer: str, row: Row, headline_answer: str, headline: Row) -> str:
    """
    Set a method beside the headline.

    Parameters
    ----------
    answer : str
        Of the method.
    row : mapping
        Its ``ci_low`` and ``ci_high``; a test without them excludes no effect.
    headline_answer : str
    headline : mapping
        ``estimate``, ``ci_low``.

    Returns
    -------
    {"same", "other_size", "unsure", "decides", "other", "no_headline"}
        By the second table at the head of the module.
    """
    if not np.isfinite(headline.get("ci_low", np.nan)):
        return NO_HEADLINE
    excludes = row.get("ci_low", np.nan) > headline["estimate"] or row.get("ci_high", np.nan) < headline["estimate"]
    if answer == headline_answer:
        return OTHER_SIZE if excludes and answer != CANNOT_TELL else SAME
    if excludes or CANNOT_TELL not in (answer, headline_answer):
        return OTHER
    return UNSURE if answer == CANNOT_TELL else DECIDES


def agreement(stands: Iterable[str]) -> str:
    """
    Say whether the methods that can be relied on agree with the headline.

    Parameters
    ----------
    stands : iterable of str
        Answers of `beside`.

    Returns
    -------
    {"none_apply", "no_headline", "differ", "decide", "sizes", "agree", "not_against", "partly"}
        By the third table at the head of the module.
    """
    found = set(stands)
    rules = {
        "none_apply": not found,
        "no_headline": NO_HEADLINE in found,
        "differ": OTHER in found,
        "decide": DECIDES in found,
        "sizes": OTHER_SIZE in found,
        "agree": found == {SAME},
        "not_against": found == {UNSURE},
    }
    return next((name for name, applies in rules.items() if applies), "partly")
