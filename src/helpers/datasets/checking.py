"""Check a dataset against the contract: all problems at once, over all tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from helpers.datasets.cell_checks import UNREAD, contact_problems, hidden_problems, unknown_problems
from helpers.datasets.consistency import between_tables, table_facts
from helpers.datasets.contract import CONTRACT, table_columns
from helpers.datasets.conversion import convert
from helpers.datasets.problems import DatasetError, Problem
from helpers.datasets.reading import load
from helpers.datasets.settings import read_draft
from helpers.datasets.table_checks import Context, check_table


def check_dataset(folder: str | Path) -> list[Problem]:
    """Check settings and tables of a dataset against the contract.

    Parameters
    ----------
    folder : str or Path
        Holds `dataset.toml`.

    Returns
    -------
    list of Problem
        All that is wrong or doubtful, at most ten rows for each broken rule; empty when all is well. The settings come
        first, then the tables in the order of the contract, then what does not fit between them.
    """
    try:
        draft = read_draft(Path(folder))
    except DatasetError as error:
        return list(error.problems)
    problems, facts = list(draft.problems), {}
    context = _context(draft.values.get("periods_per_year"), draft.tables)
    for name, path in draft.tables.items():
        found, frame = _check_file(name, path, context)
        problems += found
        if frame is not None:
            facts[name] = table_facts(name, frame)
    return problems + between_tables(facts, draft.values)


def render_problems(problems: Sequence[Problem]) -> str:
    """Word the outcome of a check, one line per problem and a last line that counts them.

    Parameters
    ----------
    problems : sequence of Problem

    Returns
    -------
    str
    """
    if not problems:
        return "No problems found."
    lines = [f"{problem.severity}: {problem}" for problem in sorted(problems, key=lambda one: one.severity)]
    n_errors = sum(problem.severity == "error" for problem in problems)
    counts = f"{_counted(n_errors, 'error')}, {_counted(len(problems) - n_errors, 'warning')}."
    rows = "Rows are numbered as in a spreadsheet for CSV (the header is row 1), from 1 for Parquet."
    return "\n".join([*lines, "", f"{counts} {rows if any(problem.rows for problem in problems) else ''}".strip()])


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _context(periods_per_year: int | None, tables: Mapping[str, Path]) -> Context:
    units, items = (_typed_if_readable(name, tables) for name in ("units", "items"))
    keys = {} if units is None else {"units": units["unit_id"].dropna().unique().tolist()}
    usable = None if items is None else items.dropna(subset=["item_id", "scale_min", "scale_max"])
    return Context(periods_per_year, keys, usable)


def _typed_if_readable(name: str, tables: Mapping[str, Path]) -> pd.DataFrame | None:
    if name not in tables:
        return None
    try:
        raw = load(tables[name], name).frame
    except DatasetError:
        return None
    required = {column for column, rules in CONTRACT[name].columns.items() if rules.required}
    return convert(raw, table_columns(name))[0] if required <= set(raw) else None


def _check_file(name: str, path: Path, context: Context) -> tuple[list[Problem], pd.DataFrame | None]:
    try:
        source = load(path, name, _all_but_comments)
    except DatasetError as error:
        return list(error.problems), None
    problems, frame = check_table(name, source.frame, context)
    columns = table_columns(name, context.items)
    problems += contact_problems(name, frame, columns)
    problems += unknown_problems(name, source.frame, columns)
    problems += hidden_problems(name, source.frame, columns)
    return [*source.problems, *problems], frame


def _all_but_comments(names: Sequence[str]) -> list[str]:
    return [name for name in names if name not in UNREAD]
