"""Check one table against the contract: its columns, its cells, its rows."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pandera.pandas as pa

from helpers.datasets.cell_text import shown
from helpers.datasets.columns import Column
from helpers.datasets.contract import CONTRACT, table_columns
from helpers.datasets.conversion import KIND_RULES, convert
from helpers.datasets.measure_kinds import KIND_RANGES, KINDS
from helpers.datasets.personal import refused_columns
from helpers.datasets.problems import MAX_ROWS_SHOWN, Problem, near, suggest
from helpers.datasets.question_checks import question_problems
from helpers.datasets.schemas import table_schema

# By the kind that cells do not fit, or the first words of the rule they break.
_WAYS_OUT = {
    "number": "Write 1234.5 or 1234,5; leave unknown cells empty.",
    "whole": "Leave unknown cells empty.",
    "yes_no": "Write true or false.",
    "date": "Write the year first.",
    "pseudonym": "Replace it by a random key.",
    "be filled in": "Fill it in, or drop the row.",
    "have one row": "Drop or merge the repetitions.",
    "be the same": "Give them one value.",
    "be at most its": "Correct one of the two.",
    "lie between": "Correct it, or empty the cell.",
    "be at least": "Correct it.",
    "be above": "Correct it; leave the column out for equal weights.",
    "be a ": "Write all periods in that form, or change periods_per_year.",
}
# Alike enough to be a slip of the pen: satisfacton, Satisfaction; not n and n_invited.
_ALIKE = 0.85


@dataclass(frozen=True)
class Context:
    """What the rules of one table need to know of the others.

    Parameters
    ----------
    periods_per_year : {1, 2, 4, 12}, optional
        The form of periods, if settled.
    keys : mapping of str to collection of str
        Table name to the ids in it, for columns that refer to it.
    items : DataFrame, optional
        The typed table `items`.
    """

    periods_per_year: int | None = None
    keys: Mapping[str, Collection[str]] = field(default_factory=dict)
    items: pd.DataFrame | None = None


@dataclass(frozen=True)
class _Typed:
    """A table as written (`raw`) and typed (`frame`), with the cells that did not fit their kind."""

    name: str
    raw: pd.DataFrame
    columns: Mapping[str, Column]
    frame: pd.DataFrame
    unfit: Mapping[str, np.ndarray]


def check_table(name: str, raw: pd.DataFrame, context: Context) -> tuple[list[Problem], pd.DataFrame]:
    """Check a table on all rules of the contract.

    Parameters
    ----------
    name : str
        A table of the contract.
    raw : DataFrame
        As it was read, with the row numbers as index.
    context : Context

    Returns
    -------
    problems : list of Problem
    frame : DataFrame
        The table, typed; cells that do not fit are empty.
    """
    columns = _filled_if_alone(name, table_columns(name, context.items), set(raw))
    table = _Typed(name, raw, columns, *convert(raw, columns))
    problems = [*refused_columns(name, raw, columns), *_column_problems(name, set(raw), columns)]
    problems += [_unfit_problem(table, column) for column in table.unfit]
    problems += question_problems(set(raw), context.items) if name == "employee_answers" else []
    return [*problems, *_rule_problems(table, context), *_score_problems(table), *_item_problems(table)], table.frame


def _filled_if_alone(name: str, columns: dict[str, Column], found: set[str]) -> dict[str, Column]:
    """Let no cell be empty in the only column there of those of which one must be."""
    there = [column for column in CONTRACT[name].either if column in found]
    return columns | {column: replace(columns[column], empty=False) for column in there if len(there) == 1}


def _column_problems(name: str, found: set[str], columns: Mapping[str, Column]) -> list[Problem]:
    missing = [column for column, rules in columns.items() if rules.required and column not in found]
    absent = [column for column, rules in columns.items() if not rules.required and column not in found]
    others = sorted(found - set(columns))
    either = CONTRACT[name].either
    problems = [_missing_problem(name, column, others) for column in missing]
    if either and not found & set(either):
        rule = f"have a column {' or '.join(either)}"
        problems.append(Problem(name, "", rule, "neither", way_out="Add one of them."))
    for column in others:
        alike = difflib.get_close_matches(column.casefold(), absent, n=1, cutoff=_ALIKE)
        problems += [_ignored_problem(name, column, meant) for meant in alike]
    asked = [column for column in absent if column not in CONTRACT[name].columns]
    return problems + ([_unasked_problem(asked)] if asked else [])


def _missing_problem(name: str, column: str, others: list[str]) -> Problem:
    alike = near(column, others, n=1)
    way_out = f"Rename {alike[0]!r}, or add it." if alike else "Add it."
    return Problem(name, column, "be a column of the table", "no such column", way_out=way_out)


def _ignored_problem(name: str, column: str, meant: str) -> Problem:
    way_out = f"It is ignored; did you mean {meant}?"
    return Problem(name, column, "be a known column to be used", repr(column), way_out=way_out, severity="warning")


def _unasked_problem(asked: list[str]) -> Problem:
    found = ", ".join(asked[:3]) + (", …" if len(asked) > 3 else "")
    way_out = "Add an empty column, or drop the item."
    return Problem("employee_answers", "", "have a column for every item_id", f"none for {found}", way_out=way_out)


def _unfit_problem(table: _Typed, column: str) -> Problem:
    kind = table.columns[column].kind
    return _cells_problem(table, (column,), KIND_RULES[kind], table.unfit[column], _WAYS_OUT.get(kind, ""))


def _rule_problems(table: _Typed, context: Context) -> list[Problem]:
    present = {column: rules for column, rules in table.columns.items() if column in table.frame}
    schema = table_schema(CONTRACT[table.name], present, keys=context.keys, periods_per_year=context.periods_per_year)
    try:
        schema.validate(table.frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        problems = [_rule_problem(table, error, context) for error in errors.schema_errors]
        return [problem for problem in problems if problem is not None]
    return []


def _score_problems(table: _Typed) -> list[Problem]:
    """List given scores that no score of their kind can have."""
    if table.name != "scores" or not {"measure", "estimate"} <= set(table.frame):
        return []
    frame = table.frame
    kinds = frame["measure"].map(KINDS)
    kinds = frame["kind"].fillna(kinds) if "kind" in frame else kinds
    outside = {
        kind: ((kinds == kind) & frame["estimate"].notna() & ~frame["estimate"].between(*bounds)).to_numpy(dtype=bool)
        for kind, bounds in KIND_RANGES.items()
    }
    rules = {
        kind: f"lie between {low} and {high} for scores of kind {kind}" for kind, (low, high) in KIND_RANGES.items()
    }
    way_out = _WAYS_OUT["lie between"]
    return [
        _cells_problem(table, ("estimate",), rules[kind], rows, way_out) for kind, rows in outside.items() if any(rows)
    ]


def _item_problems(table: _Typed) -> list[Problem]:
    """List items that go by the name of a column with a meaning of its own."""
    if table.name != "items" or "item_id" not in table.frame:
        return []
    taken = table.frame["item_id"].isin(CONTRACT["employee_answers"].columns).to_numpy()
    rule, way_out = "not be another column of employee_answers", "Rename the item, and its column."
    return [_cells_problem(table, ("item_id",), rule, taken, way_out)] if taken.any() else []


def _rule_problem(table: _Typed, error: pa.errors.SchemaError, context: Context) -> Problem | None:
    """Word one broken rule; cells that did not fit their kind are left out, being a problem of their own."""
    check = error.check
    looked_at = tuple(check.title.split(",")) if check.title else (error.schema.name,)
    fails = ~error.check_output.to_numpy(dtype=bool)
    for column in looked_at:
        fails &= ~table.unfit.get(column, np.False_)
    if not fails.any():
        return None
    way_out = next((text for start, text in _WAYS_OUT.items() if check.name.startswith(start)), "")
    if check.name.startswith("be one of"):
        rules, found = table.columns[looked_at[0]], table.raw[looked_at[0]][fails].iloc[0]
        way_out = suggest(str(found), rules.allowed or context.keys[rules.refers_to])
    return _cells_problem(table, looked_at, check.name, fails, way_out)


def _cells_problem(table: _Typed, columns: tuple[str, ...], rule: str, fails: np.ndarray, way_out: str) -> Problem:
    rows = table.raw.index[fails]
    found = "; ".join(shown(table.raw[column][fails], table.columns[column].kind) for column in columns)
    # A rule about the whole row names its columns itself.
    column = "" if rule.startswith("have") else columns[0]
    return Problem(table.name, column, rule, found, tuple(rows[:MAX_ROWS_SHOWN].tolist()), len(rows), way_out)
