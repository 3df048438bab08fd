"""From cells as they were written to typed columns, with a mask of the cells that do not fit.

A cell *fits* when it can be read as the kind of its column; whether the value is allowed is another question. Texts
lose their hidden signs here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.datasets.cell_checks import UNREAD, contact_problems
from helpers.datasets.cell_text import shown, texts
from helpers.datasets.columns import Column
from helpers.datasets.contract import CONTRACT, table_columns
from helpers.datasets.hidden_signs import without_hidden
from helpers.datasets.periods import period_of_dates
from helpers.datasets.personal import refused_columns
from helpers.datasets.problems import DatasetError, refusal

KIND_RULES = {
    "text": "be text",
    "pseudonym": "be a pseudonym, never an e-mail address",
    "period": "be a period such as 2024, 2024-H1, 2024-Q3 or 2024-07",
    "whole": "be a whole number",
    "number": "be a number",
    "yes_no": "be true or false",
    "date": "be a date such as 2024-07-31",
}
# Excel in Dutch writes WAAR and ONWAAR.
_YES_NO = dict.fromkeys(("true", "yes", "1", "waar", "ja"), True) | dict.fromkeys(
    ("false", "no", "0", "onwaar", "nee"), False
)
# Enough to know the table by; a questionnaire has some hundred columns.
_NAMED = 10
_ALL_PROBLEMS = "Run `excx check` for all problems."
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_DECIMAL_POINT = r"^[+-]?\d*\.\d+$"
_DECIMAL_COMMA = r"^[+-]?\d*,\d+$"
# 1,250 alone may be a thousand or a one: with nothing else in the column to tell, it is not guessed.
_THOUSANDS = r"^[+-]?[1-9]\d{0,2},\d{3}$"
_DATE = r"^\d{4}-\d{2}-\d{2}([T ].*)?$"


def typed_table(name: str, raw: pd.DataFrame, periods_per_year: int, items: pd.DataFrame | None = None) -> pd.DataFrame:
    """Type the columns of a table by the contract.

    Parameters
    ----------
    name : str
        A table of the contract.
    raw : DataFrame
        As `read_table` gives it.
    periods_per_year : int
        To make ``period`` from ``date`` where `customer_answers` has only that.
    items : DataFrame, optional
        The typed table `items`, which names the item columns of `employee_answers`.

    Returns
    -------
    DataFrame
        The same rows and the columns of the contract; comments are left out.

    Raises
    ------
    ValueError
        For a personal or missing column, cells that do not fit or that say how to reach a person, pointing to
        `excx check`.
    """
    columns = table_columns(name, items)
    frame, unfit = convert(raw[_known_columns(name, raw, columns)], columns)
    for column, mask in unfit.items():
        rule, found = KIND_RULES[columns[column].kind], shown(raw[column][mask], columns[column].kind)
        raise ValueError(f"{name}.{column} must {rule}; found {found}. {_ALL_PROBLEMS}")
    personal = contact_problems(name, frame, columns)
    if personal:
        raise DatasetError(personal)
    if "date" in CONTRACT[name].either and "period" not in frame and "date" in frame:
        frame["period"] = period_of_dates(frame["date"], periods_per_year)
    return frame


def known_columns(name: str, items: pd.DataFrame | None = None) -> Callable[[Sequence[str]], Sequence[str]]:
    """Say which columns of a table to read, so that others are never held: see `helpers.datasets.reading.read_table`.

    Parameters
    ----------
    name : str
        A table of the contract.
    items : DataFrame, optional
        The typed table `items`.

    Returns
    -------
    callable
        Takes the names in a file and gives those of the contract, without comments. It raises as `typed_table` does
        for a personal or missing column, before any cell is read.
    """
    columns = table_columns(name, items)
    return lambda names: _known_columns(name, names, columns)


def convert(raw: pd.DataFrame, columns: dict[str, Column]) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Type every column that is both there and declared.

    Parameters
    ----------
    raw : DataFrame, shape (n, ...)
    columns : dict of str to Column

    Returns
    -------
    frame : DataFrame, shape (n, ...)
        Cells that do not fit are empty. Whole numbers are ``int64`` where no cell may be empty, else ``float64``.
    unfit : dict of str to ndarray of bool, shape (n,)
        Where they were, for the columns that had any.
    """
    frame, unfit = raw.copy(deep=False), {}
    for name in [name for name in raw if name in columns]:
        frame[name] = values = _CONVERTERS[columns[name].kind](raw[name])
        mask = (values.isna() & raw[name].notna()).to_numpy()
        if mask.any():
            unfit[name] = mask
        elif columns[name].kind == "whole" and not values.isna().any() and not columns[name].empty:
            frame[name] = values.astype("int64")
    return frame, unfit


