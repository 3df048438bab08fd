"""Sentences on single methods: the search over lags, y's own past, errors that units share, choices of a curve."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.durations import duration, moment
from helpers.display.wording.effects import Claim, Row, effect_text
from helpers.display.wording.lag_robustness import share_text
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

FOUND = {
    "claimed": msg("Of all lags up to {longest} the claimed one stands out, as it would in nearly all panels like it."),
    "other": msg("Of all lags up to {longest} another one stands out: the effect {when}."),
    "unclear": msg("Some lag matters, but not which: the effect {when} comes first in {share} of panels like it only."),
    "none": msg("No lag up to {longest} stands out beyond what a search finds by chance."),
}
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


def search_sentence(search: pd.DataFrame, words: Words, claim: Claim) -> Paragraph:
    """Say which lag stands out when all of them are looked at.

    Parameters
    ----------
    search : DataFrame
        Lags together, of `helpers.stats.lag_search`: ``lag``, ``p_value``, ``conf_level``, ``share_largest``,
        ``identified``.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    best = search.loc[search["share_largest"].idxmax()].to_dict()
    if best["identified"]:
        form = "claimed" if best["lag"] == claim.lag else "other"
    else:
        form = "unclear" if (search["p_value"] <= 1 - search["conf_level"]).any() else "none"
    values = {
        "longest": duration(words, int(search["lag"].max()), claim.periods_per_year),
        "when": moment(words, int(best["lag"]), claim.periods_per_year),
        "share": words.percent(best["share_largest"]),
    }
    return paragraph(words.text(FOUND[form], **values))


def own_past_sentence(gmm: pd.DataFrame, tests: pd.DataFrame, words: Words, claim: Claim, *, sizes: Row) -> Paragraph:
    """Say how far y follows its own past by GMM, and what the tests of its instruments give.

    Parameters
    ----------
    gmm, tests : DataFrame
        ``estimates`` and ``tests`` of `helpers.stats.dynamic_panel`.
    words : Words
    claim : Claim
    sizes : mapping
        ``n_instruments``, ``n_units``.

    Returns
    -------
    Paragraph
    """
    row = gmm[gmm["term"] == "own lag 1"].iloc[0]
    interval = words.interval(*(words.percent(row[bound]) for bound in ("ci_low", "ci_high")))
    known = tests.set_index("term")["p_value"].dropna()
    told = [
        words.text(
            "By GMM, {share} of a rise in {y} is left one period later ({interval}).",
            y=claim.names(words)["y"],
            share=words.percent(row["estimate"]),
            interval=interval,
        ),
        words.text(
            "It has {n_instruments} instruments for {n_units} units.",
            **{name: words.number(size) for name, size in sizes.items()},
        ),
    ]
    forms = {
        "hansen": msg("Hansen's test of the instruments gives p\u00a0=\u00a0{p}."),
        "m2": msg("The test for errors that hang together over two periods gives p\u00a0=\u00a0{p}."),
    }
    told += [
        words.text(form, p=words.number(known[test], 2, fixed=True)) for test, form in forms.items() if test in known
    ]
    return paragraph(*told)


def dependence_sentence(table: pd.DataFrame, words: Words, *, level: float = 0.05) -> Paragraph:
    """Say whether units move together beyond the model, before and after what all share in a period.

    Parameters
    ----------
    table : DataFrame
        Answer of `helpers.stats.cross_section_dependence`.
    words : Words
    level : float
        A p-value of this or less counts.

    Returns
    -------
    Paragraph
    """
    before, after = (row for row in table.to_dict("records"))
    told = words.text(
        "Errors of two units correlate by {before} before the period effects and by {after} after them.",
        before=words.signed(before["estimate"], 2, fixed=True),
        after=words.signed(after["estimate"], 2, fixed=True),
    )
    if after["estimate"] > 0 and after["p_value"] <= level:
        return paragraph(told, words.text("Units still move together after them, so intervals may be too narrow."))
    calm = words.text("After them nothing shows that units move together; they push this figure below zero themselves.")
    return paragraph(told, calm)


def reverse_granger_sentence(row: Row, words: Words, claim: Claim, *, level: float = 0.05) -> Paragraph:
    """Say whether y precedes x in some unit.

    Parameters
    ----------
    row : mapping
        ``p_value`` of the Granger test the other way round.
    words : Words
    claim : Claim
    level : float
        A p-value of this or less counts.

    Returns
    -------
    Paragraph
    """
    names = claim.names(words)
    values = {"x": names["x"], "y": names["y"], "share": share_text(row["p_value"], words)}
    if row["p_value"] <= level:
        form = msg("In some units {y} precedes {x} too: by chance that would come up in {share} of cases.")
        return paragraph(words.text(form, **values), words.text("Feedback biases the headline where periods are few."))
    form = msg("That {y} precedes {x} in any unit is not shown: by chance it would come up in {share} of cases.")
    return paragraph(words.text(form, **values))


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
    clear = (known["ci_low"] > 0) | (known["ci_high"] < 0)
    median = test[test["term"] == "median"].iloc[0]
    told = [
        words.plural(
            "{n} combination of choices gives {low}.",
            "{n} combinations of choices give effects from {low} to {high}; {share} of them keep zero outside.",
            len(known),
            low=low,
            high=high,
            share=words.percent(clear.mean()),
        ),
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
