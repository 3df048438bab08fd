"""Numbers of answers of one family, laid out as arrays: units by items by periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.release.bands import RESPONSE_RATE, ROUNDING, is_uniform, not_passive
from helpers.release.tree import Tree

ONE_FAMILY = "answers"


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
