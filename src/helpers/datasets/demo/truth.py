"""What is true in the demo company: parameters read from TOML, checked, and never changed.

A *section* is one table of the file; an *effect* is a link that a notebook looks for; in `demo-null` every effect is
zero.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

DATASETS = ("demo", "demo-null")
# Fewer waves would leave no period with every lag, fewer business units none to take over a dissolved one.
AT_LEAST = {
    "company.waves": 4,
    "company.business_units": 3,
    "company.teams": 1,
    "company.headcount_low": 1,
    "absence.dispersion": 0.01,
    "exits.rate": 0.001,
}
# Lists that may grow or shrink: the others have one number per place.
ANY_LENGTH = ("effects.lag", "company.reorganised")


class Section(Mapping[str, Any]):
    """Parameters of one table of the truth, read as ``section.name`` or ``section["name"]``; not to be changed."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_values", {key: _frozen(value) for key, value in values.items()})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(f"the truth has no {name!r} here; it has {', '.join(self._values)}")
        return self._values[name]

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"the truth must not change; found an attempt to set {name!r}. Load another truth file.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Section({self._values})"

    def __reduce__(self) -> tuple[type[Section], tuple[dict[str, Any]]]:
        return Section, (self._values,)


@dataclass(frozen=True)
class Truth:
    """All parameters of a demo company, one `Section` per table of ``truth.toml``, which says what each means."""

    title: str
    company: Section
    enps: Section
    nps: Section
    employees: Section
    response: Section
    customers: Section
    outcomes: Section
    growth: Section
    absence: Section
    exits: Section
    actions: Section
    effects: Section

    def without_effects(self) -> Truth:
        """Give the same company with every effect zero; shocks, quirks and the rest stay."""
        return replace(self, title=f"{self.title}, no effect", effects=_zeroed(self.effects))

    @property
    def burn_in(self) -> int:
        """How many waves before the first are simulated, so that every lag exists in the first."""
        return max(3, len(self.effects.lag) - 1)

    @property
    def periods(self) -> list[str]:
        """Ids of the waves, oldest first."""
        return [str(self.company.first_year + wave) for wave in range(self.company.waves)]


def load_truth(name: str = "demo", file: Path | None = None) -> Truth:
    """Load the truth of a demo dataset, with the values of a file in the place of its own.

    Parameters
    ----------
    name : {"demo", "demo-null"}
        Which truth to start from.
    file : Path, optional
        TOML with any part of ``truth.toml``; what it does not name keeps its value.

    Returns
    -------
    Truth

    Raises
    ------
    ValueError
        For an unknown name or key, or a value of another type than the one it replaces.
    """
    if name not in DATASETS:
        raise ValueError(f"name must be one of {', '.join(DATASETS)}; found {name!r}.")
    values = tomllib.loads(files(__package__).joinpath("truth.toml").read_text("utf-8"))
    truth = _truth(values)
    if name == "demo-null":
        truth = truth.without_effects()
    if file is None:
        return truth
    return _truth(_replaced(as_values(truth), tomllib.loads(Path(file).read_text("utf-8"))))


def as_values(truth: Truth | Section) -> dict[str, Any]:
    """Give the parameters as plain nested dictionaries, as they stand in TOML."""
    pairs = truth.items() if isinstance(truth, Section) else ((f.name, getattr(truth, f.name)) for f in fields(truth))
    return {key: as_values(value) if isinstance(value, Section) else value for key, value in pairs}


def _truth(values: Mapping[str, Any]) -> Truth:
    return Truth(**{key: _frozen(value) for key, value in values.items()})


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Section(value)
    return tuple(value) if isinstance(value, list) else value


def _zeroed(value: Any) -> Any:
    if isinstance(value, Section):
        return Section({key: _zeroed(part) for key, part in value.items()})
    return tuple(0.0 for _ in value) if isinstance(value, tuple) else 0.0


def _replaced(values: Mapping[str, Any], new: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    result = dict(values)
    for key, value in new.items():
        if key not in values:
            near = difflib.get_close_matches(key, values, n=3) or list(values)
            raise ValueError(f"truth must use known keys; found {path + key!r}. Near: {', '.join(near)}.")
        result[key] = _replacement(values[key], value, path + key)
    return result


def _replacement(old: Any, new: Any, path: str) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return _replaced(old, new, f"{path}.")
    if _kind(old) != _kind(new) and (_kind(old), _kind(new)) != ("number", "whole number"):
        raise ValueError(f"{path} must be a {_kind(old)}; found {new!r} in the truth.")
    if isinstance(old, tuple):
        if len(old) != len(new) and path not in ANY_LENGTH:
            raise ValueError(f"{path} must hold {len(old)} values; found {len(new)} in the truth.")
        return [_replacement(old[0], part, path) for part in new]
    low = AT_LEAST.get(path, 0 if path.rpartition(".")[2].startswith("sd_") else -float("inf"))
    if "number" in _kind(old) and not low <= new < float("inf"):
        raise ValueError(f"{path} must be finite and at least {low}; found {new} in the truth.")
    return new


def _kind(value: Any) -> str:
    kinds = {bool: "yes or no", int: "whole number", float: "number", str: "text", list: "list", tuple: "list"}
    return kinds.get(type(value), "table")
