"""Sentences about growth after engagement: what it could mean here, and beside it what others published."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from helpers.display.wording.amounts import MEAN_DECIMALS, amount_text, figure_text
from helpers.display.wording.cautions import not_applicable, other_firms
from helpers.display.wording.effects import DECIMALS, Claim, Row, effect_of, effect_text, scale_of, step_text
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

AON = "Aon Hewitt"
ENGAGEMENT, GROWTH = "engagement", "revenue_growth"
# By the ids of helpers.stats.growth_slopes.
MODELS = {
    "within": msg("As above"),
    "alone": msg("This lag alone"),
    "shared_shocks": msg("Beside units of the same group in the same period"),
    "own_trend": msg("A straight line for each unit"),
    "own_past": msg("The outcome of the period before beside it"),
    "between": msg("Between units, by their averages"),
}


def stand_in_sentence(words: Words, claim: Claim) -> Paragraph:
    """Say what stands in for engagement or growth of revenue; empty where nothing does."""
    names = claim.names(words)
    return paragraph(
        words.text("This is not a test of engagement: {x} stands in for it.", **names)
        if ENGAGEMENT not in claim.x
        else "",
        words.text("This is not a test of revenue growth: {y} stands in for it.", **names) if claim.y != GROWTH else "",
    )


def meaning_sentence(row: Row, words: Words, claim: Claim, *, corrected: Row | None = None) -> Paragraph:
    """Say as a range what a rise in x goes with here.

    Parameters
    ----------
    row : mapping
        The effect claimed: ``ci_low``, ``ci_high``.
    words : Words
    claim : Claim
    corrected : mapping, optional
        The same corrected for the sampling error of x.

    Returns
    -------
    Paragraph
    """
    if is_missing(row.get("ci_low")) or is_missing(row.get("ci_high")):
        return paragraph(words.text("What a rise could mean here cannot be said from these data."))
    values = claim.names(words) | {"step": step_text(row, words, claim)} | _range(row, words, claim)
    found = words.text(
        "Here a rise of {step} in {x} goes with a change of {low} to {high} in {y} {when}.",
        **values,
    )
    if corrected is None or is_missing(corrected.get("ci_low")):
        return paragraph(found, words.text("That range is what chance leaves open; it is no forecast."))
    without_error = values | _range(corrected, words, claim)
    return paragraph(
        found,
        words.text("Were {x} measured without sampling error, the range would be {low} to {high}.", **without_error),
        words.text("Those ranges are what chance leaves open; they are no forecast."),
    )


def published_sentence(row: Row, words: Words, claim: Claim, *, aon: Mapping[str, object]) -> Paragraph:
    """Set what Aon Hewitt published beside the effect found here, as a comparison and never as an amount.

    Parameters
    ----------
    row : mapping
        The effect claimed.
    words : Words
    claim : Claim
    aon : mapping
        Answer of `helpers.datasets.growth.aon_growth`.

    Returns
    -------
    Paragraph
    """
    numbers = {name: words.number(aon[name]) for name in ("rise", "growth", "per_point")}
    years = {name: str(aon[name]) for name in ("year", "per_point_year")}
    told = words.text(
        "{publisher} ({year}) told of {growth} more growth in the year after a rise of {rise} in engagement; in "
        "{per_point_year}, of {per_point} per point.",
        publisher=AON,
        **years,
        **numbers,
    )
    doubt = words.text("Sources disagree whether those are percent or percentage points.")
    source = words.text("Sources: {sources}.", sources="; ".join(aon["sources"]))
    return paragraph(told, _beside(row, words, claim), doubt, source, other_firms(AON, words))


def scale_sentence(words: Words, claim: Claim, *, scale: tuple[float, float] | None) -> Paragraph:
    """Say what a point of engagement is here, and that it is not the point of Aon Hewitt.

    Parameters
    ----------
    words : Words
    claim : Claim
    scale : (float, float) or None
        Lowest and highest answer.

    Returns
    -------
    Paragraph
    """
    names = claim.names(words)
    theirs = words.text("{publisher} counts the share of employees who are engaged, in percent.", publisher=AON)
    if scale is None:
        return paragraph(
            theirs,
            words.text(
                "The range of the answers behind {x} is not known, so it is told in standard deviations.", **names
            ),
        )
    low, high = scale
    return paragraph(
        theirs,
        words.text(
            "Here {x} is a mean answer from {low} to {high}, put on a scale from 0 to 100: one point is {size} of an "
            "answer.",
            low=words.number(low),
            high=words.number(high),
            size=words.number((high - low) / 100, 3),
            **names,
        ),
        words.text("A point there and a point here are not the same."),
    )


def made_sentence(words: Words, claim: Claim, *, made_from: str) -> Paragraph:
    """Say from what growth was reckoned; empty where it was given."""
    if not made_from:
        return paragraph()
    return paragraph(
        words.text(
            "{y} is the change of {amount} against a year earlier, in percent.",
            y=capital(words.measure(claim.y)),
            amount=words.measure(made_from),
        )
    )


def period_sentence(rows: pd.DataFrame, words: Words, claim: Claim, *, name: Callable[[int], str]) -> Paragraph:
    """Say whether any single period decides the answer.

    Parameters
    ----------
    rows : DataFrame
        Answer of `helpers.stats.growth_slopes.without_each_period`: ``left_out``, ``decides``.
    words : Words
    claim : Claim
    name : callable
        Gives the id of a period by its time.

    Returns
    -------
    Paragraph
    """
    lowest, highest = (rows.loc[pick(rows["estimate"])].to_dict() for pick in (pd.Series.idxmin, pd.Series.idxmax))
    extremes = words.text(
        "Without one period the effect lies between {low} (without {first}) and {high} (without {last}).",
        low=effect_text(lowest, words, claim)[0],
        high=effect_text(highest, words, claim)[0],
        first=words.period(name(int(lowest["left_out"]))),
        last=words.period(name(int(highest["left_out"]))),
    )
    deciding = rows.loc[rows["decides"].astype(bool), "left_out"]
    if deciding.empty:
        return paragraph(words.text("No single period decides: whichever is left out, the answer stays."), extremes)
    one = words.period(name(int(deciding.iloc[0])))
    return paragraph(
        words.plural(
            "The answer hangs on {n} period: without {period} it would be another.",
            "The answer hangs on single periods: without {period}, for one, it would be another.",
            len(deciding),
            period=one,
        ),
        extremes,
    )


def named_models(slopes: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the models that could be estimated, for a figure; ``term`` is the model."""
    shown = slopes[slopes["estimate"].notna()]
    names = [capital(words.text(MODELS[model])) for model in shown["model"]]
    return shown.assign(term=shown["model"], name=names).reset_index(drop=True)


