"""One language: its texts, numbers, periods and names of measures.

A *text* is looked up by its English wording, in which named placeholders stand in braces. Everything that comes from
data goes in as a value, without control characters, and is escaped.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from babel.lists import format_list
from markupsafe import Markup, escape

from helpers.display.wording import numbers
from helpers.display.wording.catalogue import load_catalogue
from helpers.display.wording.measures import measure_of
from helpers.display.wording.paragraph import SOFT_HYPHEN, shown, unbroken, without_controls
from helpers.display.wording.periods import period_parts
from helpers.release.bands import size_band

UNSTATED, BEFORE_UNSTATED = "0001", "0000"
# Typed straight in texts and notebooks; behind the s of a plural too, as in employees' obstacles.
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)")
LOCALES = {"nl": "nl_NL", "en": "en_GB"}
# Below this many answers a decimal of an NPS is far inside its interval and only looks exact.
WHOLE_POINTS_BELOW = 500


class Words:
    """Texts and numbers in one language.

    Parameters
    ----------
    language : {"nl", "en"}

    Raises
    ------
    ValueError
        For any other language.
    """

    def __init__(self, language: str) -> None:
        if language not in LOCALES:
            raise ValueError(f"language must be one of {', '.join(LOCALES)}; found {language!r}.")
        self.language, self.locale = language, LOCALES[language]
        self._catalogue = load_catalogue(language)

    @property
    def content_key(self) -> str:
        """What tells one from another."""
        return self.language

    def __repr__(self) -> str:
        return f"Words({self.language!r})"

    def text(self, msgid: str, /, **values: object) -> Markup:
        """Translate a text and fill in its values, escaped."""
        return escape(self._translations(msgid)[0]).format(**_all_shown(values))

    def plural(self, singular: str, plural: str, n: float, /, *, decimals: int = 0, **values: object) -> Markup:
        """Translate the form that goes with `n` and fill in the values; ``{n}`` is the number by locale.

        `decimals` is how many the figure has in any case: ``1.0 points`` beside ``1 point``.
        """
        forms = self._translations(singular, plural)
        # Dutch counts a fraction in the singular: 1,5 punt and 2,0 punt, but 2 punten. English does so for 1 alone.
        one = self.language == "nl" if decimals or n % 1 != 0 else n == 1
        form = forms[0] if one else forms[-1]
        return escape(form).format(n=self.number(n, 2), **_all_shown(values))

    def prose(self, cell_source: str) -> str:
        """Translate the source of a whole markdown cell, left unescaped because it is our own text."""
        return self._translations(cell_source.strip())[0]

    def measure(self, measure: str, *, definite: bool = False, breakable: bool = False) -> Markup:
        """Name a measure; `definite` adds the article that most take inside a sentence.

        `breakable` keeps the soft hyphens of the catalogue, for a name in a narrow place of a page.
        """
        known = measure_of(measure)
        english = f"the {known.name}" if definite and known.takes_the else known.name
        context = "definite" if definite else ""
        name = without_controls(self._catalogue.get((context, known.name), (english,))[0])
        return escape(name if breakable else name.replace(SOFT_HYPHEN, ""))

    def number(self, value: float, decimals: int = 1, *, fixed: bool = False) -> str:
        """Write a number by locale, see `numbers.decimal_text`."""
        return numbers.decimal_text(value, decimals, self.locale, fixed=fixed)

    def signed(self, value: float, decimals: int = 1, *, fixed: bool = False) -> str:
        """Write a change: ``+9``, ``−3``, ``0``."""
        return numbers.signed_text(self.number(value, decimals, fixed=fixed), value)

    def percent(self, value: float, decimals: int = 0, *, signed: bool = False, fixed: bool = False) -> str:
        """Write a share, 0 to 1, as a percentage."""
        text = numbers.percent_text(value, decimals, self.locale, fixed=fixed)
        return numbers.signed_text(text, value) if signed else text

    def points(self, value: float, n: float | None = None, *, signed: bool = False) -> str:
        """Write a score on the NPS scale: a whole number below 500 answers or when `n` is unknown."""
        decimals = 0 if numbers.is_missing(n) or n < WHOLE_POINTS_BELOW else 1
        return (self.signed if signed else self.number)(value, decimals, fixed=True)

    def interval(self, low: str, high: str) -> Markup:
        """Write the bounds of an interval, each already a text: ``+2 to +16``."""
        return self.text("{low} to {high}", low=low, high=high)

    def count(self, n: float, *, exact: bool) -> Markup:
        """Write a number of answers: as the band it lies in below 30, unless it was published and so is `exact`."""
        band = None if exact else size_band(n)
        return self.interval(*map(self.number, band)) if band else escape(self.number(n))

    def answers(self, n: float, *, exact: bool) -> Markup:
        """Write how many answers there are; `exact` as for `count`."""
        if exact or not size_band(n):
            return unbroken(self.plural("{n} answer", "{n} answers", n))
        return unbroken(self.text("{count} answers", count=self.count(n, exact=False)))

    def period(self, period: str) -> Markup:
        """Write a period id inside a sentence: ``2024``, ``Q3 2024``, ``juli 2024``; other ids as they are.

        ``0001`` stands for a year that the source does not state, and ``0000`` for the one before it.
        """
        year, kind, part = period_parts(period)
        if year == UNSTATED:
            return self.text("an unstated year")
        if year == BEFORE_UNSTATED:
            return self.text("the year before")
        if part is None:
            return escape(without_controls(year))
        if kind == "Q":
            return self.text("Q{part} {year}", part=part, year=year)
        if kind == "H":
            return self.text("H{part} {year}", part=part, year=year)
        return Markup(format_date(date(int(year), part, 1), "MMMM y", locale=self.locale))

    def date(self, day: object) -> str:
        """Write a date in full: ``4 March 2024``, ``4 maart 2024``."""
        return format_date(day, "d MMMM y", locale=self.locale)

    def items(self, items: list[str]) -> Markup:
        """List items in a sentence: ``a, b and c``."""
        named = [escape(shown(item)) for item in items]
        return Markup(format_list(named, style="standard", locale=self.locale))

    def _translations(self, *msgids: str) -> tuple[str, ...]:
        found = self._catalogue.get(("", msgids[0]))
        if found is None and self.language != "en":
            start = msgids[0][:60]
            warnings.warn(
                f"text must be in the {self.language} catalogue; found none for {start!r}, shown in English. "
                "Run python -m helpers.display.wording.",
                stacklevel=3,
            )
        return tuple(_APOSTROPHE.sub("’", text) for text in found or msgids)


def _all_shown(values: Mapping[str, object]) -> dict[str, object]:
    return {key: shown(value) for key, value in values.items()}
