"""Period ids such as 2024, 2024-H1, 2024-Q3 and 2024-07 on the calendar and in words."""

from __future__ import annotations

import re

PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?P<kind>[HQ]?)(?P<part>\d{1,2}))?")
PER_YEAR = {"H": 2, "Q": 4, "": 12}


def period_place(period: str) -> tuple[int, int]:
    """Place a period on the calendar.

    Parameters
    ----------
    period : str
        ``2024``, ``2024-H1``, ``2024-Q3`` or ``2024-07``.

    Returns
    -------
    periods_per_year, time : int
        Two periods of the same kind follow each other when their times differ by one.

    Raises
    ------
    ValueError
        For any other form.
    """
    match = PERIOD.fullmatch(str(period))
    if match is None:
        raise ValueError(f"period must look like 2024, 2024-H1, 2024-Q3 or 2024-07; found {period!r}.")
    if match["part"] is None:
        return 1, int(match["year"])
    per_year = PER_YEAR[match["kind"]]
    return per_year, int(match["year"]) * per_year + int(match["part"]) - 1


def period_parts(period: str) -> tuple[str, str, int | None]:
    """Take a period id apart: year, kind (H, Q or empty) and number of the part, None for a whole year."""
    match = PERIOD.fullmatch(str(period))
    if match is None:
        return str(period), "", None
    return match["year"], match["kind"] or "", int(match["part"]) if match["part"] else None


def years_between(earlier: str, later: str) -> float:
    """Years from one period to another of the same kind."""
    per_year, start = period_place(earlier)
    return (period_place(later)[1] - start) / per_year
