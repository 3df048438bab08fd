"""How published shares moved from the first period to the last, without an interval: nobody says what they rest on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class ShareChanges:
    """Changes of shares, see `share_changes`; `same` of `n` are those of which the median moved the same way."""

    table: pd.DataFrame
    same: int
    n: int


def share_changes(shares: pd.DataFrame, median: pd.DataFrame) -> ShareChanges:
    """
    First and last share of each answer, and the difference.

    Parameters
    ----------
    shares : DataFrame, shape (answers, periods)
        Between 0 and 1; periods in order.
    median : DataFrame, shape (answers, periods)
        The same for the median of the units; may have no rows.

    Returns
    -------
    ShareChanges
        `table` has one row per answer with a share in the last period, the most frequent first: ``term``, ``first``,
        ``last``, ``change`` (missing without a first share, and with one period).
    """
    table = _changes(shares)
    both = table.merge(_changes(median), on="term", suffixes=("", "_median")).dropna(subset=["change", "change_median"])
    same = np.sign(both["change"]) == np.sign(both["change_median"])
    return ShareChanges(table, int(same.sum()), len(both))


def _changes(shares: pd.DataFrame) -> pd.DataFrame:
    first = shares.iloc[:, 0] if shares.shape[1] > 1 else np.nan
    last = shares.iloc[:, -1]
    table = pd.DataFrame({"term": shares.index, "first": first, "last": last, "change": last - first})
    return table.dropna(subset=["last"]).sort_values("last", ascending=False, kind="stable", ignore_index=True)
