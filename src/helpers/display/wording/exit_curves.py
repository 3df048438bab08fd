"""How long people stay in units of the top and of the bottom quarter: sentences, alternative text, caption."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

QUARTERS = {"top": msg("most engaged quarter of units"), "bottom": msg("least engaged quarter of units")}
# At the head of a column, where a long title would push the figures out of sight.
TITLES = {"top": msg("Most engaged quarter"), "bottom": msg("Least engaged quarter")}
STILL_THERE = {
    "top": msg("In the most engaged quarter of units, {figure} would still be there after {time}."),
    "bottom": msg("In the least engaged quarter, {figure} would still be there after {time}."),
}
# A time that readers can picture.
TOLD = 3.0


def curve_sentences(curves: pd.DataFrame, words: Words) -> Paragraph:
    """Say how many would still be there after some years, and at the end, in each quarter.

    Parameters
    ----------
    curves : DataFrame
        Answer of `helpers.stats.exit_curves.quarter_curves`.
    words : Words

    Returns
    -------
    Paragraph
    """
    times = curves["time"].unique()
    time = times[abs(times[1:] - TOLD).argmin() + 1]
    start = times[0]
    # The chart may part, or close, long after the time that readers can picture.
    told = dict.fromkeys([time, times[-1]])
    found = [_share(curves, time, quarter, words) for time in told for quarter in QUARTERS]
    begin = msg("The lines begin {start} into an employment, with whoever is there by then as 100%.")
    first = words.text(begin, start=years_text(start, words)) if start else ""
    return paragraph(first, *found)


def curves_alt(curves: pd.DataFrame, words: Words) -> Paragraph:
    """Describe the two curves: where each ends."""
    last = curves["time"].max()
    return paragraph(
        words.text(
            "Two falling lines, by years employed: the share still there in the most and in the least engaged quarter "
            "of units."
        ),
        *(_share(curves, last, quarter, words) for quarter in QUARTERS),
    )


def curves_caption(words: Words, *, x: str) -> Paragraph:
    """Caption of the figures: the share still there by length of employment."""
    return paragraph(
        words.text(
            "Share still there, by years employed and by {x} of the unit in the wave before.", x=words.measure(x)
        )
    )


def years_text(years: float, words: Words) -> Markup:
    """Write a length of employment: ``half a year`` is 0.5 years."""
    return words.plural("{n} year", "{n} years", years)


def interval_text(row: dict[str, object], words: Words) -> Markup:
    """Write the interval of a share; empty where there is none."""
    if is_missing(row["ci_low"]):
        return Markup()
    return words.interval(words.percent(row["ci_low"]), words.percent(row["ci_high"]))


def share_text(row: dict[str, object], words: Words) -> Markup:
    """Write a share still there, with its interval in brackets where there is one."""
    interval, share = interval_text(row, words), words.percent(row["estimate"])
    return Markup("{} ({})").format(share, interval) if interval else Markup(share)


def _share(curves: pd.DataFrame, time: float, quarter: str, words: Words) -> Markup:
    row = curves[(curves["quarter"] == quarter) & (curves["time"] == time)].iloc[0].to_dict()
    interval = interval_text(row, words)
    share = words.percent(row["estimate"])
    figure = Markup("{} ({})").format(share, leveled(interval, words, row["conf_level"])) if interval else share
    return words.text(STILL_THERE[quarter], figure=figure, time=years_text(time, words))
