"""Bands: what is told of a group whose exact figure would tell what nearly each of its members answered.

A *band* is open at its end (90 % or more). Its edge depends on the size of the group only, never on the answers, so
that being in it says no more than the band itself.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

# Sizes of groups, and the share from which a band begins: one person is never more than this share of such a group.
_SHARES = ((1000, 0.001), (100, 0.01), (30, 0.05))
SIZES = (5, 10, 15, 20, 30)
RESPONSE_RATE = "response_rate"
RESPONSE_STEP = 0.05
# Rebuilt counts of people carry the rounding of the score they come from.
ROUNDING = 1e-6


def edge_share(n: pd.Series, min_group: int) -> pd.Series:
    """Give the share of a group below which, and above one minus which, only a band is told.

    Parameters
    ----------
    n : Series, shape (rows,)
        Answers, at least `min_group`.
    min_group : int

    Returns
    -------
    Series, shape (rows,)
        At least 1 / n.
    """
    choices = [n >= size for size, _ in _SHARES]
    return pd.Series(np.select(choices, [share for _, share in _SHARES], 1.0 / min_group), index=n.index)


def edges(kind: pd.Series, n: pd.Series, min_group: int) -> tuple[pd.Series, pd.Series]:
    """Give the lowest and highest value told, infinite for kinds without a scale of shares.

    Parameters
    ----------
    kind : Series of {"nps", "rate", "percent", ...}, shape (rows,)
    n : Series, shape (rows,)
    min_group : int

    Returns
    -------
    low, high : Series, shape (rows,)
        In the unit of the kind: points, 0 to 1, 0 to 100.
    """
    share = edge_share(n, min_group)
    points = 100 - 200 * share
    low = pd.Series(
        np.select([kind == "nps", kind == "rate", kind == "percent"], [-points, share, 100 * share], -np.inf)
    )
    high = pd.Series(
        np.select([kind == "nps", kind == "rate", kind == "percent"], [points, 1 - share, 100 * (1 - share)], np.inf)
    )
    return low.set_axis(n.index), high.set_axis(n.index)


def is_uniform(scores: pd.DataFrame) -> pd.Series:
    """Tell where all, or all but one, are known to have given the same answer though the value is no extreme.

    Parameters
    ----------
    scores : DataFrame, shape (rows, ...)
        ``kind``, ``estimate``, ``se``, ``n`` and, where answers are weighted, ``n_effective``.

    Returns
    -------
    Series of bool, shape (rows,)
        Means without any spread; Net Promoter Scores with at most one who is no passive.
    """
    alike = (scores["kind"] == "mean") & (scores["se"] == 0)
    return alike | ((scores["kind"] == "nps") & (not_passive(scores) <= 1 + ROUNDING))


def not_passive(scores: pd.DataFrame) -> pd.Series:
    """Count promoters and detractors behind Net Promoter Scores, from the plug-in standard error; see `is_uniform`."""
    n_effective = scores.get("n_effective", scores["n"]).fillna(scores["n"])
    share = n_effective * (scores["se"] / 100) ** 2 + (scores["estimate"] / 100) ** 2
    return scores["n"] * share


def size_band(n: float) -> tuple[int, int] | None:
    """Give the first and last number of the band that a number of answers lies in; None where it is told exactly."""
    for low, beyond in pairwise(SIZES):
        if low <= n < beyond:
            return low, beyond - 1
    return None


def banded_sizes(n: pd.Series) -> pd.Series:
    """Replace numbers of answers below 30 by the first number of their band."""
    places = np.searchsorted(SIZES, n.to_numpy(float), side="right") - 1
    lower = np.asarray(SIZES, dtype=float)[np.clip(places, 0, None)]
    return n.where((n >= SIZES[-1]) | n.isna() | (places < 0), lower)


def shared_out(shares: np.ndarray, n: float, min_group: int) -> np.ndarray:
    """Even out the shares of answers that too few people gave, so that none of them is told.

    Parameters
    ----------
    shares : ndarray, shape (categories,)
        Of one question in one group; they add up to 1.
    n : float
        Answers.
    min_group : int

    Returns
    -------
    ndarray, shape (categories,)
        Categories that nobody or at least `min_group` people chose keep their share. Where the others hold that many
        together, each has their mean share. Where they hold fewer, they have half of `min_group` people together,
        whatever their number, and the largest category the rest. Where all chose one category, it looks as if a few had
        chosen the one beside it. The sum stays 1.
    """
    counts = np.rint(shares * n)
    few = (counts > 0) & (counts < min_group)
    if (counts > 0).sum() == 1 < len(counts) and not few.any():
        only = int(counts.argmax())
        few[only - 1 if only else 1] = True
    result = shares.astype(float).copy()
    if counts[few].sum() >= min_group:
        result[few] = result[few].mean()
    elif few.any():
        result[few] = min_group / (2 * n) / few.sum()
        largest = int(np.where(few, -1, counts).argmax())
        result[largest] = 1 - np.delete(result, largest).sum()
    return result
