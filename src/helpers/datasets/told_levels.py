"""Which units may tell a table of counts of people, so that no small group is told, alone or by subtraction.

A *cell* is a group of people within a unit, such as promoters who named one reason. From below upwards: a unit is
*told* where its cells are safe, and so is what is left of them after the topmost told units below. Where it is not, it
is the unit that keeps silent, and not those below. `told_counts` asks this of one unit, `told_units` of all at once.

Cells may be told finer or coarser, each coarser level a merger of cells of the finer one. Where a unit that is told
finely is told coarsely too, adding and subtracting over units and levels gives nothing but sums of what is left over
at one level, so that each level may be asked for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import Answers
from helpers.datasets.families import CUSTOMERS
from helpers.release.table import unit_tree
from helpers.release.tree import remainders

IsSafe = Callable[[np.ndarray], np.ndarray]


def told_units(
    answers: Answers, cells: pd.Series, *, is_safe: IsSafe, among: Collection[str] | None = None
) -> set[str]:
    """Find the units that may tell their cells.

    Parameters
    ----------
    answers : Answers
        Of customers of the whole organisation, in one period.
    cells : Series of category, shape (answers,)
        The cell of each answer; answers without one are in none.
    is_safe : callable
        Tells of counts, shape (units, categories), which units' are, shape (units,).
    among : collection of str, optional
        Units told at the next coarser level: no others are told here.

    Returns
    -------
    set of str
        Of the units whose customers' figures are shown; all units where the source published the figures.
    """
    dataset, (period,) = answers.dataset, answers.periods
    tree = unit_tree(dataset.hierarchy.units)
    if dataset.mask is None:
        return set(tree.unit_ids)
    frame = dataset.mask.frame
    shown = frame["unit_id"][(frame["family"] == CUSTOMERS) & (frame["period"] == period) & (frame["hidden_by"] == "")]
    may = np.isin(tree.unit_ids, list(shown if among is None else set(shown) & set(among)))
    left = np.zeros((len(tree), len(cells.cat.categories)))
    known = cells.notna().to_numpy()
    place = answers.frame.loc[known, "unit_id"].map(tree.position).to_numpy()
    np.add.at(left, (place, cells.cat.codes.to_numpy()[known]), 1.0)
    total = remainders(tree, left, np.ones(left.shape, dtype=bool))
    may &= is_safe(total)
    told = np.zeros(len(tree), dtype=bool)
    for units in tree.bottom_up:
        told[units] = may[units] & is_safe(left[units])
        below = units[tree.parent[units] >= 0]
        np.add.at(left, tree.parent[below], np.where(told[below][:, None], 0.0, left[below]))
    return {unit for unit, is_told in zip(tree.unit_ids, told, strict=True) if is_told}


def none_or_enough(least: int) -> IsSafe:
    """Ask of each cell that it holds nobody, or at least so many people."""
    return lambda counts: ((counts == 0) | (counts >= least)).all(axis=1)