def missing_models(slopes: pd.DataFrame, words: Words) -> Paragraph:
    """Say which models could not be estimated, and why; empty when all could."""
    return paragraph(
        *(
            words.text(
                "Not estimated: “{variant}”. {reason}",
                variant=words.text(MODELS[row["model"]]),
                reason=not_applicable(row["reason"], row["reason_values"], words),
            )
            for row in slopes[slopes["estimate"].isna()].to_dict("records")
        )
    )


def _range(row: Row, words: Words, claim: Claim) -> dict[str, str]:
    """Bounds of an effect, the upper one with its unit."""
    low, high = effect_of(row, claim, ("ci_low", "ci_high"))
    kind = scale_of(row, claim).y_kind
    decimals = DECIMALS.get(kind, MEAN_DECIMALS)
    return {
        "low": figure_text(low, words, kind, decimals=decimals, signed=True),
        "high": amount_text(high, words, kind, decimals=decimals, signed=True),
    }


def _beside(row: Row, words: Words, claim: Claim) -> str:
    if (claim.x, claim.y) != (ENGAGEMENT, GROWTH):
        return words.text("What is measured here differs, so that figure cannot be set beside it.")
    if is_missing(row.get("ci_low")):
        return ""
    return words.text("Whether that is more or less than here cannot be told: engagement was counted in another way.")
