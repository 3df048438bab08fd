"""Sentences about levels: the smallest change that shows, the level under a score, and levels published elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

import pandas as pd
from markupsafe import Markup, escape

from helpers.display.wording.amounts import ROUNDING, amount_text, clipped, figure_text, kind_of, leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph, without_controls
from helpers.display.wording.scores import side_of, value_text
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

# From this reliability on, chance pulls a score too little to speak of.
HARDLY_PULLED = 0.9
LEVELS = {
    "pulled": msg(
        "In this wave {measure} is {score}. The level underneath is put at {level} ({interval}): by chance, scores of "
        "few people stray from the mean of their kind ({mean})."
    ),
    "kept": msg("The level underneath {measure} is put at {level} ({interval}), hardly off the score of {score}."),
    "alike": msg(
        "In {measure} the {n} units compared differ no more than chance would make them; each is best put at {mean}."
    ),
    "hidden": msg("No level underneath {measure} is given here, since the score is not told exactly."),
    "below": msg(
        "Of what sets the {n} units directly below apart in {measure}, {share} on average is more than chance."
    ),
}
# What stands in data/published, as readers meet it; others keep the name they have there.
PUBLISHED = {
    "Srprs.me": msg("Srprs.me, a Dutch travel firm"),
    "good above (Bain)": msg("good from here, by Bain"),
    "favourable above (Bain)": msg("favourable from here, by Bain"),
    "excellent above (Bain)": msg("excellent from here, by Bain"),
    "world class above (Bain)": msg("world class from here, by Bain"),
    "mean of a vendor data base of 150,000 organisations": msg("mean of a vendor's 150,000 organisations"),
    "lower quartile of a vendor data base of 150,000 organisations": msg("lower quartile of a vendor's organisations"),
    "median of a vendor data base of 150,000 organisations": msg("median of a vendor's 150,000 organisations"),
    "upper quartile of a vendor data base of 150,000 organisations": msg("upper quartile of a vendor's organisations"),
    "good from": msg("good from here, a rule of thumb"),
    "good to": msg("good up to here, a rule of thumb"),
    "excellent from": msg("excellent from here, a rule of thumb"),
    "usual range from": msg("usual from here, a rule of thumb"),
    "usual range to": msg("usual up to here, a rule of thumb"),
    "vendor average, all industries": msg("average of a vendor, all industries"),
    "Netherlands (Integron)": msg("the Netherlands, by Integron"),
    "company A (about 6,000 employees)": msg("a firm of about 6,000 employees, by Sedlak"),
    "company B (about 100 employees)": msg("a firm of about 100 employees, by Sedlak"),
    "company C (about 400 employees)": msg("a firm of about 400 employees, by Sedlak"),
}
BESIDE = {
    "above": msg("{measure} here ({value}) is clearly above {n} of {total} published levels and rules of thumb."),
    "none": msg("{measure} here ({value}) is clearly above none of {total} published levels and rules of thumb."),
    "bare": msg("{measure} here is {value}; whether that is above other levels cannot be told without an interval."),
}
ONE = {
    "above": msg("It is clearly above {name} ({level})."),
    "below": msg("It is clearly below {name} ({level})."),
    "": msg("It is not clearly above or below {name} ({level})."),
}
ELSEWHERE = msg(
    "Other firms ask other people in other ways: such levels are for comparing, and no targets. Most were not read at "
    "their source."
)


def smallest_sentence(seen: Mapping[str, object], words: Words, *, exact: bool) -> Paragraph:
    """Say how large a true change must be for a unit of this size to show it.

    Parameters
    ----------
    seen : mapping
        ``measure``, ``n``, ``n_previous``, ``smallest`` (points), ``power``.
    words : Words
    exact : bool
        Whether numbers of answers were published.

    Returns
    -------
    Paragraph
    """
    values = {"amount": smallest_text(seen["smallest"], words), "chance": words.percent(seen["power"])}
    values |= {"measure": words.measure(str(seen["measure"]), definite=True)}
    values |= {"now": words.answers(seen["n"], exact=exact), "before": words.count(seen["n_previous"], exact=exact)}
    return paragraph(
        words.text(
            "With {now} now and {before} before, a true change of {amount} in {measure} would be found in {chance} of "
            "cases.",
            **values,
        )
    )


def smallest_text(smallest: float, words: Words) -> Markup:
    """Write the smallest change in whole points, rounded up: a smaller one would be found less often."""
    return amount_text(ceil(smallest - ROUNDING), words, "nps")


def sizes_caption(words: Words, *, power: float) -> Paragraph:
    """Caption of the smallest changes by size."""
    chance = words.percent(power)
    told = words.text("Smallest change that is found in {chance} of cases, by answers.", chance=chance)
    alike = words.text(
        "Answers count as independent here; where people of one unit answer alike, more answers are needed."
    )
    return paragraph(told, alike)


def level_sentence(levels: pd.DataFrame, words: Words, *, unit_id: str, measure: str) -> Paragraph:
    """Tell this team now from the level underneath; for the whole, how much of the differences below will last.

    Parameters
    ----------
    levels : DataFrame
        ``unit_id``, ``estimate``, ``level``, ``level_low``, ``level_high``, ``reliability``, ``mean``, ``tau``,
        ``n_units``, ``conf_level``, ``measure``, ``kind`` (of the score), ``is_below``
        (units directly below, for a unit without peers).
    words : Words
    unit_id, measure : str

    Returns
    -------
    Paragraph
    """
    own, first = levels[levels["unit_id"] == unit_id], levels.iloc[0].to_dict()
    values = {"measure": words.measure(measure, definite=True), "n": words.number(first["n_units"])}
    values["mean"] = _figure(first["mean"], first, words)
    if first["tau"] == 0:
        return paragraph(capital(words.text(LEVELS["alike"], **values)))
    if own.empty and first["is_below"]:
        share = words.percent(levels["reliability"].mean())
        return paragraph(capital(words.text(LEVELS["below"], share=share, **values)))
    if own.empty or is_missing(own["level"].iloc[0]):
        return paragraph(capital(words.text(LEVELS["hidden"], **values)))
    row = own.iloc[0].to_dict()
    bounds = words.interval(
        *(_figure(end, row, words) for end in clipped(row["level_low"], row["level_high"], kind_of(row)))
    )
    values |= {"score": _figure(row["estimate"], row, words), "level": _figure(row["level"], row, words)}
    values["interval"] = leveled(bounds, words, row["conf_level"])
    return paragraph(words.text(LEVELS["kept" if row["reliability"] >= HARDLY_PULLED else "pulled"], **values))


def _figure(value: float, row: Mapping[str, object], words: Words) -> str:
    return figure_text(value, words, kind_of(row), like=row["estimate"])


def published_name(item: str, words: Words) -> Markup:
    """Name a published level; one that is not listed keeps its name, marked as English."""
    if item in PUBLISHED:
        return words.text(PUBLISHED[item])
    name = escape(without_controls(item))
    return name if words.language == "en" else Markup('<span lang="en">{}</span>').format(name)


def published_sentence(
    table: ReleasedTable,
    published: pd.DataFrame,
    words: Words,
    *,
    unit_id: str,
    measure: str,
    period: str,
    one: str = "",
) -> Paragraph:
    """Say above how many published levels a score lies, and where it lies beside one of them.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``estimate``, ``ci_low``, ``ci_high``.
    published : DataFrame
        ``item``, ``value`` in points.
    words : Words
    unit_id, measure, period : str
    one : str, optional
        Item told by itself.

    Returns
    -------
    Paragraph
        Says so where the score may not be shown.
    """
    frame = require_released(table, "published_sentence")
    rows = frame[(frame["unit_id"] == unit_id) & (frame["measure"] == measure) & (frame["period"] == period)]
    name = words.measure(measure, definite=True)
    if rows.empty or not rows["released"].all() or rows["estimate"].isna().any():
        return paragraph(capital(words.text("{measure} is not shown, to protect small groups.", measure=name)))
    row = rows.iloc[0].to_dict()
    sides = [side_of(row, {"estimate": value}) for value in published["value"]]
    form = "bare" if is_missing(row.get("ci_low")) else "above" if "above" in sides else "none"
    values = {"measure": name, "value": value_text(row, words), "total": words.number(len(sides))}
    told = capital(words.text(BESIDE[form], n=words.number(sides.count("above")), **values))
    return paragraph(told, "" if form == "bare" else _beside_one(row, published[published["item"] == one], words))


def elsewhere_sentence(words: Words) -> Paragraph:
    """Warn that levels found elsewhere are no targets."""
    return paragraph(words.text(ELSEWHERE))


def _beside_one(row: Mapping[str, object], found: pd.DataFrame, words: Words) -> Markup:
    """Say where a score lies beside one published level; nothing where that is not among them."""
    if found.empty:
        return Markup()
    item, value = found.iloc[0][["item", "value"]]
    side = side_of(row, {"estimate": value})
    return words.text(ONE[side], name=published_name(item, words), level=words.signed(value, 0))
