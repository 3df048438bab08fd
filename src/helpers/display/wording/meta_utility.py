"""Sentences about what a correlation means in practice, and about what others published.

Rows are those of `stats.expectancy`: what follows if both sides are normally distributed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.meta_answers import outcome_names, r_text
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

Row = Mapping[str, object]
LOYALTY = "customer_loyalty"
CORRELATIONS = {"observed": msg("As observed"), "rho": msg("Corrected")}
# Rows of the table: what is told, and how it is written.
QUANTITIES = {
    "r": (msg("Correlation"), "r"),
    "quartile_gap_sd": (msg("Top minus bottom quarter, in standard deviations"), "r"),
    "success_q4": (msg("Above the median, in the top quarter"), "share"),
    "success_q1": (msg("Above the median, in the bottom quarter"), "share"),
    "half_ratio": (msg("Ratio of success, top to bottom half"), "r"),
    "besd_ratio": (msg("The same by BESD, which is no rate of success"), "r"),
}


def utility_sentence(row: Row, words: Words, *, outcome: str, engagement: str) -> Paragraph:
    """Say how many units of the top and the bottom quarter end above the median, by the observed correlation."""
    names = outcome_names({"outcome": outcome}, words, engagement)
    found = words.text(
        "By the observed correlation, {top} of the top quarter on {x} end above the median on {y}, against {bottom} of "
        "the bottom quarter.",
        top=words.percent(row["success_q4"]),
        bottom=words.percent(row["success_q1"]),
        **names,
    )
    return paragraph(
        found,
        words.text("This is what quarters of measured scores show, if both sides are normally distributed."),
    )


def corrected_caution(rows: Mapping[str, Row], words: Words) -> Paragraph:
    """Say what the corrected correlation promises and nobody will see; empty where nothing was corrected."""
    if "rho" not in rows:
        return paragraph()
    return paragraph(
        words.text("The corrected correlation tells of true scores; it promises more than measured quarters will show.")
    )


def besd_sentence(row: Row, words: Words) -> Paragraph:
    """Say what the binomial effect size display makes of the same correlation."""
    return paragraph(
        words.text(
            "The binomial effect size display (BESD) turns a correlation of {r} into a ratio of {besd}; the normal "
            "model gives {half}.",
            r=r_text(row["r"], words),
            besd=r_text(row["besd_ratio"], words),
            half=r_text(row["half_ratio"], words),
        )
    )


def published_ratio_sentence(ratio: Row, row: Row, words: Words) -> Paragraph:
    """Say what Gallup's success ratio may rest on, and that this is our inference.

    Parameters
    ----------
    ratio : mapping
        ``value`` and ``year``, as published.
    row : mapping
        `stats.expectancy` of the correlation whose BESD it is.
    words : Words

    Returns
    -------
    Paragraph
    """
    return paragraph(
        words.text(
            "Gallup ({year}) tells of a ratio of {ratio} between halves.",
            year=str(int(ratio["year"])),
            ratio=r_text(ratio["value"], words),
        ),
        words.text(
            "That is the BESD of a correlation of {r}, for which the normal model gives {half}.",
            r=r_text(row["r"], words),
            half=r_text(row["half_ratio"], words),
        ),
        words.text("How Gallup reckoned was not read: that it used BESD is our inference."),
    )


def recomputed_sentence(row: Row, words: Words) -> Paragraph:
    """Say what published means imply, as far as they can be worked out again.

    Parameters
    ----------
    row : mapping
        One row of `stats.meta_published.recomputed`.
    words : Words

    Returns
    -------
    Paragraph
        Empty where neither part of it can be worked out.
    """
    if is_missing(row["factor"]):
        return paragraph()
    figures = {name: r_text(row[name], words) for name in ("observed", "corrected", "factor")}
    about = {"who": row["who"], "year": str(int(row["year"]))}
    told = words.text(
        "For {theirs}, {who} ({year}) went from {observed} to {corrected}: their corrections amount to dividing by "
        "{factor}.",
        theirs=their_name(row["theirs"], words),
        **about,
        **figures,
    )
    if is_missing(row["sd_chance"]):
        return paragraph(told)
    chance = words.text(
        "With {k} studies of {n} units in all, chance alone spreads observed correlations by an SD of {sd}.",
        k=words.number(row["k"]),
        n=words.number(row["n"]),
        sd=r_text(row["sd_chance"], words),
    )
    return paragraph(told, chance, _not_again(words))


def loyalty_sentence(outcomes: Sequence[str], words: Words) -> Paragraph:
    """Say which of our outcomes stand beside what others call customer loyalty; empty for none."""
    if not outcomes:
        return paragraph()
    ours = words.items([words.measure(outcome, definite=True) for outcome in outcomes])
    return paragraph(words.text("Beside {ours} stands what they found for customer loyalty.", ours=ours))


def their_name(outcome: str, words: Words) -> Markup:
    """Name an outcome of others."""
    return words.text("customer loyalty") if outcome == LOYALTY else words.measure(outcome, definite=True)


def quantity_cell(row: Row, quantity: str, words: Words) -> str:
    """Write one figure of the table of utility."""
    value, kind = row[quantity], QUANTITIES[quantity][1]
    return words.percent(value) if kind == "share" else r_text(value, words)


def quantity_name(quantity: str, words: Words) -> Markup:
    """Name a row of the table of utility."""
    return capital(words.text(QUANTITIES[quantity][0]))


def _not_again(words: Words) -> Markup:
    return words.text(
        "The single studies, their reliabilities and SDs were not read, so the means cannot be worked out again."
    )
