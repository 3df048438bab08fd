"""Sentences about actions: did what was acted on move more than elsewhere, by which kind of action, and how sure?

Rows are those of `stats.action_study`; a *scale* is the lowest and highest answer, None for standard deviations.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.action_scale import (
    Row,
    Scale,
    figure_with_interval,
    interval_text,
    programme_name,
    scale_text,
    size_text,
)
from helpers.display.wording.amounts import with_figures
from helpers.display.wording.cautions import not_applicable
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.verdicts import BECAUSE, SEEN_IN_INTERVAL, lead_in
from helpers.display.wording.words import Words

FACTS = {
    "rise": msg(
        "After the start, what was acted on moved {size} more for the better than the same in units without an action"
    ),
    "fall": msg(
        "After the start, what was acted on moved {size} more for the worse than the same in units without an action"
    ),
    "unclear": msg(
        "After the start, what was acted on may have done better or worse than the same in units without an action"
    ),
    "small": msg("After the start, what was acted on moved hardly otherwise than the same in units without an action"),
}
DIFFERENCES = {
    "rise": msg(
        "Actions communicated by the day they began moved their measure {size} more for the better than the others"
    ),
    "fall": msg(
        "Actions communicated by the day they began moved their measure {size} less for the better than the others"
    ),
    "unclear": msg(
        "Actions communicated by the day they began may have moved their measure more or less than the others"
    ),
    "small": msg("Actions communicated by the day they began moved their measure hardly more or less than the others"),
}
REASONS = BECAUSE | {
    "too_few_actions": msg("There are too few actions that can be followed."),
    "lead_missing": msg("Whether these measures were already gaining on those elsewhere could not be checked."),
    "lead_not_flat": msg("These measures were already gaining on those elsewhere, and may simply have gone on."),
    "similar_missing": msg("There are too few units as low without an action to rule chance out."),
    "not_beyond_similar": msg("Beside units as low without an action, it could be zero."),
    "others_rose_too": msg("What was not acted on in the same units improved as well, and not clearly less."),
}
PARTS = {"told_first": msg("Communicated by the day it began"), "not_first": msg("Communicated later, or never")}


def action_answer(row: Row, words: Words, *, scale: Scale) -> Paragraph:
    """Answer whether what was acted on moved more than elsewhere.

    Parameters
    ----------
    row : mapping
        Row of `stats.action_effects.judged_parts`.
    words : Words
    scale : (float, float) or None

    Returns
    -------
    Paragraph
    """
    coda = words.text("Actions were not drawn by lot, so that alone does not prove a cause.")
    last = coda if row["verdict"] == "yes" else _reason(row, words)
    return paragraph(
        lead_in(row["verdict"], words),
        _fact(row, FACTS, words, scale),
        last,
        scale_text(words, scale) if row["n"] else "",
    )


def no_answer(reason: str, values: Row, words: Words) -> Paragraph:
    """Say why whether what was acted on moved more than elsewhere cannot be told at all."""
    return paragraph(lead_in("cannot_tell", words), not_applicable(reason, values, words))


def difference_answer(row: Row, words: Words, *, scale: Scale) -> Paragraph:
    """Answer whether actions that were communicated first moved more."""
    last = words.text("Who communicates first may do other things well, too.")
    told = last if row["verdict"] == "yes" else _reason(row, words)
    return paragraph(lead_in(row["verdict"], words), _fact(row, DIFFERENCES, words, scale), told)


def parts_sentence(rows: pd.DataFrame, words: Words, *, scale: Scale) -> Paragraph:
    """Tell the effect of actions communicated first and of the others, each with its verdict."""
    return paragraph(
        *(
            words.text(
                "{part}: {verdict} ({n}; {figure}).",
                part=words.text(PARTS[row["term"]]),
                verdict=_verdict(row, words),
                n=words.plural("{n} action", "{n} actions", row["n"]),
                figure=figure_with_interval(row, words, scale),
            )
            for row in rows.to_dict("records")
        )
    )


def programmes_sentence(rows: pd.DataFrame, words: Words) -> Paragraph:
    """Say for which programmes what was acted on moved more than elsewhere, and whether these can be told apart.

    Parameters
    ----------
    rows : DataFrame
        ``term`` (the programme), ``verdict``, ``ci_low``, ``ci_high``.
    words : Words

    Returns
    -------
    Paragraph
    """
    by = {verdict: _names(rows[rows["verdict"] == verdict], words) for verdict in ("yes", "no", "cannot_tell")}
    known = rows.dropna(subset=["ci_low"])
    overlap = len(known) > 1 and known["ci_low"].max() <= known["ci_high"].min()
    return paragraph(
        words.text("More than elsewhere with {programmes}.", programmes=by["yes"]) if by["yes"] else "",
        words.text("No more than elsewhere with {programmes}.", programmes=by["no"]) if by["no"] else "",
        words.text("Cannot be told with {programmes}.", programmes=by["cannot_tell"]) if by["cannot_tell"] else "",
        words.text("The intervals overlap, so these data call no programme better than another.") if overlap else "",
        words.text("The intervals hold for all programmes at once."),
    )


def detectable_sentence(row: Row, words: Words, *, scale: Scale) -> Paragraph:
    """Say what size of effect these actions could show."""
    if is_missing(row["least_detectable"]):
        return paragraph(words.text("What size of effect these actions could show cannot be said."))
    return paragraph(
        words.text(
            "With these actions an effect of {size} would be found in four of five cases; smaller ones are easily "
            "missed.",
            size=size_text(row["least_detectable"], words, scale),
        )
    )


def parts_detectable(told: Mapping[str, Row], difference: Row, words: Words, *, scale: Scale) -> Paragraph:
    """Say what size each kind of actions could show, and their difference."""
    sizes = [told["told_first"], told["not_first"], difference]
    if any(is_missing(row["least_detectable"]) for row in sizes):
        return paragraph()
    first, other, apart = (size_text(row["least_detectable"], words, scale) for row in sizes)
    return paragraph(
        words.text(
            "Of those communicated first that is {first}, of the others {other}; a difference between them must be "
            "{apart}.",
            first=first,
            other=other,
            apart=apart,
        )
    )


def _fact(row: Row, forms: Mapping[str, str], words: Words, scale: Scale) -> Markup:
    if any(is_missing(row[name]) for name in ("estimate", "ci_low", "ci_high")):
        return words.text("How far the two moved apart could not be estimated.")
    small = row["because"] == "below_smallest"
    form = "small" if small else "rise" if row["ci_low"] > 0 else "fall" if row["ci_high"] < 0 else "unclear"
    fact = words.text(forms[form], size=size_text(row["estimate"], words, scale))
    if form in ("rise", "fall"):
        return with_figures(fact, interval_text(row, words, scale, sign=1 if form == "rise" else -1), words)
    return with_figures(fact, figure_with_interval(row, words, scale), words)


def _reason(row: Row, words: Words) -> Markup:
    because = str(row["because"])
    return Markup() if because in SEEN_IN_INTERVAL else words.text(REASONS[because])


def _verdict(row: Row, words: Words) -> Markup:
    found = {
        "yes": words.text("more than elsewhere"),
        "no": words.text("no more than elsewhere"),
        "cannot_tell": words.text("cannot be told"),
    }
    return found[str(row["verdict"])]


def _names(rows: pd.DataFrame, words: Words) -> Markup:
    return words.items([programme_name(term, words) for term in rows["term"]]) if len(rows) else Markup()


def part_names(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the two kinds of actions, for a figure."""
    return rows.assign(name=[words.text(PARTS[term]) for term in rows["term"]])


def programme_names(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name programmes, for a figure."""
    return rows.assign(name=[capital(programme_name(term, words)) for term in rows["term"]])
