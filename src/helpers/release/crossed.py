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
from scipy.optimize import Bounds, LinearConstraint, milp

from helpers.release.intervals import count_intervals
from helpers.release.row_space import Component, Row, checked, components, eliminate, needed, solved, spans

__all__ = ["Leak", "count_intervals", "find_leak", "withheld"]

# The exact search of one component stops after so many steps, about a second, and leaves the rest to branch and cut.
MAX_STEPS = 20_000
# HiGHS takes an equation as held within 1e-6, so coefficients of this size still tell one answer from none.
MAX_COEFFICIENT = 10**5
MAX_SECONDS = 10.0
# The choice of what to withhold is improved so many times; each choice is safe, the last one has the fewest groups.
MAX_ROUNDS = 10
MAX_NODES = 1_000
# Old leaks that branch and cut passes by, one at a time, before it gives up.
MAX_OLD_LEAKS = 200
WAY_OUT = "Publish fewer groups that cross."

Cells = frozenset[int]


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


class _OutOfSteps(Exception):
    """The exact search did not end in time."""


def find_leak(groups: np.ndarray, counts: np.ndarray, *, min_group: int) -> Leak | None:
    """Find a set of atoms with 0 < n < `min_group` that can be derived from the groups.

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
    Leak or None
        The first found; None when no small set lies in the row space.

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
    for part in components(groups, counts):
        for cells, rows in _leaks(part.rows, part.n, min_group):
            return Leak(
                atoms=tuple(sorted(atom for cell in cells for atom in part.atoms[cell])),
                n=sum(part.n[cell] for cell in cells),
                groups=tuple(sorted(part.groups[row][0] for row in rows)),
            )
    return None


def withheld(groups: np.ndarray, counts: np.ndarray, *, min_group: int, earlier: np.ndarray) -> np.ndarray:
    """Choose the candidates to withhold so that the rest, with what was published earlier, derives no new small set.

    Parameters
    ----------
    groups : array of bool, shape (n_groups, n_atoms)
        Candidates for publication.
    counts : array of int, shape (n_atoms,)
        Answers of each atom.
    min_group : int
        Fewest answers a figure may rest on.
    earlier : array of bool, shape (n_earlier, n_atoms)
        Groups published before, which cannot be taken back.

    Returns
    -------
    array of bool, shape (n_groups,)
        True where withheld: few and small groups. A candidate that the earlier groups derive stays; so does one without
        answers, which tells nothing here.

    Raises
    ------
    ValueError
        As `find_leak`.

    Notes
    -----
    Small sets that `earlier` derives by itself are old and cannot be mended; a set is new when it lies outside the row
    space of `earlier`. A leak stays while all its groups stay, so those withheld must meet every leak. The smallest
    candidate of each leak goes first; then a minimum hitting set of all leaks seen replaces that choice, until it
    holds or the rounds are over.
    """
    groups, counts = checked(groups, counts, min_group)
    earlier, _ = checked(earlier, counts, min_group)
    hidden = np.zeros(len(earlier) + len(groups), dtype=bool)
    for part in components(np.vstack([earlier, groups]), counts):
        old = {row for row, same in enumerate(part.groups) if same[0] < len(earlier)}
        for row in _withheld(part, old, min_group):
            hidden[list(part.groups[row])] = True
    return hidden[len(earlier) :]


def _withheld(part: Component, old: set[int], min_group: int) -> list[int]:
    """Rows to withhold: a smallest set that meets every leak found, found anew until no leak is left."""
    known = solved(eliminate(({cell: 1 for cell in part.rows[row]} for row in old), range(len(part.n)))[0])
    # A candidate that the earlier groups derive tells nothing new.
    cost = _cost(part, [row for row in range(len(part.rows)) if row not in old and not spans(known, part.rows[row])])
    leaks: list[frozenset[int]] = []
    best = _mended(part, [], cost, leaks, known, min_group)
    for _ in range(MAX_ROUNDS if best else 0):
        fewest = _fewest(leaks, cost)
        mended = _mended(part, fewest, cost, leaks, known, min_group)
        best = min(best, mended, key=lambda rows: sum(cost[row] for row in rows))
        if len(mended) == len(fewest):
            break
    return best


def _cost(part: Component, rows: list[int]) -> dict[int, float]:
    """One per group, plus a part of one, in all, that grows with its answers."""
    copies = {row: len(part.groups[row]) for row in rows}
    answers = {row: copies[row] * sum(part.n[cell] for cell in part.rows[row]) for row in rows}
    total = 1 + sum(answers.values())
    return {row: copies[row] + answers[row] / total for row in rows}


def _mended(
    part: Component,
    hidden: list[int],
    cost: dict[int, float],
    leaks: list[frozenset[int]],
    known: dict[int, Row],
    min_group: int,
) -> list[int]:
    """Hide the smallest candidate of each leak until none is left; the candidates of each go into `leaks`."""
    hidden = list(hidden)
    while True:
        kept = [row for row in range(len(part.rows)) if row not in hidden]
        found = [
            frozenset(kept[row] for row in rows) & cost.keys()
            for _, rows in _leaks([part.rows[row] for row in kept], part.n, min_group, known)
        ]
        if not found:
            return hidden
        leaks += found
        for leak in found:
            if leak.isdisjoint(hidden):
                hidden.append(min(leak, key=lambda row: (cost[row], row)))


def _fewest(leaks: list[frozenset[int]], cost: dict[int, float]) -> list[int]:
    """The fewest candidates, and among these the smallest, that meet every leak (minimum hitting set)."""
    rows = sorted(set().union(*leaks))
    table = np.array([[row in leak for row in rows] for leak in leaks], dtype=float)
    answer = milp(
        [cost[row] for row in rows],
        integrality=np.ones(len(rows)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(table, lb=1),
        options={"node_limit": MAX_NODES, "mip_rel_gap": 0},
    )
    return [row for row, one in zip(rows, np.round(answer.x), strict=True) if one] if answer.status == 0 else rows


def _leaks(
    rows: Sequence[Cells], n: Sequence[int], min_group: int, known: dict[int, Row] | None = None
) -> Iterator[tuple[Cells, list[int]]]:
    """Small sets outside the row space `known`, one at most from each linked part, with the rows that derive it."""
    for basis in _linked(_small_basis(rows, n, min_group)):
        cells = sorted(cell for cell in set().union(*basis.values()) if cell >= 0)
        equations = [_equation(basis, cell) for cell in cells if cell not in basis]
        for found in _small_sets(equations, {cell: n[cell] for cell in cells}, min_group):
            if not known or not spans(known, found):
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


def _small_sets(equations: list[Row], n: dict[int, int], min_group: int) -> Iterator[Cells]:
    """Sets of cells that fulfil the equations with fewer than `min_group` answers; unions of two may be left out."""
    try:
        yield from _Search(equations, n).run(min_group - 1)
    except _OutOfSteps:
        yield from _branch_and_cut(equations, n, min_group)


class _Search:
    """Exhaustive search: start at each cell, and as long as an equation is broken, add a cell that can mend it."""

    def __init__(self, equations: list[Row], n: dict[int, int]) -> None:
        self.equations, self.n, self.steps = equations, n, 0
        self.users: dict[int, list[int]] = {cell: [] for cell in n}
        for place, equation in enumerate(equations):
            for cell in equation:
                self.users[cell].append(place)

    def run(self, room: int) -> Iterator[Cells]:
        yield from self._branch(list(self.n), frozenset(), {}, frozenset(), room)

    def _branch(
        self, cells: list[int], chosen: Cells, broken: dict[int, int], barred: Cells, room: int
    ) -> Iterator[Cells]:
        for cell in cells:
            yield from self._extend(chosen | {cell}, self._after(broken, cell), barred, room - self.n[cell])
            barred |= {cell}

    def _extend(self, chosen: Cells, broken: dict[int, int], barred: Cells, room: int) -> Iterator[Cells]:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _OutOfSteps
        if not broken:
            yield chosen
            return
        out = chosen | barred
        mending = min((self._mending(place, error, out, room) for place, error in broken.items()), key=len)
        yield from self._branch(mending, chosen, broken, barred, room)

    def _mending(self, place: int, error: int, out: Cells, room: int) -> list[int]:
        return [
            cell
            for cell, value in self.equations[place].items()
            if (value > 0) != (error > 0) and cell not in out and self.n[cell] <= room
        ]

    def _after(self, broken: dict[int, int], cell: int) -> dict[int, int]:
        errors = dict(broken)
        for place in self.users[cell]:
            errors[place] = errors.get(place, 0) + self.equations[place][cell]
        return {place: error for place, error in errors.items() if error}


def _branch_and_cut(equations: list[Row], n: dict[int, int], min_group: int) -> Iterator[Cells]:
    cells, size = list(n), np.array(list(n.values()))
    largest = max((abs(value) for equation in equations for value in equation.values()), default=0)
    if largest > MAX_COEFFICIENT:
        raise ValueError(f"equations must have coefficients up to {MAX_COEFFICIENT}; found {largest}. {WAY_OUT}")
    table = np.array([[equation.get(cell, 0) for cell in cells] for equation in equations]).reshape(-1, len(cells))
    limits = [LinearConstraint(table, 0, 0), LinearConstraint(size[None, :], 1, min_group - 1)]
    for _ in range(MAX_OLD_LEAKS):
        answer = milp(
            size, integrality=np.ones(len(cells)), bounds=Bounds(0, 1), constraints=limits,
            options={"time_limit": MAX_SECONDS},
        )  # fmt: skip
        if answer.status == 2:
            return
        chosen = np.round(answer.x) if answer.status == 0 else np.zeros(len(cells))
        if not chosen.any() or (table @ chosen).any() or size @ chosen >= min_group:
            raise ValueError(f"the search must end; found '{answer.message}' for {len(cells)} linked cells. {WAY_OUT}")
        yield frozenset(cell for cell, one in zip(cells, chosen, strict=True) if one)
        limits.append(LinearConstraint(chosen[None, :], ub=chosen.sum() - 1))
    raise ValueError(f"earlier groups must give away few small sets; found {MAX_OLD_LEAKS}. {WAY_OUT}")
