"""Scale, bands and lines of small trends: one path for each look, so that forty panels stay a small drawing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers.display.plots.drawing import draw_band
from helpers.display.plots.layout import write
from helpers.display.plots.panels import Grid, Panel
from helpers.display.plots.style import ACCENT, LINE, MUTED
from helpers.display.plots.ticks import value_ticks
from helpers.display.wording import Words

BOUNDS = ["ci_low", "ci_high"]
# Half the width of the band around a single period, in points.
SINGLE = 1.5


def draw_scale(ax: Axes, grid: Grid, has_figures: list[bool], words: Words, kind: str) -> None:
    """Faint lines at round values, with their labels left of the first column."""
    ticks = value_ticks(*grid.y, words, kind, most=3)
    panels = list(itertools.compress(grid.panels, has_figures))
    lines = [
        np.column_stack([(panel.left, panel.right), grid.down(panel, [place, place])])
        for panel in panels
        for place, _ in ticks
    ]
    _strokes(ax, lines, LINE, 1)
    for panel in (panel for panel in panels if panel.is_first):
        for place, text in ticks:
            at = (panel.left, float(grid.down(panel, place)))
            write(ax, text, at, (-5, 0), ax.transData, align="right", colour=MUTED)


def draw_trends(ax: Axes, grid: Grid, units: list[pd.DataFrame], reference: pd.DataFrame) -> None:
    """Draw the trend of each unit in its panel, with its band and the whole behind it; gaps are not bridged."""
    bands, strokes, behind, dots = [], [], [], []
    for panel, unit in zip(grid.panels, units, strict=True):
        known = unit[unit["estimate"].notna()]
        if known.empty:
            continue
        exact = known["band"] == ""
        bands += [band for run in _runs(known[exact]) if (band := _band(grid, panel, run)) is not None]
        strokes += [_line(grid, panel, run) for run in _runs(known)]
        behind += [_line(grid, panel, run) for run in _runs(reference)]
        line = _line(grid, panel, known)
        alone = known.groupby((known["time"].diff() != 1).cumsum())["time"].transform("size") == 1
        alone.iloc[-1] = True
        dots += list(line[alone & exact])
        for (across, down), band in zip(line[~exact], known.loc[~exact, "band"], strict=True):
            draw_band(ax, across, down, band, vertical=True)
    if bands:
        ax.add_patch(PathPatch(Path.make_compound_path(*bands), facecolor=ACCENT, alpha=0.18, linewidth=0, zorder=2))
    _strokes(ax, behind, MUTED, 1.2)
    _strokes(ax, strokes, ACCENT, 2)
    if dots:
        ax.plot(*np.array(dots).T, "o", color=ACCENT, markersize=4.5, zorder=4)


def _runs(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Periods that follow each other without a gap."""
    return (run for _, run in rows.groupby((rows["time"].diff() != 1).cumsum()))


def _line(grid: Grid, panel: Panel, rows: pd.DataFrame) -> np.ndarray:
    return np.column_stack([grid.across(panel, rows["time"]), grid.down(panel, rows["estimate"])])


def _band(grid: Grid, panel: Panel, run: pd.DataFrame) -> Path | None:
    if run[BOUNDS].isna().any(axis=None):
        return None
    across = grid.across(panel, run["time"])
    low, high = (grid.down(panel, run[bound]) for bound in BOUNDS)
    if len(run) == 1:
        across, low, high = across[0] + np.array([-SINGLE, SINGLE]), low.repeat(2), high.repeat(2)
    edge = np.column_stack([np.append(across, across[::-1]), np.append(low, high[::-1])])
    return Path([*edge, edge[0]], closed=True)


def _strokes(ax: Axes, lines: list[np.ndarray], colour: str, width: float) -> None:
    """All lines of one look as one path."""
    if lines:
        apart = np.concatenate([part for line in lines for part in (line, [[np.nan, np.nan]])])
        ax.plot(*apart.T, color=colour, linewidth=width, zorder=1 if colour == LINE else 3)
