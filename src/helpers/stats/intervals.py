"""Confidence intervals of scores, and of their changes from one period to the next.

A *score* is one row per unit, period and measure, with the kind of measure: ``nps`` (points), ``mean``, ``rate`` (0-1)
or ``value`` (an outcome taken as it is). The interval says what other answers of the same unit could have given; it is
never clipped. A *change* is against the period before on the calendar, so after a gap there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from helpers.stats.estimates import check_conf_level
from helpers.stats.nps import adjusted_wald, square_and_add

SCORE_KEY = ["unit_id", "measure", "time"]
REQUIRED = ("kind", "estimate", "n_effective", "se")
# Room for rounding when shares are rebuilt from a score and its error; a larger error was not a plug-in one.
SHARE_TOLERANCE = 1e-6

Limits = tuple[pd.Series, pd.Series]


def score_intervals(scores: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Add a confidence interval to each score.

    Parameters
    ----------
    scores : DataFrame, shape (rows, ...)
        ``kind``, ``estimate``, ``n_effective``, ``se`` (unknown: NaN); rates 0-1, NPS in points.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (rows, ... + 3)
        The same rows with ``ci_low``, ``ci_high``, ``conf_level``; NaN where n or se does not allow an interval.

    Raises
    ------
    ValueError
        For a missing column, an unknown kind or a rate outside 0-1.

    Notes
    -----
    - ``nps``: adjusted Wald. The shares follow from the row: ``p + d = n se**2 + e**2`` and ``p - d = e``, with e and
      se divided by 100. Where they would exceed 1, `se` is not the plug-in error and the interval is e ± z · se.
    - ``rate``: Wilson. ``mean``: e ± t(n - 1) · se, none where se is 0. ``value``: e ± t(n - 1) · se if se is
      known, with z if n is not.

    References
    ----------
    B. Rocks (2016), *The American Statistician* 70(4); E. Wilson (1927), *JASA* 22, 209-212.
    """
    low, high = _limits(scores, conf_level)
    return scores.assign(ci_low=low, ci_high=high, conf_level=conf_level)


def score_changes(
    scores: pd.DataFrame, *, conf_level: float = 0.95, times: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """
    Add the change of each score since the period before, with its interval.

    Parameters
    ----------
    scores : DataFrame, shape (rows, ...)
        ``unit_id``, ``period``, ``measure``, ``n`` and the columns `score_intervals` needs; one row per unit, period
        and measure.
    conf_level : float
        Between 0 and 1.
    times : mapping of str to int, optional
        Calendar time of each period, counted in periods; without it `scores` must have an integer column ``time``.

    Returns
    -------
    DataFrame, shape (rows, ... + 4)
        The same rows with ``change``, ``change_low``, ``change_high`` and ``n_previous`` (the other group that the
        change rests on). NaN where the period before is absent: a gap is not a previous period.

    Raises
    ------
    ValueError
        For a missing column, a period without a time, or two rows of one unit, period and measure.

    Notes
    -----
    The interval is `square_and_add` of the intervals of the two scores, so never of zero width because all agreed. It
    treats the two waves as independent; the same people answering twice makes it too wide.

    References
    ----------
    G. Zou, A. Donner (2008), Construction of confidence limits about effect measures, *Statistics in Medicine* 27.
    """
    low, high = _limits(scores, conf_level)
    now = scores[["unit_id", "measure", "estimate", "n"]].assign(time=_time(scores, times), low=low, high=high)
    if now.duplicated(SCORE_KEY).any():
        raise ValueError(f"scores must have one row per {SCORE_KEY}; found {now.duplicated(SCORE_KEY).sum()} doubles.")
    before = now.assign(time=now["time"] + 1)
    both = now.merge(before, how="left", on=SCORE_KEY, suffixes=("", "_before")).set_index(scores.index)
    change_low, change_high = square_and_add(
        both["estimate"],
        (both["low"], both["high"]),
        both["estimate_before"],
        (both["low_before"], both["high_before"]),
    )
    change = both["estimate"] - both["estimate_before"]
    return scores.assign(change=change, change_low=change_low, change_high=change_high, n_previous=both["n_before"])


def _time(scores: pd.DataFrame, times: Mapping[str, int] | None) -> pd.Series:
    if times is None and "time" not in scores:
        raise ValueError("scores must have a column 'time' when times is not given; found none.")
    time = scores["time"] if times is None else scores["period"].map(dict(times))
    if time.isna().any():
        raise ValueError(f"times must name every period; found none for {scores.loc[time.isna(), 'period'].iloc[0]!r}.")
    return time.astype("int64")


def _limits(scores: pd.DataFrame, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    check_conf_level(conf_level)
    missing = [column for column in REQUIRED if column not in scores]
    if missing:
        raise ValueError(f"scores must have the columns {', '.join(REQUIRED)}; found none named {', '.join(missing)}.")
    unknown = sorted(set(scores["kind"]) - set(_LIMITS))
    if unknown:
        raise ValueError(f"kind must be one of {', '.join(_LIMITS)}; found {unknown[0]!r}.")
    both = np.full((2, len(scores)), np.nan)
    for kind, limits in _LIMITS.items():
        rows = (scores["kind"] == kind).to_numpy()
        both[:, rows] = limits(scores.loc[rows, list(REQUIRED[1:])].astype(float), conf_level)
    return both[0], both[1]


def _nps_limits(scores: pd.DataFrame, conf_level: float) -> Limits:
    score, n = scores["estimate"] / 100, scores["n_effective"].where(scores["n_effective"] > 0)
    spread = n * (scores["se"] / 100) ** 2 + score**2
    possible = spread <= 1 + SHARE_TOLERANCE
    spread = spread.clip(score.abs(), 1.0)
    low, high = adjusted_wald((spread + score) / 2, (spread - score) / 2, n, conf_level=conf_level)
    plain_low, plain_high = _t_limits(scores, np.inf, conf_level)
    return low.where(possible, plain_low), high.where(possible, plain_high)


def _rate_limits(scores: pd.DataFrame, conf_level: float) -> Limits:
    rate, n = scores["estimate"], scores["n_effective"].where(scores["n_effective"] > 0)
    impossible = rate[(rate < 0) | (rate > 1)]
    if len(impossible):
        raise ValueError(f"a rate must lie between 0 and 1; found {impossible.iloc[0]} (row {impossible.index[0]}).")
    z2 = ndtri(0.5 + conf_level / 2) ** 2
    centre = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (rate * (1 - rate) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return centre - half, centre + half


def _mean_limits(scores: pd.DataFrame, conf_level: float) -> Limits:
    # Equal answers give se = 0, which means "cannot be judged", not "certain".
    n, se = scores["n_effective"], scores["se"]
    return _t_limits(scores.assign(se=se.where(se > 0)), (n - 1).where(n > 1), conf_level)


def _value_limits(scores: pd.DataFrame, conf_level: float) -> Limits:
    n = scores["n_effective"]
    return _t_limits(scores, (n - 1).where(n > 1).where(n.notna(), np.inf), conf_level)


def _t_limits(scores: pd.DataFrame, df: pd.Series | float, conf_level: float) -> Limits:
    half = stdtrit(df, 0.5 + conf_level / 2) * scores["se"]
    return scores["estimate"] - half, scores["estimate"] + half


_LIMITS = {"nps": _nps_limits, "mean": _mean_limits, "rate": _rate_limits, "value": _value_limits}
