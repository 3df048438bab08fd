"""The fixed texts of the index; those its script fills in keep their placeholders."""

from __future__ import annotations

from markupsafe import Markup

from helpers.display.wording import Words
from helpers.display.wording.marks import msg

_TEXTS = {
    "reports": msg("Reports"),
    "unit": msg("Unit"),
    "level": msg("Level"),
    "period": msg("Period"),
    "state": msg("State"),
    "no_figures": msg("no figures"),
    "find": msg("Find a unit, level or state"),
    "hierarchy": msg("Order of the organisation"),
    "found": msg("Units shown: {n}."),
    "sorted": msg("Sorted by {column}, {order}."),
    "up": msg("ascending"),
    "down": msg("descending"),
    "caution": msg("Small units swing most: who stands first or last in a sorted list, stands there partly by chance."),
}
_FOR_THE_SCRIPT = {name: f"{{{name}}}" for name in ("n", "column", "order")}


def index_texts(words: Words) -> dict[str, Markup]:
    """Translate the fixed texts of the index.

    Parameters
    ----------
    words : Words

    Returns
    -------
    dict of str to Markup
    """
    return {name: words.text(text, **_FOR_THE_SCRIPT) for name, text in _TEXTS.items()}
