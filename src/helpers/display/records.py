"""Tables about how an answer was made: the choices behind it, and the rows left out on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words
from helpers.display.wording.amounts import amount_text
from helpers.display.wording.dropped import REASONS
from helpers.display.wording.levels import level_name
from helpers.display.wording.marks import msg

CHOICES = {
    "unit": msg("Unit"),
    "level": msg("Level of the units compared"),
    "study_level": msg("Level of the studies"),
    "employee": msg("Measure of employees"),
    "customer": msg("Measure of customers"),
    "outcome": msg("Outcome"),
    "engagement": msg("Measure that ranks the units"),
    "periods": msg("Periods"),
    "conf_level": msg("Confidence level"),
    "cred_level": msg("Level of the interval of most studies"),
    "n_studies": msg("Studies used"),
    "smallest_r": msg("Smallest correlation that matters"),
    "smallest_effect": msg("Smallest effect that matters"),
    "smallest_change": msg("Smallest difference that matters"),
    "n_entities": msg("Units used"),
    "n_draws": msg("Random draws"),
    "seed": msg("Seed of the random draws"),
}


def dropped_table(dropped: Iterable[Mapping[str, object]], words: Words) -> Table:
    """Show how many rows of a panel each step left out, and how many were used.

    Parameters
    ----------
    dropped : iterable of mapping
        Records of `stats.panels.lagged_sample`: ``reason``, ``n_rows``, ``n_entities``. A step without rows is left
        out.
    words : Words

    Returns
    -------
    Table
    """
    columns = [
        Column(words.text("Reason"), lambda row: words.text(REASONS[row["reason"]]), is_number=False),
        Column(words.text("Rows"), lambda row: words.number(row["n_rows"])),
        Column(words.text("Units"), lambda row: words.number(row["n_entities"])),
    ]
    rows = [row for row in dropped if row["n_rows"] or row["reason"] == "kept"]
    return table_of(rows, columns, words, caption=words.text("Rows of the panel: left out and used"))


def choices_table(words: Words, **choices: object) -> Table:
    """Show the choices a page was made with.

    Parameters
    ----------
    words : Words
    **choices : str or number
        Named as in `CHOICES`; `smallest_effect` is a value and its unit.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        For a name that is not in `CHOICES`.
    """
    unknown = [name for name in choices if name not in CHOICES]
    if unknown:
        raise ValueError(f"choices must be among {', '.join(CHOICES)}; found {unknown[0]!r}.")
    columns = [
        Column(words.text("Choice"), lambda row: words.text(CHOICES[row["name"]]), is_number=False),
        Column(words.text("Value"), lambda row: _value(row["name"], row["value"], words), is_number=False),
    ]
    rows = [{"name": name, "value": value} for name, value in choices.items()]
    return table_of(rows, columns, words, caption=words.text("The choices behind this page"))


def _value(name: str, value: object, words: Words) -> str:
    if name in ("level", "study_level"):
        return level_name(str(value), words)
    if name in ("conf_level", "cred_level", "smallest_change"):
        return words.percent(value, 1)
    if name == "smallest_effect":
        size, unit = value
        return amount_text(size, words, "sd" if unit == "sd" else "nps", decimals=2, fixed=False)
    return words.number(value, 2) if isinstance(value, int | float) else str(value)
