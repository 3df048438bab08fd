"""What a study of a meta-analysis is, and how reliable its two sides are measured."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.display.wording.levels import level_name
from helpers.display.wording.meta_answers import DECIMALS, Row, outcome_names
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.quartile_answers import Blocks
from helpers.display.wording.words import Words

# Below this more than half of the variance is error, and the correction rests mostly on the reliability.
LOW_RELIABILITY = 0.5


def studies_sentence(words: Words, *, level: str, units: str, engagement: str) -> Paragraph:
    """Say what a study is here, and what the sign of a correlation means.

    Parameters
    ----------
    words : Words
    level, units : str
        Of `datasets.studies.StudySet`; without `units` the studies are those of a table.
    engagement : str

    Returns
    -------
    Paragraph
    """
    x = words.measure(engagement)
    if not units:
        return paragraph(words.text("The studies come from a table given to this page, not from this dataset."))
    names = {"level": level_name(level, words), "units": level_name(units, words), "x": x}
    return paragraph(
        words.text(
            "A study is one {level}: the correlation of {x} and an outcome over units, here each a {units}.", **names
        ),
        words.text("Above zero means better, also where a low figure is the good one."),
    )


def measured_sentences(summary: pd.DataFrame, words: Words, *, outcomes: Sequence[str], engagement: str) -> Blocks:
    """Say how reliable both sides are: for the first outcome, and for each other that its own errors correct.

    Parameters
    ----------
    summary : DataFrame
        Of `stats.meta_study`.
    words : Words
    outcomes : sequence of str
        In this order.
    engagement : str

    Returns
    -------
    Blocks
        Where some are corrected, nothing on those that are not.
    """
    rows = [row for row in summary.to_dict("records") if row["outcome"] in outcomes]
    rows.sort(key=lambda row: list(outcomes).index(row["outcome"]))
    corrected = [row for row in rows if row["method"] != "none"]
    told = [row for row in corrected if row["mean_ryy"] < 1 or row is rows[0]] or rows[:1]
    return Blocks([measured_sentence(row, words, engagement=engagement) for row in told])


def measured_sentence(row: Row, words: Words, *, engagement: str) -> Paragraph:
    """Say how reliable both sides are, or why nothing is corrected; nothing where no mean could be taken.

    Parameters
    ----------
    row : mapping
        See the module.
    words : Words
    engagement : str

    Returns
    -------
    Paragraph
    """
    if is_missing(row["mean_r"]):
        return paragraph()
    names = outcome_names(row, words, engagement)
    if row["method"] == "none":
        return paragraph(
            words.text("How reliable both sides are is not known here, so correlations stand as observed."),
            words.text("True ones would lie further from zero."),
        )
    reliability = {side: words.number(row[f"mean_r{side * 2}"], DECIMALS, fixed=True) for side in "xy"}
    known = words.text(
        "The mean reliability of {x} is {rxx}, that of {y} {ryy}.", rxx=reliability["x"], ryy=reliability["y"], **names
    )
    booked = (
        words.text("An outcome as booked has 1: its yearly luck counts as part of it.") if row["mean_ryy"] == 1 else ""
    )
    trusting = words.text("A reliability so low makes for a large correction, which trusts it fully.")
    return paragraph(capital(known), booked, trusting if row["mean_ryy"] < LOW_RELIABILITY else "")
