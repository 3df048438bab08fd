"""Why people want to leave, as a source published it: shares of those who gave a reason; each may give several.

These shares stand in the table ``scores``, each as a measure ``reason_to_leave:STATISTIC:REASON``. The statistic is
"all" (share of all who gave a reason) or "median" (that of the middle organisation). They are of some people only, and
so no measures of a unit: `Dataset.scores` leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.measure_kinds import REASON_TO_LEAVE
from helpers.release import ReleasedTable, release
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

MEASURE = "leave_reasons"
STATISTICS = ALL, MEDIAN = ("all", "median")


@dataclass(frozen=True)
class LeaveReasons:
    """Shares of reasons (rows) by period (columns) of those of a unit who want to leave and gave a reason.

    `median` has the same columns, and no rows where the source does not give the shares of the middle organisation.
    `table` holds the shares as they may be shown: reasons in the place of units, ``measure`` "leave_reasons", no
    interval, since nobody says on how many answers they rest.
    """

    name: str
    shares: pd.DataFrame
    median: pd.DataFrame
    table: ReleasedTable


def reason_measure(statistic: str, reason: str) -> str:
    """Name a share of a reason in the table ``scores``."""
    return f"{REASON_TO_LEAVE}{statistic}:{reason}"


def has_leave_reasons(dataset: Dataset) -> bool:
    """Tell whether the dataset has shares of reasons to leave, of any unit."""
    return dataset.has("scores") and bool(_rows(dataset).any())


def leave_reasons(dataset: Dataset, unit: str = "", *, name: Callable[[str], str] = str) -> LeaveReasons:
    """Lay out why people of a unit want to leave.

    Parameters
    ----------
    dataset : Dataset
        Whose source has published its figures: a small share of few people would tell of them.
    unit : str
        Empty: the whole organisation.
    name : callable
        Names a reason as readers know it.

    Returns
    -------
    LeaveReasons

    Raises
    ------
    NotApplicable
        Without such shares of this unit, or where they were not published.
    """
    unit = dataset.unit(unit)
    if not has_leave_reasons(dataset):
        raise NotApplicable("Why people want to leave was not published with these data.")
    if dataset.settings.disclosure != "published":
        raise NotApplicable("Why people want to leave is shown only where its source has published it.")
    rows = dataset.table("scores")[_rows(dataset)]
    rows = rows[(rows["unit_id"] == unit) & rows["estimate"].notna()]
    if rows.empty:
        raise NotApplicable("Why people of {unit} want to leave was not published.", unit=dataset.hierarchy.name(unit))
    labels = rows["measure"].str.removeprefix(REASON_TO_LEAVE).str.split(":", n=1, expand=True)
    rows = rows.assign(statistic=labels[0], reason=labels[1])
    shares, median = (
        rows[rows["statistic"] == one].pivot(index="reason", columns="period", values="estimate") for one in STATISTICS
    )
    median = median.reindex(columns=shares.columns)
    return LeaveReasons(dataset.hierarchy.name(unit), shares, median, _released(dataset, shares, name))


def _released(dataset: Dataset, shares: pd.DataFrame, name: Callable[[str], str]) -> ReleasedTable:
    rows = shares.stack().dropna().rename("estimate").reset_index().rename(columns={"reason": "unit_id"})
    rows = rows.assign(measure=MEASURE, kind="rate", n=float("nan"))
    named = [name(reason) for reason in shares.index]
    units = pd.DataFrame({"unit_id": shares.index, "name": named, "parent_id": "", "level": "reason"})
    return release(rows, units, min_group=dataset.settings.min_group, disclosure=dataset.settings.disclosure)


def _rows(dataset: Dataset) -> pd.Series:
    return dataset.table("scores")["measure"].str.startswith(REASON_TO_LEAVE).fillna(False)
