"""Small trends of many units, ready for a page; their table has a row per unit and a column per period."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.plots import Chart, figure, plot_small_multiples
from helpers.display.plots.small_multiples import MOST_PANELS
from helpers.display.tables import Column, Table, table_of
from helpers.display.unit_rows import last_rows
from helpers.display.wording import Words
from helpers.display.wording.amounts import clipped, figure_text, kind_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.scores import value_text
from helpers.display.wording.small_multiples import small_multiples_alt, small_multiples_caption
from helpers.release import ReleasedTable, require_released


def small_multiples_chart(
    table: ReleasedTable, words: Words, *, measure: str, units: Sequence[str], reference_id: str | None = None
) -> Chart | None:
    """Chart of one measure of many units over time; None without units, or with too many for a picture.

    Parameters
    ----------
    table : ReleasedTable
        See `plots.plot_small_multiples`.
    words : Words
    measure : str
    units : sequence of str
    reference_id : str, optional
        Unit drawn in each panel as a thin line.

    Returns
    -------
    Chart or None
    """
    units = [unit for unit in units if unit != reference_id]
    rows = table.where(unit_id=units, measure=measure).frame
    if not 0 < rows["unit_id"].nunique() <= MOST_PANELS or rows["estimate"].isna().all():
        return None
    choice = {"measure": measure, "units": units, "reference_id": reference_id}
    return figure(
        lambda: plot_small_multiples(table, words, **choice),
        alt=small_multiples_alt(table, words, **choice),
        table=periods_table(table, words, **choice),
    )


def periods_table(
    table: ReleasedTable, words: Words, *, measure: str, units: Sequence[str], reference_id: str | None = None
) -> Table:
    """Show one measure of many units, a row per unit and a column per period, values above their intervals.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``name``, ``estimate``, ``n``, and where known ``ci_low``, ``ci_high``.
    words : Words
    measure : str
    units : sequence of str
    reference_id : str, optional
        Its row comes first.

    Returns
    -------
    Table
        The other rows by their last value, from high to low.
    """
    frame = require_released(table, "periods_table")
    rows = frame[(frame["measure"] == measure) & frame["unit_id"].isin([*units, reference_id])]
    is_whole = rows["unit_id"] == reference_id
    order = pd.concat([last_rows(rows[is_whole]), last_rows(rows[~is_whole])])
    rows = rows.assign(n=rows["n"].min())
    cells = {unit: of_unit.set_index("period").to_dict("index") for unit, of_unit in rows.groupby("unit_id")}
    columns = [Column(words.text("Unit"), lambda row: row["name"], is_number=False)]
    # Long names of periods break into lines, which those of columns of numbers do not.
    columns += [
        Column(
            words.period(period), lambda row, at=period: _cell(cells[row["unit_id"]].get(at), words), is_number=False
        )
        for period in sorted(rows["period"].unique())
    ]
    has_intervals = "ci_low" in rows and rows["ci_low"].notna().any()
    caption = small_multiples_caption(words, measure=measure, has_intervals=has_intervals)
    return table_of(order.to_dict("records"), columns, words, caption=caption)


def _cell(row: dict[str, object] | None, words: Words) -> Markup:
    """The value, and the ends of its interval on lines of their own: many columns leave no room beside it."""
    if row is None or is_missing(row["estimate"]):
        return Markup("–")
    value = Markup("<strong>{}</strong>").format(value_text(row, words))
    bounds = [row.get("ci_low"), row.get("ci_high")]
    if any(is_missing(bound) for bound in bounds):
        return value
    kind = kind_of(row)
    ends = (figure_text(end, words, kind, n=row["n"], like=row["estimate"]) for end in clipped(*bounds, kind))
    return Markup("{}<br>{}<br>{}").format(value, *ends)
