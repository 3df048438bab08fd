"""Parts of the page on quarters of units about luck: halves of the people, and the waves beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from helpers.display.parts import Part
from helpers.display.quartile_tables import halves_table
from helpers.display.wording import Words, quartile_luck


class Halves(Protocol):
    """What `helpers.stats.split_halves` answers with."""

    answered: pd.DataFrame
    by_half: pd.DataFrame
    by_all: pd.DataFrame
    share_kept: float
    r: pd.Series
    reliability: pd.Series


def halves_part(
    halves: Halves,
    words: Words,
    *,
    engagement: str,
    employee: str,
    parts: tuple[str, str],
    within: bool,
    same_wave: bool,
) -> Part:
    """Say what comes from the same people answering both, and what luck in the ranking costs.

    Parameters
    ----------
    halves : Halves
    words : Words
    engagement : str
        Measure on which the quarters were cut.
    employee : str
        The measure told of what employees answer, where there is such a one.
    parts : tuple of str
        Names of the same and the other half in ``halves.answered``.
    within, same_wave : bool
        Whether the answers of the page compare units within organisations, and rank them on the wave of the outcomes.

    Returns
    -------
    Part
    """
    same, other = parts
    named = {"engagement": engagement, "same": same, "other": other}
    answered = sorted(halves.answered["outcome"].unique(), key=lambda outcome: outcome != employee)
    clear = halves.by_all[halves.by_all["scale"] == "sd"]
    n_clear = int(((clear["ci_low"] > 0) | (clear["ci_high"] < 0)).sum()) if len(clear) else 0
    return Part(
        [
            quartile_luck.ranking_sentence(words, within=within, same_wave=same_wave),
            *(quartile_luck.mood_sentences(halves.answered, outcome, words, **named) for outcome in answered[:1]),
            quartile_luck.halves_sentence(halves.share_kept, n_clear, words),
            quartile_luck.reliability_sentence(halves.r, halves.reliability, words, engagement=engagement),
            halves_table(halves.by_all, halves.by_half, words),
        ]
    )


def retest_part(
    table: pd.DataFrame, words: Words, *, engagement: str, periods: Mapping[str, str], within: bool
) -> Part:
    """Say how much of the gap in engagement itself is left a wave later, and was there a wave before.

    Parameters
    ----------
    table : DataFrame
        Answer of `stats.regression_to_mean.retest_gaps`.
    words : Words
    engagement : str
    periods : mapping
        Period by wave: "cut", "before", "after".
    within : bool
        Whether the answers of the page compare units within organisations.

    Returns
    -------
    Part
    """
    told = {"engagement": engagement, "cut": periods["cut"]}
    left = (
        quartile_luck.retest_sentence(
            {row["term"]: row for row in rows.to_dict("records")}, words, again=periods[again], **told
        )
        for again, rows in table.groupby("again", sort=False)
    )
    return Part([quartile_luck.together_sentence(words, within=within), *left])
