"""Traces of counts of people, such as spells of absence, beside those of scores; see `helpers.release.history`.

Counts come as sums. So nobody can say how many people a correction is of, and each counts as one person's: a unit of
which anything changed since an earlier release is hidden, with those above it, as a unit with one late answer is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.release.history import TRACE, hide_against
from helpers.release.mask import EARLIER, GROUP, KEYS, Mask
from helpers.release.withholding import line_above

_BITS = 48


def count_trace(
    rows: pd.DataFrame, parents: Mapping[str, str], told: Collection[tuple[str, str]], *, family: str, min_group: int
) -> pd.DataFrame:
    """Write down what is told of counts.

    Parameters
    ----------
    rows : DataFrame, one row or several per unit and period
        ``unit_id``, ``period``, ``n`` (people, or the smallest count of the unit itself; the same in all rows of a unit
        and period) and all else that is told.
    parents : mapping of str to str
        Of each unit; empty for a root.
    told : collection of (unit, period)
    family : str
    min_group : int

    Returns
    -------
    DataFrame, one row per unit and period with any row, or with one below
        Columns of `helpers.release.history.TRACE`. ``n`` lies between 1 and `min_group` where the unit itself has rows,
        so that no correction is of `min_group` people; ``mark`` is made of all that is told.
    """
    own = rows.assign(mark=_marks(rows.drop(columns=["unit_id", "period", "n"])))
    own = own.groupby(["period", "unit_id"]).agg(n=("n", "min"), mark=("mark", "sum"))
    own["n"] = own["n"].clip(1, min_group)
    keys = sorted({(period, one) for period, unit in own.index for one in line_above(unit, parents)})
    index = pd.MultiIndex.from_tuples(keys, names=["period", "unit_id"])
    trace = own.reindex(index, fill_value=0).reset_index()
    known = set(told)
    released = [(unit, period) in known for unit, period in zip(trace["unit_id"], trace["period"], strict=True)]
    trace = trace.assign(
        family=family,
        parent_id=trace["unit_id"].map(parents).fillna(""),
        n=trace["n"].astype("int64"),
        mark=1.0 + (trace["mark"].to_numpy("uint64") % np.uint64(2**_BITS)) / 2.0**_BITS,
        released=np.array(released, dtype=bool),
    )
    return trace.astype(dict.fromkeys([*KEYS, "parent_id"], "str"))[TRACE]


def with_counts(mask: Mask, trace: pd.DataFrame) -> Mask:
    """Add to a mask the units of a trace of counts, hidden where they are not told."""
    rows = trace[KEYS].assign(hidden_by=np.where(trace["released"], "", GROUP)).astype("str")
    return Mask(pd.concat([mask.frame, rows], ignore_index=True), mask.min_group)


def with_withheld(mask: Mask, trace: pd.DataFrame, earlier: Sequence[pd.DataFrame]) -> Mask:
    """Add to a mask what earlier releases keep hidden of a trace, and nothing else of it."""
    rows = hide_against(with_counts(Mask(mask.frame.head(0), mask.min_group), trace), trace, earlier).frame
    rows = rows[rows["hidden_by"] == EARLIER]
    return Mask(pd.concat([mask.frame, rows], ignore_index=True), mask.min_group) if len(rows) else mask


def released_by(trace: pd.DataFrame, mask: Mask) -> pd.DataFrame:
    """Take back in a trace what a mask hides because of earlier releases."""
    hidden = mask.frame.loc[mask.frame["hidden_by"] == EARLIER, KEYS]
    is_hidden = pd.MultiIndex.from_frame(trace[KEYS]).isin(pd.MultiIndex.from_frame(hidden))
    return trace.assign(released=trace["released"].astype(bool) & ~is_hidden)


def joined_traces(*traces: pd.DataFrame) -> pd.DataFrame:
    """Put traces below each other."""
    return pd.concat([one for one in traces if len(one)] or [traces[0]], ignore_index=True)


def _marks(told: pd.DataFrame) -> np.ndarray:
    """Give each row a number that nearly always differs when anything told does."""
    found: dict[tuple[object, ...], int] = {}
    rows = list(zip(*(told[column].tolist() for column in told), strict=True))
    for row in rows:
        if row not in found:
            found[row] = int.from_bytes(hashlib.sha256(repr(row).encode()).digest()[: _BITS // 8], "big")
    return np.array([found[row] for row in rows], dtype=np.uint64)
