"""Planned actions with what is needed to judge and to follow them.

What an action *acted on* is the measure it is judged by, or else its element, if the dataset has scores of it. `first`
is the time of the first wave that can show it, the *low wave* the one before: the last that it was decided on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.panels import unit_panel
from helpers.datasets.periods import period_of_dates, period_time
from helpers.datasets.quartile_rows import scales
from helpers.datasets.released import named_units
from helpers.stats.action_cells import MIN_HIDDEN
from helpers.stats.estimates import NotApplicable
from helpers.stats.smallest_change import smallest_change
from helpers.stats.smart_rules import USUAL_SHARE, announcement


def action_plans(dataset: Dataset, *, below: str = "", shown_after: int = 0) -> pd.DataFrame:
    """Give the planned actions of a unit and of all below it.

    Parameters
    ----------
    dataset : Dataset
    below : str
        Empty: the whole organisation.
    shown_after : int
        Waves from the one of the period in which an action starts to the first that can show it; 1 where the survey is
        held early in its period, before the actions of that period start.

    Returns
    -------
    DataFrame, one row per action, the earliest start first
        Columns of the contract; ``acted`` (missing: nothing measured), ``first`` (missing without a start), ``told``
        ("first", "late", "silent"), ``sign`` (-1 where less is better), ``step`` (from baseline to target, the better
        side up), ``usual_change`` and ``smallest`` as `stats.smart_rules.smart_rules` needs them; the latter tells how
        many answered, so it is missing where that may not be told.

    Raises
    ------
    NotApplicable
        Without a table of actions, or where it has none of these units.
    """
    if not dataset.has("actions"):
        raise NotApplicable("This needs a table of actions, which these data do not have.")
    actions, per_year = dataset.table("actions"), dataset.settings.periods_per_year
    actions["unit_id"] = actions["unit_id"].replace(dataset.hierarchy.merged)
    unit = dataset.unit(below)
    actions = actions[actions["unit_id"].isin(dataset.hierarchy.subtree(unit))]
    if actions.empty:
        raise NotApplicable("There are no actions of {unit}.", unit=dataset.hierarchy.name(unit))
    actions = actions.sort_values(["start", "action_id"], ignore_index=True)
    periods = period_of_dates(actions["start"], per_year).where(actions["start"].notna())
    times = {period: period_time(period, per_year) + shown_after for period in periods.dropna().unique()}
    actions = actions.assign(acted=acted_on(dataset, actions), first=periods.map(times).astype("float64"))
    measured = set(actions["acted"].dropna())
    actions = actions.assign(
        told=announcement(actions), sign=actions["acted"].map(_signs(dataset, measured)).fillna(1.0)
    )
    sized = actions.assign(step=actions["sign"] * (actions["target"] - actions["baseline"]))
    return _with_sizes(dataset, sized, whole=unit == dataset.hierarchy.root)


def acted_on(dataset: Dataset, actions: pd.DataFrame) -> pd.Series:
    """Give the measure that each action acted on; missing where neither its measure nor its element has scores."""
    measured = set(dataset.scores.loc[dataset.scores["estimate"].notna(), "measure"].unique())
    acted = actions["measure"].where(actions["measure"].isin(measured), actions["element"])
    return acted.where(acted.isin(measured))


def action_level(dataset: Dataset, actions: pd.DataFrame) -> str:
    """Give the level at which most actions were planned."""
    levels = actions["unit_id"].map(dataset.hierarchy.level)
    return str(levels.value_counts().index[0])


def _signs(dataset: Dataset, measures: set[str]) -> dict[str, float]:
    table = scales(dataset, sorted(measures)).set_index("outcome")["higher_is_better"]
    return {name: 1.0 if table.get(name, True) else -1.0 for name in measures}


def _with_sizes(dataset: Dataset, actions: pd.DataFrame, *, whole: bool) -> pd.DataFrame:
    """Add what most units change from one time to the next, and what this unit would see."""
    measures = actions["acted"].dropna().unique().tolist()
    usual, smallest = (
        _usual_changes(dataset, measures, action_level(dataset, actions)),
        pd.Series(np.nan, actions.index),
    )
    for measure, rows in actions.groupby("acted"):
        smallest[rows.index] = _smallest(rows, dataset.scores[dataset.scores["measure"] == measure])
    smallest = smallest.where(_may_tell_sizes(dataset, actions, whole=whole))
    return actions.assign(usual_change=actions["acted"].map(usual), smallest=smallest)


def _may_tell_sizes(dataset: Dataset, actions: pd.DataFrame, *, whole: bool) -> pd.Series:
    """Whether numbers of answers may be told of: of shown units, and of many hidden ones in the whole organisation."""
    shown = {measure: named_units(dataset, [measure]) for measure in actions["acted"].dropna().unique()}
    named = [unit in shown.get(acted, ()) for unit, acted in zip(actions["unit_id"], actions["acted"], strict=True)]
    enough = whole and named.count(False) >= MIN_HIDDEN
    return pd.Series([enough or one for one in named], index=actions.index)


def _usual_changes(dataset: Dataset, measures: list[str], level: str) -> dict[str, float]:
    try:
        panel = unit_panel(dataset, measures[:1], level=level, beside=measures[1:]) if measures else None
    except NotApplicable:
        return {}
    if panel is None:
        return {}
    before = panel.assign(time=panel["time"] + 1)
    both = panel.merge(before, on=["entity", "time"], suffixes=("", "_before"))
    known = [name for name in measures if name in panel]
    return {name: float((both[name] - both[f"{name}_before"]).abs().quantile(USUAL_SHARE)) for name in known}


def _smallest(actions: pd.DataFrame, scores: pd.DataFrame) -> pd.Series:
    """Smallest change that each unit would see between two waves with its usual number of answers."""
    weight = scores["n_effective"].where((scores["se"] > 0) & (scores["n_effective"] > 0))
    if not weight.sum() > 0:
        return pd.Series(np.nan, index=actions.index)
    spread = float(((weight * scores["se"]) ** 2).sum() / weight.sum()) ** 0.5
    sizes = actions["unit_id"].map(scores.groupby("unit_id")["n_effective"].median())
    return smallest_change(spread, sizes, sizes)
