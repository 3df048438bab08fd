"""Which units to hide so that nothing about a small group can be had by subtraction.

In one tree whatever an attacker can derive by adding and subtracting is a union of *remainders*: a released unit
without its topmost released descendants. So no group below the threshold leaks if, and only if, every remainder is
empty or large enough. Hiding one more unit merges two remainders, so it never opens a new leak; masks of several items
can therefore be united.
"""

from __future__ import annotations

import numpy as np

from helpers.release.tree import Tree, own_counts, remainders

_NEVER = np.inf


def suppress(tree: Tree, own: np.ndarray, *, min_group: int, hidden: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Hide as few units as possible beside those hidden already, and among these the ones with the fewest answers.

    Parameters
    ----------
    tree : Tree
    own : ndarray, shape (units, columns)
        Answers given in the unit itself; each column is a problem of its own, such as a period.
    min_group : int
        Fewest answers a remainder may have, unless it is empty.
    hidden : ndarray of bool, shape (units, columns)
        Not to be released whatever it costs.
    free : ndarray of bool, shape (units, columns)
        Of the hidden ones, those that have no figure at all and so cost nothing.

    Returns
    -------
    ndarray of bool, shape (units, columns)
        Hidden units, those given included.

    Notes
    -----
    Exact, by dynamic programming from the leaves to the root: for every unit the least cost of each number of answers,
    up to `min_group`, that it can leave in the remainder of the next released unit above.
    """
    return _Search(tree, own, min_group, hidden, free).result()


def united_mask(tree: Tree, n: np.ndarray, *, min_group: int, hidden: np.ndarray) -> np.ndarray:
    """Find one mask for all items that the same people answered.

    Parameters
    ----------
    tree : Tree
    n : ndarray, shape (units, items, columns)
        Answers of each unit with all below it; NaN where it has no figure.
    min_group : int
    hidden : ndarray of bool, shape (units, columns)
        Hidden by the rules for single groups.

    Returns
    -------
    ndarray of bool, shape (units, columns)
        With it every remainder of every item is empty or holds at least `min_group` answers.
    """
    own = own_counts(tree, n)
    absent = np.isnan(n) | (n == 0)
    mask = hidden.copy()
    # The items with the fewest answers ask for the most; what they hide often does for the others.
    for item in np.argsort(np.nansum(n, axis=(0, 2)), kind="stable"):
        closed = mask | absent[:, item]
        columns = np.flatnonzero(_leaks(tree, own[:, item], closed, min_group).any(axis=0))
        if len(columns):
            free = absent[:, item][:, columns]
            found = suppress(tree, own[:, item][:, columns], min_group=min_group, hidden=closed[:, columns], free=free)
            mask[:, columns] |= found & ~free
    return mask


def _leaks(tree: Tree, own: np.ndarray, hidden: np.ndarray, min_group: int) -> np.ndarray:
    left = remainders(tree, own, hidden)
    return ~hidden & (left > 0) & (left < min_group)


class _Search:
    """Costs from the leaves to the root, then choices from the root to the leaves; every column on its own.

    `as_hidden[unit][column, left]` is the least cost of the subtree where the unit is hidden and leaves `left` answers
    (`min_group` stands for any number from there on); `as_released[unit][column]` where it is released.
    """

    def __init__(self, tree: Tree, own: np.ndarray, min_group: int, hidden: np.ndarray, free: np.ndarray) -> None:
        self.tree, self.most = tree, min_group
        self.own = np.rint(own).astype(np.int64)
        self.total = np.rint(remainders(tree, self.own, np.ones(own.shape, dtype=bool))).astype(np.int64)
        self.closed = hidden | (self.total < min_group)
        # Less than one unit in all: the number of units hidden counts first, then their answers.
        share = self.total / (1.0 + self.total.sum(axis=0))
        self.cost = np.where(free | (self.total == 0), 0.0, 1.0 + share)
        self.columns = np.arange(own.shape[1])
        self.as_hidden: dict[int, np.ndarray] = {}
        self.as_released: dict[int, np.ndarray] = {}
        self.steps: dict[int, list[np.ndarray]] = {}
        self.mask = self.closed.copy()

    def result(self) -> np.ndarray:
        parents = [unit for units in self.tree.bottom_up for unit in units if len(self.tree.children[unit])]
        for unit in parents:
            self._weigh(unit)
        goals = self._root_goals()
        for unit in reversed(parents):
            self._choose(unit, goals)
        return self.mask

    def _leaves(self, unit: int) -> tuple[np.ndarray, np.ndarray]:
        """Split the units below into those without and those with units below them."""
        below = self.tree.children[unit]
        inner = np.array([len(self.tree.children[one]) > 0 for one in below], dtype=bool)
        return below[~inner], below[inner]

    def _weigh(self, unit: int) -> None:
        leaves, inner = self._leaves(unit)
        closed = self.closed[leaves]
        left = self.own[unit] + np.where(closed, self.own[leaves], 0).sum(axis=0)
        state = np.full((len(self.columns), self.most + 1), _NEVER)
        state[self.columns, np.minimum(left, self.most)] = np.where(closed, self.cost[leaves], 0.0).sum(axis=0)
        steps = [state]
        # One leaf that is large enough fills any remainder, so hiding a second one never helps.
        cheapest = np.where(closed, _NEVER, self.cost[leaves]).min(axis=0, initial=_NEVER)
        for option in (self._one_leaf(cheapest), *map(self._option, inner)):
            steps.append(_combined(steps[-1], option))
        self.steps[unit] = steps
        self.as_hidden[unit] = steps[-1] + self.cost[unit][:, None]
        open_cost = np.minimum(steps[-1][:, 0], steps[-1][:, self.most])
        self.as_released[unit] = np.where(self.closed[unit], _NEVER, open_cost)

    def _one_leaf(self, cheapest: np.ndarray) -> np.ndarray:
        option = np.full((len(self.columns), self.most + 1), _NEVER)
        option[:, 0], option[:, self.most] = 0.0, cheapest
        return option

    def _option(self, unit: int) -> np.ndarray:
        """What a unit with units below it can leave: nothing when it is released, else what it leaves as hidden."""
        option = self.as_hidden[unit].copy()
        option[:, 0] = np.minimum(option[:, 0], self.as_released[unit])
        return option

    def _root_goals(self) -> dict[int, np.ndarray]:
        """The number of answers each unit is to leave, by column; −1 where it is released."""
        goals = {}
        for root in np.flatnonzero(self.tree.parent < 0):
            if root in self.steps:
                hidden = self.as_hidden[root].argmin(axis=1)
                released = self.as_released[root] <= self.as_hidden[root].min(axis=1)
                goals[root] = np.where(released & ~self.closed[root], -1, hidden)
        return goals

    def _choose(self, unit: int, goals: dict[int, np.ndarray]) -> None:
        goal, steps = goals[unit], self.steps[unit]
        self.mask[unit] = goal >= 0
        last = steps[-1]
        filled = np.where(last[:, 0] <= last[:, self.most], 0, self.most)
        goal = np.where(goal < 0, filled, goal)
        leaves, inner = self._leaves(unit)
        for place in range(len(inner) - 1, -1, -1):
            child = inner[place]
            goal, given = _split(steps[place + 1], self._option(child), goal)
            released = (given == 0) & (self.as_released[child] <= self.as_hidden[child][:, 0])
            goals[child] = np.where(released & ~self.closed[child], -1, given)
        if len(leaves):
            cost = np.where(self.closed[leaves], _NEVER, self.cost[leaves])
            cheapest = cost.argmin(axis=0)
            _, given = _split(steps[0], self._one_leaf(cost.min(axis=0)), goal)
            taken = self.columns[given > 0]
            self.mask[leaves[cheapest[taken]], taken] = True


def _combined(state: np.ndarray, option: np.ndarray) -> np.ndarray:
    """Least cost of each sum of two numbers of answers, where the last place stands for it and all above."""
    most = state.shape[1] - 1
    result = np.full_like(state, _NEVER)
    for given in range(most + 1):
        cost = option[:, given : given + 1]
        if np.isinf(cost).all():
            continue
        np.minimum(result[:, given:most], state[:, : most - given] + cost, out=result[:, given:most])
        full = state[:, most - given :].min(axis=1) + cost[:, 0]
        np.minimum(result[:, most], full, out=result[:, most])
    return result


def _split(state: np.ndarray, option: np.ndarray, goal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the two numbers that make up the goal at least cost: what there was before, and what the option gives."""
    n_columns, width = state.shape
    sums = np.minimum(np.add.outer(np.arange(width), np.arange(width)), width - 1)
    cost = np.where(sums == goal[:, None, None], state[:, :, None] + option[:, None, :], _NEVER)
    best = cost.reshape(n_columns, -1).argmin(axis=1)
    return best // width, best % width
