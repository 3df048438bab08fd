"""Sentences on several organisations: each compared within itself, against all units together."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.gap_figures import gap_interval, gap_text
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.quartile_answers import Blocks, told_gap
from helpers.display.wording.quartiles import over_organisations
from helpers.display.wording.words import Words


def leading_sentence(words: Words, *, n_organisations: int, within: bool) -> Paragraph:
    """Say which comparison the page leads with, and why.

    Parameters
    ----------
    words : Words
    n_organisations : int
    within : bool
        Whether the median within organisations leads.

    Returns
    -------
    Paragraph
        Empty for one organisation.
    """
    if n_organisations < 2:
        return paragraph()
    if within:
        return paragraph(
            words.text("The answers above compare units within each organisation and give the median of their gaps."),
            words.text("So differences between whole organisations, which have many reasons, stay out."),
        )
    return paragraph(
        words.text(
            "There are too few organisations for an interval of their median, so the answers above put all units "
            "together."
        ),
        words.text("Differences between organisations, which have many reasons, are then part of the gap."),
    )


def median_sentence(words: Words, *, n_organisations: int) -> Paragraph:
    """Say that figures are medians over organisations."""
    return paragraph(
        words.text(
            "Units are compared within each of {n} organisations, as Gallup does; each figure is the median of their "
            "gaps.",
            n=words.number(n_organisations),
        )
    )


def median_answers(medians: pd.DataFrame, words: Words, *, outcomes: Sequence[str]) -> Blocks:
    """Say for the outcomes named what the median gap over organisations is.

    Parameters
    ----------
    medians : DataFrame
        Answer of `stats.organisation_gaps.median_gaps`.
    words : Words
    outcomes : sequence of str
        In this order; one that is not in `medians` is left out.

    Returns
    -------
    Blocks
    """
    found = [outcome for outcome in outcomes if outcome in set(medians["outcome"])]
    if medians["n_clusters"].max() <= 1:
        return Blocks([paragraph(words.text("There is one organisation here, so the median gap is the gap above."))])
    return Blocks(over_organisations(told_gap(medians, outcome), words) for outcome in found)


def unlike_sentence(
    unlike: Sequence[str], pooled: pd.DataFrame, medians: pd.DataFrame, words: Words, *, within: bool
) -> Paragraph:
    """Say where all units together tell otherwise than units within their organisations.

    Parameters
    ----------
    unlike : sequence of str
        Outcomes that differ.
    pooled, medians : DataFrame
        Gaps over all units, and medians over organisations.
    words : Words
    within : bool
        Whether medians have intervals, so that verdicts were compared; else directions were.

    Returns
    -------
    Paragraph
    """
    if not unlike:
        if within:
            return paragraph(words.text("All units together give the same answers as units within organisations."))
        return paragraph(words.text("No clear gap over all units turns around within organisations."))
    told = [_both(outcome, pooled, medians, words) for outcome in unlike]
    note = words.text("What sets whole organisations apart is part of the first figure, not of the second.")
    return paragraph(*told, note)


def _both(outcome: str, pooled: pd.DataFrame, medians: pd.DataFrame, words: Words) -> str:
    rows = [table.set_index(["outcome", "scale"]).loc[(outcome, "sd")] for table in (pooled, medians)]
    rows = [row.to_dict() | {"outcome": outcome, "scale": "sd"} for row in rows]
    figures = [
        Markup("{} ({})").format(gap, interval) if interval else gap
        for gap, interval in (
            (gap_text(row["estimate"], row, words, signed=True), gap_interval(row, words, level=False)) for row in rows
        )
    ]
    return words.text(
        "The gap in {outcome} is {pooled} over all units together, but {within} within organisations.",
        outcome=words.measure(outcome, definite=True),
        pooled=figures[0],
        within=figures[1],
    )
