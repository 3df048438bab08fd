"""Sentences on how the quarters were made: the wave of the cut, ties, and the smallest outcomes."""

from __future__ import annotations

import pandas as pd

from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words


def cut_sentence(words: Words, *, engagement: str, cut_period: str, outcome_period: str) -> Paragraph:
    """Say on which wave the quarters were cut, and what that guards against.

    Parameters
    ----------
    words : Words
    engagement : str
        Measure of the cut.
    cut_period, outcome_period : str
        Period of the cut and of the outcomes.

    Returns
    -------
    Paragraph
    """
    values = {"engagement": words.measure(engagement), "cut": words.period(cut_period)}
    values["outcome"] = words.period(outcome_period)
    if cut_period == outcome_period:
        return paragraph(
            words.text("The quarters rest on {engagement} in {cut}, the same wave as the outcomes.", **values),
            words.text("Chance in that one wave can enlarge or shrink the gap."),
        )
    return paragraph(
        words.text("The quarters rest on {engagement} in {cut}; the outcomes are from {outcome}.", **values),
        words.text("So chance in a single wave cannot make the gap."),
    )


def tie_sentence(words: Words, *, top_share: float, bottom_share: float) -> Paragraph:
    """Say that equal scores stay together, and how large the two outer groups became.

    Parameters
    ----------
    words : Words
    top_share, bottom_share : float
        Shares of units, 0 to 1.

    Returns
    -------
    Paragraph
        Empty where there are too few units to cut. Groups that overlap are no quarters, and get no shares.
    """
    if is_missing(top_share) or is_missing(bottom_share):
        return paragraph()
    if top_share + bottom_share > 1:
        return paragraph(words.text("So many units have the same score that no quarters can be made."))
    shares = {"top": words.percent(top_share), "bottom": words.percent(bottom_share)}
    return paragraph(
        words.text("Units with equal scores stay together."),
        words.text("The top group holds {top} of the units and the bottom group {bottom}.", **shares),
    )


def cut_periods(frame: pd.DataFrame) -> dict[str, str]:
    """Period of the cut and of the outcomes in a frame of `datasets.panels.quartile_frame`, as `cut_sentence` wants."""
    return {"cut_period": frame["engagement_period"].iloc[0], "outcome_period": frame["period"].iloc[0]}
