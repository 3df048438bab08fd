"""Sentences about drivers: which are linked with the outcome, what they explain together, and which weigh most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup, escape

from helpers.display.wording.amounts import with_interval
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import LONGEST_SENTENCE, Paragraph, capital, paragraph, shown
from helpers.display.wording.verdicts import lead_in
from helpers.display.wording.words import Words

# By the first look of helpers.stats.driver_looks, then by the reason of its verdict.
FACTS = {
    "persons": {
        "all_linked": msg(
            "All {drivers} are linked with {outcome}: with the others held fixed, whoever rates one higher than others "
            "in the same unit tends to score higher on it."
        ),
        "all_small": msg(
            "The {drivers} hardly matter for {outcome}, between people of the same unit and with the others held fixed."
        ),
        "some_small": msg(
            "Not all {drivers} matter for {outcome}, between people of the same unit and with the others held fixed."
        ),
        "some_linked": msg(
            "Of {drivers}, {linked} can be linked with {outcome}, between people of the same unit and with the others "
            "held fixed. Of the rest it is not clear."
        ),
        "none_linked": msg(
            "Between people of the same unit, and with the others held fixed, none of the {drivers} can be linked with "
            "{outcome}."
        ),
    },
    "units": {
        "all_linked": msg(
            "All {drivers} are linked with {outcome}: units that score higher on one of them, with the others held "
            "fixed, score higher on {outcome}."
        ),
        "all_small": msg("The {drivers} hardly matter for {outcome} of units, with the others held fixed."),
        "some_small": msg("Not all {drivers} matter for {outcome} of units, with the others held fixed."),
        "some_linked": msg(
            "Of {drivers}, {linked} can be linked with {outcome}, between units and with the others held fixed. Of the "
            "rest it is not clear."
        ),
        "none_linked": msg(
            "Between units, and with the others held fixed, none of the {drivers} can be linked with {outcome}."
        ),
    },
}
EXPLAINED = {
    "persons": msg("Together they explain {r2} of the differences in {outcome} between people of the same unit."),
    "units": msg("Together they explain {r2} of the differences in {outcome} between units."),
}
ROWS = {
    "persons": msg(
        "The claim is about people, so people of the same unit are compared, in {period}: what a whole unit shares "
        "makes no link here."
    ),
    "units": msg(
        "Only scores of units are known, so units are compared, in {period}; people may be linked in another way."
    ),
}
# Facts after which each driver is named.
PARTLY = ("some_small", "some_linked")
# Facts that say how many there are of each state, so that a number in place of names would repeat them.
COUNTED = ("some_linked",)
# Words that a sentence has beside the names of drivers.
ROOM = 12
STATES = {
    "yes": msg("Linked: {drivers}."),
    "no": msg("Too small to matter: {drivers}."),
    "cannot_tell": msg("Cannot tell: {drivers}."),
}


@dataclass(frozen=True)
class DriverClaim:
    """What is said to drive what.

    Parameters
    ----------
    outcome : str
        A measure.
    kind : str
        "elements", "questions", "themes" or "measures".
    names : mapping of str to str
        How readers know each driver, in order.
    look : str
        The rows it is judged on: "persons" or "units".
    period : str
    """

    outcome: str
    kind: str
    names: Mapping[str, str]
    look: str
    period: str

    def counted(self, words: Words, n: int | None = None) -> Markup:
        """Write how many drivers there are, or `n` of them: ``5 elements``."""
        number = len(self.names) if n is None else n
        if self.kind == "elements":
            return words.plural("{n} element", "{n} elements", number)
        if self.kind == "questions":
            return words.plural("{n} question", "{n} questions", number)
        if self.kind == "themes":
            return words.plural("{n} theme", "{n} themes", number)
        return words.plural("{n} measure", "{n} measures", number)

    def name(self, driver: str) -> Markup:
        """Name a driver at the start of a sentence or in a table."""
        return Markup(capital(escape(shown(self.names[driver]))))

    def listed(self, drivers: Sequence[str], words: Words) -> Markup:
        """Name drivers inside a sentence, or count them where their names would make it too long."""
        found = words.items([self.quoted(one, words) for one in drivers])
        return found if self.fits(drivers, words) else self.counted(words, len(drivers))

    def fits(self, drivers: Sequence[str], words: Words) -> bool:
        """Tell whether the names of drivers leave room in a sentence."""
        return len(words.items([self.quoted(one, words) for one in drivers]).split()) <= LONGEST_SENTENCE - ROOM

    def quoted(self, driver: str, words: Words) -> Markup:
        """Name a driver inside a sentence; questions and themes, often of several words, stand in quotation marks."""
        name = escape(shown(self.names[driver]))
        return words.text("“{name}”", name=name.rstrip(".")) if self.kind in ("questions", "themes") else name


def measure_names(words: Words, drivers: Sequence[str], texts: Mapping[str, str]) -> dict[str, str]:
    """Name drivers: questions by their text, measures by their name."""
    return {driver: texts.get(driver) or words.measure(driver) for driver in drivers}


def driver_answer(slopes: pd.DataFrame, words: Words, claim: DriverClaim, *, verdict: str, because: str) -> Paragraph:
    """Answer whether the drivers are linked with the outcome, and name those that are and are not.

    Parameters
    ----------
    slopes : DataFrame
        ``term`` and ``verdict`` of each driver, see `helpers.stats.driver_study`.
    words : Words
    claim : DriverClaim
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        A key of `FACTS`.

    Returns
    -------
    Paragraph
    """
    states = {state: slopes.loc[slopes["verdict"] == state, "term"].tolist() for state in STATES}
    values = {"drivers": claim.counted(words), "outcome": words.measure(claim.outcome, definite=True)}
    fact = words.text(FACTS[claim.look][because], linked=words.number(len(states["yes"])), **values)
    named = {
        state: drivers
        for state, drivers in states.items()
        if drivers and because in PARTLY and (because not in COUNTED or claim.fits(drivers, words))
    }
    told = [words.text(STATES[state], drivers=claim.listed(drivers, words)) for state, drivers in named.items()]
    return paragraph(lead_in(verdict, words), fact, *told)


def explained_sentence(r2: Mapping[str, float], words: Words, claim: DriverClaim) -> Paragraph:
    """Say what all drivers explain together."""
    interval = words.interval(words.percent(r2["ci_low"]), words.percent(r2["ci_high"]))
    figure = with_interval(words.percent(r2["estimate"]), interval, words, r2["conf_level"])
    values = {"r2": Markup("{} ({})").format(words.percent(r2["estimate"]), figure.partition(", ")[2])}
    return paragraph(words.text(EXPLAINED[claim.look], outcome=words.measure(claim.outcome, definite=True), **values))


def rows_sentence(words: Words, claim: DriverClaim, *, n: int, n_clusters: int) -> Paragraph:
    """Say which rows are compared and why, and how many there are."""
    groups = words.number(n_clusters)
    counted = words.plural(
        "This rests on {n} unit with all scores, in {groups} independent groups.",
        "This rests on {n} units with all scores, in {groups} independent groups.",
        n,
        groups=groups,
    )
    if claim.look == "persons":
        counted = words.text(
            "This rests on about {n} people who answered all of it, in {groups} independent groups.",
            n=words.number(_rounded(n)),
            groups=groups,
        )
    return paragraph(words.text(ROWS[claim.look], period=words.period(claim.period)), counted)


def _rounded(n: int) -> int:
    """A number of people to two figures, or to ten: the exact one would tell how few left a question open."""
    return int(round(n, -max(len(str(n)) - 2, 1)))
