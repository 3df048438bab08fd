"""Sentences about links between what people say: knowing why and motivation, kept promises and engagement.

A row is one level of `helpers.stats.construct_links`: ``estimate`` in answers of y per answer of x, ``ci_low``,
``ci_high``, ``conf_level``, ``verdict``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import leveled
from helpers.display.wording.drivers import DriverClaim
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, capital, paragraph, plain
from helpers.display.wording.verdicts import lead_in
from helpers.display.wording.words import Words

# By the verdict of helpers.stats.construct_links and its reason.
FACTS = {
    "both": msg("Higher ratings of {x} go with higher ratings of {y}, between people of one unit and between units."),
    "both_small": msg("{x} and {y} hardly go together, neither between people of one unit nor between units."),
    "within_not_between": msg(
        "Between people of one unit, higher ratings of {x} go with higher ratings of {y}; between units they hardly go "
        "together."
    ),
    "between_not_within": msg(
        "Between units, higher ratings of {x} go with higher ratings of {y}; between people of one unit they hardly go "
        "together."
    ),
    "within_only": msg(
        "Between people of one unit, higher ratings of {x} go with higher ratings of {y}; whether they do between "
        "units is not clear."
    ),
    "between_only": msg(
        "Between units, higher ratings of {x} go with higher ratings of {y}; whether they do between people of one "
        "unit is not clear."
    ),
    "within_small": msg(
        "Between people of one unit, {x} and {y} hardly go together; whether they do between units is not clear."
    ),
    "between_small": msg(
        "Between units, {x} and {y} hardly go together; whether they do between people of one unit is not clear."
    ),
    "unclear": msg(
        "Whether {x} and {y} go together is not clear, neither between people of one unit nor between units."
    ),
}
# Facts in which the two levels part, by what can be behind it.
MOOD, NOISE = ("within_only", "within_not_between"), ("between_only", "between_not_within")
# By the verdict of the slope with the drivers held fixed.
BESIDE = {
    "yes": msg("With the {drivers} held fixed, there is a link between people of one unit: {figures}."),
    "no": msg("With the {drivers} held fixed, there is hardly any link between people of one unit: {figures}."),
    "cannot_tell": msg(
        "With the {drivers} held fixed, it cannot be told whether people of one unit show a link: {figures}."
    ),
}
# By the terms of helpers.stats.construct_links.
LEVELS = {
    "within": msg("{x} and {y}"),
    "between": msg("{x} and {y}"),
    "beside": msg("{x} and {y}, drivers held fixed"),
}
# Two charts, since intervals between units are many times as wide as those between people.
QUANTITIES = {
    "people": msg("people of one unit: steps of the second answer per step of the first"),
    "units": msg("units, in two halves: steps of the second answer per step of the first"),
}


def link_answer(
    rows: Mapping[str, Mapping[str, object]],
    words: Words,
    claim: DriverClaim,
    *,
    x: str,
    y: str,
    verdict: str,
    because: str,
) -> Paragraph:
    """Answer whether two things that people rate are linked.

    Parameters
    ----------
    rows : mapping of level to row
    words : Words
    claim : DriverClaim
        Its drivers are those held fixed.
    x, y : str
        Measures.
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        A key of `FACTS`.

    Returns
    -------
    Paragraph
    """
    names = {"x": words.measure(x, definite=True), "y": words.measure(y, definite=True)}
    beside = ""
    if "beside" in rows:
        row = rows["beside"]
        beside = words.text(BESIDE[row["verdict"]], drivers=claim.counted(words), figures=_figures(row, words))
    return paragraph(
        lead_in(verdict, words),
        capital(words.text(FACTS[because], **names)),
        beside,
    )


def link_rows(slopes: pd.DataFrame, words: Words, *, x: str, y: str) -> pd.DataFrame:
    """Name the rows of one link for a forest plot."""
    names = {"x": words.measure(x), "y": words.measure(y)}
    named = [plain(capital(words.text(LEVELS[term], **names))) for term in slopes["term"]]
    return slopes.assign(name=named, level=slopes["term"], term=[f"{x} {y} {term}" for term in slopes["term"]])


def _figures(row: Mapping[str, object], words: Words) -> Markup:
    low, high = (words.number(row[name], 2, fixed=True) for name in ("ci_low", "ci_high"))
    return Markup("{}, {}").format(
        words.number(row["estimate"], 2, fixed=True), leveled(words.interval(low, high), words, row["conf_level"])
    )


def how_told(becauses: Sequence[str], words: Words, *, has_units: bool) -> Paragraph:
    """Say what the two levels are worth: who rates what, and what can make them differ.

    Parameters
    ----------
    becauses : sequence of str
        Keys of `FACTS`, one per link.
    words : Words
    has_units : bool
        Whether any link was looked at between units.

    Returns
    -------
    Paragraph
    """
    units = words.text(
        "Between units, one half of the people of each unit rates the one, and the other half the other, so no single "
        "mood can make a link there."
    )
    mood = words.text("Between people, each rates both, so one mood can make a link that is none.")
    noise = words.text("Between people, chance in single answers makes a link look smaller than it is.")
    return paragraph(
        units if has_units else "",
        mood if set(MOOD) & set(becauses) else "",
        noise if set(NOISE) & set(becauses) else "",
    )
