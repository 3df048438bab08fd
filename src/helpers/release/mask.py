"""The mask: which units are hidden in which period, one for all that the same people answered.

A *family* is what the same people answered or the same heads were counted in: employees, customers, outcomes. A unit is
hidden for a whole family, since figures of one family can be made from each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.release.bands import RESPONSE_RATE, ROUNDING, is_uniform, not_passive
from helpers.release.suppression import united_mask
from helpers.release.tree import Tree, own_counts, own_sums, remainders

KEYS = ["unit_id", "period", "family"]
COLUMNS = [*KEYS, "hidden_by"]
# Why a unit is hidden, the first that applies.
GROUP, UNIFORM, REMAINDER, EARLIER = "min_group", "uniform", "remainder", "earlier_release"
RULES = (GROUP, UNIFORM, REMAINDER, EARLIER)
ONE_FAMILY = "answers"


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


@dataclass(frozen=True)
class Family:
    """The numbers of answers of one family, as an array.

    Parameters
    ----------
    n, totals : ndarray, shape (units, items, periods)
        Answers, and their sum: n times the estimate; NaN where a unit has no figure.
    uniform : ndarray of bool, shape (units, periods)
        All, or all but one, of a unit gave the same answer to some item.
    chosen : list of ndarray, shape (categories, units, periods)
        For each item with few categories how many chose each.
    """

    name: str
    measures: list[str]
    periods: list[str]
    n: np.ndarray
    totals: np.ndarray
    uniform: np.ndarray
    chosen: list[np.ndarray]

    @property
    def measured(self) -> np.ndarray:
        """Where a unit has any figure that rests on answers, shape (units, periods)."""
        return (self.n > 0).any(axis=1)

    @property
    def smallest(self) -> np.ndarray:
        """The smallest number of answers that a figure of a unit rests on, shape (units, periods)."""
        return np.nanmin(np.where(self.n > 0, self.n, np.inf), axis=1)


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


def families(scores: pd.DataFrame, tree: Tree) -> list[Family]:
    """Lay out the numbers of answers of each family, those of unknown n left out.

    Raises
    ------
    ValueError
        For a unit that is not in the tree.
    """
    known = scores[scores["n"].notna()]
    unknown = known.loc[~known["unit_id"].isin(tree.position), "unit_id"]
    if len(unknown):
        raise ValueError(f"unit_id must be in units; found {unknown.iloc[0]!r} in row {unknown.index[0]} of scores.")
    if "family" not in known:
        known = known.assign(family=ONE_FAMILY)
    return [_family(str(name), rows, tree) for name, rows in known.groupby("family", sort=True)]


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


def _family(name: str, rows: pd.DataFrame, tree: Tree) -> Family:
    measures, periods = sorted(rows["measure"].unique()), sorted(rows["period"].unique())
    places = (
        rows["unit_id"].map(tree.position).to_numpy(),
        pd.Index(measures).get_indexer(rows["measure"]),
        pd.Index(periods).get_indexer(rows["period"]),
    )
    n = np.full((len(tree), len(measures), len(periods)), np.nan)
    given = rows["n"].to_numpy(float)
    n[places] = np.where(np.abs(given - np.rint(given)) < ROUNDING, np.rint(given), given)
    totals = np.full(n.shape, np.nan)
    totals[places] = (rows["n"] * rows["estimate"]).to_numpy(float)
    uniform, chosen = np.zeros((len(tree), len(periods)), dtype=bool), []
    if {"kind", "se"} <= set(rows):
        same = is_uniform(rows).to_numpy() & (n[places] > 0)
        uniform[places[0][same], places[2][same]] = True
        chosen = [_chosen(kind, each, tree, periods) for (_, kind), each in rows.groupby(["measure", "kind"])]
    return Family(name, measures, periods, n, totals, uniform, [one for one in chosen if len(one)])


def _chosen(kind: str, rows: pd.DataFrame, tree: Tree, periods: list[str]) -> np.ndarray:
    """Count who chose each category: promoters, passives, detractors; yes and no; nothing for other kinds."""
    n, score = rows["n"].to_numpy(float), rows["estimate"].to_numpy(float) / 100
    if kind == "nps":
        extreme = not_passive(rows).to_numpy()
        counts = [(extreme + n * score) / 2, n - extreme, (extreme - n * score) / 2]
    elif kind == "rate" and rows["measure"].iloc[0] != RESPONSE_RATE:
        counts = [n * 100 * score, n * (1 - 100 * score)]
    else:
        counts = []
    units, when = rows["unit_id"].map(tree.position).to_numpy(), pd.Index(periods).get_indexer(rows["period"])
    result = np.full((len(counts), len(tree), len(periods)), np.nan)
    for category, count in enumerate(counts):
        result[category, units, when] = count
    return result


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