def numbers(cells: pd.Series) -> pd.Series:
    """Read cells as numbers, with a decimal point or, if the whole column has none, a decimal comma."""
    if not pd.api.types.is_numeric_dtype(cells):
        return _text_numbers(texts(cells))
    values = cells.astype("float64")
    return values.where(np.isfinite(values))


def _known_columns(name: str, found: Iterable[str], columns: Mapping[str, Column]) -> list[str]:
    names = list(found)
    refused = refused_columns(name, names, columns)
    if refused:
        raise DatasetError(refused)
    missing = [column for column, rules in columns.items() if rules.required and column not in names]
    either = CONTRACT[name].either
    if either and not set(either) & set(names):
        missing.append(" or ".join(either))
    if missing:
        rule = f"have the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
        raise refusal(name, "", rule, _known_and_others(names, columns), _ALL_PROBLEMS)
    return [column for column in names if column in columns and column not in UNREAD]


def _known_and_others(names: Sequence[str], columns: Mapping[str, Column]) -> str:
    """Name the columns of the contract and count the others: without a header, the first row holds cells."""
    known = [column for column in names if column in columns][:_NAMED]
    n_others = len(names) - len(known)
    others = [f"{n_others} other{'s' if n_others > 1 else ''}"] if n_others else []
    return " and ".join([*filter(None, [", ".join(known)]), *others])


def _text_numbers(cells: pd.Series) -> pd.Series:
    column = pa.array(cells, type=pa.large_string(), from_pandas=True)
    try:
        values = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        values = _mixed_numbers(column)
    numbers = pd.Series(values.to_numpy(zero_copy_only=False), index=cells.index, dtype="float64")
    return numbers.where(np.isfinite(numbers))


def _mixed_numbers(column: pa.LargeStringArray) -> pa.DoubleArray:
    if _decimal_comma(column):
        column = pc.replace_substring(column, ",", ".")
    fits = pc.match_substring_regex(column, _NUMBER)
    return pc.cast(pc.if_else(fits, column, None), pa.float64())


def _decimal_comma(column: pa.LargeStringArray) -> bool:
    with_comma = column.filter(pc.match_substring_regex(column, _DECIMAL_COMMA))
    with_point = pc.any(pc.match_substring_regex(column, _DECIMAL_POINT)).as_py()
    only_thousands = pc.all(pc.match_substring_regex(with_comma, _THOUSANDS)).as_py()
    return len(with_comma) > 0 and not with_point and not only_thousands


def _pseudonyms(cells: pd.Series) -> pd.Series:
    keys = texts(cells)
    return keys.where(~keys.str.contains("@", regex=False, na=False))


def _visible_texts(cells: pd.Series) -> pd.Series:
    return without_hidden(texts(cells))


def _whole(cells: pd.Series) -> pd.Series:
    values = numbers(cells)
    return values.where(values % 1 == 0)


def _yes_no(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(cells) and not cells.isna().any():
        return cells.astype("bool")
    values = texts(cells).str.lower().map(_YES_NO)
    return values.astype("bool") if not values.isna().any() else values


def _dates(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells.dt.tz_localize(None).dt.normalize()
    written = texts(cells)
    days = written.str.slice(0, 10).where(written.str.match(_DATE))
    return pd.to_datetime(days, format="%Y-%m-%d", errors="coerce")


_CONVERTERS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "text": _visible_texts,
    "pseudonym": _pseudonyms,
    "period": texts,
    "whole": _whole,
    "number": numbers,
    "yes_no": _yes_no,
    "date": _dates,
}
