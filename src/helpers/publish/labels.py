"""The fixed texts of a page, around what the notebook says."""

from __future__ import annotations

from markupsafe import Markup

from helpers.display.wording import Words
from helpers.display.wording.marks import msg

LANGUAGE_NAMES = {"en": "English", "nl": "Nederlands"}
_LABELS = {
    "skip": msg("Skip to the content"),
    "contents": msg("On this page"),
    "synthetic": msg("SYNTHETIC"),
    "synthetic_line": msg("A computer made up these figures; no person or company stands behind them."),
    "published_line": msg("The source itself published these figures; no threshold for small groups was applied here."),
    "gate_line": msg("Figures rest on at least {min_group} answers, and none on fewer can be had by subtraction."),
    "confidential": msg("Confidential. Not for judging individuals."),
    "record": msg("About the data"),
    "dataset": msg("Dataset"),
    "unit": msg("Unit"),
    "last_period": msg("Data up to"),
    "source": msg("Source"),
    "licence": msg("Licence"),
    "data_hash": msg("Fingerprint of the data"),
    "versions": msg("Made with"),
    "notebook": msg("Notebook"),
    "parameters": msg("Settings other than usual"),
    "code": msg("Code"),
    "not_applicable": msg("Not applicable here"),
}


def page_labels(language: str, **values: object) -> dict[str, Markup]:
    """Translate the fixed texts of a page.

    Parameters
    ----------
    language : {"en", "nl"}
    **values : str or int
        What the placeholders stand for; a text whose placeholder is not given is left out.

    Returns
    -------
    dict of str to Markup
    """
    words = Words(language)
    wanted = {name: text for name, text in _LABELS.items() if _placeholders(text) <= values.keys()}
    return {name: words.text(text, **values) for name, text in wanted.items()}


def _placeholders(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}
