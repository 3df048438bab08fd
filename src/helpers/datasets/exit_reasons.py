"""Why people of a unit left, year by year, as its page may show it.

What is told beside all other pages is decided in `leavers`; beside all earlier reports, in `withheld`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.leavers import COARSE, FINE, OTHER, UNKNOWN, told_leavers
from helpers.datasets.withheld import LEAVERS, REASONS, is_withheld
from helpers.release import ReleasedTable, release
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

MEASURE = "leavers"


@dataclass(frozen=True)
class ExitReasons:
    """Leavers of a unit by year (rows) and reason or group of reasons (columns), as they may be told.

    `detail` is "fine" or "coarse"; `silent` are years with leavers that are not shown, `corrected` those of them that
    changed since an earlier report; `pooled` are reasons that count as other because they are rare.
    """

    name: str
    counts: pd.DataFrame
    detail: str
    silent: list[int]
    pooled: list[str]
    corrected: list[int]


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
    leavers = told_leavers(dataset)
    counts, told, changed = leavers.counts, dict(leavers.told[unit]), set()
    for year in leavers.told[unit]:
        if is_withheld(dataset, LEAVERS, unit, str(year)):
            changed.add(year)
            del told[year]
        elif told[year] == FINE and is_withheld(dataset, REASONS, unit, str(year)):
            changed.add(year)
            told[year] = COARSE
    some = counts[FINE].loc[unit].sum(axis=1) > 0 if unit in counts[FINE].index.unique(0) else pd.Series(dtype=bool)
    years = [int(year) for year in some.index[some]]
    if not years:
        raise NotApplicable("Nobody of {unit} left in a year that is over.", unit=name)
    fine = [year for year in years if told.get(year) == FINE]
    known = [year for year in years if year in told]
    detail, shown = (FINE, fine) if fine and 2 * len(fine) >= len(known) else (COARSE, known)
    if not shown and changed.intersection(years):
        raise NotApplicable(
            "Reasons for leaving {unit} are not shown: the data changed after an earlier report, and the difference "
            "could tell of few people.",
            unit=name,
        )
    if not shown:
        raise NotApplicable("Reasons for leaving {unit} are not shown, to protect small groups.", unit=name)
    table = counts[detail].loc[unit].loc[shown]
    table = table.loc[:, table.sum() > 0]
    if table.columns.isin([OTHER, UNKNOWN]).all():
        raise NotApplicable("Reasons for leaving {unit} are too rare to tell any of them apart.", unit=name)
    silent, pooled = sorted(set(years) - set(shown)), sorted(set(leavers.pooled) - {OTHER})
    return ExitReasons(name, table, detail, silent, pooled, sorted(changed.intersection(silent)))


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
