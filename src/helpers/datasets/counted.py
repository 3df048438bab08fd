"""What is told of absence and leaving, as traces for the ledger: no later report may tell a correction of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.absence_totals import own_totals, units_told
from helpers.datasets.exits import parts_of_units
from helpers.datasets.leavers import COARSE, FINE, told_leavers
from helpers.datasets.periods import period_name, period_time
from helpers.datasets.withheld import (
    ABSENCE,
    ABSENCE_DAYS,
    ABSENCE_UNITS,
    LEAVERS,
    REASONS,
    STAFF_UNITS,
    has_ended,
)
from helpers.release.counted import count_trace
from helpers.release.history import TRACE
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

# Read for these counts alone; scores are made from other tables.
COUNTED_TABLES = ("absence", "employments")

Told = set[tuple[str, str]]


def counted_trace(dataset: Dataset) -> pd.DataFrame:
    """Write down what is told of absence and leaving in periods that are over.

    Parameters
    ----------
    dataset : Dataset
        Behind the gate.

    Returns
    -------
    DataFrame
        See `helpers.release.counted.count_trace`: families of `helpers.datasets.withheld`.
    """
    units = dataset.hierarchy.units
    parents = dict(zip(units["unit_id"], units["parent_id"].fillna(""), strict=True))
    alone = dict.fromkeys(parents, "")
    frames = []
    for family, rows, told in _families(dataset):
        above = alone if family in (ABSENCE_UNITS, STAFF_UNITS) else parents
        known = rows[rows["unit_id"].isin(parents.keys())]
        if len(known):
            frames.append(count_trace(known, above, told, family=family, min_group=dataset.settings.min_group))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=TRACE)


def _families(dataset: Dataset) -> Iterator[tuple[str, pd.DataFrame, Told]]:
    if dataset.has("absence"):
        yield from _absence(dataset)
    if dataset.has("employments"):
        with suppress(NotApplicable):
            yield from _leavers(dataset)
        with suppress(NotApplicable):
            yield _staff_of_units(dataset)


def _absence(dataset: Dataset) -> Iterator[tuple[str, pd.DataFrame, Told]]:
    table = dataset.table("absence")
    table = table[has_ended(dataset, table["period"])]
    rows, told = {ABSENCE: [], ABSENCE_DAYS: []}, {ABSENCE: set(), ABSENCE_DAYS: set()}
    for period, part in table.groupby("period"):
        own = own_totals(dataset, part)
        spells, days = units_told(dataset, own), units_told(dataset, own, days=True)
        told[ABSENCE] |= {(unit, str(period)) for unit in spells}
        told[ABSENCE_DAYS] |= {(unit, str(period)) for unit in spells & days}
        for unit, one in own.items():
            least = min(one.headcount, one.n_spells)
            rows[ABSENCE].append((unit, str(period), least, one.headcount, one.n_spells))
            rows[ABSENCE_DAYS].append((unit, str(period), least, one.headcount, one.n_spells, one.days))
    columns = ["unit_id", "period", "n", "headcount", "n_spells", "days"]
    for family, found in rows.items():
        width = 6 if family == ABSENCE_DAYS else 5
        yield family, pd.DataFrame(found, columns=columns[:width]), told[family]
    own = table.assign(unit_id=table["unit_id"].replace(dataset.hierarchy.merged), n=table["headcount"])
    yield ABSENCE_UNITS, *_each_alone(dataset, own[["unit_id", "period", "n", "headcount", "n_spells"]])


def _leavers(dataset: Dataset) -> Iterator[tuple[str, pd.DataFrame, Told]]:
    found = told_leavers(dataset)
    rows = found.rows.assign(
        unit_id=found.rows["unit_id"].replace(dataset.hierarchy.merged), period=found.rows["year"].astype("str")
    )
    for family, detail, details in ((LEAVERS, COARSE, (COARSE, FINE)), (REASONS, FINE, (FINE,))):
        each = rows.groupby(["unit_id", "period", detail])[detail].transform("size")
        least = each.groupby([rows["unit_id"], rows["period"]]).transform("min")
        told = {
            (unit, str(year)) for unit, years in found.told.items() for year, one in years.items() if one in details
        }
        yield family, rows[["unit_id", "period", detail]].assign(n=least), told


def _staff_of_units(dataset: Dataset) -> tuple[str, pd.DataFrame, Told]:
    per_year = dataset.settings.periods_per_year
    after = pd.Series(sorted({period_time(one, per_year) + 1 for one in dataset.scores["period"].unique()}), dtype=int)
    names = after.map(lambda time: period_name(time, per_year)).astype("str")
    parts = parts_of_units(dataset, after[has_ended(dataset, names)])
    rows = parts.assign(
        unit_id=parts["entity"], period=parts["time"].map(dict(zip(after, names, strict=True))).astype("str"), n=1.0
    )
    return STAFF_UNITS, *_each_alone(dataset, rows[["unit_id", "period", "n", "entry", "exit", "exit_kind"]])


def _each_alone(dataset: Dataset, rows: pd.DataFrame) -> tuple[pd.DataFrame, Told]:
    """Give each unit all rows of its subtree, and those with enough people: links take in no others by name."""
    below = rows.merge(dataset.hierarchy.closure, on="unit_id").drop(columns="unit_id")
    below = below.rename(columns={"ancestor_id": "unit_id"})
    people = below.groupby(["unit_id", "period"])["n"].sum()
    told = set(people.index[people >= dataset.settings.min_group])
    return below, told
