"""Spells of absence of units beside their engagement in the wave before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.panel_rows import HIDDEN
from helpers.datasets.staff_rows import StaffRows, after_wave, lowest_level, taking_part, times_of, units_above, waves
from helpers.datasets.withheld import ABSENCE_UNITS, are_withheld

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

COUNTS = ["headcount", "n_spells"]


def absence_rows(dataset: Dataset, *, engagement: str = "", level: str = "", below: str = "") -> StaffRows:
    """Lay out spells of absence with the engagement of the wave before.

    Parameters
    ----------
    dataset : Dataset
        With a table ``absence``.
    engagement : str
        Measure; empty: the dataset's.
    level : str
        Level of the units; empty: that of the quartiles, or the one at which absence is given if that is higher.
    below : str
        Only units in the subtree of this one; empty: the whole organisation.

    Returns
    -------
    StaffRows
        One row per unit and period: ``entity``, ``cluster``, ``time``, ``n_spells``, ``headcount``, ``person_years``,
        ``engagement``, ``se``, ``n``, ``population`` (of the wave before), ``engagement_same_wave``.

    Raises
    ------
    NotApplicable
        Without a table of absence, or such units.
    """
    table = dataset.table("absence")
    level = level or lowest_level(dataset, table["unit_id"])
    wave = waves(dataset, engagement or dataset.settings.measures.engagement, level=level, below=below)
    rows = _pooled(dataset, table, units_above(dataset, level, below))
    rows = rows[rows["headcount"] > 0].assign(time=times_of(dataset, rows["period"]))
    rows["person_years"] = rows["headcount"] / dataset.settings.periods_per_year
    same = wave.loc[wave["countable"], ["entity", "time", "engagement"]].rename(
        columns={"engagement": "engagement_same_wave"}
    )
    rows = after_wave(rows, wave).merge(same, how="left", on=["entity", "time"])
    rows[HIDDEN] |= are_withheld(dataset, ABSENCE_UNITS, rows["entity"], rows["time"])
    return taking_part(dataset, rows, rows["headcount"], level=level, below=below)


def _pooled(dataset: Dataset, table: pd.DataFrame, above: dict[str, str]) -> pd.DataFrame:
    """Counts of units: their own row, or the sum of the rows below where they have none in a period."""
    rows = table.assign(entity=table["unit_id"].map(above)).dropna(subset=["entity"])
    own = rows["unit_id"] == rows["entity"]
    has_own = own.groupby([rows["entity"], rows["period"]]).transform("any")
    merged = rows["unit_id"].isin(list(dataset.hierarchy.merged))
    kept = rows[own | merged | ~has_own]
    return kept.groupby(["entity", "period"], as_index=False)[COUNTS].sum()
