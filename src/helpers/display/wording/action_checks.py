"""Sentences about what could explain a rise after actions otherwise: waves before, chance, other choices, one unit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.display.wording.action_scale import Row, Scale, figure_with_interval, signed_text
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

LOW_WAVE = -1
VARIANTS = {
    "symmetric": msg("As above"),
    "own_group": msg("Beside units of the same group"),
    "never": msg("Beside units that never act"),
    "matched": msg("Beside units as low in the low wave"),
    "beyond_others": msg("Beyond what was not acted on in the same units"),
    "symmetric_back": msg("Against waves one further back"),
    "before": msg("Against the wave before the low one"),
    "last": msg("Against the low wave itself, which fools"),
}
# Below, intervals of one series leave zero out too often, see tests/reference/action_effects/series.csv.
SHORT_SERIES = 30


def lead_sentence(row: Row, words: Words, *, scale: Scale) -> Paragraph:
    """Say whether what was acted on was rising before the low wave.

    Parameters
    ----------
    row : mapping
        ``lead_estimate``, ``lead_ci_low``, ``lead_ci_high`` of `stats.action_effects.judged_parts`.
    words : Words
    scale : (float, float) or None

    Returns
    -------
    Paragraph
    """
    lead = _named(row, "lead")
    if is_missing(lead["ci_low"]):
        return paragraph(words.text("How these measures moved before the low wave could not be checked."))
    figure = figure_with_interval(lead, words, scale)
    if lead["ci_low"] > 0:
        return paragraph(
            words.text(
                "From two waves before the low one to one before it, these measures were already gaining on those "
                "elsewhere ({figure}).",
                figure=figure,
            )
        )
    if lead["ci_high"] < 0:
        return paragraph(
            words.text(
                "From two waves before the low one to one before it, these measures were falling behind those "
                "elsewhere ({figure}).",
                figure=figure,
            )
        )
    return paragraph(
        words.text(
            "From two waves before the low one to one before it, these measures were not seen to gain on those "
            "elsewhere ({figure}).",
            figure=figure,
        )
    )


def others_sentence(row: Row, words: Words, *, scale: Scale) -> Paragraph:
    """Say how what was not acted on in the same units moved; empty where nothing else was measured."""
    others, beyond = _named(row, "others"), _named(row, "beyond")
    if is_missing(others["ci_low"]) or is_missing(beyond["ci_low"]):
        return paragraph()
    return paragraph(
        words.text(
            "What was not acted on in the same units, beside other units: {figure}.",
            figure=figure_with_interval(others, words, scale),
        ),
        words.text("What was acted on, beyond that: {figure}.", figure=figure_with_interval(beyond, words, scale)),
    )


def chance_sentence(rises: pd.DataFrame, words: Words, *, scale: Scale) -> Paragraph:
    """Say how much of the rise after a low wave chance alone would give.

    Parameters
    ----------
    rises : DataFrame
        Answer of `stats.action_variants.chance_rises`.
    words : Words
    scale : (float, float) or None

    Returns
    -------
    Paragraph
    """
    rows = rises.set_index("term")
    told = {term: signed_text(rows.loc[term, "estimate"], words, scale) for term in ("acted", "similar", "elsewhere")}
    return paragraph(
        words.text("From the low wave to the next, what was acted on moved by {acted}.", **told),
        words.text("What was as low in units without an action moved by {similar} in the same time.", **told),
        words.text("All that could be compared moved by {elsewhere}.", **told),
        words.text("Before and after alone would have credited that recovery to the action.")
        if rows.loc["similar", "estimate"] > 0
        else "",
        words.text(
            "Beyond what was as low: {figure}.",
            figure=figure_with_interval(rows.loc["matched"].to_dict(), words, scale),
        ),
    )


def series_sentence(figures: Mapping[str, object], words: Words, *, scale: Scale) -> Paragraph:
    """Tell the jump of one unit beside those of units that did nothing.

    Parameters
    ----------
    figures : mapping
        Of `datasets.action_follow_up.Series`.
    words : Words
    scale : (float, float) or None

    Returns
    -------
    Paragraph
    """
    jump = words.text(
        "{name}, {measure}: {figure}.",
        figure=figure_with_interval(figures, words, scale),
        name=figures["name"],
        measure=words.measure(str(figures["measure"])),
    )
    what = words.text(
        "So far does {period}, the first wave after the start, lie off the line of the waves before.",
        period=words.period(str(figures["period"])),
    )
    caution = words.text(
        "One unit cannot tell an action from chance, nor from whatever else happened; this is no answer."
    )
    is_short = figures["n_waves"] < SHORT_SERIES
    short = words.text("In series so short, such intervals leave zero out too often.") if is_short else ""
    if is_missing(figures["share"]):
        return paragraph(jump, what, short, caution)
    beside = words.text(
        "Of {n} units without any action, {share} jumped at least as far in that wave.",
        n=words.number(figures["n"]),
        share=words.percent(figures["share"], 1),
    )
    similar = words.text(
        "Of the {n} nearest to it in the wave before, {share} did.",
        n=words.number(figures["n_similar"]),
        share=words.percent(figures["share_similar"]),
    )
    return paragraph(jump, what, short, beside, similar, caution)


def event_names(events: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name waves by their distance from the low one, for a figure."""
    return events.assign(name=[_event(int(event), words) for event in events["event"]])


def variant_names(variants: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name other choices, for a figure."""
    return variants.assign(name=[words.text(VARIANTS[term]) for term in variants["term"]])


def _event(event: int, words: Words) -> str:
    apart = event - LOW_WAVE
    if apart == 0:
        return words.text("The low wave")
    if apart < 0:
        return words.plural("{n} wave before the low one", "{n} waves before the low one", -apart)
    return words.plural("{n} wave after the low one", "{n} waves after the low one", apart)


def _named(row: Row, check: str) -> dict[str, object]:
    figures = {name: row[f"{check}_{name}"] for name in ("estimate", "ci_low", "ci_high")}
    return figures | {"conf_level": row["conf_level"]}
