"""Sums by cluster of products of constructs: all that links of a chain are made from.

A *construct* is a score of a unit, from answers of one kind of people, its *source*. Each has three columns: the score
of all who answered, ``x``, and of two halves of them, ``x_a`` and ``x_b``; halves are missing where answers are not
known. A *link* goes from a construct x to a construct y. Its *view* is "within" (units against themselves over time) or
"between" (averages of units against each other). Where clusters are groups of units, both compare units of one cluster
in the same periods, so that what a whole group shares can make no link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.estimates import NotApplicable
from helpers.stats.halves import HALVES, crossed, halves_of
from helpers.stats.shared_shocks import in_groups
from helpers.stats.two_way import free_of_effects

WITHIN, BETWEEN = "within", "between"
VIEWS = (WITHIN, BETWEEN)
MEASURED, CORRECTED = "measured", "corrected"
# Share of the staff of a unit and period who answered.
HEARD = "heard"
STAFF = "employees"


@dataclass(frozen=True)
class ChainSums:
    """Cross products by cluster.

    Parameters
    ----------
    clusters : Index, shape (g,)
    own : ndarray, shape (g, k, k)
        Of the causes with each other.
    joint : ndarray, shape (g, k)
        Of the causes with the outcome.
    spread : ndarray, shape (g, 2)
        Of the first cause and of the outcome with themselves, free of the luck of who answered where that is known.
    measured : ndarray, shape (g,)
        Of the first cause with itself as measured: its leverage.
    n, n_units : int
        Rows and units.
    form : {"measured", "corrected"}
    """

    clusters: pd.Index
    own: np.ndarray
    joint: np.ndarray
    spread: np.ndarray
    measured: np.ndarray
    n: int
    n_units: int
    form: str


def chain_rows(
    panel: pd.DataFrame, constructs: Sequence[str], *, view: str, halves: Sequence[str] = (), heard: bool = False
) -> pd.DataFrame:
    """
    Rows on which all constructs are known, free of the effects that the view takes away.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        ``entity``, ``time``, ``cluster``, the constructs, their halves, ``heard``.
    constructs : sequence of str
    view : {"within", "between"}
    halves : sequence of str
        Constructs whose halves must be known too.
    heard : bool
        Whether the share of the staff who answered must be known.

    Returns
    -------
    DataFrame
        Within: without the effects of the unit and of the period, in each cluster by itself where clusters are groups.
        Between: one row per unit, its averages without that of its cluster, or of all. With ``cluster`` and the share
        heard.

    Raises
    ------
    NotApplicable
        When the constructs are not seen together, or within units only once.
    """
    columns = [*constructs, *(f"{name}{half}" for name in halves for half in HALVES)]
    needed = [*columns, HEARD] if heard else columns
    rows = panel.dropna(subset=needed) if set(needed) <= set(panel) else panel.head(0)
    if rows.empty:
        raise NotApplicable("{measures} are not known of the same units and periods.", measures=", ".join(constructs))
    grouped = rows["cluster"].nunique() < rows["entity"].nunique()
    free = (_within if view == WITHIN else _between)(rows, columns, grouped)
    if free["cluster"].nunique() < MIN_CLUSTERS:
        raise NotApplicable(
            "Comparing units needs {needed} of them; found {found}.",
            needed=MIN_CLUSTERS,
            found=free["cluster"].nunique(),
        )
    return free


def chain_sums(
    rows: pd.DataFrame, causes: Sequence[str], outcome: str, *, sources: Mapping[str, str], form: str, same: str = ""
) -> ChainSums:
    """
    Sum products of rows by cluster.

    Parameters
    ----------
    rows : DataFrame
        From `chain_rows`.
    causes : sequence of str, length k
    outcome : str
    sources : mapping of str to str
        Who answered for each construct.
    form : {"measured", "corrected"}
        Products of scores of all who answered, or those that the luck of who answered does not move, see Notes.
    same : str
        A source whose products stay as measured although the others are corrected.

    Returns
    -------
    ChainSums

    Notes
    -----
    The product of constructs c and d, corrected, is ``c d`` where other people answered for them, else that of halves,
    ``(c_a d_b + c_b d_a) / 2``: no person is on both sides. Where others than staff answer for the outcome, what counts
    is the mean of all staff and not only what they share, so that of causes c and d from staff is
    ``f c d + (1 - f)(c_a d_b + c_b d_a) / 2`` with f the share who answered.
    """
    finite = sources[outcome] != STAFF

    def products(c: str, d: str) -> np.ndarray:
        whole = (rows[c] * rows[d]).to_numpy(float)
        if form == MEASURED or sources[c] != sources[d] or sources[c] == same:
            return whole
        return _corrected(rows, c, d, whole, finite=finite and sources[c] == STAFF)

    groups = pd.factorize(rows["cluster"], sort=True)
    by_cluster = _Adder(*groups)
    first, k = causes[0], len(causes)
    own = np.stack([by_cluster(products(c, d)) for c in causes for d in causes], axis=1).reshape(-1, k, k)
    joint = np.stack([by_cluster(products(c, outcome)) for c in causes], axis=1)
    spread = np.stack([by_cluster(products(first, first)), by_cluster(products(outcome, outcome))], axis=1)
    measured = by_cluster((rows[first] ** 2).to_numpy(float))
    return ChainSums(pd.Index(groups[1]), own, joint, spread, measured, len(rows), rows["entity"].nunique(), form)


@dataclass(frozen=True)
class _Adder:
    codes: np.ndarray
    clusters: np.ndarray

    def __call__(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.codes, values, len(self.clusters))


def _corrected(rows: pd.DataFrame, c: str, d: str, whole: np.ndarray, *, finite: bool) -> np.ndarray:
    halves = crossed(lambda i, j: rows[halves_of(c)[i]] * rows[halves_of(d)[j]]).to_numpy(float)
    if not finite:
        return halves
    heard = rows[HEARD].to_numpy(float)
    return heard * whole + (1 - heard) * halves


def _within(rows: pd.DataFrame, columns: list[str], grouped: bool) -> pd.DataFrame:
    period = ["cluster", "time"] if grouped else ["time"]
    kept = in_groups(rows.assign(together=rows.groupby(period).ngroup()), ("together", "entity"))
    if kept.empty:
        raise NotApplicable("One wave cannot tell whether units move: each unit is seen once.")
    parts = [part for _, part in kept.groupby("cluster")] if grouped else [kept]
    return kept.assign(**pd.concat([free_of_effects(part, columns) for part in parts]))


def _between(rows: pd.DataFrame, columns: list[str], grouped: bool) -> pd.DataFrame:
    averaged = [*columns, HEARD] if HEARD in rows else columns
    means = rows.groupby(["entity", "cluster"], as_index=False)[averaged].mean()
    group = means["cluster"] if grouped else pd.Series(0, index=means.index)
    means = means[group.duplicated(keep=False)]
    return means.assign(**{one: means[one] - means.groupby(group)[one].transform("mean") for one in columns})
