"""Sentences on the reasons that customers give: which one comes first among promoters and among detractors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
from markupsafe import Markup, escape

from helpers.display.wording.amounts import amount_text, figure_text, leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.nps_spread import CLASSES
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph, plain, without_controls
from helpers.display.wording.scores import value_text
from helpers.display.wording.verdicts import because_text, lead_in, verdict_text
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

# By the ids of helpers.datasets.reasons and, for those taken together, helpers.stats.reason_shares.
REASONS = {
    "employees": msg("employees"),
    "product": msg("product"),
    "ease": msg("ease"),
    "price": msg("price"),
    "speed": msg("speed"),
    "waiting": msg("waiting"),
    "rest": msg("other reasons"),
}
FACTS = {
    "zero_excluded": msg("The reason named most is “{reason}”, by promoters and by detractors alike."),
    "another_first": msg("Among {groups}, another reason is clearly named more often than “{reason}”."),
    "interval_includes_0": msg(
        "Whether “{reason}” is named more often than every other reason is not clear among {groups}."
    ),
    "pooled_first": msg(
        "The reason “{reason}” is named more often than every other one shown. Whether one of the other reasons, here "
        "taken together, comes before it cannot be told."
    ),
    "not_told": msg("The reason “{reason}” is not among those that can be shown of both promoters and detractors."),
}
LEADS = {
    True: msg(
        "Of {group} who gave a reason, {share} name “{reason}” and {next} “{other}”, the next one in these answers. "
        "That is {gap} more ({interval})."
    ),
    False: msg(
        "Of {group} who gave a reason, {share} name “{reason}” and {next} “{other}”, the largest other one in these "
        "answers. That is {gap} less ({interval})."
    ),
}
# More would be a list to search and no description.
MOST_NAMED = 8
AGAIN = {
    "same": msg(
        "Sorted by whether the reason pleased or displeased, passives included, the answer is the same: {verdict}."
    ),
    "other": msg(
        "Sorted by whether the reason pleased or displeased, passives included, the answer differs: {verdict}."
    ),
}


def reason_name(reason: str, words: Words) -> Markup:
    """Name a reason of customers; one that is not listed keeps the name that the dataset gives it."""
    return words.text(REASONS[reason]) if reason in REASONS else escape(without_controls(reason))


def reason_names(words: Words) -> Callable[[str], str]:
    """Give a function that names reasons in the language of a page, as plain text."""
    return lambda reason: plain(reason_name(reason, words))


def reason_answer(words: Words, *, reason: str, verdict: str, because: str, groups: Sequence[str] = ()) -> Paragraph:
    """Answer whether a reason comes first among promoters and among detractors.

    Parameters
    ----------
    words : Words
    reason : str
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        A rule of `helpers.stats.reason_verdict`.
    groups : sequence of str
        Those that the rule is about.

    Returns
    -------
    Paragraph
    """
    if because not in FACTS:
        return paragraph(lead_in(verdict, words), because_text(because, words))
    named = words.items([words.text(CLASSES[group]) for group in groups])
    return paragraph(
        lead_in(verdict, words), words.text(FACTS[because], reason=reason_name(reason, words), groups=named)
    )


def lead_sentence(gap: Mapping[str, object], shares: pd.DataFrame, words: Words, *, reason: str) -> Paragraph:
    """Say how far a reason lies before, or behind, the largest other one in one group.

    Parameters
    ----------
    gap : mapping
        A row of `helpers.stats.reason_verdict.smallest_leads`.
    shares : DataFrame
        ``table`` of `helpers.stats.reason_shares.ReasonShares`.
    words : Words
    reason : str

    Returns
    -------
    Paragraph
        Empty where the difference has no interval.
    """
    if is_missing(gap["ci_low"]) or is_missing(gap["ci_high"]):
        return paragraph()
    own = shares[shares["group"] == gap["group"]].set_index("reason")["estimate"]
    bounds = words.interval(*(figure_text(gap[bound], words, "rate", signed=True) for bound in ("ci_low", "ci_high")))
    told = words.text(
        LEADS[bool(gap["estimate"] >= 0)],
        group=words.text(CLASSES[str(gap["group"])]),
        share=words.percent(own[reason]),
        reason=reason_name(reason, words),
        next=words.percent(own[gap["other"]]),
        other=reason_name(str(gap["other"]), words),
        gap=amount_text(gap["estimate"], words, "rate"),
        interval=leveled(bounds, words, gap.get("conf_level")),
    )
    return paragraph(told)


def again_sentence(words: Words, *, verdict: str, first: str) -> Paragraph:
    """Say whether another way of sorting reasons gives the same verdict.

    Parameters
    ----------
    words : Words
    verdict, first : {"yes", "no", "cannot_tell"}
        Of this way, and of the first one.

    Returns
    -------
    Paragraph
    """
    form = AGAIN["same" if verdict == first else "other"]
    said = plain(verdict_text(verdict, words))
    return paragraph(words.text(form, verdict=said[:1].lower() + said[1:]))


def pooled_sentence(table: ReleasedTable, words: Words) -> Paragraph:
    """Say that reasons which few gave are taken together; empty where none are."""
    frame = require_released(table, "pooled_sentence")
    if table.published or "rest" not in set(frame["unit_id"]):
        return paragraph()
    return paragraph(
        words.text(
            "Reasons that few people gave, and those noted as “other”, are taken together to protect small groups."
        )
    )


def reasons_alt(table: ReleasedTable, words: Words) -> Paragraph:
    """Describe the reasons of one group: each with its share, the largest first."""
    frame = require_released(table, "reasons_alt")
    shown = frame[frame["released"]].sort_values("estimate", ascending=False, kind="stable").head(MOST_NAMED)
    told = [
        Markup("{} ({})").format(reason_name(str(row["unit_id"]), words), value_text(row, words))
        for row in shown.to_dict("records")
    ]
    group = words.text(CLASSES[str(frame["measure"].iloc[0])])
    return paragraph(
        words.text("Reasons of {group}, largest first: {reasons}.", group=group, reasons=words.items(told))
    )


def reasons_caption(words: Words, *, group: str, name: str, period: str) -> Paragraph:
    """Caption of the reasons of one group of one unit."""
    values = {"group": words.text(CLASSES[group]), "name": name, "period": words.period(period)}
    return paragraph(words.text("Reasons of {group} of {name} in {period}, as shares of those who gave one.", **values))
