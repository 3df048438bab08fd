"""Kaplan-Meier curves with delayed entry, with intervals from errors clustered by unit.

A curve is of a *group* of spells: whoever changes group over time is at risk in each while in it, so that a curve tells
of somebody who would always be in that group.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.cluster_robust import cluster_sums
from helpers.stats.estimates import NotApplicable, check_conf_level


def survival_curve(spells: pd.DataFrame, times: Sequence[float], *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Share still there at given times, of those who were there at the first.

    Parameters
    ----------
    spells : DataFrame, shape (n, ...)
        ``entry``, ``exit`` (same unit of time), ``event`` (bool), ``cluster``.
    times : sequence of float
        Rising; at the first the share is 1, so that few at risk before it do no harm.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, one row per time
        ``time``, ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n_at_risk`` (spells at risk just after it),
        ``n_events`` (since the time before), ``n_clusters``. No interval where nobody left yet, with fewer than two
        clusters, or where everybody left.

    Raises
    ------
    NotApplicable
        When nobody is at risk at the first time.

    Notes
    -----
    ``S(t) = Π (1 - d / Y)`` over event times, with d events and Y spells with ``entry < time <= exit``. A spell adds
    ``- Σ (dN - Y_i d / Y) / (Y - d)`` to log S; the variance is ``G / (G - 1)`` times the sum of squares of these by
    cluster (the infinitesimal jackknife), the interval on the scale of log(-log S) with t(G - 1).

    References
    ----------
    E. Kaplan, P. Meier (1958), *JASA* 53, 457-481; S. Snapinn, Q. Jiang, B. Iglewicz (2005), *The American
    Statistician* 59(4), 301-307 (groups that change); T. Therneau, P. Grambsch (2000), *Modeling Survival Data*.
    """
    check_conf_level(conf_level)
    times = np.asarray(times, float)
    entry, leave = spells["entry"].to_numpy(float), spells["exit"].to_numpy(float)
    cluster = pd.factorize(spells["cluster"])[0]
    at_risk = np.array([((entry <= time) & (leave > time)).sum() for time in times])
    if not len(times) or not at_risk[0]:
        raise NotApplicable("Nobody was employed long enough to follow.")
    counted = spells["event"].to_numpy(bool) & (leave > times[0]) & (leave <= times[-1])
    moments, at = np.unique(leave[counted], return_inverse=True)
    events = np.bincount(at, minlength=len(moments)).astype(float)
    first, last = (np.searchsorted(moments, when, side="right") for when in (entry, leave))
    change = np.bincount(first, minlength=len(moments) + 1) - np.bincount(last, minlength=len(moments) + 1)
    risk = np.cumsum(change)[:-1].astype(float)
    log_share = np.r_[0.0, np.cumsum(np.log1p(-events / risk, where=events < risk, out=np.full(len(risk), -np.inf)))]
    place = np.searchsorted(moments, times, side="right")
    se = _errors(place, first, last, counted, at, events, risk, cluster)
    table = pd.DataFrame({"time": times, "estimate": np.exp(log_share[place])})
    n_clusters = int(cluster.max()) + 1
    low, high = _limits(log_share[place], se, n_clusters, conf_level)
    table = table.assign(ci_low=low, ci_high=high, conf_level=conf_level, n_at_risk=at_risk)
    return table.assign(n_events=np.diff(np.r_[0, np.r_[0.0, np.cumsum(events)][place]]), n_clusters=n_clusters)


def _errors(
    place: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    counted: np.ndarray,
    at: np.ndarray,
    events: np.ndarray,
    risk: np.ndarray,
    cluster: np.ndarray,
) -> np.ndarray:
    """Standard error of log S at each of the times."""
    left = np.where(events < risk, risk - events, np.nan)
    past = np.r_[0.0, np.cumsum(events / risk / left)]
    jump = np.zeros(len(cluster))
    jump[counted] = 1 / left[at]
    when = np.full(len(cluster), len(events))
    when[counted] = at
    n_clusters = int(cluster.max()) + 1
    found = []
    for until in place:
        exposed = past[np.minimum(last, until)] - past[np.minimum(first, until)]
        influence = np.where(when < until, jump, 0.0) - exposed
        by_cluster = cluster_sums(influence, cluster)
        found.append(np.sqrt((by_cluster**2).sum() * n_clusters / (n_clusters - 1 or np.nan)))
    return np.array(found)


def _limits(log_share: np.ndarray, se: np.ndarray, n_clusters: int, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    known = np.isfinite(log_share) & (log_share < 0) & np.isfinite(se) & (n_clusters > 1)
    hazard = np.where(known, -log_share, np.nan)
    half = stats.t.ppf(0.5 + conf_level / 2, max(n_clusters - 1, 1)) * se / hazard
    return np.exp(-hazard * np.exp(half)), np.exp(-hazard * np.exp(-half))
