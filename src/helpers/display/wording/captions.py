"""Captions of the tables that stand beside figures: what is shown, of whom and when."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from helpers.display.wording.effects import Claim, step_text
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words


def trend_caption(words: Words, *, name: str, measures: Iterable[str]) -> Paragraph:
    """Caption of the figures of one unit over time.

    Parameters
    ----------
    words : Words
    name : str
        Name of the unit.
    measures : iterable of str

    Returns
    -------
    Paragraph
    """
    return paragraph(
        capital(words.text("{measures} of {name} by period.", measures=_names(words, measures), name=name))
    )


def intervals_caption(words: Words, *, measure: str, period: str) -> Paragraph:
    """Caption of one measure of many units.

    Parameters
    ----------
    words : Words
    measure, period : str

    Returns
    -------
    Paragraph
    """
    values = {"measure": words.measure(measure), "period": words.period(period)}
    return paragraph(capital(words.text("{measure} by unit in {period}.", **values)))


def position_caption(words: Words, *, name: str, whole: str, measures: Iterable[str], period: str) -> Paragraph:
    """Caption of a unit beside the whole.

    Parameters
    ----------
    words : Words
    name, whole : str
        Names of the unit and of the whole organisation.
    measures : iterable of str
    period : str

    Returns
    -------
    Paragraph
    """
    values = {"measures": _names(words, measures), "name": name, "whole": whole, "period": words.period(period)}
    if name == whole:
        return paragraph(capital(words.text("{measures} of {name} in {period}.", **values)))
    return paragraph(capital(words.text("{measures} of {name} and of {whole} as a whole in {period}.", **values)))


def gaps_caption(words: Words, *, engagement: str = "engagement", n_organisations: int = 0) -> Paragraph:
    """Caption of the gaps between quarters.

    Parameters
    ----------
    words : Words
    engagement : str
    n_organisations : int
        Of which the gaps are medians; 0 for gaps over all units.

    Returns
    -------
    Paragraph
    """
    name = words.measure(engagement)
    if n_organisations:
        return paragraph(
            words.text(
                "Top quarter minus bottom quarter on {engagement}, by outcome: the median of {n} organisations.",
                engagement=name,
                n=words.number(n_organisations),
            )
        )
    return paragraph(words.text("Top quarter minus bottom quarter on {engagement}, by outcome.", engagement=name))


def profile_caption(estimates: pd.DataFrame, words: Words, claim: Claim) -> Paragraph:
    """Caption of a lag profile.

    Parameters
    ----------
    estimates : DataFrame
        ``lag``, ``estimate`` and, in standard deviations, ``estimate_sd``.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    step = step_text(estimates.iloc[0].to_dict(), words, claim)
    return paragraph(
        words.text("Change in {y} with a rise of {step} in {x}, by time.", **(claim.names(words) | {"step": step}))
    )


def _names(words: Words, measures: Iterable[str]) -> str:
    return words.items([words.measure(measure) for measure in measures])
