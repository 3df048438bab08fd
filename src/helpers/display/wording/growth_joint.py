"""Sentences about the claim that one side alone falls short: is the effect of x larger where z is higher?

Rows are those of `helpers.stats.interaction.interaction_effects`: the term ``product`` is what the effect of one
standard deviation of x on y gains per standard deviation of z.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import with_figures
from helpers.display.wording.effects import Row, effect_of, effect_size, effect_text
from helpers.display.wording.growth_claims import TOLD_AS, JointClaim
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.verdicts import further_reason, lead_in
from helpers.display.wording.words import Words

FACTS = {
    "larger": msg(
        "Where {z} is higher, the link of {x} with {y} {when} is larger: {size} more per standard deviation of {z}"
    ),
    "smaller": msg(
        "Where {z} is higher, the link of {x} with {y} {when} is smaller: {size} less per standard deviation of {z}"
    ),
    "unclear": msg("The link of {x} with {y} {when} may be larger or smaller where {z} is higher"),
    "small": msg("The link of {x} with {y} {when} hardly depends on {z}"),
}
CODAS = {
    "yes": msg(
        "So the link with {x} here depends on {z}, in the direction claimed. What either does by itself is another "
        "question; a cause is not proven."
    ),
    "no": msg("So the two hardly strengthen each other here; whether each matters by itself is another question."),
}
# By the ids of helpers.stats.interaction.
CORNERS = {
    "low_low": msg("Low {x}, low {z}"),
    "high_low": msg("High {x}, low {z}"),
    "low_high": msg("Low {x}, high {z}"),
    "high_high": msg("High {x}, high {z}"),
}
# By the ids of helpers.stats.interaction_checks.
VARIANTS = {
    "headline": msg("As above"),
    "beside_squares": msg("Curved links with both sides beside it"),
    "within_units": msg("Only deviations from the average of each unit"),
    "shared_shocks": msg("Beside units of the same group in the same period"),
}


def joint_answer(row: Row, words: Words, claim: JointClaim, *, verdict: str, because: str) -> Paragraph:
    """Answer whether one side alone falls short.

    Parameters
    ----------
    row : mapping
        The row ``product``.
    words : Words
    claim : JointClaim
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        Reason id of `verdicts.BECAUSE`.

    Returns
    -------
    Paragraph
    """
    known = verdict in CODAS
    coda = words.text(CODAS[verdict], **claim.names(words)) if known else further_reason(because, words)
    return paragraph(lead_in(verdict, words), _fact(row, words, claim, small=because == "below_smallest"), coda)


def power_sentence(row: Row, words: Words, claim: JointClaim, *, power: float = 0.8) -> Paragraph:
    """Say how large an interaction must be for these data to find it.

    Parameters
    ----------
    row : mapping
        ``least_detectable``.
    words : Words
    claim : JointClaim
    power : float
        Share of such panels that find it.

    Returns
    -------
    Paragraph
    """
    if is_missing(row.get("least_detectable")):
        return paragraph(words.text("How small an interaction these data could see could not be estimated."))
    (size,) = effect_of(row, claim.effect, ("least_detectable",))
    return paragraph(
        words.text(
            "On {y}, a panel like this finds an interaction of {size} {power} of the time; smaller ones are easily "
            "missed.",
            size=effect_size(size, words, TOLD_AS[claim.kind]),
            power=words.percent(power),
            **claim.names(words),
        )
    )


def reliability_sentence(shares: Mapping[str, float], words: Words, claim: JointClaim) -> Paragraph:
    """Say how much of the product is sampling error, which hides an interaction.

    Parameters
    ----------
    shares : mapping
        Answer of `helpers.stats.interaction_checks.product_reliability`.
    words : Words
    claim : JointClaim

    Returns
    -------
    Paragraph
    """
    return paragraph(
        words.text(
            "Of the movement within units, about {x_share} is chance in {x}, {z_share} in {z}, and {share} in their "
            "product.",
            share=words.percent(1 - shares["product"]),
            x_share=words.percent(1 - shares["x"]),
            z_share=words.percent(1 - shares["z"]),
            **claim.names(words),
        ),
        words.text("An interaction looks smaller than it is by about the share of chance in the product."),
    )


def corner_names(effects: pd.DataFrame, words: Words, claim: JointClaim) -> pd.DataFrame:
    """Name the combinations of low and high that units really had, for a figure.

    Parameters
    ----------
    effects : DataFrame
        Answer of `helpers.stats.interaction.interaction_effects`.
    words : Words
    claim : JointClaim

    Returns
    -------
    DataFrame
        Rows of the corners with an estimate, with ``name``.
    """
    corners = effects[effects["term"].isin(list(CORNERS)) & effects["estimate"].notna()]
    names = [capital(words.text(CORNERS[corner], **_bare_names(words, claim))) for corner in corners["term"]]
    return corners.assign(name=names).drop(columns="n").reset_index(drop=True)


def empty_corners(effects: pd.DataFrame, words: Words, claim: JointClaim) -> Paragraph:
    """Say which combinations hardly any unit had, so that nothing is predicted there; empty when there are none."""
    corners = effects[effects["term"].isin(list(CORNERS)) & effects["estimate"].isna()]
    if corners.empty:
        return paragraph()
    names = [words.text(CORNERS[corner], **_bare_names(words, claim)) for corner in corners["term"]]
    return paragraph(
        words.text(
            "Hardly any unit was near these combinations, so nothing is shown for them: {names}.",
            names="; ".join(names),
        )
    )


def corner_quantity(words: Words, claim: JointClaim) -> Markup:
    """Name what the combinations are compared with, with the unit."""
    names = _bare_names(words, claim) | {"y": capital(words.measure(claim.y))}
    if claim.kind == "percent":
        return words.text("{y} against average {x} and {z}, in percentage points", **names)
    return words.text("{y} against average {x} and {z}, in standard deviations", **names)


def interaction_quantity(words: Words, claim: JointClaim) -> Markup:
    """Name the interaction, with the unit."""
    names = claim.names(words)
    if claim.kind == "percent":
        return words.text("Gain in the link with {x} per standard deviation of {z}, in percentage points", **names)
    return words.text("Gain in the link with {x} per standard deviation of {z}, in standard deviations", **names)


def variant_names(variants: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the checks that could be made, for a figure; ``term`` is the check."""
    shown = variants[variants["estimate"].notna()]
    names = [capital(words.text(VARIANTS[variant])) for variant in shown["variant"]]
    return shown.assign(term=shown["variant"], name=names).reset_index(drop=True)


