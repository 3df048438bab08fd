"""Where a unit stands among its peers, the released units of its level in the same period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from helpers.datasets.dataset import Dataset
from helpers.datasets.released import pass_gate
from helpers.stats.intervals import score_intervals
from helpers.stats.standing import standing


def peer_standings(
    dataset: Dataset, unit_id: str, *, measures: Sequence[str], period: str, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Tell the probability that a unit lies above the median of its peers.

    Parameters
    ----------
    dataset : Dataset
    unit_id : str
    measures : sequence of str
    period : str
    rng : Generator

    Returns
    -------
    list of dict
        ``measure`` and what `stats.standing.standing` gives, for each measure of which the unit has a released figure
        with an interval; none for a unit without peers.
    """
    hierarchy, scores = dataset.hierarchy, dataset.scores
    peers = hierarchy.at_level(hierarchy.level(unit_id))
    chosen = scores["unit_id"].isin(peers) & scores["measure"].isin(measures) & (scores["period"] == period)
    complete = score_intervals(scores[chosen & scores["estimate"].notna()].reset_index(drop=True))
    shown = pass_gate(dataset, complete).frame.query("released")
    # The interval knows more than the plain standard error, which is zero when all answers agree.
    shown = shown.assign(se=(shown["ci_high"] - shown["ci_low"]) / 2 / stats.norm.ppf(0.975)).dropna(subset=["se"])
    of_measure = {measure: shown[shown["measure"] == measure] for measure in measures}
    return [
        {"measure": measure, **standing(rows, unit_id, rng=rng)}
        for measure, rows in of_measure.items()
        if len(peers) > 1 and unit_id in set(rows["unit_id"])
    ]
