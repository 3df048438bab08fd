"""Actions agreed in a unit, with the figure each was to move."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.release import ReleasedTable

COLUMNS = ["unit_id", "name", "description", "measure", "target", "communicated_on", "start", "due"]
# Older ones are history; the table of a leader's page is to be read.
MOST_ACTIONS = 8


def unit_actions(dataset: Dataset, table: ReleasedTable, *, unit_id: str) -> pd.DataFrame:
    """List the latest actions of a unit and of those below it.

    Parameters
    ----------
    dataset : Dataset
        Without a table ``actions`` the list is empty.
    table : ReleasedTable
        Scores of this unit and of those directly below; decides which targets may be shown.
    unit_id : str

    Returns
    -------
    DataFrame
        `COLUMNS`, the latest start first, at most 8 rows. A target says what the figure was before, so it is missing
        unless every figure of that unit and measure was released.
    """
    if not dataset.has("actions"):
        return pd.DataFrame(columns=COLUMNS)
    actions = dataset.table("actions")
    actions["unit_id"] = actions["unit_id"].replace(dataset.hierarchy.merged)
    below = actions[actions["unit_id"].isin(dataset.hierarchy.subtree(unit_id))]
    latest = below.sort_values(["start", "action_id"], ascending=[False, True]).head(MOST_ACTIONS)
    released = table.frame.groupby(["unit_id", "measure"])["released"].all()
    open_pairs = set(released.index[released])
    pairs = zip(latest["unit_id"], latest["measure"], strict=True)
    latest = latest.assign(name=latest["unit_id"].map(dataset.hierarchy.name))
    latest["target"] = latest["target"].where([pair in open_pairs for pair in pairs])
    return latest.reindex(columns=COLUMNS).reset_index(drop=True)
