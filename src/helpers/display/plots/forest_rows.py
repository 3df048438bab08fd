"""Rows of a forest plot: intervals with dots by weight, and a diamond for what they come to together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.markers import CARETLEFT, CARETRIGHT

from helpers.display.plots.drawing import draw_interval, row_note
from helpers.display.plots.layout import write
from helpers.display.plots.rows import NAME_GAP, Rows
from helpers.display.plots.style import ACCENT, INK
from helpers.display.wording import Words, plain
from helpers.display.wording.effect_axis import EffectAxis, estimate_text
from helpers.display.wording.effects import Claim
from helpers.display.wording.forest import common_decimals
from helpers.display.wording.numbers import is_missing

FIGURES = ("estimate", "ci_low", "ci_high")
LEAST_DOT, MOST_DOT, DOT = 4.0, 11.0, 7.0
# Half the height of the diamond, in points.
DIAMOND = 8


@dataclass(frozen=True)
class ForestRow:
    """One row: what is drawn in the told unit, what is written at its end, and the width of its dot in points."""

    figures: list[float]
    texts: tuple[Markup, Markup]
    size: float

    @property
    def full_text(self) -> str:
        """Estimate and interval, as they stand where there is room for both."""
        estimate, interval = map(plain, self.texts)
        return f"{estimate} ({interval})" if interval else estimate


def rows_drawn(rows: list[dict], axis: EffectAxis, words: Words, claim: Claim | None) -> list[ForestRow]:
    """Rows in the told unit, with one number of decimals, and dots whose area goes by weight where that is known."""
    decimals = common_decimals([row["estimate"] for row in rows])
    heaviest = max((row["weight"] for row in rows if not is_missing(row.get("weight"))), default=0)
    return [
        ForestRow(
            axis.told(row, *FIGURES),
            estimate_text(row, words, claim, decimals),
            DOT if is_missing(row.get("weight")) else max(LEAST_DOT, MOST_DOT * (row["weight"] / heaviest) ** 0.5),
        )
        for row in rows
    ]


def draw_row(ax: Axes, place: float, row: ForestRow) -> None:
    """Draw an interval with its dot; what lies beyond the axis ends in an arrow at its edge."""
    estimate, low, high = row.figures
    least, most = ax.get_xlim()
    if is_missing(estimate):
        return
    if least <= estimate <= most:
        draw_interval(ax, place, (estimate, max(low, least), min(high, most)), size=row.size)
    elif not (is_missing(low) or is_missing(high)):
        ax.plot(np.clip([low, high], least, most), [place, place], color=ACCENT, linewidth=2.5, zorder=3)
    for is_beyond, edge, arrow in (
        (min(low, estimate) < least, least, CARETLEFT),
        (max(high, estimate) > most, most, CARETRIGHT),
    ):
        if is_beyond:
            ax.plot(edge, place, marker=arrow, color=ACCENT, markersize=8, clip_on=False, zorder=4)


def draw_pooled(ax: Axes, lines: Rows, row: ForestRow) -> None:
    """Draw the last row apart: a rule above it, a diamond as wide as its interval, a line through the rows above."""
    estimate, low, high = row.figures
    last = lines.rows[-1]
    rule = last.top - NAME_GAP / 2 if lines.above else 2 * last.middle - lines.height
    ax.axhline(rule, color=INK, linewidth=1, zorder=1)
    if is_missing(estimate):
        return
    ax.plot([estimate, estimate], [0, last.middle], color=INK, linewidth=1, linestyle=(0, (3, 3)), zorder=2)
    ends = [estimate if is_missing(bound) else bound for bound in (low, high)]
    corners = [(ends[0], 0), (estimate, -DIAMOND), (ends[1], 0), (estimate, DIAMOND)]
    ax.fill(*np.transpose([(across, last.middle + down) for across, down in corners]), color=INK, linewidth=0, zorder=4)


def write_end(ax: Axes, place: float, row: ForestRow, right: float, is_wide: bool) -> None:
    """Write the estimate of a row at its right end, with its interval where there is room; or that there is none."""
    if is_missing(row.figures[0]):
        row_note(ax, place, row.texts[0], at=0.0)
        return
    text = row.full_text if is_wide else plain(row.texts[0])
    write(ax, text, (1, place), (right - 2, 0), ax.get_yaxis_transform(), align="right", colour=INK)
