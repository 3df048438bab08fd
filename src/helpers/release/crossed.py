"""Groups that are published together and form no tree: two crossed classifications, a reorganisation, filtered runs.

A set of atoms can be *derived* when its 0/1 vector lies in the row space of the groups: then sums and differences of
published figures give its figure. It is *small* when 0 < n < min_group. An attacker is taken to know who is in which
group, every figure exactly, and which atoms are empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np

from helpers.release.row_space import Row, checked, components, eliminate, needed, solved, spans
from helpers.release.small_sets import WAY_OUT, Cells, small_sets


@dataclass(frozen=True)
class Leak:
    """A small set that the published groups give away.

    Attributes
    ----------
    atoms : tuple of int
        Positions of its atoms, empty ones left out.
    n : int
        Its number of answers.
    groups : tuple of int
        Positions of the groups needed to derive it; none of them can be missed.
    """

    atoms: tuple[int, ...]
    n: int
    groups: tuple[int, ...]


def find_leaks(groups: np.ndarray, counts: np.ndarray, *, min_group: int, n_earlier: int = 0) -> list[Leak]:
    """Find sets of atoms with 0 < n < `min_group` that can be derived from the groups.

    Parameters
    ----------
    groups : array of bool, shape (n_groups, n_atoms)
        Which atoms each published group holds.
    counts : array of int, shape (n_atoms,)
        Answers of each atom.
    min_group : int
        Fewest answers a figure may rest on.
    n_earlier : int
        So many groups, the first, were published earlier. What they give away by themselves cannot be mended and is
        passed by.

    Returns
    -------
    list of Leak
        One at most of each linked part; empty only when no small set lies in the row space of the groups, but for those
        in the row space of the earlier ones.

    Raises
    ------
    ValueError
        For input that cannot be audited, and when the search cannot be brought to an end: nothing may be released then.

    Notes
    -----
    Row space, elimination and proof of each leak are exact, in whole numbers. Cells of `min_group` answers or more are
    eliminated first: what remains spans exactly the derivable vectors without them. The 0/1 vectors in it are searched
    exhaustively, or by branch and cut (HiGHS) on the same equations when that takes too long.

    References
    ----------
    A. Hundepool et al. (2012), *Statistical Disclosure Control*, chapter 4.
    """
    groups, counts = checked(groups, counts, min_group)
    leaks = []
    for part in components(groups, counts):
        old = [cells for cells, same in zip(part.rows, part.groups, strict=True) if same[0] < n_earlier]
        known = solved(eliminate((dict.fromkeys(cells, 1) for cells in old), range(len(part.n)))[0])
        for cells, rows in _leaks(part.rows, part.n, min_group, known):
            atoms = tuple(sorted(atom for cell in cells for atom in part.atoms[cell]))
            needs = tuple(sorted(part.groups[row][0] for row in rows))
            leaks.append(Leak(atoms, sum(part.n[cell] for cell in cells), needs))
    return leaks


def _leaks(
    rows: Sequence[Cells], n: Sequence[int], min_group: int, known: dict[int, Row]
) -> Iterator[tuple[Cells, list[int]]]:
    """Small sets outside the row space `known`, one at most from each linked part, with the rows that derive it."""
    for basis in _linked(_small_basis(rows, n, min_group)):
        cells = sorted(cell for cell in set().union(*basis.values()) if cell >= 0)
        equations = [_equation(basis, cell) for cell in cells if cell not in basis]
        for found in small_sets(equations, {cell: n[cell] for cell in cells}, min_group):
            if not spans(known, found):
                yield found, _proof(rows, basis, found)
                break


def _proof(rows: Sequence[Cells], basis: dict[int, Row], found: Cells) -> list[int]:
    used = sorted({-1 - place for pivot in basis.keys() & found for place in basis[pivot] if place < 0})
    places = needed([rows[row] for row in used], found)
    if places is None:
        raise ValueError(f"a leak must be derivable; found {len(found)} cells that are not. {WAY_OUT}")
    return [used[place] for place in places]


def _small_basis(rows: Sequence[Cells], n: Sequence[int], min_group: int) -> dict[int, Row]:
    """A basis of the derivable vectors that are zero in all large cells; row i of `rows` is marked by place −1 − i."""
    large = [cell for cell, size in enumerate(n) if size >= min_group]
    small = [cell for cell, size in enumerate(n) if size < min_group]
    marked = [dict.fromkeys(cells, 1) | {-1 - place: 1} for place, cells in enumerate(rows)]
    _, left = eliminate(marked, large)
    return solved(eliminate(left, small)[0])


def _linked(basis: dict[int, Row]) -> list[dict[int, Row]]:
    """Split a basis into parts that share no cell."""
    parts: list[tuple[set[int], dict[int, Row]]] = []
    for pivot, row in sorted(basis.items()):
        cells, own = {cell for cell in row if cell >= 0}, {pivot: row}
        apart = []
        for part in parts:
            if cells.isdisjoint(part[0]):
                apart.append(part)
            else:
                cells, own = cells | part[0], part[1] | own
        parts = [*apart, (cells, own)]
    return [own for _, own in parts]


def _equation(basis: dict[int, Row], cell: int) -> Row:
    # z = sum over pivots p of z_p * row_p / row_p[p], read at `cell` and freed of fractions.
    users = {pivot: row for pivot, row in basis.items() if cell in row}
    scale = lcm(*(row[pivot] for pivot, row in users.items()))
    return {pivot: row[cell] * scale // row[pivot] for pivot, row in users.items()} | {cell: -scale}
