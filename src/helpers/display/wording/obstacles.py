"""Sentences on what gets in the way of employees, beside how far customers recommend."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from helpers.display.wording.amounts import leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.nps_spread import moment_name
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

DECIMALS = 2
FORMS = {
    "higher": msg(
        "In {period}, NPS is higher in units where employees say that less gets in their way: a correlation of {r} "
        "({interval}) over {units}."
    ),
    "lower": msg(
        "In {period}, NPS is lower in units where employees say that less gets in their way: a correlation of {r} "
        "({interval}) over {units}."
    ),
    "unclear": msg(
        "Whether NPS goes together with what gets in the way of employees cannot be told in {period}: a correlation of "
        "{r} ({interval}) over {units}."
    ),
}


def obstacle_sentence(row: Mapping[str, object], words: Words, *, period: str) -> Paragraph:
    """Say whether units with fewer obstacles have a higher score of customers.

    Parameters
    ----------
    row : mapping
        Answer of `helpers.stats.unit_correlation.unit_correlation`, for freedom from obstacles and NPS.
    words : Words
    period : str

    Returns
    -------
    Paragraph
    """
    low, high = row["ci_low"], row["ci_high"]
    if is_missing(low) or is_missing(high):
        return paragraph(words.text("No interval can be given of this correlation."))
    form = "higher" if low > 0 else "lower" if high < 0 else "unclear"
    interval = words.interval(*(words.signed(bound, DECIMALS, fixed=True) for bound in (low, high)))
    told = words.text(
        FORMS[form],
        period=words.period(period),
        r=words.signed(row["estimate"], DECIMALS, fixed=True),
        interval=leveled(interval, words, row["conf_level"]),
        units=words.plural("{n} unit", "{n} units", row["n"]),
    )
    return paragraph(capital(told))


def shown_as(term: str, words: Words) -> Markup:
    """Name a score of customers: of all moments together, or of one."""
    return words.text("All moments together") if term == "nps" else capital(moment_name(term, words))


def correlations_name(words: Words) -> Markup:
    """Name what a chart of correlations shows along its axis."""
    return words.text("correlation of freedom from obstacles with NPS")
