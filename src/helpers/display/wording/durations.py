"""Spells of time in words, computed from a number of periods."""

from __future__ import annotations

from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.words import Words

COUNTS = {
    2: msg("two"),
    3: msg("three"),
    4: msg("four"),
    5: msg("five"),
    6: msg("six"),
    7: msg("seven"),
    8: msg("eight"),
    9: msg("nine"),
    10: msg("ten"),
    11: msg("eleven"),
    12: msg("twelve"),
}


def duration(words: Words, lag: int, periods_per_year: int) -> Markup:
    """Say how long `lag` periods are: two years, a year, six months.

    Parameters
    ----------
    words : Words
    lag : int
        Number of periods, at least 1.
    periods_per_year : int

    Returns
    -------
    Markup
    """
    months, rest = divmod(12 * lag, periods_per_year)
    if rest:
        return words.plural("{n} period", "{n} periods", lag)
    if months % 12:
        return words.plural("a month", "{count} months", months, count=_count(words, months))
    return words.plural("a year", "{count} years", months // 12, count=_count(words, months // 12))


def moment(words: Words, lag: int, periods_per_year: int) -> Markup:
    """Say when the second thing is measured: two years later, in the same year, a year earlier.

    Parameters
    ----------
    words : Words
    lag : int
        Periods from the first to the second; negative when the second comes first.
    periods_per_year : int

    Returns
    -------
    Markup
    """
    if lag > 0:
        return words.text("{duration} later", duration=duration(words, lag, periods_per_year))
    if lag < 0:
        return words.text("{duration} earlier", duration=duration(words, -lag, periods_per_year))
    return words.text("in the same year") if periods_per_year == 1 else words.text("in the same period")


def _count(words: Words, n: int) -> str:
    return words.text(COUNTS[n]) if n in COUNTS else words.number(n)
