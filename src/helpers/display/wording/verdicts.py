"""Verdicts and the reasons that come with them."""

from __future__ import annotations

from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.words import Words

VERDICTS = {"yes": msg("Yes"), "no": msg("No"), "cannot_tell": msg("Cannot tell")}
BECAUSE = {
    "zero_outside_interval": msg("Zero lies outside the interval."),
    "interval_includes_zero": msg("Zero lies inside the interval."),
    "interval_too_wide": msg("The interval leaves room for nothing at all and for an effect that matters."),
    "too_small_to_matter": msg("The whole interval stays below the smallest effect that matters."),
    "wrong_sign": msg("The relation has the opposite sign of what is claimed."),
    "lead_not_flat": msg("The outcome had already moved before, so both may share a cause."),
    "lead_too_uncertain": msg("Whether the outcome had already moved before is too uncertain."),
    "reverse_as_large": msg("The opposite direction is at least as strong."),
    "too_few_clusters": msg("There are too few independent groups for a firm answer."),
    "too_few_units": msg("There are too few units to compare."),
    "too_few_answers": msg("There are too few answers to report."),
    "lag_not_identified": msg("The measurements are too few to single out this lag."),
    "no_smallest_effect": msg("No smallest effect that matters was set, so a 'no' cannot be given."),
    "not_estimated": msg("The effect could not be estimated."),
}


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


def lead_in(verdict: str, words: Words) -> Markup:
    """Write the verdict as the marked start of an answer."""
    return Markup("<strong>{}.</strong>").format(verdict_text(verdict, words))
