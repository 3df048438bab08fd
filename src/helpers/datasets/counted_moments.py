"""What is told of customers by moment, as traces for the ledger: no later report may tell a correction of it.

Each moment is a family, and so is each level of satisfaction with it. Their numbers of answers are known, so that ten
late answers are told as those of a unit are, and fewer hide the moments of the unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of
from helpers.datasets.families import CUSTOMERS
from helpers.datasets.moment_levels import SATISFACTION, units_at_moment
from helpers.datasets.moments import MOMENT, NO_MOMENT, masked_moments, moment_rows
from helpers.datasets.withheld import level_family, moment_family
from helpers.release.family import families
from helpers.release.history import TRACE, make_trace
from helpers.release.mask import GROUP, KEYS, Mask
from helpers.release.table import unit_tree
from helpers.stats.estimates import NotApplicable
from helpers.stats.penalty_reward import recommend_points, satisfaction_levels

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

FIGURES = ["unit_id", "period", "family", "measure", "estimate", "n"]


def moment_trace(dataset: Dataset, mask: Mask) -> pd.DataFrame:
    """Write down what is told of moments.

    Parameters
    ----------
    dataset : Dataset
        Behind the gate.
    mask : Mask
        Of scores, earlier releases taken into account.

    Returns
    -------
    DataFrame
        See `helpers.release.history.make_trace`: families of `withheld.moment_family` and `withheld.level_family`. No
        rows where answers have no moment.
    """
    nothing = pd.DataFrame(columns=TRACE)
    try:
        everybody = answers_of(dataset, CUSTOMERS, dataset.hierarchy.root, [MOMENT, SATISFACTION])
    except NotApplicable:
        return nothing
    frame = everybody.frame
    if not {MOMENT, "recommend"} <= set(frame) or frame[MOMENT].isna().all():
        return nothing
    known = frame[frame["recommend"].notna()]
    parts = [part for _, rows in known.groupby("period") for part in _moments(dataset, rows, mask)]
    if SATISFACTION in known:
        rated = known.dropna(subset=[MOMENT, SATISFACTION])
        rated = rated.assign(level=satisfaction_levels(rated[SATISFACTION]))
        parts += [part for _, rows in rated.groupby("period") for part in _levels(dataset, rows, mask)]
    rows = pd.concat(parts, ignore_index=True)
    # Of a moment that nobody may tell nothing is known; where customers wrote them, there may be thousands.
    rows = rows[rows["family"].isin(rows.loc[rows["hidden_by"] == "", "family"].unique())]
    if rows.empty:
        return nothing
    told = rows[[*KEYS, "hidden_by"]].drop_duplicates().astype("str")
    tree = unit_tree(dataset.hierarchy.units)
    return make_trace(families(rows[FIGURES], tree), tree, Mask(told, mask.min_group))


def _moments(dataset: Dataset, frame: pd.DataFrame, mask: Mask) -> list[pd.DataFrame]:
    frame = frame.assign(**{MOMENT: frame[MOMENT].fillna(NO_MOMENT)})
    rows = moment_rows(dataset, frame).assign(period=frame["period"].iloc[0])
    found = masked_moments(dataset, rows, mask).frame
    told = found.loc[found["hidden_by"] == "", "unit_id"]
    return [_part(rows.assign(family=rows["measure"].map(moment_family)), told)]


def _levels(dataset: Dataset, frame: pd.DataFrame, mask: Mask) -> list[pd.DataFrame]:
    enough = frame.groupby(MOMENT)[MOMENT].transform("size") >= dataset.settings.min_group
    frame = frame[enough].reset_index(drop=True)
    if frame.empty:
        return []
    everybody = Answers(dataset, CUSTOMERS, dataset.hierarchy.root, frame)
    points = frame.assign(recommend=recommend_points(frame["recommend"]), measure="nps")
    below = pd.concat([frame.assign(measure="recommend"), points]).merge(dataset.hierarchy.closure, on="unit_id")
    keys = ["ancestor_id", "period", MOMENT, "level", "measure"]
    grouped = below.groupby(keys)["recommend"].agg(["mean", "size"]).reset_index()
    rows = grouped.rename(columns={"ancestor_id": "unit_id", "mean": "estimate", "size": "n"})
    rows["family"] = [level_family(moment, level) for moment, level in zip(rows[MOMENT], rows["level"], strict=True)]
    return [
        _part(part, list(units_at_moment(everybody, str(moment), mask=mask))) for moment, part in rows.groupby(MOMENT)
    ]


def _part(rows: pd.DataFrame, told: pd.Series | list[str]) -> pd.DataFrame:
    hidden_by = rows["unit_id"].isin(told).map({True: "", False: GROUP})
    return rows.assign(hidden_by=hidden_by)[[*FIGURES, "hidden_by"]]
