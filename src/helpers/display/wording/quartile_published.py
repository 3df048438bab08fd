"""Sentences that set gaps beside those that Gallup published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.gap_figures import gap_interval, gap_text
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.verdicts import because_text
from helpers.display.wording.words import Words

Row = Mapping[str, object]
TURNOVER_NAMES = {
    "low": msg("staff turnover where at most {threshold} leave in a year"),
    "high": msg("staff turnover where more than {threshold} leave in a year"),
}
_ONE = {
    "low": msg(
        "Of the staff here at most {threshold} leave in a year, so Gallup's figures for organisations with lower "
        "turnover stand beside ours."
    ),
    "high": msg(
        "Of the staff here more than {threshold} leave in a year, so Gallup's figures for organisations with high "
        "turnover stand beside ours."
    ),
}
_ALL = {
    "low": msg(
        "No one of the {n} organisations loses more than {threshold} of its staff in a year, so Gallup's figures for "
        "lower turnover stand beside ours."
    ),
    "high": msg(
        "Each of the {n} organisations loses more than {threshold} of its staff in a year, so Gallup's figures for "
        "high turnover stand beside ours."
    ),
}
_GROUP = {
    "low": msg("Where turnover is lower, the median gap in it is {gap}"),
    "high": msg("Where turnover is high, the median gap in it is {gap}"),
}


def turnover_sentences(groups: pd.DataFrame, words: Words, *, threshold: float) -> Paragraph:
    """Say which of Gallup's two figures on turnover goes with these organisations, and what their gaps are.

    Parameters
    ----------
    groups : DataFrame
        ``group`` ("low", "high") with the median gap as an estimate; ``n_clusters`` counts organisations.
    words : Words
    threshold : float
        Percent of staff that leave in a year, above which turnover is high.

    Returns
    -------
    Paragraph
        Empty without turnover.
    """
    rows = {row["group"]: row for row in groups.to_dict("records") if row["n_clusters"] > 0}
    limit = words.percent(threshold / 100)
    if not rows:
        return paragraph()
    if len(rows) == 1:
        group, row = next(iter(rows.items()))
        one = row["n_clusters"] == 1
        counted = {} if one else {"n": words.number(row["n_clusters"])}
        return paragraph(words.text((_ONE if one else _ALL)[group], threshold=limit, **counted))
    counts = {group: words.number(row["n_clusters"]) for group, row in rows.items()}
    return paragraph(
        words.text(
            "More than {threshold} of staff leave in a year in {high} of the organisations, and at most that in {low}; "
            "Gallup tells these apart.",
            threshold=limit,
            **counts,
        ),
        *(part for group, row in rows.items() for part in _of_group(group, row, words)),
    )


def group_name(group: str, words: Words, *, threshold: float) -> str:
    """Name the turnover of a group of organisations, for a table."""
    return words.text(TURNOVER_NAMES[group], threshold=words.percent(threshold / 100))


def drawn_sentence(words: Words, *, year: int) -> Paragraph:
    """Say which edition is drawn beside our gaps."""
    return paragraph(
        words.text("The chart shows Gallup's edition of {year}; the table below shows all.", year=str(year))
    )


def nothing_beside(words: Words) -> Paragraph:
    """Say that none of the outcomes can be set beside one of Gallup's."""
    return paragraph(words.text("Gallup published no percentage for these outcomes."))


def sales_sentence(outcomes: Sequence[str], words: Words) -> Paragraph:
    """Say which of Gallup's figures stand beside productivity and repeat purchase, where these are set beside."""
    sales = words.text(
        "Beside productivity stands what Gallup found for sales; the edition of 2012 does not tell sales from "
        "production."
    )
    loyalty = words.text(
        "Beside {repurchase} stands what Gallup found for customer loyalty; the gap here is in percent of the bottom "
        "quarter, not in percentage points.",
        repurchase=words.measure("repurchase"),
    )
    return paragraph(sales if "productivity" in outcomes else "", loyalty if "repurchase" in outcomes else "")


def _of_group(group: str, row: Row, words: Words) -> list[str]:
    found = words.text(_GROUP[group], gap=gap_text(row["estimate"], row, words, signed=True))
    interval = gap_interval(row, words)
    if not interval:
        return [found + ".", because_text("too_few_organisations", words)]
    unclear = row["ci_low"] <= 0 <= row["ci_high"]
    told = Markup("{} ({}).").format(found, interval)
    return [told, words.text("There the difference may be chance.") if unclear else ""]
