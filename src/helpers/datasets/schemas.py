"""The contract as pandera schemas, for typed tables whose index holds the row numbers.

Every check is named by its rule, to be read after "must", and keeps at most ten failures: pandera lists each failing
cell otherwise, which takes minutes for a column that is wholly bad.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from functools import partial

import pandas as pd
import pandera.pandas as pa

from helpers.datasets.columns import Column, Table
from helpers.datasets.contract import CONTRACT
from helpers.datasets.periods import PERIOD_FORMS, periods_per_year_of
from helpers.datasets.problems import MAX_ROWS_SHOWN

# With missing cells ignored, pandera answers for the others only, and rows could not be told from the answer.
_Check = partial(pa.Check, n_failure_cases=MAX_ROWS_SHOWN, ignore_na=False)


def table_schema(
    table: Table,
    columns: Mapping[str, Column] | None = None,
    *,
    keys: Mapping[str, Collection[str]] | None = None,
    periods_per_year: int | None = None,
) -> pa.DataFrameSchema:
    """Turn a table of the contract into a pandera schema.

    Parameters
    ----------
    table : Table
    columns : mapping of str to Column, optional
        Instead of the table's own, e.g. with the item columns.
    keys : mapping of str to collection of str, optional
        Table name to the ids that columns referring to it may hold; references are not checked without it.
    periods_per_year : int, optional
        The form that periods must have; any form without it.

    Returns
    -------
    DataFrameSchema
        For a typed table, see `helpers.datasets.conversion.typed_table`.
    """
    keys = keys or {}
    declared = table.columns if columns is None else columns
    return pa.DataFrameSchema(
        {
            name: pa.Column(
                checks=_cell_checks(column, keys.get(column.refers_to), periods_per_year),
                nullable=True,
                required=column.required,
            )
            for name, column in declared.items()
        },
        checks=_row_checks(table),
    )


def _cell_checks(column: Column, ids: Collection[str] | None, periods_per_year: int | None) -> list[pa.Check]:
    rules = _bounds(column)
    if column.allowed:
        rules.append((f"be one of {', '.join(column.allowed)}", lambda cells: cells.isin(column.allowed)))
    if ids is not None:
        rules.append((f"be one of the {column.refers_to}", lambda cells: cells.isin(ids)))
    if column.kind == "period":
        rules.append((_period_rule(periods_per_year), partial(_has_form, periods_per_year=periods_per_year)))
    checks = [_Check(partial(_holds_or_empty, holds), name=rule) for rule, holds in rules]
    return checks if column.empty else [_Check(lambda cells: cells.notna(), name="be filled in"), *checks]


def _holds_or_empty(holds: Callable[[pd.Series], pd.Series], cells: pd.Series) -> pd.Series:
    return holds(cells) | cells.isna()


def _row_checks(table: Table) -> list[pa.Check]:
    within = table.same_within[:1]
    checks = [_row_check(f"be at most its {high}", _is_ordered, (low, high)) for low, high in table.ordered]
    constant = partial(_is_constant, except_for=table.except_for)
    for name in table.same_within[1:]:
        checks.append(_row_check(f"be the same in all rows of one {within[0]}", constant, (name, *within)))
    if table.key:
        known = table.columns if table.strata else None
        checks.append(_row_check(f"have one row per {', '.join(table.key)}", _is_unique, table.key, known))
    return checks


def _row_check(
    rule: str,
    holds: Callable[[pd.DataFrame], pd.Series],
    columns: tuple[str, ...],
    known: Collection[str] | None = None,
) -> pa.Check:
    """A check of the columns in its title (and of those not `known`), passed by rows and tables that lack one."""

    def check(frame: pd.DataFrame) -> pd.Series:
        if not set(columns) <= set(frame):
            return pd.Series(True, index=frame.index)
        strata = [] if known is None else [name for name in frame if name not in known]
        return holds(frame[[*columns, *strata]]) | frame[list(columns)].isna().any(axis=1)

    return _Check(check, name=rule, title=",".join(columns))


def _is_unique(frame: pd.DataFrame) -> pd.Series:
    return ~frame.duplicated(keep=False)


def _is_ordered(frame: pd.DataFrame) -> pd.Series:
    return frame.iloc[:, 0] <= frame.iloc[:, 1]


def _is_constant(frame: pd.DataFrame, *, except_for: str) -> pd.Series:
    column, by = frame.columns
    return (frame.groupby(by)[column].transform("nunique") <= 1) | (frame[by] == except_for)


def _bounds(column: Column) -> list[tuple[str, Callable[[pd.Series], pd.Series]]]:
    low, high, above = column.low, column.high, column.above
    if low is not None and high is not None:
        return [(f"lie between {low:g} and {high:g}", lambda cells: cells.between(low, high))]
    bounds = (("be at least", low, operator.le), ("be at most", high, operator.ge), ("be above", above, operator.lt))
    return [(f"{words} {bound:g}", partial(fits, bound)) for words, bound, fits in bounds if bound is not None]


def _has_form(cells: pd.Series, periods_per_year: int | None) -> pd.Series:
    forms = {period: periods_per_year_of(period) for period in cells.unique()}
    fits = {period: form is not None and form == (periods_per_year or form) for period, form in forms.items()}
    return cells.map(fits).astype("bool")


def _period_rule(periods_per_year: int | None) -> str:
    if periods_per_year is None:
        return "be a period such as 2024, 2024-H1, 2024-Q3 or 2024-07"
    return f"be {PERIOD_FORMS[periods_per_year][0]}, as periods_per_year={periods_per_year} says"


TABLES = {name: table_schema(table) for name, table in CONTRACT.items()}
