"""Sentences about one unit: its headline, its place beside the whole, and what it could show at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from helpers.display.wording.amounts import SCALES, amount_text, kind_of
from helpers.display.wording.headlines import LEADS, headline
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.scores import (
    band_of,
    interval_text,
    latest_period,
    level_text,
    row_at,
    shown_state,
    side_of,
    state_of,
    value_text,
)
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

__all__ = ["counted_above", "headline", "latest_period", "position", "visible_change"]

# From this size on, an amount told as "about" needs no decimal.
ROUGH_FROM = 3.0
COUNTED = msg("Any answers given here count in the figures of {unit}; see the report of that unit.")
BESIDE = {
    "above": msg("{measure} is {value} here ({interval}), above the {reference} of {whole} as a whole."),
    "below": msg("{measure} is {value} here ({interval}), below the {reference} of {whole} as a whole."),
    "": msg(
        "{measure} is {value} here ({interval}), not clearly above or below the {reference} of {whole} as a whole."
    ),
}
BESIDE_A_BAND = {
    "above": msg("{measure} is {value} here ({interval}), above {whole} as a whole ({reference})."),
    "below": msg("{measure} is {value} here ({interval}), below {whole} as a whole ({reference})."),
    "": msg("{measure} is {value} here ({interval}), against {reference} for {whole} as a whole."),
}


def position(
    table: ReleasedTable, words: Words, *, unit_id: str, reference_id: str, measure: str, period: str | None = None
) -> Paragraph:
    """Set a unit beside the whole organisation; above or below only where the interval of the unit allows it.

    Parameters
    ----------
    table : ReleasedTable
        Columns as for `headline`, and ``name``.
    words : Words
    unit_id, reference_id : str
        The unit and the whole it belongs to.
    measure : str
    period : str, optional
        The latest of this unit by default.

    Returns
    -------
    Paragraph
        Empty for the whole itself.
    """
    frame = require_released(table, "position")
    if unit_id == reference_id:
        return paragraph()
    period = period or latest_period(frame, unit_id)
    row, _ = row_at(frame, unit_id, measure, period)
    whole, _ = row_at(frame, reference_id, measure, period)
    name = words.measure(measure, definite=True)
    if state_of(row) in ("hidden", "absent"):
        return paragraph(_not_shown(row, whole, name, words))
    if state_of(whole) in ("hidden", "absent"):
        return paragraph(capital(words.text("{measure} is {value} here.", measure=name, value=level_text(row, words))))
    reference = value_text({**whole, "n": row.get("n")}, words)
    values = {"measure": name, "value": value_text(row, words), "reference": reference}
    values["interval"] = interval_text(row, words, level=True)
    return paragraph(capital(words.text(_place(row, whole), whole=whole["name"], **values)))


def visible_change(
    table: ReleasedTable, words: Words, *, unit_id: str, measure: str, period: str | None = None
) -> Paragraph:
    """Say how large a change must be before this unit could show it: half the width of the interval of its change.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``n``, ``change_low``, ``change_high``.
    words : Words
    unit_id, measure : str
    period : str, optional
        The latest of this unit by default.

    Returns
    -------
    Paragraph
        Empty where no change has an interval.
    """
    frame = require_released(table, "visible_change")
    row, _ = row_at(frame, unit_id, measure, period or latest_period(frame, unit_id))
    if row is None or is_missing(row.get("change_low")) or is_missing(row.get("change_high")):
        return paragraph()
    half = (row["change_high"] - row["change_low"]) / 2
    amount = _rough(half, words, kind_of(row))
    values = {"amount": amount, "measure": words.measure(measure, definite=True)}
    if is_missing(row["n"]):
        return paragraph(words.text("A change in {measure} shows only from about {amount} upwards.", **values))
    answers = words.answers(row["n"], exact=table.published)
    return paragraph(
        words.text(
            "With {answers}, a change in {measure} shows only from about {amount} upwards.", answers=answers, **values
        )
    )


def counted_above(
    table: ReleasedTable, words: Words, *, unit_id: str, above: Sequence[str], measures: Sequence[str], period: str
) -> Paragraph:
    """Point from a unit whose figures are not shown to the nearest unit above it that shows them.

    Parameters
    ----------
    table : ReleasedTable
        With the rows of the units above.
    words : Words
    unit_id : str
    above : sequence of str
        The units above it, the nearest last.
    measures : sequence of str
    period : str

    Returns
    -------
    Paragraph
        Empty where all measures are shown, or no unit above shows what is missing here.
    """
    frame = require_released(table, "counted_above")
    hidden = [measure for measure in measures if _state(table, unit_id, measure, period) == "hidden"]
    for unit in reversed(above) if hidden else ():
        rows = [row_at(frame, unit, measure, period)[0] for measure in hidden]
        if all(state_of(row) not in ("hidden", "absent") for row in rows):
            return paragraph(words.text(COUNTED, unit=rows[0]["name"]))
    return paragraph()


def _state(table: ReleasedTable, unit_id: str, measure: str, period: str) -> str:
    row, previous = row_at(table.frame, unit_id, measure, period)
    return shown_state(table, row, previous, measure=measure, period=period)


def _rough(size: float, words: Words, kind: str) -> Markup:
    """An amount told as "about": a decimal only where it would round to little or nothing."""
    points = 100 * size if kind == "rate" else size
    decimals = None if kind not in SCALES else 1 if points < ROUGH_FROM else 0
    return amount_text(size, words, kind, decimals=decimals)


def _not_shown(
    row: Mapping[str, object] | None, whole: Mapping[str, object] | None, name: Markup, words: Words
) -> Markup:
    template = LEADS["", "absent" if row is None and whole is None else "hidden"]
    return capital(words.text(template, measure=name)) + "."


def _place(row: Mapping[str, object], whole: Mapping[str, object]) -> str:
    if is_missing(row.get("ci_low")) or is_missing(row.get("ci_high")):
        return msg("{measure} is {value} here, against {reference} for {whole} as a whole.")
    return (BESIDE_A_BAND if band_of(whole) else BESIDE)[side_of(row, whole)]
