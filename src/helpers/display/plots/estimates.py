"""Estimates with their intervals: gaps between quarters, and effects by lag."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from helpers.display.plots.drawing import RIGHT_ROOM, draw_interval, grid_lines, limits, row_figure, row_note, zero_line
from helpers.display.plots.layout import (
    LETTER_WIDTH,
    column_labels,
    draw_key,
    key_height,
    key_of,
    row_labels,
    text_height,
    text_width,
    wrapped,
)
from helpers.display.plots.style import ACCENT, CATEGORIES, INK, MUTED, SMALL, WIDTH, new_axes, styled
from helpers.display.plots.ticks import change_ticks
from helpers.display.wording import Words, capital, plain
from helpers.display.wording.durations import moment
from helpers.display.wording.lags import Claim, effect_of, step_text
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.quartiles import gap_text

LETTERS = 24
GAP_ROW = 34
# Room for the unit under an axis, in points.
UNIT_ROOM = 16
PROFILE_HEIGHT, PROFILE_LEFT, PROFILE_RIGHT = 190, 44, 14
# Two series at one lag stand this far apart, in periods.
SERIES_SHIFT = 0.14
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
    scales = sorted(set(estimates["scale"]))
    if scales not in (["percent"], ["sd"]):
        raise ValueError(f"estimates must be of scale percent or sd throughout; found {', '.join(scales)}.")
    rows = estimates.to_dict("records")
    beside = {outcome: value for outcome, value in (published or {}).items() if not is_missing(value)}
    names = [_outcome_name(row["outcome"], words) for row in rows]
    here, elsewhere = words.text("here, with its interval"), words.text("published elsewhere")
    left = text_width(names, SMALL) + 14
    key = key_of([("dot", here, ACCENT), ("diamond", elsewhere, PUBLISHED)], left) if beside else []
    if ax is None:
        ax = new_axes(
            GAP_ROW * len(rows),
            left=left,
            right=RIGHT_ROOM,
            top=key_height(key) + 14,
            bottom=28 + UNIT_ROOM * (scales == ["sd"]),
        )
    figures = [row[name] for row in rows for name in ("estimate", "ci_low", "ci_high")]
    low, high = limits([*figures, *(beside[row["outcome"]] for row in rows if row["outcome"] in beside), 0.0])
    ax.set_xlim(low, high)
    grid_lines(ax, "x", change_ticks(low, high, words, percent=scales == ["percent"]))
    zero_line(ax)
    ax.set_ylim(GAP_ROW * len(rows), 0)
    row_labels(ax, [GAP_ROW * (place + 0.5) for place in range(len(rows))], names)
    for place, row in enumerate(rows):
        _gap_row(ax, GAP_ROW * (place + 0.5), row, words, beside.get(row["outcome"]))
    if scales == ["sd"]:
        ax.set_xlabel(plain(words.text("standard deviations")), fontsize=SMALL)
    draw_key(ax, key, above=14)
    return ax


@styled
def plot_lag_profile(
    estimates: pd.DataFrame,
    words: Words,
    claim: Claim,
    *,
    reverse: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw effects by lag, the lead before them, the claimed lag marked; the opposite direction beside them if given.

    Parameters
    ----------
    estimates : DataFrame
        ``lag`` (negative: the lead; rows without are left out), ``estimate``, ``ci_low``, ``ci_high``, and the same
        in standard deviations (``estimate_sd`` …) for measures without points.
    words : Words
    claim : Claim
    reverse : DataFrame, optional
        The same for y on x.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    series = [(estimates, claim, ACCENT)] + ([] if reverse is None else [(reverse, claim.reverse, PUBLISHED)])
    drawn = [_profile(table, each) for table, each, _ in series]
    lags = sorted({int(lag) for points in drawn for lag in points})
    moments = _moments(lags, words, claim)
    key = key_of([_named(*each, words) for each in series], PROFILE_LEFT)
    if ax is None:
        ax = new_axes(
            PROFILE_HEIGHT,
            left=PROFILE_LEFT,
            right=PROFILE_RIGHT,
            top=key_height(key) + 30,
            bottom=text_height(moments, SMALL) + 14,
        )
    low, high = limits([0.0, *(value for points in drawn for figures in points.values() for value in figures)])
    ax.set_ylim(low, high)
    ax.set_xlim(min(lags, default=0) - 0.5, max(lags, default=0) + 0.5)
    grid_lines(ax, "y", change_ticks(low, high, words))
    zero_line(ax, vertical=False)
    shift = SERIES_SHIFT if reverse is not None else 0.0
    for points, (_, _, colour), side in zip(drawn, series, (-1, 1), strict=False):
        for lag, figures in points.items():
            draw_interval(
                ax, lag + side * shift, figures, colour=colour, hollow=colour != ACCENT or lag < 0, vertical=True
            )
    column_labels(ax, lags, moments)
    _mark_lags(ax, lags, words, claim)
    draw_key(ax, key, above=28)
    return ax


def _outcome_name(outcome: str, words: Words) -> str:
    name = wrapped(capital(words.measure(outcome)), LETTERS)
    if measure_of(outcome).higher_is_better:
        return name
    return name + "\n" + plain(words.text("(less is better)"))


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
    row_figure(
        ax, place, words.signed(row["estimate"], 2) if in_sd else gap_text(row["estimate"], row, words, signed=True)
    )


def _profile(table: pd.DataFrame, claim: Claim) -> dict[int, list[float]]:
    rows = table[table["lag"].notna()].sort_values("lag").to_dict("records")
    return {int(row["lag"]): effect_of(row, claim) for row in rows if not is_missing(row["estimate"])}


def _moments(lags: list[int], words: Words, claim: Claim) -> list[str]:
    """Labels of the lags, broken so that neighbours do not touch."""
    letters = int((WIDTH - PROFILE_LEFT - PROFILE_RIGHT) / max(len(lags), 1) / (LETTER_WIDTH * SMALL))
    return [wrapped(moment(words, lag, claim.periods_per_year), max(letters, 9)) for lag in lags]


def _mark_lags(ax: Axes, lags: list[int], words: Words, claim: Claim) -> None:
    at = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", "ha": "center", "fontsize": SMALL}
    if claim.lag in lags:
        ax.axvspan(claim.lag - 0.42, claim.lag + 0.42, color=ACCENT, alpha=0.1, linewidth=0, zorder=0)
        ax.annotate(plain(words.text("claimed")), (claim.lag, 1), (0, 4), color=INK, **at)
    for lag in lags:
        if lag < 0:
            ax.annotate(plain(words.text("check")), (lag, 1), (0, 4), color=MUTED, **at)


def _named(table: pd.DataFrame, claim: Claim, colour: str, words: Words) -> tuple[str, Markup, str]:
    names = {"x": words.measure(claim.x, definite=True), "y": capital(words.measure(claim.y))}
    step = step_text(table.iloc[0].to_dict(), words, claim)
    return (
        "dot" if colour == ACCENT else "ring",
        words.text("{y} per rise of {step} in {x}", step=step, **names),
        colour,
    )
