"""Sentences on single methods: the search over lags, y's own past, errors that units share."""

from __future__ import annotations

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
        form = msg("Beside that past the link with {x} itself is {direct}; with what the past passes on it is {whole}.")
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
