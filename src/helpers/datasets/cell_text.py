"""Cells read as text, as a table holds them and as a message may show them."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.cell_contents import is_contact, is_sentence

_VALUES_SHOWN, _LONGEST_SHOWN = 3, 40


def texts(cells: pd.Series) -> pd.Series:
    """Read cells as text; whole numbers, as Parquet may hold them, become their digits."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return texts(cells.astype(cells.cat.categories.dtype))
    if not pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_bool_dtype(cells):
        return cells.astype("str")
    whole = cells.where(cells % 1 == 0).astype("Int64")
    return whole.astype("str").where(whole.notna()).astype("str")


def shown(cells: pd.Series, kind: str) -> str:
    """Show up to three different values found, but no key, nothing that reaches a person and no text of a person."""
    if kind == "pseudonym":
        return "a key not shown here"
    values = cells.drop_duplicates()
    more = ", …" if len(values) > _VALUES_SHOWN else ""
    quoted = dict.fromkeys(quoted_cell(value) for value in values.head(_VALUES_SHOWN))
    return ", ".join(quoted) + more


def quoted_cell(value: object) -> str:
    """Quote one value for a message; what somebody may have written in an open answer is only described."""
    if not isinstance(value, str):
        return "an empty cell" if pd.isna(value) else str(value)
    if is_contact(value):
        return "a value not shown here, since it may reach a person"
    if len(value) > _LONGEST_SHOWN or is_sentence(value):
        return f"a text of {len(value):,} characters, not shown here"
    return repr(value)
