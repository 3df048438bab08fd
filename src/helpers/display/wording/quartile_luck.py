"""Sentences on luck: what is left of the quarters when units are measured again, later or by other people."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, leveled
from helpers.display.wording.gap_figures import gap_interval, gap_text
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.verdicts import because_text
from helpers.display.wording.words import Words

Row = Mapping[str, object]
APART = {
    "after": msg(
        "Ranked in {cut}, the quarters lie {gap_cut} standard deviations apart in {engagement} itself; in {again} the "
        "same units lie {gap_again} apart."
    ),
    "before": msg(
        "In {again}, the wave before the ranking, the same units lay {gap_again} standard deviations apart in "
        "{engagement}, against {gap_cut} in {cut}."
    ),
}
# By the wave looked at, and by what the interval of the share lost says.
LOST = {
    ("after", "less"): msg("So {share} of the gap has gone by {again} ({interval})"),
    ("after", "unclear"): msg("Whether part of the gap has gone by {again} cannot be told ({share}, {interval})"),
    ("after", "more"): msg("So the gap has not shrunk: by {again} it has grown by {share} ({interval})"),
    ("after", "bare"): msg("So {share} of the gap has gone by {again}, without an interval"),
    ("before", "less"): msg("So {share} of the gap was not yet there in {again} ({interval})"),
    ("before", "unclear"): msg(
        "Whether part of the gap was not yet there in {again} cannot be told ({share}, {interval})"
    ),
    ("before", "more"): msg("So the gap was even larger in {again}, by {share} ({interval})"),
    ("before", "bare"): msg("So {share} of the gap was not yet there in {again}, without an interval"),
}

# By whether units were compared within organisations above, and whether they were ranked on the wave of the outcomes.
RANKED = {
    (True, False): msg(
        "Here all units stand together, ranked on the wave of the outcomes, so figures can differ from those above."
    ),
    (True, True): msg("Here all units stand together, so figures can differ from those above."),
    (False, False): msg("Here units are ranked on the wave of the outcomes, so figures can differ from those above."),
}


def ranking_sentence(words: Words, *, within: bool, same_wave: bool) -> Paragraph:
    """Say in what the comparison by halves differs from the answers above; empty where in nothing.

    Parameters
    ----------
    words : Words
    within : bool
        Whether the answers compare units within organisations.
    same_wave : bool
        Whether the answers rank units on the wave of the outcomes.

    Returns
    -------
    Paragraph
    """
    differs = RANKED.get((within, same_wave))
    return paragraph(words.text(differs) if differs else "")


def together_sentence(words: Words, *, within: bool) -> Paragraph:
    """Say that all units stand together, where the answers compare them within organisations."""
    return paragraph(words.text("Here all units stand together.") if within else "")


def retest_sentence(rows: Mapping[str, Row], words: Words, *, engagement: str, cut: str, again: str) -> Paragraph:
    """Say how much of the gap in engagement itself is left in the wave before or after.

    Parameters
    ----------
    rows : mapping of term to mapping
        Rows of `stats.regression_to_mean.retest_gaps` for one wave, by ``term``.
    words : Words
    engagement : str
        The measure the units are ranked by.
    cut, again : str
        Period of the ranking, and the one looked at.

    Returns
    -------
    Paragraph
    """
    lost, r = rows["share_lost"], rows["r"]
    names = {"engagement": words.measure(engagement), "cut": words.period(cut), "again": words.period(again)}
    if is_missing(lost["estimate"]):
        unknown = words.text("What is left in {again} of the gap in {engagement} could not be estimated.", **names)
        return paragraph(unknown, because_text(lost["reason"], words))
    gaps = {f"gap_{name}": words.number(lost[f"gap_{name}"], 2, fixed=True) for name in ("cut", "again")}
    return paragraph(
        words.text(APART[lost["again"]], **gaps, **names),
        _lost(lost, words, names["again"]),
        words.text("The two waves go together with r = {figures}.", figures=_correlation(r, words)),
        "" if lost["reason"] else _gain(rows["gain_bottom"], words, lost["again"]),
    )


def mood_sentences(
    answered: pd.DataFrame, outcome: str, words: Words, *, engagement: str, same: str, other: str
) -> Paragraph:
    """Say how much of a gap in what employees answer comes from the same people answering both.

    Parameters
    ----------
    answered : DataFrame
        ``answered`` of `stats.split_halves.half_study`.
    outcome : str
        What employees answer.
    words : Words
    engagement : str
        The measure the units are ranked by.
    same, other : str
        Names of the two parts.

    Returns
    -------
    Paragraph
    """
    rows = answered[(answered["outcome"] == outcome) & (answered["scale"] == "raw")].set_index("part", drop=False)
    own, others = (rows.loc[part].to_dict() for part in (same, other))
    names = {"engagement": words.measure(engagement), "outcome": words.measure(outcome, definite=True)}
    if is_missing(own["estimate"]) or is_missing(others["estimate"]):
        return paragraph(words.text("The gap in {outcome} by halves could not be estimated.", **names))
    return paragraph(
        words.text(
            "Where the people whose {engagement} ranks the units also give {outcome}, the gap in it is {figures}.",
            figures=_figures(own, words),
            **names,
        ),
        words.text("Where their colleagues give it, the gap is {figures}.", figures=_figures(others, words)),
        words.text("Only the first figure holds the mood that one person brings to both answers."),
    )


def halves_sentence(share_kept: float, n_outcomes: int, words: Words) -> Paragraph:
    """Say what ranking by half of the people leaves of the gaps in outcomes from others; empty where none is clear."""
    if is_missing(share_kept):
        return paragraph()
    return paragraph(
        words.plural(
            "Ranked by half of the people instead of all, {share} is left of the gap in the one outcome from another "
            "source that is clear.",
            "Ranked by half of the people instead of all, {share} is left of the gaps in the {n} outcomes from other "
            "sources that are clear.",
            n_outcomes,
            share=words.percent(share_kept),
        ),
        words.text("With fewer answers, luck decides more of the ranking, and the gap shrinks.")
        if share_kept < 1
        else "",
    )


def reliability_sentence(r: Row, reliability: Row, words: Words, *, engagement: str) -> Paragraph:
    """Say how well the halves of a unit agree, and what reliability that gives all its people.

    Parameters
    ----------
    r, reliability : mapping
        ``estimate``, ``ci_low``, ``ci_high``; a reliability counts from 0 to 1.
    words : Words
    engagement : str

    Returns
    -------
    Paragraph
    """
    return paragraph(
        words.text(
            "{engagement} of one half of the people goes with that of the other half with r = {figures}.",
            engagement=capital(words.measure(engagement)),
            figures=_correlation(r, words),
        ),
        words.text(
            "So the score of all of them has a reliability of {figures}.", figures=_correlation(reliability, words)
        ),
    )


def _lost(row: Row, words: Words, again: str) -> Markup:
    values = {"share": words.percent(row["estimate"]), "again": again}
    if is_missing(row["ci_low"]):
        return words.text(LOST[row["again"], "bare"], **values) + "."
    direction = "less" if row["ci_low"] > 0 else "more" if row["ci_high"] < 0 else "unclear"
    low, high = row["ci_low"], row["ci_high"]
    if direction == "more":
        values["share"], (low, high) = words.percent(-row["estimate"]), (-high, -low)
    bounds = words.interval(words.percent(low), words.percent(high))
    interval = leveled(bounds, words, row["conf_level"])
    return words.text(LOST[row["again"], direction], interval=interval, **values) + "."


def _gain(row: Row, words: Words, again: str) -> Markup:
    """What a low unit gains without anything having been done, where that is clear."""
    if not row["ci_low"] > 0:
        return Markup()
    values = {"gain": amount_text(row["estimate"], words, "sd")}
    bounds = (words.number(row[name], 2, fixed=True) for name in ("ci_low", "ci_high"))
    values["interval"] = leveled(words.interval(*bounds), words, row["conf_level"])
    if again == "before":
        return words.text(
            "A wave earlier the bottom quarter stood {gain} nearer to the mean ({interval}), which nothing done since "
            "can explain.",
            **values,
        )
    return words.text(
        "The bottom quarter came {gain} nearer to the mean ({interval}). A rise of that size after a low score is no "
        "proof that something helped.",
        **values,
    )


def _figures(row: Row, words: Words) -> Markup:
    gap, interval = gap_text(row["estimate"], row, words, signed=True), gap_interval(row, words)
    return Markup("{} ({})").format(gap, interval) if interval else gap


def _correlation(row: Row, words: Words) -> Markup:
    figure = words.number(row["estimate"], 2, fixed=True)
    if is_missing(row["ci_low"]):
        return Markup(figure)
    bounds = (words.number(min(row[name], 1.0), 2, fixed=True) for name in ("ci_low", "ci_high"))
    return Markup("{} ({})").format(figure, words.interval(*bounds))
