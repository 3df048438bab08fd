"""Sentences about the gap between the top and the bottom quarter of units.

A row is one estimate of `stats.quartiles`: ``outcome``, ``scale`` (raw, sd or percent: 19 is 19 %), ``estimate``,
``ci_low``, ``ci_high``, ``conf_level``, ``n``, ``n_clusters``, and where there is none the ``reason``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from helpers.display.wording.amounts import with_figures
from helpers.display.wording.gap_figures import gap_interval, gap_text, published_text
from helpers.display.wording.marks import msg
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.verdicts import because_text, further_reason, lead_in
from helpers.display.wording.words import Words

Row = Mapping[str, object]
GAPS = {
    ("amount", "more"): msg(
        "Units in the top quarter on {engagement} have {gap} more {outcome} than those in the bottom quarter"
    ),
    ("amount", "less"): msg(
        "Units in the top quarter on {engagement} have {gap} less {outcome} than those in the bottom quarter"
    ),
    ("level", "more"): msg(
        "Units in the top quarter on {engagement} score {gap} higher on {outcome} than those in the bottom quarter"
    ),
    ("level", "less"): msg(
        "Units in the top quarter on {engagement} score {gap} lower on {outcome} than those in the bottom quarter"
    ),
    ("", "unclear"): msg(
        "In the top quarter on {engagement}, {outcome} may be higher or lower than in the bottom quarter"
    ),
    ("", "bare"): msg(
        "Between the top and the bottom quarter on {engagement}, the gap in {outcome} is {gap}, without an interval"
    ),
    ("", "small"): msg("The top and the bottom quarter on {engagement} hardly differ in {outcome}"),
}
# Each organisation compared within itself, and the median organisation told.
WITHIN = {
    ("amount", "more"): msg(
        "In the median of {n} organisations, the top quarter on {engagement} has {gap} more {outcome} than the bottom "
        "quarter"
    ),
    ("amount", "less"): msg(
        "In the median of {n} organisations, the top quarter on {engagement} has {gap} less {outcome} than the bottom "
        "quarter"
    ),
    ("level", "more"): msg(
        "In the median of {n} organisations, the top quarter on {engagement} scores {gap} higher on {outcome} than the "
        "bottom quarter"
    ),
    ("level", "less"): msg(
        "In the median of {n} organisations, the top quarter on {engagement} scores {gap} lower on {outcome} than the "
        "bottom quarter"
    ),
    ("", "unclear"): msg(
        "Within {n} organisations, {outcome} may be higher or lower in the top quarter on {engagement} than in the "
        "bottom quarter"
    ),
    ("", "bare"): msg(
        "Within {n} organisations, the median gap in {outcome} between the quarters on {engagement} is {gap}, without "
        "an interval"
    ),
    ("", "small"): msg(
        "Within {n} organisations, the top and the bottom quarter on {engagement} hardly differ in {outcome}"
    ),
}


# By the verdicts that occur.
TALLIES = {
    ("yes",): msg("Units high on {engagement} do better on every one of the {n} outcomes."),
    ("no",): msg("Units high on {engagement} do better on none of the {n} outcomes."),
    ("rest",): msg("For none of the {n} outcomes can it be told whether units high on {engagement} do better."),
    ("yes", "no"): msg("Units high on {engagement} do better on {yes} of the {n} outcomes and not on {no}."),
    ("yes", "rest"): msg(
        "Units high on {engagement} do better on {yes} of the {n} outcomes; for {rest} it cannot be told."
    ),
    ("no", "rest"): msg(
        "Units high on {engagement} do not do better on {no} of the {n} outcomes; for {rest} it cannot be told."
    ),
    ("yes", "no", "rest"): msg(
        "Units high on {engagement} do better on {yes} of the {n} outcomes and not on {no}; for {rest} it cannot be "
        "told."
    ),
}


def quartile_answer(
    row: Row,
    words: Words,
    *,
    verdict: str,
    because: str = "",
    engagement: str = "engagement",
    published: float | None = None,
    within: bool = False,
) -> Paragraph:
    """Answer whether units high on engagement do better on one outcome.

    Parameters
    ----------
    row : mapping
        One estimate, see the module.
    words : Words
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        Reason id of `verdicts.BECAUSE`, or empty.
    engagement : str
        Measure on which the quarters were cut.
    published : float, optional
        Gap found elsewhere, on the same scale as `row`.
    within : bool
        Whether the row is a median over organisations; ``n_clusters`` then counts them.

    Returns
    -------
    Paragraph
    """
    found = gap_sentence(row, words, engagement=engagement, because=because, within=within)
    if is_missing(row["estimate"]):
        return paragraph(lead_in("cannot_tell", words), found, because_text(row.get("reason") or because, words))
    beside = "" if is_missing(published) else published_sentence(published, row, words)
    return paragraph(lead_in(verdict, words), found, further_reason(because, words), beside)


def gap_sentence(
    row: Row, words: Words, *, engagement: str = "engagement", because: str = "", within: bool = False
) -> Markup:
    """Say how far the quarters lie apart on one outcome; a gap whose interval holds zero gets no direction.

    Parameters
    ----------
    row : mapping
        One estimate, see the module.
    words : Words
    engagement : str
        Measure on which the quarters were cut.
    because : str
        Reason id of the verdict; it decides on the direction, so that the sentence cannot contradict the verdict.
    within : bool
        Whether the row is a median over organisations.

    Returns
    -------
    Markup
    """
    names = {"engagement": words.measure(engagement), "outcome": words.measure(row["outcome"], definite=True)}
    if is_missing(row["estimate"]):
        return words.text("The gap in {outcome} between the quarters on {engagement} could not be estimated.", **names)
    direction = _direction(row, because)
    form = (
        ""
        if direction in ("small", "unclear", "bare")
        else "amount"
        if measure_of(row["outcome"]).is_amount
        else "level"
    )
    gap = gap_text(row["estimate"], row, words, signed=not form)
    counted = {"n": words.number(row["n_clusters"])} if within else {}
    fact = words.text((WITHIN if within else GAPS)[form, direction], gap=gap, **counted, **names)
    interval = gap_interval(row, words, signed=not form)
    if not interval:
        return fact + "."
    figures = interval if form else words.text("{figure}, {interval}", figure=gap, interval=interval)
    return with_figures(fact, figures, words)


def published_sentence(published: float, row: Row, words: Words) -> Markup:
    """Set the gap found elsewhere beside ours, on the scale of `row`."""
    return words.text("Published elsewhere: {gap}.", gap=published_text(published, row, words))


def over_organisations(row: Row, words: Words) -> Paragraph:
    """Say what the median gap over organisations is, each compared within itself.

    Parameters
    ----------
    row : mapping
        The median as an estimate, see the module; ``n_clusters`` counts organisations.
    words : Words

    Returns
    -------
    Paragraph
    """
    outcome = words.measure(row["outcome"], definite=True)
    if is_missing(row["estimate"]):
        return paragraph(words.text("There are too few organisations for a median gap in {outcome}.", outcome=outcome))
    gap = gap_text(row["estimate"], row, words, signed=True)
    if row["n_clusters"] == 1:
        return paragraph(
            words.text("There is one organisation, with a gap in {outcome} of {gap}.", outcome=outcome, gap=gap)
        )
    found = words.text(
        "Compared within each of {n} organisations, the median gap in {outcome} is {gap}",
        n=words.number(row["n_clusters"]),
        outcome=outcome,
        gap=gap,
    )
    interval = gap_interval(row, words, signed=True)
    if not interval:
        return paragraph(found + ".", because_text("too_few_organisations", words))
    return paragraph(Markup("{} ({}).").format(found, interval))


def tally(verdicts: Iterable[str], words: Words, *, engagement: str = "engagement") -> Paragraph:
    """Count the outcomes on which units high on engagement do better, do not, or nothing can be told.

    Parameters
    ----------
    verdicts : iterable of {"yes", "no", "cannot_tell"}
        One verdict per outcome.
    words : Words
    engagement : str
        Measure on which the quarters were cut.

    Returns
    -------
    Paragraph
    """
    verdicts, name = list(verdicts), words.measure(engagement)
    n = {"yes": verdicts.count("yes"), "no": verdicts.count("no")}
    n["rest"] = len(verdicts) - n["yes"] - n["no"]
    seen = tuple(verdict for verdict, count in n.items() if count)
    return paragraph(words.text(TALLIES[seen], n=words.number(len(verdicts)), engagement=name, **n))


def _direction(row: Row, because: str) -> str:
    low, high = row["ci_low"], row["ci_high"]
    if is_missing(low) or is_missing(high):
        return "bare"
    if because == "below_smallest":
        return "small"
    if because not in ("zero_excluded", "wrong_sign") and (low <= 0 <= high or because == "interval_includes_0"):
        return "unclear"
    return "more" if row["estimate"] > 0 else "less"
