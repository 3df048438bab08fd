"""Parts of the page on a claimed lag: what a sentence says, with the chart beside it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Protocol

import pandas as pd

from helpers.display.charts import profile_chart
from helpers.display.forest_chart import forest_chart
from helpers.display.necessity_chart import necessity_chart
from helpers.display.parts import Part
from helpers.display.power_chart import power_chart
from helpers.display.wording import Words, lag_checks, lag_robustness, lag_variants
from helpers.display.wording.lags import Claim, lag_answer
from helpers.display.wording.necessity import necessity_answer

# More rows than this are a list to search, not a picture to read.
MOST_UNITS = 40


class Verdict(Protocol):
    """A verdict, the rule that gave it, and the row it rests on, see `helpers.stats.verdicts`."""

    verdict: str
    because: str
    figures: dict[str, object]


class LagEvidence(Protocol):
    """What `helpers.stats.lag_evidence` answers with."""

    forward: pd.DataFrame
    reverse: pd.DataFrame
    claimed: dict[str, object]
    verdict: Verdict


class Grade(Protocol):
    """An evidence grade, see `helpers.stats.grades`."""

    grade: str


class LagStudy(Protocol):
    """What `helpers.stats.lag_study` answers with."""

    evidence: LagEvidence
    grade: Grade


class NecessityEvidence(Protocol):
    """What `helpers.stats.necessity_evidence` answers with."""

    cells: pd.DataFrame
    verdict: Verdict


def answer_part(study: LagStudy, words: Words, claim: Claim) -> Part:
    """Answer the claim of a lag: the verdict, what is found, and what a yes is worth.

    Parameters
    ----------
    study : LagStudy
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    verdict, claimed = study.evidence.verdict, study.evidence.claimed
    judged = {"verdict": verdict.verdict, "because": verdict.because, "grade": study.grade.grade}
    return Part([lag_answer(claimed, words, claim, **judged), lag_checks.stand_in_sentence(words, claim)])


def claim_part(study: LagStudy, words: Words, claim: Claim) -> Part:
    """Answer the claim of a lag for a reader who has one minute, with both directions beside each other.

    Parameters
    ----------
    study : LagStudy
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    chart = profile_chart(study.evidence.forward, words, claim, reverse=study.evidence.reverse)
    return Part([*answer_part(study, words, claim), chart])


def detectable_part(
    detectable: Mapping[str, object], curve: pd.DataFrame, words: Words, claim: Claim, *, row: Mapping[str, object]
) -> Part:
    """Say what size of effect the panel can find, with its power curve.

    Parameters
    ----------
    detectable : mapping
        Answer of `helpers.stats.detectable`: ``least_detectable``, ``least_detectable_sd``.
    curve : DataFrame
        Answer of `helpers.stats.power.power_curve` for `row`.
    words : Words
    claim : Claim
    row : mapping
        The effect claimed.

    Returns
    -------
    Part
    """
    told = lag_checks.detectable_sentence({**row, **detectable}, words, claim)
    return Part([told, power_chart(curve, words, claim, row=pd.Series(dict(row)))])


def variants_part(variants: pd.DataFrame, words: Words, claim: Claim) -> Part:
    """Show the effect under other choices, and say which could not be estimated.

    Parameters
    ----------
    variants : DataFrame
        Answer of `helpers.stats.lag_variants`.
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    shown = lag_variants.variant_names(variants, words)
    return Part([forest_chart(shown, words, claim=claim), lag_variants.missing_variants(variants, words)])


def units_part(
    rows: pd.DataFrame,
    words: Words,
    claim: Claim,
    *,
    name: Callable[[str], str],
    named: Container[str],
    grouped: bool = False,
) -> Part:
    """Say whether one unit decides, with the effect without each unit in turn.

    Parameters
    ----------
    rows : DataFrame
        Answer of `helpers.stats.leave_one_out`.
    words : Words
    claim : Claim
    name : callable
        Gives the name of a unit by its id.
    named : container of str
        Ids of the units that may be named; the others are too small.
    grouped : bool
        Whether each left out is a group of units.

    Returns
    -------
    Part
        Without the chart for more than 40 units.
    """
    unnamed = words.text("a unit too small to be named")
    names = {unit: name(unit) if unit in named else unnamed for unit in rows["left_out"]}
    told = lag_robustness.without_one_sentence(rows, words, claim, names=names, grouped=grouped)
    if len(rows) > MOST_UNITS:
        return Part([told])
    without = [words.text("Without {name}", name=names[unit]) for unit in rows["left_out"]]
    shown = rows.assign(name=without, term=rows["left_out"]).sort_values("estimate", ascending=False)
    return Part([told, forest_chart(shown.reset_index(drop=True), words, claim=claim)])


def necessity_part(evidence: NecessityEvidence, words: Words, claim: Claim) -> Part:
    """Answer whether x must be high before y is, with the exceptions over a grid of bounds.

    Parameters
    ----------
    evidence : NecessityEvidence
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    verdict = evidence.verdict
    answer = necessity_answer(verdict.figures, words, claim, verdict=verdict.verdict, because=verdict.because)
    return Part([answer, necessity_chart(evidence.cells, words, claim)])
