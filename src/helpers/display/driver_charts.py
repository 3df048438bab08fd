"""Charts of what stands behind a score, ready for a page: answers to questions, and themes by their importance."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.display import plots
from helpers.display.tables import Column, Table, count_text, in_brackets, table_of
from helpers.display.wording import Words
from helpers.display.wording.answer_shares import CATEGORIES, answers_alt, answers_caption, questions_of
from helpers.display.wording.importance import importance_alt, importance_caption, quadrant_text
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.scores import STATE_WORDS, interval_text, value_text
from helpers.display.wording.themes import LEAST_THEMES, Against, Theme, themes_of
from helpers.release import ReleasedTable


def answers_chart(table: ReleasedTable, words: Words, *, names: Mapping[str, str] | None = None) -> plots.Chart | None:
    """Chart of the answers to questions; None where no question has answers to show.

    Parameters
    ----------
    table : ReleasedTable
        See `plots.plot_likert`.
    words : Words
    names : mapping of measure to str, optional
        Texts of the questions.

    Returns
    -------
    Chart or None
    """
    questions, _ = questions_of(table, words, "answers_chart", names=names)
    if not any(question.shares for question in questions):
        return None
    return plots.figure(
        lambda: plots.plot_likert(table, words, names=names),
        alt=answers_alt(table, words, names=names),
        table=answers_table(table, words, names=names),
    )


def answers_table(table: ReleasedTable, words: Words, *, names: Mapping[str, str] | None = None) -> Table:
    """Show the answers to questions, one row per question and one column per category.

    Parameters
    ----------
    table : ReleasedTable
        See `plots.plot_likert`.
    words : Words
    names : mapping of measure to str, optional
        Texts of the questions.

    Returns
    -------
    Table
    """
    questions, categories = questions_of(table, words, "answers_table", names=names)
    rows = [{"name": each.name, "n": each.n, "shares": each.shares, "state": each.state} for each in questions]
    columns = [Column(words.text("Question"), lambda row: row["name"], is_number=False)]
    columns += [
        Column(words.text(CATEGORIES[category]), lambda row, number=number: _share(row, number, words))
        for number, category in enumerate(categories)
    ]
    columns.append(Column(words.text("Answers"), lambda row: count_text(row["n"], words, table)))
    frame = table.frame
    place = {"name": frame["name"].iloc[0], "period": frame["period"].iloc[0]}
    caption = answers_caption(words, **place, evened_out=not table.published)
    return table_of(rows, columns, words, caption=caption)


def importance_chart(
    table: ReleasedTable,
    words: Words,
    importance: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    against: Against | None = None,
) -> plots.Chart | None:
    """Chart of themes by score and importance; None for fewer than two with figures.

    Parameters
    ----------
    table, words, importance, names, against
        See `plots.plot_importance`.

    Returns
    -------
    Chart or None
    """
    choice = {"names": names, "against": against}
    if len(themes_of(table, words, importance, "importance_chart", **choice).shown) < LEAST_THEMES:
        return None
    return plots.figure(
        lambda: plots.plot_importance(table, words, importance, **choice),
        alt=importance_alt(table, words, importance, **choice),
        table=importance_table(table, words, importance, **choice),
    )


def importance_table(
    table: ReleasedTable,
    words: Words,
    importance: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    against: Against | None = None,
) -> Table:
    """Show themes with their score, their importance and their quadrant.

    Parameters
    ----------
    table, words, importance, names, against
        See `plots.plot_importance`.

    Returns
    -------
    Table
    """
    themes = themes_of(table, words, importance, "importance_table", names=names, against=against)
    columns = [
        Column(words.text("Driver"), lambda row: row["theme"].name, is_number=False),
        Column(words.text("Score (interval)"), lambda row: _score(row["theme"], words)),
        Column(words.text("Importance (interval)"), lambda row: _importance(row["theme"], words)),
        Column(words.text("Quadrant"), lambda row: quadrant_text(row["theme"], words), is_number=False),
    ]
    frame = table.frame
    caption = importance_caption(words, name=frame["name"].iloc[0], period=frame["period"].iloc[0])
    return table_of([{"theme": theme} for theme in themes.shown], columns, words, caption=caption)


def _score(theme: Theme, words: Words) -> str:
    return in_brackets(value_text(theme.row, words), interval_text(theme.row, words))


def _importance(theme: Theme, words: Words) -> str:
    share, *bounds = theme.importance
    interval = "" if any(map(is_missing, bounds)) else words.interval(*map(words.percent, bounds))
    return in_brackets(words.percent(share), interval)


def _share(row: Mapping[str, object], number: int, words: Words) -> str:
    if row["shares"]:
        return words.percent(row["shares"][number])
    return words.text(STATE_WORDS[row["state"]]) if number == 0 else ""