def missing_variants(variants: pd.DataFrame, words: Words) -> Paragraph:
    """Say which checks these data do not bear; empty when all could be made."""
    missing = [words.text(VARIANTS[variant]) for variant in variants.loc[variants["estimate"].isna(), "variant"]]
    if not missing:
        return paragraph()
    return paragraph(words.text("Could not be checked: {names}.", names="; ".join(missing)))


def no_other_outcome(words: Words) -> Paragraph:
    """Say that there is nothing else to look at."""
    return paragraph(words.text("These data hold no profit beside it, so that part of the claim cannot be looked at."))


def _bare_names(words: Words, claim: JointClaim) -> dict[str, Markup]:
    """Names without an article, as they stand behind an adjective."""
    return {name: words.measure(getattr(claim, name)) for name in ("x", "z", "y")}


def _fact(row: Row, words: Words, claim: JointClaim, *, small: bool) -> Markup:
    names = claim.names(words)
    if any(is_missing(row.get(column)) for column in ("estimate", "ci_low", "ci_high")):
        return words.text("Whether {x} and {z} strengthen each other could not be estimated.", **names)
    form = "small" if small else "larger" if row["ci_low"] > 0 else "smaller" if row["ci_high"] < 0 else "unclear"
    sized = form in ("larger", "smaller")
    size, interval = effect_text(row, words, claim.effect, signed=not sized)
    fact = words.text(FACTS[form], size=size, **names)
    if sized:
        return with_figures(fact, interval, words)
    return with_figures(fact, words.text("{figure}, {interval}", figure=size, interval=interval), words)
