"""What each table of published figures must hold: its columns, what tells its rows apart, and where its numbers lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

SOURCE_COLUMNS = ("source", "source_kind", "status")
CLOSED = {"source_kind": ("primary", "secondary"), "status": ("read", "computed")}
ANY = (float("-inf"), float("inf"))
YEARS = (1990, 2100)
COUNTS = (1, float("inf"))
PERCENT = (0, 100)
POINTS = (-100, 100)
# What a study found of employees and customers or results: employees first, results first, …
FINDINGS = ("forward", "forward stronger", "both ways", "reverse stronger", "weak", "inverse", "not superior")


@dataclass(frozen=True)
class PublishedTable:
    """A table of published figures.

    Parameters
    ----------
    key : tuple of str
        Columns that tell its rows apart.
    numbers : mapping of str to (float, float)
        Columns of numbers, with the least and most each can be; cells may be empty.
    texts : tuple of str
        Further columns.
    allowed : mapping of str to tuple of str
        Columns with a closed list.
    """

    key: tuple[str, ...]
    numbers: Mapping[str, tuple[float, float]]
    texts: tuple[str, ...] = ()
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def columns(self) -> set[str]:
        """All that the table must have."""
        return {*self.key, *self.numbers, *self.texts, *self.allowed, *SOURCE_COLUMNS}


PUBLISHED: dict[str, PublishedTable] = {
    "aon_hewitt": PublishedTable(("fact",), {"year": YEARS, "value": ANY}, ("unit", "subject", "note")),
    "claims": PublishedTable(("claim",), {"year": YEARS, "value": ANY}, ("who", "subject", "unit")),
    "context_cases": PublishedTable(("fact",), {"year": YEARS, "value": ANY}, ("case", "unit", "note")),
    "directions": PublishedTable(
        ("study", "year", "predictor", "outcome"),
        {"year": YEARS, "n_organisations": COUNTS, "n_units": COUNTS, "n_people": COUNTS},
        ("design", "note"),
        {"finding": FINDINGS},
    ),
    "enps_distributions": PublishedTable(("company", "answer"), {"answer": (0, 10), "percent": PERCENT}),
    "gallup_editions": PublishedTable(
        ("edition",),
        {"year": YEARS}
        | dict.fromkeys(
            ("n_studies", "n_organisations", "n_industries", "n_countries", "n_units", "n_employees", "n_outcomes"),
            COUNTS,
        ),
        ("note",),
    ),
    "gallup_facts": PublishedTable(
        ("fact", "edition"), {"year": YEARS, "value": COUNTS, "value_to": COUNTS}, ("unit", "note")
    ),
    "gallup_quartile_differences": PublishedTable(
        ("edition", "outcome"), {"year": YEARS, "value": POINTS, "n_organisations": COUNTS}, ("unit", "note")
    ),
    "group_sizes": PublishedTable(("tool",), {"least_answers": COUNTS, "least_comments": COUNTS}, ("note",)),
    "nps_benchmarks": PublishedTable(("measure", "item"), {"value": POINTS}, ("unit", "note")),
    "relations": PublishedTable(
        ("study", "year", "predictor", "outcome", "statistic", "n"),
        {"year": YEARS, "value": ANY, "k": COUNTS, "n": COUNTS},
        ("design", "note"),
    ),
}


def check_published(name: str, table: pd.DataFrame) -> None:
    """Refuse a table of published figures with a missing column, no source, a number out of range or a fact told twice.

    Parameters
    ----------
    name : str
        One of `PUBLISHED`.
    table : DataFrame

    Raises
    ------
    ValueError
        Naming table, column, rule, what was found, and the line of the file.
    """
    rules = PUBLISHED[name]
    missing = sorted(rules.columns - set(table))
    if missing:
        raise ValueError(f"{name}.csv must have the columns {', '.join(sorted(rules.columns))}; found no {missing[0]}.")
    for column in (*SOURCE_COLUMNS, *rules.key[:1]):
        _refuse(
            name, column, "be filled in", table, table[column].isna() | (table[column].astype("str").str.strip() == "")
        )
    for column, allowed in {**CLOSED, **rules.allowed}.items():
        _refuse(name, column, f"be one of {', '.join(allowed)}", table, ~table[column].isin(allowed))
    for column, (low, high) in rules.numbers.items():
        number = pd.to_numeric(table[column], errors="coerce")
        _refuse(name, column, "be a number", table, number.isna() & table[column].notna())
        _refuse(name, column, f"lie between {low:g} and {high:g}", table, number.notna() & ~number.between(low, high))
    _refuse(name, rules.key[0], "tell a fact once", table, table.duplicated(list(rules.key)))


def _refuse(name: str, column: str, rule: str, table: pd.DataFrame, wrong: pd.Series) -> None:
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        # The header is line 1.
        raise ValueError(f"{name}.csv: {column} must {rule}; found {str(table[column].iloc[at])!r} (line {at + 2}).")
