"""Sentences about reliability: do questions measure one thing, do people of a unit agree, do units differ?"""

from __future__ import annotations

from collections.abc import Mapping
from math import isinf

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import leveled
from helpers.display.wording.levels import level_name
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

# From here on a scale, a figure of a unit and agreement are commonly called good enough.
GOOD = 0.7
# Less lies between units than one would look for: LeBreton and Senter (2008) call .01 a small effect, .10 a medium one.
LITTLE = 0.05
SCALES = {
    "yes": msg("The {k} questions on {measure} hang together well enough for one score: {figures}."),
    "no": msg("The {k} questions on {measure} hang together too little for one score: {figures}."),
    "unclear": msg(
        "Whether the {k} questions on {measure} hang together well enough for one score is unclear: {figures}."
    ),
}
DIFFER = {
    "yes": msg(
        "Units differ by more than chance: {share} of the differences between people lies between them ({interval})."
    ),
    "unclear": msg(
        "Whether units differ cannot be told: {share} of the differences between people lies between them ({interval})."
    ),
    "no": msg("Units hardly differ: {share} of the differences between people lies between them ({interval})."),
}
AGREE = {
    "yes": msg("People of one unit agree: the median r_wg is {median}, and {share} of {n} units have {good} or more."),
    "no": msg(
        "People of one unit do not agree: the median r_wg is {median}, and {share} of {n} units have {good} or more."
    ),
}
CLIMATES = {
    ("yes", "yes"): msg("There is a climate of units: people within one agree, and units differ."),
    ("yes", "no"): msg("Units differ, but people within one disagree: an average hides more than it shows."),
    ("unclear", "yes"): msg("People within units agree; whether units have a climate of their own cannot be told."),
    ("unclear", "no"): msg("Whether there is a climate of units cannot be told: within them people disagree."),
    ("no", "yes"): msg("People within units agree, but units are alike: look at the whole, not at single units."),
    ("no", "no"): msg("There is no climate of units here: people within them disagree, and units are alike."),
}
NEEDED = {
    "both": msg(
        "For a reliability of {good} a unit needs about {needed} answers ({low} to {high}); the usual one has {usual}."
    ),
    "open": msg(
        "For a reliability of {good} a unit needs about {needed} answers ({low} or more); the usual one has {usual}."
    ),
}
ENOUGH = {
    True: msg("Figures of most units can be compared."),
    False: msg("Most units have too few answers for that, so do not rank them."),
}


def scale_sentence(rows: pd.DataFrame, words: Words, *, measure: str) -> Paragraph:
    """Say whether the questions of a measure form one score.

    Parameters
    ----------
    rows : DataFrame
        ``term`` ("alpha", perhaps "omega"), ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n_items``.
    words : Words
    measure : str

    Returns
    -------
    Paragraph
    """
    first = rows.iloc[0]
    form = "yes" if first["ci_low"] >= GOOD else "no" if first["ci_high"] < GOOD else "unclear"
    figures = words.items([_coefficient(row, words) for row in rows.to_dict("records")])
    values = {"k": words.number(first["n_items"]), "measure": words.measure(measure, definite=True)}
    return paragraph(words.text(SCALES[form], figures=figures, **values))


