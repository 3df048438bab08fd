"""Checks on the answers about absence and leaving: other models, sampling error, units without absence, stages.

Rows and subjects are those of `helpers.display.wording.staff_ratios`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.display.wording.amounts import leveled
from helpers.display.wording.cautions import not_applicable
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.staff_ratios import ABSENCE, EXITS, Row, change_decimals, change_text
from helpers.display.wording.words import Words

WITHOUT_ERROR = {
    ABSENCE: msg("Without it the difference in spells of absence would be about {change} ({interval})."),
    EXITS: msg("Without it the difference in how often people left would be about {change} ({interval})."),
}
# The rows differ: absence and leaving need not be known of the same units and periods.
SAMPLING_ERROR = {
    ABSENCE: msg(
        "Where absence is known, {share} of what sets units apart in {x} is sampling error, which makes the difference "
        "look smaller."
    ),
    EXITS: msg(
        "Where it is known who left, {share} of what sets units apart in {x} is sampling error, which makes the "
        "difference look smaller."
    ),
}
# By the ids of helpers.stats.absence_study and helpers.stats.exit_study.
MODELS = {
    "main": msg("As above"),
    "poisson": msg("As a Poisson model"),
    "between": msg("Between units, by their averages"),
    "within": msg("Within units, from period to period"),
    "beside": msg("Beside engagement of the same period"),
    "everyone": msg("Everyone who left, contracts that ran out too"),
    "own_choice": msg("Only who chose to leave"),
}


def corrected_sentence(row: Row, words: Words, *, subject: str, x: str) -> Paragraph:
    """Say how much of the spread of engagement is sampling error, and what the difference would be without it."""
    change, interval = change_text(row, words)
    return paragraph(
        words.text(
            SAMPLING_ERROR[subject],
            x=words.measure(x, definite=True),
            share=words.percent(1 - row["reliability"]),
        ),
        words.text(WITHOUT_ERROR[subject], change=change, interval=interval),
    )


def within_sentence(rows: pd.DataFrame, words: Words) -> Paragraph:
    """Say whether the difference is there within units too, which what is lasting about a unit cannot explain."""
    row = _variant(rows, "within")
    if row is None or is_missing(row["change_low"]):
        return paragraph()
    change, interval = change_text(row, words)
    values = {"change": change, "interval": interval}
    if row["change_high"] < 0:
        return paragraph(
            words.text(
                "Units compared only with themselves, from period to period, show {change} ({interval}).", **values
            ),
            words.text("What is lasting about a unit cannot explain that."),
        )
    return paragraph(
        words.text(
            "Units compared only with themselves, from period to period, show no clear drop: {change} ({interval}).",
            **values,
        ),
        words.text("What is lasting about units, such as their kind of work, may explain a difference between them."),
    )


def zeros_sentence(zeros: Mapping[str, float], about: Mapping[str, float], words: Words) -> Paragraph:
    """Say whether there are more rows without a spell than the model expects, and how widely spells are spread."""
    expected = {"expected": words.number(zeros["expected"], 0), "n": words.number(zeros["n"])}
    limits = words.interval(words.number(max(zeros["low"], 0), 0), words.number(zeros["high"], 0))
    limits = leveled(limits, words, zeros["conf_level"])
    counted = words.text(
        "Of {n} counts, one per unit and period, {observed} are zero; the model expects {expected} ({limits}).",
        observed=words.number(zeros["observed"]),
        limits=limits,
        **expected,
    )
    if zeros["observed"] > zeros["high"]:
        doubt = words.text("That is more than chance has it: some units may not record all absence.")
    elif zeros["observed"] < zeros["low"]:
        doubt = words.text("That is fewer than chance has it: the model describes units with few spells poorly.")
    else:
        doubt = words.text("That fits, so nothing points to units that do not record absence.")
    spread = words.text(
        "Spells vary more from unit to unit than chance alone would have it; the model allows for that (dispersion "
        "{dispersion}).",
        dispersion=words.number(about["dispersion"], 2),
    )
    return paragraph(counted, doubt, spread if about["dispersion"] >= 0.005 else "")


def stages_sentence(stages: pd.DataFrame, words: Words) -> Paragraph:
    """Say whether the ratio is one throughout an employment, as the model takes it.

    Parameters
    ----------
    stages : DataFrame
        Answer of `helpers.stats.exit_study.stage_ratios`, with ``p_value`` as an attribute; tested at the level of its
        intervals.
    words : Words

    Returns
    -------
    Paragraph
    """
    rows = stages.to_dict("records")
    decimals = max(change_decimals(row) for row in rows)
    values = {row["stage"]: words.percent(row["change"] / 100, decimals, signed=True, fixed=True) for row in rows}
    years = {"first": words.number(stages["until"].iloc[0], 1), "last": words.number(stages["from"].iloc[-1], 1)}
    found = words.text(
        "In the first {first} years of an employment the difference is {early}, then {middle}, and {late} after {last} "
        "years.",
        **years,
        **values,
    )
    p_value = stages.attrs.get("p_value")
    if is_missing(p_value):
        return paragraph(found)
    if p_value < 1 - stages["conf_level"].iloc[0]:
        return paragraph(
            found, words.text("That is not the same throughout, so one figure is an average over these stages.")
        )
    return paragraph(
        found,
        words.text(
            "No difference between these stages can be shown, so nothing here speaks against one figure for all."
        ),
    )


def dissolved_sentence(n: int, words: Words) -> Paragraph:
    """Say that units that were dissolved take no part; empty where there are none."""
    if not n:
        return paragraph()
    return paragraph(
        words.plural(
            "{n} unit that was dissolved takes no part: only those who left are listed under it, not those who moved "
            "on.",
            "{n} units that were dissolved take no part: only those who left are listed under them, not those who "
            "moved on.",
            n,
        )
    )


def named_models(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the models that could be estimated, for a figure, with changes in percent as estimates."""
    shown = rows[rows["estimate"].notna()]
    names = [capital(words.text(MODELS[model])) for model in shown["variant"]]
    told = shown.assign(term=shown["variant"], name=names)
    return told.assign(estimate=told["change"], ci_low=told["change_low"], ci_high=told["change_high"]).reset_index(
        drop=True
    )[["term", "name", "estimate", "ci_low", "ci_high", "conf_level"]]


def missing_models(rows: pd.DataFrame, words: Words) -> Paragraph:
    """Say which models could not be estimated, and why; empty when all could."""
    return paragraph(
        *(
            words.text(
                "Not estimated: “{variant}”. {reason}",
                variant=words.text(MODELS[row["variant"]]),
                reason=not_applicable(row["reason"], row["reason_values"], words),
            )
            for row in rows[rows["estimate"].isna()].to_dict("records")
        )
    )


def _variant(rows: pd.DataFrame, name: str) -> Row | None:
    found: Sequence[Row] = rows[(rows["variant"] == name) & rows["estimate"].notna()].to_dict("records")
    return found[0] if found else None
