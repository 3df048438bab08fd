"""Sentences about what is set against a lag: other tests, other models, single units, measurement error.

Rows are those of `wording.effects`, from the checks of `helpers.stats.lag_study`.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.display.wording.amounts import amount_text, leveled
from helpers.display.wording.effects import Claim, Row, effect_text
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

BOOTSTRAP = {
    True: msg("A wild cluster bootstrap, made for few units, also keeps zero outside its interval ({interval})."),
    False: msg("A wild cluster bootstrap, made for few units, has zero inside its interval ({interval})."),
}
DIFFERENCE = {
    "stronger": msg("The claimed direction is the stronger one: the difference is {size} ({interval})."),
    "weaker": msg("The opposite direction is the stronger one: the difference is {size} ({interval})."),
    "unclear": msg("Which direction is stronger cannot be told: the difference is {size} ({interval})."),
}
# Below it "0.0%" would look like never.
LEAST_SHARE = 0.001


def bootstrap_sentence(row: Row, words: Words, claim: Claim) -> Paragraph:
    """Say whether the wild cluster bootstrap keeps zero outside.

    Parameters
    ----------
    row : mapping
        Its row, limits perhaps infinite.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    bounds = [row["ci_low"], row["ci_high"]]
    if any(is_missing(bound) or abs(bound) == float("inf") for bound in bounds):
        return paragraph(
            words.text("A wild cluster bootstrap finds no bounds for the effect: there are too few units.")
        )
    _, interval = effect_text(row, words, claim)
    return paragraph(words.text(BOOTSTRAP[bool(bounds[0] > 0 or bounds[1] < 0)], interval=interval))


def joint_sentence(joint: Row, summed: Row, words: Words, claim: Claim) -> Paragraph:
    """Say what all lags come to together: their sum, and how often such a result would come up by chance.

    Parameters
    ----------
    joint : mapping
        ``p_value`` of the test that all lags are zero.
    summed : mapping
        Row of their sum.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    effect, interval = effect_text(summed, words, claim)
    return paragraph(
        words.text("Summed over all lags the effect is {effect} ({interval}).", effect=effect, interval=interval),
        words.text(
            "Were there no effect at any lag, a result as far from zero would come up in {share} of cases.",
            share=share_text(joint["p_value"], words),
        ),
    )


def permutation_sentence(row: Row, words: Words) -> Paragraph:
    """Say how often an effect this large comes up when units swap their histories.

    Parameters
    ----------
    row : mapping
        ``p_value``, ``n_permuted``.
    words : Words

    Returns
    -------
    Paragraph
    """
    return paragraph(
        words.text(
            "Had {n} units swapped their histories by lot, an effect as large would come up in {share} of cases.",
            n=words.number(row["n_permuted"]),
            share=share_text(row["p_value"], words),
        )
    )


def difference_sentence(row: Row, words: Words, claim: Claim) -> Paragraph:
    """Say which of the two directions is stronger.

    Parameters
    ----------
    row : mapping
        Forward minus reverse: ``estimate_sd``, ``ci_low_sd``, ``ci_high_sd``, ``conf_level``.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    low, high = sorted(claim.sign * row[f"ci_{end}_sd"] for end in ("low", "high"))
    form = "stronger" if low > 0 else "weaker" if high < 0 else "unclear"
    bounds = (words.signed(row[f"ci_{end}_sd"], 2, fixed=True) for end in ("low", "high"))
    return paragraph(
        words.text(
            DIFFERENCE[form],
            size=amount_text(row["estimate_sd"], words, "sd", signed=True),
            interval=leveled(words.interval(*bounds), words, row["conf_level"]),
        )
    )


def corrected_sentence(row: Row, words: Words, claim: Claim) -> Paragraph:
    """Say how much of x within units is sampling error, and what the effect would be without it.

    Parameters
    ----------
    row : mapping
        The corrected effect, with ``reliability`` from 0 to 1.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    effect, interval = effect_text(row, words, claim)
    return paragraph(
        words.text(
            "Of the movement of {x} within units, {share} is chance: only part of the people answer.",
            share=words.percent(1 - row["reliability"]),
            **claim.names(words),
        ),
        words.text("Corrected for that, the effect would be {effect} ({interval}).", effect=effect, interval=interval),
    )


def without_one_sentence(
    rows: pd.DataFrame, words: Words, claim: Claim, *, names: Mapping[str, str], grouped: bool = False
) -> Paragraph:
    """Say whether any single unit, or group of units, decides the answer, and which one moves it most.

    Parameters
    ----------
    rows : DataFrame
        Answer of `helpers.stats.leave_one_out`: ``left_out``, ``decides``, ``shift``.
    words : Words
    claim : Claim
    names : mapping of unit id to name
    grouped : bool
        Whether each left out is a group of units.

    Returns
    -------
    Paragraph
        Empty without rows.
    """
    known = rows[rows["estimate"].notna()]
    if known.empty:
        return paragraph()
    most = known.loc[known["shift"].abs().idxmax()].to_dict()
    effect, interval = effect_text(most, words, claim)
    values = {"name": names.get(most["left_out"], most["left_out"]), "effect": effect, "interval": interval}
    deciding = [names.get(unit, unit) for unit in known.loc[known["decides"].astype(bool), "left_out"]]
    first = _hangs_on(deciding, words, grouped=grouped)
    return paragraph(first, words.text("Without {name} the effect moves most, to {effect} ({interval}).", **values))


def slopes_sentence(row: Row, words: Words, claim: Claim) -> Paragraph:
    """Say what the effects of single units average, and whether they differ beyond chance.

    Parameters
    ----------
    row : mapping
        Answer of `helpers.stats.unit_slopes.mean_group`: effect, ``share_positive``, ``q_p_value``, ``conf_level``.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    effect, interval = effect_text(row, words, claim)
    share = words.percent(row["share_positive"])
    found = words.text(
        "Estimated for each unit by itself, the effect averages {effect} ({interval}); it is positive in {share}.",
        effect=effect,
        interval=interval,
        share=share,
    )
    if is_missing(row["q_p_value"]):
        return paragraph(found)
    if row["q_p_value"] < 1 - row["conf_level"]:
        return paragraph(found, words.text("The units differ more than chance explains."))
    return paragraph(found, words.text("The units differ no more than chance explains."))


def _hangs_on(deciding: list[str], words: Words, *, grouped: bool) -> str:
    if not deciding and grouped:
        return words.text("No single group of units decides: whichever is left out, the answer stays.")
    if not deciding:
        return words.text("No single unit decides: whichever is left out, the answer stays.")
    if grouped:
        return words.plural(
            "The answer hangs on {n} group of units: without {name} it would be another.",
            "The answer hangs on single groups of units: without {name}, for one, it would be another.",
            len(deciding),
            name=deciding[0],
        )
    return words.plural(
        "The answer hangs on {n} unit: without {name} it would be another.",
        "The answer hangs on single units: without {name}, for one, it would be another.",
        len(deciding),
        name=deciding[0],
    )


def share_text(p_value: float, words: Words) -> str:
    """Write how often chance alone goes as far; a share too small to be told exactly as "fewer than"."""
    rare = p_value < LEAST_SHARE
    share = words.percent(LEAST_SHARE if rare else p_value, 1)
    return words.text("fewer than {share}", share=share) if rare else share
