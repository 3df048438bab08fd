"""What the chart of single studies shows, in words."""

from __future__ import annotations

import pandas as pd

from helpers.display.wording.meta_answers import r_text
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words


def studies_alt(studies: pd.DataFrame, words: Words, *, quantity: str, mean: float) -> Paragraph:
    """Describe the chart of single studies: how many, the lowest and the highest, how many clear of zero, the mean.

    Parameters
    ----------
    studies : DataFrame
        ``r``, ``ci_low``, ``ci_high``.
    words : Words
    quantity : str
        What is estimated.
    mean : float

    Returns
    -------
    Paragraph
    """
    clear = int(((studies["ci_low"] > 0) | (studies["ci_high"] < 0)).sum())
    return paragraph(
        words.plural(
            "{quantity}: {n} study, {high}; the mean of all is {mean}.",
            "{quantity}: {n} studies, from {low} to {high}; the mean of all is {mean}.",
            len(studies),
            quantity=quantity,
            low=r_text(studies["r"].min(), words),
            high=r_text(studies["r"].max(), words),
            mean=r_text(mean, words),
        ),
        words.plural("{n} interval is clear of zero.", "{n} intervals are clear of zero.", clear),
    )
