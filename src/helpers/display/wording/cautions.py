"""What a reader must know beside a figure: each caution is printed where it applies, and only there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from helpers.display.wording.levels import level_name
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, Pointer, capital, paragraph
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released
from helpers.release.bands import SIZES

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


def shared_groups(group_of: Mapping[str, str], words: Words) -> Paragraph:
    """Warn where units taken as independent belong to groups that share good and bad years; empty where they do not.

    Parameters
    ----------
    group_of : mapping of unit to group
        Answer of `helpers.datasets.panel_rows.clusters`; a unit of its own is its own group.
    words : Words

    Returns
    -------
    Paragraph
    """
    n_groups = len(set(group_of.values()))
    if n_groups == len(group_of):
        return paragraph()
    return paragraph(
        words.text(
            "These {n_units} units belong to {n_groups} groups, which may share good and bad years.",
            n_units=words.number(len(group_of)),
            n_groups=words.number(n_groups),
        ),
        words.text("The intervals take each unit by itself, and may be too narrow."),
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


def disclosure(
    table: ReleasedTable, words: Words, *, source: str = "", n_units: int = 0, n_hidden: int = 0
) -> Paragraph:
    """Say by which rule figures of units are shown, and how many units below are not.

    Parameters
    ----------
    table : ReleasedTable
    words : Words
    source : str
        Publisher of figures that were public already.
    n_units, n_hidden : int
        Units below at any level, and those of them with a figure that is not shown.

    Returns
    -------
    Paragraph
    """
    require_released(table, "disclosure")
    if table.published:
        if not source:
            return paragraph(words.text("These figures were published by their source."))
        return paragraph(words.text("These figures were published by {source}.", source=source))
    return paragraph(
        confidential(table.min_group, words),
        _not_shown_below(n_units, n_hidden, words) if n_units else "",
        words.text(
            "Where nearly all answered alike, only a limit is given; numbers of answers below {exact_from} are ranges.",
            exact_from=words.number(SIZES[-1]),
        ),
    )


def confidential(min_group: int, words: Words) -> Paragraph:
    """Say by which rule figures of units are shown."""
    rule = words.text(
        "Figures rest on at least {min_group} answers, and none on fewer can be had by subtraction.",
        min_group=words.number(min_group),
    )
    return paragraph(words.text("Confidential."), rule)


def taking_part(
    words: Words,
    *,
    min_group: int | None,
    n_units: int = 0,
    n_hidden: int = 0,
    n_taking: int = 0,
    n_left_out: int = 0,
    together: int = 0,
) -> Paragraph:
    """Say how figures of units that are not shown take part in a result over many units.

    Parameters
    ----------
    words : Words
    min_group : int or None
        Fewest answers; None where the source published the figures.
    n_units, n_hidden, n_taking, n_left_out : int
        Units, those with a figure that is not shown, those of which such a figure takes part, and those of which one is
        left out.
    together : int
        How many units must have such a figure at once for it to take part.

    Returns
    -------
    Paragraph
        Empty for published figures.
    """
    if min_group is None:
        return paragraph()
    enough = words.text(
        "Figures that are not shown take part only where {together} units or more have them at once.",
        together=words.number(together),
    )
    return paragraph(
        confidential(min_group, words),
        _some_hidden(n_units, n_hidden, words),
        enough if n_taking else "",
        _left_out(n_taking, n_left_out, words) if n_left_out else "",
    )


def _some_hidden(n_units: int, n_hidden: int, words: Words) -> Markup:
    if not n_hidden:
        return words.plural(
            "All figures of this unit may be shown, so all take part.",
            "All figures of these units may be shown, so all take part.",
            n_units,
        )
    if n_units == 1:
        return words.text("This unit has figures that are not shown.")
    return words.plural(
        "Of {total} units, {n} has figures that are not shown, and no name is given.",
        "Of {total} units, {n} have figures that are not shown, and no names are given.",
        n_hidden,
        total=words.number(n_units),
    )


def _left_out(n_taking: int, n_left_out: int, words: Words) -> Markup:
    if not n_taking:
        return words.text("Those figures are left out of the result.")
    return words.plural("Of {n} unit such figures are left out.", "Of {n} units such figures are left out.", n_left_out)


def _not_shown_below(n_units: int, n_hidden: int, words: Words) -> Markup:
    if not n_hidden:
        return words.plural(
            "No figure of the unit below is withheld.", "No figure of the {n} units below is withheld.", n_units
        )
    return words.plural(
        "In this period, {n} of {total} units below, at any level, has a figure that is not shown.",
        "In this period, {n} of {total} units below, at any level, have a figure that is not shown.",
        n_hidden,
        total=words.number(n_units),
    )


def not_applicable(reason: str, values: Mapping[str, object], words: Words) -> Paragraph:
    """Say why a method does not apply, from the reason and values of `NotApplicable`; measures go by their names."""
    named = {key: _named(key, value, words) for key, value in values.items()}
    return paragraph(capital(words.text(reason, **named)))


def reason_above(words: Words) -> Pointer:
    """Point to the reason that stands further up, where a method does not apply for that reason too."""
    return Pointer(words.text("This is not known here, for the reason given above."))


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
