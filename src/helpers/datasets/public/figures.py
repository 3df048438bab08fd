"""From a publisher's table, one row per unit and year and one column per figure, to tables of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

_LABELS = ["unit_id", "period", "measure"]


@dataclass(frozen=True)
class Figure:
    """A column that becomes a score: its kind, factor, what to know of it, and the column of its n."""

    column: str
    kind: str
    factor: float
    note: str
    n: str = ""


@dataclass(frozen=True)
class Outcome:
    """A column that becomes an outcome: its unit, factor, whether high is good, the column of its n, and what to know.

    All of them are shares or ratios, so that zero means none.
    """

    column: str
    unit: str
    factor: float
    higher_is_better: bool
    note: str
    n: str = ""


def score_table(frame: pd.DataFrame, figures: Mapping[str, Figure]) -> pd.DataFrame:
    """Turn columns into scores.

    Parameters
    ----------
    frame : DataFrame, one row per unit and year
        ``unit_id``, ``period`` and the columns of `figures`.
    figures : mapping of str to Figure
        By the measure they become.

    Returns
    -------
    DataFrame
        ``unit_id``, ``period``, ``measure``, ``kind``, ``estimate``, ``n``; cells without a figure have no row.
    """
    tables = [
        frame[["unit_id", "period"]].assign(
            measure=measure,
            kind=one.kind,
            estimate=one.factor * frame[one.column],
            n=frame[one.n] if one.n else np.nan,
        )
        for measure, one in figures.items()
    ]
    return _sorted(pd.concat(tables).dropna(subset=["estimate"]))


def outcome_table(frame: pd.DataFrame, outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """Turn columns into outcomes.

    Parameters
    ----------
    frame : DataFrame, one row per unit and year
        ``unit_id``, ``period`` and the columns of `outcomes`.
    outcomes : mapping of str to Outcome
        By the measure they become.

    Returns
    -------
    DataFrame
        ``unit_id``, ``period``, ``measure``, ``value``, ``unit``, ``ratio_scale``, ``higher_is_better``, ``n``.
    """
    tables = [
        frame[["unit_id", "period"]].assign(
            measure=measure,
            value=one.factor * frame[one.column],
            unit=one.unit,
            ratio_scale=True,
            higher_is_better=one.higher_is_better,
            n=frame[one.n] if one.n else np.nan,
        )
        for measure, one in outcomes.items()
    ]
    return _sorted(pd.concat(tables).dropna(subset=["value"]))


def years_of_units(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the first and last year of each unit, empty where it is that of the whole table.

    Parameters
    ----------
    frame : DataFrame
        ``unit_id``, ``period``.

    Returns
    -------
    DataFrame, indexed by unit_id
        ``valid_from``, ``valid_to``: the unit may have existed outside the table.
    """
    years = frame.groupby("unit_id")["period"].agg(valid_from="min", valid_to="max")
    return years.assign(
        valid_from=years["valid_from"].where(years["valid_from"] > frame["period"].min()),
        valid_to=years["valid_to"].where(years["valid_to"] < frame["period"].max()),
    )


def measures_table(figures: Mapping[str, Figure], outcomes: Mapping[str, Outcome]) -> list[str]:
    """Write the lines of a Markdown table with every measure, its column, scale and note."""
    scales = {"mean": "as published", "rate": "0–1"}
    scores = [f"| `{name}` | `{one.column}` | {scales[one.kind]} | {one.note} |" for name, one in figures.items()]
    others = [f"| `{name}` | `{one.column}` | {one.unit} | {one.note} |" for name, one in outcomes.items()]
    return ["| measure | column | scale | what to know |", "|---|---|---|---|", *scores, *others]


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(_LABELS, ignore_index=True)
