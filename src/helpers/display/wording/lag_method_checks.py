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
    "first": msg(
        "Of all lags up to {longest} the effect {when} stands out most; as estimated, it would come first in "
        "{share} of such panels."
    ),
    "sure": msg(
        "Of all lags up to {longest} the effect {when} stands out most; as estimated, it would come first in nearly "
        "all such panels."
    ),
    "none": msg("No lag up to {longest} stands out beyond what a search finds by chance."),
}
# Draws that all agree do not show that all panels would.
NEARLY_ALL = 0.995
CLAIMED = {
    "first": msg("That is the lag claimed."),
    "first, opposite": msg("That is the lag claimed, on the opposite side."),
    "also": msg("The claimed lag is beyond what a search finds by chance too."),
    "not": msg("The claimed lag is not beyond what a search finds by chance."),
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
        Lags together, of `helpers.stats.lag_search`: ``lag``, ``estimate``, ``p_value``, ``conf_level``,
        ``share_largest``.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    level = 1 - search["conf_level"].iloc[0]
    best = search.loc[search["share_largest"].idxmax()].to_dict()
    values = {
        "longest": duration(words, int(search["lag"].max()), claim.periods_per_year),
        "when": moment(words, int(best["lag"]), claim.periods_per_year),
        "share": words.percent(best["share_largest"]),
    }
    if not (search["p_value"] <= level).any():
        return paragraph(words.text(FOUND["none"], **values))
    if best["lag"] == claim.lag:
        form = "first" if claim.sign * best["estimate"] > 0 else "first, opposite"
    else:
        form = "also" if (search.loc[search["lag"] == claim.lag, "p_value"] <= level).any() else "not"
    found = FOUND["sure" if best["share_largest"] >= NEARLY_ALL else "first"]
    return paragraph(words.text(found, **values), words.text(CLAIMED[form]))


def own_past_sentence(
    gmm: pd.DataFrame, tests: pd.DataFrame, words: Words, claim: Claim, *, sizes: Row, counted: bool
) -> Paragraph:
    """Say how far y follows its own past by GMM, what the tests of its instruments give, and what is left of x.

    Parameters
    ----------
    gmm, tests : DataFrame
        ``estimates`` and ``tests`` of `helpers.stats.dynamic_panel`.
    words : Words
    claim : Claim
    sizes : mapping
        ``n_instruments``, ``n_units``.
    counted : bool
        Whether it passes its own tests.

    Returns
    -------
    Paragraph
    """
    rows = gmm.set_index("term").to_dict("index")
    own, known = rows["own lag 1"], tests.set_index("term")["p_value"].dropna()
    left = words.text(
        msg("By GMM, {share} of a rise in {y} is left one period later ({interval}).")
        if own["estimate"] >= 0
        else msg("By GMM, {share} of a rise in {y} turns round one period later ({interval})."),
        y=claim.names(words)["y"],
        share=words.percent(abs(own["estimate"])),
        interval=_shares(own, words),
    )
    told = [left, *_tests(known, sizes, words)]
    if not counted:
        return paragraph(*told, words.text("It is not counted here."))
    direct, whole = (rows.get(f"{name} {claim.lag}") for name in ("lag", "response"))
    if direct and whole:
        values = {"direct": effect_text(direct, words, claim)[0], "whole": effect_text(whole, words, claim)[0]}
        form = msg("Beside that past the effect of {x} itself is {direct}; with what the past passes on it is {whole}.")
        told.append(words.text(form, x=claim.names(words)["x"], **values))
    return paragraph(*told)


def _shares(own: Row, words: Words) -> Markup:
    bounds = [own["ci_low"], own["ci_high"]]
    if own["estimate"] < 0:
        bounds = [-bound for bound in reversed(bounds)]
    return words.interval(*(words.percent(bound) for bound in bounds))


def _tests(known: pd.Series, sizes: Row, words: Words) -> list[Markup]:
    counts = {name: words.number(size) for name, size in sizes.items()}
    forms = {
        "hansen": msg("Hansen's test of the instruments gives p\u00a0=\u00a0{p}."),
        "m2": msg("The test for errors that hang together over two periods gives p\u00a0=\u00a0{p}."),
    }
    return [words.text("It has {n_instruments} instruments for {n_units} units.", **counts)] + [
        words.text(form, p=words.number(known[test], 2, fixed=True)) for test, form in forms.items() if test in known
    ]


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
        "Before the period effects, errors of two units correlate by {before} on average.",
        before=words.signed(before["estimate"], 2, fixed=True),
    )
    if after["estimate"] > 0 and after["p_value"] <= level:
        return paragraph(told, words.text("After them units still move together, so intervals are too narrow."))
    blind = words.text("After them this test is blind to shocks that only some units share.")
    return paragraph(told, blind, words.text("Where regions have such shocks, intervals are too narrow."))


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
        form = msg("Some units show that {y} precedes {x}: by chance that would come up in {share} of cases.")
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
