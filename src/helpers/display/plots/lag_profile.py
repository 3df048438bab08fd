"""Effects by lag: the lead before them, the claimed lag marked, and the opposite direction beside them."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from helpers.display.plots.axis_name import name_lines, room_below, write_name
from helpers.display.plots.drawing import draw_interval, grid_lines, limits, zero_line
from helpers.display.plots.key import draw_key, key_height, key_of
from helpers.display.plots.layout import LETTER_WIDTH, column_labels, text_height, wrapped
from helpers.display.plots.style import ACCENT, CATEGORIES, INK, MUTED, SMALL, figure_width, new_axes, styled
from helpers.display.plots.ticks import change_ticks
from helpers.display.wording import Words, capital, plain
from helpers.display.wording.durations import moment
from helpers.display.wording.effects import Claim, effect_of, step_text
from helpers.display.wording.numbers import is_missing

PROFILE_HEIGHT, PROFILE_LEFT, PROFILE_RIGHT = 190, 44, 14
# The longest word of a moment, such as "hetzelfde".
LEAST_LETTERS = 9
# Two series at one lag stand this far apart, in periods.
SERIES_SHIFT = 0.14
REVERSE = CATEGORIES[1]


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
    series = [(estimates, claim, ACCENT)] + ([] if reverse is None else [(reverse, claim.reverse, REVERSE)])
    drawn = [_profile(table, each) for table, each, _ in series]
    lags = sorted({int(lag) for points in drawn for lag in points})
    moments, name = _moments(lags, words, claim)
    key = key_of([_named(*each, words) for each in series], PROFILE_LEFT)
    if ax is None:
        bottom = room_below(name) if name else text_height(moments, SMALL) + 14
        ax = new_axes(PROFILE_HEIGHT, left=PROFILE_LEFT, right=PROFILE_RIGHT, top=key_height(key) + 30, bottom=bottom)
    _value_axis(ax, drawn, words)
    ax.set_xlim(min(lags, default=0) - 0.5, max(lags, default=0) + 0.5)
    shifts = (-SERIES_SHIFT, SERIES_SHIFT) if len(series) > 1 else (0.0,)
    for points, (_, _, colour), shift in zip(drawn, series, shifts, strict=True):
        _series(ax, points, colour, shift)
    column_labels(ax, lags, moments)
    write_name(ax, name)
    _mark_lags(ax, lags, words, claim)
    draw_key(ax, key, above=28)
    return ax


def _value_axis(ax: Axes, drawn: list[dict[int, list[float]]], words: Words) -> None:
    low, high = limits([0.0, *(value for points in drawn for figures in points.values() for value in figures)])
    ax.set_ylim(low, high)
    grid_lines(ax, "y", change_ticks(low, high, words))
    zero_line(ax, vertical=False)


def _series(ax: Axes, points: dict[int, list[float]], colour: str, shift: float) -> None:
    for lag, figures in points.items():
        marker = "o" if colour == ACCENT else "s"
        draw_interval(ax, lag + shift, figures, colour=colour, hollow=lag < 0, vertical=True, marker=marker)


def _moments(lags: list[int], words: Words, claim: Claim) -> tuple[list[str], list[str]]:
    """Labels of the lags that do not touch their neighbours; where words have no room, numbers and a name below."""
    letters = int((figure_width() - PROFILE_LEFT - PROFILE_RIGHT) / max(len(lags), 1) / (LETTER_WIDTH * SMALL))
    if letters >= LEAST_LETTERS:
        return [wrapped(moment(words, lag, claim.periods_per_year), letters) for lag in lags], []
    name = name_lines(words.text("years later"), left=PROFILE_LEFT, right=PROFILE_RIGHT)
    return [words.signed(lag / claim.periods_per_year, 2) for lag in lags], name


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
        "dot" if colour == ACCENT else "square",
        words.text("{y} per rise of {step} in {x}", step=step, **names),
        colour,
    )


def _profile(table: pd.DataFrame, claim: Claim) -> dict[int, list[float]]:
    rows = table[table["lag"].notna()].sort_values("lag").to_dict("records")
    return {int(row["lag"]): effect_of(row, claim) for row in rows if not is_missing(row["estimate"])}
