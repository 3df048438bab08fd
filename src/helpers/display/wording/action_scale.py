"""How changes after actions are told: on the scale of the answers, in points, or in standard deviations."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, figure_text, leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.words import Words

Row = Mapping[str, object]
Scale = tuple[float, float] | None
KINDS = {(-100.0, 100.0): "nps", (0.0, 1.0): "rate"}
PROGRAMMES = {
    "action": msg("other actions"),
    "one_to_ones": msg("one-to-ones"),
    "mentor": msg("mentors"),
    "voice": msg("having a say"),
    "outing": msg("outings"),
}


def kind_of_scale(scale: Scale) -> str:
    """Kind of measure that changes on a scale are written as."""
    return "sd" if scale is None else KINDS.get(tuple(float(end) for end in scale), "mean")


def size_text(value: float, words: Words, scale: Scale) -> Markup:
    """Write the size of a change with its unit, if it has one."""
    return amount_text(value, words, kind_of_scale(scale), decimals=_decimals(scale))


def signed_text(value: float, words: Words, scale: Scale) -> str:
    """Write a change with its sign."""
    return figure_text(value, words, kind_of_scale(scale), signed=True, decimals=_decimals(scale))


def interval_text(row: Row, words: Words, scale: Scale, *, sign: int = 1) -> Markup:
    """Write the interval of a change with its level; turned round for the size of a fall (`sign` -1)."""
    low, high = sorted(sign * float(row[name]) for name in ("ci_low", "ci_high"))
    bounds = words.interval(signed_text(low, words, scale), signed_text(high, words, scale))
    return leveled(bounds, words, row.get("conf_level"))


def figure_with_interval(row: Row, words: Words, scale: Scale) -> Markup:
    """Write a change with its interval, or that there is none."""
    if is_missing(row["estimate"]) or is_missing(row["ci_low"]):
        return words.text("cannot be given")
    return words.text(
        "{figure}, {interval}",
        figure=signed_text(row["estimate"], words, scale),
        interval=interval_text(row, words, scale),
    )


def scale_text(words: Words, scale: Scale) -> Markup:
    """Say on which scale changes are told, as a sentence; empty where the unit stands beside the figures."""
    if kind_of_scale(scale) not in ("sd", "mean"):
        return Markup()
    if scale is None:
        return words.text("Changes are told in standard deviations between units in one wave.")
    low, high = scale
    return words.text(
        "Changes are told on the scale of the answers, from {low} to {high}.",
        low=words.number(low),
        high=words.number(high),
    )


def programme_name(programme: str, words: Words) -> Markup:
    """Name a programme of actions; one that is not known goes by its id."""
    known = PROGRAMMES.get(programme)
    return words.text(known) if known else Markup.escape(str(programme).replace("_", " "))


def _decimals(scale: Scale) -> int:
    return 1 if kind_of_scale(scale) in ("nps", "rate") else 2
