"""Small sets of cells that fulfil equations: exhaustive search, and branch and cut where that takes too long."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from helpers.release.row_space import Row

# The exact search of one component stops after so many steps, about a second, and leaves the rest to branch and cut.
MAX_STEPS = 20_000
# HiGHS takes an equation as held within 1e-6, so coefficients of this size still tell one answer from none.
MAX_COEFFICIENT = 10**5
MAX_SECONDS = 10.0
# Sets that branch and cut finds, one at a time, before it gives up.
MAX_SETS = 200
WAY_OUT = "Publish fewer groups that cross."

Cells = frozenset[int]


class _OutOfSteps(Exception):
    """The exact search did not end in time."""


def small_sets(equations: list[Row], n: dict[int, int], min_group: int) -> Iterator[Cells]:
    """Find sets of cells that fulfil the equations with fewer than `min_group` answers.

    Parameters
    ----------
    equations : list of dict of int to int
        Coefficients by cell; over the cells of a set they add up to 0.
    n : dict of int to int
        Answers of each cell, above 0.
    min_group : int

    Yields
    ------
    frozenset of int
        Unions of sets, and sets that hold another one, may be left out.

    Raises
    ------
    ValueError
        When the search cannot be brought to an end.
    """
    try:
        yield from _exhaustive(equations, n, min_group)
    except _OutOfSteps:
        yield from _branch_and_cut(equations, n, min_group)


def _exhaustive(equations: list[Row], n: dict[int, int], min_group: int) -> Iterator[Cells]:
    yield from _Search(equations, n).run(min_group - 1)


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
    for _ in range(MAX_SETS):
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
    raise ValueError(f"earlier groups must give away few small sets; found {MAX_SETS}. {WAY_OUT}")
