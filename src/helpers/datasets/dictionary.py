"""The dictionary of data/README.md, written from the contract so that the two cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.datasets.columns import Column, Table
from helpers.datasets.contract import CONTRACT
from helpers.datasets.folders import SETTINGS_FILE
from helpers.datasets.settings_file import KEYS

_KINDS = {"whole": "whole number", "yes_no": "true or false"}
_CELLS = {
    (True, False): "required",
    (True, True): "required, may be empty",
    (False, False): "optional, never empty",
    (False, True): "optional",
}


def render_dictionary() -> str:
    """Write every key of `dataset.toml` and every table and column of the contract as Markdown.

    Returns
    -------
    str
        One table for the settings, then one for each table of the contract.
    """
    return "\n\n".join([_settings_part(), *(_table_part(name, table) for name, table in CONTRACT.items())])


def _settings_part() -> str:
    rows = ((f"`{name}`", key.rule, _default(key.default), key.meaning) for name, key in KEYS.items())
    return f"### `{SETTINGS_FILE}`\n\n" + _markdown(("key", "must", "when left out", "meaning"), rows)


def _default(default: object) -> str:
    if default is None:
        return "refused"
    return f"`{default}`" if default else "none"


def _table_part(name: str, table: Table) -> str:
    header = ("column", "kind", "unit, scale or list", "cells", "meaning")
    rows = (_row(column, rules) for column, rules in table.columns.items())
    return "\n\n".join([f"### `{name}`", _rules(table), _markdown(header, rows)])


def _row(name: str, column: Column) -> tuple[str, ...]:
    cells = _CELLS[column.required, column.empty]
    return f"`{name}`", _KINDS.get(column.kind, column.kind), _unit(column), cells, column.meaning


def _rules(table: Table) -> str:
    rules = [f"A row is {table.row}."]
    if table.key:
        rules.append(f"One row per {_code(table.key)}{' and stratum' if table.strata else ''}.")
    if table.either:
        rules.append(f"At least one of {_code(table.either)}.")
    rules += [f"`{low}` is at most `{high}`." for low, high in table.ordered]
    if table.same_within:
        exception = f" (except `{table.except_for}`)" if table.except_for else ""
        rules.append(
            f"{_code(table.same_within[1:])}: the same in all rows of one `{table.same_within[0]}`{exception}."
        )
    return " ".join(rules)


def _unit(column: Column) -> str:
    if column.allowed:
        return _code(column.allowed)
    if column.refers_to:
        return f"in `{column.refers_to}`"
    return column.unit or (f"above {column.above:g}" if column.above is not None else "")


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _markdown(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
