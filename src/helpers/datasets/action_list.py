"""Actions that may be listed by the name of their unit, and one series to look at.

An action names its unit and what was weak there. So it is listed only where every figure of that unit and measure may
be shown to this audience: else the list would tell what the gate hides.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.marking import LEADERS
from helpers.datasets.released import pass_gate
from helpers.release import ReleasedTable
from helpers.stats.estimates import NotApplicable
from helpers.stats.interrupted_series import MIN_SIDE
from helpers.stats.intervals import score_intervals


def listed_actions(dataset: Dataset, actions: pd.DataFrame, *, audience: str = LEADERS) -> pd.DataFrame:
    """Keep the actions whose unit may be named with what was acted on, the latest first.

    Parameters
    ----------
    dataset : Dataset
    actions : DataFrame
        Answer of `action_plans.action_plans`.
    audience : {"leaders", "manager", "hr"}
        What a single team says of its one manager is for that manager and HR only.

    Returns
    -------
    DataFrame
        Rows of `actions` with ``name``. Actions on what was not measured are not among them.
    """
    named = actions.assign(name=actions["unit_id"].map(dataset.hierarchy.name))
    may = may_be_named(dataset, actions, audience=audience)
    return named[may].sort_values(["start", "action_id"], ascending=[False, True], ignore_index=True)


def may_be_named(dataset: Dataset, actions: pd.DataFrame, *, audience: str = LEADERS) -> np.ndarray:
    """Tell which actions may be listed with the name of their unit and with what they act on.

    Parameters
    ----------
    dataset : Dataset
    actions : DataFrame
        ``unit_id``, ``element`` and ``acted``, the measure acted on (missing: nothing that was measured).
    audience : {"leaders", "manager", "hr"}

    Returns
    -------
    ndarray of bool, shape (actions,)
        True where every figure of the unit on the measure, and on the element if it differs, may be shown.
    """
    scores = dataset.scores
    units, measures = actions["unit_id"].unique(), pd.concat([actions["acted"], actions["element"]]).dropna().unique()
    chosen = scores["unit_id"].isin(units) & scores["measure"].isin(measures) & scores["estimate"].notna()
    if not chosen.any():
        return np.zeros(len(actions), dtype=bool)
    shown = pass_gate(dataset, scores[chosen], audience=audience).frame
    open_pairs = shown.groupby(["unit_id", "measure"])["released"].all()
    open_pairs = set(open_pairs.index[open_pairs])
    # Where the measure differs from the element, the element is named as well.
    pairs = zip(actions["unit_id"], actions["acted"], actions["element"].fillna(actions["acted"]), strict=True)
    return np.array([all((unit, name) in open_pairs for name in {acted, element}) for unit, acted, element in pairs])


def longest_series(listed: pd.DataFrame, frame: pd.DataFrame) -> dict[str, object]:
    """Choose the action with the most waves on its shorter side: by length, not by what came of it.

    Parameters
    ----------
    listed : DataFrame
        Answer of `listed_actions`.
    frame : DataFrame
        Of `action_panel.ActionPanel`.

    Returns
    -------
    dict
        ``stratum``, ``entity``, ``first`` of the cell, and ``name``.

    Raises
    ------
    NotApplicable
        When none has `stats.interrupted_series.MIN_SIDE` waves before and after.
    """
    cells = frame[frame["first"].notna()]
    after = cells["time"] >= cells["first"]
    sides = pd.DataFrame({"before": ~after, "after": after}).groupby([cells["entity"], cells["stratum"]]).sum()
    keys = listed.dropna(subset=["first"]).set_index(["unit_id", "acted"])
    shorter = sides.min(axis=1)[lambda least: least.index.isin(keys.index) & (least >= MIN_SIDE)]
    if shorter.empty:
        raise NotApplicable(
            "No action whose unit may be named has {needed} waves before and after its start.", needed=MIN_SIDE
        )
    entity, stratum = shorter.sort_index().sort_values(ascending=False, kind="stable").index[0]
    row = keys.loc[[(entity, stratum)]].sort_values("first").iloc[0]
    return {"stratum": stratum, "entity": entity, "first": int(row["first"]), "name": row["name"]}


def series_scores(
    dataset: Dataset, *, unit: str, measure: str, conf_level: float = 0.95, audience: str = LEADERS
) -> ReleasedTable:
    """Give the scores of one unit and measure with intervals, through the gate."""
    scores = dataset.scores
    chosen = scores[(scores["unit_id"] == unit) & (scores["measure"] == measure) & scores["estimate"].notna()]
    complete = score_intervals(chosen.sort_values("period", ignore_index=True), conf_level=conf_level)
    return pass_gate(dataset, complete, audience=audience)
