"""What small trends of many units show: the alternative text of the figure, and the caption of its table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.unit_rows import last_rows
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.scores import side_of, value_text
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released


def small_multiples_alt(
    table: ReleasedTable, words: Words, *, measure: str, units: Sequence[str], reference_id: str | None = None
) -> Paragraph:
    """Describe small trends: how many, the lowest and highest last value, and how many differ from the whole.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``name``, ``estimate``, ``n``, ``ci_low``, ``ci_high``.
    words : Words
    measure : str
    units : sequence of str
    reference_id : str, optional
        Unit drawn in each panel, not counted.

    Returns
    -------
    Paragraph
    """
    frame = require_released(table, "small_multiples_alt")
    rows = frame[(frame["measure"] == measure) & frame["unit_id"].isin([*units, reference_id])]
    ends = last_rows(rows[rows["unit_id"] != reference_id])
    shown = ends[ends["estimate"].notna()]
    hidden = words.plural("{n} unit is not shown.", "{n} units are not shown.", len(ends) - len(shown))
    if shown.empty:
        return paragraph(words.text("No unit has a figure to show."), hidden)
    highest, lowest = shown.iloc[0].to_dict(), shown.iloc[-1].to_dict()
    found = words.plural(
        "{measure} of {n} unit by period; its last value is {high} ({highest}).",
        "{measure} of {n} units by period; their last values run from {low} ({lowest}) to {high} ({highest}).",
        len(shown),
        measure=words.measure(measure),
        low=value_text(lowest, words),
        high=value_text(highest, words),
        lowest=lowest["name"],
        highest=highest["name"],
    )
    beside = _beside_whole(shown, rows[rows["unit_id"] == reference_id], words)
    return paragraph(capital(found), beside, hidden if len(ends) > len(shown) else "")


def small_multiples_caption(words: Words, *, measure: str, has_intervals: bool) -> Paragraph:
    """Caption of one measure of many units by period.

    Parameters
    ----------
    words : Words
    measure : str
    has_intervals : bool
        Whether the ends of an interval stand under each value.

    Returns
    -------
    Paragraph
    """
    return paragraph(
        capital(
            words.text("{measure} by unit and period, from high to low by last value.", measure=words.measure(measure))
        ),
        words.text("Under each value stand the ends of its interval.") if has_intervals else "",
        words.text("A dash: not shown, or not measured."),
    )


def _beside_whole(shown: pd.DataFrame, whole: pd.DataFrame, words: Words) -> Markup:
    """Count the last intervals that lie wholly above or below the whole in the same period."""
    if whole.empty or not {"ci_low", "ci_high"} <= set(shown):
        return Markup()
    references = {row["period"]: row for row in whole.to_dict("records") if not is_missing(row["estimate"])}
    pairs = [(row, references[row["period"]]) for row in shown.to_dict("records") if row["period"] in references]
    sides = [side_of(row, reference) for row, reference in pairs if not is_missing(row["ci_low"])]
    if not sides:
        return Markup()
    return words.text(
        "Of these, {above} have a last interval wholly above {whole}, and {below} wholly below.",
        above=words.number(sides.count("above")),
        below=words.number(sides.count("below")),
        whole=whole["name"].iloc[0],
    )
