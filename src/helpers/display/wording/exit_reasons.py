"""Why people left: the reasons on record, which of them come first, and whether their shares change."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
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
# Reasons named in a sentence.
FIRST = 2


def reason_name(reason: str, words: Words) -> Markup:
    """Name a reason, or a group of reasons, inside a sentence."""
    return words.text(REASONS[reason])


def listed_name(reason: str, words: Words) -> Markup:
    """Name a reason, or a group of reasons, in a list."""
    return capital(reason_name(reason, words))


def first_sentence(shares: pd.DataFrame, words: Words, *, years: Sequence[int]) -> Paragraph:
    """Say which reasons are on record most often, and whether the first is clearly ahead.

    Parameters
    ----------
    shares : DataFrame
        Answer of `helpers.stats.exit_reasons.reason_shares`, the most frequent first.
    words : Words
    years : sequence of int

    Returns
    -------
    Paragraph
    """
    first, *others = shares.to_dict("records")
    found = words.text(
        "From {start} to {end}, the reason for leaving recorded most often was {reason}: {share} ({interval}).",
        start=str(min(years)),
        end=str(max(years)),
        reason=reason_name(first["term"], words),
        share=words.percent(first["estimate"]),
        interval=leveled(share_interval(first, words), words, first["conf_level"]),
    )
    if not others:
        return paragraph(found)
    second = {"reason": reason_name(others[0]["term"], words), "share": words.percent(others[0]["estimate"])}
    if first["ci_low"] > others[0]["ci_high"]:
        return paragraph(found, words.text("It is clearly ahead of {reason} ({share}).", **second))
    return paragraph(found, words.text("Whether it is truly ahead of {reason} ({share}) cannot be told.", **second))


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
    return paragraph(
        words.text(
            "Share of leavers of {name} by reason, {start} to {end}; the intervals hold all at once.",
            name=name,
            start=str(min(years)),
            end=str(max(years)),
        )
    )


def reasons_alt(shares: pd.DataFrame, words: Words) -> Paragraph:
    """Describe the shares of reasons: how many, the first ones and the last."""
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
    return {"reason": reason_name(row["term"], words), "share": words.percent(row["estimate"])}
