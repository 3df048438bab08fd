"""What answers must hold before they are scored: a wrong weight or unit would shift figures without a trace."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.datasets.cell_text import quoted_cell
from helpers.datasets.contract import table_columns
from helpers.datasets.measures import number, text
from helpers.datasets.personal import refused_columns
from helpers.datasets.problems import DatasetError

_READ_AS = {"whole": "float64", "number": "float64", "date": "date"}
_RANGES = {"recommend": (0, 10), "repurchase": (0, 1)}


def refuse_unknown_units(name: str, table: ir.Table, closure: ir.Table, run: Callable[[ir.Expr], pd.DataFrame]) -> None:
    """Refuse a table with units that are not in the hierarchy: their figures would silently go missing.

    Parameters
    ----------
    name : str
        Of the table, for the message.
    table : ibis Table
        With ``unit_id``.
    closure : ibis Table
        ``ancestor_id``, ``unit_id``.
    run : callable
        Executes an expression where the table is, giving a frame.

    Raises
    ------
    ValueError
        Naming a unit and how many there are.
    """
    ids = table.select(unit_id=text(table["unit_id"])).distinct()
    unknown = run(ids.anti_join(closure, "unit_id").order_by("unit_id"))["unit_id"]
    if len(unknown):
        others = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        found = f"{quoted_cell(unknown.iloc[0])}{others}"
        raise ValueError(f"{name}.unit_id must be in units; found {found}. Add them there.")


def refuse_wrong_answers(
    name: str, answers: ir.Table, items: pd.DataFrame, run: Callable[[ir.Expr], pd.DataFrame]
) -> None:
    """Refuse personal columns, answers without period, weights missing or not above 0, values outside their scale.

    Columns outside the contract are judged by their names; their cells are never read.

    Parameters
    ----------
    name : str
        Of the table, for the message.
    answers : ibis Table
        ``employee_answers`` or ``customer_answers``.
    items : DataFrame
        ``item_id``, ``scale_min``, ``scale_max``; may have no rows.
    run : callable
        Executes an expression where the table is, giving a frame.

    Raises
    ------
    ValueError
        Naming column, rule, a value found and the number of rows.
    """
    refused = refused_columns(name, answers.columns, table_columns(name, items))
    if refused:
        raise DatasetError(refused)
    _refuse_texts(name, answers, items, run)
    rules = {column: rule for column, rule in _rules(answers, items).items() if column in answers.columns}
    counts = {f"{column}:n": wrong.sum() for column, (_, wrong) in rules.items()}
    examples = {f"{column}:found": text(answers[column]).min(where=wrong) for column, (_, wrong) in rules.items()}
    found = run(answers.agg(**counts, **examples)).iloc[0]
    for column, (rule, _) in rules.items():
        # No rows: SQL sums nothing to missing.
        if pd.notna(found[f"{column}:n"]) and found[f"{column}:n"] > 0:
            value = found[f"{column}:found"]
            shown = "nothing" if pd.isna(value) else value
            raise ValueError(f"{name}.{column} must {rule}; found {shown} ({found[f'{column}:n']:,.0f} rows).")


def _refuse_texts(name: str, answers: ir.Table, items: pd.DataFrame, run: Callable[[ir.Expr], pd.DataFrame]) -> None:
    """Refuse texts where numbers or dates belong, which a database would quote in full when it fails to read them."""
    kinds = {column: _READ_AS.get(rules.kind) for column, rules in table_columns(name, items).items()}
    written = {column: kind for column, kind in kinds.items() if kind and _is_text(answers, column)}
    unread = {column: answers[column].try_cast(kind).isnull() for column, kind in written.items()}
    counts = {column: (answers[column].notnull() & wrong).sum() for column, wrong in unread.items()}
    found = run(answers.agg(**counts)).iloc[0] if counts else pd.Series(dtype="float64")
    for column, n in found[found > 0].items():
        what = "number" if written[column] == "float64" else "date"
        raise ValueError(f"{name}.{column} must be a {what}; found text in {n:,.0f} rows. Run `excx check` for them.")


def _is_text(answers: ir.Table, column: str) -> bool:
    return column in answers.columns and answers[column].type().is_string()


def _ranges(items: pd.DataFrame) -> dict[str, tuple[float, float]]:
    return _RANGES | {item.item_id: (item.scale_min, item.scale_max) for item in items.itertuples()}


def _rules(answers: ir.Table, items: pd.DataFrame) -> dict[str, tuple[str, ir.BooleanColumn]]:
    when = "period" if "period" in answers.columns else "date"
    ranges = _ranges(items)
    rules = {
        column: (f"lie between {low:g} and {high:g}", _outside(number(answers[column]), low, high))
        for column, (low, high) in ranges.items()
        if column in answers.columns
    }
    rules[when] = ("be given", answers[when].isnull())
    if "weight" in answers.columns:
        weight = number(answers["weight"])
        rules["weight"] = ("be above 0 (leave the column out for equal weights)", weight.isnull() | (weight <= 0))
    return rules


def _outside(value: ir.NumericColumn, low: float, high: float) -> ir.BooleanColumn:
    return ~value.between(ibis.literal(float(low)), ibis.literal(float(high)))
