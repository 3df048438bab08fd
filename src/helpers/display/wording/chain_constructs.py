"""Sentences about what the chain from leadership to loyalty is made of: roles, sources, what is missing, and luck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

Row = Mapping[str, object]
WITHIN = "within"
ROLES = {
    "leadership": msg("Leadership"),
    "culture": msg("Culture"),
    "behaviour": msg("Behaviour"),
    "experience": msg("Experience"),
    "nps": msg("Recommendation"),
    "repurchase": msg("Repeat purchase"),
    "engagement": msg("Engagement"),
    "sincerity": msg("Sincerity"),
}
SOURCES = {
    "employees": msg("employees"),
    "customers": msg("customers"),
    "teachers": msg("teachers"),
    "students": msg("students"),
    "parents": msg("parents"),
}
MISSING = {
    "leadership": msg("leadership"),
    "culture": msg("culture"),
    "behaviour": msg("behaviour"),
    "experience": msg("customer experience"),
}


def missing_sentence(missing: Sequence[str], words: Words, *, withheld: bool) -> Paragraph:
    """Say which roles of the chain cannot be looked at; empty where all can.

    Parameters
    ----------
    missing : sequence of str
        Roles.
    words : Words
    withheld : bool
        Whether leadership is left out because it speaks of single managers.
    """
    absent = [role for role in missing if not (withheld and role == "leadership")]
    names = words.items([words.text(MISSING[role]) for role in absent])
    return paragraph(
        words.text(
            "These data hold no scores of {names} for these units, so links with them are left out.", names=names
        )
        if absent
        else "",
        words.text(
            "What single teams say of their manager takes part only for the whole organisation and for many teams "
            "at once. So leadership is left out here."
        )
        if withheld
        else "",
    )


def no_loyalty(words: Words) -> Paragraph:
    """Say that the step from experience to what customers do next cannot be looked at."""
    return paragraph(
        words.text(
            "Customer experience and what customers do next are not both known here, so that step cannot be looked at."
        )
    )


def luck_sentence(rows: Iterable[Row], words: Words) -> Paragraph:
    """Say how much of the measured differences is luck of who answered, or that nobody knows.

    Parameters
    ----------
    rows : iterable of mapping
        Corrected rows of the links: ``x``, ``view``, ``reliability``.
    words : Words
    """
    known = {row["x"]: row for row in rows if not is_missing(row.get("reliability"))}
    if not known:
        return paragraph(
            words.text("How much luck there is in these scores is not known, so links may be stronger than they look.")
        )
    shares = [
        words.text("{share} in {x}", share=words.percent(1 - row["reliability"]), x=words.measure(name))
        for name, row in known.items()
    ]
    within = next(iter(known.values()))["view"] == WITHIN
    told = (
        words.text(
            "Of what moves within units, this much is luck of who answered: {shares}.", shares=words.items(shares)
        )
        if within
        else words.text(
            "Of what differs between units, this much is luck of who answered: {shares}.", shares=words.items(shares)
        )
    )
    return paragraph(told, words.text("Links are freed of that luck where people could be split in halves."))


def source_name(source: str, words: Words) -> Markup:
    """Say who answered; of a figure that is booked, nobody."""
    return words.text(SOURCES[source]) if source in SOURCES else words.text("nobody; booked")


def claimed_signs(constructs: Iterable[str]) -> dict[str, int]:
    """Say of which constructs less is better, as `helpers.stats.chain_study` takes it."""
    return {construct: 1 if measure_of(construct).higher_is_better else -1 for construct in constructs}
