"""Sentences on a specification curve: how far the effect goes with choices that could have been made otherwise."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.durations import duration
from helpers.display.wording.effects import Claim, effect_text
from helpers.display.wording.lag_robustness import share_text
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

CHOICES = {
    "lags": msg("Lags in the model"),
    "weights": msg("Weights"),
    "sample": msg("Units and periods"),
    "trends": msg("Trends"),
    "measure": msg("Levels or changes"),
}
OPTIONS = {
    "equal": msg("All rows alike"),
    "n": msg("By the number of answers"),
    "all": msg("All"),
    "without_first_period": msg("Without the first period"),
    "without_last_period": msg("Without the last period"),
    "without_unit": msg("Without one of the largest units"),
    "none": msg("No trends"),
    "unit": msg("A straight line for each unit"),
    "levels": msg("Levels"),
    "differences": msg("Changes from one period to the next"),
}


def curve_sentence(
    curve: pd.DataFrame, test: pd.DataFrame, choices: pd.DataFrame, words: Words, claim: Claim
) -> Paragraph:
    """Say how far the effect depends on choices that could have been made otherwise.

    Parameters
    ----------
    curve, test : DataFrame
        Answers of `helpers.stats.specification_curve`: all specifications, and the joint test.
    choices : DataFrame
        Answer of `helpers.stats.curve_choices`.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    known = curve[curve["estimate"].notna()].sort_values("estimate")
    low, high = (effect_text(known.iloc[place].to_dict(), words, claim)[0] for place in (0, -1))
    above, below = ((known["ci_low"] > 0).mean(), (known["ci_high"] < 0).mean())
    median = test[test["term"] == "median"].iloc[0]
    counts = {"total": words.number(len(curve)), "above": words.percent(above), "below": words.percent(below)}
    told = [
        words.plural(
            "{n} of {total} combinations of choices can be estimated, and gives {low}.",
            "{n} of {total} combinations of choices can be estimated, and give effects from {low} to {high}.",
            len(known),
            low=low,
            high=high,
            total=counts["total"],
        ),
        words.text("Of their intervals {above} lie above zero and {below} below it.", **counts),
        words.text(
            "Had units swapped their histories by lot, their median would be as far from zero in {share} of cases.",
            share=share_text(median["p_value"], words),
        ),
    ]
    if not choices.empty:
        told.append(words.text("What moves it most: {choice}.", choice=_lowered(choices["choice"].iloc[0], words)))
    return paragraph(*told)


def option_text(row: Mapping[str, object], words: Words, claim: Claim) -> Markup:
    """Name an option of a choice."""
    if row["choice"] != "lags":
        return words.text(OPTIONS[str(row["option"])])
    lags = [int(lag) for lag in str(row["option"]).split(", ")]
    if lags == [claim.lag]:
        return words.text("The claimed lag alone")
    return words.text("Lags up to {longest}", longest=duration(words, max(lags), claim.periods_per_year))


def curve_alt(curve: pd.DataFrame, words: Words, claim: Claim) -> Paragraph:
    """Describe a specification curve: its ends, its middle, and where the headline stands."""
    known = curve[curve["estimate"].notna()].sort_values("estimate").reset_index(drop=True)
    places = {"low": 0, "middle": len(known) // 2, "high": len(known) - 1}
    values = {name: effect_text(known.iloc[place].to_dict(), words, claim)[0] for name, place in places.items()}
    told = words.plural(
        "Effect of {n} combination of choices: {low}.",
        "Effects of {n} combinations of choices, from {low} over {middle} to {high}.",
        len(known),
        **values,
    )
    rank = known.index[known["is_headline"]]
    if not len(rank):
        return paragraph(told)
    return paragraph(told, words.text("The headline is number {rank} from below.", rank=words.number(int(rank[0]) + 1)))


def _lowered(choice: str, words: Words) -> Markup:
    name = words.text(CHOICES[choice])
    return Markup(name[:1].lower() + name[1:])
