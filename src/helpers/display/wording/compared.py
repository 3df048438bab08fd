"""A unit beside the whole on several measures at once: which are clearly higher, which lower, and which neither."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.scores import row_at, side_of
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

PLACES = {
    "above": msg("Clearly higher here than in {whole} as a whole: {measures}."),
    "below": msg("Clearly lower here than in {whole} as a whole: {measures}."),
}


def compared(
    table: ReleasedTable, words: Words, *, unit_id: str, reference_id: str, measures: Sequence[str], period: str
) -> Paragraph:
    """Name the measures on which a unit lies above and below the whole; the interval of the unit decides.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``name``, ``estimate``, ``ci_low``, ``ci_high``.
    words : Words
    unit_id, reference_id : str
        The unit and the whole it belongs to.
    measures : sequence of str
    period : str

    Returns
    -------
    Paragraph
        Empty for the whole itself, and where no measure has an interval.
    """
    frame = require_released(table, "compared")
    found: dict[str, list[str]] = {"above": [], "below": [], "neither": []}
    whole = ""
    for measure in measures:
        row, reference = (row_at(frame, unit, measure, period)[0] for unit in (unit_id, reference_id))
        known = row is not None and reference is not None and not is_missing(reference["estimate"])
        if unit_id == reference_id or not known or is_missing(row.get("ci_low")):
            continue
        whole = reference["name"]
        found[side_of(row, reference) or "neither"].append(words.measure(measure))
    named = [
        words.text(text, whole=whole, measures=words.items(found[place]))
        for place, text in PLACES.items()
        if found[place]
    ]
    return paragraph(*map(capital, named), _others(found, whole, words))


def _others(found: dict[str, list[str]], whole: str, words: Words) -> str:
    if not found["neither"]:
        return ""
    if not found["above"] and not found["below"]:
        return words.text("No measure here is clearly higher or lower than in {whole} as a whole.", whole=whole)
    return words.text("For the others that is unclear.")
