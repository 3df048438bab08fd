"""The size of a gap between quarters and its interval as text, on the scale of its row (see `quartiles`)."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, figure_text, leveled
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import capital
from helpers.display.wording.words import Words

Row = Mapping[str, object]
# Under this size a percentage without a decimal would round interval and estimate into each other.
DECIMAL_BELOW = 5.0


def published_text(published: float, row: Row, words: Words) -> str:
    """Write a gap found elsewhere with no more decimals than it was published with."""
    if row["scale"] == "percent":
        return words.percent(published / 100, 1, signed=True)
    return gap_text(published, row, words, signed=True)


def outcome_name(outcome: str, words: Words) -> Markup:
    """Name an outcome at the head of a row, with the direction where less of it is better."""
    name = capital(words.measure(outcome))
    return name if measure_of(outcome).higher_is_better else less_is_better(name, words)


def less_is_better(name: Markup, words: Words) -> Markup:
    """Add to the name of a row that less of it is better."""
    return words.text("{name} (less is better)", name=name)


def gap_text(value: float, row: Row, words: Words, *, signed: bool = False) -> Markup:
    """Write a gap on the scale of its row: ``19%``, ``0.4 standard deviations``, ``8 points``.

    Parameters
    ----------
    value : float
        On the scale of `row`.
    row : mapping
        ``scale``, ``outcome``, and for a raw gap its ``unit`` if it has one.
    words : Words
    signed : bool
        Write the sign; without it the size only.

    Returns
    -------
    Markup
    """
    if row["scale"] == "percent":
        share = (value if signed else abs(value)) / 100
        return Markup(words.percent(share, _percent_decimals(row), signed=signed, fixed=True))
    kind = _kind(row)
    size = amount_text(value, words, kind, signed=signed)
    return Markup("{} {}").format(size, row["unit"]) if kind == "value" and row.get("unit") else size


def gap_interval(row: Row, words: Words, *, signed: bool = True, level: bool = True) -> Markup:
    """Write the interval of a gap with its level, without signs turned to the side of the estimate; may be empty."""
    low, high = row["ci_low"], row["ci_high"]
    if is_missing(low) or is_missing(high):
        return Markup()
    if not signed and row["estimate"] < 0:
        low, high = -high, -low
    bounds = (_bound(bound, row, words, signed=signed) for bound in (low, high))
    interval = words.interval(*bounds)
    return leveled(interval, words, row.get("conf_level")) if level else interval


def _bound(value: float, row: Row, words: Words, *, signed: bool) -> str:
    if row["scale"] == "percent":
        return words.percent(value / 100, _percent_decimals(row), signed=signed, fixed=True)
    kind = _kind(row)
    if kind == "rate":
        return words.signed(100 * value, 0) if signed else words.number(100 * value, 0)
    return figure_text(value, words, kind, signed=signed)


def _kind(row: Row) -> str:
    return "sd" if row["scale"] == "sd" else measure_of(row["outcome"]).kind


def _percent_decimals(row: Row) -> int:
    bounds = [abs(row[column]) for column in ("ci_low", "ci_high") if not is_missing(row.get(column))]
    return 1 if bounds and max(bounds) < DECIMAL_BELOW else 0
