"""The keys of `dataset.toml`: what each must hold, and reading them as far as they are right."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.datasets.contract import TABLE_NAMES
from helpers.datasets.folders import SETTINGS_FILE
from helpers.datasets.periods import PERIOD_FORMS
from helpers.datasets.problems import Problem, suggest
from helpers.datasets.settings_text import read_settings
from helpers.release.table import MIN_GROUP_FLOOR

# Tables of which a row is one answer or one employment.
SINGLE_PEOPLE = ("employee_answers", "customer_answers", "employments")
# Results for leadership rest on ten answers or more unless a dataset chooses otherwise; the floor is the gate's.
DEFAULT_MIN_GROUP = 10


@dataclass(frozen=True)
class Key:
    """A key of `dataset.toml`: its meaning, its rule (read after "must"), a test of it, its value when left out."""

    meaning: str
    rule: str
    holds: Callable[[Any], bool]
    default: Any = None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_above_zero(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < math.inf


def _is_large_enough(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= MIN_GROUP_FLOOR


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(one) for one in value)


def _are_listed(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(one) for one in value)


def _are_files(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and set(one) == {"name", "sha256"} and all(map(_is_text, one.values())) for one in value
    )


def _text(meaning: str) -> Key:
    return Key(meaning, "be a text", _is_text)


def _note(meaning: str) -> Key:
    return Key(meaning, "be a text", lambda value: isinstance(value, str), default="")


def _choice(meaning: str, *allowed: object, default: object = None) -> Key:
    rule = f"be one of {', '.join(str(one).lower() if isinstance(one, bool) else str(one) for one in allowed)}"
    return Key(meaning, rule, lambda value: any(value == one and type(value) is type(one) for one in allowed), default)


KEYS = {
    "title": _text("name of the organisation or survey, on every page"),
    "language": _choice("of the reports, unless they are asked for in another", "en", "nl"),
    "synthetic": _choice("made up, so that every page says SYNTHETIC", True, False),
    "source": _note("where the data come from"),
    "licence": _note("under which terms"),
    "periods_per_year": _choice("years, half-years, quarters or months", *PERIOD_FORMS),
    "min_group": Key(
        "fewest answers a figure may rest on",
        f"be a whole number of at least {MIN_GROUP_FLOOR}",
        _is_large_enough,
        DEFAULT_MIN_GROUP,
    ),
    "disclosure": _choice("`published`: released by a publisher already", "gate", "published", default="gate"),
    "measures.employee": _text("measure of the employees in the panel, e.g. enps"),
    "measures.customer": _text("measure of the customers in the panel, e.g. nps"),
    "measures.engagement": _text("measure that cuts units into quartiles"),
    "measures.outcomes": Key("measures compared between quartiles", "be a list of one or more texts", _are_texts),
    "levels.panel": _text("level of the units in the panel"),
    "levels.quartile": _text("level of the units cut into quartiles"),
    "levels.report": _text("level of the units that get a report"),
    "smallest_effect.value": Key("smallest effect that matters", "be a number above 0", _is_above_zero),
    "smallest_effect.unit": _choice("standard deviations or points of the measure", "sd", "points"),
    "redesigned": Key(
        "periods from which another questionnaire was used", "be a list of periods such as 2019", _are_listed, []
    ),
    "files": Key("the publisher's files", "be a list of tables with name and sha256", _are_files, []),
}
_SECTIONS = ("measures", "levels", "smallest_effect", "tables")


@dataclass(frozen=True)
class Draft:
    """What could be read of the settings: the `values` and `tables` that are right, and what is wrong with the rest."""

    values: Mapping[str, Any]
    tables: Mapping[str, Path]
    problems: tuple[Problem, ...]


def read_draft(folder: Path) -> Draft:
    """Read `dataset.toml` as far as it is right, so that one wrong key does not keep the tables from being checked.

    Raises
    ------
    DatasetError
        When it cannot be read at all, is too large or deep, or holds a secret or hidden signs.
    """
    given = _flat(read_settings(folder))
    problems = (
        *_key_problems(given),
        *_side_problems(given),
        *_period_problems(given),
        *_disclosure_problems(given),
        *_table_problems(given, folder),
    )
    wrong = {problem.column for problem in problems}
    defaults = {name: key.default for name, key in KEYS.items() if key.default is not None}
    values = {name: value for name, value in (defaults | given).items() if name in KEYS and name not in wrong}
    tables = section(given, "tables")
    right = {name: folder / tables[name] for name in TABLE_NAMES if name in tables and f"tables.{name}" not in wrong}
    return Draft(values, right, problems)


def _flat(raw: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in raw.items():
        inside = isinstance(value, dict) and name in _SECTIONS
        flat |= {f"{name}.{key}": one for key, one in value.items()} if inside else {name: value}
    return flat


def section(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Take the keys of one section out of dotted ones."""
    return {key.removeprefix(f"{name}."): value for key, value in values.items() if key.startswith(f"{name}.")}


