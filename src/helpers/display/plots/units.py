"""Units beside each other, and one unit beside the whole."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.axes import Axes

from helpers.display.plots.drawing import (
    RIGHT_ROOM,
    band_entries,
    draw_band,
    draw_interval,
    grid_lines,
    limits,
    most_labels,
    row_figure,
    row_note,
    zero_line,
)
from helpers.display.plots.key import draw_key, key_height, key_of
from helpers.display.plots.rows import rows_of
from helpers.display.plots.style import ACCENT, INK, SMALL, new_axes, styled
from helpers.display.plots.ticks import value_ticks
from helpers.display.unit_rows import ranked, row_in, short_names
from helpers.display.wording import Words, capital, plain
from helpers.display.wording.amounts import clipped, kind_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.scores import STATE_WORDS, band_of, value_text
from helpers.release import ReleasedTable, released_rows

Row = dict[str, object]

MOST_ROWS = 40
POSITION_ROW = 56
# Unit and whole stand above each other, so that one interval does not hide the other.
UNIT_SHIFT, WHOLE_SHIFT, NOTE_SHIFT = -5, 6, -10


@styled
def plot_intervals(
    table: ReleasedTable,
    words: Words,
    *,
    measure: str,
    period: str,
    reference_id: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one measure of many units as dots with intervals, from high to low.

    Parameters
    ----------
    table : ReleasedTable
        Up to 40 units. Columns ``name``, ``estimate``, ``n``, and where known ``ci_low``, ``ci_high``, ``kind``.
    words : Words
    measure, period : str
    reference_id : str, optional
        Unit drawn as a line through all rows instead of as a row, such as the whole organisation.
    ax : Axes, optional

    Returns
    -------
    Axes
        Units that are not shown stand at the bottom and say so; an open arrow stands at the edge of a band.

    Raises
    ------
    TypeError
        When `table` did not pass the gate.
    ValueError
        For more than 40 units, or none.
    """
    known = released_rows(table, "plot_intervals")
    known = [row for row in known if row["measure"] == measure and row["period"] == period]
    reference = [row for row in known if row["unit_id"] == reference_id]
    rows = ranked(row for row in known if row["unit_id"] != reference_id)
    if not 0 < len(rows) <= MOST_ROWS:
        raise ValueError(f"table must hold 1 to {MOST_ROWS} units for {measure} in {period}; found {len(rows)}.")
    # One column of figures has the decimals that the smallest unit can bear.
    n = min((row["n"] for row in rows if not is_missing(row["n"])), default=None)
    lines = rows_of(short_names([row["name"] for row in rows]), right=RIGHT_ROOM)
    entries = _reference_entry(reference, n, words)
    key = key_of([*entries, *band_entries([row["band"] for row in rows], words)], lines.left)
    if ax is None:
        ax = new_axes(lines.height, left=lines.left, right=RIGHT_ROOM, top=key_height(key) + 14, bottom=28)
    _value_axis(ax, [*rows, *reference], words, kind_of(rows[0]))
    lines.write(ax)
    for place, row in zip(lines.places, rows, strict=True):
        _unit_row(ax, place, row | {"n": n}, words)
    for row in reference:
        if not is_missing(row["estimate"]):
            ax.axvline(row["estimate"], color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=2)
    draw_key(ax, key, above=14)
    return ax


