"""Numbers by locale: separators, percent, signs, a true minus; `fixed` decimals where figures stand together."""

from __future__ import annotations

import math
from functools import lru_cache

import pandas as pd
from babel.numbers import format_decimal, format_percent

MINUS = "\u2212"


def decimal_text(value: float, decimals: int, locale: str, *, fixed: bool = False) -> str:
    """Write a number: ``1.234,5`` in nl_NL, ``1,234.5`` in en_GB.

    Parameters
    ----------
    value : float
        Finite; a missing value must be put into words by the caller.
    decimals : int
        Most digits behind the comma.
    locale : str
        For example ``nl_NL``.
    fixed : bool
        Keep trailing zeros, so that an estimate and its bounds match.

    Returns
    -------
    str
    """
    return _decimal(_rounded(value, decimals), _pattern(decimals, fixed), locale)


def percent_text(value: float, decimals: int, locale: str, *, fixed: bool = False) -> str:
    """Write a share as a percentage: 0.125 is ``12,5%``."""
    return _percent(_rounded(value, decimals + 2), _pattern(decimals, fixed) + "%", locale)


def signed_text(text: str, value: float) -> str:
    """Put a plus before the text of a positive number, unless it was rounded to zero."""
    is_zero = not any(sign in "123456789" for sign in text)
    return text if is_zero or value <= 0 else f"+{text}"


def significant_decimals(value: float, digits: int = 3) -> int:
    """Digits behind the comma that leave so many significant digits, at most four."""
    if not value:
        return 0
    return min(max(digits - 1 - math.floor(math.log10(abs(value))), 0), 4)


def is_missing(value: object) -> bool:
    """Whether there is no figure: None, NaN or infinite."""
    return bool(pd.isna(value)) or not math.isfinite(float(value))


# A page says most of its figures several times: in a chart for a desk, one for a phone, a table and a sentence.
@lru_cache(4096)
def _decimal(rounded: float, pattern: str, locale: str) -> str:
    return _minus(format_decimal(rounded, pattern, locale=locale))


@lru_cache(4096)
def _percent(rounded: float, pattern: str, locale: str) -> str:
    return _minus(format_percent(rounded, pattern, locale=locale))


def _rounded(value: float, decimals: int) -> float:
    if is_missing(value):
        raise ValueError(f"value must be a finite number; found {value}. Say in words why it is missing.")
    # Adding zero turns a negative zero into zero.
    return round(float(value), decimals) + 0.0


def _pattern(decimals: int, fixed: bool) -> str:
    return "#,##0" + ("." + ("0" if fixed else "#") * decimals if decimals else "")


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
