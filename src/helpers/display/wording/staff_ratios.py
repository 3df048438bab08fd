"""Answers on absence and on leaving: how much less of it there is in units that were engaged in the wave before.

A row is one ratio of `helpers.stats.ratios`: ``change``, ``change_low``, ``change_high`` in percent per standard
deviation of engagement, ``conf_level``. A *subject* is "absence" or "exits".
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from helpers.display.wording.amounts import leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing, significant_decimals
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.verdicts import BECAUSE, lead_in
from helpers.display.wording.words import Words

Row = Mapping[str, object]
ABSENCE, EXITS = "absence", "exits"
BOUNDS = ("change", "change_low", "change_high")
FEWER = {
    ABSENCE: msg(
        "Where {x} was one standard deviation higher in the wave before, there were {size} fewer spells of absence "
        "per person ({interval})."
    ),
    EXITS: msg(
        "Where {x} was one standard deviation higher in the wave before, people left {size} less often ({interval})."
    ),
}
DIFFERS = {
    ABSENCE: msg(
        "Where {x} was one standard deviation higher in the wave before, the number of spells of absence per person "
        "differed by {change} ({interval})."
    ),
    EXITS: msg(
        "Where {x} was one standard deviation higher in the wave before, how often people left differed by {change} "
        "({interval})."
    ),
}
# By the rules of helpers.stats.ratio_verdict; those that the interval shows already say nothing.
REASONS = {
    "no_estimate": msg("A ratio without an interval is no answer."),
    "too_few": BECAUSE["too_few"],
    "sampling_error": msg(
        "Sampling error makes the difference look smaller; without it, the interval may not stay within {smallest}."
    ),
    "below_smallest": msg("The whole interval stays within {smallest}, the smallest difference that matters here."),
    "wrong_sign": BECAUSE["wrong_sign"],
}
QUANTITIES = {
    ABSENCE: msg("difference in spells of absence per standard deviation of {x}, in percent"),
    EXITS: msg("difference in how often people leave per standard deviation of {x}, in percent"),
}
# Whole percents where all figures have two digits, and the interval is not so narrow that they would hide it.
ROUND_FROM, WIDE_FROM = 10.0, 4.0


def ratio_answer(row: Row, words: Words, *, subject: str, x: str, verdict: str, because: str) -> Paragraph:
    """Answer whether there is less where engagement was higher, with the reason where there is no clear answer.

    Parameters
    ----------
    row : mapping
        The figures of the verdict, with ``smallest``.
    words : Words
    subject : {"absence", "exits"}
    x : str
        Measure of engagement.
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        Rule of `helpers.stats.ratio_verdict`.

    Returns
    -------
    Paragraph
    """
    reason = REASONS.get(because)
    smallest = words.percent(row["smallest"], 1)
    found = (
        "" if is_missing(row["change"]) or is_missing(row["change_low"]) else _found(row, words, subject, x, verdict)
    )
    return paragraph(lead_in(verdict, words), found, words.text(reason, smallest=smallest) if reason else "")


def basis_sentence(about: Mapping[str, float], words: Words, *, subject: str, x: str) -> Paragraph:
    """Say on how many spells or leavers, units and periods the answer rests: rounded, so that none can be had by
    subtraction.
    """
    counts = {"events": _about(_in_tens(about["n_events"]), words), "units": _about(about["n_units"], words)}
    spread = words.text(
        "One standard deviation of {x} is {sd} here.",
        x=words.measure(x, definite=True),
        sd=words.number(about["sd"], significant_decimals(about["sd"], 2)),
    )
    if subject == ABSENCE:
        return paragraph(
            words.plural(
                "It rests on about {events} spells of absence in about {units} units in {n} period: {rate} per person "
                "and year.",
                "It rests on about {events} spells of absence in about {units} units over {n} periods: {rate} per "
                "person and year.",
                about["n_periods"],
                rate=words.number(about["rate"], 2),
                **counts,
            ),
            spread,
        )
    return paragraph(
        words.plural(
            "It rests on about {events} people who left about {units} units in {n} period, contracts that ran out "
            "aside: {rate} a year for every 100 people employed.",
            "It rests on about {events} people who left about {units} units over {n} periods, contracts that ran out "
            "aside: {rate} a year for every 100 people employed.",
            about["n_periods"],
            rate=words.number(100 * about["rate"], 1),
            **counts,
        ),
        spread,
    )


def change_text(row: Row, words: Words) -> tuple[str, Markup]:
    """Write a change in percent with its interval: ``−18%``, ``95% interval −19% to −18%``."""
    values = [row[name] / 100 for name in BOUNDS]
    decimals = change_decimals(row)
    low, high = (words.percent(value, decimals, signed=True, fixed=True) for value in values[1:])
    change = words.percent(values[0], decimals, signed=True, fixed=True)
    return change, leveled(words.interval(low, high), words, row.get("conf_level"))


def quantity_name(words: Words, *, subject: str, x: str) -> Markup:
    """Name what a figure of ratios shows."""
    return words.text(QUANTITIES[subject], x=words.measure(x, definite=True))


def _found(row: Row, words: Words, subject: str, x: str, verdict: str) -> Markup:
    change, interval = change_text(row, words)
    names = {"x": words.measure(x, definite=True), "interval": interval}
    if verdict == "yes":
        decimals = change_decimals(row)
        # So much fewer: neither the size nor its interval has a sign.
        size, low, high = (
            words.percent(-row[name] / 100, decimals, fixed=True) for name in ("change", "change_high", "change_low")
        )
        names["interval"] = leveled(words.interval(low, high), words, row.get("conf_level"))
        return words.text(FEWER[subject], size=size, **names)
    return words.text(DIFFERS[subject], change=change, **names)


def change_decimals(row: Row) -> int:
    """Decimals of a change in percent: one, or none where its interval is wide and all figures have two digits."""
    is_rough = row["change_high"] - row["change_low"] >= WIDE_FROM
    return 0 if is_rough and min(abs(row[name]) for name in BOUNDS) >= ROUND_FROM else 1


def _in_tens(n: float) -> float:
    """Round a count of people or spells to tens at least: two digits alone would give one below 100 exactly."""
    return float(round(n, -1))


def _about(n: float, words: Words) -> str:
    """Two significant digits: exact counts of several pages could be subtracted."""
    return words.number(float(f"{n:.1e}"))
