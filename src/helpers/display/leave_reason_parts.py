"""The part of a page that tells why people want to leave, where a source has published it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pandas as pd

from helpers.display import plots
from helpers.display.parts import Part
from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words
from helpers.display.wording import leave_reasons as wording
from helpers.display.wording.numbers import is_missing
from helpers.release import ReleasedTable


class LeaveReasons(Protocol):
    """What `helpers.datasets.leave_reasons` answers with."""

    name: str
    shares: pd.DataFrame
    table: ReleasedTable


class ShareChanges(Protocol):
    """What `helpers.stats.share_changes` answers with."""

    table: pd.DataFrame
    same: int
    n: int


def names(words: Words) -> Callable[[str], str]:
    """Give the function that names a reason as readers know it."""
    return lambda reason: wording.listed_name(reason, words)


def wishes_part(reasons: LeaveReasons, changes: ShareChanges, words: Words) -> Part:
    """Show the shares of reasons in every period, and what rose and fell.

    Parameters
    ----------
    reasons : LeaveReasons
    changes : ShareChanges
        Of the shares.
    words : Words

    Returns
    -------
    Part
    """
    periods, rows = list(reasons.shares.columns), changes.table
    measure = reasons.table.frame["measure"].iloc[0]
    chart = plots.figure(
        lambda: plots.plot_intervals(reasons.table, words, measure=measure, period=periods[-1]),
        alt=wording.shares_alt(rows, words, period=periods[-1]),
        table=_table(reasons, rows, words),
    )
    return Part(
        [
            wording.first_sentences(rows, words, period=periods[-1]),
            wording.change_sentences(rows, words, periods=periods),
            chart,
            wording.median_sentence(changes.same, changes.n, words),
            wording.limits_sentences(words),
        ]
    )


def _table(reasons: LeaveReasons, changes: pd.DataFrame, words: Words) -> Table:
    rows = changes.merge(reasons.shares, left_on="term", right_index=True).to_dict("records")
    columns = [Column(words.text("Reason"), lambda row: wording.listed_name(row["term"], words), is_number=False)]
    columns += [
        Column(words.period(period), lambda row, period=period: _cell(row[period], words))
        for period in reasons.shares.columns
    ]
    if changes["change"].notna().any():
        columns.append(Column(wording.change_title(words), lambda row: _change(row["change"], words)))
    return table_of(rows, columns, words, caption=wording.shares_caption(words, name=reasons.name))


def _cell(share: float, words: Words) -> str:
    return "" if is_missing(share) else wording.share_text(share, words)


def _change(change: float, words: Words) -> str:
    return "" if is_missing(change) else wording.change_text(change, words)
