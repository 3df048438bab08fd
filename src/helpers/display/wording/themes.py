"""Themes by their score and their importance, and in which quadrant each stands, if that can be told.

A *theme* is a measure of the table; its *importance* is its share of what all themes explain together, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from helpers.display.wording.amounts import clipped, kind_of
from helpers.display.wording.marks import msg
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import capital
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

QUADRANTS = {
    "improve": msg("improve first"),
    "keep": msg("keep"),
    "wait": msg("can wait"),
    "enough": msg("good enough"),
}
# Of themes of which the link is too small to matter, and of those of which the quadrant cannot be told.
TOO_SMALL, UNCLEAR = "small", "unclear"
LEAST_THEMES = 2
Figures = tuple[float, float, float]


@dataclass(frozen=True)
class Theme:
    """One theme: its row of scores, both figures as estimate, low and high, and its quadrant."""

    name: Markup
    row: Mapping[str, object]
    score: Figures
    importance: Figures
    quadrant: str


@dataclass(frozen=True)
class Against:
    """What themes are held against instead of their averages.

    Parameters
    ----------
    score : float
        The score aimed at.
    importance : float
        An even share.
    quadrants : mapping of measure to str
        Where each theme stands, by `helpers.stats.driver_verdict.standings`.
    """

    score: float
    importance: float
    quadrants: Mapping[str, str]


@dataclass(frozen=True)
class Themes:
    """Themes that are shown, the lines that part them, what these are, and how many themes are not shown."""

    shown: Sequence[Theme]
    score_line: float
    importance_line: float
    kind: str
    n_hidden: int
    is_target: bool = False


def themes_of(
    table: ReleasedTable,
    words: Words,
    importance: pd.DataFrame,
    shown_by: str,
    *,
    names: Mapping[str, str] | None = None,
    against: Against | None = None,
) -> Themes:
    """Put the scores of a unit beside the importance of their measures.

    Parameters
    ----------
    table : ReleasedTable
        Rows of one unit and period, one per theme: ``measure``, ``estimate``, ``n``, and where known ``ci_low``,
        ``ci_high``, ``kind``.
    words : Words
    importance : DataFrame
        ``term`` (the measure), ``estimate``, ``ci_low``, ``ci_high``: shares from 0 to 1.
    shown_by : str
        Who asks, for the error.
    names : mapping of measure to str, optional
        Names of the themes; else those of the measures.
    against : Against, optional
        By default themes are held against their averages.

    Returns
    -------
    Themes
        In the order of `table`; the quadrant is ``"unclear"`` where an interval crosses an average, or is missing.

    Raises
    ------
    TypeError
        When `table` did not pass the gate.
    ValueError
        For several units, periods or kinds of measure, a theme without importance or of which less is better, or an
        importance beyond 0 to 1.
    """
    frame = require_released(table, shown_by)
    weights = importance.set_index("term")[["estimate", "ci_low", "ci_high"]].astype(float)
    kind = _check(frame, weights)
    # The edge of a band is no score to take an average of.
    rows = frame[frame["estimate"].notna() & (frame["band"] == "")].to_dict("records")
    figures = [(_score(row, kind), _importance(weights.loc[row["measure"]])) for row in rows]
    lines = [float(np.mean([pair[side][0] for pair in figures])) if figures else float("nan") for side in (0, 1)]
    quadrants = [_quadrant(score, weight, *lines) for score, weight in figures]
    if against:
        lines = [against.score, against.importance]
        quadrants = [against.quadrants[row["measure"]] for row in rows]
    shown = [
        Theme(_name(row["measure"], words, names), row, score, weight, quadrant)
        for row, (score, weight), quadrant in zip(rows, figures, quadrants, strict=True)
    ]
    return Themes(shown, *lines, kind, len(frame) - len(rows), is_target=against is not None)


def _check(frame: pd.DataFrame, weights: pd.DataFrame) -> str:
    for column in ("unit_id", "period"):
        if frame[column].nunique() != 1:
            raise ValueError(f"table must hold one {column}; found {frame[column].nunique()}. Use where().")
    kinds = sorted({kind_of(row) for row in frame.to_dict("records")})
    if len(kinds) != 1:
        raise ValueError(f"measures must be of one kind to share a scale; found {', '.join(kinds)}.")
    for measure in frame["measure"]:
        if measure not in weights.index:
            raise ValueError(f"importance must have a row for each measure; found none for {measure!r}.")
        if not measure_of(measure).higher_is_better:
            raise ValueError(f"measures must be better when higher; found {measure!r}. Leave it out or turn it round.")
    beyond = weights["estimate"][~weights["estimate"].between(0, 1)]
    if len(beyond):
        raise ValueError(f"importance must lie between 0 and 1; found {beyond.iloc[0]:g} for {beyond.index[0]!r}.")
    return kinds[0]


def _name(measure: str, words: Words, names: Mapping[str, str] | None) -> Markup:
    return escape((names or {}).get(measure) or capital(words.measure(measure)))


def _score(row: Mapping[str, object], kind: str) -> Figures:
    return row["estimate"], *clipped(*(row.get(column, float("nan")) for column in ("ci_low", "ci_high")), kind)


def _importance(weights: pd.Series) -> Figures:
    return float(weights["estimate"]), *clipped(float(weights["ci_low"]), float(weights["ci_high"]), "rate")


def _quadrant(score: Figures, importance: Figures, mean_score: float, mean_importance: float) -> str:
    high, important = _side(score, mean_score), _side(importance, mean_importance)
    if high is None or important is None:
        return UNCLEAR
    return ("keep" if high else "improve") if important else ("enough" if high else "wait")


def _side(figures: Figures, mean: float) -> bool | None:
    """Whether an interval lies above the mean; None when it holds the mean, or is missing."""
    _, low, high = figures
    if is_missing(low) or is_missing(high) or low <= mean <= high:
        return None
    return low > mean
