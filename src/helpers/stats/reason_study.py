"""All that a claim about the first reason is told with: shares, how far one reason leads, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from helpers.stats.estimates import NotApplicable, tried
from helpers.stats.nps_survey import Design
from helpers.stats.reason_shares import ReasonShares, reason_leads, reason_shares
from helpers.stats.reason_verdict import reason_verdict, smallest_leads
from helpers.stats.verdicts import Verdict


class Voices(Protocol):
    """Reasons by group, and the same answers in other groups by the same names; see `reason_shares.reason_shares`."""

    told: pd.DataFrame
    by_valence: pd.DataFrame

    def design(self, rows: pd.DataFrame) -> Design:
        """Give the design of such rows."""


@dataclass(frozen=True)
class ReasonStudy:
    """The answer of `reason_study`.

    Parameters
    ----------
    reason : str
        The reason claimed to come first in every group.
    groups : tuple of str
    shares : ReasonShares
    gaps : DataFrame
        Answer of `reason_verdict.smallest_leads`.
    verdict : Verdict
    sorted_otherwise : Verdict or NotApplicable
        The verdict on other groups of the same answers, or why there is none.
    """

    reason: str
    groups: tuple[str, ...]
    shares: ReasonShares
    gaps: pd.DataFrame
    verdict: Verdict
    sorted_otherwise: Verdict | NotApplicable


def reason_study(voices: Voices, *, reason: str, groups: Sequence[str], conf_level: float = 0.95) -> ReasonStudy:
    """
    Judge whether a reason comes first in every group.

    Parameters
    ----------
    voices : Voices
    reason : str
    groups : sequence of str
    conf_level : float

    Returns
    -------
    ReasonStudy

    Raises
    ------
    NotApplicable
        As `reason_shares.reason_shares`, for the groups told.
    """

    def judged(rows: pd.DataFrame) -> tuple[ReasonShares, pd.DataFrame, Verdict]:
        shares = reason_shares(rows, voices.design(rows), conf_level=conf_level)
        leads = reason_leads(shares, reason, conf_level=conf_level)
        return shares, leads, reason_verdict(leads, groups=groups)

    def otherwise() -> Verdict:
        if voices.by_valence.empty:
            raise NotApplicable("Too few answers say whether the reason pleased.")
        return judged(voices.by_valence)[-1]

    shares, leads, verdict = judged(voices.told)
    return ReasonStudy(reason, tuple(groups), shares, smallest_leads(leads), verdict, tried(otherwise))
