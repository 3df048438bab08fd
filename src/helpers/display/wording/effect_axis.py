"""Effects as numbers along an axis: in the unit in which sentences tell them, per step of x."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from helpers.display.wording.effects import Claim, Row, effect_size, effect_text, scale_of, step_text
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import capital
from helpers.display.wording.words import Words


@dataclass(frozen=True)
class EffectAxis:
    """What turns columns of effects into told figures.

    Parameters
    ----------
    factor : float
        From a unit of the columns to a told one.
    suffix : str
        Of the columns that are told.
    """

    factor: float
    suffix: str

    def told(self, row: Row, *columns: str) -> list[float]:
        """Figures of a row in the told unit."""
        return [self.factor * row[column + self.suffix] for column in columns]


def effect_axis(row: Row, claim: Claim) -> EffectAxis:
    """Axis on which the effects of a claim are told: points, percentage points or standard deviations of y."""
    scale = scale_of(row, claim)
    return EffectAxis(scale.step * (100 if scale.y_kind == "rate" else 1), scale.suffix)


def effect_name(row: Row, words: Words, claim: Claim) -> Markup:
    """Name what is estimated: ``NPS per rise of 10 points in eNPS``."""
    names = {"x": words.measure(claim.x, definite=True), "y": capital(words.measure(claim.y))}
    return words.text("{y} per rise of {step} in {x}", step=step_text(row, words, claim), **names)


def size_text(told: float, words: Words, kind: str) -> Markup:
    """Write the size of an effect, given in the told unit, with that unit."""
    return effect_size(told / 100 if kind == "rate" else told, words, kind)


def estimate_text(row: Row, words: Words, claim: Claim | None, decimals: int) -> tuple[Markup, Markup]:
    """Write an estimate and its interval per step of x, or without a claim with so many decimals; empty if missing.

    Figures have a sign, unless the row says that it ``is_level``, as shares are.
    """
    if is_missing(row["estimate"]):
        return words.text("cannot be given"), Markup()
    if claim:
        return effect_text(row, words, claim, level=False)
    bounds = [row["ci_low"], row["ci_high"]]
    written = words.number if row.get("is_level") else words.signed
    estimate = Markup(written(row["estimate"], decimals, fixed=True))
    if any(is_missing(bound) for bound in bounds):
        return estimate, Markup()
    return estimate, words.interval(*(written(bound, decimals, fixed=True) for bound in bounds))
