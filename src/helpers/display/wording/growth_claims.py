"""The claims about growth, with the units in which their effects are told.

A slope is told per rise of 5 points, as Aon Hewitt did; without points, per standard deviation. An interaction is told
per standard deviation on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from helpers.display.wording.durations import moment
from helpers.display.wording.effects import Claim, Scale
from helpers.display.wording.measures import measure_of
from helpers.display.wording.words import Words

# By the ids of helpers.datasets.growth.
TOLD_AS = {"points": "nps", "percent": "percent", "sd": "sd"}
STEPS = {"points": 5.0, "percent": 1.0, "sd": 1.0}


@dataclass(frozen=True)
class JointClaim:
    """What is claimed: the effect of `x` on `y`, `lag` periods later, is the larger the better `z` is.

    Parameters
    ----------
    x, z, y : str
        Measures.
    kind : {"percent", "sd"}
        How y is told.
    lag, periods_per_year : int
    """

    x: str
    z: str
    y: str
    kind: str
    lag: int
    periods_per_year: int = 1

    @property
    def sign(self) -> int:
        """Whether the interaction claimed is above zero: turned once for each measure of which less is better."""
        return (-1) ** sum(not measure_of(measure).higher_is_better for measure in (self.x, self.z, self.y))

    @property
    def effect(self) -> Claim:
        """The claim as one about an effect of x on y, told per standard deviation of x."""
        return Claim(self.x, self.y, self.lag, self.periods_per_year, Scale("sd", TOLD_AS[self.kind], step=1.0))

    def names(self, words: Words) -> dict[str, Markup]:
        """Names of the measures inside a sentence, and the moment of the lag."""
        names = {name: words.measure(getattr(self, name), definite=True) for name in ("x", "z", "y")}
        return names | {"when": moment(words, self.lag, self.periods_per_year)}


def slope_claim(x: str, y: str, kinds: Mapping[str, str], *, lag: int, periods_per_year: int = 1) -> Claim:
    """Claim that y follows a rise in x.

    Parameters
    ----------
    x, y : str
        Measures.
    kinds : mapping of measure to {"points", "percent", "sd"}
        How both are told.
    lag, periods_per_year : int

    Returns
    -------
    Claim
    """
    told = Scale(TOLD_AS[kinds[x]], TOLD_AS[kinds[y]], step=STEPS[kinds[x]])
    return Claim(x, y, lag, periods_per_year, told)


def joint_claims(
    x: str, z: str, outcomes: tuple[str, ...], kinds: Mapping[str, str], *, lag: int, periods_per_year: int = 1
) -> dict[str, JointClaim]:
    """Claim for each outcome that one side alone falls short, see `JointClaim`."""
    return {y: JointClaim(x, z, y, kinds[y], lag, periods_per_year) for y in outcomes}


def claimed_signs(slope: Claim, joint: Mapping[str, JointClaim]) -> dict[str, int]:
    """Signs claimed, as `helpers.stats.growth_study` takes them."""
    return {"slope": slope.sign} | {outcome: claim.sign for outcome, claim in joint.items()}
