"""What `dataset.toml` says: title, source, where the tables are, which measures and levels play which part."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from helpers.datasets.contract import TABLE_NAMES
from helpers.datasets.problems import DatasetError, Problem, suggest
from helpers.release.table import MIN_GROUP_FLOOR

SETTINGS_FILE = "dataset.toml"
# Results for leadership rest on ten answers or more unless a dataset chooses otherwise; the floor is the gate's.
DEFAULT_MIN_GROUP = 10


@dataclass(frozen=True)
class Measures:
    """The measures in their parts: `employee` and `customer` in the panel, `engagement` and `outcomes` in quartiles."""

    employee: str
    customer: str
    engagement: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Levels:
    """Which level of units the panel, the quartiles and the unit reports work on."""

    panel: str
    quartile: str
    report: str


@dataclass(frozen=True)
class SmallestEffect:
    """The smallest effect that matters: `value` in standard deviations (``"sd"``) or in points of the measure."""

    value: float
    unit: Literal["sd", "points"]


@dataclass(frozen=True)
class SourceFile:
    """A file of the publisher the dataset was made from, with its checksum."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Settings:
    """The settings of a dataset, checked; see `load_settings`.

    Parameters
    ----------
    title, source, licence : str
        For the reader of a report.
    language : {"en", "nl"}
    synthetic : bool
        Made up, so that every page says SYNTHETIC.
    periods_per_year : {1, 2, 4, 12}
    min_group : int
        Fewest answers a figure may rest on.
    disclosure : {"gate", "published"}
        ``"published"``: figures a publisher has already released, for which no n is needed.
    measures, levels, smallest_effect : Measures, Levels, SmallestEffect
    tables : mapping of str to Path
        Table name to its file, inside the folder of the dataset.
    files : tuple of SourceFile
    """

    title: str
    language: Literal["en", "nl"]
    synthetic: bool
    source: str
    licence: str
    periods_per_year: int
    min_group: int
    disclosure: Literal["gate", "published"]
    measures: Measures
    levels: Levels
    smallest_effect: SmallestEffect
    tables: Mapping[str, Path]
    files: tuple[SourceFile, ...]


@dataclass(frozen=True)
class _Key:
    rule: str
    holds: Callable[[Any], bool]
    default: Any = None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and isinstance(value, int)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(one) for one in value)


def _are_files(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and set(one) == {"name", "sha256"} and all(map(_is_text, one.values())) for one in value
    )


def _one_of(*allowed: object) -> _Key:
    return _Key(
        f"be one of {', '.join(map(str, allowed))}",
        lambda value: any(value == one and type(value) is type(one) for one in allowed),
    )


_TEXT = _Key("be a text", _is_text)
_MAY_BE_EMPTY = _Key("be a text", lambda value: isinstance(value, str), default="")
_KEYS = {
    "title": _TEXT,
    "language": _one_of("en", "nl"),
    "synthetic": _one_of(True, False),
    "source": _MAY_BE_EMPTY,
    "licence": _MAY_BE_EMPTY,
    "periods_per_year": _one_of(1, 2, 4, 12),
    "min_group": _Key(
        f"be a whole number of at least {MIN_GROUP_FLOOR}",
        lambda value: _is_whole(value) and value >= MIN_GROUP_FLOOR,
        default=DEFAULT_MIN_GROUP,
    ),
    "disclosure": _Key("be one of gate, published", lambda value: value in ("gate", "published"), default="gate"),
    "measures.employee": _TEXT,
    "measures.customer": _TEXT,
    "measures.engagement": _TEXT,
    "measures.outcomes": _Key("be a list of one or more measures", _are_texts),
    "levels.panel": _TEXT,
    "levels.quartile": _TEXT,
    "levels.report": _TEXT,
    "smallest_effect.value": _Key("be a number above 0", lambda value: _is_number(value) and value > 0),
    "smallest_effect.unit": _one_of("sd", "points"),
    "files": _Key("be a list of tables with name and sha256", _are_files, default=[]),
}
_SECTIONS = ("measures", "levels", "smallest_effect", "tables")


def load_settings(folder: str | Path) -> Settings:
    """Read and check `dataset.toml`.

    Parameters
    ----------
    folder : str or Path
        The folder of the dataset.

    Returns
    -------
    Settings

    Raises
    ------
    DatasetError
        A ValueError: no such file, broken TOML, or keys that are missing, unknown or wrong; `problems` lists them all.
    """
    draft = read_draft(Path(folder))
    if draft.problems:
        raise DatasetError(draft.problems)
    values = draft.values
    measures = _section(values, "measures")
    return Settings(
        **{name: value for name, value in values.items() if "." not in name and name != "files"},
        measures=Measures(**measures | {"outcomes": tuple(measures["outcomes"])}),
        levels=Levels(**_section(values, "levels")),
        smallest_effect=SmallestEffect(float(values["smallest_effect.value"]), values["smallest_effect.unit"]),
        tables=draft.tables,
        files=tuple(SourceFile(**file) for file in values["files"]),
    )


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
        When it cannot be read at all.
    """
    given = _flat(_read_toml(folder))
    problems = (*_key_problems(given), *_table_problems(given, folder))
    wrong = {problem.column for problem in problems}
    defaults = {name: key.default for name, key in _KEYS.items() if key.default is not None}
    values = {name: value for name, value in (defaults | given).items() if name in _KEYS and name not in wrong}
    tables = _section(given, "tables")
    right = {name: folder / tables[name] for name in TABLE_NAMES if name in tables and f"tables.{name}" not in wrong}
    return Draft(values, right, problems)


def _read_toml(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise _settings_error(
            "", "exist", "no such file", f"Write {SETTINGS_FILE} as data/README.md describes."
        ) from None
    except UnicodeDecodeError:
        raise _settings_error("", "be UTF-8 text", "another encoding", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise _settings_error("", "be valid TOML", str(error), "Texts stand in quotes, lists in [ ].") from None


def _flat(raw: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in raw.items():
        inside = isinstance(value, dict) and name in _SECTIONS
        flat |= {f"{name}.{key}": one for key, one in value.items()} if inside else {name: value}
    return flat


def _section(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key.removeprefix(f"{name}."): value for key, value in values.items() if key.startswith(f"{name}.")}


def _key_problems(given: Mapping[str, Any]) -> list[Problem]:
    unknown = [name for name in given if name not in _KEYS and not name.startswith("tables.")]
    missing = [name for name, key in _KEYS.items() if name not in given and key.default is None]
    wrong = [name for name, key in _KEYS.items() if name in given and not key.holds(given[name])]
    return [
        *(_problem(name, "be a known key", repr(name), suggest(name, [*_KEYS, *_SECTIONS])) for name in unknown),
        *(_problem(name, _KEYS[name].rule, "no such key", "Add it.") for name in missing),
        *(_problem(name, _KEYS[name].rule, repr(given[name])) for name in wrong),
    ]


def _table_problems(given: Mapping[str, Any], folder: Path) -> list[Problem]:
    tables = _section(given, "tables")
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
    return _is_text(path) and (folder / path).resolve().is_relative_to(folder.resolve())


def _problem(column: str, rule: str, found: str, way_out: str = "") -> Problem:
    return Problem(SETTINGS_FILE, column, rule, found, way_out=way_out)


def _settings_error(column: str, rule: str, found: str, way_out: str) -> DatasetError:
    return DatasetError([_problem(column, rule, found, way_out)])
