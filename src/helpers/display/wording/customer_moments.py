"""Sentences on the moments of customers: which are preconditions, which make the difference, what each weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.nps_spread import moment_name
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.verdicts import lead_in
from helpers.display.wording.words import Words

# By the ids of helpers.stats.moment_verdict.
KINDS = {
    "precondition": msg("precondition"),
    "delighter": msg("makes the difference"),
    "even": msg("weighs the same both ways"),
    "cannot_tell": msg("cannot tell"),
}
CLAIMS = {
    "precondition": msg("At {moments}, dissatisfaction weighs more than great satisfaction: a precondition."),
    "delighter": msg(
        "At {moments}, great satisfaction weighs more than dissatisfaction: there the difference is made."
    ),
}
AGAINST = {
    "not_told": msg("Dissatisfied and very satisfied customers cannot be compared here at {moments}."),
    "contradicted": msg("What was claimed does not hold of {moments}."),
    "kind_unclear": msg("Whether dissatisfaction or great satisfaction weighs more is not clear at {moments}."),
}
# Which moments of the claim a rule is about.
ABOUT = {"not_told": "missing", "contradicted": "contradicting", "kind_unclear": "unclear"}
# By the ids of helpers.stats.moment_study.
LOOKS = {
    "headline": msg("As above"),
    "pooled": msg("Customers of all units together"),
    "recommend": msg("Answers from 0 to 10"),
    "beside_others": msg("Beside the other moments"),
}
POINTS = "nps"
# A rise at one moment that a reader can picture, in points.
STEP = 10.0


def moments_answer(
    words: Words, *, claimed: Mapping[str, str], verdict: str, because: str, figures: Mapping
) -> Paragraph:
    """Answer whether moments play the part claimed.

    Parameters
    ----------
    words : Words
    claimed : mapping of str to {"precondition", "delighter"}
        Kind claimed of each moment.
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        A rule of `helpers.stats.moment_verdict.moments_verdict`.
    figures : mapping
        Its figures: the moments that it is about.

    Returns
    -------
    Paragraph
    """
    if because in AGAINST:
        named = moments_named(figures[ABOUT[because]], words)
        return paragraph(lead_in(verdict, words), words.text(AGAINST[because], moments=named))
    told = [
        words.text(CLAIMS[kind], moments=moments_named([one for one in claimed if claimed[one] == kind], words))
        for kind in CLAIMS
        if kind in claimed.values()
    ]
    return paragraph(lead_in(verdict, words), *told)


def balance_sentence(parts: Mapping[str, Mapping[str, object]], words: Words, *, moment: str, kind: str) -> Paragraph:
    """Say what dissatisfaction and great satisfaction with one moment go with.

    Parameters
    ----------
    parts : mapping of str to mapping
        Rows ``penalty``, ``reward`` and ``asymmetry`` of `helpers.stats.penalty_reward.penalty_reward`.
    words : Words
    moment : str
    kind : str
        A key of `KINDS`.

    Returns
    -------
    Paragraph
        Empty where there is no estimate.
    """
    row = parts["asymmetry"]
    if is_missing(row["ci_low"]) or is_missing(row["ci_high"]):
        return paragraph()
    interval = words.interval(*(words.points(row[bound], signed=True) for bound in ("ci_low", "ci_high")))
    told = words.text(
        "At {moment}, NPS differs by {low} for the dissatisfied and by {high} for the very satisfied from that of "
        "customers in the middle. The balance is {balance} ({interval}): {kind}.",
        moment=moment_name(moment, words),
        low=amount_text(-parts["penalty"]["estimate"], words, POINTS, signed=True),
        high=words.points(parts["reward"]["estimate"], signed=True),
        balance=words.points(row["estimate"], signed=True),
        interval=leveled(interval, words, row["conf_level"]),
        kind=words.text(KINDS[kind]),
    )
    return paragraph(told)


def balances_name(words: Words) -> Markup:
    """Name what a chart of moments shows along its axis."""
    return words.text("reward minus penalty, in points of NPS")


def kinds_alt(kinds: pd.DataFrame, words: Words, *, balances: Mapping[str, float]) -> Paragraph:
    """Describe what kind each moment is, and its balance.

    Parameters
    ----------
    kinds : DataFrame
        Answer of `helpers.stats.moment_verdict.moment_kinds`.
    words : Words
    balances : mapping of str to float
        Reward minus penalty of each moment, in points.

    Returns
    -------
    Paragraph
    """
    named = {
        one: Markup("{} ({})").format(moment_name(one, words), words.points(balance, signed=True))
        for one, balance in balances.items()
        if not is_missing(balance)
    }
    told = [
        words.text(
            "{kind}: {moments}.",
            kind=capital(words.text(name)),
            moments=words.items([named.get(one, moment_name(one, words)) for one in own]),
        )
        for kind, name in KINDS.items()
        if (own := kinds.loc[kinds["kind"] == kind, "moment"].tolist())
    ]
    return paragraph(words.text("What weighs more, dissatisfaction or great satisfaction, by moment."), *told)


def kinds_caption(words: Words, *, name: str, period: str) -> Paragraph:
    """Caption of penalties and rewards of one unit."""
    values = {"name": name, "period": words.period(period)}
    return paragraph(
        words.text("{name} in {period}: NPS of customers beside those in the middle, in points, by moment.", **values)
    )


def looks_caption(words: Words) -> Paragraph:
    """Caption of the kinds of moments by other looks."""
    return paragraph(words.text("What each moment is, by several ways of looking."))


def moments_named(moments: Sequence[str], words: Words) -> Markup:
    """List moments inside a sentence."""
    return words.items([moment_name(one, words) for one in moments])


def weight_sentence(pulls: pd.DataFrame, words: Words) -> Paragraph:
    """Say which moment weighs most in the score of the whole.

    Parameters
    ----------
    pulls : DataFrame
        Answer of `helpers.stats.moment_pull.moment_pulls`.
    words : Words

    Returns
    -------
    Paragraph
    """
    most = pulls["share"].max()
    rows = pulls[[words.percent(share) == words.percent(most) for share in pulls["share"]]]
    return paragraph(
        words.plural(
            "The largest share of answers, {share}, is given at {moments}: {step} there are {points} in the whole.",
            "The largest shares of answers, {share} each, are given at {moments}: {step} at one of them are {points} "
            "in the whole.",
            len(rows),
            share=words.percent(most),
            moments=moments_named(rows["moment"].tolist(), words),
            step=amount_text(STEP, words, POINTS),
            points=amount_text(STEP * most, words, POINTS, decimals=1),
        )
    )


def pull_sentences(pulls: pd.DataFrame, words: Words) -> Paragraph:
    """Say which moments pull the score of the whole down, and which up, where intervals are clear of zero.

    None is called the one that pulls most: no interval tells two moments apart.

    Parameters
    ----------
    pulls : DataFrame
        Answer of `helpers.stats.moment_pull.moment_pulls`.
    words : Words

    Returns
    -------
    Paragraph
    """
    rows = pulls.sort_values("estimate")
    told = [
        words.text(
            "The whole is pulled down by {moment}: without those answers NPS would be {points} higher ({interval}).",
            **_pull(row, words, -1),
        )
        for _, row in rows[rows["ci_high"] < 0].iterrows()
    ]
    told += [
        words.text(
            "The whole is pulled up by {moment}: without those answers NPS would be {points} lower ({interval}).",
            **_pull(row, words, 1),
        )
        for _, row in rows[rows["ci_low"] > 0][::-1].iterrows()
    ]
    return paragraph(*(told or [words.text("No moment clearly pulls the whole up or down.")]))


def pulls_name(words: Words) -> Markup:
    """Name what a chart of pulls shows along its axis."""
    return words.text("NPS minus NPS without this moment, in points")


def _pull(row: pd.Series, words: Words, sign: int) -> dict[str, object]:
    bounds = sorted(sign * row[bound] for bound in ("ci_low", "ci_high"))
    interval = words.interval(*(words.number(bound, 1, fixed=True) for bound in bounds))
    return {
        "moment": moment_name(str(row["moment"]), words),
        "points": amount_text(row["estimate"], words, POINTS, decimals=1),
        "interval": leveled(interval, words, row["conf_level"]),
    }
