"""Spells and days of absence of a whole unit in one period, where neither can be subtracted down to few people.

From below upwards: a unit is *told* where it, and what is left of it after the topmost units below that are told, has
enough people and spells; its days also only where they are not mostly those of one or two people. Where it is not, it
is the unit that keeps silent, and not those below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from helpers.release.dominance import is_dominated
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

    def __add__(self, other: Total) -> Total:
        """Both together; nobody is in both."""
        most = (self.largest, self.second, other.largest, other.second)
        known = not pd.isna(pd.Series(most)).any()
        largest, second = sorted(most)[:1:-1] if known else (float("nan"),) * 2
        sums = (getattr(self, name) + getattr(other, name) for name in SUMS)
        return Total(*sums, largest, second)


def absence_total(dataset: Dataset, unit: str = "") -> dict[str, object]:
    """Give spells and days of absence of a unit in the latest period with any.

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
        where they are not known; ``days``: "told", "not_shown" or "not_known".

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
    period = table.loc[inside, "period"].max()
    own = _own_totals(dataset, table[table["period"] == period])
    enough = _enough(dataset)
    if not _is_told(dataset, own, unit, enough):
        raise NotApplicable("Absence of {unit} is not shown, to protect small groups.", unit=name)
    total = _total(dataset, own, unit)
    state = "not_known" if pd.isna(total.days) else "not_shown"
    if state == "not_shown" and _is_told(dataset, own, unit, lambda one: enough(one) and _has_no_giant(one)):
        state = "told"
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


def _with_merged(dataset: Dataset, unit: str) -> list[str]:
    closure = dataset.hierarchy.closure
    return closure.loc[closure["ancestor_id"] == unit, "unit_id"].tolist()


def _own_totals(dataset: Dataset, rows: pd.DataFrame) -> dict[str, Total]:
    """Rows of units without rows below them: a row above others holds their sum, and would count them twice."""
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
    least = 0 if dataset.mask is None else dataset.settings.min_group
    return lambda one: one.headcount >= least and one.n_spells >= max(least, 1)


def _has_no_giant(one: Total) -> bool:
    days, largest, second = (pd.Series([value], dtype=float) for value in (one.days, one.largest, one.second))
    return not bool(is_dominated(days, largest, second).iloc[0])


def _total(dataset: Dataset, own: dict[str, Total], unit: str) -> Total:
    return sum((own.get(one, Total()) for one in dataset.hierarchy.subtree(unit)), start=Total())


def _is_told(dataset: Dataset, own: dict[str, Total], unit: str, may: Callable[[Total], bool]) -> bool:
    return _told(dataset, own, unit, may)[0]


def _told(
    dataset: Dataset, own: dict[str, Total], unit: str, may: Callable[[Total], bool]
) -> tuple[bool, Total, Total]:
    """Tell whether a unit is told; with its total, and with what of it is left after the topmost units told."""
    below = [_told(dataset, own, child, may) for child in dataset.hierarchy.children(unit)]
    whole = sum((one[1] for one in below), start=own.get(unit, Total()))
    left = sum((one[2] for one in below), start=own.get(unit, Total()))
    told = may(whole) and (left.headcount == 0 or may(left))
    return told, whole, Total() if told else left
