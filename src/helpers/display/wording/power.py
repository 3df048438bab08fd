"""What a power curve shows: its alternative text, and the caption of its table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from markupsafe import Markup

from helpers.display.wording.effect_axis import effect_axis, size_text
from helpers.display.wording.effects import Claim, Row, scale_of, step_text
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

# The power that counts as enough, as in `stats.power.POWER`.
ENOUGH = 0.8


def size_name(row: Row, words: Words, claim: Claim) -> Markup:
    """Name what the size of an effect is: a change in y with a rise of a step in x."""
    names = {"x": words.measure(claim.x, definite=True), "y": words.measure(claim.y, definite=True)}
    return words.text(
        "size of the change in {y} with a rise of {step} in {x}", step=step_text(row, words, claim), **names
    )


def power_alt(
    curve: pd.DataFrame, words: Words, claim: Claim, *, row: pd.Series, claimed: float | None = None
) -> Paragraph:
    """Describe a power curve: the effect found 80 % of the time, the chance for half of it, and the effects marked.

    Parameters
    ----------
    curve : DataFrame
        See `plots.plot_power`.
    words : Words
    claim : Claim
    row : Series
    claimed : float, optional

    Returns
    -------
    Paragraph
    """
    axis, kind = effect_axis(row, claim), scale_of(row, claim).y_kind
    least, found = (abs(value) for value in axis.told(row, "least_detectable", "estimate"))
    half = np.interp(least / 2, axis.factor * curve["effect" + axis.suffix], curve["power"])
    names = {"x": words.measure(claim.x, definite=True), "y": words.measure(claim.y, definite=True)}
    marks = [
        words.text("The effect claimed elsewhere is marked at {size}.", size=size_text(abs(claimed), words, kind))
        if not is_missing(claimed)
        else "",
        words.text("The effect found here is marked at {size}.", size=size_text(found, words, kind))
        if not is_missing(found)
        else "",
    ]
    return paragraph(
        words.text(
            "Chance to find a change in {y} with a rise of {step} in {x}: {chance} from {size} on.",
            step=step_text(row, words, claim),
            chance=words.percent(ENOUGH),
            size=size_text(least, words, kind),
            **names,
        ),
        words.text("A change half that size is found {chance} of the time.", chance=words.percent(half)),
        *marks,
    )


def power_caption(row: Row, words: Words, claim: Claim) -> Paragraph:
    """Caption of the points of a power curve."""
    return paragraph(words.text("Chance to find an effect, by the {size}.", size=size_name(row, words, claim)))
