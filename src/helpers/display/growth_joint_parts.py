"""Parts of the page on growth about both sides together: the answer, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd
from markupsafe import Markup

from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part, attempt
from helpers.display.wording import Words, growth_joint
from helpers.display.wording.growth_claims import JointClaim


class Verdict(Protocol):
    """A verdict and the rule that gave it, see `helpers.stats.verdicts`."""

    verdict: str
    because: str
    figures: dict[str, object]


class Interaction(Protocol):
    """What `helpers.stats.growth_study` answers with for one outcome."""

    effects: pd.DataFrame
    variants: pd.DataFrame
    reliability: dict[str, float] | Exception
    verdict: Verdict


class JointStudy(Protocol):
    """What `helpers.stats.growth_study` answers with, as far as both sides together go."""

    def interaction(self, outcome: str) -> Interaction:
        """Give the interaction on an outcome."""


def joint_part(study: JointStudy, words: Words, claim: JointClaim) -> Part:
    """Answer whether one side alone falls short, with the outcome at low and high values of both sides.

    Parameters
    ----------
    study : JointStudy
    words : Words
    claim : JointClaim

    Returns
    -------
    Part
    """
    found = study.interaction(claim.y)
    verdict = found.verdict
    answer = growth_joint.joint_answer(verdict.figures, words, claim, verdict=verdict.verdict, because=verdict.because)
    corners = growth_joint.corner_names(found.effects, words, claim)
    chart = None
    if len(corners):
        chart = forest_chart(corners, words, quantity=growth_joint.corner_quantity(words, claim))
    return Part([answer, chart, growth_joint.empty_corners(found.effects, words, claim)])


def others_part(study: JointStudy, words: Words, claims: Mapping[str, JointClaim], *, main: str) -> Part:
    """Answer the same for every other outcome, each by itself.

    Parameters
    ----------
    study : JointStudy
    words : Words
    claims : mapping of outcome to JointClaim
    main : str
        The outcome that has been told already.

    Returns
    -------
    Part
        One sentence where there is no other outcome.
    """
    others = [claim for outcome, claim in claims.items() if outcome != main]
    if not others:
        return Part([growth_joint.no_other_outcome(words)])
    return Part(shown for one in others for shown in attempt(words, lambda one=one: joint_part(study, words, one)))


def variants_part(study: JointStudy, words: Words, claim: JointClaim) -> Part:
    """Show the interaction under other choices.

    Parameters
    ----------
    study : JointStudy
    words : Words
    claim : JointClaim

    Returns
    -------
    Part
    """
    variants = study.interaction(claim.y).variants
    shown = growth_joint.variant_names(variants, words)
    chart = forest_chart(shown, words, quantity=growth_joint.interaction_quantity(words, claim)) if len(shown) else None
    return Part([chart, growth_joint.missing_variants(variants, words)])


def product_sentences(study: JointStudy, words: Words, claim: JointClaim) -> Markup:
    """Say what sampling error takes from the interaction, where that is known, and how small a one can be seen.

    Parameters
    ----------
    study : JointStudy
    words : Words
    claim : JointClaim

    Returns
    -------
    Paragraph
    """
    found = study.interaction(claim.y)
    told = growth_joint.power_sentence(found.verdict.figures, words, claim)
    if isinstance(found.reliability, Exception):
        return told
    return growth_joint.reliability_sentence(found.reliability, words, claim) + " " + told
