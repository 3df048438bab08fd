"""Answers about several outcomes at once: which sentence each gets, on which scale, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.quartiles import quartile_answer, tally
from helpers.display.wording.words import Words


def quartile_answers(
    gaps: pd.DataFrame,
    words: Words,
    *,
    outcomes: Sequence[str],
    engagement: str = "engagement",
    published: Mapping[str, float] | None = None,
    within: bool = False,
) -> Blocks:
    """Count the verdicts over all outcomes, then answer for those named.

    Parameters
    ----------
    gaps : DataFrame
        Answer of `stats.verdicts.gap_verdicts`: gaps with ``verdict``, ``because``.
    words : Words
    outcomes : sequence of str
        In this order; one that is not in `gaps` is left out.
    engagement : str
        Measure on which the quarters were cut.
    published : mapping of outcome to float, optional
        Gaps found elsewhere, in percent.
    within : bool
        Whether `gaps` are medians over organisations.

    Returns
    -------
    Blocks
        The count, then one paragraph per outcome: in percent where that has meaning, else in standard deviations.
    """
    found = published or {}
    answers = [
        quartile_answer(
            row,
            words,
            verdict=row["verdict"],
            because=row["because"],
            engagement=engagement,
            published=found.get(row["outcome"]) if row["scale"] == "percent" else None,
            within=within,
        )
        for row in (told_gap(gaps, outcome) for outcome in outcomes if outcome in set(gaps["outcome"]))
    ]
    verdicts = gaps.drop_duplicates("outcome")["verdict"]
    if len(verdicts) < 2:
        return Blocks(answers)
    chance = by_chance(gaps["conf_level"].iloc[0], words) if gaps["ci_low"].notna().any() else paragraph()
    return Blocks([tally(verdicts, words, engagement=engagement), *answers, chance])


def by_chance(conf_level: float, words: Words) -> Paragraph:
    """Say how often an outcome without any gap would still show one, each being judged on its own."""
    share = words.percent((1 - conf_level) / 2, 1)
    return paragraph(
        words.text(
            "Each outcome is judged by itself: without any real gaps, chance would still show one in about "
            "{share} of them.",
            share=share,
        )
    )


def told_gap(gaps: pd.DataFrame, outcome: str) -> dict[str, object]:
    """Choose the row that is told for an outcome: percent where there is one, else standard deviations.

    A percentage whose interval tells otherwise about zero than standard deviations do would belie the verdict.
    """
    rows = gaps[gaps["outcome"] == outcome].set_index("scale", drop=False)
    percent, sd = rows.loc["percent"], rows.loc["sd"]
    return (sd if is_missing(percent["estimate"]) or _side(percent) != _side(sd) else percent).to_dict()


def _side(row: pd.Series) -> int:
    """Side of zero on which the interval lies: 1, -1, or 0 where it holds zero or is missing."""
    return int(row["ci_low"] > 0) - int(row["ci_high"] < 0)


class Blocks(list[Paragraph]):
    """Paragraphs that are shown one under the other."""

    def _repr_html_(self) -> str:
        return "\n".join(block._repr_html_() for block in self)
