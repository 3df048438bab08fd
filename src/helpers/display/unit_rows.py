"""Rows of units as figures show them: the last one of each, from high to low, by names without what they share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from helpers.display.wording import capital
from helpers.display.wording.numbers import is_missing

Row = Mapping[str, object]
BEYOND = {"high": 1, "low": -1}


def last_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the last row with a figure of each unit, or its last row where it has none, from high to low.

    Parameters
    ----------
    rows : DataFrame
        Released rows of one measure: ``unit_id``, ``name``, ``period``, ``estimate``.

    Returns
    -------
    DataFrame
        One row per unit; those without a figure last.
    """
    rows = rows.assign(known=rows["estimate"].notna()).sort_values(["known", "period"], kind="stable")
    return high_to_low(rows.drop_duplicates("unit_id", keep="last").drop(columns="known"))


def high_to_low(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort units by estimate from high to low, those without one last; equals by name, team 2 before team 10.

    What lies beyond the edge of a band comes before, or after, what lies on it.
    """
    keys = zip(rows["name"], rows["estimate"], rows["band"], strict=True)
    places = [{"name": name, "estimate": value, "band": band, "at": at} for at, (name, value, band) in enumerate(keys)]
    return rows.iloc[[row["at"] for row in ranked(places)]]


def ranked(rows: Iterable[Row]) -> list[Row]:
    """Sort units, each a mapping with ``name``, ``estimate`` and ``band``, in the order of `high_to_low`."""
    return sorted(rows, key=_rank)


def row_in(rows: Iterable[Row], unit_id: str, measure: str, period: str) -> Row | None:
    """Find the row of a unit and measure in a period; None where there is none."""
    wanted = (unit_id, measure, period)
    return next((row for row in rows if (row["unit_id"], row["measure"], row["period"]) == wanted), None)


def beyond(rows: pd.DataFrame) -> pd.Series:
    """Tell on which side of its estimate a figure lies: 1 above the edge of a high band, −1 below a low one, else 0."""
    return rows["band"].map(BEYOND).fillna(0)


def short_names(names: Sequence[str]) -> list[str]:
    """Leave out what all names begin with up to their last comma, such as the unit above them."""
    before = {name.rpartition(", ")[0] for name in names}
    if len(names) < 2 or len(before) > 1 or not all(before):
        return list(names)
    return [capital(name.rpartition(", ")[2]) for name in names]


def _rank(row: Row) -> tuple:
    if is_missing(row["estimate"]):
        return 1, 0.0, 0, _natural(row["name"])
    return 0, -row["estimate"], -BEYOND.get(row["band"], 0), _natural(row["name"])


def _natural(name: str) -> tuple:
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name))
