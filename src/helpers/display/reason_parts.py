"""Parts of the page on customers' voices that tell of reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from helpers.display import plots
from helpers.display.parts import Part
from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, customer_reasons
from helpers.display.wording.rounding import adds_up, rounding_sentence
from helpers.display.wording.scores import interval_text, value_text
from helpers.release import ReleasedTable

# Above so many reasons a chart of them is no picture any more.
MOST_REASONS = 20


class Verdict(Protocol):
    """What `helpers.stats.verdicts` answers with."""

    verdict: str
    because: str
    figures: dict[str, object]


class Shares(Protocol):
    """What `helpers.stats.reason_shares` answers with."""

    table: pd.DataFrame


class ReasonStudy(Protocol):
    """What `helpers.stats.reason_study` answers with."""

    reason: str
    shares: Shares
    gaps: pd.DataFrame
    verdict: Verdict
    sorted_otherwise: Verdict | Exception


def answer_part(study: ReasonStudy, words: Words) -> Part:
    """Answer whether one reason comes first among promoters and detractors, with how far ahead it is in each group."""
    found = study.verdict
    groups = found.figures["another" if found.because == "another_first" else "unclear"]
    told = {"verdict": found.verdict, "because": found.because, "groups": groups}
    level = study.shares.table["conf_level"].iloc[0]
    gaps = study.gaps.sort_values("group", ascending=False).to_dict("records")
    return Part(
        [
            customer_reasons.reason_answer(words, reason=study.reason, **told),
            *(
                customer_reasons.lead_sentence(
                    gap | {"conf_level": level}, study.shares.table, words, reason=study.reason
                )
                for gap in gaps
            ),
            rounding_sentence(words, add_up=all(_adds_up(gap, study) for gap in gaps)),
        ]
    )


def shares_part(table: ReleasedTable, words: Words, *, unit: str) -> Part:
    """Chart of the reasons of one group of a unit, largest first.

    Parameters
    ----------
    table : ReleasedTable
        Reasons in the place of units.
    words : Words
    unit : str
        Name of the unit.

    Returns
    -------
    Part
        Only the table where there are too many reasons for a picture.
    """
    frame = table.frame
    group, period = str(frame["measure"].iloc[0]), str(frame["period"].iloc[0])
    caption = customer_reasons.reasons_caption(words, group=group, name=unit, period=period)
    figures = _shares_table(table, words, caption=caption)
    if len(frame) > MOST_REASONS:
        return Part([figures, customer_reasons.pooled_sentence(table, words)])
    chart = plots.figure(
        lambda: plots.plot_intervals(table, words, measure=group, period=period),
        alt=customer_reasons.reasons_alt(table, words),
        table=figures,
    )
    whole = rounding_sentence(words, add_up=adds_up((100 * frame["estimate"]).tolist(), 100))
    return Part([caption, chart, customer_reasons.pooled_sentence(table, words), whole])


def again_part(study: ReasonStudy, words: Words) -> Part:
    """Say whether sorting reasons by whether they pleased gives the same answer.

    Raises
    ------
    NotApplicable
        Where that is not known of enough answers.
    """
    found = study.sorted_otherwise
    if isinstance(found, Exception):
        raise found
    return Part([customer_reasons.again_sentence(words, verdict=found.verdict, first=study.verdict.verdict)])


def _adds_up(gap: Mapping[str, object], study: ReasonStudy) -> bool:
    own = study.shares.table
    own = own[own["group"] == gap["group"]].set_index("reason")["estimate"]
    return adds_up([100 * own[study.reason], -100 * own[gap["other"]]], 100 * gap["estimate"])


def _shares_table(table: ReleasedTable, words: Words, *, caption: str) -> Table:
    columns = [
        Column(words.text("Reason"), lambda row: row["name"], is_number=False),
        Column(words.text("Share"), lambda row: value_text(row, words)),
        Column(words.text("Interval"), lambda row: interval_text(row, words)),
    ]
    rows = table.frame.sort_values("estimate", ascending=False, kind="stable").to_dict("records")
    return table_of(rows, columns, words, caption=caption)
