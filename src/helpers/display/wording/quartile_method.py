"""Sentences on how the quarters were made: the waves compared, ties, and outcomes that could not be compared."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

# Groups of a quarter of the units each, give or take what one tied score may bring.
EVEN = 0.30


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
        words.text("So chance in a single wave cannot enter both sides."),
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
    uneven = words.text("Many units share a score on a cut point: “quarter” on this page means these larger groups.")
    return paragraph(
        words.text("Units with equal scores stay together."),
        words.text("The top group holds {top} of the units and the bottom group {bottom}.", **shares),
        uneven if max(top_share, bottom_share) > EVEN else "",
    )


def uneven_sentence(words: Words, *, top_share: float, bottom_share: float) -> Paragraph:
    """Warn where the outer groups are larger than quarters; empty where they are not."""
    if is_missing(top_share) or not EVEN < max(top_share, bottom_share) <= top_share + bottom_share <= 1:
        return paragraph()
    shares = {"top": words.percent(top_share), "bottom": words.percent(bottom_share)}
    return paragraph(
        words.text(
            "Many units share a score, so the top group holds {top} of them and the bottom group {bottom}.", **shares
        )
    )


def cut_periods(frame: pd.DataFrame) -> dict[str, str]:
    """Periods of the cut and of the newest outcomes in a frame of `datasets.panels.quartile_frame`."""
    newest = frame.sort_values("period").iloc[-1]
    return {"cut_period": newest["engagement_period"], "outcome_period": newest["period"]}


def other_waves(frame: pd.DataFrame, words: Words, *, engagement: str) -> Paragraph:
    """Name the outcomes that are of another period than the newest.

    Parameters
    ----------
    frame : DataFrame
        Answer of `datasets.panels.quartile_frame`.
    words : Words
    engagement : str

    Returns
    -------
    Paragraph
        One sentence for each pair of waves; empty where all are of the same.
    """
    usual = cut_periods(frame)
    waves = frame.drop_duplicates("outcome")
    other = waves[(waves["period"] != usual["outcome_period"]) | (waves["engagement_period"] != usual["cut_period"])]
    return paragraph(
        *(
            capital(
                words.text(
                    "{outcomes}: the latest figures are of {period}, with quarters on {engagement} of {cut}.",
                    outcomes=words.items([words.measure(outcome) for outcome in rows["outcome"]]),
                    period=words.period(period),
                    engagement=words.measure(engagement),
                    cut=words.period(cut),
                )
            )
            for (cut, period), rows in other.groupby(["engagement_period", "period"])
        )
    )


def not_compared(frame: pd.DataFrame, words: Words, *, outcomes: Sequence[str], engagement: str) -> Paragraph:
    """Name the outcomes asked for that have no figures beside engagement.

    Parameters
    ----------
    frame : DataFrame
        Answer of `datasets.panels.quartile_frame`.
    words : Words
    outcomes : sequence of str
        Those asked for.
    engagement : str

    Returns
    -------
    Paragraph
        Empty where all are there.
    """
    absent = [outcome for outcome in outcomes if outcome not in set(frame["outcome"])]
    if not absent:
        return paragraph()
    return paragraph(
        words.text(
            "Not compared, because these units have no figures of both in the waves needed: {outcomes} beside "
            "{engagement}.",
            outcomes=words.items([words.measure(outcome) for outcome in absent]),
            engagement=words.measure(engagement),
        )
    )
