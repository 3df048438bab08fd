"""The tree of units: who belongs to whom.

The *root* is the whole organisation (no parent); a *level* is a kind of unit (country, team), which need not be
the same number of steps from the root everywhere; a *subtree* is a unit with everything below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from helpers.datasets.problems import suggest


class Hierarchy:
    """The tree that `units` describes.

    Parameters
    ----------
    units : DataFrame, one row per unit
        ``unit_id``, ``name``, ``parent_id`` (missing for the root), ``level``, optional ``organisation`` and
        ``merged_into``: the unit as part of which a small one is reported. Merged units are no units of the tree.

    Raises
    ------
    ValueError
        For no root or several, a parent that is no unit, a cycle, or units merged into what is no unit of the tree.
    """

    def __init__(self, units: pd.DataFrame) -> None:
        units, self.merged = _merged_away(units)
        self.units = units
        ids = units["unit_id"].tolist()
        parents = units["parent_id"].where(units["parent_id"].notna(), "").tolist()
        self._parent = dict(zip(ids, parents, strict=True))
        self._name = dict(zip(ids, units["name"].tolist(), strict=True))
        self._level = dict(zip(ids, units["level"].tolist(), strict=True))
        self._children: dict[str, list[str]] = {unit_id: [] for unit_id in ids}
        for unit_id, parent in self._parent.items():
            self._children.setdefault(parent, []).append(unit_id)
        self.root = self._find_root()

    def children(self, unit_id: str) -> list[str]:
        """List the units directly below, in the order of the table."""
        return list(self._children[self._known(unit_id)])

    def subtree(self, unit_id: str) -> list[str]:
        """List the unit and all below it, depth first."""
        found, waiting = [], [self._known(unit_id)]
        while waiting:
            unit = waiting.pop()
            found.append(unit)
            waiting.extend(reversed(self._children[unit]))
        return found

    def path(self, unit_id: str) -> list[str]:
        """List the units from the root down to the unit, both included."""
        return _path(self._known(unit_id), self._parent)

    def at_level(self, level: str, below: str | None = None) -> list[str]:
        """List the units of a level, depth first.

        Parameters
        ----------
        level : str
            One of `levels`.
        below : str, optional
            Only in the subtree of this unit (itself included); else everywhere.

        Raises
        ------
        ValueError
            For a level or unit that is not in the hierarchy.
        """
        if level not in self.levels:
            raise ValueError(
                f"level must be one of {', '.join(self.levels)}; found {level!r}. Name another one, as a parameter or "
                "under [levels] in dataset.toml."
            )
        return [unit for unit in self.subtree(below or self.root) if self._level[unit] == level]

    def name(self, unit_id: str) -> str:
        """Give the name of a unit."""
        return self._name[self._known(unit_id)]

    def level(self, unit_id: str) -> str:
        """Give the level of a unit."""
        return self._level[self._known(unit_id)]

    def organisation(self, unit_id: str) -> str:
        """Give the organisation of a unit: its column, else the nearest unit of that level upwards, else the root."""
        given = self._organisation.get(self._known(unit_id))
        above = (unit for unit in reversed(self.path(unit_id)) if self._level[unit] == "organisation")
        return given or next(above, self.root)

    @cached_property
    def levels(self) -> list[str]:
        """The levels from top to bottom, by their mean number of steps from the root."""
        depths = pd.DataFrame({"level": self._level.values(), "depth": [len(self.path(unit)) for unit in self._level]})
        return depths.groupby("level", sort=False)["depth"].mean().sort_values(kind="stable").index.tolist()

    @cached_property
    def closure(self) -> pd.DataFrame:
        """Every unit with each of its ancestors and itself: columns ``ancestor_id``, ``unit_id``.

        A merged unit stands below the one it is reported with.
        """
        below = {unit: unit for unit in self._parent} | self.merged
        pairs = [(ancestor, unit) for unit, within in below.items() for ancestor in self.path(within)]
        return pd.DataFrame(pairs, columns=["ancestor_id", "unit_id"], dtype="str")

    def __len__(self) -> int:
        return len(self._parent)

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._parent

    @cached_property
    def _organisation(self) -> dict[str, str]:
        if "organisation" not in self.units:
            return {}
        known = self.units[self.units["organisation"].notna()]
        return dict(zip(known["unit_id"].tolist(), known["organisation"].tolist(), strict=True))

    def _known(self, unit_id: str) -> str:
        if unit_id in self.merged:
            raise ValueError(
                f"unit_id must be a unit with figures of its own; found {unit_id!r}, which is reported as part of "
                f"{self.merged[unit_id]!r}. Ask for that one."
            )
        if unit_id not in self._parent:
            raise ValueError(
                f"unit_id must be a unit; found {unit_id!r}. {suggest(str(unit_id), self._parent)}".strip()
            )
        return unit_id

    def _find_root(self) -> str:
        roots = self._children.pop("", [])
        if len(roots) != 1:
            found = ", ".join(roots[:5]) or "none"
            raise ValueError(f"units must have exactly one root, a unit without parent_id; found {found}.")
        unknown = [parent for parent in self._children if parent not in self._parent]
        if unknown:
            raise ValueError(
                f"parent_id must be a unit; found {unknown[0]!r}. {suggest(unknown[0], self._parent)}".strip()
            )
        circles = cycles(self._parent)
        if circles:
            raise ValueError(f"units must form a tree; found a cycle through {', '.join(circles[0][:5])}.")
        return roots[0]


def cycles(parent: Mapping[str, str]) -> list[list[str]]:
    """List the cycles: units that are their own ancestors, from child to parent.

    Parameters
    ----------
    parent : mapping of str to str
        Parent of each unit; empty, or not a unit, where the way up ends.
    """
    settled: set[str] = set()
    found = []
    for unit in parent:
        walked: dict[str, None] = {}
        while unit in parent and unit not in settled and unit not in walked:
            walked[unit] = None
            unit = parent[unit]
        if unit in walked:
            way = list(walked)
            found.append(way[way.index(unit) :])
        settled.update(walked)
    return found


def _merged_away(units: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Split off the units that are reported as part of another one, and say of which."""
    if "merged_into" not in units or not units["merged_into"].notna().any():
        return units, {}
    gone = units[units["merged_into"].notna()]
    kept = units[units["merged_into"].isna()]
    merged = dict(zip(gone["unit_id"].tolist(), gone["merged_into"].tolist(), strict=True))
    lost = next((target for target in merged.values() if target not in set(kept["unit_id"])), None)
    if lost is not None:
        raise ValueError(
            f"merged_into must be a unit that is not merged itself; found {lost!r}. {suggest(lost, kept['unit_id'])}"
        )
    orphans = kept[kept["parent_id"].isin(merged)]
    if len(orphans):
        raise ValueError(
            f"a merged unit must have no units below it; found {orphans['unit_id'].iloc[0]!r} below "
            f"{orphans['parent_id'].iloc[0]!r}. Give it another parent_id."
        )
    return kept, merged


def _path(unit_id: str, parent: Mapping[str, str]) -> list[str]:
    way = [unit_id]
    while parent[way[-1]]:
        way.append(parent[way[-1]])
    return way[::-1]
