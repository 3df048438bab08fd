"""Which units may tell a table of counts of people, so that no small group is told, alone or by subtraction.

A *cell* is a group of people within a unit, such as promoters who named one reason. What is *left* of a unit are its
cells without those of the topmost told units below. From below upwards each unit is told whose own cells are safe.
Where what is left of it is not, units below it are silenced, the smallest that mend it first: larger units matter to
more readers. Silencing a unit adds what is left of it to what is left of the next told unit above, and no more.

Cells may be told finer or coarser, each coarser level a merger of cells of the finer one. Where a unit that is told
finely is told coarsely too, adding and subtracting over units and levels gives nothing but sums of what is left over
at one level, so that each level may be asked for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import Answers
from helpers.release.mask import Mask
from helpers.release.table import unit_tree
from helpers.release.tree import Tree, remainders

IsSafe = Callable[[np.ndarray], np.ndarray]


def told_units(
    answers: Answers,
    cells: pd.Series,
    *,
    is_safe: IsSafe,
    among: Collection[str] | None = None,
    mask: Mask | None = None,
) -> set[str]:
    """Find the units that may tell their cells.

    Parameters
    ----------
    answers : Answers
        Of the whole organisation, in one period.
    cells : Series of category, shape (answers,)
        The cell of each answer; answers without one are in none.
    is_safe : callable
        Tells of counts, shape (units, categories), which units' are, shape (units,).
    among : collection of str, optional
        Units told at the next coarser level: no others are told here.
    mask : Mask, optional
        In place of that of the dataset, while that is being made.

    Returns
    -------
    set of str
        Of the units whose figures of that side are shown; all units where the source published the figures.
    """
    dataset, (period,) = answers.dataset, answers.periods
    tree = unit_tree(dataset.hierarchy.units)
    if mask is None and dataset.mask is None:
        return set(tree.unit_ids)
    frame = (mask or dataset.mask).frame
    seen = (frame["family"] == answers.side) & (frame["period"] == period) & (frame["hidden_by"] == "")
    shown = set(frame.loc[seen, "unit_id"])
    may = np.isin(tree.unit_ids, list(shown if among is None else shown & set(among)))
    own = np.zeros((len(tree), len(cells.cat.categories)))
    known = cells.notna().to_numpy()
    place = answers.frame.loc[known, "unit_id"].map(tree.position).to_numpy()
    np.add.at(own, (place, cells.cat.codes.to_numpy()[known]), 1.0)
    told = _told(tree, own, may, is_safe)
    return {unit for unit, is_told in zip(tree.unit_ids, told, strict=True) if is_told}


def none_or_enough(least: int) -> IsSafe:
    """Ask of each cell that it holds nobody, or at least so many people."""
    return lambda counts: ((counts == 0) | (counts >= least)).all(axis=1)


def _told(tree: Tree, own: np.ndarray, may: np.ndarray, is_safe: IsSafe) -> np.ndarray:
    """Tell which units are told; see the head of the module."""
    total = remainders(tree, own, np.ones(own.shape, dtype=bool))
    told, left = may & is_safe(total), own.copy()
    for units in tree.bottom_up:
        for unit in units[told[units] & ~is_safe(left[units])]:
            _silence(tree, int(unit), told, left, total.sum(axis=1), is_safe)
        below = units[tree.parent[units] >= 0]
        np.add.at(left, tree.parent[below], np.where(told[below][:, None], 0.0, left[below]))
    return told


def _silence(tree: Tree, unit: int, told: np.ndarray, left: np.ndarray, size: np.ndarray, is_safe: IsSafe) -> None:
    """Silence units below one, the smallest that mend it or else the smallest, until what is left of it is safe.

    With none of them told all of the unit is left, which is safe.
    """
    while not is_safe(left[[unit]])[0]:
        below = np.array(_topmost(tree, unit, told))
        mending = below[is_safe(left[unit] + left[below])]
        choice = mending if len(mending) else below
        silent = choice[size[choice].argmin()]
        told[silent] = False
        left[unit] += left[silent]


def _topmost(tree: Tree, unit: int, told: np.ndarray) -> list[int]:
    found, waiting = [], list(tree.children[unit])
    while waiting:
        one = waiting.pop()
        if told[one]:
            found.append(int(one))
        else:
            waiting.extend(tree.children[one])
    return sorted(found)
