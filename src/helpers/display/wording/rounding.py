"""Figures that were rounded one by one: whether they still add up, and what to say where they do not."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words


def adds_up(parts: Sequence[float], whole: float) -> bool:
    """Tell whether whole numbers that parts are rounded to add up to that of the whole; so where one is missing."""
    if any(is_missing(value) for value in (*parts, whole)):
        return True
    return sum(round(float(part)) for part in parts) == round(float(whole))


def rounding_sentence(words: Words, *, add_up: bool) -> Paragraph:
    """Say why figures beside each other do not add up; empty where they do.

    Parameters
    ----------
    words : Words
    add_up : bool

    Returns
    -------
    Paragraph
    """
    if add_up:
        return paragraph()
    return paragraph(
        words.text(
            "Figures are rounded only after all is computed, so a sum or a difference may be off in its last digit."
        )
    )
