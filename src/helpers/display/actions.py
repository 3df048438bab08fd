"""Table of actions agreed: where, what, which figure it was to move, and when."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.display.tables import Column, Row, Table, table_of
from helpers.display.wording import Words, capital, plain
from helpers.display.wording.amounts import figure_text, kind_of
from helpers.display.wording.numbers import is_missing


def actions_table(actions: pd.DataFrame, words: Words, *, language: str) -> Table | None:
    """Show actions, one per row; targets only where one may be shown.

    Parameters
    ----------
    actions : DataFrame
        ``name`` of the unit, ``description``, ``measure``, ``target``, ``communicated_on``, ``start``, ``due``; dates
        may be missing.
    words : Words
    language : {"nl", "en"}
        In which the descriptions were written.

    Returns
    -------
    Table, or None without actions
    """
    if actions.empty:
        return None
    columns = [
        Column(words.text("Action"), lambda row: _written(row["description"], words, language), is_number=False),
        Column(words.text("Should move"), lambda row: capital(words.measure(row["measure"])), is_number=False),
        Column(words.text("Start"), lambda row: _day(row["start"], words), is_number=False),
        Column(words.text("Due"), lambda row: _day(row["due"], words), is_number=False),
        Column(words.text("Announced"), lambda row: _day(row["communicated_on"], words), is_number=False),
    ]
    if actions["target"].notna().any():
        columns.insert(2, Column(words.text("Target"), lambda row: _target(row, words)))
    if actions["name"].nunique() > 1:
        columns.insert(1, Column(words.text("Unit"), lambda row: row["name"], is_number=False))
    caption = words.text("Actions agreed, the latest first")
    return table_of(actions.to_dict("records"), columns, words, caption=caption)


def unlisted(n_actions: int, words: Words) -> str:
    """Say how many actions are left out of a list; empty where none are."""
    if not n_actions:
        return ""
    return words.plural(
        "{n} action is not listed: its unit may not be named beside what was weak there, or nothing was measured.",
        "{n} actions are not listed: their unit may not be named beside what was weak there, or nothing was measured.",
        n_actions,
    )


def _written(text: str, words: Words, language: str) -> str:
    """Name the language of a text that is not that of the page, for whoever has it read aloud."""
    shown = plain(text)
    return shown if language == words.language else Markup('<span lang="{}">{}</span>').format(language, shown)


def _day(day: object, words: Words) -> str:
    return words.text("not set") if pd.isna(day) else words.date(day)


def _target(row: Row, words: Words) -> str:
    return words.text("not shown") if is_missing(row["target"]) else figure_text(row["target"], words, kind_of(row))
