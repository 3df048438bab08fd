"""Parts of the page on growth: what a sentence says, with the chart beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import pandas as pd

from helpers.display.forest_chart import forest_chart
from helpers.display.growth_joint_parts import JointStudy, Verdict, product_sentences
from helpers.display.parts import Part, attempt
from helpers.display.power_chart import power_chart
from helpers.display.wording import Words, growth_answers, lag_checks, lag_robustness
from helpers.display.wording.effects import Claim
from helpers.display.wording.growth_claims import JointClaim
from helpers.display.wording.lags import lag_answer

LEAD = -1


class Evidence(Protocol):
    """What `helpers.stats.lag_evidence` answers with."""

    forward: pd.DataFrame
    reverse: pd.DataFrame
    claimed: dict[str, object]
    verdict: Verdict


class GrowthStudy(JointStudy, Protocol):
    """What `helpers.stats.growth_study` answers with."""

    evidence: Evidence
    checks: Mapping[str, object]

    def table(self, check: str) -> pd.DataFrame:
        """Give the table of a check."""


def answer_part(study: GrowthStudy, words: Words, claim: Claim) -> Part:
    """Answer whether growth follows engagement: the verdict, what is found, and the range it could mean here.

    Parameters
    ----------
    study : GrowthStudy
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    verdict, row = study.evidence.verdict, study.evidence.claimed
    answer = lag_answer(row, words, claim, verdict=verdict.verdict, because=verdict.because)
    meaning = growth_answers.meaning_sentence(row, words, claim, corrected=_corrected_row(study, claim))
    return Part([answer, meaning, growth_answers.stand_in_sentence(words, claim)])


def beside_part(
    study: GrowthStudy,
    words: Words,
    claim: Claim,
    *,
    aon: Mapping[str, object],
    scale: tuple[float, float] | None,
    made_from: str = "",
) -> Part:
    """Set what Aon Hewitt published beside the effect found here, and say why the two are no match.

    Parameters
    ----------
    study : GrowthStudy
    words : Words
    claim : Claim
    aon : mapping
        Answer of `helpers.datasets.growth.aon_growth`.
    scale : (float, float) or None
        Lowest and highest answer behind engagement.
    made_from : str
        The amount that growth was reckoned from.

    Returns
    -------
    Part
    """
    row = study.evidence.claimed
    return Part(
        [
            growth_answers.published_sentence(row, words, claim, aon=aon),
            growth_answers.scale_sentence(words, claim, scale=scale),
            growth_answers.made_sentence(words, claim, made_from=made_from),
        ]
    )


def power_part(study: GrowthStudy, curve: pd.DataFrame, words: Words, claim: Claim) -> Part:
    """Say what size of effect these data can find, with the power curve.

    Parameters
    ----------
    study : GrowthStudy
    curve : DataFrame
        Answer of `helpers.stats.power.power_curve` for the effect claimed.
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    row = study.evidence.claimed
    told = lag_checks.detectable_sentence(row, words, claim)
    return Part([told, power_chart(curve, words, claim, row=pd.Series(row))])


def noise_part(study: GrowthStudy, words: Words, claim: Claim, joint: JointClaim) -> Part:
    """Say what sampling error takes from the slope and from the interaction, and how small an interaction can be seen.

    Parameters
    ----------
    study : GrowthStudy
    words : Words
    claim : Claim
    joint : JointClaim

    Returns
    -------
    Part
    """
    return Part(
        [
            *attempt(words, lambda: Part([_corrected(study, words, claim)])),
            *attempt(words, lambda: Part([product_sentences(study, words, joint)])),
        ]
    )


def reverse_part(study: GrowthStudy, words: Words, claim: Claim) -> Part:
    """Say whether the outcome moved first, and whether engagement follows it.

    Parameters
    ----------
    study : GrowthStudy
    words : Words
    claim : Claim
        As made, not turned round.

    Returns
    -------
    Part
    """
    lead, limit = _lag_row(study.evidence.forward, LEAD), _smallest(study.evidence)
    return Part(
        [
            lag_checks.lead_sentence(lead, words, claim, limit=limit),
            lag_checks.reverse_sentence(_lag_row(study.evidence.reverse, claim.lag), words, claim),
        ]
    )


def models_part(study: GrowthStudy, words: Words, claim: Claim) -> Part:
    """Show the slope by each model, and say which could not be estimated.

    Parameters
    ----------
    study : GrowthStudy
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    slopes = study.table("slopes")
    shown = growth_answers.named_models(slopes, words)
    return Part([forest_chart(shown, words, claim=claim), growth_answers.missing_models(slopes, words)])


def period_part(study: GrowthStudy, words: Words, claim: Claim, *, name: Callable[[int], str]) -> Part:
    """Say whether any single period decides the slope.

    Parameters
    ----------
    study : GrowthStudy
    words : Words
    claim : Claim
    name : callable
        Gives the id of a period by its time.

    Returns
    -------
    Part
    """
    return Part([growth_answers.period_sentence(study.table("without_period"), words, claim, name=name)])


def _lag_row(profile: pd.DataFrame, lag: int) -> dict[str, object]:
    rows = profile[(profile["lag"] == lag).fillna(False).astype(bool)]
    return rows.iloc[0].to_dict() if len(rows) else {"estimate": None, "lag": lag}


def _smallest(evidence: Evidence) -> float:
    """Smallest effect that matters, in the unit of y per unit of x, as the rows of the profile are."""
    judged = evidence.verdict.figures
    return judged["smallest_effect"] / (evidence.forward.attrs["sd_ratio"] if judged["unit"] == "sd" else 1)


def _corrected(study: GrowthStudy, words: Words, claim: Claim) -> object:
    return lag_robustness.corrected_sentence(_claimed_row(study.table("corrected"), claim), words, claim)


def _corrected_row(study: GrowthStudy, claim: Claim) -> dict[str, object] | None:
    table = study.checks["corrected"]
    return None if isinstance(table, Exception) else _claimed_row(table, claim)


def _claimed_row(table: pd.DataFrame, claim: Claim) -> dict[str, object]:
    return table[(table["model"] == "corrected") & (table["lag"] == claim.lag)].iloc[0].to_dict()
