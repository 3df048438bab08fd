"""Values and differences of one kind of measure as text."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from helpers.display.wording.measures import KINDS, measure_of
from helpers.display.wording.numbers import is_missing, significant_decimals
from helpers.display.wording.words import Words

# Beyond its scale a bound says nothing; the estimators leave it there so that widths stay comparable.
SCALES = {"nps": (-100.0, 100.0), "rate": (0.0, 1.0)}
MEAN_DECIMALS = 2
DEFAULT_CONF_LEVEL = 0.95


def kind_of(row: Mapping[str, object]) -> str:
    """Kind of a row: its own `kind` where it has one, else that of its measure."""
    kind = row.get("kind")
    return kind if kind in KINDS else measure_of(row["measure"]).kind


def figure_text(
    value: float,
    words: Words,
    kind: str,
    *,
    n: float | None = None,
    like: float | None = None,
    signed: bool = False,
) -> str:
    """Write a value or a change as a bare figure.

    Parameters
    ----------
    value : float
        In the unit of the measure: points, a mean answer, a share from 0 to 1, an amount.
    words : Words
    kind : {"nps", "mean", "rate", "value", "sd"}
    n : float, optional
        Answers behind it; decides on the decimals of an NPS.
    like : float, optional
        Value whose decimals it takes over, so that an amount, its bounds and its change match.
    signed : bool
        For a change; a change of a share becomes a bare number of percentage points.

    Returns
    -------
    str
    """
    if kind == "nps":
        return words.points(value, n, signed=signed)
    if kind == "rate":
        return words.signed(100 * value, 0) if signed else words.percent(value)
    decimals = MEAN_DECIMALS if kind in ("mean", "sd") else significant_decimals(value if is_missing(like) else like)
    return words.signed(value, decimals) if signed else words.number(value, decimals)


def amount_text(value: float, words: Words, kind: str, *, decimals: int = 0, signed: bool = False) -> Markup:
    """Write a difference with its unit: ``4 points``, ``0.3 standard deviations``, ``0.25``.

    Parameters
    ----------
    value : float
        The difference.
    words : Words
    kind : {"nps", "mean", "rate", "value", "sd"}
        The last for differences in standard deviations.
    decimals : int
        Of points and percentage points.
    signed : bool
        Write the sign; without it the size only.

    Returns
    -------
    Markup
    """
    shown = value if signed else abs(value)
    if kind not in ("nps", "rate", "sd"):
        return Markup(figure_text(shown, words, kind, signed=signed))
    number = 100 * shown if kind == "rate" else shown
    digits = MEAN_DECIMALS if kind == "sd" else decimals
    figure = words.signed(number, digits) if signed else words.number(number, digits)
    size = abs(round(number, digits))
    if kind == "nps":
        return words.plural("{figure} point", "{figure} points", size, figure=figure)
    if kind == "rate":
        return words.plural("{figure} percentage point", "{figure} percentage points", size, figure=figure)
    return words.plural("{figure} standard deviation", "{figure} standard deviations", size, figure=figure)


def interval_of_change(low: float, high: float, words: Words, kind: str, **choices: object) -> Markup:
    """Write the bounds of a change; one that rounds to zero gets the decimals that show on which side of it it lies.

    Parameters
    ----------
    low, high : float
        In the unit of the measure.
    words : Words
    kind : {"nps", "mean", "rate", "value"}
    **choices : float
        ``n`` and ``like`` of `figure_text`.

    Returns
    -------
    Markup
    """
    texts = [figure_text(bound, words, kind, signed=True, **choices) for bound in (low, high)]
    if low * high > 0:
        scale = 100 if kind == "rate" else 1
        texts = [_beyond_zero(scale * bound, text, words) for bound, text in zip((low, high), texts, strict=True)]
    return words.interval(*texts)


def with_interval(figure: str, interval: Markup, words: Words, conf_level: object = None) -> Markup:
    """Write a figure and its interval with the level: ``+9, 95% interval +2 to +16``."""
    return words.text("{figure}, {interval}", figure=figure, interval=leveled(interval, words, conf_level))


def leveled(interval: Markup, words: Words, conf_level: object = None) -> Markup:
    """Put the level before an interval: ``95% interval 4 to 20``."""
    level = words.percent(DEFAULT_CONF_LEVEL if is_missing(conf_level) else conf_level, 1)
    return words.text("{level} interval {interval}", level=level, interval=interval)


def clipped(low: float, high: float, kind: str) -> tuple[float, float]:
    """Keep the bounds of a level inside the scale of its kind."""
    least, most = SCALES.get(kind, (float("-inf"), float("inf")))
    return max(low, least), min(high, most)


def _beyond_zero(value: float, text: str, words: Words) -> str:
    if value == 0 or any(sign in "123456789" for sign in text):
        return text
    return words.signed(value, significant_decimals(value, 1))
