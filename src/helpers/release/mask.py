"""The mask: which units are hidden in which period, one for all that the same people answered.

A *family* is what the same people answered or the same heads were counted in: employees, customers, outcomes. A unit is
hidden for a whole family, since figures of one family can be made from each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.release.bands import ROUNDING
from helpers.release.family import Family, families
from helpers.release.suppression import united_mask
from helpers.release.tree import Tree, own_counts, own_sums, remainders

KEYS = ["unit_id", "period", "family"]
COLUMNS = [*KEYS, "hidden_by"]
# Why a unit is hidden, the first that applies.
GROUP, UNIFORM, REMAINDER, EARLIER = "min_group", "uniform", "remainder", "earlier_release"
RULES = (GROUP, UNIFORM, REMAINDER, EARLIER)


class ReleaseError(ValueError):
    """What was to be released does not keep to the rules: nothing leaves."""


@dataclass(frozen=True)
class Mask:
    """Which units are hidden.

    Parameters
    ----------
    frame : DataFrame, one row per unit, period and family that has any figure
        ``unit_id``, ``period``, ``family``, ``hidden_by`` (a rule, or empty where the figures may be shown).
    min_group : int
    """

    frame: pd.DataFrame
    min_group: int

    @property
    def hidden(self) -> pd.DataFrame:
        """The rows of hidden units."""
        return self.frame[self.frame["hidden_by"] != ""]


def make_mask(scores: pd.DataFrame, tree: Tree, *, min_group: int) -> Mask:
    """Hide what could be traced to persons, alone or by subtraction.

    Parameters
    ----------
    scores : DataFrame, one row per unit, period and measure
        All scores of a dataset: ``unit_id``, ``period``, ``measure``, ``estimate``, ``n``; where known ``kind``, ``se``
        and ``family``. Without families all measures are one.
    tree : Tree
        Who belongs to whom.
    min_group : int
        Fewest answers a figure, or what is left after subtracting, may rest on.

    Returns
    -------
    Mask
        Figures without a known n have no part in it: `release` hides them one by one.

    Raises
    ------
    ReleaseError
        When the mask found does not pass `check_mask`.
    """
    return mask_families(families(scores, tree), tree, min_group=min_group)


def mask_families(found: Iterable[Family], tree: Tree, *, min_group: int) -> Mask:
    """Make the mask of families laid out already; see `make_mask`."""
    frames = []
    for family in found:
        single = np.select([family.smallest < min_group, family.uniform], [GROUP, UNIFORM], "")
        closed = united_mask(tree, family.n, min_group=min_group, hidden=single != "")
        closed = _without_uniform_remainders(family, tree, closed)
        hidden_by = np.where((single == "") & closed, REMAINDER, single)
        check_mask(family, tree, hidden_by != "", min_group)
        frames.append(_long(family, tree, hidden_by))
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS, dtype="str")
    return Mask(frame, min_group)


def check_mask(family: Family, tree: Tree, hidden: np.ndarray, min_group: int) -> int:
    """Check, apart from how the mask was found, that no small group is left over.

    Parameters
    ----------
    family : Family
    tree : Tree
    hidden : ndarray of bool, shape (units, periods)
    min_group : int

    Returns
    -------
    int
        Answers in the smallest remainder that is not empty; 0 when all are.

    Raises
    ------
    ReleaseError
        For a figure, or a remainder, of fewer than `min_group` answers, or a remainder in which nearly all answered
        the same.
    """
    n = family.n
    shown = (n > 0) & ~hidden[:, None, :]
    left = remainders(tree, own_counts(tree, n), ~shown)
    for groups, what in ((n, "released group"), (left, "remainder")):
        wrong = np.argwhere(shown & (groups > 0) & (groups < min_group))
        if len(wrong):
            unit, item, period = wrong[0]
            raise ReleaseError(
                f"every {what} must hold at least {min_group} answers; found fewer in {tree.unit_ids[unit]!r}, "
                f"{family.measures[item]} of {family.periods[period]}. Nothing is released; report this as a fault."
            )
    if uniform_remainders(family, tree, hidden).any():
        raise ReleaseError("no remainder may hold one answer only; found one. Nothing is released; report this.")
    found = left[shown & (left > 0)]
    return int(found.min()) if found.size else 0


def uniform_remainders(family: Family, tree: Tree, hidden: np.ndarray) -> np.ndarray:
    """Tell where subtraction leaves a group of which all, or all but one, gave the same answer.

    Parameters
    ----------
    family : Family
    tree : Tree
    hidden : ndarray of bool, shape (units, periods)

    Returns
    -------
    ndarray of bool, shape (units, periods)
        False for a unit that is its own remainder: `release` tells its figure in bands.
    """
    found = np.zeros(hidden.shape, dtype=bool)
    for counts in family.chosen:
        known = ~np.isnan(counts[0])
        left = np.array([remainders(tree, own_sums(tree, one), hidden | ~known) for one in counts])
        n, whole = left.sum(axis=0), np.nan_to_num(counts).sum(axis=0)
        subtracted = (n > 0.5) & (n < whole - 0.5)
        found |= known & ~hidden & subtracted & (left.max(axis=0) >= n - 1 - ROUNDING)
    return found


def _without_uniform_remainders(family: Family, tree: Tree, hidden: np.ndarray) -> np.ndarray:
    """Hide one unit more, the smallest directly subtracted, wherever subtraction leaves a uniform group."""
    hidden = hidden.copy()
    size = np.where(family.n > 0, family.n, 0).max(axis=1)
    while (places := np.argwhere(uniform_remainders(family, tree, hidden))).size:
        for unit, period in places:
            subtracted = _topmost_released(tree, unit, hidden[:, period] | (size[:, period] == 0)) or [int(unit)]
            smallest = min(subtracted, key=lambda one, period=period: (size[one, period], tree.unit_ids[one]))
            hidden[smallest, period] = True
    return hidden


def _topmost_released(tree: Tree, unit: int, hidden: np.ndarray) -> list[int]:
    found, waiting = [], list(tree.children[unit])
    while waiting:
        one = waiting.pop()
        if hidden[one]:
            waiting.extend(tree.children[one])
        else:
            found.append(int(one))
    return found


def hidden_units(mask: Mask, family: Family, tree: Tree) -> np.ndarray:
    """Lay out what a mask hides of one family, shape (units, periods)."""
    rows = mask.hidden[mask.hidden["family"] == family.name]
    hidden = np.zeros((len(tree), len(family.periods)), dtype=bool)
    hidden[rows["unit_id"].map(tree.position), pd.Index(family.periods).get_indexer(rows["period"])] = True
    return hidden


def _long(family: Family, tree: Tree, hidden_by: np.ndarray) -> pd.DataFrame:
    units, periods = np.nonzero(family.measured)
    columns = {
        "unit_id": np.array(tree.unit_ids, dtype=object)[units],
        "period": np.array(family.periods, dtype=object)[periods],
        "family": family.name,
        "hidden_by": hidden_by[units, periods].astype(object),
    }
    return pd.DataFrame(columns, columns=COLUMNS).astype("str")
