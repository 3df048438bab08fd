"""The panel on which actions are followed: measures of units over time, with the first action on each.

Figures have the better side up. They are told on the scale of the answers where all measures acted on share one, and
else in standard deviations between units in one wave. An action stays out of the panel for a reason of `REASONS`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.datasets.action_plans import action_level
from helpers.datasets.contract import BERSIN_ELEMENTS
from helpers.datasets.dataset import Dataset
from helpers.datasets.growth import answer_range
from helpers.datasets.panel_rows import clusters
from helpers.datasets.panels import unit_panel
from helpers.datasets.released import named_units
from helpers.stats.action_cells import MIN_HIDDEN
from helpers.stats.action_effects import OTHERS
from helpers.stats.action_verdict import MIN_ACTED
from helpers.stats.estimates import NotApplicable
from helpers.stats.smart_rules import FIRST

REASONS = ("no_start", "no_measure", "other_level", "later_action", "no_figures")
OTHER_PROGRAMMES = ""
NPS_RANGE = (-100, 100)


@dataclass(frozen=True)
class ActionPanel:
    """What the effect of actions is estimated from.

    Parameters
    ----------
    frame : DataFrame, one row per cell and time
        As for `stats.action_effects.action_sets`, with ``told_first`` (was the action communicated first) and
        ``programme`` ("" for those of which there are few) of the cells acted on.
    level : str
        Of the units followed.
    scale : (float, float) or None
        Lowest and highest answer of all measures; None: told in standard deviations.
    smallest_effect : float
        In the unit told.
    sd : float
        Between units in one wave, in the unit told.
    left_out : dict of str to int
        Actions that stay out, by reason; ``no_figures``: its unit has none that may take part.
    """

    frame: pd.DataFrame
    level: str
    scale: tuple[float, float] | None
    smallest_effect: float
    sd: float
    left_out: dict[str, int]

    @property
    def grouped(self) -> bool:
        """Whether the clusters are groups of units, not the units themselves."""
        return self.frame["cluster"].nunique() < self.frame["entity"].nunique()


def action_panel(dataset: Dataset, actions: pd.DataFrame, *, level: str = "", below: str = "") -> ActionPanel:
    """Lay out the panel on which actions are followed.

    Parameters
    ----------
    dataset : Dataset
    actions : DataFrame
        Answer of `action_plans.action_plans`.
    level : str
        Of the units followed; empty: that of most actions.
    below : str
        Only units in the subtree of this one; empty: the whole organisation.

    Returns
    -------
    ActionPanel
        The first action on each measure of a unit is followed. A unit is no control from its first action on any
        measure on, nor from that of a unit above it.

    Raises
    ------
    NotApplicable
        When no action has a start and a measure with scores, there are no such units, or these do not differ.
    """
    level = level or action_level(dataset, actions)
    reasons = _reasons(dataset, actions, level)
    followed = actions[reasons == ""]
    if followed.empty:
        raise NotApplicable(
            "No action can be followed: none at the level {level} has both a start and a measure with scores.",
            level=level,
        )
    measures = list(dict.fromkeys([*followed["acted"], *_elements(dataset)]))
    wide = unit_panel(dataset, followed["acted"].iloc[0], level=level, below=below, beside=measures)
    scale = _common_scale(dataset, sorted(followed["acted"].unique()))
    kept = [name for name in measures if name in wide and (scale is None or answer_range(dataset, name) == scale)]
    frame = wide.melt(["entity", "time"], kept, "stratum", "y").dropna(subset="y")
    frame["y"] *= frame["stratum"].map(followed.groupby("acted")["sign"].first()).fillna(1.0)
    spread = frame["y"] - frame.groupby(["stratum", "time"])["y"].transform("mean")
    sds = spread.groupby(frame["stratum"]).std()
    frame = frame[frame["stratum"].isin(sds.index[sds > 0])].copy()
    if not frame["stratum"].isin(followed["acted"]).any():
        raise _nothing_beside(wide, sorted(followed["acted"].unique()))
    frame["y"] /= 1.0 if scale else frame["stratum"].map(sds)
    frame = _with_actions(dataset, _with_others(frame), actions, followed)
    cells = frame.loc[frame["first"].notna(), ["entity", "stratum"]].drop_duplicates()
    left_out = {reason: int((reasons == reason).sum()) for reason in REASONS}
    left_out["no_figures"] = len(followed) - len(cells)
    told = {"scale": scale, "sd": float(sds[sds > 0].mean()) if scale else 1.0}
    return ActionPanel(frame, level, smallest_effect=_smallest(dataset, **told), left_out=left_out, **told)


def _elements(dataset: Dataset) -> list[str]:
    return [name for name in BERSIN_ELEMENTS if (dataset.scores["measure"] == name).any()]


def _reasons(dataset: Dataset, actions: pd.DataFrame, level: str) -> pd.Series:
    """Why each action stays out; empty for those that are followed."""
    elsewhere = actions["unit_id"].map(dataset.hierarchy.level) != level
    known = [actions["first"].isna(), actions["acted"].isna(), elsewhere]
    usable = ~(known[0] | known[1] | known[2])
    later = usable & actions[usable].duplicated(["unit_id", "acted"]).reindex(actions.index, fill_value=False)
    return pd.Series(np.select([*known, later], REASONS[:4], ""), index=actions.index)


def _nothing_beside(wide: pd.DataFrame, acted: list[str]) -> NotApplicable:
    if wide["entity"].nunique() < 2:
        return NotApplicable("Only one unit has figures here, so there is nothing to set its actions beside.")
    return NotApplicable("In every period all units have the same scores on {columns}.", columns=", ".join(acted))


def _common_scale(dataset: Dataset, measures: list[str]) -> tuple[float, float] | None:
    scales = {answer_range(dataset, name) for name in measures}
    return scales.pop() if len(scales) == 1 else None


def _with_others(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the mean of what else was measured in the unit at that time; missing where nothing else was."""
    alike = frame.groupby(["entity", "time"])["y"]
    count = alike.transform("size")
    return frame.assign(**{OTHERS: (alike.transform("sum") - frame["y"]) / (count - 1).where(count > 1)})


