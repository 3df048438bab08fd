"""What must be hidden above a unit so that its own figure, hidden though the group is large, does not follow."""

from __future__ import annotations

import numpy as np

from helpers.release.tree import Tree


def hide_above(tree: Tree, hidden: np.ndarray, *, at_least: int) -> np.ndarray:
    """Hide units whose remainder holds some, but fewer than `at_least`, of the units hidden below.

    Parameters
    ----------
    tree : Tree
    hidden : ndarray of bool, shape (units, columns)
        Units whose figure is not for the reader.
    at_least : int
        Hidden units in one remainder from which on their sum tells nothing of a single one.

    Returns
    -------
    ndarray of bool, shape (units, columns)
        Those given, and those above that would tell of them.
    """
    result, inside = hidden.copy(), hidden.astype(np.int64)
    for units in tree.bottom_up:
        telling = ~hidden[units] & (inside[units] > 0) & (inside[units] < at_least)
        result[units] |= telling
        has_parent = tree.parent[units] >= 0
        passed = np.where(result[units], inside[units], 0)[has_parent]
        np.add.at(inside, tree.parent[units][has_parent], passed)
    return result
