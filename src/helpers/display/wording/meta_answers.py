"""Answers of a meta-analysis: does a relation hold in most studies, on average only, or not at all?

A row is one outcome of `stats.meta_study`'s summary; correlations above zero mean better where engagement is higher.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.quartile_answers import Blocks
from helpers.display.wording.verdicts import lead_in, verdict_text
from helpers.display.wording.words import Words

Row = Mapping[str, object]
DECIMALS = 2
ON_AVERAGE = "on_average"
# With fewer studies than these nothing, or little on how they differ, can be told; as in helpers.stats.meta_verdict.
FEWEST_STUDIES = 3
FEW_STUDIES = 10
# A spread of correlations below this is none in the figures shown.
NO_SPREAD = 0.005
FACTS = {
    "zero_excluded": msg("Units higher on {x} do better on {y} on average, and so in most of the {k} studies."),
    "studies_differ": msg(
        "Units higher on {x} do better on {y} on average, but in some of the {k} studies perhaps not."
    ),
    "few_studies": msg("Units higher on {x} do better on {y} on average; {k} studies cannot show whether most agree."),
    "below_smallest": msg("In most of the {k} studies, {x} and {y} hardly go together."),
    "interval_includes_0": msg("Over {k} studies, units higher on {x} may do better or worse on {y}."),
    "wrong_sign": msg("Over {k} studies, units higher on {x} do worse on {y} on average, which was not expected."),
}
# Where all outcomes have one verdict.
ALL_ALIKE = {
    "yes": msg("Each of the {n} outcomes goes with {x} in most studies."),
    ON_AVERAGE: msg("Each of the {n} outcomes goes with {x} on average, but not clearly in most studies."),
    "no": msg("Of the {n} outcomes, none goes with {x} in most studies."),
    "cannot_tell": msg("For none of the {n} outcomes can it be told whether it goes with {x}."),
}
COUNTS = {
    "yes": msg("{n} in most studies"),
    ON_AVERAGE: msg("{n} on average only"),
    "no": msg("{n} hardly"),
    "cannot_tell": msg("for {n} it cannot be told"),
}


def meta_answers(summary: pd.DataFrame, words: Words, *, outcomes: Sequence[str], engagement: str) -> Blocks:
    """Count the verdicts over all outcomes, then answer for those named.

    Parameters
    ----------
    summary : DataFrame
        Of `stats.meta_study`.
    words : Words
    outcomes : sequence of str
        In this order.
    engagement : str

    Returns
    -------
    Blocks
    """
    rows = summary.set_index("outcome", drop=False)
    answers = [
        meta_answer(rows.loc[one].to_dict(), words, engagement=engagement) for one in outcomes if one in rows.index
    ]
    counted = [] if len(summary) < 2 else [meta_tally(summary["verdict"], words, engagement=engagement)]
    return Blocks([*counted, *answers])


def meta_tally(verdicts: Sequence[str], words: Words, *, engagement: str) -> Paragraph:
    """Count on how many outcomes the relation holds in most studies, on average only, or not.

    Parameters
    ----------
    verdicts : sequence of {"yes", "on_average", "no", "cannot_tell"}
    words : Words
    engagement : str

    Returns
    -------
    Paragraph
    """
    verdicts, x = list(verdicts), words.measure(engagement)
    if len(set(verdicts)) == 1:
        return paragraph(words.text(ALL_ALIKE[verdicts[0]], n=words.number(len(verdicts)), x=x))
    counts = {verdict: verdicts.count(verdict) for verdict in COUNTS}
    parts = [words.text(COUNTS[verdict], n=words.number(count)) for verdict, count in counts.items() if count]
    told = {"n": words.number(len(verdicts)), "parts": words.items(parts), "x": x}
    return paragraph(words.text("How the {n} outcomes go with {x}: {parts}.", **told))


def meta_answer(row: Row, words: Words, *, engagement: str) -> Paragraph:
    """Answer for one outcome: the verdict, the mean, and where most true correlations lie.

    Parameters
    ----------
    row : mapping
        See the module.
    words : Words
    engagement : str

    Returns
    -------
    Paragraph
    """
    names = outcome_names(row, words, engagement)
    if row["because"] == "too_few_studies":
        return paragraph(lead_in("cannot_tell", words), *_too_few(row, words, names["y"]))
    fact = words.text(FACTS[row["because"]], k=words.number(row["k"]), **names)
    return paragraph(verdict_lead(row["verdict"], words), fact, mean_sentence(row, words), spread_sentence(row, words))


def verdict_lead(verdict: str, words: Words) -> Markup:
    """Write the verdict as the marked start of an answer; "on average" is one of a meta-analysis only."""
    if verdict != ON_AVERAGE:
        return lead_in(verdict, words)
    return Markup("<strong>{}.</strong>").format(words.text("On average"))


def verdict_name(verdict: str, words: Words) -> Markup:
    """Write the verdict as the cell of a table."""
    return words.text("On average") if verdict == ON_AVERAGE else verdict_text(verdict, words)


def outcome_names(row: Row, words: Words, engagement: str) -> dict[str, Markup]:
    """Name both sides inside a sentence; studies of a table may leave their outcome unnamed."""
    outcome = row["outcome"]
    y = words.measure(outcome, definite=True) if outcome else words.text("the outcome")
    return {"x": words.measure(engagement), "y": y}


def outcome_title(outcome: str, words: Words) -> Markup:
    """Name an outcome at the head of a row."""
    return capital(words.measure(outcome) if outcome else words.text("the outcome"))


def mean_sentence(row: Row, words: Words) -> Markup:
    """Say what the mean correlation is, corrected where it could be, and as observed."""
    observed = r_text(row["mean_r"], words)
    if row["method"] == "none":
        interval = r_interval(row["mean_r_low"], row["mean_r_high"], words, row["conf_level"])
        return words.text("The mean correlation is {r} as observed ({interval}).", r=observed, interval=interval)
    interval = r_interval(row["rho_low"], row["rho_high"], words, row["conf_level"])
    rho = r_text(row["rho"], words)
    return words.text(
        "The mean correlation is {rho} once errors of measurement are taken out ({interval}); as observed it is {r}.",
        rho=rho,
        interval=interval,
        r=observed,
    )


def spread_sentence(row: Row, words: Words) -> Markup:
    """Say where most true correlations lie; nothing of few studies, whose spread is hardly known."""
    if row["k"] < FEW_STUDIES or is_missing(row["cr_low"]):
        return Markup()
    if row["cr_high"] - row["cr_low"] < NO_SPREAD:
        return words.text("Beyond chance, no difference between studies is seen.")
    share, bounds = words.percent(row["cred_level"], 0), r_bounds(row["cr_low"], row["cr_high"], words)
    return words.text(
        "By estimate, {share} of the true correlations lie from {interval}.", share=share, interval=bounds
    )


def r_text(value: float, words: Words) -> str:
    """Write a correlation with two decimals; a minus where it is below zero, no plus."""
    return words.number(value, DECIMALS, fixed=True)


def r_bounds(low: float, high: float, words: Words) -> Markup:
    """Write two correlations as an interval without its level, kept within −1 to 1; corrected ones can exceed it."""
    return words.interval(*(r_text(min(max(bound, -1.0), 1.0), words) for bound in (low, high)))


def r_interval(low: float, high: float, words: Words, conf_level: float) -> Markup:
    """Write the interval of a mean correlation with its level; words where there is none."""
    if is_missing(low) or is_missing(high):
        return words.text("no interval")
    return leveled(r_bounds(low, high, words), words, conf_level)


def _too_few(row: Row, words: Words, y: Markup) -> tuple[Markup, Markup]:
    found = words.plural(
        "There is {n} study of {y}, and {needed} are needed at least.",
        "There are {n} studies of {y}, and {needed} are needed at least.",
        row["k"],
        y=y,
        needed=FEWEST_STUDIES,
    )
    n = words.number(row["n_missing"])
    lost = words.text("Of {n} more no correlation could be taken, as a rule for want of units.", n=n)
    return found, lost if row["n_missing"] else Markup()
