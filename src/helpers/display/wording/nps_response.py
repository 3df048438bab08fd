"""Sentences about who is missing: response of the units below, and what weighting for it changes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.scores import band_of, value_text
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released
from helpers.release.bands import RESPONSE_STEP

WEIGHTED = {
    ("units", "yes"): msg(
        "Weighted as if all {n} units had answered equally often, {measure} would be {after} instead of {before}."
    ),
    ("groups", "yes"): msg(
        "Weighted as if all {n} groups had answered equally often, {measure} would be {after} instead of {before}."
    ),
    ("units", "no"): msg("Weighted as if all {n} units had answered equally often, {measure} would stay at {before}."),
    ("groups", "no"): msg(
        "Weighted as if all {n} groups had answered equally often, {measure} would stay at {before}."
    ),
}
MOVED = {
    "clear": msg("That is a change of {change} ({interval}), more than chance."),
    "unclear": msg("That is a change of {change} ({interval}), which may be chance."),
    "bare": msg("That is a change of {change}."),
}
UNSEEN = msg("Who stays silent for another reason, within {kinds}, is not stood in for.")
SILENT = msg(
    "An interval tells of chance, not of silence. If those who did not answer score {gap} lower, {measure} of all who "
    "were invited is {less} lower."
)
ROUNDED = msg("Response rates are rounded to {step}, and their intervals outwards; changes are not.")
# How much lower the silent may score; a round number to reckon with.
GAP = 10.0
KINDS = {"units": msg("these units"), "groups": msg("these groups")}


def response_sentence(table: ReleasedTable, words: Words, *, units: list[str], unit_id: str, period: str) -> Paragraph:
    """Say how many answered, between which rates the units directly below lie, and what the silent could change.

    Parameters
    ----------
    table : ReleasedTable
        With ``response_rate``.
    words : Words
    units : list of str
        The units directly below.
    unit_id, period : str

    Returns
    -------
    Paragraph
        Says so where the rate may not be shown.
    """
    frame = require_released(table, "response_sentence")
    frame = frame[frame["period"] == period]
    enps = frame[(frame["measure"] == "enps") & (frame["unit_id"] == unit_id)]
    is_enps = bool(enps["released"].any() and enps["estimate"].notna().any())
    frame = frame[frame["measure"] == "response_rate"]
    own = frame[frame["unit_id"] == unit_id]
    if own.empty:
        return paragraph(words.text("How many people were invited is not known here."))
    if not own["released"].all() or own["estimate"].isna().any():
        return paragraph(words.text("The response rate is not shown, to protect small groups."))
    told = words.text("The response rate is {value}.", value=value_text(own.iloc[0].to_dict(), words))
    below = frame[frame["unit_id"].isin(units) & frame["released"] & frame["estimate"].notna()]
    rounded = _rounded(table, pd.concat([own, below]), words)
    silence = _silence(own.iloc[0].to_dict(), words) if is_enps else ""
    return paragraph(told, _range(below, words), rounded, silence)


def _rounded(table: ReleasedTable, rates: pd.DataFrame, words: Words) -> Markup:
    """Say that the gate rounds rates; nothing where they are published as they are, or told as limits only."""
    if table.published or all(band_of(row) for row in rates.to_dict("records")):
        return Markup()
    return words.text(ROUNDED, step=words.percent(RESPONSE_STEP))


def _silence(row: Mapping[str, object], words: Words) -> Markup:
    """Say what the silent could change; nothing where the rate is told as a limit."""
    if band_of(row):
        return Markup()
    sizes = {"gap": GAP, "less": GAP * (1 - float(row["estimate"]))}
    values = {name: amount_text(size, words, "nps", decimals=1, fixed=False) for name, size in sizes.items()}
    return words.text(SILENT, measure=words.measure("enps"), **values)


def weighted_sentence(effect: pd.DataFrame, words: Words, *, measure: str, n_groups: int, by_units: bool) -> Paragraph:
    """Say what a score would be had all groups answered alike, and what that does not mend.

    Parameters
    ----------
    effect : DataFrame
        ``term`` ("before", "after", "change"), ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``; points.
    words : Words
    measure : str
    n_groups : int
    by_units : bool

    Returns
    -------
    Paragraph
    """
    rows = effect.set_index("term").to_dict("index")
    before, after, change = (rows[term] for term in ("before", "after", "change"))
    kind = "units" if by_units else "groups"
    texts = [words.number(row["estimate"], 1, fixed=True) for row in (before, after)]
    moves = "yes" if texts[0] != texts[1] else "no"
    values = {"n": words.number(n_groups), "measure": words.measure(measure, definite=True)}
    told = words.text(WEIGHTED[kind, moves], before=texts[0], after=texts[1], **values)
    unseen = words.text(UNSEEN, kinds=words.text(KINDS[kind]))
    return paragraph(told, _moved(change, words) if moves == "yes" else "", unseen)


def _moved(change: dict[str, object], words: Words) -> Markup:
    amount = amount_text(change["estimate"], words, "nps", decimals=1, signed=True)
    if is_missing(change["ci_low"]):
        return words.text(MOVED["bare"], change=amount)
    bounds = words.interval(*(words.signed(change[name], 1, fixed=True) for name in ("ci_low", "ci_high")))
    form = "clear" if change["ci_low"] > 0 or change["ci_high"] < 0 else "unclear"
    return words.text(MOVED[form], change=amount, interval=leveled(bounds, words, change["conf_level"]))


def _range(below: pd.DataFrame, words: Words) -> Markup:
    if len(below) < 2:
        return Markup()
    rows = below.sort_values("estimate", kind="stable")
    low, high = (value_text(rows.iloc[place].to_dict(), words) for place in (0, -1))
    if low == high:
        return words.text("In all {n} units directly below that are shown it is the same.", n=words.number(len(rows)))
    return capital(
        words.text(
            "In the {n} units directly below that are shown it runs from {low} to {high}.",
            n=words.number(len(rows)),
            low=low,
            high=high,
        )
    )