@styled
def plot_position(
    table: ReleasedTable,
    words: Words,
    *,
    unit_id: str,
    reference_id: str,
    period: str,
    measures: Iterable[str] = ("enps", "nps"),
    ax: Axes | None = None,
) -> Axes:
    """Draw a unit beside the whole, both with their intervals, one row per measure; the whole itself stands alone.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``name``, ``estimate``, ``n``, and where known ``ci_low``, ``ci_high``, ``kind``.
    words : Words
    unit_id, reference_id, period : str
    measures : iterable of str
        All of one kind, because they share a scale.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        When `table` did not pass the gate.
    ValueError
        For measures of several kinds.
    """
    rows = released_rows(table, "plot_position")
    measures = list(measures)
    shown = (unit_id, reference_id if reference_id != unit_id else "")
    pairs = [[row_in(rows, unit, measure, period) for unit in shown] for measure in measures]
    known = [row for pair in pairs for row in pair if row is not None]
    kinds = sorted({kind_of(row) for row in known})
    if len(kinds) != 1:
        raise ValueError(f"measures must be of one kind to share a scale; found {', '.join(kinds) or 'no rows'}.")
    lines = rows_of([capital(words.measure(measure)) for measure in measures], row=POSITION_ROW, right=20, size=12)
    titles = {row["unit_id"]: row["name"] for row in known}
    entries = [("dot", titles.get(unit_id), ACCENT), ("ring", titles.get(shown[1]), INK)]
    entries += band_entries(map(band_of, known), words)
    key = key_of([entry for entry in entries if entry[1]], lines.left)
    if ax is None:
        ax = new_axes(lines.height, left=lines.left, right=20, top=key_height(key) + 14, bottom=28)
    _value_axis(ax, known, words, kinds[0])
    lines.write(ax)
    for place, pair in zip(lines.places, pairs, strict=True):
        _dumbbell(ax, place, pair, words)
    draw_key(ax, key, above=14)
    return ax


def _value_axis(ax: Axes, rows: list[Row], words: Words, kind: str) -> None:
    values = [row[column] for row in rows for column in ("estimate", "ci_low", "ci_high") if column in row]
    bounds = [clipped(value, value, kind) for value in values if not is_missing(value)]
    low, high = limits([bound for pair in bounds for bound in (max(pair), min(pair))])
    ax.set_xlim(low, high)
    grid_lines(ax, "x", value_ticks(low, high, words, kind, most=most_labels(ax)))
    zero_line(ax)


def _unit_row(ax: Axes, place: float, row: dict[str, object], words: Words) -> None:
    if is_missing(row["estimate"]):
        row_note(ax, place, words.text(STATE_WORDS["absent" if row["released"] else "hidden"]))
        return
    _draw(ax, place, row)
    row_figure(ax, place, value_text(row, words, short=True))


def _draw(ax: Axes, place: float, row: dict[str, object], *, colour: str = ACCENT) -> None:
    band = band_of(row)
    if band:
        draw_band(ax, place, row["estimate"], band, colour=colour)
    else:
        draw_interval(ax, place, _figures(row), colour=colour, hollow=colour == INK)


def _reference_entry(reference: list[Row], n: float | None, words: Words) -> list[tuple[str, str, str]]:
    rows = [row | {"n": n} for row in reference if not is_missing(row["estimate"])]
    return [("line", f"{plain(row['name'])} {plain(value_text(row, words, short=True))}", INK) for row in rows]


def _dumbbell(ax: Axes, place: float, pair: list[dict | None], words: Words) -> None:
    unit, whole = (None if row is None or is_missing(row["estimate"]) else row for row in pair)
    # Both with the decimals that the smaller of the two can bear.
    n = min((row["n"] for row in (unit, whole) if row and not is_missing(row["n"])), default=None)
    if unit is None:
        row_note(ax, place + NOTE_SHIFT, words.text(STATE_WORDS["hidden"]))
    for row, colour, shift in ((unit, ACCENT, UNIT_SHIFT), (whole, INK, WHOLE_SHIFT)):
        if row:
            _draw(ax, place + shift, row, colour=colour)
            at = {"textcoords": "offset points", "ha": "center", "va": "center", "fontsize": SMALL}
            beyond = (0, 12 if shift < 0 else -12)
            text = plain(value_text(row | {"n": n}, words, short=True))
            ax.annotate(text, (row["estimate"], place + shift), beyond, color=colour, **at)


def _figures(row: dict[str, object]) -> tuple[float, float, float]:
    bounds = (row.get(column, float("nan")) for column in ("ci_low", "ci_high"))
    return row["estimate"], *clipped(*bounds, kind_of(row))
