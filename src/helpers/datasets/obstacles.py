"""What employees say gets in their way, beside how far customers recommend, over units.

Scores of obstacles are turned as all items are: a high one says that little gets in the way.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.moments import MOMENT, moment_answers
from helpers.datasets.panel_rows import HIDDEN, clusters, require_scores, scores_at, with_hidden
from helpers.datasets.released import TOGETHER, counted_units
from helpers.stats.estimates import NotApplicable
from helpers.stats.penalty_reward import recommend_points

OBSTACLE, NPS = "obstacle", "nps"


@dataclass(frozen=True)
class ObstacleUnits:
    """Units with what gets in the way of their employees beside the scores of their customers, in one period.

    Parameters
    ----------
    frame : DataFrame, one row per unit
        ``entity``, ``cluster``, ``obstacle``, ``nps``, and a column per moment with the NPS of its customers there;
        missing where there is none that may take part.
    period, level : str
    moments : list of str
    counted : dict
        Answer of `released.counted_units` for both scores.
    """

    frame: pd.DataFrame
    period: str
    level: str
    moments: list[str]
    counted: dict[str, object]

    @property
    def outcomes(self) -> list[str]:
        """The columns set beside obstacles: all moments together first."""
        return [NPS, *self.moments]


def obstacle_units(dataset: Dataset, unit: str) -> ObstacleUnits:
    """Lay out obstacles beside customers' scores, over the units below one at the level of quartiles.

    Parameters
    ----------
    dataset : Dataset
    unit : str

    Returns
    -------
    ObstacleUnits
        Hidden figures take part for the whole organisation only, and where at least `TOGETHER` units have them at
        once; see `released.countable_rows`.

    Raises
    ------
    NotApplicable
        When there are no such units, or no period in which they have both scores.
    """
    level = dataset.settings.levels.quartile
    scores = scores_at(dataset, level, unit, [OBSTACLE, NPS])
    require_scores(scores, [OBSTACLE, NPS])
    known = scores.groupby("period")["measure"].nunique()
    if not (known == 2).any():
        raise NotApplicable("{measures} were never measured in the same period.", measures=f"{OBSTACLE}, {NPS}")
    period = str(known.index[known == 2].max())
    rows = with_hidden(dataset, scores[scores["period"] == period])
    wide = rows.pivot(index="unit_id", columns="measure", values=["estimate", HIDDEN]).dropna()
    frame = _countable(wide["estimate"].astype(float), wide[HIDDEN].astype(bool).any(axis=1))
    frame = frame[[OBSTACLE, NPS]].rename_axis(index="entity", columns=None).reset_index()
    moments = _moments(dataset, unit, level, period)
    groups = clusters(dataset.hierarchy, frame["entity"].tolist()) if len(frame) else {}
    frame = frame.assign(cluster=frame["entity"].map(groups)).merge(moments, how="left", on="entity")
    counted = counted_units(dataset, [OBSTACLE, NPS], level=level, below=unit, periods=[period])
    return ObstacleUnits(frame, period, level, [column for column in moments if column != "entity"], counted)


def _countable(values: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    return values if hidden.sum() >= TOGETHER else values[~hidden]


def _moments(dataset: Dataset, unit: str, level: str, period: str) -> pd.DataFrame:
    """NPS by unit and moment of that period; no columns where moments are not known or may not be shown."""
    none = pd.DataFrame({"entity": pd.Series(dtype="str")})
    try:
        answers = moment_answers(dataset, unit)
    except NotApplicable:
        return none
    if answers.periods != [period]:
        return none
    entities = dataset.hierarchy.at_level(level, unit)
    closure = dataset.hierarchy.closure
    entity = closure[closure["ancestor_id"].isin(entities)].set_index("unit_id")["ancestor_id"]
    frame = answers.frame.assign(entity=answers.frame["unit_id"].map(entity)).dropna(subset=["entity"])
    weight = frame.get("weight", pd.Series(1.0, index=frame.index))
    sums = pd.DataFrame({"w": weight, "wy": weight * recommend_points(frame["recommend"]), "n": 1})
    cells = sums.groupby([frame["entity"], frame[MOMENT]]).sum()
    cells["nps"] = cells["wy"] / cells["w"]
    told = set(frame.loc[frame["cluster"] == frame["entity"], "entity"])
    cells[HIDDEN] = ~cells.index.get_level_values("entity").isin(told)
    if dataset.mask is not None:
        few = cells.groupby(MOMENT)[HIDDEN].transform("sum") < TOGETHER
        cells = cells[~cells[HIDDEN] | (~few & (unit == dataset.hierarchy.root))]
    return cells["nps"].unstack(MOMENT).rename_axis(columns=None).reset_index()
