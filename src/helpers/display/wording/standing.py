"""Where a unit stands among units of its kind, told as a probability: a rank would pass over the intervals."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

# Among fewer units the middle one is any of them.
MIN_UNITS = 5
# From here on a percentage would only look exact.
ALMOST_CERTAIN = 0.99
# Within five points of a half neither side is worth naming.
EVEN = 0.05
STANDINGS = {
    "surely above": msg("{measure} here is almost certainly above the median of {n} units."),
    "above": msg("{measure} here is {share} likely to be above the median of {n} units."),
    "even": msg("{measure} here is about as likely to be above as below the median of {n} units."),
    "below": msg("{measure} here is {share} likely to be below the median of {n} units."),
    "surely below": msg("{measure} here is almost certainly below the median of {n} units."),
    "too few": msg("There are too few units to compare {measure} with their median."),
    "unknown": msg("Whether {measure} here is above the median of {n} units cannot be told: there is no interval."),
}


def standing(row: Mapping[str, object], words: Words) -> Paragraph:
    """Say how likely a unit is to lie above the middle one of the units it is compared with.

    Parameters
    ----------
    row : mapping
        ``measure``; ``p_above_median``, the probability from 0 to 1 or missing; ``n_units``, this unit included.
    words : Words

    Returns
    -------
    Paragraph

    Raises
    ------
    ValueError
        For a probability outside 0 to 1.
    """
    share = row["p_above_median"]
    form = _form(share, row["n_units"])
    values = {"measure": words.measure(row["measure"], definite=True), "n": words.number(row["n_units"])}
    if form in ("above", "below"):
        values["share"] = words.percent(share if form == "above" else 1 - share)
    return paragraph(capital(words.text(STANDINGS[form], **values)))


def _form(share: float, n_units: int) -> str:
    if n_units < MIN_UNITS:
        return "too few"
    if is_missing(share):
        return "unknown"
    if not 0 <= share <= 1:
        raise ValueError(f"p_above_median must lie between 0 and 1; found {share}.")
    side = "above" if share > 0.5 else "below"
    if max(share, 1 - share) >= ALMOST_CERTAIN:
        return f"surely {side}"
    return "even" if abs(share - 0.5) < EVEN else side
