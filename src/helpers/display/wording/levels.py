"""Names of the levels of an organisation."""

from __future__ import annotations

from markupsafe import Markup, escape

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import without_controls
from helpers.display.wording.words import Words

# Levels that many datasets have; others go by their own name.
LEVELS = {
    "organisation": msg("organisation"),
    "country": msg("country"),
    "region": msg("region"),
    "business unit": msg("business unit"),
    "department": msg("department"),
    "team": msg("team"),
    "school": msg("school"),
    "trust": msg("trust"),
    "government body": msg("government body"),
}


def level_name(level: str, words: Words) -> Markup:
    """Name a level inside a sentence.

    Parameters
    ----------
    level : str
        As in the dataset.
    words : Words

    Returns
    -------
    Markup
    """
    return words.text(LEVELS[level]) if level in LEVELS else escape(without_controls(level))
