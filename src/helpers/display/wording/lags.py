"""Sentences about a lag: does a rise in one measure precede and predict a rise in another, and how long after?

Rows are those of `wording.effects`. Nothing here says "causes".
"""

from __future__ import annotations

from helpers.display.wording.amounts import with_figures
from helpers.display.wording.effects import Claim, Row, effect_text, step_text
from helpers.display.wording.grades import grade_sentence
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.verdicts import further_reason, lead_in
from helpers.display.wording.words import Words

FACTS = {
    "rise": msg("A rise of {step} in {x} is followed {when} by a rise of {size} in {y}"),
    "fall": msg("A rise of {step} in {x} is followed {when} by a fall of {size} in {y}"),
    "rise at once": msg("A rise of {step} in {x} goes {when} with a rise of {size} in {y}"),
    "fall at once": msg("A rise of {step} in {x} goes {when} with a fall of {size} in {y}"),
    "unclear": msg("After a rise of {step} in {x}, {y} may be higher or lower {when}"),
    "unclear at once": msg("With a rise of {step} in {x}, {y} may be higher or lower {when}"),
    "small": msg("After a rise of {step} in {x}, {y} hardly moves {when}"),
    "small at once": msg("With a rise of {step} in {x}, {y} hardly moves {when}"),
}
MISSING = msg("How {y} moves {when} after a rise in {x} could not be estimated.")


def lag_answer(row: Row, words: Words, claim: Claim, *, verdict: str, because: str = "", grade: str = "") -> Paragraph:
    """Answer whether a rise in x precedes and predicts a rise in y at the claimed lag.

    Parameters
    ----------
    row : mapping
        The estimate at the claimed lag, see the module; NaN or empty where the panel cannot single it out.
    words : Words
    claim : Claim
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        Reason id of `verdicts.BECAUSE`, or empty.
    grade : str
        Evidence grade of a yes, which then says what the yes is worth; without one it is said not to prove a cause.

    Returns
    -------
    Paragraph
    """
    fact = effect_sentence(row, words, claim, small=because == "below_smallest")
    names = {"x": words.measure(claim.x, definite=True), "y": words.measure(claim.y, definite=True)}
    coda = words.text("So {x} precedes and predicts {y} here; that alone does not prove a cause.", **names)
    worth = grade_sentence(grade, words, x=claim.x, y=claim.y) or capital(coda)
    last = worth if verdict == "yes" else further_reason(because, words)
    return paragraph(lead_in(verdict, words), fact, last)


def effect_sentence(row: Row, words: Words, claim: Claim, *, small: bool = False) -> Paragraph:
    """Say what follows on a rise in x at one lag; an effect whose interval holds zero gets no direction.

    Parameters
    ----------
    row : mapping
        One estimate, see the module.
    words : Words
    claim : Claim
        Its lag is the one of `row`.
    small : bool
        The whole interval is too small to matter.

    Returns
    -------
    Paragraph
    """
    names = claim.names(words)
    if any(is_missing(row.get(column)) for column in ("estimate", "ci_low", "ci_high")):
        return paragraph(words.text(MISSING, **names))
    form = "small" if small else _direction(row)
    if claim.lag == 0:
        form += " at once"
    change, interval = effect_text(row, words, claim, signed=not form.startswith(("rise", "fall")))
    fact = words.text(FACTS[form], step=step_text(row, words, claim), size=change, **names)
    if form.startswith(("rise", "fall")):
        return paragraph(with_figures(fact, interval, words))
    return paragraph(with_figures(fact, words.text("{figure}, {interval}", figure=change, interval=interval), words))


def _direction(row: Row) -> str:
    return "rise" if row["ci_low"] > 0 else "fall" if row["ci_high"] < 0 else "unclear"
