"""Tables for spreadsheets: no cell of text is taken for a formula, and numbers stay numbers.

A spreadsheet calculates what begins with =, +, - or @, also where a tab or line break comes first; what others typed
into a name would then run on the machine of whoever opens the file. An apostrophe in front makes it text.
"""

from __future__ import annotations

import csv
import numbers
import os
import secrets
import unicodedata
from pathlib import Path

import pandas as pd

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_BREAKS = "\t\r\n"
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"


def safe_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Quote texts and headers that a spreadsheet would calculate.

    Parameters
    ----------
    frame : DataFrame, shape (n, k)

    Returns
    -------
    DataFrame, shape (n, k)
        Text cells and headers that begin with a sign of a formula, also behind blanks, quotes or signs of zero width,
        have an apostrophe in front; tabs and line breaks are spaces, other control characters gone. Columns of
        numbers, dates and truth values are as they were.
    """
    safe = frame.copy()
    for place, dtype in enumerate(frame.dtypes):
        if not _is_typed(dtype):
            cells = frame.iloc[:, place].astype("object")
            # Long tables repeat their texts: each is looked at once.
            quoted = {text: _safe(text) for text in cells.dropna().unique()}
            safe.isetitem(place, cells.map(quoted, na_action="ignore"))
    safe.columns = pd.Index([_safe(name) for name in frame.columns], dtype="object")
    return safe


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV that spreadsheets open with accents and without calculating anything.

    Parameters
    ----------
    frame : DataFrame
        Its index is left out. See `safe_cells`.
    path : Path
        Replaced if it exists. UTF-8 with a byte order mark, every text quoted.

    Raises
    ------
    ValueError
        When the file or its folder is a symbolic link.
    """
    linked = [one for one in (path, path.parent) if one.is_symlink()]
    if linked:
        raise ValueError(f"path must not go through a symbolic link; found {str(linked[0])!r}. Remove the link.")
    text = safe_cells(frame).to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    aside = path.parent / f".writing-{secrets.token_hex(8)}"
    try:
        with aside.open("xb") as file:
            file.write(text.encode("utf-8-sig", "replace"))
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _is_typed(dtype: object) -> bool:
    tests = (pd.api.types.is_numeric_dtype, pd.api.types.is_datetime64_any_dtype, pd.api.types.is_timedelta64_dtype)
    return any(test(dtype) for test in tests)


def _safe(value: object) -> object:
    """Quote one text; of objects, only numbers and truth values stay what they are."""
    if isinstance(value, numbers.Number):
        return value
    text = str(value)
    # Programs that part cells at line breaks would see a start after each.
    flat = "".join(" " if sign in _BREAKS else sign for sign in text if sign in _BREAKS or not _is_control(sign))
    return f"'{flat}" if _starts_formula(text) else flat


def _starts_formula(text: str) -> bool:
    """Look behind what programs skip before a formula or show nothing of: blanks, quotes, signs of zero width."""
    shown = next((sign for sign in text if _is_start(sign) or not _is_skipped(sign)), "")
    return _is_start(shown)


def _is_start(sign: str) -> bool:
    # Wide and small forms, such as ＝, are read as the plain sign.
    return unicodedata.normalize("NFKC", sign) in _STARTS


def _is_skipped(sign: str) -> bool:
    return sign in _QUOTES or unicodedata.category(sign) in ("Zs", "Zl", "Zp", "Cf", "Cc", "Mn")


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc"
