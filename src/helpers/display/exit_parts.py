"""Parts of the page on absence and leaving that tell how long people stay, and why they left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import pandas as pd

from helpers.display import plots
from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part
from helpers.display.tables import Column, table_of
from helpers.display.wording import Words, exit_curves, exit_reasons
from helpers.display.wording.scores import interval_text, value_text
from helpers.release import ReleasedTable


class ExitReasons(Protocol):
    """What `helpers.datasets.exit_reasons` answers with."""

    name: str
    counts: pd.DataFrame
    detail: str
    silent: Sequence[int]
    pooled: Sequence[str]
    corrected: Sequence[int]


def names(words: Words) -> Callable[[str], str]:
    """Give the function that names a recorded reason as readers know it."""
    return lambda reason: exit_reasons.listed_name(reason, words)


def curves_part(curves: pd.DataFrame, words: Words, *, x: str) -> Part:
    """Show how long people stay in the top and in the bottom quarter of units.

    Parameters
    ----------
    curves : DataFrame
        Answer of `helpers.stats.exit_curves.quarter_curves`.
    words : Words
    x : str
        Measure of engagement.

    Returns
    -------
    Part
    """
    columns = [
        Column(words.text("Years employed"), lambda row: words.number(row["time"], 1), is_number=False),
        *(
            Column(words.text(title), lambda row, quarter=quarter: exit_curves.share_text(row[quarter], words))
            for quarter, title in exit_curves.TITLES.items()
        ),
    ]
    rows = [
        {"time": time} | {row["quarter"]: row for row in both.to_dict("records")}
        for time, both in curves.groupby("time")
    ]
    caption = exit_curves.curves_caption(words, x=x)
    chart = plots.figure(
        lambda: plots.plot_survival(curves, words),
        alt=exit_curves.curves_alt(curves, words),
        table=table_of(rows, columns, words, caption=caption),
    )
    return Part([exit_curves.curve_sentences(curves, words), chart])


def reasons_part(reasons: ExitReasons, table: ReleasedTable, words: Words) -> Part:
    """Show why people left, most frequent reasons first.

    Parameters
    ----------
    reasons : ExitReasons
    table : ReleasedTable
        Their shares as released, see `helpers.datasets.exit_reasons.released_reasons`.
    words : Words

    Returns
    -------
    Part
    """
    frame, years = table.frame.assign(term=table.frame["unit_id"]), list(reasons.counts.index)
    columns = [
        Column(words.text("Reason"), lambda row: row["name"], False),
        Column(words.text("Share"), lambda row: value_text(row, words)),
        Column(words.text("Interval"), lambda row: interval_text(row, words)),
    ]
    caption = exit_reasons.reasons_caption(words, name=reasons.name, years=years)
    chart = plots.figure(
        lambda: plots.plot_intervals(table, words, measure=frame["measure"].iloc[0], period=frame["period"].iloc[0]),
        alt=exit_reasons.reasons_alt(frame, words),
        table=table_of(frame.to_dict("records"), columns, words, caption=caption),
    )
    limits = {"detail": reasons.detail, "silent": reasons.silent, "pooled": reasons.pooled}
    limits["corrected"] = reasons.corrected
    return Part(
        [
            exit_reasons.first_sentence(frame, words, years=years),
            chart,
            exit_reasons.limits_sentence(words, **limits),
        ]
    )


def trends_part(trends: pd.DataFrame, words: Words) -> Part:
    """Show which reasons became more or less frequent."""
    shown = exit_reasons.named_trends(trends, words)
    return Part(
        [
            exit_reasons.trend_sentence(trends, words),
            forest_chart(shown, words, quantity=exit_reasons.trend_quantity(words)),
        ]
    )
