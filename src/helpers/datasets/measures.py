"""The measures made from answers, and their sums per unit.

A *value* is what one answer counts for a measure: +100, 0 or −100 for a promoter, passive or detractor, the mean of the
answered items for an element, the answer itself otherwise; missing when the question was not answered. All a score
needs of the values is five sums: ``n`` their number, ``w`` Σw, ``w2`` Σw², ``wx`` Σwx, ``wx2`` Σwx² with w the weights
and x the values. So pooling units means adding sums. Expressions are Ibis, so they run where the answers are: DuckDB
here, PostgreSQL or Spark elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.datasets.measure_kinds import CUSTOMER_MEASURES, EMPLOYEE_MEASURES, NO_CONSTRUCT
from helpers.stats.nps import DETRACTORS_TO, PROMOTERS_FROM


@dataclass(frozen=True)
class Sums:
    """Sums of answers per unit and period.

    Parameters
    ----------
    table : ibis Table
        ``unit_id``, ``period`` and a column ``measure:sum`` for every measure and sum, e.g. ``enps:wx2``. Without
        ``:w`` and ``:w2`` all weights are 1 and both equal ``:n``.
    kinds : mapping of str to str
        Kind of each measure.
    """

    table: ir.Table
    kinds: Mapping[str, str]


def employee_sums(answers: ir.Table, items: pd.DataFrame, periods_per_year: int) -> Sums:
    """Sum up eNPS, satisfaction and one measure per element of the items.

    Parameters
    ----------
    answers : ibis Table
        ``employee_answers``; every item is a column.
    items : DataFrame
        ``item_id``, ``scale_min``, ``scale_max``, ``reverse``, ``element``; may have no rows.
    periods_per_year : {1, 2, 4, 12}

    Returns
    -------
    Sums
        The value of an element is the mean of the items answered, after reversing the reversed ones
        (scale_min + scale_max − answer).

    Raises
    ------
    ValueError
        For an item that is no column, an element with items on several scales, or satisfaction asked twice.
    """
    named = _named_values(answers, EMPLOYEE_MEASURES)
    constructs = items[items["element"] != NO_CONSTRUCT]
    elements = {
        element: ("mean", _element_value(answers, element, own)) for element, own in constructs.groupby("element")
    }
    twice = sorted(set(named) & set(elements))
    if twice:
        raise ValueError(f"{twice[0]} must come from a column or from items; found both. Drop one of them.")
    return answer_sums(answers, named | elements, periods_per_year)


def customer_sums(answers: ir.Table, periods_per_year: int) -> Sums:
    """Sum up NPS, satisfaction, sincerity of staff and repurchase, whichever the answers have; see `answer_sums`."""
    return answer_sums(answers, _named_values(answers, CUSTOMER_MEASURES), periods_per_year)


def answer_sums(answers: ir.Table, values: Mapping[str, tuple[str, ir.NumericColumn]], periods_per_year: int) -> Sums:
    """Sum up values per unit and period.

    Parameters
    ----------
    answers : ibis Table
        ``unit_id``; ``period`` or ``date``; optional ``weight`` (1 where there is no such column).
    values : mapping of str to (str, ibis column)
        Kind and value of each measure.
    periods_per_year : {1, 2, 4, 12}
        The form of periods made from dates.

    Returns
    -------
    Sums
        Over the values that are there.

    Raises
    ------
    ValueError
        For answers without anything to score.
    """
    if not values:
        raise ValueError(f"answers must have a column to score, such as recommend; found {', '.join(answers.columns)}.")
    weights = {"weight:": number(answers["weight"])} if "weight" in answers.columns else {}
    columns = {name: value for name, (_, value) in values.items()}
    labels = {"unit_id": text(answers["unit_id"]), "period": _period(answers, periods_per_year)}
    rows = answers.select(**labels, **weights, **columns)
    totals = _weighted_totals if weights else _totals
    sums = {f"{name}:{part}": total for name in values for part, total in totals(rows, name).items()}
    kinds = {name: kind for name, (kind, _) in values.items()}
    return Sums(rows.group_by("unit_id", "period").agg(**sums), kinds)


def response_sums(answers: ir.Table, invited: ir.Table, periods_per_year: int) -> Sums:
    """Write answers per invitation as sums, so that response rates pool like everything else.

    Each invitation is a value of 1 (answered) or 0, with weight 1, but ``n`` counts the answers: a rate that rests on
    three answers reveals three people, however many were invited. Units without known invitations are left out.

    Parameters
    ----------
    answers, invited : ibis Table
        ``employee_answers`` and ``invited``; several rows of one unit and period (strata) are added up.
    periods_per_year : {1, 2, 4, 12}

    Returns
    -------
    Sums
        The measure ``response_rate`` of kind ``"rate"``.
    """
    given = answers.select(unit_id=text(answers["unit_id"]), period=_period(answers, periods_per_year))
    given = given.group_by("unit_id", "period").agg(n=given.count())
    asked = invited.select(
        unit_id=text(invited["unit_id"]), period=text(invited["period"]), w=number(invited["n_invited"])
    )
    asked = asked.group_by("unit_id", "period").agg(w=asked["w"].sum())
    both = asked.left_join(given, ["unit_id", "period"])
    n, w = both["n"].fill_null(0).cast("float64"), both["w"]
    sums = {"n": n, "w": w, "w2": w, "wx": n, "wx2": n}
    table = both.select("unit_id", "period", **{f"response_rate:{part}": value for part, value in sums.items()})
    return Sums(table, {"response_rate": "rate"})


def number(column: ir.Column) -> ir.FloatingColumn:
    """Read a column as floats in which a NaN is missing: files of pandas hold NaN where others hold nothing."""
    if not column.type().is_floating():
        # PostgreSQL turns a boolean into an integer, but not into a float.
        return (column.cast("int64") if column.type().is_boolean() else column).cast("float64")
    value = column.cast("float64")
    return ibis.ifelse(value.isnan(), ibis.null("float64"), value)


def text(column: ir.Column) -> ir.StringColumn:
    """Read an identifier or period as text, whatever type it was stored with."""
    return (column.cast("int64") if column.type().is_floating() else column).cast("string")


def _named_values(
    answers: ir.Table, measures: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, ir.NumericColumn]]:
    there = {column: names for column, names in measures.items() if column in answers.columns}
    return {
        name: (kind, _nps_value(answers[column]) if kind == "nps" else number(answers[column]))
        for column, (name, kind) in there.items()
    }


def _nps_value(recommend: ir.Column) -> ir.FloatingColumn:
    answer = number(recommend)
    return ibis.cases(
        (answer >= PROMOTERS_FROM, 100.0),
        (answer <= DETRACTORS_TO, -100.0),
        (answer.notnull(), 0.0),
        else_=ibis.null("float64"),
    )


def _element_value(answers: ir.Table, element: str, items: pd.DataFrame) -> ir.FloatingColumn:
    absent = [item for item in items["item_id"] if item not in answers.columns]
    if absent:
        raise ValueError(f"item_id must be a column of employee_answers; found {absent[0]!r} in items.")
    scales = items[["scale_min", "scale_max"]].drop_duplicates()
    if len(scales) > 1:
        found = ", ".join(f"{low:g}–{high:g}" for low, high in scales.itertuples(index=False))
        raise ValueError(f"items of one element must share a scale; found {found} in {element}. Rescale the answers.")
    turned = [_turned(number(answers[item.item_id]), item) for item in items.itertuples()]
    answered = reduce(add, [value.notnull().cast("float64") for value in turned])
    return reduce(add, [value.fill_null(0.0) for value in turned]) / answered.nullif(0.0)


def _turned(answer: ir.FloatingColumn, item: Any) -> ir.FloatingColumn:
    reverse = pd.notna(item.reverse) and bool(item.reverse)
    return float(item.scale_min + item.scale_max) - answer if reverse else answer


def _totals(rows: ir.Table, name: str) -> dict[str, ir.NumericScalar]:
    value = rows[name]
    return {"n": value.count().cast("float64"), "wx": value.sum(), "wx2": (value * value).sum()}


def _weighted_totals(rows: ir.Table, name: str) -> dict[str, ir.NumericScalar]:
    weight, value = rows["weight:"], rows[name]
    there = value.notnull()
    return {
        "n": value.count().cast("float64"),
        "w": weight.sum(where=there),
        "w2": (weight * weight).sum(where=there),
        "wx": (weight * value).sum(),
        "wx2": (weight * value * value).sum(),
    }


def _period(answers: ir.Table, periods_per_year: int) -> ir.StringColumn:
    if "period" in answers.columns:
        return text(answers["period"])
    date = answers["date"].cast("date")
    year, month = date.year().cast("string"), date.month()
    part = ((month - 1) * periods_per_year // 12 + 1).cast("string")
    return {
        1: year,
        2: year + "-H" + part,
        4: year + "-Q" + part,
        12: year + "-" + month.cast("string").lpad(2, "0"),
    }[periods_per_year]
