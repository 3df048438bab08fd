"""Parts of the page on where a unit stands that set its scores beside levels published elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.parts import Part
from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, nps_levels
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import paragraph, without_controls
from helpers.release import ReleasedTable

SOURCES = {"primary": msg("read there"), "secondary": msg("told by others")}


def published_part(
    table: ReleasedTable,
    published: pd.DataFrame,
    words: Words,
    *,
    unit_id: str,
    measure: str,
    period: str,
    one: str = "",
) -> Part:
    """Set a score beside levels published elsewhere, with all of them as a table.

    Parameters
    ----------
    table : ReleasedTable
    published : DataFrame
        ``measure``, ``item``, ``value``, ``unit``, ``source``, ``source_kind``.
    words : Words
    unit_id, measure, period : str
    one : str, optional
        Item told by itself.

    Returns
    -------
    Part
        Empty for a measure without published levels.
    """
    levels = published[(published["measure"] == measure) & (published["unit"] == "points")]
    if levels.empty:
        return Part()
    place = {"unit_id": unit_id, "measure": measure, "period": period, "one": one}
    return Part(
        [nps_levels.published_sentence(table, levels, words, **place), _published_table(levels, words, measure)]
    )


def elsewhere_part(published: pd.DataFrame, words: Words, *, measures: Sequence[str]) -> Part:
    """Warn that levels found elsewhere are no targets, or say that there are none of these measures."""
    if not set(measures) & set(published["measure"]):
        names = words.items([words.measure(measure, definite=True) for measure in measures])
        return Part([paragraph(words.text("No published levels of {measures} are at hand.", measures=names))])
    return Part([nps_levels.elsewhere_sentence(words)])


def _published_table(levels: pd.DataFrame, words: Words, measure: str) -> Table:
    columns = [
        Column(words.text("Level"), lambda row: nps_levels.published_name(row["item"], words), is_number=False),
        Column(words.measure(measure), lambda row: words.signed(row["value"], 0)),
        Column(words.text("Source"), lambda row: _source(row, words), is_number=False),
    ]
    caption = words.text("{measure} as published elsewhere, from high to low.", measure=words.measure(measure))
    rows = levels.sort_values("value", ascending=False, kind="stable").to_dict("records")
    return table_of(rows, columns, words, caption=caption)


def _source(row: Mapping[str, object], words: Words) -> Markup:
    kind = words.text(SOURCES[str(row["source_kind"])])
    return Markup("{} ({})").format(without_controls(str(row["source"])), kind)
