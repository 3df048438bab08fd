"""Why people left: the reasons on record, which of them come first, and whether their shares change."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.scores import value_text
from helpers.display.wording.words import Words

# The closed list of the contract, and the groups of helpers.datasets.leavers.
REASONS = {
    "pay": msg("pay"),
    "career": msg("career"),
    "manager": msg("manager"),
    "work_content": msg("content of the work"),
    "workload": msg("workload"),
    "culture": msg("working culture"),
    "schedule": msg("working hours"),
    "relocation": msg("moving house"),
    "personal": msg("personal circumstances"),
    "end_of_contract": msg("end of contract"),
    "dismissal": msg("dismissal"),
    "retirement": msg("retirement"),
    "other": msg("any other reason"),
    "unknown": msg("no reason recorded"),
    "work": msg("the work, the workload, the manager or the culture"),
    "pay_and_career": msg("pay or career"),
    "private": msg("private life or retirement"),
}
COARSE = "coarse"
# What holds rare reasons together, and those that were never asked, is not a reason that can come first.
UNNAMED = ("other", "unknown")
# Of several years, and of one.
FIRST_OF_ALL = (
    msg("From {start} to {end}, the reason for leaving recorded most often was {reason}: {share}."),
    msg("In {end}, the reason for leaving recorded most often was {reason}: {share}."),
)
FIRST_OF_NAMED = (
    msg("From {start} to {end}, of the reasons told apart this was recorded most often: {reason}, {share}."),
    msg("In {end}, of the reasons told apart this was recorded most often: {reason}, {share}."),
)
# Reasons named in a sentence.
FIRST = 2


def reason_name(reason: str, words: Words) -> Markup:
    """Name a reason, or a group of reasons, inside a sentence."""
    return words.text(REASONS[reason])


def listed_name(reason: str, words: Words) -> Markup:
    """Name a reason, or a group of reasons, in a list."""
    return capital(reason_name(reason, words))


def first_sentence(rows: pd.DataFrame, words: Words, *, years: Sequence[int]) -> Paragraph:
    """Say which reason is on record most often, and whether it is clearly ahead.

    Parameters
    ----------
    rows : DataFrame
        Shares as released, with ``term`` the reason, the most frequent first; not only reasons without a name.
    words : Words
    years : sequence of int

    Returns
    -------
    Paragraph
    """
    first, *others = rows[~rows["term"].isin(UNNAMED)].to_dict("records")
    is_first = rows["term"].iloc[0] == first["term"]
    found = words.text(
        (FIRST_OF_ALL if is_first else FIRST_OF_NAMED)[min(years) == max(years)],
        start=str(min(years)),
        end=str(max(years)),
        reason=reason_name(first["term"], words),
        share=_share(first, words),
    )
    if not others:
        return paragraph(found)
    second = _named(others[0], words)
    if not is_missing(first["ci_low"]) and first["ci_low"] <= others[0]["ci_high"]:
        return paragraph(found, words.text("Whether it is truly ahead of {reason} ({share}) cannot be told.", **second))
    return paragraph(found, words.text("It is clearly ahead of {reason} ({share}).", **second))


def trend_sentence(trends: pd.DataFrame, words: Words) -> Paragraph:
    """Say which shares rose or fell over the years, by intervals that hold all at once.

    Parameters
    ----------
    trends : DataFrame
        Answer of `helpers.stats.exit_reasons.reason_trends`.
    words : Words

    Returns
    -------
    Paragraph
    """
    clear = trends[(trends["ci_low"] > 0) | (trends["ci_high"] < 0)]
    if clear.empty:
        return paragraph(words.text("No reason clearly became more or less frequent over these years."))
    return paragraph(*(_moved(row, words) for row in clear.sort_values("estimate").to_dict("records")))


def limits_sentence(
    words: Words, *, detail: str, silent: Sequence[int], pooled: Sequence[str], corrected: Sequence[int]
) -> Paragraph:
    """Say what is not told of reasons, to protect small groups.

    Parameters
    ----------
    words : Words
    detail : {"fine", "coarse"}
    silent : sequence of int
        Years that are not told.
    pooled : sequence of str
        Reasons that count as other.
    corrected : sequence of int
        Those of the silent years that changed since an earlier report.

    Returns
    -------
    Paragraph
    """
    names = [reason_name(reason, words) for reason in pooled]
    return paragraph(
        words.text("Reasons are told in groups, since single ones would rest on few people.")
        if detail == COARSE
        else "",
        words.text(
            "Too few gave these to show them apart, so they count as other reasons: {reasons}.",
            reasons=words.items(names),
        )
        if names and detail != COARSE
        else "",
        words.plural(
            "{n} year is not shown, to protect small groups.",
            "{n} years are not shown, to protect small groups.",
            len(silent),
        )
        if silent
        else "",
        words.plural(
            "For {n} year the data changed after an earlier report, and the difference could tell of few people.",
            "For {n} years the data changed after an earlier report, and the differences could tell of few people.",
            len(corrected),
        )
        if corrected
        else "",
        words.text("The year of the last date in the data is left out, since it may not be complete."),
    )


def reasons_caption(words: Words, *, name: str, years: Sequence[int]) -> Paragraph:
    """Caption of the shares of reasons."""
    one, several = (
        msg("Share of leavers of {name} by reason, {end}; the intervals hold all at once."),
        msg("Share of leavers of {name} by reason, {start} to {end}; the intervals hold all at once."),
    )
    told = one if min(years) == max(years) else several
    return paragraph(words.text(told, name=name, start=str(min(years)), end=str(max(years))))


def reasons_alt(shares: pd.DataFrame, words: Words) -> Paragraph:
    """Describe the shares of reasons as released: how many, the first ones and the last."""
    rows = shares.to_dict("records")
    named = [words.text("{reason} ({share})", **_named(row, words)) for row in rows[:FIRST]]
    return paragraph(
        words.plural(
            "{n} reason for leaving, by share: {first}.",
            "{n} reasons for leaving, from the most to the least frequent; first {first}, last {last}.",
            len(rows),
            first=words.items(named),
            last=words.text("{reason} ({share})", **_named(rows[-1], words)),
        )
    )


def trends_caption(words: Words) -> Paragraph:
    """Caption of the changes of shares."""
    return paragraph(words.text("Change per year in the share of each reason, in percentage points."))


def trend_quantity(words: Words) -> Markup:
    """Name what the figure of changes shows."""
    return words.text("change per year in the share of leavers, in percentage points")


def named_trends(trends: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Changes of shares in percentage points, with names of reasons, for a figure."""
    rows = trends.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)
    points = {column: 100 * rows[column] for column in ("estimate", "ci_low", "ci_high")}
    return rows.assign(**points, name=[listed_name(reason, words) for reason in rows["term"]])[
        ["term", "name", "estimate", "ci_low", "ci_high", "conf_level"]
    ]


def share_interval(row: dict[str, object], words: Words) -> Markup:
    """Write the interval of a share."""
    return words.interval(words.percent(row["ci_low"]), words.percent(row["ci_high"]))


def _moved(row: dict[str, object], words: Words) -> Markup:
    points = [100 * row[column] for column in ("estimate", "ci_low", "ci_high")]
    size, low, high = (words.signed(value, 2, fixed=True) for value in points)
    values = {"reason": reason_name(row["term"], words), "size": size}
    values["interval"] = leveled(words.interval(low, high), words, row["conf_level"])
    if row["estimate"] > 0:
        return words.text("The share of {reason} rose, by {size} percentage points a year ({interval}).", **values)
    return words.text("The share of {reason} fell, by {size} percentage points a year ({interval}).", **values)


def _named(row: dict[str, object], words: Words) -> dict[str, str]:
    return {"reason": reason_name(row["term"], words), "share": value_text(row, words)}


def _share(row: dict[str, object], words: Words) -> str | Markup:
    """Write a share with its interval, which one in a band does not have."""
    share = value_text(row, words)
    if is_missing(row["ci_low"]):
        return share
    interval = leveled(share_interval(row, words), words, row["conf_level"])
    return words.text("{share} ({interval})", share=share, interval=interval)
