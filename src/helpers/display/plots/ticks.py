"""Where axes carry labels, and what those say, by locale."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.ticker import MaxNLocator

from helpers.display.wording import Words, plain
from helpers.display.wording.amounts import figure_text


def value_ticks(low: float, high: float, words: Words, kind: str, *, most: int = 5) -> list[tuple[float, str]]:
    """Round values inside a range, written as values of a kind of measure.

    Parameters
    ----------
    low, high : float
    words : Words
    kind : {"nps", "mean", "rate", "value", "sd"}
    most : int
        Most labels.

    Returns
    -------
    list of (place, label)
    """
    values = _round_values(low, high, most)
    if kind in ("nps", "rate"):
        return [(place, figure_text(place, words, kind)) for place in values]
    return [(place, words.number(place, _decimals(values), fixed=True)) for place in values]


def change_ticks(low: float, high: float, words: Words, *, percent: bool = False, most: int = 6) -> list[tuple]:
    """Round values inside a range, written with their signs; `percent` adds the sign of a percentage."""
    values = _round_values(low, high, most)
    decimals = _decimals(values)
    if percent:
        return [(place, words.percent(place / 100, decimals, signed=True, fixed=True)) for place in values]
    return [(place, words.signed(place, decimals, fixed=True)) for place in values]


def size_ticks(largest: float, words: Words, *, most: int = 6) -> list[tuple[float, str]]:
    """Round values from zero on, written without signs."""
    values = _round_values(0.0, largest, most)
    return [(place, words.number(place, _decimals(values), fixed=True)) for place in values]


def period_ticks(periods: Sequence[str], places: Sequence[float], words: Words, *, most: int = 6) -> list[tuple]:
    """Periods under a time axis: the last one always, and earlier ones at equal steps."""
    step = -(-len(periods) // most)
    chosen = list(range(len(periods)))[::-1][::step]
    return [(places[index], plain(words.period(periods[index]))) for index in reversed(chosen)]


def _decimals(values: Sequence[float]) -> int:
    """Fewest decimals that write all values exactly."""
    return next((digits for digits in range(6) if all(round(value, digits) == value for value in values)), 6)


def _round_values(low: float, high: float, most: int) -> list[float]:
    values = MaxNLocator(most - 1, steps=[1, 2, 2.5, 4, 5, 10]).tick_values(low, high)
    return [round(float(value), 10) for value in values if low <= value <= high]
