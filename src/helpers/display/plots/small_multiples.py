"""One small trend per unit, all on one scale, with the whole organisation behind each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.drawing import band_entries, limits
from helpers.display.plots.key import KEY_LINE, draw_key, key_height, key_of
from helpers.display.plots.layout import text_width, write
from helpers.display.plots.panel_trends import BOUNDS, draw_scale, draw_trends
from helpers.display.plots.panels import VALUE_ROOM, Grid, columns, grid_of
from helpers.display.plots.style import INK, MUTED, SMALL, figure_width, new_axes, styled
from helpers.display.unit_rows import last_rows, short_names
from helpers.display.wording import Words, plain
from helpers.display.wording.amounts import SCALES, kind_of
from helpers.display.wording.periods import period_place
from helpers.display.wording.scores import STATE_WORDS, value_text
from helpers.release import ReleasedTable, require_released

MOST_PANELS = 40
# Between the key and the panels, and under the last row with and without periods, in points.
KEY_GAP, PERIOD_ROOM, BOTTOM = 6, 18, 4


@styled
def plot_small_multiples(
    table: ReleasedTable,
    words: Words,
    *,
    measure: str,
    units: Sequence[str],
    reference_id: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one measure of many units over time, a small panel with an interval band each, all on the same scale.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``name``, ``estimate``, ``n``, and where known ``ci_low``, ``ci_high``, ``kind``.
    words : Words
    measure : str
    units : sequence of str
        Up to 40; shown by their last value from high to low, by rows. Units without any figure come last and say why.
    reference_id : str, optional
        Unit drawn in each panel as a thin line, such as the whole organisation.
    ax : Axes, optional

    Returns
    -------
    Axes
        In points, rightwards and downwards; a period without figures leaves a gap.

    Raises
    ------
    TypeError
        When `table` did not pass the gate.
    ValueError
        For more than 40 units, or none.
    """
    frame = require_released(table, "plot_small_multiples")
    rows = frame[frame["measure"] == measure]
    rows = rows.assign(time=[period_place(period)[1] for period in rows["period"]]).sort_values("time")
    ends = last_rows(rows[rows["unit_id"].isin(units) & (rows["unit_id"] != reference_id)])
    if not 0 < len(ends) <= MOST_PANELS:
        raise ValueError(f"units must be 1 to {MOST_PANELS} that have {measure}; found {len(ends)}.")
    drawn = _clipped(rows[rows["unit_id"].isin([*ends["unit_id"], reference_id])])
    reference = drawn[(drawn["unit_id"] == reference_id) & drawn["estimate"].notna()]
    width = figure_width() if ax is None else ax.bbox.width * 72 / ax.figure.dpi
    periods = _periods(drawn, words)
    fits = text_width([" ".join(periods)], SMALL) <= columns(width)[1] - VALUE_ROOM
    key = _key(reference, [] if fits else periods, drawn.loc[drawn["unit_id"] != reference_id, "band"], words)
    bottom = PERIOD_ROOM if fits else BOTTOM
    grid = grid_of(short_names(list(ends["name"])), width, x=_x_range(drawn), y=_y_range(drawn), bottom=bottom)
    if ax is None:
        ax = new_axes(grid.height, left=0, right=0, top=key_height(key) + KEY_GAP, bottom=0)
    ax.set(xlim=(0, width), ylim=(grid.height, 0), xticks=[], yticks=[])
    draw_scale(ax, grid, list(ends["estimate"].notna()), words, kind_of(ends.iloc[0].to_dict()))
    draw_trends(ax, grid, [drawn[drawn["unit_id"] == unit] for unit in ends["unit_id"]], reference)
    _texts(ax, grid, ends, words)
    _name_periods(ax, grid, periods if fits else [])
    draw_key(ax, key, above=KEY_GAP + KEY_LINE / 2)
    return ax


def _key(reference: pd.DataFrame, periods: list[str], bands: pd.Series, words: Words) -> list[tuple[str, str, str]]:
    """The thin line, the arrows of bands; and the first and last period, where they have no room under the panels."""
    entries = [("dash", words.text("thin line: {name}", name=name), MUTED) for name in reference["name"].unique()]
    if periods:
        span = words.interval(periods[0], periods[-1]) if len(periods) > 1 else periods[0]
        entries.append(("", words.text("from left to right: {span}", span=span), INK))
    return key_of([*entries, *band_entries(bands, words, vertical=True)], 0)


def _periods(drawn: pd.DataFrame, words: Words) -> list[str]:
    """First and last period, or the only one."""
    ends = drawn.sort_values("time")["period"].iloc[[0, -1]].drop_duplicates()
    return [plain(words.period(period)) for period in ends]


def _x_range(drawn: pd.DataFrame) -> tuple[float, float]:
    """First and last time; a single period stands in the middle."""
    first, last = drawn["time"].min(), drawn["time"].max()
    return (first, last) if last > first else (first - 1, first + 1)


def _y_range(drawn: pd.DataFrame) -> tuple[float, float]:
    return limits(drawn[["estimate", *BOUNDS]].to_numpy().ravel())


def _clipped(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep bounds inside their scale; a table without intervals gets empty ones."""
    scale = SCALES.get(kind_of(rows.iloc[0].to_dict()), (-np.inf, np.inf))
    return rows.assign(**{bound: rows.get(bound, pd.Series(np.nan, rows.index)).clip(*scale) for bound in BOUNDS})


def _texts(ax: Axes, grid: Grid, ends: pd.DataFrame, words: Words) -> None:
    # Figures beside each other have the decimals that the smallest unit can bear.
    n = ends.loc[ends["estimate"].notna(), "n"].min()
    for panel, row in zip(grid.panels, ends.to_dict("records"), strict=True):
        for line, place in panel.lines:
            write(ax, line, (panel.left, place), (0, 0), ax.transData, align="left", colour=INK)
        if np.isnan(row["estimate"]):
            note = words.text(STATE_WORDS["absent" if row["released"] else "hidden"])
            middle = (panel.top + panel.bottom) / 2
            write(
                ax, plain(note), (panel.left + 2, middle), (0, 0), ax.transData, align="left", colour=MUTED, backed=True
            )
        else:
            place = (panel.right, float(grid.down(panel, row["estimate"])))
            value = plain(value_text(row | {"n": n}, words, short=True))
            write(ax, value, place, (6, 0), ax.transData, align="left", colour=INK)


def _name_periods(ax: Axes, grid: Grid, periods: list[str]) -> None:
    """First and last period under the last panel of each column; a single one under its middle."""
    sides = ("left", "right") if len(periods) > 1 else ("center",)
    for panel in (panel for panel in grid.panels if panel.is_last):
        places = {"left": panel.left, "right": panel.right, "center": (panel.left + panel.right) / 2}
        for text, side in zip(periods, sides, strict=False):
            write(ax, text, (places[side], panel.bottom), (0, -11), ax.transData, align=side, colour=MUTED)
