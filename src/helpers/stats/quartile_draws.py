"""Quartile contrasts of weighted units, many weightings at once: the arithmetic behind `quartiles`.

A *draw* gives every cluster a whole number of copies; the plain sample is the draw of ones. Cut points are taken anew
in each draw, because they are estimates too. A *cell* is a stretch of units in order of engagement: a draw is summed
cell by cell from totals of each cluster, and unit by unit only in the few cells where a quantile or a cut lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

import numpy as np
import pandas as pd
from scipy import sparse

BOTTOM, TOP = 0.25, 0.75
# Numbers in one block of draws (draws × clusters, or × cells): 4 MB, which stays in the processor's cache.
BLOCK_SIZE = 500_000
# A sparse product costs about 16 times a dense one, per number.
MIN_DENSITY = 1 / 16
# numpy's multinomial takes a binomial per cluster in turn; for many clusters, drawing one by one and counting is ten
# times faster. Fewer keep to the multinomial, so that reports keep their figures.
MAX_MULTINOMIAL = 10_000


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
        No number missing. Weights are those of the quartile means, positive; clusters may be any labels.

    Returns
    -------
    Units
        The same whatever the order of the rows or the names of the clusters.
    """
    order = np.lexsort((weight, value, engagement))
    codes, _ = pd.factorize(cluster[order], use_na_sentinel=False)
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
    order = _in_cells(units, copies.shape[1])
    block = max(1, BLOCK_SIZE // max(order.totals.shape))
    blocks = (copies[start : start + block] for start in range(0, len(copies), block))
    parts = [_block(order, drawn.astype(float, order="F")) for drawn in blocks]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def cluster_draws(n_clusters: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Clusters drawn with replacement: how often each comes, int16 of shape (n_draws, n_clusters)."""
    if n_clusters <= MAX_MULTINOMIAL:
        return rng.multinomial(n_clusters, np.full(n_clusters, 1 / n_clusters), size=n_draws).astype(np.int16)
    copies = np.empty((n_draws, n_clusters), np.int16)
    for draw in copies:
        draw[:] = np.bincount(rng.integers(n_clusters, size=n_clusters, dtype=np.uint32), minlength=n_clusters)
    return copies


@dataclass(frozen=True)
class _Order:
    """
    Units in cells, the last one filled up with units of no weight.

    `features` (cells * size, 3) are 1, weight and weight · value, `totals` (G, cells * 3) their sums; `moments` (G, 3)
    are the sums of 1, value and value², values centred because large ones would cancel.
    """

    engagement: np.ndarray
    size: int
    cluster: np.ndarray
    features: np.ndarray
    totals: np.ndarray | sparse.csr_array
    moments: np.ndarray


def _in_cells(units: Units, n_clusters: int) -> _Order:
    n = len(units.value)
    size = isqrt(n)
    cells = -(-n // size)
    filled = ((0, cells * size - n), (0, 0))
    features = np.pad(np.stack([np.ones(n), units.weight, units.weight * units.value], axis=1), filled)
    cluster = np.pad(units.cluster, filled[0])
    columns = np.arange(cells).repeat(size)[:, None] * 3 + np.arange(3)
    places = cluster.repeat(3), columns.ravel()
    totals = sparse.coo_array((features.ravel(), places), shape=(n_clusters, cells * 3)).tocsr()
    dense = totals.nnz >= MIN_DENSITY * totals.shape[0] * totals.shape[1]
    centred = units.value - units.value.mean()
    moments = [np.bincount(units.cluster, centred**power, minlength=n_clusters) for power in range(3)]
    totals = totals.toarray() if dense else totals
    return _Order(units.engagement, size, cluster, features, totals, np.stack(moments, axis=1))


def _block(order: _Order, copies: np.ndarray) -> dict[str, np.ndarray]:
    cells = (copies @ order.totals).reshape(len(copies), -1, 3)
    p25, p75 = (_quantile(order, copies, cells[:, :, 0], share) for share in (BOTTOM, TOP))
    last_bottom = np.searchsorted(order.engagement, p25, side="right") - 1
    n_bottom, weight_bottom, sum_bottom = _sums(order, copies, cells, last_bottom, step=-1)
    n_top, weight_top, sum_top = _sums(order, copies, cells, np.searchsorted(order.engagement, p75), step=1)
    n, total, squares = (copies @ order.moments).T
    apart = np.where(p25 < p75, 1.0, np.nan)
    return {
        "p25": p25,
        "p75": p75,
        "n_bottom": n_bottom.astype(np.int64),
        "n_top": n_top.astype(np.int64),
        "mean_bottom": sum_bottom / weight_bottom * apart,
        "mean_top": sum_top / weight_top * apart,
        "sd": np.sqrt((squares - total**2 / n) / (n - 1)),
    }


def _quantile(order: _Order, copies: np.ndarray, counts: np.ndarray, share: float) -> np.ndarray:
    """Type-7 quantile of engagement, one per draw; `counts` are the units drawn in each cell."""
    reached = counts.cumsum(axis=1)
    position = (reached[:, -1] - 1) * share

    def nth(rank: np.ndarray) -> np.ndarray:
        cell = (reached <= rank[:, None]).sum(axis=1)
        before = np.take_along_axis(reached - counts, cell[:, None], axis=1)
        places, drawn = _members(order, copies, cell)
        inside = (before + drawn.cumsum(axis=1) <= rank[:, None]).sum(axis=1)
        return order.engagement[places[:, 0] + inside]

    below = np.floor(position)
    low, high = nth(below), nth(np.minimum(below + 1, reached[:, -1] - 1))
    return low + (position - below) * (high - low)


def _sums(order: _Order, copies: np.ndarray, cells: np.ndarray, edge: np.ndarray, step: int) -> np.ndarray:
    """Sums of the features from the unit at `edge` on, upwards (`step` 1) or downwards (-1): shape (3, draws)."""
    cell = edge // order.size
    whole = step * (np.arange(cells.shape[1]) - cell[:, None]) > 0
    places, drawn = _members(order, copies, cell)
    drawn = drawn * (step * (places - edge[:, None]) >= 0)
    return np.einsum("dc,dcf->fd", whole, cells) + np.einsum("du,duf->fd", drawn, order.features[places])


def _members(order: _Order, copies: np.ndarray, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of the units of one cell per draw, and how often each is drawn: two arrays of shape (draws, size)."""
    places = cell[:, None] * order.size + np.arange(order.size)
    return places, np.take_along_axis(copies, order.cluster[places], axis=1)
