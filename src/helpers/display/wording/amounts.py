"""Values and differences of one kind of measure as text."""

from __future__ import annotations

import math
from collections.abc import Mapping

from markupsafe import Markup

from helpers.display.wording.measures import KINDS, measure_of
from helpers.display.wording.numbers import is_missing, significant_decimals
from helpers.display.wording.paragraph import LONGEST_SENTENCE, NO_BREAK_SPACE, unbroken
from helpers.display.wording.words import Words

# Beyond its scale a bound says nothing; the estimators leave it there so that widths stay comparable.
SCALES = {"nps": (-100.0, 100.0), "rate": (0.0, 1.0)}
MEAN_DECIMALS = 2
# Of amounts that are told with their unit.
DECIMALS = {"nps": 0, "rate": 0, "percent": 1, "sd": MEAN_DECIMALS}
DEFAULT_CONF_LEVEL = 0.95
ROUNDING = 1e-6


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
    decimals: int | None = None,
    signed: bool = False,
) -> str:
    """Write a value or a change as a bare figure.

    Parameters
    ----------
    value : float
        In the unit of the measure: points, a mean answer, a share from 0 to 1, an amount.
    words : Words
    kind : {"nps", "mean", "rate", "percent", "value", "sd"}
    n : float, optional
        Answers behind it; decides on the decimals of an NPS.
    like : float, optional
        Value whose decimals it takes over, so that an amount, its bounds and its change match.
    decimals : int, optional
        Of a change, instead of those of its kind.
    signed : bool
        For a change; a change of a share becomes a bare number of percentage points.

    Returns
    -------
    str
    """
    if signed and decimals is not None:
        return words.signed(100 * value if kind == "rate" else value, decimals, fixed=True)
    if kind == "nps":
        return words.points(value, n, signed=signed)
    if kind == "rate":
        return words.signed(100 * value, 0) if signed else words.percent(value)
    if kind == "percent":
        return words.signed(value, 1, fixed=True) if signed else words.percent(value / 100, 1, fixed=True)
    digits = MEAN_DECIMALS if kind in ("mean", "sd") else significant_decimals(value if is_missing(like) else like)
    return (words.signed if signed else words.number)(value, digits, fixed=True)


def edge_text(edge: float, words: Words, kind: str, band: str) -> str:
    """Write the edge of a band with at most one decimal, rounded so that the band holds no less than it did.

    Parameters
    ----------
    edge : float
        In the unit of the measure.
    words : Words
    kind : {"nps", "rate", "percent"}
    band : {"high", "low"}

    Returns
    -------
    str
    """
    tenths = (1000 if kind == "rate" else 10) * edge
    # The small amount keeps a floating 798.999999 from becoming 798.
    outward = math.floor(tenths + ROUNDING) if band == "high" else math.ceil(tenths - ROUNDING)
    return words.number(outward / 10, 1) if kind == "nps" else words.percent(outward / 1000, 1)


def amount_text(
    value: float, words: Words, kind: str, *, decimals: int | None = None, signed: bool = False, fixed: bool = True
) -> Markup:
    """Write a difference with its unit: ``4 points``, ``0.3 standard deviations``, ``0.25``.

    Parameters
    ----------
    value : float
        The difference.
    words : Words
    kind : {"nps", "mean", "rate", "percent", "value", "sd"}
        The last for differences in standard deviations.
    decimals : int, optional
        Those of the kind by default.
    signed : bool
        Write the sign; without it the size only.
    fixed : bool
        Keep trailing zeros, as figures with an interval do; a round amount that was chosen needs none.

    Returns
    -------
    Markup
    """
    shown = value if signed else abs(value)
    if kind not in DECIMALS:
        return Markup(figure_text(shown, words, kind, signed=signed))
    number = 100 * shown if kind == "rate" else shown
    digits = DECIMALS[kind] if decimals is None else decimals
    figure = (words.signed if signed else words.number)(number, digits, fixed=fixed)
    size = abs(round(number, digits))
    written = {"figure": figure, "decimals": digits if fixed else 0}
    if kind == "nps":
        text = words.plural("{figure} point", "{figure} points", size, **written)
    elif kind in ("rate", "percent"):
        text = words.plural("{figure} percentage point", "{figure} percentage points", size, **written)
    else:
        text = words.plural("{figure} standard deviation", "{figure} standard deviations", size, **written)
    return Markup(text.replace(" ", NO_BREAK_SPACE, 1))


def finer_decimals(low: float, high: float, words: Words, kind: str, **choices: object) -> int | None:
    """Tell how many decimals a change needs to show on which side of zero it lies; None where the usual ones do.

    Parameters
    ----------
    low, high : float
        Bounds of the change, in the unit of the measure.
    words : Words
    kind : {"nps", "mean", "rate", "percent", "value"}
    **choices : float
        ``n`` and ``like`` of `figure_text`.

    Returns
    -------
    int or None
    """
    texts = [figure_text(bound, words, kind, signed=True, **choices) for bound in (low, high)]
    if low * high <= 0 or all(any(sign in "123456789" for sign in text) for text in texts):
        return None
    return significant_decimals(min(abs(low), abs(high)) * (100 if kind == "rate" else 1), 1)


def with_interval(figure: str, interval: Markup, words: Words, conf_level: object = None) -> Markup:
    """Write a figure and its interval with the level: ``+9, 95% interval +2 to +16``."""
    return words.text("{figure}, {interval}", figure=figure, interval=leveled(interval, words, conf_level))


def leveled(interval: Markup, words: Words, conf_level: object = None) -> Markup:
    """Put the level before an interval: ``95% interval 4 to 20``."""
    level = words.percent(DEFAULT_CONF_LEVEL if is_missing(conf_level) else conf_level, 1)
    return Markup("{} {}").format(unbroken(words.text("{level} interval", level=level)), interval)


def with_figures(fact: Markup, figures: Markup, words: Words) -> Markup:
    """Put figures in brackets behind a fact, or in a sentence of their own where one sentence would be too long."""
    sentence = Markup("{} ({}).").format(fact, figures)
    if len(sentence.split()) <= LONGEST_SENTENCE:
        return sentence
    return Markup("{}. {}").format(fact, words.text("In figures: {figures}.", figures=figures))


def clipped(low: float, high: float, kind: str) -> tuple[float, float]:
    """Keep the bounds of a level inside the scale of its kind."""
    least, most = SCALES.get(kind, (float("-inf"), float("inf")))
    return max(low, least), min(high, most)
