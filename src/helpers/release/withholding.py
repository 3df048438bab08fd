"""Which units to hide so that releases set side by side give away no small group that they did not give away before.

Every release cuts its answers into *blocks*, the remainders of its released units, as sets of atoms. A block is *fresh*
when the earlier blocks do not derive it; where none is, nothing has to be done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from helpers.release.crossed import find_leaks
from helpers.release.intervals import count_intervals

Block = frozenset[int]


def withhold(
    held: Mapping[str, list[int]],
    parent: Mapping[str, str],
    released: Collection[str],
    earlier: Collection[Block],
    counts: np.ndarray,
    min_group: int,
) -> set[str]:
    """Name the units that must not be released.

    Parameters
    ----------
    held : mapping of str to list of int
        Atoms of the answers given in each unit itself.
    parent : mapping of str to str
        Of each unit; empty for a root.
    released : collection of str
        Units to be released otherwise.
    earlier : collection of sets of int
        Blocks of earlier releases.
    counts : ndarray of int, shape (atoms,)
    min_group : int

    Returns
    -------
    set of str
        One at least of the units that each leak needs: the deepest, and of these the one whose block has the fewest
        answers. Deep ones go first, since what they leave joins the blocks above. In the end those that turn out to be
        harmless are released, the highest first.

    Raises
    ------
    ValueError
        When the search cannot be brought to an end.
    """
    released, hidden = set(released), list[str]()
    known, depth = _Earlier(earlier), {unit: len(line_above(unit, parent)) for unit in released}

    def rank(unit: str) -> tuple[int, int, str]:
        return -depth[unit], int(counts[list(current[unit])].sum()), unit

    while True:
        current = blocks(held, parent, released)
        guilty = [min(one, key=rank) for one in _guilty(current, known, counts, min_group)]
        if not guilty:
            break
        deepest = max(depth[unit] for unit in guilty)
        new = {unit for unit in guilty if depth[unit] == deepest}
        released -= new
        hidden += sorted(new)
    lines = {unit: line_above(unit, parent) for unit in {*held, *hidden}} if hidden else {}
    for unit in sorted(hidden, key=lambda one: (depth[one], one)):
        tried = _with_unit(unit, current, lines, held)
        if _splits(tried[unit], known, tried.values(), counts, min_group):
            continue
        if not _guilty(tried, known, counts, min_group):
            current = tried
    return set(hidden) - current.keys()


def _with_unit(
    unit: str, current: Mapping[str, Block], lines: Mapping[str, list[str]], held: Mapping[str, list[int]]
) -> dict[str, Block]:
    """Blocks when one unit more is released, cut out of the block that holds its answers now."""
    below = {atom for one, atoms in held.items() if unit in lines[one] for atom in atoms}
    top = next((one for one in lines[unit] if one in current), "")
    own = below & current[top] if top else below.difference(*current.values())
    return dict(current) | {unit: frozenset(own)} | ({top: current[top] - own} if top else {})


def blocks(held: Mapping[str, list[int]], parent: Mapping[str, str], released: Collection[str]) -> dict[str, Block]:
    """Give the atoms of the remainder of each released unit that has any."""
    found: dict[str, list[int]] = {}
    above: dict[str, str] = {"": ""}
    for unit, atoms in held.items():
        line = []
        one = unit
        while one not in above and one not in released:
            line.append(one)
            one = parent.get(one, "")
        top = above.get(one, one)
        above |= dict.fromkeys(line, top)
        if top:
            found.setdefault(top, []).extend(atoms)
    return {unit: frozenset(atoms) for unit, atoms in sorted(found.items())}


def line_above(unit: str, parent: Mapping[str, str]) -> list[str]:
    """List a unit and those above it, from below."""
    line = []
    while unit:
        line.append(unit)
        unit = parent.get(unit, "")
    return line


class _Earlier:
    """The blocks of earlier releases, by atom."""

    def __init__(self, earlier: Collection[Block]) -> None:
        self.holding: dict[int, list[Block]] = {}
        for block in sorted(set(earlier), key=sorted):
            for atom in block:
                self.holding.setdefault(atom, []).append(block)
        self.sums: dict[Block, bool] = {}

    def touching(self, atoms: Collection[int]) -> set[Block]:
        return {block for atom in atoms for block in self.holding.get(atom, [])}

    def is_sum(self, block: Block) -> bool:
        """Whether some blocks, none of which share atoms, make up this one; blocks that overlap do not derive it."""
        if block not in self.sums:
            self.sums[block] = not _left(block, self.touching(block))
        return self.sums[block]

    def linked(self, fresh: Collection[Block]) -> list[Block]:
        """Those that share atoms with fresh blocks, directly or by way of others."""
        found: set[Block] = set()
        left = set().union(*fresh)
        while left:
            near = self.touching(left) - found
            found |= near
            left = set().union(*near) - left
        return sorted(found, key=sorted)


def _splits(block: Block, known: _Earlier, current: Collection[Block], counts: np.ndarray, min_group: int) -> bool:
    """Whether a block without earlier ones inside it, or an earlier one without current ones inside, is small."""
    near = known.touching(block)
    wholes = [(block, near), *((one, current) for one in near if block <= one)]
    return any(0 < counts[list(_left(whole, parts))].sum() < min_group for whole, parts in wholes)


def _left(whole: Block, parts: Collection[Block]) -> Block:
    """Take away parts that lie in a whole and share no atoms, the largest first."""
    inside = [part for part in parts if part <= whole]
    for part in sorted(inside, key=len, reverse=True):
        whole = whole - part if part <= whole else whole
    return whole


def _guilty(current: Mapping[str, Block], known: _Earlier, counts: np.ndarray, min_group: int) -> list[list[str]]:
    """Units with fresh blocks that each leak needs; where there is no leak, those that hold a count too narrow."""
    fresh = {unit: block for unit, block in current.items() if not known.is_sum(block)}
    if not fresh:
        return []
    old, new = known.linked(fresh.values()), list(fresh.values())
    atoms = np.array(sorted(set().union(*old, *new)))
    rows = np.array([np.isin(atoms, list(block)) for block in [*old, *new]])
    names = [*[""] * len(old), *fresh]
    leaks = find_leaks(rows, counts[atoms], min_group=min_group, n_earlier=len(old))
    if leaks:
        return [[names[row] for row in leak.groups if names[row]] for leak in leaks]
    narrow = _narrow(rows, counts[atoms], min_group)
    narrow -= _narrow(rows[: len(old)], counts[atoms], min_group) if narrow else set()
    held = [[names[row] for row in np.flatnonzero(rows[:, atom]) if names[row]] for atom in sorted(narrow)]
    return [one for one in held if one]


def _narrow(rows: np.ndarray, counts: np.ndarray, min_group: int) -> set[int]:
    return set(count_intervals(rows, counts, min_group=min_group, only_narrow=True)["atom"])
