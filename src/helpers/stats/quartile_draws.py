"""Quartile contrasts of weighted units, many weightings at once: the arithmetic behind `quartiles`.

A *draw* gives every unit a whole number of copies; the plain sample is the draw of ones. Cut points are taken anew in
each draw, because they are estimates too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BOTTOM, TOP = 0.25, 0.75
# Cells of one block of draws (draws × units): about 50 MB of working memory.
BLOCK_CELLS = 2_000_000


@dataclass(frozen=True)
class Units:
    """Units of one outcome in order of engagement, arrays of shape (n,); `cluster` is numbered from 0."""

    engagement: np.ndarray
    value: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray


def sorted_units(engagement: np.ndarray, value: np.ndarray, weight: np.ndarray, cluster: np.ndarray) -> Units:
    """
    Sort units by engagement, ties by value, and number the clusters by first appearance there.

    Parameters
    ----------
    engagement, value, weight, cluster : array, shape (n,)
        Weights are those of the quartile means, positive; clusters may be any labels.

    Returns
    -------
    Units
        The same whatever the order of the rows or the names of the clusters.
    """
    order = np.lexsort((weight, value, engagement))
    _, first, codes = np.unique(cluster[order], return_index=True, return_inverse=True)
    codes = np.argsort(np.argsort(first))[codes]
    return Units(engagement[order], value[order], weight[order], codes)


def contrasts(units: Units, copies: np.ndarray) -> dict[str, np.ndarray]:
    """
    Cut points, sizes and means of the top and bottom quartile in each draw.

    Parameters
    ----------
    units : Units
        n units in G clusters.
    copies : array of int, shape (draws, G)
        How often each cluster is drawn.

    Returns
    -------
    dict of array, shape (draws,)
        ``p25``, ``p75`` (type 7, linear interpolation), ``n_bottom``, ``n_top`` (x ≤ p25, x ≥ p75, ties included),
        ``mean_bottom``, ``mean_top``, ``sd`` (of all units, n - 1). Means are NaN where p25 = p75.

    References
    ----------
    R. Hyndman, Y. Fan (1996), Sample Quantiles in Statistical Packages, *The American Statistician* 50(4), 361-365.
    """
    block = max(1, BLOCK_CELLS // len(units.value))
    parts = [_block(units, copies[start : start + block]) for start in range(0, len(copies), block)]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return found | {"sd": _sd(units, copies)}


def cluster_draws(n_clusters: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Clusters drawn with replacement: how often each comes, shape (n_draws, n_clusters)."""
    return rng.multinomial(n_clusters, np.full(n_clusters, 1 / n_clusters), size=n_draws).astype(np.int32)


def _block(units: Units, copies: np.ndarray) -> dict[str, np.ndarray]:
    copies = copies[:, units.cluster]
    cuts = _quantiles(units.engagement, copies)
    end_bottom = np.searchsorted(units.engagement, cuts[BOTTOM], side="right")
    start_top = np.searchsorted(units.engagement, cuts[TOP], side="left")
    apart = np.where(end_bottom <= start_top, 1.0, np.nan)
    bounds = end_bottom, start_top
    n_bottom, n_top = _sums(copies, *bounds)
    weight_bottom, weight_top = _sums(copies * units.weight, *bounds)
    sum_bottom, sum_top = _sums(copies * (units.weight * units.value), *bounds)
    return {
        "p25": cuts[BOTTOM],
        "p75": cuts[TOP],
        "n_bottom": n_bottom,
        "n_top": n_top,
        "mean_bottom": sum_bottom / weight_bottom * apart,
        "mean_top": sum_top / weight_top * apart,
    }


def _quantiles(values: np.ndarray, copies: np.ndarray) -> dict[float, np.ndarray]:
    """Type-7 quantiles of sorted values with whole-number copies, one per draw."""
    reached = np.cumsum(copies, axis=1, dtype=np.int64)
    n, draws = reached[:, -1], np.arange(len(copies))
    # Rows are laid end to end, each raised above the one before, so that one binary search serves them all.
    shift = draws * (n.max() + 1)
    ladder = (reached + shift[:, None]).ravel()

    def nth(rank: np.ndarray) -> np.ndarray:
        return values[np.searchsorted(ladder, rank + shift, side="right") - draws * copies.shape[1]]

    found = {}
    for share in (BOTTOM, TOP):
        position = (n - 1) * share
        below = np.floor(position).astype(np.int64)
        low, high = nth(below), nth(np.minimum(below + 1, n - 1))
        found[share] = low + (position - below) * (high - low)
    return found


def _sums(cells: np.ndarray, end_bottom: np.ndarray, start_top: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums over the first `end_bottom` cells and over those from `start_top` on, row by row; they may overlap."""
    n_draws, n = cells.shape
    first, last = np.minimum(end_bottom, start_top), np.maximum(end_bottom, start_top)
    starts = np.stack([np.zeros(n_draws, int), first, last], axis=1) + (np.arange(n_draws) * n)[:, None]
    sums = np.add.reduceat(np.append(cells.ravel(), 0), starts.ravel()).reshape(n_draws, 3)
    # An empty stretch comes back from reduceat as its first cell.
    left, middle, right = (sums * (np.stack([first, last - first, n - last], axis=1) > 0)).T
    shared = np.where(end_bottom > start_top, middle, 0)
    return left + shared, shared + right


def _sd(units: Units, copies: np.ndarray) -> np.ndarray:
    # Centred first: sums of squares of large values would cancel.
    centred = units.value - units.value.mean()
    n_clusters = copies.shape[1]
    n, total, squares = (
        copies @ np.bincount(units.cluster, weights=part, minlength=n_clusters)
        for part in (np.ones_like(centred), centred, centred**2)
    )
    return np.sqrt((squares - total**2 / n) / (n - 1))
