"""Figures that others have published, kept as facts with their source, to set beside our own."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.folders import project_root
from helpers.datasets.problems import suggest
from helpers.datasets.published_tables import PUBLISHED, check_published


def published(name: str) -> pd.DataFrame:
    """Read a table of published figures.

    Parameters
    ----------
    name : str
        One of `PUBLISHED`, such as ``"claims"`` or ``"relations"``.

    Returns
    -------
    DataFrame
        Every row has a ``source``, a ``source_kind`` (``"primary"``, or ``"secondary"``: told by someone else) and a
        ``status`` (``"read"`` there, or ``"computed"`` from it).

    Raises
    ------
    ValueError
        For an unknown name, with the near ones, or a table that breaks its rules (`check_published`).
    """
    if name not in PUBLISHED:
        raise ValueError(f"name must be a table in data/published; found {name!r}. {suggest(name, PUBLISHED)}")
    table = pd.read_csv(project_root() / "data" / "published" / f"{name}.csv", encoding="utf-8")
    check_published(name, table)
    return table


# Our outcome, and Gallup's for the same; turnover depends on how high it is, see `gallup_gaps`. What is mostly told as
# "productivity" is sales; production records have a lower figure of their own. An edition that does not tell sales from
# production has one figure, for "productivity".
_GALLUP_OUTCOMES = {"repurchase": "customer_loyalty", "sales": "sales", "productivity": "sales"} | {
    outcome: outcome for outcome in ("profit", "absence", "accidents", "shrinkage", "defects", "customer_loyalty")
}
# Gallup (2024) tells organisations with over 40 % turnover a year apart from the others.
HIGH_TURNOVER = 40.0


def gallup_gaps(year: int, *, turnover: float | None = 0.0) -> dict[str, float]:
    """Give Gallup's published gaps between top and bottom quartile by the names of our outcomes.

    Parameters
    ----------
    year : int
        Of the edition: 2012, 2016, 2020 or 2024.
    turnover : float or None
        Staff turnover here, in percent a year; it decides which of Gallup's two figures on turnover is given. None
        where neither fits: no figure on turnover.

    Returns
    -------
    dict of str to float
        Outcome to gap, in percent of the bottom quartile.

    Raises
    ------
    ValueError
        For a year without an edition.
    """
    table = _gallup_percentages()
    edition = table[table["year"] == year].set_index("outcome")["value"]
    if edition.empty:
        raise ValueError(f"year must be one of {', '.join(map(str, _gallup_years(table)))}; found {year}.")
    names = dict(_GALLUP_OUTCOMES)
    if "sales" not in edition.index:
        names["productivity"] = "productivity"
    if turnover is not None:
        names["turnover"] = "turnover_high" if turnover > HIGH_TURNOVER else "turnover_low"
    return {ours: float(edition[theirs]) for ours, theirs in names.items() if theirs in edition.index}


def gallup_editions() -> pd.DataFrame:
    """Lay out Gallup's published gaps of all editions by the names of our outcomes.

    Returns
    -------
    DataFrame, one row per edition and outcome
        ``year``, ``outcome`` (turnover as ``turnover_low`` and ``turnover_high``, see `HIGH_TURNOVER`), ``value`` (gap
        in percent of the bottom quartile), ``source`` (where the figures of the edition were read).
    """
    table = _gallup_percentages()
    sources = table.groupby("year")["source"].first()
    rows = [(year, *gap) for year in _gallup_years(table) for gap in _gaps_of_both_groups(year).items()]
    found = pd.DataFrame(rows, columns=["year", "outcome", "value"])
    return found.assign(source=found["year"].map(sources))


def _gallup_percentages() -> pd.DataFrame:
    table = published("gallup_quartile_differences")
    return table[table["unit"].str.startswith("percent")]


def _gallup_years(table: pd.DataFrame) -> list[int]:
    return sorted(int(year) for year in table["year"].unique())


def _gaps_of_both_groups(year: int) -> dict[str, float]:
    low, high = gallup_gaps(year), gallup_gaps(year, turnover=2 * HIGH_TURNOVER)
    gaps = low | {"turnover_low": low.get("turnover"), "turnover_high": high.get("turnover")}
    return {outcome: gap for outcome, gap in gaps.items() if outcome != "turnover" and gap is not None}
