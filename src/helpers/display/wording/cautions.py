"""What a reader must know beside a figure: each caution is printed where it applies, and only there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpers.display.wording.levels import level_name
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

# Below this number of independent groups an interval is itself uncertain; sandwich errors are known to be too small.
FEW_CLUSTERS = 40
# With fewer, the estimators give no interval at all.
LEAST_CLUSTERS = 5
# The values of `NotApplicable` that hold ids of measures.
MEASURE_KEYS = ("x", "y", "measures", "engagement", "column", "columns")
PERIOD_KEYS = ("period", "earlier")
_LAG = re.compile(r"_(lag|lead)\d+$")
CAUTIONS = {
    "association": msg("Going together is no proof of cause and effect."),
    "units": msg("Figures about units say nothing about individual people."),
    "synthetic": msg("SYNTHETIC: this organisation does not exist, and its figures are made up."),
    "rounded": msg("Figures are rounded and may not add up."),
    "confidential": msg("Confidential. Not for judging individuals."),
}


def caution(name: str, words: Words) -> Paragraph:
    """Give a caution that needs no figures.

    Parameters
    ----------
    name : str
        A key of `CAUTIONS`.
    words : Words

    Returns
    -------
    Paragraph

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if name not in CAUTIONS:
        raise ValueError(f"name must be one of {', '.join(CAUTIONS)}; found {name!r}.")
    return paragraph(words.text(CAUTIONS[name]))


def other_firms(publisher: str, words: Words) -> Paragraph:
    """Say that figures found elsewhere are for comparing, not for reckoning."""
    return paragraph(
        words.text(
            "The figures of {publisher} come from other organisations; do not multiply them with amounts of this one.",
            publisher=publisher,
        )
    )


def few_clusters(n: float, words: Words) -> Paragraph:
    """Warn that an estimate rests on few independent groups; empty when there are enough or their number is unknown."""
    if is_missing(n) or n == 0 or n >= FEW_CLUSTERS:
        return paragraph()
    if n < LEAST_CLUSTERS:
        return paragraph(
            words.plural(
                "There is only one independent group, too few for an interval.",
                "There are only {n} independent groups, too few for an interval.",
                n,
            )
        )
    return paragraph(
        words.text("With only {n} independent groups, the bounds of an interval are approximate.", n=words.number(n))
    )


def disclosure(table: ReleasedTable, words: Words, *, source: str = "") -> Paragraph:
    """Say by which rule figures of units are shown, and how many are not.

    Parameters
    ----------
    table : ReleasedTable
    words : Words
    source : str
        Publisher of figures that were public already.

    Returns
    -------
    Paragraph
    """
    require_released(table, "disclosure")
    if table.published:
        if not source:
            return paragraph(words.text("These figures were published by their source."))
        return paragraph(words.text("These figures were published by {source}.", source=source))
    rule = words.text(
        "Confidential: figures based on fewer than {min_group} answers are not shown.",
        min_group=words.number(table.min_group),
    )
    if not table.n_hidden:
        return paragraph(rule)
    n_hidden = words.plural("That hides {n} figure here.", "That hides {n} figures here.", table.n_hidden)
    return paragraph(rule, n_hidden)


def not_applicable(reason: str, values: Mapping[str, object], words: Words) -> Paragraph:
    """Say why a method does not apply, from the reason and values of `NotApplicable`; measures go by their names."""
    named = {key: _named(key, value, words) for key, value in values.items()}
    return paragraph(capital(words.text(reason, **named)))


def _named(key: str, value: object, words: Words) -> object:
    """Measures come by their ids, several of them with commas between; one of many lags is named once."""
    if key in PERIOD_KEYS:
        return words.period(str(value))
    if key == "level":
        return level_name(str(value), words)
    if key not in MEASURE_KEYS:
        return words.number(value) if isinstance(value, int | float) else value
    named = dict.fromkeys(_LAG.sub("", measure) for measure in str(value).split(", "))
    return words.items([words.measure(measure, definite=True) for measure in named])
