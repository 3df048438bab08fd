"""Sentences about strengths to keep and weaknesses to improve, and the rule that picked them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from markupsafe import Markup

from helpers.display.wording.amounts import figure_text
from helpers.display.wording.drivers import DriverClaim
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.themes import QUADRANTS
from helpers.display.wording.words import Words

# By the standings of helpers.stats.driver_verdict.
STANDINGS = {
    "keep": msg("Strengths to keep: {drivers}."),
    "improve": msg("Weaknesses to improve first: {drivers}."),
    "enough": msg("Good enough, and less important: {drivers}."),
    "wait": msg("Low but less important, so it can wait: {drivers}."),
    "small": msg("Too small to matter: {drivers}."),
    "unclear": msg("Cannot tell: {drivers}."),
}


class LeftOut(Protocol):
    """What `helpers.datasets.left_out` answers with."""

    reserved: int
    unanswered: int
    hidden: int
    total: int


def whole_sentence(words: Words, *, name: str, whole: str) -> Paragraph:
    """Say on the page of a unit that the links are those of the whole organisation.

    Parameters
    ----------
    words : Words
    name : str
        The unit this page is about.
    whole : str
        The whole organisation.

    Returns
    -------
    Paragraph
        Empty on the page of the whole.
    """
    if name == whole:
        return paragraph()
    return paragraph(
        words.text(
            "This is about {whole} as a whole; links within {name} alone are not looked at.", name=name, whole=whole
        )
    )


def standing_sentences(standings: Mapping[str, str], words: Words, claim: DriverClaim) -> Paragraph:
    """Name strengths and weaknesses, and what cannot be told.

    Parameters
    ----------
    standings : mapping of driver to str
        A key of `STANDINGS` each, only of drivers whose score is shown.
    words : Words
    claim : DriverClaim

    Returns
    -------
    Paragraph
    """
    found = {standing: [one for one in standings if standings[one] == standing] for standing in STANDINGS}
    told = (
        [] if found["keep"] or found["improve"] else [words.text("No strength and no weakness can be told for sure.")]
    )
    for standing, drivers in found.items():
        if drivers:
            told.append(words.text(STANDINGS[standing], drivers=claim.listed(drivers, words)))
    return paragraph(*told)


def named_apart(standings: Mapping[str, str], words: Words, claim: DriverClaim) -> list[Paragraph]:
    """Name strengths and weaknesses one by one where their names have no room in a sentence."""
    found = {standing: [one for one in standings if standings[one] == standing] for standing in ("keep", "improve")}
    apart = [
        (words.text(QUADRANTS[standing]), driver)
        for standing, drivers in found.items()
        if not claim.fits(drivers, words)
        for driver in drivers
    ]
    return [paragraph(claim.name(driver).rstrip(".") + Markup(" ({}).").format(standing)) for standing, driver in apart]


def rule_sentence(
    words: Words, claim: DriverClaim, *, target: float, share: float, kind: str, conf_level: float
) -> Paragraph:
    """Say by which rule strengths and weaknesses were picked.

    Parameters
    ----------
    words : Words
    claim : DriverClaim
    target : float
        Score aimed at.
    share : float
        How far it lies from the lowest to the highest answer.
    kind : str
        Kind of the scores.
    conf_level : float

    Returns
    -------
    Paragraph
    """
    return paragraph(
        words.text(
            "The rule: a strength is linked, has a share above an even one ({even}) and a score above the one aimed at "
            "({target}); a weakness has a score below it.",
            even=words.percent(1 / len(claim.names)),
            target=words.percent(target, 1) if kind == "rate" else figure_text(target, words, kind),
        ),
        words.text(
            "Each time the whole interval ({level}) must lie on that side; otherwise it cannot be told.",
            level=words.percent(conf_level, 1),
        ),
        words.text(
            "The score aimed at is {share} of the way from the lowest to the highest answer, a choice and not a norm.",
            share=words.percent(share, 1),
        ),
    )


def left_out_sentences(left_out: LeftOut, words: Words, *, counted: Markup) -> Paragraph:
    """Say how many drivers or questions are not told, and why; empty where all are.

    Parameters
    ----------
    left_out : LeftOut
    words : Words
    counted : Markup
        All of them, such as ``15 questions``.

    Returns
    -------
    Paragraph
    """
    told = []
    if left_out.hidden:
        told.append(
            words.plural(
                "Of {counted}, {n} is not shown here, to protect small groups.",
                "Of {counted}, {n} are not shown here, to protect small groups.",
                left_out.hidden,
                counted=counted,
            )
        )
    if left_out.reserved:
        told.append(
            words.plural(
                "Of {counted}, {n} is about leadership: what a single team says of it is for its manager and HR only.",
                "Of {counted}, {n} are about leadership: what a single team says of it is for its manager and HR only.",
                left_out.reserved,
                counted=counted,
            )
        )
    if left_out.unanswered:
        told.append(
            words.plural(
                "Of {counted}, {n} has no answers here.",
                "Of {counted}, {n} have no answers here.",
                left_out.unanswered,
                counted=counted,
            )
        )
    return paragraph(*told)


def only_shown_for_measures(words: Words) -> Paragraph:
    """Say that single questions are not set beside the whole."""
    return paragraph(words.text("Answers to single questions are not set beside those of the whole organisation."))
