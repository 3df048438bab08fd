"""Sentences about what blurs drivers: other rows, one general mood, and how closely drivers go together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.driver_ranks import rank_text
from helpers.display.wording.drivers import DriverClaim
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

# By the looks of helpers.stats.driver_looks.
LOOKS = {
    "persons": msg("People of one unit"),
    "units": msg("Averages of units"),
    "halves": msg("Two halves of each unit"),
    "changes": msg("Units over time"),
    "corrected": msg("Without the noise of questions"),
}
MEANINGS = {
    "persons": msg("People of one unit are compared with each other."),
    "units": msg("Averages of units are compared; what they show need not hold for people."),
    "halves": msg(
        "One half of the people of a unit rates the drivers, the other half the outcome, so that no person is on "
        "both sides."
    ),
    "changes": msg("Each unit is compared with itself over time, beside what all units share in a period."),
    "corrected": msg("People of one unit again, with the noise taken off that questions of one driver do not share."),
}
# A common rule of thumb: the error of a slope is more than twice what it would be with unrelated drivers.
MUCH = 5.0


class Look(Protocol):
    """What `helpers.stats.driver_study` answers with."""

    shares: pd.DataFrame
    slopes: pd.DataFrame
    common: float
    r_lowest: float
    r_highest: float
    is_linked: bool
    is_ranked: bool


def look_sentence(name: str, look: Look, words: Words, claim: DriverClaim) -> Paragraph:
    """Say what one kind of rows compares, and whether it tells links and ranks.

    Parameters
    ----------
    name : str
        A key of `LOOKS`.
    look : Look
    words : Words
    claim : DriverClaim

    Returns
    -------
    Paragraph
    """
    linked = int((look.slopes["verdict"] == "yes").sum())
    total = claim.counted(words)
    links = words.plural(
        "There {n} of {drivers} shows a link that may matter.",
        "There {n} of {drivers} show a link that may matter.",
        linked,
        drivers=total,
    )
    if linked == 0:
        links = words.text("There none of {drivers} shows a sure link.", drivers=total)
    elif linked == len(claim.names):
        links = words.text("There all {drivers} show a link that may matter.", drivers=total)
    return paragraph(
        Markup("<strong>{}.</strong>").format(words.text(LOOKS[name])),
        words.text(MEANINGS[name]),
        links,
        _ranks(look, words, claim) if linked else "",
    )


def missing_look(name: str, reason: str, words: Words) -> Paragraph:
    """Say why a kind of rows could not be looked at."""
    return paragraph(Markup("<strong>{}.</strong>").format(words.text(LOOKS[name])), reason)


def common_sentence(look: Look, words: Words, claim: DriverClaim) -> Paragraph:
    """Say how much of the drivers is one general mood, as far as a first component tells."""
    n = len(claim.names)
    return paragraph(
        words.text(
            "One general mood may colour all answers: {common} of what differs in the {drivers} runs in one direction.",
            common=words.percent(look.common),
            drivers=claim.counted(words),
        ),
        words.text(
            "Were they unrelated it would be about {even}, were they one and the same {whole}.",
            even=words.percent(1 / n),
            whole=words.percent(1),
        ),
        words.text("Such a mood, or a style of answering, makes drivers look alike and links look stronger."),
    )


def collinear_sentence(look: Look, words: Words, claim: DriverClaim) -> Paragraph:
    """Say how closely drivers go together, and what that does to their slopes."""
    most = float(look.slopes["vif"].max())
    bounds = {"low": words.number(look.r_lowest, 2, fixed=True), "high": words.number(look.r_highest, 2, fixed=True)}
    told = words.text("Any two of them correlate between {low} and {high}.", **bounds)
    if bounds["low"] == bounds["high"]:
        told = words.text("They correlate with each other by {low}.", low=bounds["low"])
    vif = words.text("That makes the variance of a slope up to {vif} times as large (VIF).", vif=words.number(most))
    verdict = words.text("That is little enough to tell what each adds.")
    if most >= MUCH:
        verdict = words.text(
            "That is much: what each does by itself is hard to tell, and shares are safer than slopes."
        )
    return paragraph(told, vif, verdict)


def johnson_sentence(look: Look, words: Words) -> Paragraph:
    """Say how far Johnson's relative weights differ from the shares shown."""
    gap = float((look.shares["johnson"] - look.shares["estimate"]).abs().max())
    return paragraph(
        words.text(
            "By another method, Johnson's relative weights, no share differs by more than {points}.",
            points=words.plural("{n} percentage point", "{n} percentage points", max(round(100 * gap, 1), 0.1)),
        )
    )


def _ranks(look: Look, words: Words, claim: DriverClaim) -> Markup:
    if not look.is_ranked:
        return words.text("They cannot be ranked.")
    first = look.shares.loc[look.shares["rank_low"] == 1, "term"].tolist()
    if len(first) == 1:
        return words.text("In the first place: {driver}.", driver=claim.quoted(first[0], words))
    return words.text("Which of them comes first cannot be told.")


def look_cell(row: Mapping[str, object], words: Words) -> Markup:
    """Write a share with the ranks it may have: ``28% (1 to 2)``."""
    return Markup("{} ({})").format(words.percent(row["estimate"]), rank_text(row, words))
