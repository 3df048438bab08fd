"""Parts of the page on actions: how well they are put, rule by rule, and those that may be listed."""

from __future__ import annotations

import pandas as pd

from helpers.display.actions import unlisted
from helpers.display.parts import Part
from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, capital, paragraph, smart
from helpers.display.wording.action_scale import PROGRAMMES, programme_name

MOST_LISTED = 12


def smart_part(counts: pd.DataFrame, words: Words) -> Part:
    """Say how many actions are SMART and communicated, with a table of the rules.

    Parameters
    ----------
    counts : DataFrame
        Answer of `stats.smart_rules.rule_counts`.
    words : Words

    Returns
    -------
    Part
    """
    rows = [row for row in counts.to_dict("records") if row["rule"] in smart.RULES]
    columns = [
        Column(words.text("Rule"), lambda row: words.text(smart.RULES[row["rule"]]), is_number=False),
        Column(words.text("Asks for"), lambda row: words.text(smart.ASKS[row["rule"]]), is_number=False),
        Column(words.text("Met"), lambda row: words.number(row["n_met"])),
        Column(words.text("Not met"), lambda row: words.number(row["n_not"])),
        Column(words.text("Cannot be judged"), lambda row: words.number(row["n_unknown"])),
    ]
    table = table_of(rows, columns, words, caption=words.text("How many actions meet each rule"))
    return Part([smart.smart_sentence(counts, words), table])


def list_part(listed: pd.DataFrame, rules: pd.DataFrame, words: Words, *, n_actions: int) -> Part:
    """List actions whose unit may be named with what was acted on, and say how many may not.

    Parameters
    ----------
    listed : DataFrame
        Answer of `datasets.action_list.listed_actions`.
    rules : DataFrame
        Answer of `stats.smart_rules.smart_rules` for the same rows.
    words : Words
    n_actions : int
        All actions.

    Returns
    -------
    Part
    """
    latest, hidden = listed.head(MOST_LISTED), n_actions - len(listed)
    older = words.plural(
        "{n} more may be listed but began earlier.",
        "{n} more may be listed but began earlier.",
        len(listed) - len(latest),
    )
    told = paragraph(unlisted(hidden, words), older if len(listed) > len(latest) else "")
    return Part([_list(latest, rules, words) if len(latest) else None, told])


def _list(latest: pd.DataFrame, rules: pd.DataFrame, words: Words) -> Table:
    rows = latest.assign(missing=[smart.missing_text(rules.loc[at], words) for at in latest.index]).to_dict("records")
    columns = [
        Column(words.text("Unit"), lambda row: row["name"], is_number=False),
        Column(words.text("Programme"), lambda row: _programme(row["programme"], words), is_number=False),
        Column(words.text("Should move"), lambda row: capital(words.measure(row["acted"])), is_number=False),
        Column(words.text("Start"), lambda row: _day(row["start"], words), is_number=False),
        Column(words.text("Missing"), lambda row: row["missing"], is_number=False),
    ]
    return table_of(rows, columns, words, caption=words.text("Actions of units that may be named, the latest first"))


def _programme(programme: object, words: Words) -> str:
    """Name a programme that is known; what somebody typed for a single action is not shown."""
    if pd.isna(programme):
        return words.text("not set")
    return (
        capital(programme_name(str(programme), words)) if programme in PROGRAMMES else words.text("Another programme")
    )


def _day(day: object, words: Words) -> str:
    return words.text("not set") if pd.isna(day) else words.date(day)
