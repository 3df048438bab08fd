"""Correlation of two figures over units that hang together in clusters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.estimates import NotApplicable, check_conf_level, tried, unless_reason

# The sampling error of a correlation of fewer units is itself a guess.
MIN_UNITS = 10


def unit_correlation(
    units: pd.DataFrame, x: str, y: str, *, cluster: str = "cluster", conf_level: float = 0.95
) -> dict[str, float]:
    """
    Correlation of x and y over units, with an interval that allows for clusters.

    Parameters
    ----------
    units : DataFrame, one row per unit
        `x`, `y` (rows without either count for nothing) and `cluster`.
    x, y, cluster : str
        Columns.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    dict
        ``estimate``, ``se``, ``df``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``, ``n_clusters``.

    Raises
    ------
    NotApplicable
        With fewer than `MIN_UNITS` units or `cluster_robust.MIN_CLUSTERS` clusters, or a figure that does not vary.

    Notes
    -----
    With z-scores, the influence of a unit on r is ``z_x z_y - r (z_x² + z_y²) / 2``; ``se² = G / (G - 1) Σ_g S_g² /
    n²`` over its sums S by cluster. The interval is ``tanh(atanh r ± t(G - 1) se / (1 - r²))``.

    References
    ----------
    J. Steiger, A. Hakstian (1982), *British Journal of Mathematical and Statistical Psychology* 35(2), 208-215 (error
    without normality); R. Fisher (1921), *Metron* 1, 3-32.
    """
    check_conf_level(conf_level)
    known = units[units[[x, y]].notna().all(axis=1)]
    n, n_clusters = len(known), known[cluster].nunique()
    if n < MIN_UNITS:
        raise NotApplicable("Comparing units needs {needed} of them; found {found}.", needed=MIN_UNITS, found=n)
    if n_clusters < MIN_CLUSTERS:
        raise NotApplicable(
            "Errors by cluster need {needed} clusters; found {found}.", needed=MIN_CLUSTERS, found=n_clusters
        )
    values = known[[x, y]].to_numpy(float)
    spread = values.std(axis=0)
    if not (spread > 0).all():
        raise NotApplicable("Units do not differ in {column}.", column=y if spread[0] > 0 else x)
    a, b = ((values - values.mean(axis=0)) / spread).T
    r = float(np.clip((a * b).mean(), -1, 1))
    sums = pd.Series(a * b - r * (a**2 + b**2) / 2).groupby(known[cluster].to_numpy()).sum()
    se = float(np.sqrt(n_clusters / (n_clusters - 1) * (sums**2).sum())) / n
    low, high = _fisher(r, se, n_clusters - 1, conf_level)
    figures = {"estimate": r, "se": se, "df": n_clusters - 1.0, "ci_low": low, "ci_high": high}
    return figures | {"conf_level": conf_level, "n": n, "n_clusters": n_clusters}


def unit_correlations(
    units: pd.DataFrame, x: str, outcomes: Sequence[str], *, cluster: str = "cluster", conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Correlation of x with several figures over units, with intervals that hold all of them at once.

    Parameters
    ----------
    units, x, cluster
        As for `unit_correlation`.
    outcomes : sequence of str
        The first one must have a correlation; others are left out where there is none.
    conf_level : float
        Between 0 and 1: the chance that all intervals hold (Bonferroni).

    Returns
    -------
    DataFrame, one row per outcome
        ``term`` (the outcome), and what `unit_correlation` gives.

    Raises
    ------
    NotApplicable
        As `unit_correlation`, for the first outcome.
    """
    check_conf_level(conf_level)
    level = 1 - (1 - conf_level) / len(outcomes)

    def row(y: str) -> dict[str, object]:
        return {"term": y} | unit_correlation(units, x, y, cluster=cluster, conf_level=level)

    first, *others = (tried(lambda y=y: row(y)) for y in outcomes)
    rows = [unless_reason(first), *(found for found in others if not isinstance(found, NotApplicable))]
    return pd.DataFrame(rows).assign(conf_level=conf_level)


def _fisher(r: float, se: float, df: int, conf_level: float) -> tuple[float, float]:
    if 1 - r**2 <= np.finfo(float).eps:
        return np.nan, np.nan
    half = stats.t.ppf(0.5 + conf_level / 2, df) * se / (1 - r**2)
    return float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))
