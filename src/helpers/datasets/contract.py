"""The data contract: every table and column a dataset may have, and what must hold for them.

Columns that are not named here are not read, and personal ones (`helpers.datasets.personal`) are refused. The same
declarations type the tables, check them and fill the dictionary in data/README.md.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers.datasets.columns import Column, Table

BERSIN_ELEMENTS = (
    "meaningful_work",
    "hands_on_management",
    "positive_environment",
    "growth_opportunity",
    "trust_in_leadership",
)
ELEMENTS = (
    *BERSIN_ELEMENTS,
    *("context", "purpose", "promise_kept", "motivation", "valued", "voice", "communication", "room_to_act"),
    *("obstacle", "customer_orientation", "service_behaviour", "engagement", "employee_satisfaction", "other"),
)
# What a team says of its one manager, who can be recognised whatever the number of answers.
LEADERSHIP_ELEMENTS = ("hands_on_management", "trust_in_leadership")
EXIT_REASONS = (
    *("pay", "career", "manager", "work_content", "workload", "culture", "schedule", "relocation", "personal"),
    *("end_of_contract", "dismissal", "retirement", "other"),
)
SCORE_KINDS = ("nps", "mean", "rate", "value")


def _optional(column: Column, *, empty: bool = True) -> Column:
    return replace(column, required=False, empty=empty)


def _text(meaning: str, **rules: object) -> Column:
    return Column("text", meaning, **rules)


def _count(meaning: str, unit: str, **rules: object) -> Column:
    return Column("whole", meaning, unit, low=0, **rules)


def _score(meaning: str, high: float = 10) -> Column:
    return Column("number", meaning, f"0–{high}", required=False, empty=True, low=0, high=high)


_UNIT = _text("the unit", refers_to="units")
_PERIOD = Column("period", "the wave or reporting period", "2024, 2024-H1, 2024-Q3 or 2024-07")
_RECOMMEND = Column("whole", "how likely to recommend", "0–10", empty=True, low=0, high=10)
_WEIGHT = Column("number", "weight of the answer; 1 when left out", required=False, above=0)
_HEADCOUNT = _count("people employed", "people")

CONTRACT: dict[str, Table] = {
    "units": Table(
        row="a unit",
        key=("unit_id",),
        ordered=(("valid_from", "valid_to"),),
        columns={
            "unit_id": _text("id of the unit; leading zeros count"),
            "name": _text("name as shown in reports"),
            "parent_id": _text("unit directly above; empty for the root only", empty=True, refers_to="units"),
            "level": _text("kind of unit: organisation, country, division, business unit, team …"),
            "country": _optional(_text("country", unit="ISO 3166 code")),
            "industry": _optional(_text("industry")),
            "organisation": _optional(_text("organisation it belongs to, for datasets of several")),
            "merged_into": _optional(_text("unit as part of which a small one is reported", refers_to="units")),
            "valid_from": _optional(replace(_PERIOD, meaning="first period the unit exists")),
            "valid_to": _optional(replace(_PERIOD, meaning="last period the unit exists")),
        },
    ),
    "employee_answers": Table(
        row="one answered questionnaire; further columns are named by `items`",
        key=("unit_id", "period", "person_key"),
        columns={
            "unit_id": _UNIT,
            "period": _PERIOD,
            "recommend": _optional(replace(_RECOMMEND, meaning="how likely to recommend working here")),
            "satisfaction": _score("satisfaction with working here; on another scale it is an item"),
            "weight": _WEIGHT,
            "person_key": _optional(Column("pseudonym", "the same in every wave; never a name or personnel number")),
        },
    ),
    "items": Table(
        row="a question",
        key=("item_id",),
        ordered=(("scale_min", "scale_max"),),
        same_within=("element", "scale_min", "scale_max"),
        except_for="other",
        columns={
            "item_id": _text("name of its column in `employee_answers`"),
            "text_nl": _text("question in Dutch", empty=True),
            "text_en": _text("question in English", empty=True),
            "scale_min": Column("number", "lowest answer"),
            "scale_max": Column("number", "highest answer"),
            "reverse": Column("yes_no", "a high answer is bad"),
            "element": _text("what it measures", allowed=ELEMENTS),
        },
    ),
    "invited": Table(
        row="a unit in a period, or a stratum of it named by further columns",
        key=("unit_id", "period"),
        strata=True,
        columns={
            "unit_id": _UNIT,
            "period": _PERIOD,
            "n_invited": _count("people invited to answer", "people"),
            "headcount": _HEADCOUNT,
        },
    ),
    "customer_answers": Table(
        row="one customer answer",
        either=("period", "date"),
        columns={
            "unit_id": _UNIT,
            "period": _optional(_PERIOD, empty=False),
            "date": _optional(
                Column("date", "day of the answer; gives the period when that is left out", "2024-07-31")
            ),
            "recommend": replace(_RECOMMEND, meaning="how likely to recommend us"),
            "satisfaction": _score("satisfaction"),
            "sincerity": _score("sincerity of staff"),
            "repurchase": replace(_score("bought again, or intends to", 1), unit="0 = no, 1 = yes"),
            "moment": _optional(_text("moment of truth: orientation, purchase, delivery, use, service …")),
            "reason": _optional(_text("main reason for the score")),
            "reason_valence": _optional(
                _text("whether the reason pleased", allowed=("positive", "negative", "neutral"))
            ),
            "weight": _WEIGHT,
            "comment": _optional(_text("free text; never shown")),
        },
    ),
    "outcomes": Table(
        row="a measure of a unit in a period",
        key=("unit_id", "period", "measure"),
        same_within=("measure", "unit", "ratio_scale", "higher_is_better"),
        columns={
            "unit_id": _UNIT,
            "period": _PERIOD,
            "measure": _text("what is measured: profit, turnover, absence …"),
            "value": Column("number", "the value", "see `unit`", empty=True),
            "unit": _text("unit of the value: %, EUR, per 100 people …"),
            "ratio_scale": Column("yes_no", "zero means none, so that percentages make sense"),
            "higher_is_better": Column("yes_no", "a high value is good"),
            "n": _optional(Column("number", "what the value rests on", "people, sales …", low=0)),
            "largest": _optional(Column("number", "part of a sum due to its largest contributor", "see `unit`")),
            "second": _optional(Column("number", "part due to the second largest", "see `unit`")),
        },
    ),
    "absence": Table(
        row="a unit in a period; a column with cause or diagnosis is refused",
        key=("unit_id", "period"),
        ordered=(("days_largest", "days"), ("days_second", "days_largest")),
        columns={
            "unit_id": _UNIT,
            "period": _PERIOD,
            "headcount": _HEADCOUNT,
            "n_spells": _count("spells of absence that began", "spells"),
            "days": _optional(Column("number", "days absent", "days", low=0)),
            "days_largest": _optional(Column("number", "days of the person absent most", "days", low=0)),
            "days_second": _optional(Column("number", "days of the person absent second most", "days", low=0)),
        },
    ),
    "employments": Table(
        row="one pseudonymous employment",
        ordered=(("start", "end"),),
        columns={
            "unit_id": _UNIT,
            "start": Column("date", "first day", "2024-07-31"),
            "end": Column("date", "last day; empty: still here", "2024-07-31", empty=True),
            "exit_reason": _text("reason for leaving", empty=True, allowed=EXIT_REASONS),
        },
    ),
    "actions": Table(
        row="a planned action",
        key=("action_id",),
        ordered=(("start", "due"),),
        columns={
            "action_id": _text("id of the action"),
            "unit_id": _UNIT,
            "element": _text("what it is to improve", empty=True, allowed=ELEMENTS),
            "programme": _text("kind: action, one_to_ones, mentor, voice, outing …", empty=True),
            "description": _text("what will be done", empty=True),
            "owner_role": _text("role that answers for it; never a name", empty=True),
            "measure": _text("measure it is judged by", empty=True),
            "baseline": Column("number", "value at the start", "of `measure`", empty=True),
            "target": Column("number", "value aimed at", "of `measure`", empty=True),
            "communicated_on": Column("date", "day it was told to the team", "2024-07-31", empty=True),
            "start": Column("date", "first day", "2024-07-31", empty=True),
            "due": Column("date", "day it should be done", "2024-07-31", empty=True),
        },
    ),
    "scores": Table(
        row="a measure of a unit in a period, given instead of answers",
        key=("unit_id", "period", "measure"),
        columns={
            "unit_id": _UNIT,
            "period": _PERIOD,
            "measure": _text("what is measured: enps, nps, engagement …; reason_to_leave:… as notebook 09 reads them"),
            "estimate": Column("number", "the score", "NPS −100–100; rates 0–1; else the scale", empty=True),
            "n": _optional(Column("number", "answers it rests on; empty when unknown", "answers", low=0)),
            "se": _optional(Column("number", "standard error; empty when unknown", "as `estimate`", low=0)),
            "kind": _optional(_text("what sort of score", allowed=SCORE_KINDS)),
            "n_effective": _optional(Column("number", "effective number of answers (Kish)", "answers", low=0)),
        },
    ),
}
TABLE_NAMES = tuple(CONTRACT)


def table_columns(table: str, items: pd.DataFrame | None = None) -> dict[str, Column]:
    """List the columns of a table, for `employee_answers` with those that `items` names.

    Parameters
    ----------
    table : str
        One of `TABLE_NAMES`.
    items : DataFrame, optional
        Typed: ``item_id``, ``scale_min``, ``scale_max``.

    Returns
    -------
    dict of str to Column
        An item is an optional number within its own scale.
    """
    columns = dict(CONTRACT[table].columns)
    if table != "employee_answers" or items is None:
        return columns
    asked = zip(items["item_id"], items["scale_min"], items["scale_max"], strict=True)
    return {item: _item(low, high) for item, low, high in asked if isinstance(item, str)} | columns


def _item(low: float, high: float) -> Column:
    return Column("number", "answer to an item", f"{low:g}–{high:g}", required=False, empty=True, low=low, high=high)
