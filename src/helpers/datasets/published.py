"""Figures that others have published, kept as facts with their source, to set beside our own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.datasets.dataset import project_root
from helpers.datasets.problems import suggest


def published(name: str) -> pd.DataFrame:
    """Read a table of published figures.

    Parameters
    ----------
    name : str
        ``"claims"``, ``"gallup_quartile_differences"``, ``"gallup_editions"``, ``"relations"``, ``"nps_benchmarks"`` or
        ``"group_sizes"``; see `published_names`.

    Returns
    -------
    DataFrame
        Every row has a ``source``, a ``source_kind`` (``"primary"``, or ``"secondary"``: told by someone else) and a
        ``status`` (``"read"`` there, or ``"computed"`` from it).

    Raises
    ------
    ValueError
        For an unknown name, with the near ones.
    """
    names = published_names()
    if name not in names:
        raise ValueError(f"name must be a table in data/published; found {name!r}. {suggest(name, names)}")
    return pd.read_csv(_folder() / f"{name}.csv", encoding="utf-8")


# Our outcome, and Gallup's for the same; turnover depends on how high it is, see `gallup_gaps`. What is mostly told as
# "productivity" is sales; production records have a lower figure of their own.
_GALLUP_OUTCOMES = {"repurchase": "customer_loyalty", "sales": "sales", "productivity": "sales"} | {
    outcome: outcome for outcome in ("profit", "absence", "accidents", "shrinkage", "defects", "customer_loyalty")
}
# Gallup (2024) tells organisations with over 40 % turnover a year apart from the others.
HIGH_TURNOVER = 40.0


def gallup_gaps(year: int, *, turnover: float = 0.0) -> dict[str, float]:
    """Give Gallup's published gaps between top and bottom quartile by the names of our outcomes.

    Parameters
    ----------
    year : int
        Of the edition: 2012, 2016, 2020 or 2024.
    turnover : float
        Staff turnover here, in percent a year; it decides which of Gallup's two figures on turnover is given.

    Returns
    -------
    dict of str to float
        Outcome to gap, in percent of the bottom quartile.

    Raises
    ------
    ValueError
        For a year without an edition.
    """
    table = published("gallup_quartile_differences")
    edition = table[(table["year"] == year) & table["unit"].str.startswith("percent")].set_index("outcome")["value"]
    years = sorted(int(one) for one in table.loc[table["unit"].str.startswith("percent"), "year"].unique())
    if edition.empty:
        raise ValueError(f"year must be one of {', '.join(map(str, years))}; found {year}.")
    names = _GALLUP_OUTCOMES | {"turnover": "turnover_high" if turnover > HIGH_TURNOVER else "turnover_low"}
    return {ours: float(edition[theirs]) for ours, theirs in names.items() if theirs in edition.index}


def published_names() -> list[str]:
    """List the tables of published figures, sorted."""
    return sorted(path.stem for path in _folder().glob("*.csv"))


def _folder() -> Path:
    return project_root() / "data" / "published"
