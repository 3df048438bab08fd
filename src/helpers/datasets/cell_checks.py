"""What cells may not hold, in columns of the contract and outside it, whatever the column is called."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.datasets.cell_contents import are_citizen_numbers, contact_rows, is_free_text
from helpers.datasets.cell_text import texts
from helpers.datasets.columns import Column
from helpers.datasets.contract import CONTRACT
from helpers.datasets.hidden_signs import with_hidden
from helpers.datasets.personal import refused_columns
from helpers.datasets.problems import MAX_ROWS_SHOWN, Problem

# Never read, neither to check nor to score: no figure needs what customers wrote.
UNREAD = frozenset(["comment"])
_DROP = "Drop the column: it may point to persons, whatever its name."
_CUT = "Take it out of these cells; the values are not shown here."


def contact_problems(name: str, frame: pd.DataFrame, columns: Mapping[str, Column]) -> list[Problem]:
    """List the columns of the contract whose cells say how to reach a person, or who it is.

    Parameters
    ----------
    name : str
        A table of the contract.
    frame : DataFrame
        Typed, with the row numbers as index.
    columns : mapping of str to Column
        See `helpers.datasets.contract.table_columns`.

    Returns
    -------
    list of Problem
        With the rows, never with a value.
    """
    problems = []
    for column in [column for column in frame if column in columns and column not in UNREAD]:
        kind, cells = columns[column].kind, frame[column]
        if kind == "text" and not columns[column].allowed:
            # Ids may be as long as telephone numbers, with a leading zero.
            found = contact_rows(cells, ("e-mail addresses",)) if _is_id(name, column, columns) else contact_rows(cells)
            problems += [
                _problem(name, column, f"hold no {what}", what, cells[rows], _CUT) for what, rows in found.items()
            ]
        if kind == "pseudonym" and are_citizen_numbers(cells):
            rule, found_numbers = "be a pseudonym", "numbers that pass the test of citizen service numbers"
            problems.append(_problem(name, column, rule, found_numbers, cells.dropna(), "Replace them by random keys."))
    return problems


def unknown_problems(name: str, raw: pd.DataFrame, columns: Mapping[str, Column]) -> list[Problem]:
    """List the columns outside the contract that hold personal data or free text, though their names do not say so.

    Parameters
    ----------
    name : str
        A table of the contract.
    raw : DataFrame
        As it was read, with the row numbers as index.
    columns : mapping of str to Column
        See `helpers.datasets.contract.table_columns`.
    """
    refused = {problem.column for problem in refused_columns(name, raw, columns)}
    others = [column for column in raw if column not in columns and column not in refused]
    return [problem for column in others for problem in _unknown_problem(name, column, raw[column])]


def hidden_problems(name: str, raw: pd.DataFrame, columns: Mapping[str, Column]) -> list[Problem]:
    """Warn, once for the table, of signs that nobody sees and that are taken out of its texts.

    Parameters
    ----------
    name, raw, columns
        As for `unknown_problems`.
    """
    known = [column for column in raw if column in columns and columns[column].kind == "text" and column not in UNREAD]
    hidden = {column: with_hidden(texts(raw[column])).to_numpy() for column in known}
    found = [column for column, rows in hidden.items() if rows.any()]
    if not found:
        return []
    rows = raw.index[np.logical_or.reduce([hidden[column] for column in found])]
    rule, what = "hold no hidden signs", f"control, direction or zero-width signs in {', '.join(found)}"
    shown_rows, way_out = tuple(rows[:MAX_ROWS_SHOWN].tolist()), "They were removed; remove them in the file too."
    return [Problem(name, "", rule, what, shown_rows, len(rows), way_out, severity="warning")]


def _unknown_problem(name: str, column: str, cells: pd.Series) -> list[Problem]:
    written = texts(cells)
    found = {} if pd.api.types.is_numeric_dtype(cells) else contact_rows(written)
    if are_citizen_numbers(written):
        found["citizen service numbers"] = written.notna().to_numpy()
    problems = [_problem(name, column, "be left out", what, cells[rows], _DROP) for what, rows in found.items()]
    if not problems and is_free_text(written):
        problems.append(Problem(name, column, "be left out", "free text", way_out=_DROP))
    return problems


def _problem(name: str, column: str, rule: str, found: str, cells: pd.Series, way_out: str) -> Problem:
    rows = tuple(int(row) for row in cells.index[:MAX_ROWS_SHOWN])
    return Problem(name, column, rule, found, rows, len(cells), way_out)


def _is_id(name: str, column: str, columns: Mapping[str, Column]) -> bool:
    return bool(columns[column].refers_to) or column in CONTRACT[name].key
