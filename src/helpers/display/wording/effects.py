"""What is claimed of a lag, and effects as figures per step of x.

A row is one estimate of `stats.lag_profile`: ``lag`` in periods (negative: the lead), ``estimate`` per unit of x,
``ci_low``, ``ci_high``, the same three in standard deviations (``estimate_sd`` …), ``conf_level``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, figure_text, leveled
from helpers.display.wording.durations import moment
from helpers.display.wording.measures import measure_of
from helpers.display.wording.words import Words

Row = Mapping[str, object]
# One point of eNPS is less than anybody notices; ten is a good year.
POINTS = {"nps": 10.0, "rate": 0.1}
DECIMALS = {"nps": 1, "rate": 1, "percent": 2}


@dataclass(frozen=True)
class Claim:
    """What is claimed: a rise in `x` is followed `lag` periods later by a change for the better in `y`.

    Parameters
    ----------
    x, y : str
        Measures; which end of each is better decides on `sign`.
    lag : int
        In periods.
    periods_per_year : int
    told : Scale, optional
        How effects are told; by default by the kinds of x and y, see `scale_of`.
    """

    x: str
    y: str
    lag: int
    periods_per_year: int = 1
    told: Scale | None = None

    @property
    def sign(self) -> int:
        """Whether y is claimed to rise (1) or to fall (−1) after a rise in x: mortality after engagement falls."""
        return 1 if measure_of(self.x).higher_is_better == measure_of(self.y).higher_is_better else -1

    @property
    def reverse(self) -> Claim:
        """The same claim in the opposite direction."""
        told = self.told and Scale(self.told.y_kind, self.told.x_kind, step=1.0, suffix=self.told.suffix)
        return Claim(self.y, self.x, self.lag, self.periods_per_year, told)

    def names(self, words: Words) -> dict[str, Markup]:
        """Names of x and y inside a sentence, and the moment of the lag."""
        return {
            "x": words.measure(self.x, definite=True),
            "y": words.measure(self.y, definite=True),
            "when": moment(words, self.lag, self.periods_per_year),
        }


@dataclass(frozen=True)
class Scale:
    """How effects are told: kinds of x and y, the rise in x, and the suffix of the columns that hold them."""

    x_kind: str
    y_kind: str
    step: float
    suffix: str = ""


def effect_text(
    row: Row, words: Words, claim: Claim, *, signed: bool = True, level: bool = True
) -> tuple[Markup, Markup]:
    """Write an effect per step of x and its interval.

    Parameters
    ----------
    row : mapping
        One estimate, see the module.
    words : Words
    claim : Claim
    signed : bool
        With signs and without unit; else the size with its unit, the bounds turned to the side of the estimate.
    level : bool
        Name the confidence level.

    Returns
    -------
    effect, interval : Markup
    """
    kind = scale_of(row, claim).y_kind
    estimate, low, high = effect_of(row, claim)
    if not signed and estimate < 0:
        low, high = -high, -low
    interval = words.interval(*(_figure(bound, words, kind, signed=signed) for bound in (low, high)))
    effect = _figure(estimate, words, kind, signed=True) if signed else effect_size(estimate, words, kind)
    return Markup(effect), leveled(interval, words, row.get("conf_level")) if level else interval


def step_text(row: Row, words: Words, claim: Claim) -> Markup:
    """Write the rise in x that effects are told for: ``10 points``, ``1 standard deviation``."""
    scale = scale_of(row, claim)
    return amount_text(scale.step, words, scale.x_kind, fixed=False)


def effect_of(row: Row, claim: Claim, columns: tuple[str, ...] = ("estimate", "ci_low", "ci_high")) -> list[float]:
    """Estimate and bounds per step of x, in points, shares or standard deviations of y."""
    scale = scale_of(row, claim)
    return [scale.step * row[column + scale.suffix] for column in columns]


def scale_of(row: Row, claim: Claim) -> Scale:
    """Scale on which an effect is told: points where both measures have them, else standard deviations if known."""
    if claim.told:
        return claim.told
    kinds = measure_of(claim.x).kind, measure_of(claim.y).kind
    if set(kinds) <= POINTS.keys():
        return Scale(*kinds, step=POINTS[kinds[0]])
    if "estimate_sd" in row:
        return Scale("sd", "sd", step=1.0, suffix="_sd")
    return Scale(*kinds, step=POINTS.get(kinds[0], 1.0))


def effect_size(value: float, words: Words, kind: str) -> Markup:
    """Write the size of an effect with its unit, with the decimals of its interval."""
    return amount_text(value, words, kind, decimals=DECIMALS.get(kind))


def _figure(value: float, words: Words, kind: str, *, signed: bool) -> str:
    if kind in POINTS:
        points = 100 * value if kind == "rate" else value
        return (words.signed if signed else words.number)(points, 1, fixed=True)
    if kind == "percent":
        return (words.signed if signed else words.number)(value, DECIMALS[kind], fixed=True)
    return figure_text(value, words, kind, signed=signed)
