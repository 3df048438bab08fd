"""The same units' engagement measured again: in the waves beside the one they are ranked on, and in halves of a unit.

A *half* holds half of the people of a unit who answered, drawn by chance. Scores of halves serve statistics over many
units only; no score of a half is ever shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd

from helpers.datasets import rollup
from helpers.datasets.measures import employee_sums
from helpers.datasets.panel_rows import require_scores, scores_at
from helpers.datasets.periods import period_name, period_time
from helpers.datasets.quartile_rows import placed
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

BESIDE = {"before": -1, "after": 1}
SAME_HALF, OTHER_HALF, OTHERS = "same half", "other half", "others"
HALF_COLUMNS = (
    *("entity", "organisation", "cluster", "engagement", "outcome", "part", "value", "n"),
    *("ratio_scale", "higher_is_better", "period", "engagement_period"),
)


def waves_beside(dataset: Dataset, *, period: str) -> dict[str, str]:
    """Name the wave on which units are ranked, ``cut``, and the periods ``before`` and ``after`` it."""
    per_year = dataset.settings.periods_per_year
    time = period_time(period, per_year)
    return {"cut": period} | {name: period_name(time + step, per_year) for name, step in BESIDE.items()}


def neighbour_waves(
    dataset: Dataset, *, period: str, engagement: str = "", level: str = "", below: str = ""
) -> pd.DataFrame:
    """Put the engagement of units in one wave beside that of the wave before and after.

    Parameters
    ----------
    dataset : Dataset
    period : str
        The wave on which units are ranked.
    engagement, level, below : str
        As for `panels.quartile_frame`.

    Returns
    -------
    DataFrame, one row per unit
        ``entity``, ``organisation``, ``cluster``, ``cut`` and those of ``before``, ``after`` that were measured.

    Raises
    ------
    NotApplicable
        When there are no such units or scores, or neither wave beside was measured.
    """
    settings = dataset.settings
    engagement = engagement or settings.measures.engagement
    scores = scores_at(dataset, level or settings.levels.quartile, below, [engagement])
    require_scores(scores, [engagement])
    names = {one: name for name, one in waves_beside(dataset, period=period).items()}
    kept = scores[scores["period"].isin(names)]
    wide = kept.assign(wave=kept["period"].map(names)).pivot(index="unit_id", columns="wave", values="estimate")
    if "cut" not in wide or not set(BESIDE) & set(wide):
        raise NotApplicable(
            "{engagement} was not measured in the periods beside {period}.", engagement=engagement, period=period
        )
    wide = wide[wide["cut"].notna()].rename_axis(columns=None).reset_index(names="entity")
    columns = [name for name in ("cut", *BESIDE) if name in wide]
    return placed(wide, dataset.hierarchy)[["entity", "organisation", "cluster", *columns]]


def half_frame(
    dataset: Dataset, frame: pd.DataFrame, *, rng: np.random.Generator, engagement: str = ""
) -> pd.DataFrame:
    """Rank units by the engagement of half of their people, beside what that half, the other half and others say.

    Parameters
    ----------
    dataset : Dataset
    frame : DataFrame
        Answer of `panels.quartile_frame` with ``cut="same"``: the units and outcomes compared.
    rng : Generator
        Draws the halves; where the number of people is odd, the ranking half has one more.
    engagement : str
        The measure units are ranked by; empty: the dataset's.

    Returns
    -------
    DataFrame, one row per entity, outcome and part
        `HALF_COLUMNS`: those of `frame`, with ``engagement`` of the ranking half, and ``part``: "others" (outcomes of
        `frame` that these people do not answer for), "same half" and "other half" (what employees answer: engagement,
        the dataset's employee measure, satisfaction, and outcomes of `frame`). ``n`` counts the answers of the half.
        Only of the wave on which most outcomes were ranked.

    Raises
    ------
    NotApplicable
        Without units to compare or answers of employees, or where engagement is not made from answers.
    """
    settings = dataset.settings
    engagement = engagement or settings.measures.engagement
    if frame.empty:
        raise NotApplicable("Too few units have answers in both halves.")
    frame = frame[frame["engagement_period"] == frame["engagement_period"].mode().iloc[0]]
    scores = _half_scores(dataset, frame, rng)
    if engagement not in set(scores["outcome"]):
        raise NotApplicable(
            "{engagement} was not made from answers, so nobody can be split in halves.", engagement=engagement
        )
    ranked = scores[(scores["part"] == SAME_HALF) & (scores["outcome"] == engagement)].set_index("entity")["value"]
    wanted = [engagement, settings.measures.employee, "employee_satisfaction", *frame["outcome"].unique()]
    places = frame.drop_duplicates("entity")[["entity", "organisation", "cluster", "period", "engagement_period"]]
    own = scores[scores["outcome"].isin(wanted)].merge(places, on="entity")
    others = frame[~frame["outcome"].isin(scores["outcome"])].assign(part=OTHERS)
    both = pd.concat([own.assign(ratio_scale=False, higher_is_better=True), others], ignore_index=True)
    both["engagement"] = both["entity"].map(ranked)
    return both.loc[both["engagement"].notna(), list(HALF_COLUMNS)].reset_index(drop=True)


def _half_scores(dataset: Dataset, frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Scores of both halves of each unit, in the wave it was ranked on."""
    units, above = frame["entity"].unique(), dataset.hierarchy.closure.set_axis(["entity", "unit_id"], axis=1)
    answers = dataset.table("employee_answers")
    answers = answers[answers["period"] == frame["engagement_period"].iloc[0]]
    answers = answers.merge(above[above["entity"].isin(units)], on="unit_id")
    place = pd.Series(rng.random(len(answers)), index=answers.index).groupby(answers["entity"]).rank()
    answers = answers.assign(unit_id=answers["entity"]).drop(columns="entity")
    halves = {SAME_HALF: answers[place % 2 == 1], OTHER_HALF: answers[place % 2 == 0]}
    items = dataset.table("items") if dataset.has("items") else pd.DataFrame(columns=["item_id", "element"])
    scored = {part: scores_of(dataset, half, items) for part, half in halves.items()}
    columns = {"unit_id": "entity", "measure": "outcome", "estimate": "value", "n": "n"}
    parts = [scores[list(columns)].rename(columns=columns).assign(part=part) for part, scores in scored.items()]
    return pd.concat(parts, ignore_index=True)


def scores_of(dataset: Dataset, answers: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Score some answers of employees, unit by unit, without those below.

    Parameters
    ----------
    dataset : Dataset
    answers : DataFrame, one row per person
    items : DataFrame
        The questions to score, with the measure each belongs to as its ``element``.

    Returns
    -------
    DataFrame
        ``unit_id``, ``period``, ``measure``, ``kind``, ``estimate``, ``n``, ``n_effective``, ``se``; sorted.
    """
    itself = pd.DataFrame({"ancestor_id": answers["unit_id"].unique(), "unit_id": answers["unit_id"].unique()})
    sums = employee_sums(ibis.memtable(answers), items, dataset.settings.periods_per_year)
    connection = ibis.duckdb.connect()
    try:
        scores = connection.to_pandas(rollup.estimates_from_sums(rollup.pool(sums, ibis.memtable(itself))))
    finally:
        connection.disconnect()
    return scores.sort_values(["unit_id", "measure"], ignore_index=True)
