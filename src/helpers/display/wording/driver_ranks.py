"""Sentences on which driver weighs most, and which least, as far as that can be told."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup, escape

from helpers.display.wording.drivers import DriverClaim
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words


def rank_sentence(
    shares: pd.DataFrame, words: Words, claim: DriverClaim, *, is_linked: bool, is_ranked: bool
) -> Paragraph:
    """Say which driver weighs most, and which least, as far as that can be told.

    Parameters
    ----------
    shares : DataFrame
        ``term``, ``estimate``, ``rank_low``, ``rank_high``, see `helpers.stats.driver_study`.
    words : Words
    claim : DriverClaim
    is_linked, is_ranked : bool
        Whether any driver is linked, and any two can be told apart.

    Returns
    -------
    Paragraph
    """
    if not is_linked:
        return paragraph(words.text("Where no link is sure, there is nothing to rank."))
    if not is_ranked:
        return paragraph(
            words.text("These are too few data to rank them: each of them could be first, and each could be last.")
        )
    table = shares.set_index("term")
    table = table.sort_values("estimate", ascending=False, kind="stable")
    first = table.index[table["rank_low"] == 1].tolist()
    last = table.index[table["rank_high"] == len(table)].tolist()[::-1]
    return paragraph(_first(first, table, words, claim), _last(last, len(table), words, claim))


def rank_text(row: Mapping[str, object], words: Words) -> Markup:
    """Write the ranks that a driver may have: ``1``, ``1 to 3``."""
    low, high = (words.number(row[name]) for name in ("rank_low", "rank_high"))
    return escape(low) if low == high else words.interval(low, high)


def _first(first: list[str], table: pd.DataFrame, words: Words, claim: DriverClaim) -> Markup:
    if len(first) == 1:
        share = words.percent(table.loc[first[0], "estimate"])
        return words.text(
            "In the first place: {driver}, with {share} of what they explain.",
            driver=claim.quoted(first[0], words),
            share=share,
        )
    if len(first) == len(table):
        return words.text("Each of them could be first.")
    if not claim.fits(first, words):
        return words.text(
            "Which comes first cannot be told; {drivers} could.", drivers=claim.counted(words, len(first))
        )
    named = claim.listed(first, words)
    return words.text("Which comes first cannot be told. It is one of these: {drivers}.", drivers=named)


def _last(last: list[str], n: int, words: Words, claim: DriverClaim) -> Markup:
    if len(last) == 1:
        return words.text("In the last place: {driver}.", driver=claim.quoted(last[0], words))
    if len(last) == n:
        return words.text("Each of them could be last.")
    if not claim.fits(last, words):
        return words.text("Which comes last cannot be told; {drivers} could.", drivers=claim.counted(words, len(last)))
    named = claim.listed(last, words)
    return words.text("Which comes last cannot be told. It is one of these: {drivers}.", drivers=named)
