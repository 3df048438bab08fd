"""Why people leave: shares of reasons with intervals that hold all at once, and their trend over the years."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.distribution import goodman_limits
from helpers.stats.estimates import NotApplicable, check_conf_level, with_intervals

# With fewer years a straight line is hardly more than its ends.
FEWEST_YEARS = 4


def reason_shares(counts: pd.Series, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Share of each reason.

    Parameters
    ----------
    counts : Series of int, by reason
        Leavers.
    conf_level : float
        The chance that all intervals hold.

    Returns
    -------
    DataFrame, one row per reason, the most frequent first
        ``term`` (the reason), ``estimate`` (0 to 1), ``ci_low``, ``ci_high``, ``conf_level``, ``n``.

    Raises
    ------
    NotApplicable
        Without leavers.

    Notes
    -----
    Goodman's intervals, see `distribution.class_shares`.

    References
    ----------
    L. Goodman (1965), *Technometrics* 7(2), 247-254.
    """
    check_conf_level(conf_level)
    n = float(counts.sum())
    if not n:
        raise NotApplicable("Nobody gave a reason for leaving.")
    shares = counts.to_numpy(float) / n
    low, high = goodman_limits(shares, n, conf_level)
    table = pd.DataFrame({"term": counts.index, "estimate": shares, "ci_low": low, "ci_high": high})
    table = table.assign(conf_level=conf_level, n=counts.to_numpy())
    return table.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)


def reason_trends(counts: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Change per year in the share of each reason.

    Parameters
    ----------
    counts : DataFrame, shape (years, reasons)
        Leavers; the index holds the years as numbers, columns the reasons. Years without leavers are left out.
    conf_level : float
        The chance that all intervals hold.

    Returns
    -------
    DataFrame, one row per reason
        `ESTIMATE_COLUMNS` with ``term`` the reason and ``estimate`` the change of the share per year.

    Raises
    ------
    NotApplicable
        With fewer than four years, or where all gave the same reason; a reason that all or none gave has no row.

    Notes
    -----
    The slope of the share on the year, years weighted by leavers n. Its variance is ``phi p (1 - p) / Σ n (t - mean)²``
    with phi the Pearson dispersion around the line, at least 1: shares that jump between years more than chance has it
    make it wider. Intervals use t(years - 2) at ``1 - alpha / reasons`` (Bonferroni).

    References
    ----------
    P. McCullagh, J. Nelder (1989), *Generalized Linear Models*, 2nd ed., section 4.5 (overdispersion).
    """
    check_conf_level(conf_level)
    n = counts.sum(axis=1).to_numpy(float)
    counts, n = counts[n > 0], n[n > 0]
    if len(counts) < FEWEST_YEARS:
        raise NotApplicable(
            "A trend of reasons needs {needed} years; found {found}.", needed=FEWEST_YEARS, found=len(n)
        )
    counts = counts.loc[:, (counts.sum() > 0) & (counts.sum() < n.sum())]
    if counts.empty:
        raise NotApplicable("All who left gave the same reason, so no share can have changed.")
    years = counts.index.to_numpy(float)
    apart = years - np.average(years, weights=n)
    squares = float((n * apart**2).sum())
    shares = counts.to_numpy(float) / n[:, None]
    mean = np.average(shares, axis=0, weights=n)
    slope = (n * apart) @ shares / squares
    spread = mean * (1 - mean)
    rest = shares - mean - apart[:, None] * slope
    df = len(counts) - 2
    phi = np.maximum((n[:, None] * rest**2).sum(axis=0) / spread / df, 1.0)
    table = pd.DataFrame({"term": counts.columns, "estimate": slope, "se": np.sqrt(phi * spread / squares)})
    wide = 1 - (1 - conf_level) / len(table)
    table = with_intervals(table.assign(df=float(df), n=int(n.sum())), wide)
    return table.assign(conf_level=conf_level)
