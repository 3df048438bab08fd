"""The evidence grade of a yes: what it allows one to say, and the rules behind it.

Only the grades A and B speak of a cause.
"""

from __future__ import annotations

from collections.abc import Mapping

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

GRADES = {
    "A": msg("Evidence grade A of A to E: chance decided where {x} rose, so the rise causes what follows."),
    "B": msg("Evidence grade B of A to E: units that never got the rise did not move along, which points to a cause."),
    "C": msg("Evidence grade C of A to E: {x} precedes and predicts {y} here; a cause is not proven."),
    "D": msg(
        "Evidence grade D of A to E: {x} precedes {y} here, but not every check is passed; a cause is not proven."
    ),
    "E": msg("Evidence grade E of A to E: the long trends of the units explain it as well, like any two rising lines."),
}
# By the ids of helpers.stats.grades.
RULES = {
    "prespecified": msg("The delay was fixed before looking"),
    "lead_flat": msg("Nothing moves before the rise: the check stays within half the effect"),
    "bootstrap_agrees": msg("A wild cluster bootstrap excludes zero too"),
    "forward_exceeds": msg("The claimed direction is stronger than the opposite one"),
    "no_unit_decides": msg("Zero stays outside whichever unit is left out"),
    "attenuation_known": msg("The measurement error of {x} is known"),
    "detectable": msg("The panel can be relied on to find an effect of this size"),
    "beyond_trends": msg("The effect outlives a straight line for each unit"),
}
ANSWERS = {True: msg("holds"), False: msg("fails"), None: msg("cannot be told")}


def grade_sentence(grade: str, words: Words, *, x: str, y: str) -> Paragraph:
    """Say how strong the evidence of a yes is.

    Parameters
    ----------
    grade : str
        "A" to "E"; empty for what is no yes.
    words : Words
    x, y : str
        Measures.

    Returns
    -------
    Paragraph
        Empty for an empty grade.

    Raises
    ------
    ValueError
        For any other grade.
    """
    if not grade:
        return paragraph()
    if grade not in GRADES:
        raise ValueError(f"grade must be one of {', '.join(GRADES)}; found {grade!r}.")
    names = {"x": words.measure(x, definite=True), "y": words.measure(y, definite=True)}
    return paragraph(capital(words.text(GRADES[grade], **names)))


def held_sentence(rules: Mapping[str, bool | None], words: Words) -> Paragraph:
    """Count the checks that hold.

    Parameters
    ----------
    rules : mapping of str to bool or None
        See `helpers.stats.grades.Grade`.
    words : Words

    Returns
    -------
    Paragraph
        Empty without rules.
    """
    if not rules:
        return paragraph()
    held = sum(holds is True for holds in rules.values())
    return paragraph(
        words.plural(
            "{n} of the {total} checks behind the grade holds.",
            "{n} of the {total} checks behind the grade hold.",
            held,
            total=words.number(len(rules)),
        )
    )
