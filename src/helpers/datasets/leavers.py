"""Why people left, by unit and year, where no figure rests on few leavers, alone or by subtraction.

Reasons that are rare in the whole organisation count as other in every unit and year. A unit tells of a year all
reasons (*fine*), or groups of them (*coarse*), or nothing: each count must be nought or enough, and so must what is
left of it after the topmost units below that tell as much. Only years that are over are told, so that no later page
has a year with a few leavers more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.datasets.exits import observed
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

OTHER, UNKNOWN = "other", "unknown"
FINE, COARSE = "fine", "coarse"
# A group holds whole reasons, so that groups can be told where reasons are too rare.
GROUPS = {
    **dict.fromkeys(("manager", "work_content", "workload", "culture", "schedule"), "work"),
    **dict.fromkeys(("pay", "career"), "pay_and_career"),
    **dict.fromkeys(("relocation", "personal", "retirement"), "private"),
    **dict.fromkeys(("end_of_contract", "dismissal", UNKNOWN, OTHER), OTHER),
}


@dataclass(frozen=True)
class Leavers:
    """Everyone who left in a year that is over, and in how much detail each unit tells of each year.

    `rows` has ``unit_id``, ``year`` and, of each detail, the reason; `counts` and `told` are what `told_details` takes
    and gives; `pooled` are reasons that count as other.
    """

    rows: pd.DataFrame
    counts: Mapping[str, pd.DataFrame]
    told: Mapping[str, Mapping[int, str]]
    pooled: list[str]


def told_leavers(dataset: Dataset) -> Leavers:
    """Count leavers by unit, year and reason, and decide what may be told of them, earlier reports apart.

    Parameters
    ----------
    dataset : Dataset
        With a table ``employments``.

    Returns
    -------
    Leavers

    Raises
    ------
    NotApplicable
        Without reasons, or without leavers in a year that is over.
    """
    leavers, least = _leavers(dataset), dataset.settings.min_group
    pooled = rare_reasons(leavers.groupby(["year", "reason"]).size().unstack(fill_value=0), least)
    fine = leavers["reason"].where(~leavers["reason"].isin(pooled), OTHER)
    rows = leavers[["unit_id", "year"]].assign(**{FINE: fine, COARSE: fine.map(GROUPS)})
    counts = {detail: _counts(dataset, rows, detail) for detail in (FINE, COARSE)}
    return Leavers(rows, counts, told_details(dataset, counts, least), pooled)


def rare_reasons(counts: pd.DataFrame, least: int) -> list[str]:
    """Choose the reasons that count as other: those of too few leavers in any year, and the next if these are too few.

    Parameters
    ----------
    counts : DataFrame, shape (years, reasons)
    least : int
        Fewest leavers.

    Returns
    -------
    list of str
        With "other"; without it where none is rare.
    """
    rare = [reason for reason in counts if counts[reason].between(1, least - 1).any()]
    while rare and len(set(rare) | {OTHER}) < counts.shape[1]:
        pooled = [reason for reason in counts if reason in rare or reason == OTHER]
        if not counts[pooled].sum(axis=1).between(1, least - 1).any():
            break
        rare.append(counts.drop(columns=pooled).sum().idxmin())
    return sorted(set(rare) | {OTHER}) if rare else []


def told_details(dataset: Dataset, counts: Mapping[str, pd.DataFrame], least: int) -> dict[str, dict[int, str]]:
    """Decide for every unit and year in how much detail reasons are told.

    Parameters
    ----------
    dataset : Dataset
    counts : mapping of "fine" and "coarse" to DataFrame
        Leavers by unit and year (rows) and reason (columns); groups hold whole reasons.
    least : int
        Fewest leavers.

    Returns
    -------
    dict of unit to dict of year to {"fine", "coarse"}
        Years that are not told are absent.
    """
    details: dict[str, dict[int, str]] = {unit: {} for unit in dataset.hierarchy.subtree(dataset.hierarchy.root)}
    for year in counts[FINE].index.unique(1):
        tables = {
            name: dict(zip(part.index, part.to_numpy(), strict=True))
            for name, part in ((name, table.xs(year, level=1)) for name, table in counts.items())
        }
        _tell(dataset, dataset.hierarchy.root, tables, least, details, int(year))
    return details


def _tell(
    dataset: Dataset,
    unit: str,
    tables: Mapping[str, dict[str, np.ndarray]],
    least: int,
    details: dict[str, dict[int, str]],
    year: int,
) -> dict[str, np.ndarray]:
    """Decide for a unit and those below; give the counts of the topmost units that tell, by detail."""
    below = {name: 0.0 for name in tables}
    for child in dataset.hierarchy.children(unit):
        for name, told in _tell(dataset, child, tables, least, details, year).items():
            below[name] = below[name] + told
    if unit not in tables[FINE]:
        return below
    may = {
        name: all(((part == 0) | (part >= least)).all() for part in (table[unit], table[unit] - below[name]))
        for name, table in tables.items()
    }
    if not may[COARSE]:
        return below
    details[unit][year] = FINE if may[FINE] else COARSE
    return {COARSE: tables[COARSE][unit], FINE: tables[FINE][unit] if may[FINE] else below[FINE]}


def _leavers(dataset: Dataset) -> pd.DataFrame:
    """Everyone who left in a year that is over: ``unit_id``, ``year``, ``reason``."""
    table = dataset.table("employments")
    _, until = observed(table)
    left = table[table["end"].notna() & (table["end"].dt.year < (until - pd.Timedelta(days=1)).year)]
    if left.empty:
        raise NotApplicable("No year of these data is over, so leavers cannot be counted by year.")
    if left["exit_reason"].isna().all():
        raise NotApplicable("No reasons for leaving are recorded in these data.")
    return pd.DataFrame(
        {"unit_id": left["unit_id"], "year": left["end"].dt.year, "reason": left["exit_reason"].fillna(UNKNOWN)}
    ).reset_index(drop=True)


def _counts(dataset: Dataset, rows: pd.DataFrame, detail: str) -> pd.DataFrame:
    below = rows.merge(dataset.hierarchy.closure, on="unit_id").rename(columns={detail: "reason"})
    return below.groupby(["ancestor_id", "year", "reason"]).size().unstack(fill_value=0)
