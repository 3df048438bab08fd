"""Spells and days of absence of a whole unit in one period, where neither can be subtracted down to few people.

From below upwards: a unit is *told* where it has enough people and spells; its days where they are of enough people,
and not mostly of one or two. So must be what is left of it after the topmost units below that are told. Where that is
not, units below keep silent, the smallest that mend it first: larger units matter to more readers.

Only periods that are over are told, and none that was corrected since an earlier report held it (`withheld`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.withheld import ABSENCE, ABSENCE_DAYS, has_ended, is_withheld
from helpers.release.dominance import LARGEST_SHARE, TWO_LARGEST_SHARE
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

SUMS = ["headcount", "n_spells", "days"]
PARTS = ["days_largest", "days_second"]


@dataclass(frozen=True)
class Total:
    """Absence of some people: sums, and the days of the two who were absent most (NaN: not known)."""

    headcount: float = 0.0
    n_spells: float = 0.0
    days: float = 0.0
    largest: float = 0.0
    second: float = 0.0

    @property
    def is_nobody(self) -> bool:
        """Whether neither people nor absence is in it."""
        return not (self.headcount or self.n_spells or self.days)

    def __add__(self, other: Total) -> Total:
        """Both together; nobody is in both."""
        most = (self.largest, self.second, other.largest, other.second)
        known = not any(map(math.isnan, most))
        largest, second = sorted(most)[:1:-1] if known else (float("nan"),) * 2
        sums = (getattr(self, name) + getattr(other, name) for name in SUMS)
        return Total(*sums, largest, second)


def absence_total(dataset: Dataset, unit: str = "") -> dict[str, object]:
    """Give spells and days of absence of a unit in the latest period with any that is over.

    Parameters
    ----------
    dataset : Dataset
        With a table ``absence``.
    unit : str
        Empty: the whole organisation.

    Returns
    -------
    dict
        ``name``, ``period``, ``headcount``, ``spells_per_person``; ``days_per_person`` and ``days_per_spell``: None
        where they are not known; ``days``: "told", "not_shown", "not_known" or "corrected" (since an earlier report).

    Raises
    ------
    NotApplicable
        Without such a table or row, or where the spells themselves may not be shown.
    """
    table, unit = dataset.table("absence"), dataset.unit(unit)
    name = dataset.hierarchy.name(unit)
    inside = table["unit_id"].isin(_with_merged(dataset, unit))
    if not inside.any():
        raise NotApplicable("There is no absence of {unit} in these data.", unit=name)
    over = has_ended(dataset, table["period"]) | (dataset.settings.disclosure == "published")
    if not (inside & over).any():
        raise NotApplicable("Absence of {unit} is told once a period is over; none in these data is.", unit=name)
    period = table.loc[inside & over, "period"].max()
    own = own_totals(dataset, table[table["period"] == period])
    if is_withheld(dataset, ABSENCE, unit, period):
        raise NotApplicable(
            "Absence of {unit} is not shown: the data changed after an earlier report, and the difference could tell "
            "of few people.",
            unit=name,
        )
    if unit not in units_told(dataset, own):
        raise NotApplicable("Absence of {unit} is not shown, to protect small groups.", unit=name)
    total = _total(dataset, own, unit)
    state = "not_known" if pd.isna(total.days) else "not_shown"
    if state == "not_shown" and unit in units_told(dataset, own, days=True):
        state = "corrected" if is_withheld(dataset, ABSENCE_DAYS, unit, period) else "told"
    days = total.days if state == "told" else None
    return {
        "name": name,
        "period": period,
        "headcount": total.headcount,
        "spells_per_person": total.n_spells / total.headcount,
        "days_per_person": days and days / total.headcount,
        "days_per_spell": days and days / total.n_spells,
        "days": state,
    }


def units_told(dataset: Dataset, own: dict[str, Total], *, days: bool = False) -> set[str]:
    """Find the units whose spells, or whose days, of one period may be told.

    Parameters
    ----------
    dataset : Dataset
    own : dict of str to Total
        Answer of `own_totals`.
    days : bool

    Returns
    -------
    set of str
    """
    return _told(dataset, own, dataset.hierarchy.root, _days_may(dataset) if days else _enough(dataset)).told


def silent_days(dataset: Dataset, periods: Iterable[str]) -> pd.DataFrame:
    """Find the units whose days of absence are in these data and may not be told, nor a share of working days.

    Parameters
    ----------
    dataset : Dataset
    periods : iterable of str

    Returns
    -------
    DataFrame
        ``unit_id``, ``period``.
    """
    table = dataset.table("absence")
    table = table[table["period"].isin(set(periods)) & table["days"].notna()] if "days" in table else table.head(0)
    found = []
    for period, rows in table.groupby("period"):
        own = own_totals(dataset, rows)
        told = units_told(dataset, own, days=True)
        known = {above for unit in own for above in dataset.hierarchy.path(unit)}
        found += [(unit, str(period)) for unit in sorted(known - told)]
    return pd.DataFrame(found, columns=["unit_id", "period"])


def _with_merged(dataset: Dataset, unit: str) -> list[str]:
    closure = dataset.hierarchy.closure
    return closure.loc[closure["ancestor_id"] == unit, "unit_id"].tolist()


def own_totals(dataset: Dataset, rows: pd.DataFrame) -> dict[str, Total]:
    """Give absence of one period by unit, of units without rows below them: a row above holds their sum."""
    closure = dataset.hierarchy.closure
    rows = rows.assign(unit_id=rows["unit_id"].replace(dataset.hierarchy.merged)).reindex(
        columns=["unit_id", *SUMS, *PARTS]
    )
    below = closure[closure["unit_id"].isin(rows["unit_id"]) & (closure["unit_id"] != closure["ancestor_id"])]
    found: dict[str, Total] = {}
    for unit, *figures in rows[~rows["unit_id"].isin(below["ancestor_id"])].itertuples(index=False):
        found[unit] = found.get(unit, Total()) + Total(*map(float, figures))
    return found


def _enough(dataset: Dataset) -> Callable[[Total], bool]:
    least = 0 if dataset.settings.disclosure == "published" else dataset.settings.min_group
    return lambda one: one.headcount >= least and one.n_spells >= max(least, 1)


def _days_may(dataset: Dataset) -> Callable[[Total], bool]:
    least = 0 if dataset.settings.disclosure == "published" else dataset.settings.min_group
    # What is not known compares as false, and so keeps silent; nobody is told by nought days.
    return lambda one: (
        one.headcount >= least
        and one.largest <= LARGEST_SHARE * one.days
        and one.largest + one.second <= TWO_LARGEST_SHARE * one.days
    )


def _total(dataset: Dataset, own: dict[str, Total], unit: str) -> Total:
    return sum((own.get(one, Total()) for one in dataset.hierarchy.subtree(unit)), start=Total())


@dataclass
class _Subtree:
    """What was decided of a subtree; what is left after its topmost units told, these with what was decided of them."""

    told: set[str]
    whole: Total
    left: Total
    topmost: dict[str, _Subtree]


def _told(dataset: Dataset, own: dict[str, Total], unit: str, may: Callable[[Total], bool]) -> _Subtree:
    start = own.get(unit, Total())
    found = _Subtree(set(), start, start, {})
    for child in dataset.hierarchy.children(unit):
        below = _told(dataset, own, child, may)
        found.told |= below.told
        found.whole += below.whole
        if child in below.told:
            found.topmost[child] = below
        else:
            found.left += below.left
            found.topmost |= below.topmost
    if may(found.whole):
        _silence(found, may)
        found.told.add(unit)
    return found


def _silence(found: _Subtree, may: Callable[[Total], bool]) -> None:
    """Silence units below until what is left may be told; with all silent it is the whole, which may."""
    while not found.left.is_nobody and not may(found.left):
        topmost = found.topmost
        mending = [one for one, below in topmost.items() if may(found.left + below.left)]
        silent = min(mending or topmost, key=lambda one: (topmost[one].whole.headcount, one))
        below = topmost.pop(silent)
        found.told.discard(silent)
        found.left += below.left
        topmost |= below.topmost
