"""Exact linear algebra on groups: who can be told from whom, in whole numbers of any size.

A *row* is one combination of groups, as position -> coefficient without zeros. A *cell* is a set of atoms that are in
exactly the same groups: no combination of groups tells them apart. A *component* is a set of groups linked by cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Row = dict[int, int]
Pivots = list[tuple[int, Row]]
RIGHT = -1  # position of the right-hand side in an equation of `needed`


@dataclass(frozen=True)
class Component:
    """Groups that share cells with each other and with no other group.

    Attributes
    ----------
    groups : tuple of tuples of int
        Positions of the groups, equal ones together.
    atoms : tuple of tuples of int
        Positions of the atoms of each cell; none is empty.
    n : tuple of int
        Answers of each cell.
    rows : tuple of sets of int
        Cells of each distinct group.
    """

    groups: tuple[tuple[int, ...], ...]
    atoms: tuple[tuple[int, ...], ...]
    n: tuple[int, ...]
    rows: tuple[frozenset[int], ...]


def checked(groups: np.ndarray, counts: np.ndarray, min_group: int) -> tuple[np.ndarray, np.ndarray]:
    """Give `groups` and whole-number `counts` back, or refuse what no audit can be made of.

    Raises
    ------
    ValueError
        When `groups` is no table of true and false with a column per atom, a count is no whole number of 0 or more, or
        `min_group` is below 2, where no set could be too small.
    """
    groups, counts = np.asarray(groups), np.asarray(counts)
    if groups.dtype != bool or groups.ndim != 2:
        raise ValueError(f"groups must be a table of true and false; found {groups.ndim} dimensions of {groups.dtype}.")
    if counts.shape != groups.shape[1:]:
        raise ValueError(f"counts must have one value per atom, {groups.shape[1]}; found the shape {counts.shape}.")
    wrong = ~(np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts)))
    if wrong.any():
        raise ValueError(f"counts must be whole and not negative; found {counts[wrong][0]} at {wrong.argmax()}.")
    if min_group < 2:
        raise ValueError(f"min_group must be at least 2; found {min_group}.")
    return groups, counts.astype(np.int64)


def components(groups: np.ndarray, counts: np.ndarray) -> Iterator[Component]:
    """Merge atoms into cells and equal groups into one, and split what is not linked.

    Parameters
    ----------
    groups : array of bool, shape (n_groups, n_atoms)
    counts : array of int, shape (n_atoms,)
        Answers of each atom; empty atoms count in no group, and atoms in no group are left out.
    """
    held = np.flatnonzero((counts > 0) & groups.any(axis=0))
    same_groups = [one for one in _alike(groups[:, held]) if groups[one[0], held].any()]
    if not same_groups:
        return
    distinct = groups[np.ix_([one[0] for one in same_groups], held)]
    cells = [held[one] for one in _alike(distinct.T)]
    members = sparse.csr_array(groups[np.ix_([one[0] for one in same_groups], [cell[0] for cell in cells])])
    n_parts, part = connected_components(sparse.block_array([[None, members], [members.T, None]]), directed=False)
    for own in _positions(part, n_parts):
        first = np.searchsorted(own, len(same_groups))
        at = {int(cell): place for place, cell in enumerate(own[first:] - len(same_groups))}
        atoms = tuple(tuple(cells[cell].tolist()) for cell in at)
        yield Component(
            groups=tuple(tuple(same_groups[group].tolist()) for group in own[:first]),
            atoms=atoms,
            n=tuple(sum(int(counts[atom]) for atom in cell) for cell in atoms),
            rows=tuple(frozenset(at[int(cell)] for cell in _cells_of(members, group)) for group in own[:first]),
        )


def eliminate(rows: Iterable[Row], columns: Collection[int]) -> tuple[Pivots, list[Row]]:
    """Gaussian elimination: the rows that had a pivot in `columns`, in order, and the rows left, zero in all of them.

    The rarest column goes first and the shortest row is its pivot, which keeps the rows short; where a column is in one
    row only, that row is taken out at no cost.
    """
    left = {place: row for place, row in enumerate(rows) if row}
    users: dict[int, set[int]] = {column: set() for column in columns}
    for place, row in left.items():
        _enter(users, row, place)
    pivots = []
    while users:
        column = min(users, key=lambda one: (len(users[one]) or len(left) + 1, one))
        if not users[column]:
            break
        chosen = min(users[column], key=lambda place: (len(left[place]), place))
        pivot = left.pop(chosen)
        _leave(users, pivot, chosen)
        for place in sorted(users.pop(column)):
            _leave(users, left[place], place)
            left[place] = cancelled(left[place], pivot, column)
            _enter(users, left[place], place)
        pivots.append((column, pivot))
    return pivots, [row for row in left.values() if row]


def solved(pivots: Pivots) -> dict[int, Row]:
    """Clear every pivot column out of the other rows (Gauss-Jordan), by pivot column."""
    done: dict[int, Row] = {}
    for column, row in reversed(pivots):
        for other in done.keys() & row.keys():
            row = cancelled(row, done[other], other)
        done[column] = row
    return done


def cancelled(row: Row, pivot: Row, column: int) -> Row:
    """Take the pivot row from `row` so that `column` vanishes, without fractions and in lowest terms."""
    common = gcd(row[column], pivot[column])
    keep, take = pivot[column] // common, row[column] // common
    mixed = {place: keep * row.get(place, 0) - take * pivot.get(place, 0) for place in row.keys() | pivot.keys()}
    divisor = gcd(*mixed.values()) or 1
    return {place: value // divisor for place, value in mixed.items() if value}


def spans(basis: dict[int, Row], cells: Collection[int]) -> bool:
    """Whether a combination of the rows of `basis`, as `solved` gives it, holds exactly `cells`, each once."""
    sums: dict[int, Fraction] = dict.fromkeys(cells, Fraction(-1))
    for pivot in basis.keys() & set(cells):
        for cell, value in basis[pivot].items():
            sums[cell] = sums.get(cell, Fraction(0)) + Fraction(value, basis[pivot][pivot])
    return not any(sums.values())


def needed(rows: Sequence[Collection[int]], cells: Collection[int]) -> list[int] | None:
    """Positions of the groups whose figures, added and taken away, leave exactly `cells`; None when none do.

    Parameters
    ----------
    rows : sequence of sets of int
        Cells of each group.
    cells : set of int
        The set to derive.

    Returns
    -------
    list of int, or None
        Without any one of them the others no longer derive the set.
    """
    equations: dict[int, Row] = {cell: {RIGHT: 1} for cell in cells}
    for group, row in enumerate(rows):
        for cell in row:
            equations.setdefault(cell, {})[group] = 1
    pivots, left = eliminate(equations.values(), range(len(rows)))
    if left:
        return None
    found: dict[int, Fraction] = {}
    for group, row in reversed(pivots):
        known = sum(row[other] * found[other] for other in row.keys() & found.keys())
        found[group] = Fraction(row.get(RIGHT, 0) - known, row[group])
    return sorted(group for group, value in found.items() if value)


def _enter(users: dict[int, set[int]], row: Row, place: int) -> None:
    for column in row.keys() & users.keys():
        users[column].add(place)


def _leave(users: dict[int, set[int]], row: Row, place: int) -> None:
    for column in row.keys() & users.keys():
        users[column].discard(place)


def _alike(table: np.ndarray) -> list[np.ndarray]:
    alike: dict[bytes, list[int]] = {}
    for place, row in enumerate(np.packbits(table, axis=1)):
        alike.setdefault(row.tobytes(), []).append(place)
    return [np.array(places) for places in alike.values()]


def _positions(labels: np.ndarray, n_labels: int) -> list[np.ndarray]:
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.searchsorted(labels[order], np.arange(1, n_labels))) if n_labels else []


def _cells_of(members: sparse.csr_array, group: int) -> np.ndarray:
    return members.indices[members.indptr[group] : members.indptr[group + 1]]
