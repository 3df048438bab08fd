"""The headline of a unit: whether employees and customers recommend it more than before, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, kind_of
from helpers.display.wording.durations import moment
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import LONGEST_SENTENCE, Paragraph, capital, clauses, paragraph
from helpers.display.wording.periods import years_between
from helpers.display.wording.scores import change_text, latest_period, level_text, row_at, shown_state
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

PEOPLE = {"enps": "employees", "nps": "customers"}
# By people and state; without people for any other measure.
LEADS = {
    ("employees", "rose"): msg("employees recommend us more than {when} ({change})"),
    ("employees", "fell"): msg("employees recommend us less than {when} ({change})"),
    ("employees", "unclear"): msg("for employees the change is unclear ({change})"),
    ("employees", "hidden"): msg("the figure for employees is not shown, to protect small groups"),
    ("customers", "rose"): msg("customers recommend us more than {when} ({change})"),
    ("customers", "fell"): msg("customers recommend us less than {when} ({change})"),
    ("customers", "unclear"): msg("for customers the change is unclear ({change})"),
    ("customers", "hidden"): msg("the figure for customers is not shown, to protect small groups"),
    ("", "rose"): msg("{measure} is higher than {when} ({change})"),
    ("", "fell"): msg("{measure} is lower than {when} ({change})"),
    ("", "unclear"): msg("the change in {measure} is unclear ({change})"),
    ("", "hidden"): msg("{measure} is not shown, to protect small groups"),
    ("", "first"): msg("{measure} is {value}, the first figure so far"),
    ("", "gap"): msg("{measure} is {value}, the first figure since {previous}"),
    ("", "closed"): msg("{measure} is {value}, and its change is not shown"),
    ("", "band"): msg("{measure} is {value} (not shown more exactly)"),
    ("", "bare_rose"): msg("{measure} is {amount} higher than {when}"),
    ("", "bare_fell"): msg("{measure} is {amount} lower than {when}"),
    ("", "bare_same"): msg("{measure} is the same as {when}"),
    ("", "absent"): msg("{measure} was not measured"),
}
# After a first clause that named the moment to compare with.
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
    ("", "bare_rose"): msg("{measure} is {amount} higher"),
    ("", "bare_fell"): msg("{measure} is {amount} lower"),
}
BOTH_UNCLEAR = msg(
    "It is unclear whether employees ({employees}) and customers ({customers}) recommend us more or less than {when}."
)
BOTH_WITHOUT_PAST = {
    "first": msg("{one} is {value} and {other} is {other_value}; there are no earlier figures to compare with."),
    "gap": msg("{one} is {value} and {other} is {other_value}, the first figures since {previous}."),
    "closed": msg("{one} is {value} and {other} is {other_value}; neither change is shown."),
    "band": msg("{one} is {value} and {other} is {other_value}; neither is shown more exactly."),
}


@dataclass(frozen=True)
class Look:
    """One measure of a unit in one period: its row, what can be said of its change, the last period before."""

    measure: str
    period: str
    row: Mapping[str, object] | None
    previous: str | None
    state: str


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
        One sentence, two where it would grow longer than 30 words, and one before it that names the period where other
        units have figures of a later one. A measure that others have in this period, and this unit has not, counts as
        one that is not shown.
    """
    frame = require_released(table, "headline")
    period = period or latest_period(frame, unit_id)
    one, other = (_look(table, unit_id, measure, period) for measure in (employee, customer))
    asked = frame[frame["measure"].isin([employee, customer])]
    found = _together(one, other, words) or _one_by_one(one, other, words)
    return paragraph(_ended(asked, unit_id, period, words), found, _no_interval(table, (one, other), words))


def _look(table: ReleasedTable, unit_id: str, measure: str, period: str) -> Look:
    row, previous = row_at(table.frame, unit_id, measure, period)
    return Look(measure, period, row, previous, shown_state(table, row, previous, measure=measure, period=period))


def _ended(asked: pd.DataFrame, unit_id: str, period: str, words: Words) -> Markup:
    own = asked.loc[asked["unit_id"] == unit_id, "period"].max()
    if period != own or own == asked["period"].max():
        return Markup()
    return words.text("These figures are from {period}, the last wave of this unit.", period=words.period(period))


def _no_interval(table: ReleasedTable, looks: tuple[Look, Look], words: Words) -> Markup:
    if not any(look.state.startswith("bare") for look in looks):
        return Markup()
    return (
        words.text("The source gives no interval.")
        if table.published
        else words.text("These figures have no interval.")
    )


def _together(one: Look, other: Look, words: Words) -> Markup:
    """Say once what holds for both; empty where their states or pasts differ."""
    if one.state == other.state == "hidden":
        return words.text("The figures are not shown, to protect small groups.")
    if (one.state, one.previous) != (other.state, other.previous):
        return Markup()
    if one.state == "unclear" and {one.measure, other.measure} <= PEOPLE.keys():
        changes = {PEOPLE[look.measure]: change_text(look.row, words) for look in (one, other)}
        return words.text(BOTH_UNCLEAR, when=_when(one, words), **changes)
    if one.state not in BOTH_WITHOUT_PAST:
        return Markup()
    values = {"one": words.measure(one.measure, definite=True), "value": level_text(one.row, words)}
    values |= {"other": words.measure(other.measure, definite=True), "other_value": level_text(other.row, words)}
    both = words.text(BOTH_WITHOUT_PAST[one.state], previous=words.period(one.previous or ""), **values)
    return capital(both) if len(both.split()) <= LONGEST_SENTENCE else Markup()


def _one_by_one(one: Look, other: Look, words: Words) -> Markup:
    same_past = one.previous == other.previous and "when" in _template(LEADS, one)
    return clauses(_clause(one, words, LEADS), _clause(other, words, LEADS | FOLLOWS if same_past else LEADS))


def _template(templates: Mapping[tuple[str, str], str], look: Look) -> str:
    return templates.get((PEOPLE.get(look.measure, ""), look.state)) or templates["", look.state]


def _clause(look: Look, words: Words, templates: Mapping[tuple[str, str], str]) -> Markup:
    row = look.row
    values = {"measure": words.measure(look.measure, definite=True), "previous": words.period(look.previous or "")}
    if look.state in ("first", "gap", "closed", "band"):
        values["value"] = level_text(row, words)
    if row is not None and not is_missing(row.get("change")):
        values["change"] = change_text(row, words)
        values["amount"] = amount_text(row["change"], words, kind_of(row))
        values["when"] = _when(look, words)
    return words.text(_template(templates, look), **values)


def _when(look: Look, words: Words) -> Markup:
    if look.previous is None:
        return words.text("before")
    if years_between(look.previous, look.period) == 1:
        return moment(words, -1, 1)
    return words.text("in {period}", period=words.period(look.previous))
