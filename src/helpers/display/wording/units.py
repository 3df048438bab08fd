"""Sentences about one unit: its headline, its place beside the whole, and what it could show at all."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import SCALES, amount_text, kind_of
from helpers.display.wording.durations import moment
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, clauses, paragraph
from helpers.display.wording.periods import years_between
from helpers.display.wording.scores import change_text, interval_text, row_at, shown_state, state_of, value_text
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

# From this size on, an amount told as "about" needs no decimal.
ROUGH_FROM = 3.0
PEOPLE = {"enps": "employees", "nps": "customers"}
LEADS = {
    ("employees", "rose"): msg("employees recommend us more than {when} ({change})"),
    ("employees", "fell"): msg("employees recommend us less than {when} ({change})"),
    ("employees", "unclear"): msg("for employees the change is unclear ({change})"),
    ("employees", "hidden"): msg("there are too few answers from employees to report"),
    ("customers", "rose"): msg("customers recommend us more than {when} ({change})"),
    ("customers", "fell"): msg("customers recommend us less than {when} ({change})"),
    ("customers", "unclear"): msg("for customers the change is unclear ({change})"),
    ("customers", "hidden"): msg("there are too few answers from customers to report"),
    ("", "rose"): msg("{measure} is higher than {when} ({change})"),
    ("", "fell"): msg("{measure} is lower than {when} ({change})"),
    ("", "unclear"): msg("the change in {measure} is unclear ({change})"),
    ("", "hidden"): msg("there are too few answers to report {measure}"),
    ("", "first"): msg("{measure} is {value}, the first figure so far"),
    ("", "gap"): msg("{measure} is {value}, the first figure since {previous}"),
    ("", "bare rose"): msg("{measure} is {amount} higher than {when}"),
    ("", "bare fell"): msg("{measure} is {amount} lower than {when}"),
    ("", "bare same"): msg("{measure} is the same as {when}"),
    ("", "absent"): msg("{measure} was not measured"),
}
BOTH_UNCLEAR = msg(
    "It is unclear whether employees ({employees}) and customers ({customers}) recommend us more or less than {when}."
)
FOLLOWS = {
    ("employees", "rose"): msg("employees recommend us more ({change})"),
    ("employees", "fell"): msg("employees recommend us less ({change})"),
    ("employees", "unclear"): msg("for employees the change is unclear"),
    ("customers", "rose"): msg("customers recommend us more ({change})"),
    ("customers", "fell"): msg("customers recommend us less ({change})"),
    ("customers", "unclear"): msg("for customers the change is unclear"),
    ("", "rose"): msg("{measure} is higher ({change})"),
    ("", "fell"): msg("{measure} is lower ({change})"),
    ("", "unclear"): msg("the change in {measure} is unclear"),
    ("", "bare rose"): msg("{measure} is {amount} higher"),
    ("", "bare fell"): msg("{measure} is {amount} lower"),
}


def headline(
    table: ReleasedTable,
    words: Words,
    *,
    unit_id: str,
    period: str | None = None,
    employee: str = "enps",
    customer: str = "nps",
) -> Paragraph:
    """Say whether employees and customers recommend a unit more or less than before, and how sure that is.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``estimate``, ``n``, and where known ``ci_low``, ``ci_high``, ``conf_level``, ``change``,
        ``change_low``, ``change_high``, ``kind``.
    words : Words
    unit_id : str
    period : str, optional
        The latest of this unit by default.
    employee, customer : str
        Measures of the two clauses.

    Returns
    -------
    Paragraph
        One sentence, two where it would grow longer than 30 words. A measure that others have in this period, and this
        unit has not, counts as one with too few answers.
    """
    frame = require_released(table, "headline")
    period = period or latest_period(frame, unit_id)
    seen = [_look(table, unit_id, measure, period) for measure in (employee, customer)]
    if all(look["state"] == "hidden" for look in seen):
        return paragraph(words.text("There are too few answers to report."))
    same_past = seen[0]["previous"] == seen[1]["previous"]
    if [look["state"] for look in seen] == ["unclear"] * 2 and {employee, customer} <= PEOPLE.keys() and same_past:
        changes = {PEOPLE[look["measure"]]: change_text(look["row"], words) for look in seen}
        when = _when(seen[0]["previous"], period, words)
        return paragraph(words.text(BOTH_UNCLEAR, when=when, **changes))
    same_past = same_past and "when" in _template(LEADS, seen[0])
    first = _clause(seen[0], words, LEADS)
    second = _clause(seen[1], words, {**LEADS, **FOLLOWS} if same_past else LEADS)
    bare = any(look["state"].startswith("bare") for look in seen)
    return paragraph(clauses(first, second), words.text("The source gives no interval.") if bare else "")


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
        return paragraph(_too_few(row, whole, name, words))
    value, interval = value_text(row, words), interval_text(row, words, level=True)
    if state_of(whole) in ("hidden", "absent"):
        return paragraph(capital(words.text("{measure} is {value} here.", measure=name, value=_in(value, interval))))
    reference = value_text({**whole, "n": row.get("n")}, words)
    values = {"measure": name, "value": value, "interval": interval, "reference": reference}
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
    answers = words.answers(row["n"])
    return paragraph(
        words.text(
            "With {answers}, a change in {measure} shows only from about {amount} upwards.", answers=answers, **values
        )
    )


def latest_period(frame: pd.DataFrame, unit_id: str) -> str:
    """Latest period in which a unit has a row.

    Raises
    ------
    NotApplicable
        When the unit has no row, such as a whole that its publisher gives no figures for.
    """
    periods = frame.loc[frame["unit_id"] == unit_id, "period"]
    if periods.empty:
        raise _no_scores(unit_id)
    return str(periods.max())


def _no_scores(unit_id: str) -> Exception:
    # Imported here because it loads scipy, and words are to be light.
    from helpers.stats.estimates import NotApplicable

    return NotApplicable("There are no scores for {unit}.", unit=unit_id)


def _look(table: ReleasedTable, unit_id: str, measure: str, period: str) -> dict[str, object]:
    row, previous = row_at(table.frame, unit_id, measure, period)
    state = shown_state(table, row, previous, measure=measure, period=period)
    if state == "bare":
        state = "bare same" if row["change"] == 0 else "bare rose" if row["change"] > 0 else "bare fell"
    return {"row": row, "measure": measure, "state": state, "previous": previous, "period": period}


def _template(templates: Mapping[tuple[str, str], str], look: Mapping[str, object]) -> str:
    special = (PEOPLE.get(look["measure"], ""), look["state"])
    return templates.get(special) or templates["", look["state"]]


def _clause(look: Mapping[str, object], words: Words, templates: Mapping[tuple[str, str], str]) -> Markup:
    row, previous = look["row"], look["previous"]
    values = {"measure": words.measure(look["measure"], definite=True), "previous": words.period(previous or "")}
    if look["state"] in ("first", "gap"):
        values["value"] = _in(value_text(row, words), interval_text(row, words, level=True))
    if row is not None and not is_missing(row.get("change")):
        values["change"] = change_text(row, words)
        values["amount"] = amount_text(row["change"], words, kind_of(row))
        values["when"] = _when(previous, look["period"], words)
    return words.text(_template(templates, look), **values)


def _when(previous: str | None, period: str, words: Words) -> Markup:
    if previous is None:
        return words.text("before")
    if years_between(previous, period) == 1:
        return moment(words, -1, 1)
    return words.text("in {period}", period=words.period(previous))


def _in(value: str, interval: Markup) -> Markup:
    return Markup("{} ({})").format(value, interval) if interval else Markup(value)


def _rough(size: float, words: Words, kind: str) -> Markup:
    """An amount told as "about": a decimal only where it would round to little or nothing."""
    points = 100 * size if kind == "rate" else size
    decimals = None if kind not in SCALES else 1 if points < ROUGH_FROM else 0
    return amount_text(size, words, kind, decimals=decimals)


def _too_few(
    row: Mapping[str, object] | None, whole: Mapping[str, object] | None, name: Markup, words: Words
) -> Markup:
    template = LEADS["", "absent" if row is None and whole is None else "hidden"]
    return capital(words.text(template, measure=name)) + "."


def _place(row: Mapping[str, object], whole: Mapping[str, object]) -> str:
    low, high, reference = row.get("ci_low"), row.get("ci_high"), whole["estimate"]
    if is_missing(low) or is_missing(high):
        return msg("{measure} is {value} here, against {reference} for {whole} as a whole.")
    if low > reference:
        return msg("{measure} is {value} here ({interval}), above the {reference} of {whole} as a whole.")
    if high < reference:
        return msg("{measure} is {value} here ({interval}), below the {reference} of {whole} as a whole.")
    return msg(
        "{measure} is {value} here ({interval}), not clearly above or below the {reference} of {whole} as a whole."
    )
