"""Scores of a unit whose intervals know that people of one team answer alike, through the release gate.

Clusters are the groups of `answer_frames`, so that an error by clusters tells no more than released figures do. With
few of them, and for a single team, answers count as independent; between two waves people who answer twice are then
the clusters, where it is known who they are and enough of them do.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import Answers, shown_children
from helpers.datasets.answered_twice import PERSON, may_know_people
from helpers.datasets.dataset import Dataset
from helpers.datasets.periods import period_time
from helpers.datasets.released import complete_scores, pass_gate
from helpers.release import ReleasedTable
from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.estimates import NotApplicable
from helpers.stats.nps_survey import Design, survey_differences, survey_nps

CLUSTER, CHILD = "cluster", "child"
LIMITS = ["ci_low", "ci_high"]
CHANGES = ["change", "change_low", "change_high"]
# A given score may differ from that of the answers; it then keeps the interval that it came with.
SAME = 1e-6


@dataclass(frozen=True)
class UnitScores:
    """Released scores of a unit and of others beside it, and how the intervals of the unit were made.

    Parameters
    ----------
    table : ReleasedTable
        As `helpers.datasets.released.released_scores` gives it.
    designs : DataFrame, one row per measure
        ``measure``, ``n_clusters`` (0: answers count as independent) and ``wider``, how many times as wide the interval
        of the latest period is as that of independent answers. Only measures whose interval is shown.
    """

    table: ReleasedTable
    designs: pd.DataFrame


def survey_scores(
    dataset: Dataset, answers: Sequence[Answers], *, units: Sequence[str], conf_level: float = 0.95
) -> UnitScores:
    """Give the scores of some units as they may be shown, with intervals by the design of the survey.

    Parameters
    ----------
    dataset : Dataset
    answers : sequence of Answers
        Of the first unit; none where the dataset has scores only.
    units : sequence of str
        The first is the one a page is about; units directly below it get such an interval in the latest period.
    conf_level : float

    Returns
    -------
    UnitScores

    Raises
    ------
    NotApplicable
        As `released_scores`.
    """
    scores = complete_scores(dataset, units=units, conf_level=conf_level)
    designs = []
    for one in answers:
        by_design = unit_intervals(one, conf_level=conf_level)
        latest = _at(scores, one.unit, one.measure, one.periods[-1:])
        designs.append({"measure": one.measure} | _design(by_design, scores[latest]))
        scores = _set_beside(scores, by_design, _at(scores, one.unit, one.measure), LIMITS + CHANGES)
        below = child_intervals(one.at(one.periods[-1]), conf_level=conf_level)
        at = scores["unit_id"].isin(below["unit_id"]) & _at(scores, None, one.measure, one.periods[-1:])
        scores = _set_beside(scores, below, at, LIMITS)
    table = pass_gate(dataset, scores)
    return UnitScores(table, _shown_designs(designs, table, units[0]))


def unit_intervals(answers: Answers, *, conf_level: float = 0.95) -> pd.DataFrame:
    """Give score, interval and change of a unit in each period.

    Parameters
    ----------
    answers : Answers
    conf_level : float

    Returns
    -------
    DataFrame, one row per period
        ``unit_id``, ``period``, ``estimate``, ``ci_low``, ``ci_high``, ``n_clusters`` (0: none), and against the period
        before ``change``, ``change_low``, ``change_high`` (missing after a gap).
    """
    known = Answers(answers.dataset, answers.side, answers.unit, _asked(answers.frame))
    single = {period: known.at(period) for period in known.periods}
    clustered = min((one.groups().nunique() for one in single.values()), default=0) >= MIN_CLUSTERS
    rows = [
        {"unit_id": answers.unit, "period": period, **_score(one, clustered, conf_level)}
        for period, one in single.items()
    ]
    columns = ["unit_id", "period", "estimate", *LIMITS, "n_clusters"]
    changes = pd.DataFrame(_changes(known, clustered, conf_level), columns=["period", *CHANGES])
    return pd.DataFrame(rows, columns=columns).merge(changes, how="left", on="period")


def child_intervals(answers: Answers, *, conf_level: float = 0.95) -> pd.DataFrame:
    """Give the intervals of the units directly below, by the groups within them where these are enough.

    Parameters
    ----------
    answers : Answers
        Of one period.
    conf_level : float

    Returns
    -------
    DataFrame, one row per unit
        ``unit_id``, ``period``, ``estimate``, ``ci_low``, ``ci_high``.
    """
    columns = ["unit_id", "period", "estimate", *LIMITS]
    frame = with_children(answers)
    if frame[CHILD].nunique() < 1 or frame[CLUSTER].nunique() < 2:
        return pd.DataFrame(columns=columns)
    table = survey_nps(frame, _design_of(frame, CLUSTER), by=CHILD, conf_level=conf_level)
    return table.rename(columns={"term": "unit_id"}).assign(period=answers.periods[-1])[columns]


def child_differences(answers: Answers, *, conf_level: float = 0.95) -> dict[str, float]:
    """Count the pairs of units directly below, all of them shown, whose scores differ by more than chance.

    Parameters
    ----------
    answers : Answers
        Of one period.
    conf_level : float

    Returns
    -------
    dict
        ``n_units``, ``n_pairs`` with an interval, ``n_clear`` (interval without zero) and ``n_expected``, how many of
        them chance alone would make clear on average.

    Raises
    ------
    NotApplicable
        With fewer than two such units.
    """
    frame = with_children(answers)
    if frame[CHILD].nunique() < 2:
        raise NotApplicable("Fewer than two units directly below have figures to compare.")
    pairs = survey_differences(frame, _design_of(frame, CLUSTER), by=CHILD, conf_level=conf_level)
    told = pairs[pairs["ci_low"].notna()]
    clear = (told["ci_low"] > 0) | (told["ci_high"] < 0)
    found = {"n_units": frame[CHILD].nunique(), "n_pairs": len(told), "n_clear": int(clear.sum())}
    return found | {"n_expected": (1 - conf_level) * len(told)}


def with_children(answers: Answers) -> pd.DataFrame:
    """Add to each answer of one period its ``cluster`` and its ``child``, the shown unit directly below it belongs to.

    Returns
    -------
    DataFrame
        ``child`` is missing for answers outside such units; those stay, since their clusters belong to the design.
        Where a unit has few groups, each answer is a cluster of its own.
    """
    hierarchy, frame = answers.dataset.hierarchy, _asked(answers.frame)
    shown = shown_children(answers)
    of_child = {below: child for child in shown for below in hierarchy.subtree(child)}
    child = frame["unit_id"].map(of_child).astype("object")
    groups = Answers(answers.dataset, answers.side, answers.unit, frame).groups()
    n_groups = groups.groupby(child.fillna(answers.unit)).transform("nunique")
    return frame.assign(**{CLUSTER: groups.where(n_groups >= MIN_CLUSTERS, _each(frame)), CHILD: child})


def _asked(frame: pd.DataFrame) -> pd.DataFrame:
    if "recommend" not in frame or not frame["recommend"].notna().any():
        raise NotApplicable("Nobody answered the question.")
    return frame[frame["recommend"].notna()].reset_index(drop=True)


def _score(answers: Answers, clustered: bool, conf_level: float) -> dict[str, object]:
    frame = _slim(answers.frame, answers.groups() if clustered else _each(answers.frame))
    if len(frame) < 2:
        return {}
    row = survey_nps(frame, _design_of(frame, CLUSTER), conf_level=conf_level).iloc[0]
    return {name: row[name] for name in ("estimate", *LIMITS)} | {"n_clusters": row["n_clusters"] if clustered else 0}


def _changes(answers: Answers, clustered: bool, conf_level: float) -> list[dict[str, object]]:
    per_year, rows = answers.dataset.settings.periods_per_year, []
    for before, now in pairwise(answers.periods):
        if period_time(now, per_year) - period_time(before, per_year) != 1:
            continue
        both = answers.at(before, now)
        frame = _slim(both.frame, both.groups() if clustered else _people(both))
        # A single person in both waves has no error.
        with suppress(NotApplicable):
            row = survey_differences(frame, _design_of(frame, CLUSTER), by="period", conf_level=conf_level).iloc[0]
            rows.append({"period": now, **dict(zip(CHANGES, row[["estimate", *LIMITS]], strict=True))})
    return rows


def _slim(frame: pd.DataFrame, cluster: pd.Series) -> pd.DataFrame:
    """Keep what a score needs, clusters as numbers: grouping by texts takes most of the time."""
    kept = [name for name in ("recommend", "period", "weight") if name in frame]
    return frame[kept].assign(**{CLUSTER: pd.factorize(cluster)[0]})


def _people(answers: Answers) -> pd.Series:
    """People where they are known and may be; each answer for itself where not."""
    frame = answers.frame
    known = PERSON in frame and may_know_people(answers)
    return frame[PERSON].fillna(_each(frame)) if known else _each(frame)


def _each(frame: pd.DataFrame) -> pd.Series:
    return pd.Series([f"row {number}" for number in range(len(frame))], index=frame.index)


def _design_of(frame: pd.DataFrame, cluster: str) -> Design:
    return Design(weight="weight" if "weight" in frame else None, cluster=cluster)


def _at(scores: pd.DataFrame, unit: str | None, measure: str, periods: Sequence[str] = ()) -> pd.Series:
    rows = scores["measure"] == measure
    rows &= True if unit is None else scores["unit_id"] == unit
    return rows & scores["period"].isin(periods) if len(periods) else rows


def _set_beside(scores: pd.DataFrame, other: pd.DataFrame, rows: pd.Series, columns: list[str]) -> pd.DataFrame:
    """Take figures of the same unit, period and score from another table, where that has them."""
    keys = ["unit_id", "period"]
    both = scores.loc[rows, keys].merge(other, how="left", on=keys).set_index(scores.index[rows])
    same = (both["estimate"] - scores.loc[rows, "estimate"]).abs() < SAME
    told = same.to_numpy()[:, None] & both[columns].notna().to_numpy()
    result = scores.copy()
    result.loc[rows, columns] = np.where(told, both[columns].to_numpy(float), scores.loc[rows, columns].to_numpy(float))
    return result


def _design(by_design: pd.DataFrame, simple: pd.DataFrame) -> dict[str, float]:
    latest = by_design.iloc[-1]
    width = (simple["ci_high"] - simple["ci_low"]).iloc[0] if len(simple) else np.nan
    return {"n_clusters": latest["n_clusters"], "wider": (latest["ci_high"] - latest["ci_low"]) / width}


def _shown_designs(designs: list[dict[str, object]], table: ReleasedTable, unit: str) -> pd.DataFrame:
    frame = table.frame
    own = frame[(frame["unit_id"] == unit) & frame["ci_low"].notna()]
    latest = own.sort_values("period").groupby("measure")["period"].last()
    newest = frame[frame["unit_id"] == unit].groupby("measure")["period"].max()
    told = {measure for measure, period in latest.items() if newest[measure] == period}
    rows = [row for row in designs if row["measure"] in told and row["wider"] == row["wider"]]
    return pd.DataFrame(rows, columns=["measure", "n_clusters", "wider"])
