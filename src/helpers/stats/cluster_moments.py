"""Second moments of some columns, summed cluster by cluster, so that clusters can be drawn anew without the rows.

Any smooth function of a covariance matrix (a slope, a share of R²) gets its bootstrap draws from `drawn` and its
jackknife error from `without_each` alone. Known error variances can be taken off the diagonal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable

# With fewer, a bootstrap over clusters and a jackknife have nothing to go by.
MIN_CLUSTERS = 5
Statistic = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class ClusterMoments:
    """Sums over the rows of each of G clusters, of k columns.

    Parameters
    ----------
    columns : tuple of str
    weight : ndarray, shape (G,)
        Sum of the weights.
    sums : ndarray, shape (G, k)
    products : ndarray, shape (G, k, k)
    errors : ndarray, shape (G, k)
        Sums of known error variances; 0 where none is taken off.
    n : int
        Rows.
    """

    columns: tuple[str, ...]
    weight: np.ndarray
    sums: np.ndarray
    products: np.ndarray
    errors: np.ndarray
    n: int

    @property
    def n_clusters(self) -> int:
        """How many clusters there are."""
        return len(self.weight)

    @property
    def covariance(self) -> np.ndarray:
        """Covariance of all rows, shape (k, k)."""
        return self._covariances(np.ones((1, self.n_clusters)))[0]

    def drawn(self, rng: np.random.Generator, n_boot: int) -> np.ndarray:
        """Draw as many clusters with replacement, `n_boot` times: covariances of shape (n_boot, k, k)."""
        times = rng.multinomial(self.n_clusters, np.full(self.n_clusters, 1 / self.n_clusters), size=n_boot)
        return self._covariances(times.astype(float))

    def without_each(self) -> np.ndarray:
        """Leave out each cluster in turn: covariances of shape (G, k, k)."""
        return self._covariances(1.0 - np.eye(self.n_clusters))

    def standard_error(self, statistic: Statistic) -> np.ndarray:
        """Jackknife standard error, over clusters, of a statistic of covariances: (…, k, k) to (…, q)."""
        values = statistic(self.without_each())
        apart = values - values.mean(axis=0)
        return np.sqrt((self.n_clusters - 1) / self.n_clusters * (apart**2).sum(axis=0))

    def _covariances(self, times: np.ndarray) -> np.ndarray:
        weight = times @ self.weight
        mean = times @ self.sums / weight[:, None]
        k = len(self.columns)
        products = (times @ self.products.reshape(len(self.weight), -1)).reshape(-1, k, k) / weight[:, None, None]
        found = products - mean[:, :, None] * mean[:, None, :]
        found[:, np.arange(k), np.arange(k)] -= times @ self.errors / weight[:, None]
        return found


def cluster_moments(
    rows: pd.DataFrame, columns: Sequence[str], *, errors: Mapping[str, str] | None = None
) -> ClusterMoments:
    """
    Sum up rows by cluster.

    Parameters
    ----------
    rows : DataFrame, one row per observation
        The columns, ``cluster``, and where known ``weight`` and ``group``: values then count as deviations from the
        mean of their group, which lies within one cluster. Rows with a missing value are left out.
    columns : sequence of str
    errors : mapping of column to column, optional
        Columns that hold estimates of an error variance, one per row; missing ones count as the mean of the others.

    Returns
    -------
    ClusterMoments

    Raises
    ------
    NotApplicable
        With fewer than `MIN_CLUSTERS` clusters, or where a column does not vary.

    References
    ----------
    A. C. Cameron, D. Miller (2015), A practitioner's guide to cluster-robust inference, *Journal of Human Resources*
    50(2), 317-372 (bootstrap and jackknife over clusters).
    """
    rows = rows.dropna(subset=list(columns))
    code, names = pd.factorize(rows["cluster"])
    if len(names) < MIN_CLUSTERS:
        raise NotApplicable(
            "This needs {needed} groups of people; found {found}.", needed=MIN_CLUSTERS, found=len(names)
        )
    weight = rows["weight"].to_numpy(float) if "weight" in rows else np.ones(len(rows))
    values = rows[list(columns)].to_numpy(float)
    # Far from zero, products lose what sets values apart.
    values = values - values.mean(axis=0)
    if "group" in rows:
        values = values - _group_means(values, weight, pd.factorize(rows["group"])[0])
    spread = values.std(axis=0)
    if (spread < 1e-9).any():
        raise NotApplicable("All answers to one of these questions are the same.")
    known = np.zeros_like(values)
    for column, error in (errors or {}).items():
        found = rows[error].fillna(rows[error].mean()).to_numpy(float)
        known[:, list(columns).index(column)] = found

    def summed(part: np.ndarray) -> np.ndarray:
        total = np.zeros((len(names), *part.shape[1:]))
        np.add.at(total, code, part)
        return total

    products = values[:, :, None] * (weight[:, None] * values)[:, None, :]
    weighed = [summed(weight[:, None] * part) for part in (values, known)]
    return ClusterMoments(tuple(columns), summed(weight), weighed[0], summed(products), weighed[1], len(rows))


def _group_means(values: np.ndarray, weight: np.ndarray, group: np.ndarray) -> np.ndarray:
    total = np.zeros((group.max() + 1, values.shape[1]))
    np.add.at(total, group, weight[:, None] * values)
    return (total / np.bincount(group, weight)[:, None])[group]
