"""Parts of a page that stand or fall by themselves: what each shows, or the sentence that says why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pandas as pd

from helpers.display import charts
from helpers.display.part import Part
from helpers.display.wording import Words, cautions, lag_checks, lags
from helpers.display.wording.lags import Claim


class Verdict(Protocol):
    """A verdict and the rule that gave it, see `helpers.stats.verdicts`."""

    verdict: str
    because: str
    figures: dict[str, object]


class LagEvidence(Protocol):
    """What `helpers.stats.lag_evidence` answers with."""

    forward: pd.DataFrame
    reverse: pd.DataFrame
    claimed: dict[str, object]
    verdict: Verdict


def attempt(words: Words, make: Callable[[], Part]) -> Part:
    """Make a part of a page, or say in one sentence why it does not apply; the rest of the page goes on.

    Parameters
    ----------
    words : Words
    make : callable
        Makes the part, as in ``lambda: Part([answer, chart])``.

    Returns
    -------
    Part
    """
    # Imported here because it loads scipy, and words are to be light.
    from helpers.stats.estimates import NotApplicable

    try:
        return make()
    except NotApplicable as problem:
        return Part([cautions.not_applicable(problem.reason, problem.values, words)])


def lag_part(evidence: LagEvidence, words: Words, claim: Claim) -> Part:
    """Answer the claim of a lag for a reader who has one minute: the verdict, its reason, and both directions.

    Parameters
    ----------
    evidence : LagEvidence
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    verdict = evidence.verdict
    answer = lags.lag_answer(evidence.claimed, words, claim, verdict=verdict.verdict, because=verdict.because)
    chart = charts.profile_chart(evidence.forward, words, claim, reverse=evidence.reverse)
    return Part([answer, lag_checks.stand_in_sentence(words, claim), chart])
