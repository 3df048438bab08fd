"""Sentences about where a unit stands: how its intervals were made, what stands in for a score, how units differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.scores import row_at, state_of
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

# An interval less than this much wider is as good as that of independent answers.
HARDLY_WIDER = 1.05
STAND_INS = {
    (False, False): msg("eNPS and NPS were not measured here: {employee} and {customer} stand in for them."),
    (False, True): msg("eNPS was not measured here: {employee} stands in for it."),
    (True, False): msg("NPS was not measured here: {customer} stands in for it."),
}
# By the change of eNPS and that of the others.
MOVES = {
    ("same", "rose"): msg("{measures} rose as well."),
    ("same", "fell"): msg("{measures} fell as well."),
    ("other", "rose"): msg("{measures} rose, unlike eNPS: on its own, eNPS may give half the picture."),
    ("other", "fell"): msg("{measures} fell, unlike eNPS: on its own, eNPS may give half the picture."),
    ("unclear", "unclear"): msg("For {measures} the change is unclear."),
}
DESIGNS = {
    "wider": msg(
        "People in one unit tend to answer alike: the interval of {measure} is {times} times as wide as that of "
        "independent answers, and rests on {n} groups."
    ),
    "as wide": msg(
        "{measure} rests on {n} groups of people, whose answers are hardly more alike than those of others."
    ),
    "independent": msg("The interval of {measure} counts every answer as independent of the others."),
}
# What the intervals by groups of people do not reach.
NOT_WIDER = msg(
    "The intervals of means and of shares count answers as independent, so they are too narrow where people of one "
    "unit answer alike."
)
PAIRS = {
    "none": msg("No two of the {n} units directly below clearly differ in {measure}."),
    "some": msg(
        "In {measure}, {clear} of {pairs} pairs of units directly below clearly differ; chance alone would give about "
        "{expected}."
    ),
    "few": msg(
        "In {measure}, {clear} of {pairs} pairs of units directly below clearly differ, no more than chance would give "
        "({expected})."
    ),
    "unknown": msg("The units directly below have too few answers to compare them in {measure}."),
}


def stand_in_sentence(words: Words, *, employee: str, customer: str) -> Paragraph:
    """Say which measures stand in for eNPS and NPS; empty where none does."""
    template = STAND_INS.get((employee == "enps", customer == "nps"))
    if template is None:
        return paragraph()
    names = {"employee": words.measure(employee, definite=True), "customer": words.measure(customer, definite=True)}
    return paragraph(capital(words.text(template, **names)))


def beside_sentence(
    table: ReleasedTable, words: Words, *, unit_id: str, period: str, measures: Sequence[str]
) -> Paragraph:
    """Say whether other measures of employees moved as eNPS did, on which alone nobody should rely.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``change``, ``change_low``, ``change_high``.
    words : Words
    unit_id, period : str
    measures : sequence of str

    Returns
    -------
    Paragraph
        Empty where no change of eNPS or of the others is told.
    """
    frame = require_released(table, "beside_sentence")
    own = state_of(*row_at(frame, unit_id, "enps", period))
    states = {one: state_of(*row_at(frame, unit_id, one, period)) for one in measures if one != "enps"}
    told = {one: state for one, state in states.items() if state in ("rose", "fell", "unclear")}
    if own not in ("rose", "fell", "unclear"):
        return paragraph()
    kinds = {one: ("same" if state == own else "other", state) for one, state in told.items() if state != "unclear"}
    kinds |= {one: ("unclear", "unclear") for one, state in told.items() if state == "unclear"}
    sentences = []
    for kind, template in MOVES.items():
        named = [words.measure(one) for one, found in kinds.items() if found == kind]
        sentences += [capital(words.text(template, measures=words.items(named)))] if named else []
    return paragraph(*sentences)


def design_sentences(designs: pd.DataFrame, words: Words) -> Paragraph:
    """Say what the intervals allow for: groups of people who answer alike, or independent answers.

    Parameters
    ----------
    designs : DataFrame
        ``measure``, ``n_clusters`` (0: none), ``wider``.
    words : Words

    Returns
    -------
    Paragraph
        Says so where there is none to tell of. Where groups widen an interval, it warns of those that they do not.
    """
    if designs.empty:
        return paragraph(words.text("For this unit no interval by groups of answers is given."))
    rows = designs.to_dict("records")
    is_wider = any(_design_form(row) == "wider" for row in rows)
    return paragraph(*(_design(row, words) for row in rows), words.text(NOT_WIDER) if is_wider else "")


def pairs_sentence(found: Mapping[str, float], words: Words, *, measure: str) -> Paragraph:
    """Say how many pairs of units below clearly differ, and how many chance alone would make seem so.

    Parameters
    ----------
    found : mapping
        ``n_units``, ``n_pairs``, ``n_clear``, ``n_expected``.
    words : Words
    measure : str

    Returns
    -------
    Paragraph
    """
    expected = found["n_expected"]
    form = "unknown" if not found["n_pairs"] else "none" if not found["n_clear"] else "some"
    form = "few" if form == "some" and found["n_clear"] <= expected else form
    values = {"measure": words.measure(measure, definite=True), "n": words.number(found["n_units"])}
    values |= {"clear": words.number(found["n_clear"]), "pairs": words.number(found["n_pairs"])}
    return paragraph(words.text(PAIRS[form], expected=words.number(expected, 0 if expected >= 1 else 1), **values))


def _design(row: Mapping[str, object], words: Words) -> Markup:
    if is_missing(row["wider"]):
        return Markup()
    values = {"measure": words.measure(str(row["measure"]), definite=True), "n": words.number(row["n_clusters"])}
    return capital(words.text(DESIGNS[_design_form(row)], times=words.number(row["wider"], 1, fixed=True), **values))


def _design_form(row: Mapping[str, object]) -> str:
    return "independent" if not row["n_clusters"] else "wider" if row["wider"] >= HARDLY_WIDER else "as wide"
