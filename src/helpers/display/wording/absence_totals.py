"""How much absence a unit had: spells, and days where they may be told."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words


def total_sentences(total: Mapping[str, object], words: Words) -> Paragraph:
    """Say how often and how long people of a unit were absent.

    Parameters
    ----------
    total : mapping
        Answer of `helpers.datasets.absence_totals.absence_total`.
    words : Words

    Returns
    -------
    Paragraph
    """
    spells = words.plural(
        "In {period}, people of {name} were absent {n} time each on average.",
        "In {period}, people of {name} were absent {n} times each on average.",
        round(total["spells_per_person"], 2),
        period=words.period(total["period"]),
        name=total["name"],
    )
    if total["days"] == "told":
        days = words.text(
            "A spell lasted {per_spell} days on average, which makes {per_person} days per person.",
            per_spell=words.number(total["days_per_spell"], 1, fixed=True),
            per_person=words.number(total["days_per_person"], 1, fixed=True),
        )
    elif total["days"] == "not_known":
        days = words.text("How many days they were absent is not known.")
    elif total["days"] == "corrected":
        days = words.text(
            "Days of absence are not shown: the data changed after an earlier report, and the difference could tell of "
            "few people."
        )
    else:
        days = words.text("Days of absence are not shown, to protect small groups.")
    return paragraph(spells, days)


def definition_sentence(words: Words) -> Paragraph:
    """Say how the figures here differ from absence and staff turnover elsewhere in the collection."""
    return paragraph(
        words.text(
            "Elsewhere in this collection {absence} and {turnover} are figures that came with the data, per unit and "
            "period.",
            absence=words.measure("absence"),
            turnover=words.measure("turnover"),
        ),
        words.text(
            "Here single spells and leavers are counted, over all periods together and without contracts that ran "
            "out, so rates may differ from those."
        ),
    )
