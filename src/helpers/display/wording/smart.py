"""Sentences about how well actions are put: SMART, communicated first, and of a size that the unit could see."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

SMART = "smart"
RULES = {
    "specific": msg("Specific"),
    "measurable": msg("Measurable"),
    "assigned": msg("Assigned"),
    "realistic": msg("Realistic"),
    "time_bound": msg("Time-bound"),
    "communicated": msg("Communicated first"),
    "visible": msg("Visible in its own unit"),
}
ASKS = {
    "specific": msg("an element, and what will be done in five words or more"),
    "measurable": msg("a measure, what it is now, and another value aimed at"),
    "assigned": msg("a role that answers for it"),
    "realistic": msg("a step for the better, no larger than nine in ten units change from wave to wave"),
    "time_bound": msg("a start and a due date"),
    "communicated": msg("told to the team on the day it began, or earlier"),
    "visible": msg("a step large enough to be seen with so many answers"),
}
LACKS = {
    "specific": msg("what will be done"),
    "measurable": msg("measure, baseline or target"),
    "assigned": msg("who answers for it"),
    "realistic": msg("a realistic target"),
    "time_bound": msg("start or due date"),
    "communicated": msg("telling the team first"),
}


def smart_sentence(counts: pd.DataFrame, words: Words) -> Paragraph:
    """Say how many actions are SMART and were communicated first, and what is missing most.

    Parameters
    ----------
    counts : DataFrame
        Answer of `stats.smart_rules.rule_counts`.
    words : Words

    Returns
    -------
    Paragraph
    """
    rows = counts.set_index("rule")
    total, met = int(rows.loc[SMART, ["n_met", "n_not", "n_unknown"]].sum()), rows["n_met"]
    smart = words.plural(
        "Of {total} planned, {n} action is SMART.",
        "Of {total} planned, {n} actions are SMART.",
        int(met[SMART]),
        total=words.number(total),
    )
    n_unknown = int(rows.loc[SMART, "n_unknown"])
    unknown = words.plural(
        "Of {n} it cannot be judged, since no usual change is known.",
        "Of {n} it cannot be judged, since no usual change is known.",
        n_unknown,
    )
    told = words.plural(
        "{n} was communicated before it began or on the day.",
        "{n} were communicated before they began or on the day.",
        int(met["communicated"]),
    )
    missing = _missing_most(rows.loc[list(LACKS)], words)
    return paragraph(smart, unknown if n_unknown else "", told, missing, _visible(rows.loc["visible"], words))


def missing_text(row: pd.Series, words: Words) -> Markup:
    """List what an action lacks.

    Parameters
    ----------
    row : Series
        Row of `stats.smart_rules.smart_rules`.
    words : Words

    Returns
    -------
    Markup
    """
    lacks = [words.text(LACKS[rule]) for rule in LACKS if row[rule] is not pd.NA and not row[rule]]
    return Markup("; ").join(lacks) if lacks else words.text("nothing")


def _missing_most(lacks: pd.DataFrame, words: Words) -> Markup:
    n_not = lacks["n_not"]
    if not n_not.max():
        return Markup() if lacks["n_unknown"].any() else words.text("Nothing is missing.")
    most = n_not[n_not == n_not.max()]
    if len(most) > 1:
        return words.plural(
            "Missing most often: {what} ({n} action each).",
            "Missing most often: {what} ({n} actions each).",
            int(most.iloc[0]),
            what=Markup("; ").join(words.text(LACKS[str(rule)]) for rule in most.index),
        )
    return words.plural(
        "Missing most often: {what} ({n} action).",
        "Missing most often: {what} ({n} actions).",
        int(most.iloc[0]),
        what=Markup("; ").join(words.text(LACKS[str(rule)]) for rule in most.index),
    )


def _visible(row: pd.Series, words: Words) -> Markup:
    judged = int(row["n_met"] + row["n_not"])
    if not judged:
        return Markup()
    if not row["n_met"]:
        return words.text(
            "No step is large enough to be seen in its own unit: only all together can show whether anything moved."
        )
    return words.plural(
        "Of {judged} steps that can be judged, {n} is large enough to be seen in its own unit.",
        "Of {judged} steps that can be judged, {n} are large enough to be seen in their own unit.",
        int(row["n_met"]),
        judged=words.number(judged),
    )
