"""Periods that sort: a year, half-year, quarter or month, and the integer time they stand for.

A *period* is the text in the data (``"2024-Q3"``), a *time* the integer used in panels: consecutive periods differ
by 1, so a missing period is a gap and two years are two times `periods_per_year`.
"""

from __future__ import annotations

import re

import pandas as pd

PERIOD_FORMS = {
    1: ("a year such as 2024", re.compile(r"([0-9]{4})()")),
    2: ("a half-year such as 2024-H1", re.compile(r"([0-9]{4})-H([12])")),
    4: ("a quarter such as 2024-Q3", re.compile(r"([0-9]{4})-Q([1-4])")),
    12: ("a month such as 2024-07", re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")),
}
_TEMPLATES = {1: "{:04d}", 2: "{:04d}-H{}", 4: "{:04d}-Q{}", 12: "{:04d}-{:02d}"}


def period_time(period: str, periods_per_year: int) -> int:
    """Turn a period into an integer time.

    Parameters
    ----------
    period : str
        ``"2024"``, ``"2024-H1"``, ``"2024-Q3"`` or ``"2024-07"``.
    periods_per_year : {1, 2, 4, 12}
        The form that `period` must have.

    Returns
    -------
    int
        year · periods_per_year + part, with part counted from 0.

    Raises
    ------
    ValueError
        For a period of another form, naming it.

    Examples
    --------
    >>> period_time("2024-Q3", 4) - period_time("2023-Q4", 4)
    3
    """
    words, form = PERIOD_FORMS[check_periods_per_year(periods_per_year)]
    match = form.fullmatch(str(period))
    if match is None:
        raise ValueError(f"period must be {words} (periods_per_year={periods_per_year}); found {period!r}.")
    return int(match[1]) * periods_per_year + int(match[2] or 1) - 1


def period_name(time: int, periods_per_year: int) -> str:
    """Turn an integer time back into its period; the inverse of `period_time`."""
    year, part = divmod(int(time), check_periods_per_year(periods_per_year))
    return _TEMPLATES[periods_per_year].format(year, part + 1)


def period_of_dates(dates: pd.Series, periods_per_year: int) -> pd.Series:
    """Give the period each date falls in.

    Parameters
    ----------
    dates : Series of datetime64, shape (n,)
        Missing dates give missing periods.
    periods_per_year : {1, 2, 4, 12}

    Returns
    -------
    Series of str, shape (n,)
    """
    part = (dates.dt.month - 1) * check_periods_per_year(periods_per_year) // 12
    times = dates.dt.year * periods_per_year + part
    names = {time: period_name(time, periods_per_year) for time in times.dropna().unique()}
    return times.map(names).astype("str")


def periods_per_year_of(period: str) -> int | None:
    """Tell which form a period has: 1, 2, 4 or 12 per year, or None when it has none of them."""
    return next((count for count, (_, form) in PERIOD_FORMS.items() if form.fullmatch(str(period))), None)


def check_periods_per_year(periods_per_year: int) -> int:
    """Refuse a number of periods for which there is no form, and give it back otherwise."""
    if periods_per_year not in PERIOD_FORMS:
        raise ValueError(f"periods_per_year must be one of 1, 2, 4, 12; found {periods_per_year!r}.")
    return periods_per_year
