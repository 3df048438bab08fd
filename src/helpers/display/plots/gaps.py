"""Gaps between the top and the bottom quarter of units, one row per outcome."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.drawing import (
    RIGHT_ROOM,
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
from helpers.display.plots.style import ACCENT, CATEGORIES, SMALL, new_axes, styled
from helpers.display.plots.ticks import change_ticks
from helpers.display.wording import Words, plain
from helpers.display.wording.gap_figures import gap_text, outcome_name
from helpers.display.wording.numbers import is_missing

SCALES = ("percent", "sd")
# Room for the unit under an axis, in points.
UNIT_ROOM = 16
PUBLISHED = CATEGORIES[1]


@styled
def plot_gaps(
    estimates: pd.DataFrame,
    words: Words,
    *,
    published: Mapping[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the gap between quarters for each outcome, with the published figure beside it.

    Parameters
    ----------
    estimates : DataFrame
        One row per outcome, all of scale ``percent`` or all of scale ``sd``: ``outcome``, ``scale``, ``estimate``,
        ``ci_low``, ``ci_high``.
    words : Words
    published : mapping of outcome to float, optional
        Gaps found elsewhere, on the same scale.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For rows of several scales, or of raw gaps, which share no axis.
    """
    scale, rows = _scale(estimates), estimates.to_dict("records")
    known = {row["outcome"]: (published or {}).get(row["outcome"]) for row in rows}
    beside = {outcome: value for outcome, value in known.items() if not is_missing(value)}
    names = [outcome_name(row["outcome"], words) for row in rows]
    lines = rows_of(names, right=RIGHT_ROOM)
    key = _key(words, lines.left) if beside else []
    if ax is None:
        top, bottom = key_height(key) + 14, 28 + UNIT_ROOM * (scale == "sd")
        ax = new_axes(lines.height, left=lines.left, right=RIGHT_ROOM, top=top, bottom=bottom)
    _value_axis(ax, [row[name] for row in rows for name in ("estimate", "ci_low", "ci_high")], beside, words, scale)
    lines.write(ax)
    for place, row in zip(lines.places, rows, strict=True):
        _gap_row(ax, place, row, words, beside.get(row["outcome"]))
    draw_key(ax, key, above=14)
    return ax


def _scale(estimates: pd.DataFrame) -> str:
    scales = sorted(set(estimates["scale"]))
    if len(scales) != 1 or scales[0] not in SCALES:
        raise ValueError(f"estimates must be of scale percent or sd throughout; found {', '.join(scales)}.")
    return scales[0]


def _key(words: Words, left: float) -> list[tuple[str, str, str]]:
    here, elsewhere = words.text("here, with its interval"), words.text("published elsewhere")
    return key_of([("dot", here, ACCENT), ("diamond", elsewhere, PUBLISHED)], left)


def _value_axis(ax: Axes, figures: list[float], beside: Mapping[str, float], words: Words, scale: str) -> None:
    low, high = limits([*figures, *beside.values(), 0.0])
    ax.set_xlim(low, high)
    percent = scale == "percent"
    grid_lines(ax, "x", change_ticks(low, high, words, percent=percent, most=most_labels(ax)))
    zero_line(ax)
    if not percent:
        ax.set_xlabel(plain(words.text("standard deviations")), fontsize=SMALL)


def _gap_row(ax: Axes, place: float, row: dict[str, object], words: Words, published: float | None) -> None:
    if published is not None:
        ax.plot(
            published, place, "D", color=PUBLISHED, markerfacecolor="none", markeredgewidth=1.8, markersize=9, zorder=5
        )
    if is_missing(row["estimate"]):
        row_note(ax, place, words.text("cannot be given"), at=0.0, align="left" if (published or 0) <= 0 else "right")
        return
    draw_interval(ax, place, (row["estimate"], row["ci_low"], row["ci_high"]))
    in_sd = row["scale"] == "sd"
    told = words.signed(row["estimate"], 2, fixed=True) if in_sd else gap_text(row["estimate"], row, words, signed=True)
    row_figure(ax, place, told)