def climate_sentences(
    iccs: pd.DataFrame, agreement: pd.DataFrame, words: Words, *, level: str, below: str, n_hidden: int = 0
) -> list[Paragraph]:
    """Say whether units differ, whether people within them agree, and what both mean together.

    Parameters
    ----------
    iccs : DataFrame
        ``term`` ("icc1", "icc2"), ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n_clusters``, ``size``.
    agreement : DataFrame
        ``null``, ``median``, ``share_agreed``, ``n_units``; the strictest null decides. No rows: it is not known.
    words : Words
    level, below : str
        Level of the units, and the name of the unit below which they lie.
    n_hidden : int
        Units whose own figures are not shown.

    Returns
    -------
    list of Paragraph
        What it means, and the figures behind it.
    """
    terms = iccs.set_index("term").to_dict("index")
    differ, first = _differ(terms["icc1"]), terms["icc1"]
    values = {"n": words.number(first["n_clusters"]), "level": level_name(level, words), "below": below}
    looked = words.text("Looked at: {n} units of the level {level} in {below}.", **values)
    hidden = words.plural("{n} of them is not shown by itself.", "{n} of them are not shown by themselves.", n_hidden)
    figures = [looked, hidden if n_hidden else "", _differences(first, differ, words)]
    if agreement.empty:
        return [paragraph(*figures, _mean_sentence(terms["icc2"], words))]
    strictest = agreement.loc[agreement["median"].idxmin()]
    agree = "yes" if strictest["median"] >= GOOD else "no"
    values = {"median": words.number(strictest["median"], 2, fixed=True), "good": words.number(GOOD, 2, fixed=True)}
    values |= {"share": words.percent(strictest["share_agreed"]), "n": words.number(strictest["n_units"])}
    agreed = words.text(AGREE[agree], **values)
    climate = paragraph(words.text(CLIMATES[differ, agree]))
    return [climate, paragraph(*figures, agreed, _mean_sentence(terms["icc2"], words))]


def needed_sentence(needed: pd.DataFrame, words: Words, *, usual: float) -> Paragraph:
    """Say how many answers a unit needs for its figure to be compared, and how many the usual one has.

    Parameters
    ----------
    needed : DataFrame
        ``estimate``, ``ci_low``, ``ci_high`` (infinite: no bound), ``reliability``.
    words : Words
    usual : float
        Median number of answers of a unit.

    Returns
    -------
    Paragraph
    """
    row = needed.iloc[0]
    values = {name: words.number(row[of], 0) for name, of in (("needed", "estimate"), ("low", "ci_low"))}
    values |= {"good": words.number(row["reliability"], 2, fixed=True), "usual": words.number(usual, 0)}
    form = "open" if isinf(row["ci_high"]) else "both"
    high = "" if form == "open" else words.number(row["ci_high"], 0)
    meaning = words.text(ENOUGH[bool(usual >= row["estimate"])])
    return paragraph(words.text(NEEDED[form], high=high, **values), meaning)


def _differ(row: Mapping[str, float]) -> str:
    """Whole interval above zero: yes; below what is little: no; else it cannot be told."""
    if row["ci_low"] > 0:
        return "yes"
    return "no" if row["ci_high"] < LITTLE else "unclear"


def _differences(row: Mapping[str, float], form: str, words: Words) -> Markup:
    bounds = [min(max(row[name], 0.0), 1.0) for name in ("ci_low", "ci_high")]
    interval = leveled(
        words.interval(*(words.percent(bound, 1, fixed=True) for bound in bounds)), words, row["conf_level"]
    )
    return words.text(DIFFER[form], share=words.percent(max(row["estimate"], 0), 1, fixed=True), interval=interval)


def _mean_sentence(row: Mapping[str, float], words: Words) -> Markup:
    """ICC(2) of units of average size; below zero it says no more than that units do not differ."""
    if row["estimate"] <= 0:
        return Markup()
    return words.text(
        "With {size} answers, the average here, the figure of a unit has a reliability of {icc2}.",
        size=words.number(row["size"], 0),
        icc2=words.number(row["estimate"], 2, fixed=True),
    )


def _coefficient(row: Mapping[str, object], words: Words) -> Markup:
    value = Markup("{} {}").format(row["term"], words.number(row["estimate"], 2, fixed=True))
    if is_missing(row.get("ci_low")):
        return value
    interval = words.interval(*(words.number(row[name], 2, fixed=True) for name in ("ci_low", "ci_high")))
    return Markup("{} ({})").format(value, leveled(interval, words, row["conf_level"]))
