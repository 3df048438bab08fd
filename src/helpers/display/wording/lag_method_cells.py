"""Cells of the table of methods: what each is called, assumes, says of a lag claimed, and beside the headline.

Ids are those of `helpers.stats.lag_methods` and `helpers.stats.claim_answers`; a row is one of its ``answers``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.cautions import not_applicable
from helpers.display.wording.effects import Claim, Row, effect_text
from helpers.display.wording.lag_robustness import share_text
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import capital
from helpers.display.wording.words import Words

HEADLINE = "headline"
NAMES = {
    HEADLINE: msg("Headline model"),
    "search": msg("Search over all lags"),
    "projections": msg("Local projection"),
    "granger": msg("Granger test of each unit"),
    "one_step": msg("Difference GMM"),
    "two_step": msg("Difference GMM in two steps"),
    "half_panel": msg("Half-panel jackknife"),
    "cross_lagged": msg("Cross-lagged model"),
    "corrected": msg("Corrected for sampling error"),
    "response_rate": msg("Response rate beside it"),
    "redesign": msg("New questionnaire kept apart"),
    "curve": msg("All combinations of choices"),
}
ASSUMES = {
    HEADLINE: msg("Differences between units last, periods touch all alike, and {y} does not move {x} later"),
    "search": msg("The same; its interval is wider because every lag was looked at"),
    "projections": msg("{y} follows its own past; asks for the whole course after a rise, with what {x} does later"),
    "granger": msg("Each unit follows its own past by lasting rules; asks for any lag, unit and side"),
    "one_step": msg(
        "{y} follows its own past and may move {x} later, not at once; old levels are no part of new shocks"
    ),
    "two_step": msg("The same, and many more units than instruments"),
    "half_panel": msg("{y} follows its own past and may move {x} later, not at once; both halves go by the same rules"),
    "cross_lagged": msg("Both follow their own past by lasting rules, and levels of units are lasting"),
    "corrected": msg("As the headline; sampling errors of {x} are known, and others answer for {y}"),
    "response_rate": msg("As the headline, and response shifts scores along a straight line"),
    "redesign": msg("As the headline, and a new questionnaire shifts all later scores of a unit alike"),
    "curve": msg("Units could have had each other's history of {x}"),
}
ANSWERS = {
    "yes": msg("Yes"),
    "no": msg("No"),
    "cannot_tell": msg("Cannot tell"),
    "opposite": msg("The opposite"),
}
SOME_UNIT = msg("In some unit, at some lag")
BESIDE = {
    "same": msg("The same answer"),
    "other_size": msg("The same answer at another size"),
    "unsure": msg("Cannot tell; the headline's effect is possible"),
    "decides": msg("An answer where the headline cannot tell"),
    "other": msg("Another answer"),
    "neighbour": msg("A neighbouring question, not compared"),
    "no_headline": msg("There is no headline to compare with"),
}
DOUBTS = {
    "too_many_instruments": msg("Not counted: it has as many instruments as units, or more"),
    "instruments_refused": msg("Not counted: its instruments fail Hansen's test"),
    "errors_linked": msg("Not counted: its errors hang together over two periods"),
    "untested": msg("Not counted: too few periods to test its instruments"),
    "poor_fit": msg("Not counted: the model as a whole does not fit"),
}
# With fewer degrees of freedom no method tells anything, as in `helpers.stats.verdicts`.
LEAST_DF = 4.0


def method_name(method: str, words: Words) -> Markup:
    """Name a method, as a title."""
    return words.text(NAMES[method])


def method_names(answers: pd.DataFrame, headline: Row, words: Words) -> pd.DataFrame:
    """Headline and methods with an interval, named, for a figure.

    Parameters
    ----------
    answers : DataFrame
        See the module.
    headline : mapping
        Row at the lag claimed.
    words : Words

    Returns
    -------
    DataFrame
        ``name``, ``term`` (the method) and the figures of a row.
    """
    shown = answers[answers["ci_low"].notna()]
    shown = shown.assign(term=shown["method"])
    first = pd.DataFrame([dict(headline) | {"term": HEADLINE}])
    columns = [column for column in shown if column in first] + ["n_clusters"] * ("n_clusters" not in shown)
    rows = pd.concat([first[columns], shown[columns]], ignore_index=True)
    names = [method_name(HEADLINE, words), *(_marked(row, words) for row in shown.to_dict("records"))]
    return rows.assign(name=names)


def _marked(row: Row, words: Words) -> Markup:
    name = method_name(row["method"], words)
    if row["doubt"]:
        return words.text("{method} (not counted)", method=name)
    return words.text("{method} (another question)", method=name) if row["beside"] == "neighbour" else name


def assumption_text(method: str, words: Words, claim: Claim) -> Markup:
    """Say in a cell what a method assumes."""
    return capital(words.text(ASSUMES[method], **sides(words, claim)))


def says_text(row: Row, words: Words, claim: Claim) -> Markup:
    """Say in a cell what a method finds: its answer, the effect, how sure."""
    if row.get("reason"):
        return Markup("{}").format(not_applicable(row["reason"], row["reason_values"], words))
    answer = words.text(ANSWERS[row["answer"]])
    if not is_missing(row["ci_low"]):
        if has_too_few(row):
            answer = words.text("{answer}, too few groups", answer=answer)
        effect, interval = effect_text(row, words, claim, level=False)
        return words.text("{answer}: {effect} ({interval})", answer=answer, effect=effect, interval=interval)
    if is_missing(row["p_value"]):
        return answer
    share = share_text(row["p_value"], words)
    if is_missing(row["estimate_sd"]):
        found = words.text(SOME_UNIT) if row["answer"] == "yes" else answer
        return words.text("{answer}; as far by chance in {share} of cases", answer=found, share=share)
    effect, _ = effect_text(with_bounds(row), words, claim)
    return words.text(
        "{answer}: {effect}; as far by chance in {share} of cases", answer=answer, effect=effect, share=share
    )


def beside_text(row: Row, words: Words) -> Markup:
    """Say in a cell how a method stands beside the headline, or why it is not counted."""
    if row.get("reason"):
        return words.text("Does not apply")
    if row["beside"] == "unsure" and is_missing(row["ci_low"]) and not row["doubt"]:
        return words.text(ANSWERS["cannot_tell"])
    return words.text(DOUBTS[row["doubt"]] if row["doubt"] else BESIDE[row["beside"]])


def has_too_few(row: Row) -> bool:
    """Whether an effect rests on too few independent groups."""
    return row.get("df", LEAST_DF) < LEAST_DF


def with_bounds(row: Row) -> Row:
    """The row, with bounds where a test has none, so that its effect can be written."""
    if not is_missing(row["ci_low"]):
        return row
    return dict(row) | dict.fromkeys(("ci_low", "ci_high", "ci_low_sd", "ci_high_sd"), 0.0)


def sides(words: Words, claim: Claim) -> Mapping[str, Markup]:
    """Names of x and y inside a sentence."""
    names = claim.names(words)
    return {"x": names["x"], "y": names["y"]}
