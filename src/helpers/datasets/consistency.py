"""What must hold between tables and settings: one tree of units, known levels and measures, enough people invited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.datasets.folders import SETTINGS_FILE
from helpers.datasets.hierarchy import cycles
from helpers.datasets.measure_kinds import CUSTOMER_MEASURES, EMPLOYEE_MEASURES, NO_CONSTRUCT
from helpers.datasets.problems import MAX_ROWS_SHOWN, Problem, suggest

_KEPT = {
    "units": ("unit_id", "parent_id", "level", "merged_into"),
    "employee_answers": ("unit_id", "period"),
    "invited": ("unit_id", "period", "n_invited"),
}
_MEASURES_FROM = {
    "employee_answers": {column: measure for column, (measure, _) in EMPLOYEE_MEASURES.items()},
    "customer_answers": {column: measure for column, (measure, _) in CUSTOMER_MEASURES.items()},
    "invited": {"n_invited": "response_rate"},
}
_NAMED_IN = {"items": "element", "outcomes": "measure", "scores": "measure"}


@dataclass(frozen=True)
class Facts:
    """What is remembered of a checked table: the measures it gives and the columns looked at between tables."""

    measures: frozenset[str]
    frame: pd.DataFrame


def table_facts(name: str, frame: pd.DataFrame) -> Facts:
    """Pick what `between_tables` needs, so that a large table need not be held.

    Parameters
    ----------
    name : str
    frame : DataFrame
        Typed, with the row numbers as index.
    """
    measures = {measure for column, measure in _MEASURES_FROM.get(name, {}).items() if column in frame}
    if _NAMED_IN.get(name) in frame:
        measures |= set(frame[_NAMED_IN[name]].dropna())
    kept = [column for column in _KEPT.get(name, ()) if column in frame]
    return Facts(frozenset(measures - {NO_CONSTRUCT}), frame[kept])


def between_tables(facts: Mapping[str, Facts], settings: Mapping[str, Any]) -> list[Problem]:
    """List what does not fit between the tables of a dataset and its settings.

    Parameters
    ----------
    facts : mapping of str to Facts
        By table, of those that could be read.
    settings : mapping of str to object
        The keys of `dataset.toml` that are right, dotted.
    """
    problems = []
    if "units" in facts and {"unit_id", "parent_id", "level"} <= set(facts["units"].frame):
        units = facts["units"].frame
        problems += [*_tree_problems(units), *_merge_problems(units), *_level_problems(units, settings)]
    if {"employee_answers", "invited"} <= set(facts):
        problems += _response_problems(facts["employee_answers"].frame, facts["invited"].frame)
    return problems + _measure_problems(facts, settings)


def _tree_problems(units: pd.DataFrame) -> list[Problem]:
    problems, roots = [], units[units["parent_id"].isna()]
    if len(roots) != 1:
        found = ", ".join(map(repr, roots["unit_id"].head(3))) or "none"
        way_out = "Leave parent_id empty for the whole organisation only."
        problems.append(_units_problem("have exactly one root, a unit without parent_id", found, roots.index, way_out))
    named = units[units["unit_id"].notna()]
    ids, parents = named["unit_id"].tolist(), named["parent_id"].fillna("").tolist()
    for circle in cycles(dict(zip(ids, parents, strict=True))):
        found = " → ".join(map(repr, [*circle[:5], circle[0]]))
        rows = units.index[units["unit_id"].isin(circle)]
        problems.append(_units_problem("not be below itself", found, rows, "Correct one of these parents."))
    return problems


def _merge_problems(units: pd.DataFrame) -> list[Problem]:
    if "merged_into" not in units:
        return []
    merged = set(units.loc[units["merged_into"].notna(), "unit_id"])
    chained, below = units[units["merged_into"].isin(merged)], units[units["parent_id"].isin(merged)]
    ways_out = {"merged_into": "Name the unit that gets the figures.", "parent_id": "Give it another parent."}
    found = [
        ("merged_into", "be a unit that is not merged itself", chained),
        ("parent_id", "not be a merged unit", below),
    ]
    return [
        _units_problem(rule, repr(rows[column].iloc[0]), rows.index, ways_out[column], column)
        for column, rule, rows in found
        if len(rows)
    ]


def _units_problem(rule: str, found: str, rows: pd.Index, way_out: str, column: str = "parent_id") -> Problem:
    shown_rows = tuple(int(row) for row in rows[:MAX_ROWS_SHOWN])
    return Problem("units", column, rule, found, shown_rows, len(rows), way_out)


def _level_problems(units: pd.DataFrame, settings: Mapping[str, Any]) -> list[Problem]:
    levels = units["level"].dropna().unique().tolist()
    asked = {name: level for name, level in settings.items() if name.startswith("levels.")}
    return [
        Problem(SETTINGS_FILE, name, "be a level in units", repr(level), way_out=suggest(level, levels))
        for name, level in asked.items()
        if level not in levels
    ]


def _measure_problems(facts: Mapping[str, Facts], settings: Mapping[str, Any]) -> list[Problem]:
    given = frozenset().union(*(known.measures for known in facts.values()))
    outcomes = settings.get("measures.outcomes", [])
    parts = {name: [settings.get(name)] for name in ("measures.employee", "measures.customer", "measures.engagement")}
    asked = [
        (name, measure) for name, measures in (parts | {"measures.outcomes": outcomes}).items() for measure in measures
    ]
    rule = "be a measure that the tables give"
    return [
        Problem(SETTINGS_FILE, name, rule, repr(measure), way_out=suggest(measure, sorted(given)), severity="warning")
        for name, measure in asked
        if measure is not None and measure not in given
    ]


def _response_problems(answers: pd.DataFrame, invited: pd.DataFrame) -> list[Problem]:
    key = list(_KEPT["employee_answers"])
    if not set(key) <= set(answers) or not {*key, "n_invited"} <= set(invited):
        return []
    n = answers.groupby(key, observed=True).size().rename("n").reset_index()
    both = invited.rename_axis("row").reset_index().merge(n, on=key)
    more = both[both["n"] > both["n_invited"]]
    if more.empty:
        return []
    found = ", ".join(f"{row.n_invited:.0f} invited, {row.n} answers" for row in more.head(1).itertuples())
    rows = tuple(more["row"].head(MAX_ROWS_SHOWN).tolist())
    rule, way_out = "be at least the number of answers", "Such response rates are above 100 %."
    return [Problem("invited", "n_invited", rule, found, rows, len(more), way_out, severity="warning")]
