"""Shocks that units of one cluster share, such as the economy of a country, taken out period by period.

Effects of units and of periods within each cluster all nest in the clusters, so they drop out of cluster-robust errors
exactly, and each cluster is freed of its own by itself: hundreds of dummies never stand in one matrix.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.stats.estimates import NotApplicable
from helpers.stats.two_way import TwoWayFit, free_of_effects, two_way_fit


def shared_shock_fit(rows: pd.DataFrame, y: str, x: Sequence[str], *, cluster: str | None) -> TwoWayFit:
    """
    Regress y on the columns x with effects of entity and of each period within each cluster.

    Parameters
    ----------
    rows : DataFrame, shape (n, ...)
        ``entity``, ``time``, `y`, `x` and `cluster`, complete.
    y : str
    x : sequence of str, length k
    cluster : str or None
        Column of the clusters, each holding whole entities; None where each entity is its own.

    Returns
    -------
    TwoWayFit
        ``y = a_entity + b_cluster,time + x' coefficients + e``. Rows without another of their cluster and period, or of
        their entity, are left out.

    Raises
    ------
    NotApplicable
        Where no cluster holds two units in two periods, or x does not vary between them.

    References
    ----------
    J. Pustejovsky, E. Tipton (2018), *Journal of Business & Economic Statistics* 36(4), 672-683, theorem 2.
    """
    columns = [y, *x]
    kept = rows.head(0)
    if cluster is not None:
        kept = in_groups(rows.assign(shock=rows.groupby([cluster, "time"]).ngroup()), ("shock", "entity"))
    if kept.empty:
        raise NotApplicable("No units are known to share shocks with each other.")
    free = pd.concat([free_of_effects(part, columns) for _, part in kept.groupby(cluster)])
    return two_way_fit(kept.assign(**free), y, x, dummies=None, cluster=cluster)


def in_groups(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Keep the rows that share each of the columns with another row, in turns until none is left alone."""
    n_rows = -1
    while n_rows != (n_rows := len(rows)):
        for column in columns:
            rows = rows[rows.duplicated(column, keep=False)]
    return rows
