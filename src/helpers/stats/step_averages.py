"""Averages of the changes of cells that took a step, with errors clustered as their frame says, and bands."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import with_intervals
from helpers.stats.staggered import CELL, StepChanges

DRAWS = 9999


def average_changes(
    changes: StepChanges,
    groups: Mapping[str, np.ndarray],
    *,
    conf_level: float = 0.95,
    rng: np.random.Generator | None = None,
    against: Mapping[str, tuple[str, str]] | None = None,
) -> pd.DataFrame:
    """
    Average the changes of groups of cells, with errors clustered as the frame says.

    Parameters
    ----------
    changes : StepChanges
    groups : mapping of str to ndarray of bool, shape (rows of `changes`,)
        Which rows each average is over, by its term.
    conf_level : float
    rng : Generator, optional
        With it the intervals hold all averages at once (a band), by a multiplier bootstrap of the largest t.
    against : mapping of str to (str, str), optional
        Differences between two groups, by their term.

    Returns
    -------
    DataFrame, one row per term
        `ESTIMATE_COLUMNS` with ``n`` cells and ``n_clusters`` that hold them. No error with one cluster.

    Notes
    -----
    With N rows in a group and shares w_k of its blocks k, a cluster moves the average by
    ``ψ_g = Σ_i (change_i - average) / N - Σ_k w_k Σ_c (Δ_c - mean Δ) / n_k`` over its cells i and controls c;
    ``se² = G / (G - 1) Σ_g ψ_g²``. Which share a block has is taken as drawn, too. With h_g the share of a cluster in
    the rows, ``df = 1 / Σ_g h_g² - 1``: the effective number of clusters less one.
    """
    terms = {term: _average(changes, np.asarray(where, bool)) for term, where in groups.items()}
    for term, (first, second) in (against or {}).items():
        terms[term] = _difference(terms[first], terms[second])
    table = pd.DataFrame([{"term": term, **figures} for term, (figures, _) in terms.items()])
    table = with_intervals(table, conf_level)
    if rng is None or table["se"].notna().sum() < 2:
        return table
    return _with_band(table, np.array([moved for _, moved in terms.values()]), conf_level, rng)


def _average(changes: StepChanges, where: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    rows, n_all = changes.rows[where], len(changes.clusters)
    if rows.empty:
        return {"estimate": np.nan, "se": np.nan, "df": np.nan, "n": 0, "n_clusters": 0}, np.full(n_all, np.nan)
    estimate = float(rows["change"].mean())
    shares = np.bincount(rows["block"].astype(int), minlength=len(changes.influence)) / len(rows)
    place = changes.clusters.get_indexer(rows["cluster"])
    own = np.bincount(place, (rows["change"].astype(float) - estimate) / len(rows), minlength=n_all)
    moved = own - shares @ changes.influence
    n_clusters = rows["cluster"].nunique()
    effective = len(rows) ** 2 / float((np.bincount(place) ** 2).sum())
    figures = {"estimate": estimate, "se": _error(moved, n_clusters), "df": effective - 1.0}
    return figures | {"n": len(rows.drop_duplicates(CELL)), "n_clusters": n_clusters}, moved


def _difference(
    one: tuple[dict[str, float], np.ndarray], other: tuple[dict[str, float], np.ndarray]
) -> tuple[dict[str, float], np.ndarray]:
    moved = one[1] - other[1]
    fewest = min(one[0]["n_clusters"], other[0]["n_clusters"])
    figures = {"estimate": one[0]["estimate"] - other[0]["estimate"], "se": _error(moved, fewest)}
    figures["df"] = min(one[0]["df"], other[0]["df"])
    return figures | {"n": one[0]["n"] + other[0]["n"], "n_clusters": fewest}, moved


def _error(moved: np.ndarray, n_clusters: int) -> float:
    n_all = len(moved)
    return float(np.sqrt((moved**2).sum() * n_all / (n_all - 1))) if n_clusters > 1 else np.nan


def _with_band(table: pd.DataFrame, moved: np.ndarray, conf_level: float, rng: np.random.Generator) -> pd.DataFrame:
    """Widen the intervals to a band: by the quantile of the largest t of all over that of one normal t."""
    told = table["se"].notna().to_numpy()
    scaled = moved[told] / np.sqrt((moved[told] ** 2).sum(axis=1, keepdims=True))
    largest = np.abs(rng.choice([-1.0, 1.0], (DRAWS, moved.shape[1])) @ scaled.T).max(axis=1)
    factor = max(np.quantile(largest, conf_level) / stats.norm.ppf(0.5 + conf_level / 2), 1.0)
    half = factor * (table["ci_high"] - table["estimate"])
    return table.assign(ci_low=table["estimate"] - half, ci_high=table["estimate"] + half)