def _with_actions(dataset: Dataset, frame: pd.DataFrame, actions: pd.DataFrame, followed: pd.DataFrame) -> pd.DataFrame:
    keys = followed.rename(columns={"unit_id": "entity", "acted": "stratum"})
    keys = keys.assign(told_first=keys["told"] == FIRST)[["entity", "stratum", "first", "told_first", "programme"]]
    frame = frame.merge(keys, how="left", on=["entity", "stratum"])
    units = frame["entity"].unique().tolist()
    frame["until"] = frame["entity"].map(_no_control_from(dataset, actions, units))
    frame["cluster"] = frame["entity"].map(clusters(dataset.hierarchy, units))
    frame["hidden"] = _hidden(dataset, frame)
    return frame.assign(programme=_programmes(frame))


def _no_control_from(dataset: Dataset, actions: pd.DataFrame, units: list[str]) -> dict[str, float]:
    """First time at which each unit, or one above it, acts; an action without a start may have begun at any time."""
    starts = actions["first"].fillna(-np.inf).groupby(actions["unit_id"]).min()
    above = {unit: starts.reindex(dataset.hierarchy.path(unit)) for unit in units}
    return {unit: float(found.min()) if found.notna().any() else np.nan for unit, found in above.items()}


def _hidden(dataset: Dataset, frame: pd.DataFrame) -> pd.Series:
    shown = {name: named_units(dataset, [name]) for name in frame["stratum"].unique()}
    return pd.Series(
        [entity not in shown[name] for entity, name in zip(frame["entity"], frame["stratum"], strict=True)],
        index=frame.index,
    )


def _programmes(frame: pd.DataFrame) -> pd.Series:
    """Name programmes of which there are enough; the others go together, with the smallest of them if need be."""
    cells = frame[frame["first"].notna()].drop_duplicates(["entity", "stratum"])
    named = cells["programme"].fillna(OTHER_PROGRAMMES)
    sizes = pd.DataFrame({"n": named.value_counts(), "hidden": cells["hidden"].groupby(named).sum()}).sort_values("n")
    few = (sizes["n"] < MIN_ACTED) | sizes["hidden"].between(1, MIN_HIDDEN - 1) | (sizes.index == OTHER_PROGRAMMES)
    while _is_few(sizes[few]) and not few.all():
        few[few.idxmin()] = True
    return frame["programme"].mask(frame["programme"].isin(sizes.index[few]), OTHER_PROGRAMMES)


def _is_few(together: pd.DataFrame) -> bool:
    """Whether programmes that go together, as what the others leave of all, hold few actions or few hidden units."""
    n, hidden = together["n"].sum(), together["hidden"].sum()
    return bool(0 < n < MIN_ACTED or 0 < hidden < MIN_HIDDEN)


def _smallest(dataset: Dataset, scale: tuple[float, float] | None, sd: float) -> float:
    """Smallest effect that matters in the unit told; points are those of NPS, else hundredths of the scale."""
    smallest = dataset.settings.smallest_effect
    if smallest.unit == "sd" or scale is None:
        return smallest.value * sd
    return smallest.value * (1.0 if scale == NPS_RANGE else (scale[1] - scale[0]) / 100)
