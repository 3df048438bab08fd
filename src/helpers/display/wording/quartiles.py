"""Sentences about the gap between the top and the bottom quarter of units.

A row is one estimate of `stats.quartiles`: ``outcome``, ``scale`` (raw, sd or percent, the last as a share: 0.19),
``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``, ``n_clusters``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, figure_text, leveled
from helpers.display.wording.marks import msg
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import MINUS, is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.verdicts import because_text, lead_in
from helpers.display.wording.words import Words

Row = Mapping[str, object]
# Under this size a percentage without a decimal would round interval and estimate into each other.
DECIMAL_BELOW = 0.05
GAPS = {
    ("amount", "more"): msg(
        "Units in the top quarter on {engagement} have {gap} more {outcome} than those in the bottom quarter "
        "({interval})."
    ),
    ("amount", "less"): msg(
        "Units in the top quarter on {engagement} have {gap} less {outcome} than those in the bottom quarter "
        "({interval})."
    ),
    ("level", "more"): msg(
        "Units in the top quarter on {engagement} score {gap} higher on {outcome} than those in the bottom quarter "
        "({interval})."
    ),
    ("level", "less"): msg(
        "Units in the top quarter on {engagement} score {gap} lower on {outcome} than those in the bottom quarter "
        "({interval})."
    ),
    ("", "unclear"): msg(
        "Whether the top quarter on {engagement} differs from the bottom quarter in {outcome} is unclear "
        "({gap}, {interval})."
    ),
    ("", "small"): msg(
        "The top and the bottom quarter on {engagement} hardly differ in {outcome} ({gap}, {interval})."
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

    Returns
    -------
    Paragraph
    """
    reason = because_text(because, words)
    if is_missing(row["estimate"]):
        return paragraph(lead_in("cannot_tell", words), gap_sentence(row, words, engagement=engagement))
    found = gap_sentence(row, words, engagement=engagement, small=verdict == "no" and because != "wrong_sign")
    beside = "" if is_missing(published) else published_sentence(published, row, words)
    return paragraph(lead_in(verdict, words), found, beside, reason)


def gap_sentence(row: Row, words: Words, *, engagement: str = "engagement", small: bool = False) -> Markup:
    """Say how far the quarters lie apart on one outcome; a gap whose interval holds zero gets no direction.

    Parameters
    ----------
    row : mapping
        One estimate, see the module.
    words : Words
    engagement : str
        Measure on which the quarters were cut.
    small : bool
        The whole interval is too small to matter.

    Returns
    -------
    Markup
    """
    names = {"engagement": words.measure(engagement), "outcome": words.measure(row["outcome"], definite=True)}
    if is_missing(row["estimate"]):
        return words.text("There are too few units to compare the quarters on {outcome}.", **names)
    direction = "small" if small else _direction(row)
    form = "" if direction in ("small", "unclear") else "amount" if measure_of(row["outcome"]).is_amount else "level"
    gap = gap_text(row["estimate"], row, words, signed=not form)
    return words.text(GAPS[form, direction], gap=gap, interval=_interval(row, words, signed=not form), **names)


def published_sentence(published: float, row: Row, words: Words) -> Markup:
    """Set the gap found elsewhere beside ours, on the scale of `row`."""
    size = gap_text(published, row, words)
    return words.text("Published: {gap}.", gap=MINUS + size if published < 0 else size)


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
    return paragraph(
        words.text(
            "Each of {n} organisations compared within itself, the median gap in {outcome} is {gap} ({interval}).",
            n=words.number(row["n_clusters"]),
            outcome=outcome,
            gap=gap_text(row["estimate"], row, words, signed=True),
            interval=_interval(row, words, signed=True),
        )
    )


def tally(verdicts: Iterable[str], words: Words) -> Paragraph:
    """Count the outcomes on which the gap was found, was too small, or could not be told.

    Parameters
    ----------
    verdicts : iterable of {"yes", "no", "cannot_tell"}
        One verdict per outcome.
    words : Words

    Returns
    -------
    Paragraph
    """
    verdicts = list(verdicts)
    yes, no = verdicts.count("yes"), verdicts.count("no")
    values = {"yes": yes, "no": no, "rest": len(verdicts) - yes - no}
    return paragraph(
        words.plural(
            "Of {n} outcome, the gap shows in {yes} and does not in {no}; in {rest} it cannot be told.",
            "Of {n} outcomes, the gap shows in {yes} and does not in {no}; in {rest} it cannot be told.",
            len(verdicts),
            **values,
        )
    )


def gap_text(value: float, row: Row, words: Words, *, signed: bool = False) -> Markup:
    """Write a gap on the scale of its row: ``19%``, ``0.4 standard deviations``, ``8 points``.

    Parameters
    ----------
    value : float
        On the scale of `row`.
    row : mapping
        ``scale``, ``outcome``, and for a raw gap its ``unit`` if it has one.
    words : Words
    signed : bool
        Write the sign; without it the size only.

    Returns
    -------
    Markup
    """
    if row["scale"] == "percent":
        return Markup(words.percent(value if signed else abs(value), _percent_decimals(row), signed=signed))
    kind = _kind(row)
    size = amount_text(value, words, kind, signed=signed)
    return Markup("{} {}").format(size, row["unit"]) if kind == "value" and row.get("unit") else size


def _interval(row: Row, words: Words, *, signed: bool) -> Markup:
    low, high = row["ci_low"], row["ci_high"]
    if not signed and row["estimate"] < 0:
        low, high = -high, -low
    bounds = (_bound(bound, row, words, signed=signed) for bound in (low, high))
    return leveled(words.interval(*bounds), words, row.get("conf_level"))


def _bound(value: float, row: Row, words: Words, *, signed: bool) -> str:
    if row["scale"] == "percent":
        return words.percent(value, _percent_decimals(row), signed=signed)
    kind = _kind(row)
    if kind == "rate":
        return words.signed(100 * value, 0) if signed else words.number(100 * value, 0)
    return figure_text(value, words, kind, signed=signed)


def _kind(row: Row) -> str:
    return "sd" if row["scale"] == "sd" else measure_of(row["outcome"]).kind


def _percent_decimals(row: Row) -> int:
    bounds = [abs(row[column]) for column in ("ci_low", "ci_high") if not is_missing(row.get(column))]
    return 1 if bounds and max(bounds) < DECIMAL_BELOW else 0


def _direction(row: Row) -> str:
    low, high = row["ci_low"], row["ci_high"]
    if is_missing(low) or is_missing(high) or low <= 0 <= high:
        return "unclear"
    return "more" if low > 0 else "less"
