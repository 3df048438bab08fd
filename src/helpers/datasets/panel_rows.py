"""Scores of units at one level, and the clusters they hang together in: what panels are laid out from.

A *cluster* is a group of units whose fates hang together, such as the teams of one country.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.released import TOGETHER, countable_rows, is_hidden
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset
    from helpers.datasets.hierarchy import Hierarchy

# Errors must be clustered where shocks are shared, which is as high as one can go; but a cluster-robust variance from
# fewer than about 20 clusters is too small whatever the correction, so below that the next level down is taken.
MIN_CLUSTERS = 20
HIDDEN = "hidden"


def scores_at(dataset: Dataset, level: str, below: str, measures: Sequence[str]) -> pd.DataFrame:
    """Give the scores of the units of a level that a statistic over many of them may rest on.

    Parameters
    ----------
    dataset : Dataset
    level : str
    below : str
        Only units in the subtree of this one; empty: the whole organisation.
    measures : sequence of str

    Returns
    -------
    DataFrame
        Rows of `dataset.scores` with an estimate; see `countable_rows`.

    Raises
    ------
    NotApplicable
        When there are no such units.
    """
    below = dataset.unit(below)
    units = dataset.hierarchy.at_level(level, below)
    if not units:
        raise NotApplicable(
            "There are no units of level {level} in {unit}.", level=level, unit=dataset.hierarchy.name(below)
        )
    scores = dataset.scores
    kept = scores["unit_id"].isin(units) & scores["measure"].isin(measures) & scores["estimate"].notna()
    return countable_rows(dataset, scores[kept], below=below)


def with_hidden(dataset: Dataset, scores: pd.DataFrame) -> pd.DataFrame:
    """Add ``hidden``: whether the figure itself may not be shown."""
    return scores.assign(**{HIDDEN: False if dataset.mask is None else is_hidden(dataset, scores)})


def without_few_hidden(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out units with a hidden figure on either side, where fewer than `TOGETHER` of them have both sides.

    Parameters
    ----------
    frame : DataFrame, one row per entity and outcome
        ``outcome``, and ``hidden`` of the outcome and, as ``hidden_beside``, of engagement.

    Returns
    -------
    DataFrame
        Rows of `frame`: many units may be hidden on one side, and few of these be known on the other.
    """
    hidden = frame[HIDDEN] | frame[f"{HIDDEN}_beside"]
    few = hidden.groupby(frame["outcome"]).transform("sum") < TOGETHER
    return frame[~(hidden & few)]


def linked_rows(dataset: Dataset, level: str, below: str, measures: Sequence[str]) -> pd.DataFrame:
    """Give the scores of the units of a level on measures that are linked with each other, in any of their periods.

    Parameters
    ----------
    dataset, level, below, measures
        As for `scores_at`.

    Returns
    -------
    DataFrame
        Its rows without hidden figures that stand beside another of the measures in fewer than `TOGETHER` units of the
        same period: many may be hidden in one measure, few of these have the other one, and a link tells of those few.
    """
    scores = scores_at(dataset, level, below, measures)
    if dataset.mask is None:
        return scores
    hidden, few = is_hidden(dataset, scores), pd.Series(False, index=scores.index)
    for other, rows in scores.groupby("measure"):
        # In whatever period they have the other measure, since a lag sets periods beside each other.
        beside = hidden & (scores["measure"] != other) & scores["unit_id"].isin(rows["unit_id"].unique())
        few |= beside & (beside.groupby([scores["period"], scores["measure"]]).transform("sum") < TOGETHER)
    return scores[~few]


def require_scores(scores: pd.DataFrame, measures: Sequence[str]) -> None:
    """Raise `NotApplicable` unless there are scores of each measure."""
    absent = [measure for measure in measures if not (scores["measure"] == measure).any()]
    if absent:
        raise NotApplicable("These units have no scores of {measures}.", measures=", ".join(absent))


def clusters(hierarchy: Hierarchy, entities: Sequence[str]) -> dict[str, str]:
    """Choose the unit of dependence of each entity.

    The highest level below the root that divides the entities into at least `MIN_CLUSTERS` is taken: shocks are shared
    at every level, so the highest level leaves the fewest of them out. Where no level does, each entity is its own.

    Parameters
    ----------
    hierarchy : Hierarchy
    entities : sequence of str
        Units, of one level.

    Returns
    -------
    dict of str to str
        The cluster of each entity: a unit above it, or itself.
    """
    paths = {entity: hierarchy.path(entity)[1:] for entity in entities}
    level = {unit: hierarchy.level(unit) for unit in {unit for path in paths.values() for unit in path}}
    for candidate in hierarchy.levels:
        above = {e: next((u for u in path if level[u] == candidate), "") for e, path in paths.items()}
        if all(above.values()) and len(set(above.values())) >= MIN_CLUSTERS:
            return above
    return {entity: entity for entity in entities}