def _key_problems(given: Mapping[str, Any]) -> list[Problem]:
    unknown = [name for name in given if name not in KEYS and not name.startswith("tables.")]
    missing = [name for name, key in KEYS.items() if name not in given and key.default is None]
    wrong = [name for name, key in KEYS.items() if name in given and not key.holds(given[name])]
    flat = [name for name in unknown if name in _SECTIONS]
    unknown = [name for name in unknown if name not in _SECTIONS]
    return [
        *(_problem(name, "be a section", repr(given[name]), f"Write [{name}] above its keys.") for name in flat),
        *(_problem(name, "be a known key", repr(name), suggest(name, [*KEYS, *_SECTIONS])) for name in unknown),
        *(_problem(name, KEYS[name].rule, "no such key", "Add it.") for name in missing),
        *(_problem(name, KEYS[name].rule, repr(given[name])) for name in wrong),
    ]


def _side_problems(given: Mapping[str, Any]) -> list[Problem]:
    employee, customer = (given.get(f"measures.{side}") for side in ("employee", "customer"))
    if employee is None or employee != customer:
        return []
    rule, way_out = "differ from measures.employee", "Name what customers said, such as nps."
    return [_problem("measures.customer", rule, repr(customer), way_out)]


def _period_problems(given: Mapping[str, Any]) -> list[Problem]:
    per_year, periods = given.get("periods_per_year"), given.get("redesigned")
    if not KEYS["periods_per_year"].holds(per_year) or not _are_listed(periods):
        return []
    words, form = PERIOD_FORMS[per_year]
    return [_problem("redesigned", f"hold periods, {words}", repr(one)) for one in periods if not form.fullmatch(one)]


def _disclosure_problems(given: Mapping[str, Any]) -> list[Problem]:
    """Single answers and employments were not published by anybody, so they must pass the gate."""
    single = [name for name in SINGLE_PEOPLE if f"tables.{name}" in given]
    if given.get("disclosure") != "published" or not single:
        return []
    rule, way_out = 'be "gate" where a table holds single people', 'Leave the table out, or write disclosure = "gate".'
    return [_problem("disclosure", rule, f"'published' beside {', '.join(single)}", way_out)]


def _table_problems(given: Mapping[str, Any], folder: Path) -> list[Problem]:
    tables = section(given, "tables")
    unknown = [name for name in tables if name not in TABLE_NAMES]
    outside = [name for name, path in tables.items() if name not in unknown and not _stays_inside(path, folder)]
    problems = [
        _problem(f"tables.{name}", "be a known table", repr(name), suggest(name, TABLE_NAMES)) for name in unknown
    ]
    rule = "be a path inside the folder of the dataset"
    problems += [_problem(f"tables.{name}", rule, repr(tables[name]), "Copy the file into it.") for name in outside]
    if "units" not in tables:
        problems.append(
            _problem("tables.units", "name the file with the units", "no such key", 'Add units = "units.csv".')
        )
    return problems


def _stays_inside(path: Any, folder: Path) -> bool:
    return _is_text(path) and path.isprintable() and (folder / path).resolve().is_relative_to(folder.resolve())


def _problem(column: str, rule: str, found: str, way_out: str = "") -> Problem:
    return Problem(SETTINGS_FILE, column, rule, found, way_out=way_out)
