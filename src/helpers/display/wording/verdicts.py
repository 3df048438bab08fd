"""Verdicts and the reasons that come with them."""

from __future__ import annotations

from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.words import Words

VERDICTS = {"yes": msg("Yes"), "no": msg("No"), "cannot_tell": msg("Cannot tell")}
# The ids of helpers.stats.verdicts, and those of a gap that could not be estimated.
BECAUSE = {
    "zero_excluded": msg("Zero lies outside the interval."),
    "interval_includes_0": msg("Zero lies inside the interval."),
    "below_smallest": msg("The whole interval stays below the smallest effect that matters."),
    "wrong_sign": msg("That is the opposite of what was expected, and these data do not show why."),
    "too_few": msg("There are too few independent groups for a firm answer."),
    "too_few_clusters": msg("There are too few independent groups for a firm answer."),
    "too_few_units": msg("There are too few units to compare."),
    "too_few_organisations": msg("There are too few organisations for an interval."),
    "lag_not_identified": msg("There are too few measurements to tell this lag from the others."),
    "lead_missing": msg("Whether the outcome had already moved earlier could not be checked."),
    "lead_not_flat": msg("The outcome had already moved earlier, so both may share a cause."),
    "not_robust": msg("Under another model, seen further down, it could be zero."),
    "one_decides": msg("Without one group of units, or one period, the answer would be another."),
    "no_spread": msg("The units hardly differ, so there are no quarters to compare."),
    "not_ratio_scale": msg("A percentage has no meaning for this outcome."),
    "bottom_not_positive": msg("A percentage has no meaning where the bottom quarter is not above zero."),
    "no_n": msg("The number of answers behind the figures is unknown."),
    "no_se": msg("The precision of the figures is unknown."),
}


# A sentence that gives the interval has said these already.
SEEN_IN_INTERVAL = ("zero_excluded", "interval_includes_0")


def verdict_text(verdict: str, words: Words) -> Markup:
    """Write a verdict as one or two words, without a full stop.

    Parameters
    ----------
    verdict : {"yes", "no", "cannot_tell"}
    words : Words

    Returns
    -------
    Markup

    Raises
    ------
    ValueError
        For any other verdict.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}; found {verdict!r}.")
    return words.text(VERDICTS[verdict])


def because_text(because: str, words: Words) -> Markup:
    """Write the reason of a verdict as a sentence; empty for an empty reason.

    Parameters
    ----------
    because : str
        A key of `BECAUSE`, or empty.
    words : Words

    Returns
    -------
    Markup

    Raises
    ------
    ValueError
        For an unknown reason.
    """
    if not because:
        return Markup()
    if because not in BECAUSE:
        raise ValueError(f"because must be one of {', '.join(BECAUSE)}; found {because!r}.")
    return words.text(BECAUSE[because])


def further_reason(because: str, words: Words) -> Markup:
    """Write the reason of a verdict, unless the interval beside it says the same."""
    reason = because_text(because, words)
    return Markup() if because in SEEN_IN_INTERVAL else reason


def lead_in(verdict: str, words: Words) -> Markup:
    """Write the verdict as the marked start of an answer."""
    return Markup("<strong>{}.</strong>").format(verdict_text(verdict, words))
