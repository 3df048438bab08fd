"""A tree of units as positions, walked one level at a time, so that all periods and measures are walked at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

# Takes in the rounding of sums of headcounts.
_ROUNDING = 1e-6


class Tree:
    """Units by position, each below its parent.

    Parameters
    ----------
    unit_ids : sequence of str
    parent_ids : sequence of str
        Of the unit at the same position; empty for a root.

    Raises
    ------
    ValueError
        For a unit twice, a parent that is no unit, or units that are their own ancestors.
    """

    def __init__(self, unit_ids: Sequence[str], parent_ids: Sequence[str]) -> None:
        self.unit_ids = list(unit_ids)
        self.position = {unit_id: place for place, unit_id in enumerate(self.unit_ids)}
        if len(self.position) < len(self.unit_ids):
            raise ValueError("unit_id must occur once in units; found one twice.")
        unknown = [parent for parent in parent_ids if parent and parent not in self.position]
        if unknown:
            raise ValueError(f"parent_id must be a unit; found {unknown[0]!r}.")
        self.parent = np.array([self.position[parent] if parent else -1 for parent in parent_ids], dtype=np.int64)
        self.depth = self._depths()

    def __len__(self) -> int:
        return len(self.unit_ids)

    @cached_property
    def bottom_up(self) -> list[np.ndarray]:
        """Positions of the units of each depth, the deepest first."""
        return [np.flatnonzero(self.depth == depth) for depth in range(self.depth.max(initial=-1), -1, -1)]

    @cached_property
    def children(self) -> list[np.ndarray]:
        """Positions of the units directly below each unit."""
        order = np.argsort(self.parent, kind="stable")
        starts = np.searchsorted(self.parent[order], np.arange(-1, len(self) + 1))
        return [order[starts[unit + 1] : starts[unit + 2]] for unit in range(len(self))]

    def levels_up(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Give the units of each depth that have a parent, the deepest first, with their parents."""
        for units in self.bottom_up:
            below = units[self.parent[units] >= 0]
            if len(below):
                yield below, self.parent[below]

    def _depths(self) -> np.ndarray:
        depth, above = np.zeros(len(self), dtype=np.int64), self.parent.copy()
        for _ in range(len(self)):
            going = above >= 0
            if not going.any():
                return depth
            depth[going] += 1
            above[going] = self.parent[above[going]]
        raise ValueError("units must form a tree; found some that are their own ancestors.")


def own_counts(tree: Tree, n: np.ndarray) -> np.ndarray:
    """Count the answers given in a unit itself: its own, without those of the units below.

    Parameters
    ----------
    tree : Tree
    n : ndarray, shape (units, ...)
        Answers of each unit with all below it; NaN where not known.

    Returns
    -------
    ndarray, shape (units, ...)
        Whole and never below zero. Where a unit is not known, its answers count among its parent's own. A fraction of
        an answer counts for none, unless it is all there is: that is somebody.
    """
    own = np.maximum(own_sums(tree, n), 0.0)
    return np.where((own > _ROUNDING) & (own < 1), 1.0, np.floor(own + _ROUNDING))


def own_sums(tree: Tree, totals: np.ndarray) -> np.ndarray:
    """Take from each unit's sum those of the units below it.

    Parameters
    ----------
    tree : Tree
    totals : ndarray, shape (units, ...)
        NaN where not known.

    Returns
    -------
    ndarray, shape (units, ...)
        0 where a unit is not known: its parent's own sum then holds it.
    """
    below = np.zeros_like(totals, dtype=float)
    for units, parents in tree.levels_up():
        np.add.at(below, parents, np.where(np.isnan(totals[units]), below[units], totals[units]))
    return np.nan_to_num(totals - below, nan=0.0)


def remainders(tree: Tree, own: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Count the answers of each unit without its topmost released descendants.

    Parameters
    ----------
    tree : Tree
    own : ndarray, shape (units, ...)
        See `own_counts`.
    hidden : ndarray of bool, shape (units, ...)

    Returns
    -------
    ndarray, shape (units, ...)
        For a released unit: the group that whoever subtracts all released figures is left with.
    """
    left = own.astype(float, copy=True)
    for below, parents in tree.levels_up():
        np.add.at(left, parents, np.where(hidden[below], left[below], 0.0))
    return left
