"""What an attacker can infer about the size of a hidden atom from the exact sizes of the published groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from helpers.release.row_space import Component, checked, components

COLUMNS = ["atom", "n", "low", "high", "width"]
# HiGHS fulfils its equations within 1e-7; bounds this near to a whole number of answers are that number.
WHOLE = 1e-5


def count_intervals(groups: np.ndarray, counts: np.ndarray, *, min_group: int) -> pd.DataFrame:
    """Bound the count of each atom that is too small to show, as an attacker can.

    A group must be refused when `width` of an atom in it is below `min_group`: its count is then all but told.

    Parameters
    ----------
    groups : array of bool, shape (n_groups, n_atoms)
        Which atoms each published group holds.
    counts : array of int, shape (n_atoms,)
        Answers of each atom.
    min_group : int
        Fewest answers a figure may rest on.

    Returns
    -------
    DataFrame, one row per atom with 0 < n < `min_group`, in answers
        ``atom`` (position), ``n``, ``low``, ``high``, ``width`` = high − low. An atom in no group has no upper bound:
        ``high`` and ``width`` are infinite.

    Raises
    ------
    ValueError
        For input that cannot be audited, and when a bound cannot be computed: nothing may be released then.

    Notes
    -----
    Minimum and maximum of one count over all counts ≥ 0 that give every group its exact n, by linear programming,
    rounded inwards to whole answers. Atoms without answers are taken as known to be empty, which narrows the bounds.

    References
    ----------
    A. Hundepool et al. (2012), *Statistical Disclosure Control*, chapter 4.
    """
    groups, counts = checked(groups, counts, min_group)
    sensitive = np.flatnonzero((counts > 0) & (counts < min_group))
    limits = {int(atom): (0.0, np.inf) for atom in sensitive}
    for part in components(groups, counts):
        for cell, atoms in enumerate(part.atoms):
            inside = [atom for atom in atoms if atom in limits]
            if inside:
                low, high = _cell_limits(part, cell)
                # Atoms that cannot be told apart can each be empty.
                limits |= dict.fromkeys(inside, (low if len(atoms) == 1 else 0.0, high))
    frame = pd.DataFrame([(atom, counts[atom], *limits[atom]) for atom in limits], columns=COLUMNS[:-1])
    frame = frame.astype({"atom": "int64", "n": "int64", "low": "float64", "high": "float64"})
    return frame.assign(width=frame["high"] - frame["low"])


def _cell_limits(part: Component, cell: int) -> tuple[float, float]:
    if len(part.n) == 1:
        return float(part.n[0]), float(part.n[0])
    places = [(row, one) for row, cells in enumerate(part.rows) for one in cells]
    table = sparse.csr_array((np.ones(len(places)), tuple(np.transpose(places))), shape=(len(part.rows), len(part.n)))
    sizes = table @ np.array(part.n)
    cost = np.zeros(len(part.n))
    cost[cell] = 1
    low, high = (sign * _least(sign * cost, table, sizes) for sign in (1, -1))
    return float(np.ceil(low - WHOLE)), float(np.floor(high + WHOLE))


def _least(cost: np.ndarray, table: sparse.csr_array, sizes: np.ndarray) -> float:
    answer = linprog(cost, A_eq=table, b_eq=sizes, bounds=(0, None), method="highs")
    if not answer.success:
        raise ValueError(
            f"each hidden count must have bounds; found '{answer.message}' for {len(sizes)} linked groups. "
            "Publish fewer groups that cross."
        )
    return answer.fun
