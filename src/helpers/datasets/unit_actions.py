"""Actions agreed in a unit, with the figure each was to move."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.action_list import may_be_named
from helpers.datasets.action_plans import acted_on
from helpers.datasets.dataset import Dataset
from helpers.datasets.marking import LEADERS
from helpers.datasets.once import once

COLUMNS = ["unit_id", "name", "description", "measure", "target", "communicated_on", "start", "due"]
# Older ones are history; the table of a leader's page is to be read.
MOST_ACTIONS = 8


def unit_actions(dataset: Dataset, *, unit_id: str, audience: str = LEADERS) -> tuple[pd.DataFrame, int]:
    """List the latest actions of a unit and of those below it that may be named with what they act on.

    Parameters
    ----------
    dataset : Dataset
        Without a table ``actions`` the list is empty.
    unit_id : str
    audience : {"leaders", "manager", "hr"}
        What a single team says of its one manager is for that manager and HR only.

    Returns
    -------
    DataFrame
        `COLUMNS`, the latest start first, at most 8 rows; see `action_list.may_be_named`. A target says what the figure
        was before, so it is missing where that figure was not measured.
    int
        How many may not be named.
    """
    if not dataset.has("actions"):
        return pd.DataFrame(columns=COLUMNS), 0
    actions = once(lambda: _all_actions(dataset, audience))
    below = actions[actions["unit_id"].isin(dataset.hierarchy.subtree(unit_id))]
    named = below[below["may_be_named"]]
    latest = named.sort_values(["start", "action_id"], ascending=[False, True]).head(MOST_ACTIONS)
    latest = latest.assign(name=latest["unit_id"].map(dataset.hierarchy.name))
    latest["target"] = latest["target"].where(latest["acted"] == latest["measure"])
    return latest.reindex(columns=COLUMNS).reset_index(drop=True), len(below) - len(named)


def _all_actions(dataset: Dataset, audience: str) -> pd.DataFrame:
    """Give all actions with ``acted`` and ``may_be_named``; the same for all units."""
    actions = dataset.table("actions")
    actions["unit_id"] = actions["unit_id"].replace(dataset.hierarchy.merged)
    actions = actions.assign(acted=acted_on(dataset, actions))
    return actions.assign(may_be_named=may_be_named(dataset, actions, audience=audience))
