"""Rows on which drivers are set against their outcome: units, halves of their people, units over time.

Statistics of the whole organisation only; units take part as `panel_rows.scores_at` has them. No row is ever shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.driver_choice import ANSWERED, DriverChoice
from helpers.datasets.panel_rows import clusters, require_scores, scores_at
from helpers.datasets.panels import unit_panel
from helpers.datasets.person_answers import PersonAnswers
from helpers.stats.driver_study import ERROR
from helpers.stats.estimates import NotApplicable
from helpers.stats.halves import HALVES
from helpers.stats.two_way import free_of_effects


def unit_rows(dataset: Dataset, choice: DriverChoice, *, level: str = "", period: str = "") -> pd.DataFrame:
    """Give the scores of units in one period, one row per unit with all of them.

    Parameters
    ----------
    dataset : Dataset
    choice : DriverChoice
        Of measures that have scores.
    level : str
        Of the units; empty: the dataset's quartile level.
    period : str
        Empty: the latest with the outcome.

    Returns
    -------
    DataFrame
        ``unit_id``, ``period``, drivers, outcome, ``cluster``.

    Raises
    ------
    NotApplicable
        Without such units or scores.
    """
    wanted = [choice.outcome, *choice.drivers]
    scores = scores_at(dataset, level or dataset.settings.levels.quartile, "", wanted)
    require_scores(scores, wanted)
    period = period or scores.loc[scores["measure"] == choice.outcome, "period"].max()
    scores = scores[scores["period"] == period]
    require_scores(scores, wanted)
    wide = scores.pivot(index="unit_id", columns="measure", values="estimate").reindex(columns=wanted).dropna()
    wide = wide.rename_axis(columns=None).reset_index()
    wide["cluster"] = wide["unit_id"].map(clusters(dataset.hierarchy, wide["unit_id"].tolist()))
    return wide.assign(period=period)


def told_units(dataset: Dataset, choice: DriverChoice, *, level: str, period: str) -> list[str]:
    """List the units of a level that a statistic over many of them may rest on in a period.

    Raises
    ------
    NotApplicable
        Without such units or scores.
    """
    measures = [choice.outcome, *choice.drivers]
    scores = scores_at(dataset, level, "", measures)
    scores = scores[scores["period"] == period]
    found = scores.groupby("unit_id")["measure"].nunique()
    # Single questions have no scores of their own; who answers one has answered together with all others.
    needed = len(set(measures) & set(dataset.scores["measure"]))
    units = found.index[found == needed].tolist()
    if not units:
        raise NotApplicable("These units have no scores of {measures}.", measures=choice.outcome)
    return units


def half_means(people: PersonAnswers, units: Sequence[str], *, rng: np.random.Generator) -> pd.DataFrame:
    """Part the people of each unit in two by chance, and give the means of both halves.

    Parameters
    ----------
    people : PersonAnswers
    units : sequence of str
        Of one level; statistics over them may be told.
    rng : Generator

    Returns
    -------
    DataFrame, one row per unit with people in both halves
        A column of each half of each measure, see `helpers.stats.halves`, and ``cluster``.
    """
    hierarchy = people.answers.dataset.hierarchy
    above = hierarchy.closure.set_axis(["entity", "unit_id"], axis=1)
    measures = [one for one in people.frame.columns if f"{one}{ERROR}" in people.frame or one in ANSWERED]
    frame = people.frame[["unit_id", *measures]].merge(above[above["entity"].isin(units)], on="unit_id")
    place = pd.Series(rng.random(len(frame)), index=frame.index).groupby(frame["entity"]).rank()
    both = [frame[place % 2 == part].groupby("entity")[measures].mean() for part in (1, 0)]
    first, second = (part.add_suffix(half) for part, half in zip(both, HALVES, strict=True))
    halves = first.join(second, how="inner").reset_index()
    return halves.assign(cluster=halves["entity"].map(clusters(hierarchy, halves["entity"].tolist())))


def crossed_halves(halves: pd.DataFrame, choice: DriverChoice) -> pd.DataFrame:
    """Set the drivers as one half of the people sees them beside the outcome of the other half, both ways."""
    ways = []
    for own, other in (HALVES, HALVES[::-1]):
        drivers = halves[[f"{driver}{own}" for driver in choice.drivers]].set_axis(list(choice.drivers), axis=1)
        ways.append(
            drivers.assign(**{choice.outcome: halves[f"{choice.outcome}{other}"], "cluster": halves["cluster"]})
        )
    return pd.concat(ways, ignore_index=True)


def change_rows(dataset: Dataset, choice: DriverChoice, *, level: str = "") -> pd.DataFrame:
    """Give the scores of units in all periods, without what is lasting in a unit and what all share in a period.

    Parameters
    ----------
    dataset, choice, level
        As for `unit_rows`.

    Returns
    -------
    DataFrame
        Drivers, outcome, ``cluster``.

    Raises
    ------
    NotApplicable
        Where no unit was measured twice.
    """
    wanted = [choice.outcome, *choice.drivers]
    panel = unit_panel(dataset, wanted, level=level or dataset.settings.levels.quartile).dropna(subset=wanted)
    panel = panel[panel.groupby("entity")["time"].transform("size") > 1].reset_index(drop=True)
    if panel.empty:
        raise NotApplicable("No unit was measured in two periods.")
    free = free_of_effects(panel, wanted)
    return free.assign(cluster=panel["entity"].map(clusters(dataset.hierarchy, panel["entity"].unique().tolist())))
