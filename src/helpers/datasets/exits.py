"""Employments cut at the ends of periods, with the engagement of their unit in the wave before.

An employment counts for the unit it is listed under, for its whole length. So of a unit that was dissolved only those
are listed who left before, and the ones who moved on are not: it takes no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.datasets.panel_rows import HIDDEN
from helpers.datasets.periods import period_time
from helpers.datasets.staff_rows import StaffRows, after_wave, lowest_level, taking_part, units_above, waves
from helpers.datasets.withheld import STAFF_UNITS, are_withheld
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

DAYS_PER_YEAR = 365.25
# As `helpers.stats.exit_study` has them; what is not said counts as leaving, and not as the leaver's choice.
NOT_CHOSEN = {"end_of_contract": "end_of_contract", "dismissal": "other", "retirement": "other", "other": "other"}
UNKNOWN = "other"


def exit_spells(dataset: Dataset, *, engagement: str = "", level: str = "", below: str = "") -> StaffRows:
    """Cut employments at the ends of periods, and put engagement of the wave before beside each part.

    Parameters
    ----------
    dataset : Dataset
        With a table ``employments``.
    engagement : str
        Measure; empty: the dataset's.
    level : str
        Level of the units; empty: that of the quartiles, or the one at which employments are listed if that is higher.
    below : str
        Only units in the subtree of this one; empty: the whole organisation.

    Returns
    -------
    StaffRows
        One row per employment and period: ``entity``, ``cluster``, ``time``, ``entry``, ``exit`` (years employed),
        ``exit_kind`` (see `helpers.stats.exit_study`), ``engagement``, ``se``, ``n``, ``population``. Observed from the
        first end in the table to the latest date in it. `counts` also has ``n_dissolved``.

    Raises
    ------
    NotApplicable
        Without a table of employments, such units, or any end of an employment.
    """
    table = dataset.table("employments")
    level = level or lowest_level(dataset, table["unit_id"])
    wave = waves(dataset, engagement or dataset.settings.measures.engagement, level=level, below=below)
    above = units_above(dataset, level, below)
    employments = _employments(table)
    employments = employments.assign(entity=employments["unit_id"].map(above)).dropna(subset=["entity"])
    dissolved = _dissolved(dataset, employments)
    employments = employments[~employments["entity"].isin(dissolved)]
    rows = after_wave(_cut(employments, dataset, wave["time"]), wave)
    first = rows["entity"].map(_first_times(dataset)).astype("float64").fillna(-np.inf)
    rows = rows[rows["time"] >= first]
    rows[HIDDEN] |= are_withheld(dataset, STAFF_UNITS, rows["entity"], rows["time"])
    people = rows.groupby(["entity", "time"])["exit"].transform("size")
    found = taking_part(dataset, rows.reset_index(drop=True), people.reset_index(drop=True), level=level, below=below)
    return StaffRows(found.frame, level, found.counts | {"n_dissolved": len(dissolved)})


def parts_of_units(dataset: Dataset, times: pd.Series) -> pd.DataFrame:
    """Cut employments at the ends of periods, by the unit each is listed under.

    Parameters
    ----------
    dataset : Dataset
        With a table ``employments``.
    times : Series of int
        The periods.

    Returns
    -------
    DataFrame, one row per employment and period
        ``entity`` (the unit), ``time``, ``entry``, ``exit``, ``exit_kind``, as `exit_spells` has them.
    """
    employments = _employments(dataset.table("employments"))
    units = employments["unit_id"].replace(dataset.hierarchy.merged)
    return _cut(employments.assign(entity=units), dataset, times - 1)


def observed(table: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Give the first day and the day after the last on which a table of employments tells who left.

    Raises
    ------
    NotApplicable
        When no employment has an end.
    """
    if table["end"].isna().all():
        raise NotApplicable("No employment in these data has ended.")
    return table["end"].min(), max(table["end"].max(), table["start"].max()) + pd.Timedelta(days=1)


def _employments(table: pd.DataFrame) -> pd.DataFrame:
    """Start and end in days, the latter after the last day; those still there end with what is observed."""
    since, until = observed(table)
    kind = table["exit_reason"].map(NOT_CHOSEN).where(table["exit_reason"].notna(), UNKNOWN).fillna("own_choice")
    return pd.DataFrame(
        {
            "unit_id": table["unit_id"],
            "start": _days(table["start"]),
            "leave": _days(table["end"].fillna(until - pd.Timedelta(days=1))) + 1,
            "exit_kind": kind.where(table["end"].notna(), ""),
            "since": float(_days(pd.Series([since]))[0]),
        }
    )


def _cut(employments: pd.DataFrame, dataset: Dataset, times: pd.Series) -> pd.DataFrame:
    """One row per employment and period in which it ran, of the periods after these waves."""
    per_year, parts = dataset.settings.periods_per_year, []
    for time in sorted(times.unique() + 1):
        first, last = (_first_day(one, per_year) for one in (time, time + 1))
        begin = employments[["start", "since"]].max(axis=1).clip(lower=first)
        end = employments["leave"].clip(upper=last)
        runs = end > begin
        part = employments.loc[runs, ["entity", "start"]].assign(time=time)
        part["entry"] = (begin[runs] - part["start"]) / DAYS_PER_YEAR
        part["exit"] = (end[runs] - part["start"]) / DAYS_PER_YEAR
        part["exit_kind"] = employments.loc[runs, "exit_kind"].where(employments.loc[runs, "leave"] <= last, "")
        parts.append(part.drop(columns="start"))
    columns = ["entity", "time", "entry", "exit", "exit_kind"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _dissolved(dataset: Dataset, employments: pd.DataFrame) -> set[str]:
    """Units that have ended: by ``valid_to`` before the last wave, or else with nobody there any more."""
    units, last = dataset.hierarchy.units, employments["leave"].max()
    if "valid_to" in units and units["valid_to"].notna().any():
        per_year = dataset.settings.periods_per_year
        known = units.dropna(subset=["valid_to"])
        ended = known["valid_to"].map(lambda period: _first_day(period_time(period, per_year) + 1, per_year)) < last
        return set(known.loc[ended, "unit_id"]) & set(employments["entity"])
    left = (employments["exit_kind"] != "").groupby(employments["entity"]).all()
    return set(left.index[left])


def _first_times(dataset: Dataset) -> dict[str, int]:
    units = dataset.hierarchy.units
    known = units.dropna(subset=["valid_from"]) if "valid_from" in units else units.head(0)
    per_year = dataset.settings.periods_per_year
    return {
        unit: period_time(period, per_year)
        for unit, period in known.reindex(columns=["unit_id", "valid_from"]).to_numpy()
    }


def _first_day(time: int, per_year: int) -> int:
    year, part = divmod(int(time), per_year)
    return int(np.datetime64(f"{year:04d}-{part * 12 // per_year + 1:02d}-01", "D").astype(int))


def _days(dates: pd.Series) -> np.ndarray:
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)
