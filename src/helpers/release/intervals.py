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


def count_intervals(
    groups: np.ndarray, counts: np.ndarray, *, min_group: int, only_narrow: bool = False
) -> pd.DataFrame:
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
    only_narrow : bool
        Leave out atoms whose `width` is at least `min_group`, which is often seen at once.

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
        inside = {cell: [atom for atom in atoms if atom in limits] for cell, atoms in enumerate(part.atoms)}
        cells = [cell for cell, atoms in inside.items() if atoms]
        found = _cell_limits(part, cells, min_group if only_narrow else None)
        limits |= {atom: bounds for cell, bounds in found.items() for atom in inside[cell]}
    frame = pd.DataFrame([(atom, counts[atom], *limits[atom]) for atom in limits], columns=COLUMNS[:-1])
    frame = frame.astype({"atom": "int64", "n": "int64", "low": "float64", "high": "float64"})
    frame = frame.assign(width=frame["high"] - frame["low"])
    return frame[frame["width"] < min_group].reset_index(drop=True) if only_narrow else frame


def _cell_limits(part: Component, cells: list[int], enough: int | None) -> dict[int, tuple[float, float]]:
    """Bounds of single cells; with `enough`, any two solutions that lie so far apart will do."""
    n = np.array(part.n, dtype=float)
    if len(n) == 1:
        return {cell: _seen(part, cell, n[cell], n[cell]) for cell in cells}
    places = [(row, one) for row, inside in enumerate(part.rows) for one in inside]
    table = sparse.csr_array((np.ones(len(places)), tuple(np.transpose(places))), shape=(len(part.rows), len(n)))
    low, high, found = n, n, {}
    for cell in cells:
        found[cell] = _seen(part, cell, low[cell], high[cell])
        if enough is not None and found[cell][1] - found[cell][0] >= enough:
            continue
        least, most = (_extreme(table, n, cell, sign) for sign in (1, -1))
        low, high = np.minimum(low, np.minimum(least, most)), np.maximum(high, np.maximum(least, most))
        found[cell] = _seen(part, cell, least[cell], most[cell])
    return found


def _seen(part: Component, cell: int, low: float, high: float) -> tuple[float, float]:
    # Atoms that cannot be told apart can each be empty.
    alone = len(part.atoms[cell]) == 1
    return float(np.ceil(low - WHOLE)) if alone else 0.0, float(np.floor(high + WHOLE))


def _extreme(table: sparse.csr_array, n: np.ndarray, cell: int, sign: int) -> np.ndarray:
    """All counts where that of one cell is least (`sign` 1) or greatest (−1)."""
    cost = np.zeros(len(n))
    cost[cell] = sign
    answer = linprog(cost, A_eq=table, b_eq=table @ n, bounds=(0, None), method="highs")
    if not answer.success:
        raise ValueError(
            f"each hidden count must have bounds; found '{answer.message}' for {table.shape[0]} linked groups. "
            "Publish fewer groups that cross."
        )
    return answer.x
