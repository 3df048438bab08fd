"""What absence and leaving are set against: engagement of units in the wave before, and which of them take part.

A unit in a period is *hidden* when it has fewer people than the gate asks for, or its engagement may not be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.leave_reasons import has_leave_reasons
from helpers.datasets.panel_rows import HIDDEN, clusters, scores_at, with_hidden
from helpers.datasets.periods import period_time
from helpers.datasets.released import TOGETHER
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

RESPONSE = "response_rate"
COUNTABLE = "countable"
WAVE = ["entity", "time", "engagement", "se", "n", "population", HIDDEN, COUNTABLE]


@dataclass(frozen=True)
class StaffRows:
    """Rows for a study, the level of their units, and how many of them take part; see `taking_part`.

    `counts` are what `display.wording.cautions.taking_part` tells.
    """

    frame: pd.DataFrame
    level: str
    counts: Mapping[str, object]


def require_any(
    dataset: Dataset, *, absence: Sequence[object], employments: Sequence[object], leave_reasons: object
) -> None:
    """Raise the reason why nothing could be told from the tables there are, unless anything could.

    Parameters
    ----------
    dataset : Dataset
    absence, employments : sequence
        What was made of each table, or the `NotApplicable` in its place.
    leave_reasons : object
        The same of published reasons to leave.

    Raises
    ------
    NotApplicable
        The first of those reasons, or that there is nothing to make it of.
    """
    made = [
        one
        for name, found in (("absence", absence), ("employments", employments))
        if dataset.has(name)
        for one in found
    ]
    made += [leave_reasons] if has_leave_reasons(dataset) else []
    if not made:
        raise NotApplicable(
            "This needs a table of absence or of employments, or published reasons to leave; {dataset} has none of "
            "them.",
            dataset=dataset.name,
        )
    if all(isinstance(one, NotApplicable) for one in made):
        raise made[0]


def level_compared(dataset: Dataset, *rows: StaffRows | NotApplicable) -> str:
    """Give the level of the units compared: of the first rows there are, else that of the quartiles."""
    known = [one.level for one in rows if isinstance(one, StaffRows)]
    return known[0] if known else dataset.settings.levels.quartile


def units_above(dataset: Dataset, level: str, below: str) -> dict[str, str]:
    """Give for each unit, merged ones included, the unit of a level that it is or lies below; within a subtree."""
    closure = dataset.hierarchy.closure
    found = closure[closure["ancestor_id"].isin(dataset.hierarchy.at_level(level, dataset.unit(below)))]
    return dict(zip(found["unit_id"], found["ancestor_id"], strict=True))


def lowest_level(dataset: Dataset, units: pd.Series) -> str:
    """Choose the level to compare units at: that of the quartiles, or the one that rows of these units reach."""
    wanted = dataset.settings.levels.quartile
    if wanted in dataset.hierarchy.levels and units.isin(list(units_above(dataset, wanted, ""))).any():
        return wanted
    known = units[units.isin(dataset.hierarchy.units["unit_id"])].drop_duplicates()
    return str(known.map(dataset.hierarchy.level).value_counts().index[0]) if len(known) else wanted


def waves(dataset: Dataset, engagement: str, *, level: str, below: str) -> pd.DataFrame:
    """Give engagement of the units of a level by wave.

    Parameters
    ----------
    dataset : Dataset
    engagement : str
        Measure.
    level, below : str
        See `panel_rows.scores_at`.

    Returns
    -------
    DataFrame, one row per unit and wave
        `WAVE`: ``n`` effective answers, ``population`` people asked (NaN: not known), ``hidden``, ``countable`` (see
        `released.countable_rows`).

    Raises
    ------
    NotApplicable
        When there are no such units.
    """
    countable, scores = scores_at(dataset, level, below, [engagement]), dataset.scores
    units = dataset.hierarchy.at_level(level, dataset.unit(below))
    found = scores[scores["unit_id"].isin(units) & (scores["measure"] == engagement) & scores["estimate"].notna()]
    found = with_hidden(dataset, found).assign(**{COUNTABLE: found.index.isin(countable.index)})
    asked = scores.loc[scores["measure"] == RESPONSE, ["unit_id", "period", "n_effective"]]
    found = found.merge(asked.rename(columns={"n_effective": "population"}), how="left", on=["unit_id", "period"])
    found = found.assign(time=times_of(dataset, found["period"]), n=found["n_effective"])
    return found.rename(columns={"unit_id": "entity", "estimate": "engagement"})[WAVE]


def times_of(dataset: Dataset, periods: pd.Series) -> pd.Series:
    """Give the integer time of each period."""
    known = {period: period_time(period, dataset.settings.periods_per_year) for period in periods.unique()}
    return periods.map(known).astype("int64")


def after_wave(rows: pd.DataFrame, wave: pd.DataFrame) -> pd.DataFrame:
    """Put beside each row the engagement of its unit in the wave before, on the calendar; drop rows without one."""
    before = wave.assign(time=wave["time"] + 1)
    return rows.merge(before, on=["entity", "time"])


def taking_part(dataset: Dataset, rows: pd.DataFrame, people: pd.Series, *, level: str, below: str) -> StaffRows:
    """Leave out hidden units, unless so many are hidden at once that a result tells of none of them.

    Parameters
    ----------
    dataset : Dataset
    rows : DataFrame, one row or several per unit and period
        ``entity``, ``time``, ``hidden`` and ``countable`` (of engagement).
    people : Series
        People behind each row's unit in its period.
    level, below : str

    Returns
    -------
    StaffRows
        With ``cluster``: see `panel_rows.clusters`. For the whole organisation hidden units of a period stay where at
        least `TOGETHER` are hidden in it; below another unit they do not, since results could be set against others.
    """
    counts: dict[str, object] = {"min_group": None}
    if dataset.mask is not None:
        hidden = rows[HIDDEN] | (people < dataset.settings.min_group)
        many = rows["entity"].where(hidden).groupby(rows["time"]).transform("nunique") >= TOGETHER
        takes = ~hidden | (many & rows[COUNTABLE] & (dataset.unit(below) == dataset.hierarchy.root))
        parts = {"n_units": rows, "n_hidden": rows[hidden], "n_taking": rows[hidden & takes]}
        parts |= {"n_left_out": rows[hidden & ~takes]}
        counts = {"min_group": dataset.settings.min_group, "together": TOGETHER}
        counts |= {name: int(part["entity"].nunique()) for name, part in parts.items()}
        rows = rows[takes]
    groups = clusters(dataset.hierarchy, rows["entity"].unique().tolist())
    return StaffRows(rows.assign(cluster=rows["entity"].map(groups)).reset_index(drop=True), level, counts)
