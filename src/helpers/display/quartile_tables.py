"""Tables of the page on quarters of units, folded where they are for those who want every figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, capital
from helpers.display.wording.gap_figures import gap_interval, gap_text, less_is_better, outcome_name, published_text
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.quartile_checks import CHECKS
from helpers.display.wording.quartile_published import group_name
from helpers.display.wording.verdicts import verdict_text

TURNOVER = "turnover"
# Names of texts stay as they are, and say so to whoever reads aloud.
ENGLISH = Markup('<span lang="en">{}</span>')


@dataclass(frozen=True)
class Folded:
    """A table that opens on demand."""

    table: Table
    summary: str

    def _repr_html_(self) -> str:
        return f"<details><summary>{self.summary}</summary>{self.table.html}</details>"


def checks_table(checks: pd.DataFrame, words: Words, *, outcomes: Sequence[str]) -> Folded | None:
    """Show the gap in each outcome looked at in all ways with better above zero, folded.

    Parameters
    ----------
    checks : DataFrame
        Answer of `stats.quartile_checks.gap_checks`, all of scale ``sd``.
    words : Words
    outcomes : sequence of str
        In this order.

    Returns
    -------
    Folded, or None where no gap can be given
    """
    found = checks[checks["outcome"].isin(outcomes)]
    if found.empty:
        return None
    found = turned(found)
    rows = [row for outcome in outcomes for row in found[found["outcome"] == outcome].to_dict("records")]
    columns = [
        Column(words.text("Outcome"), lambda row: outcome_name(row["outcome"], words), is_number=False),
        Column(words.text("Way of looking"), lambda row: words.text(CHECKS[row["check"]]), is_number=False),
        *_figures(words),
        Column(words.text("Better?"), lambda row: _verdict(row, words), is_number=False),
    ]
    caption = words.text(
        "The gap in standard deviations, looked at in other ways; above zero the top quarter does better"
    )
    return Folded(table_of(rows, columns, words, caption=caption), words.text("All ways of looking, by outcome"))


def halves_table(by_all: pd.DataFrame, by_half: pd.DataFrame, words: Words) -> Folded | None:
    """Show the gaps with units ranked by all and by half of their people with better above zero, folded.

    Parameters
    ----------
    by_all, by_half : DataFrame
        Gaps of the same wave.
    words : Words

    Returns
    -------
    Folded, or None where no gap can be given
    """
    ways = {words.text("all people of the unit"): by_all, words.text("half of them"): by_half}
    both = pd.concat([table[table["scale"] == "sd"].assign(way=way) for way, table in ways.items()])
    if both.empty or both["estimate"].isna().all():
        return None
    columns = [
        Column(words.text("Outcome"), lambda row: outcome_name(row["outcome"], words), is_number=False),
        Column(words.text("Ranked by"), lambda row: row["way"], is_number=False),
        *_figures(words),
    ]
    rows = turned(both[both["estimate"].notna()]).sort_values("outcome", kind="stable").to_dict("records")
    caption = words.text(
        "The gap in standard deviations, with units ranked on the wave of the outcomes; above zero the top quarter "
        "does better"
    )
    return Folded(table_of(rows, columns, words, caption=caption), words.text("Ranked by all or by half of the people"))


def editions_table(
    gaps: pd.DataFrame, turnover: pd.DataFrame, editions: pd.DataFrame, words: Words, *, threshold: float
) -> Table | None:
    """Set our gaps beside those of each edition of Gallup's meta-analysis.

    Parameters
    ----------
    gaps : DataFrame
        Gaps in percent, in the order wanted.
    turnover : DataFrame
        Median gaps in percent of the organisations of either ``group``.
    editions : DataFrame
        ``year``, ``outcome``, ``value``, ``source``; see `datasets.published.gallup_editions`.
    words : Words
    threshold : float
        Percent of staff that leave in a year, above which turnover is high.

    Returns
    -------
    Table, or None where no edition has any of the outcomes
    """
    found = {(row["outcome"], row["year"]): row["value"] for row in editions.to_dict("records")}
    known = gaps[gaps["estimate"].notna()].to_dict("records")
    rows = [one for row in known for one in _rows(row, turnover, words, threshold)]
    years = sorted(editions["year"].unique())
    rows = [row for row in rows if any((row["theirs"], year) in found for year in years)]
    if not rows:
        return None
    columns = [
        Column(words.text("Outcome"), lambda row: row["name"], is_number=False),
        Column(words.text("Here"), lambda row: _gap(row, words)),
        Column(words.text("Interval"), lambda row: gap_interval(row, words, level=False)),
        *(
            Column(str(year), lambda row, year=year: _published(found.get((row["theirs"], year)), row, words))
            for year in years
        ),
    ]
    caption = words.text("Gap in percent of the bottom quarter: here, and in Gallup's editions by year")
    return table_of(rows, columns, words, caption=caption)


def sources_table(editions: pd.DataFrame, words: Words) -> Folded:
    """Name where the figures of each edition were read, folded."""
    columns = [
        Column(words.text("Edition"), lambda row: str(row["year"]), is_number=False),
        Column(words.text("Read in"), lambda row: ENGLISH.format(row["source"]), is_number=False),
    ]
    rows = editions.drop_duplicates("year").to_dict("records")
    caption = words.text("Where Gallup's figures were read")
    return Folded(table_of(rows, columns, words, caption=caption), caption)


def turned(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn gaps and their bounds so that better lies above zero, by ``higher_is_better`` of each row."""
    less = ~rows["higher_is_better"].astype(bool)
    low, high = rows["ci_low"].where(~less, -rows["ci_high"]), rows["ci_high"].where(~less, -rows["ci_low"])
    return rows.assign(estimate=rows["estimate"].where(~less, -rows["estimate"]), ci_low=low, ci_high=high)


def _rows(row: dict, turnover: pd.DataFrame, words: Words, threshold: float) -> list[dict]:
    """The row of an outcome; of turnover one for each group, the only group keeping our gap with its interval."""
    if row["outcome"] != TURNOVER or turnover.empty:
        return [row | {"theirs": row["outcome"], "name": outcome_name(row["outcome"], words)}]
    groups = turnover.to_dict("records")
    return [
        (group if len(groups) > 1 else row)
        | {
            "theirs": f"{TURNOVER}_{group['group']}",
            "name": less_is_better(capital(group_name(group["group"], words, threshold=threshold)), words),
        }
        for group in groups
    ]


def _figures(words: Words) -> list[Column]:
    return [
        Column(words.text("Gap"), lambda row: words.signed(row["estimate"], 2, fixed=True)),
        Column(words.text("Interval"), lambda row: gap_interval(row, words, level=False)),
    ]


def _verdict(row: dict, words: Words) -> str:
    return "" if is_missing(row["ci_low"]) else verdict_text(row["verdict"], words)


def _gap(row: dict, words: Words) -> str:
    missing = is_missing(row["estimate"])
    return words.text("cannot be given") if missing else gap_text(row["estimate"], row, words, signed=True)


def _published(value: float | None, row: dict, words: Words) -> str:
    return "" if value is None else published_text(value, row, words)
