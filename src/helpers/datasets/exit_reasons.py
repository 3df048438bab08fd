"""Why people of a unit left, year by year, where no figure rests on few leavers, alone or by subtraction.

Reasons that are rare in the whole organisation count as other in every unit and year. A unit tells of a year all
reasons (*fine*), or groups of them (*coarse*), or nothing: each count must be nought or enough, and so must what is
left of it after the topmost units below that tell as much. Only years that are over are told, so that no later page
has a year with a few leavers more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.datasets.exits import observed
from helpers.release import ReleasedTable, release
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

MEASURE = "leavers"
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
class ExitReasons:
    """Leavers of a unit by year (rows) and reason or group of reasons (columns), as they may be told.

    `detail` is "fine" or "coarse"; `silent` are years with leavers that are not shown; `pooled` are reasons that count
    as other because they are rare.
    """

    name: str
    counts: pd.DataFrame
    detail: str
    silent: list[int]
    pooled: list[str]


def exit_reasons(dataset: Dataset, unit: str = "") -> ExitReasons:
    """Count the reasons why people of a unit left, as far as they may be told.

    Parameters
    ----------
    dataset : Dataset
        With a table ``employments``.
    unit : str
        Empty: the whole organisation.

    Returns
    -------
    ExitReasons

    Raises
    ------
    NotApplicable
        Without such a table, without reasons or leavers, or where no year may be told.
    """
    unit = dataset.unit(unit)
    name = dataset.hierarchy.name(unit)
    leavers = _leavers(dataset)
    least = dataset.settings.min_group
    pooled = rare_reasons(leavers.groupby(["year", "reason"]).size().unstack(fill_value=0), least)
    leavers["reason"] = leavers["reason"].where(~leavers["reason"].isin(pooled), OTHER)
    counts = {FINE: _counts(dataset, leavers), COARSE: _counts(dataset, _grouped(leavers))}
    told = told_details(dataset, counts, least)[unit]
    some = counts[FINE].loc[unit].sum(axis=1) > 0 if unit in counts[FINE].index.unique(0) else pd.Series(dtype=bool)
    years = [int(year) for year in some.index[some]]
    if not years:
        raise NotApplicable("Nobody of {unit} left in a year that is over.", unit=name)
    fine = [year for year in years if told.get(year) == FINE]
    known = [year for year in years if year in told]
    detail, shown = (FINE, fine) if fine and 2 * len(fine) >= len(known) else (COARSE, known)
    if not shown:
        raise NotApplicable("Reasons for leaving {unit} are not shown, to protect small groups.", unit=name)
    table = counts[detail].loc[unit].loc[shown]
    table = table.loc[:, table.sum() > 0]
    return ExitReasons(name, table, detail, sorted(set(years) - set(shown)), sorted(set(pooled) - {OTHER}))


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


def _grouped(leavers: pd.DataFrame) -> pd.DataFrame:
    return leavers.assign(reason=leavers["reason"].map(GROUPS))


def _counts(dataset: Dataset, leavers: pd.DataFrame) -> pd.DataFrame:
    below = leavers.merge(dataset.hierarchy.closure, on="unit_id")
    return below.groupby(["ancestor_id", "year", "reason"]).size().unstack(fill_value=0)


def released_reasons(
    dataset: Dataset, reasons: ExitReasons, shares: pd.DataFrame, *, name: Callable[[str], str] = str
) -> ReleasedTable:
    """Give the shares of reasons as they may be shown.

    Parameters
    ----------
    dataset : Dataset
    reasons : ExitReasons
    shares : DataFrame
        Answer of `helpers.stats.exit_reasons.reason_shares` for the sums of its counts.
    name : callable
        Names a reason as readers know it.

    Returns
    -------
    ReleasedTable
        Reasons in the place of units; ``measure`` is "leavers", ``period`` the first and the last year, ``n`` all
        leavers.
    """
    years = reasons.counts.index
    rows = shares[["estimate", "ci_low", "ci_high", "conf_level"]].assign(
        unit_id=shares["term"], period=f"{years.min()}–{years.max()}", measure=MEASURE, kind="rate"
    )
    rows["n"] = float(reasons.counts.to_numpy().sum())
    units = pd.DataFrame(
        {"unit_id": shares["term"], "name": shares["term"].map(name), "parent_id": "", "level": "reason"}
    )
    return release(rows, units, min_group=dataset.settings.min_group, disclosure="gate")
