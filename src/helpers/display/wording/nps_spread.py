"""Sentences about how answers are spread: over promoters, passives and detractors, 0 to 10, and moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from markupsafe import Markup, escape

from helpers.display.wording.amounts import with_interval
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import (
    LONGEST_SENTENCE,
    Paragraph,
    capital,
    paragraph,
    plain,
    without_controls,
)
from helpers.display.wording.scores import interval_text, value_text
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

CLASSES = {"promoters": msg("promoters"), "passives": msg("passives"), "detractors": msg("detractors")}
ANSWERS_OF = {
    "enps": msg("How far employees recommend working here"),
    "nps": msg("How far customers recommend us"),
}
MOMENTS = {
    "orientation": msg("orientation"),
    "purchase": msg("purchase"),
    "delivery": msg("delivery"),
    "use": msg("use"),
    "service": msg("service"),
}
# By the columns of helpers.stats.possible_ends: one moment can be named, several can, or more than a sentence holds.
ENDS = {
    "may_be_highest": {
        "one": msg("NPS is highest at {moment}."),
        "several": msg("At which moment NPS is highest cannot be told. It is one of these: {moments}."),
        "many": msg("At which moment NPS is highest cannot be told."),
    },
    "may_be_lowest": {
        "one": msg("NPS is lowest at {moment}."),
        "several": msg("At which moment NPS is lowest cannot be told. It is one of these: {moments}."),
        "many": msg("At which moment NPS is lowest cannot be told."),
    },
}
# Words that such a sentence has beside the names of moments.
ROOM = 14


def moment_name(moment: str, words: Words) -> Markup:
    """Name a moment of customers; one that is not listed keeps the name that the dataset gives it."""
    return words.text(MOMENTS[moment]) if moment in MOMENTS else escape(without_controls(moment))


def moment_names(words: Words) -> Callable[[str], str]:
    """Give a function that names moments in the language of a page, as plain text."""
    return lambda moment: plain(moment_name(moment, words))


def classes_sentence(table: ReleasedTable, words: Words, *, measure: str) -> Paragraph:
    """Give the shares of promoters, passives and detractors behind a score.

    Parameters
    ----------
    table : ReleasedTable
        One unit and period: a row per class with ``category``, ``estimate``, ``n`` and, where known, ``ci_low``,
        ``ci_high``.
    words : Words
    measure : str

    Returns
    -------
    Paragraph
        Says so where the shares may not be shown.
    """
    frame = require_released(table, "classes_sentence")
    name = words.measure(measure, definite=True)
    if not frame["released"].all():
        return paragraph(capital(words.text("{measure} is not shown, to protect small groups.", measure=name)))
    shares = [_share(row, words) for row in frame.to_dict("records")]
    answers = words.answers(frame["n"].iloc[0], exact=table.published)
    told = words.text(
        "Behind {measure} stand {answers}: {shares}.", measure=name, answers=answers, shares=words.items(shares)
    )
    return paragraph(told)


def spread_alt(tables: list[ReleasedTable], words: Words) -> Paragraph:
    """Describe the answers 0 to 10: which answer was given most, and the shares at both ends."""
    return paragraph(*(_spread(require_released(table, "spread_alt"), words) for table in tables))


def spread_caption(tables: list[ReleasedTable], words: Words) -> Paragraph:
    """Caption of the answers 0 to 10 of one unit."""
    frame = require_released(tables[0], "spread_caption")
    values = {"name": frame["name"].iloc[0], "period": words.period(frame["period"].iloc[0])}
    mean = words.text(
        "Where few promoters, passives or detractors gave the same answer, each answer has their mean share, to "
        "protect small groups."
    )
    told = words.text("Answers from 0 to 10 of {name} in {period}, as shares of all answers.", **values)
    return paragraph(told, "" if tables[0].published else mean)


def moments_sentence(table: ReleasedTable, words: Words) -> Paragraph:
    """Name the moments at which NPS is highest and lowest, or those at which it may be.

    Parameters
    ----------
    table : ReleasedTable
        Moments in the place of units.
    words : Words

    Returns
    -------
    Paragraph
        Says so where fewer than two moments may be shown.
    """
    frame = require_released(table, "moments_sentence")
    shown = frame[frame["released"] & frame["estimate"].notna() & (frame["level"] == "moment")]
    shown = shown[shown["unit_id"] != "all"]
    if len(shown) < 2:
        return paragraph(words.text("There are too few moments with enough answers to compare."))
    moments = frame[(frame["level"] == "moment") & (frame["unit_id"] != "all")]
    if all((moments[end] != 0).all() for end in ENDS):
        told = words.text("No two moments clearly differ in NPS, so none can be called the highest or the lowest.")
        return paragraph(told)
    return paragraph(*(_end(moments, shown, end, words) for end in ENDS))


def moments_alt(table: ReleasedTable, words: Words) -> Paragraph:
    """Describe the NPS of moments: all of them with their interval."""
    frame = require_released(table, "moments_alt")
    shown = frame[(frame["unit_id"] != "all") & frame["released"]].sort_values("estimate", ascending=False)
    told = [_moment(row, words) for row in shown.to_dict("records")]
    return paragraph(words.text("NPS by moment: {moments}.", moments=words.items(told)))


def moments_caption(words: Words, *, name: str, period: str) -> Paragraph:
    """Caption of the NPS of moments of one unit."""
    values = {"name": name, "period": words.period(period)}
    return paragraph(words.text("NPS of {name} in {period}, by moment of the customer.", **values))


def _end(moments: pd.DataFrame, shown: pd.DataFrame, end: str, words: Words) -> Markup:
    """Name the moment at one end, or those that may be, the likeliest first; none where one of them is not shown."""
    possible = moments[moments[end] != 0]
    named = shown[shown["unit_id"].isin(possible["unit_id"])]
    rows = named.sort_values("estimate", ascending=end == "may_be_lowest", kind="stable").to_dict("records")
    if len(rows) < len(possible):
        return words.text(ENDS[end]["many"])
    if len(rows) == 1:
        return words.text(ENDS[end]["one"], moment=_moment(rows[0], words))
    told = words.items([moment_name(str(row["unit_id"]), words) for row in rows])
    form = "several" if len(told.split()) <= LONGEST_SENTENCE - ROOM and len(rows) < len(moments) else "many"
    return words.text(ENDS[end][form], moments=told)


def _moment(row: Mapping[str, object], words: Words) -> Markup:
    value, interval = value_text(row, words), interval_text(row, words)
    told = with_interval(value, interval, words, row.get("conf_level")) if interval else value
    return Markup("{} ({})").format(moment_name(str(row["unit_id"]), words), told)


def _share(row: Mapping[str, object], words: Words) -> Markup:
    share, name = words.percent(row["estimate"]), words.text(CLASSES[str(row["category"])])
    if is_missing(row.get("ci_low")):
        return Markup("{} {}").format(share, name)
    bounds = words.interval(words.percent(row["ci_low"]), words.percent(row["ci_high"]))
    return Markup("{} {} ({})").format(share, name, bounds)


def _spread(frame: pd.DataFrame, words: Words) -> Markup:
    most, shares = frame.loc[frame["estimate"].idxmax()], frame.set_index("category")["estimate"]
    return words.text(
        "{what}: most often a {answer} ({share}); a 10 from {ten}, and a 0 from {zero}.",
        what=words.text(ANSWERS_OF[frame["measure"].iloc[0]]),
        answer=most["category"],
        share=words.percent(most["estimate"]),
        ten=words.percent(shares["10"]),
        zero=words.percent(shares["0"]),
    )
