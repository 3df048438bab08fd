"""Why people want to leave, by published shares: which reasons come first, what rose and fell, what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

Row = Mapping[str, object]
# Reasons as they are told inside a sentence; a dataset may have others, which go by their own names.
REASONS = {
    "end_of_contract": msg("the end of a contract or loan"),
    "career_within_service": msg("a promotion or career within the Civil Service"),
    "career_outside_service": msg("a promotion or career outside the Civil Service"),
    "pay": msg("better pay and benefits"),
    "work_content": msg("more interesting work"),
    "workload": msg("a workload that cannot be managed"),
    "work_life_balance": msg("a better work-life balance"),
    "inclusion": msg("too little inclusion and fair treatment"),
    "culture": msg("the culture of the organisation"),
    "line_management": msg("poor line management"),
    "relationships": msg("poor relationships at work"),
    "leadership": msg("poor leadership"),
    "personal": msg("personal circumstances, such as care or health"),
    "retirement": msg("retirement"),
    "change": msg("just wanting a change"),
    "other": msg("any other reason"),
}
FELL = msg(
    "From {start} to {end}, this reason fell most: {reason}, from {first} to {last} ({change} percentage points)."
)
ROSE = msg(
    "From {start} to {end}, this reason rose most: {reason}, from {first} to {last} ({change} percentage points)."
)
ROSE_TOO = msg("This one rose most: {reason}, from {first} to {last} ({change} percentage points).")
# Reasons named after the first, and decimals of a percentage.
NEXT, TOLD = 2, 1


def reason_name(reason: str, words: Words) -> str | Markup:
    """Name a reason inside a sentence."""
    return words.text(REASONS[reason]) if reason in REASONS else reason.replace("_", " ")


def listed_name(reason: str, words: Words) -> str | Markup:
    """Name a reason in a list."""
    return capital(reason_name(reason, words))


def first_sentences(changes: pd.DataFrame, words: Words, *, period: str) -> Paragraph:
    """Say which reasons are given most often.

    Parameters
    ----------
    changes : DataFrame
        Answer of `helpers.stats.share_changes.share_changes`, the most frequent first.
    words : Words
    period : str
        The last one.

    Returns
    -------
    Paragraph
    """
    told = changes["last"].round(TOLD + 2)
    first, others = changes[told == told.max()], changes[told < told.max()].to_dict("records")
    named = [
        words.text("{reason} ({share})", reason=reason_name(row["term"], words), share=share_text(row["last"], words))
        for row in others[:NEXT]
    ]
    return paragraph(
        words.plural(
            "In {period}, people who want to leave gave this reason most often: {reasons} ({share}).",
            "In {period}, people who want to leave gave these {n} reasons most often: {reasons} ({share} each).",
            len(first),
            period=words.period(period),
            reasons=words.items([reason_name(term, words) for term in first["term"]]),
            share=share_text(first["last"].iloc[0], words),
        ),
        words.text("After that: {reasons}.", reasons=words.items(named)) if named else "",
    )


def change_sentences(changes: pd.DataFrame, words: Words, *, periods: Sequence[str]) -> Paragraph:
    """Say which share rose and which fell most from the first period to the last; empty with one period.

    Parameters
    ----------
    changes : DataFrame
        See `first_sentences`.
    words : Words
    periods : sequence of str
        In order.

    Returns
    -------
    Paragraph
    """
    known = changes.dropna(subset=["change"])
    if known.empty:
        return paragraph()
    known = known.assign(change=known["change"].round(TOLD + 2))
    when = {"start": words.period(periods[0]), "end": words.period(periods[-1])}
    up, down = (known.loc[at].to_dict() for at in (known["change"].idxmax(), known["change"].idxmin()))
    if not (up["change"] > 0 or down["change"] < 0):
        return paragraph(words.text("From {start} to {end}, no share changed.", **when))
    found = []
    if down["change"] < 0:
        found.append(words.text(FELL, **when, **_moved(down, words)))
    if up["change"] > 0:
        found.append(words.text(ROSE_TOO if found else ROSE, **when, **_moved(up, words)))
    return paragraph(*found)


def limits_sentences(words: Words) -> Paragraph:
    """Say what these shares do not tell."""
    return paragraph(
        words.text("These are people who want to leave; who of them left is not known."),
        words.text("Each may give several reasons, so the shares do not add up to 100%."),
        words.text(
            "On how many people these shares rest is not known, so they have no interval; small changes may be chance."
        ),
        words.text(
            "A reason may also fall in share because more people want to leave for others, not because fewer give it."
        ),
    )


def median_sentence(same: int, n: int, words: Words) -> Paragraph:
    """Say of how many reasons the share moved the same way in the middle organisation; empty without such shares."""
    if not n:
        return paragraph()
    if same == n:
        return paragraph(words.text("By the median of the organisations, every share moved in the same direction."))
    return paragraph(
        words.plural(
            "By the median of the organisations, {same} of {n} share moved in the same direction.",
            "By the median of the organisations, {same} of {n} shares moved in the same direction.",
            n,
            same=words.number(same),
        )
    )


def shares_caption(words: Words, *, name: str) -> Paragraph:
    """Caption of the shares of reasons."""
    return paragraph(
        words.text("Share of each reason, by period, among people of {name} who want to leave and gave one.", name=name)
    )


def shares_alt(changes: pd.DataFrame, words: Words, *, period: str) -> Paragraph:
    """Describe the shares of the last period: how many, the first and the last."""
    rows = changes.to_dict("records")
    first, last = (
        words.text("{reason} ({share})", reason=reason_name(row["term"], words), share=share_text(row["last"], words))
        for row in (rows[0], rows[-1])
    )
    return paragraph(
        words.plural(
            "{n} reason to want to leave, in {period}: {first}.",
            "{n} reasons to want to leave in {period}, from most to least frequent: first {first}, last {last}.",
            len(rows),
            period=words.period(period),
            first=first,
            last=last,
        )
    )


def change_title(words: Words) -> Markup:
    """Title of the column of changes."""
    return words.text("Change in percentage points")


def change_text(change: float, words: Words) -> str:
    """Write a change of a share in percentage points: ``−6.0``."""
    return words.signed(100 * change, TOLD, fixed=True)


def share_text(share: float, words: Words) -> str:
    """Write a share."""
    return words.percent(share, TOLD, fixed=True)


def _moved(row: Row, words: Words) -> dict[str, object]:
    shares = {name: share_text(row[name], words) for name in ("first", "last")}
    return shares | {"reason": reason_name(row["term"], words), "change": change_text(row["change"], words)}
