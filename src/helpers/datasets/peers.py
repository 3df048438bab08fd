"""Where a unit stands among its peers, the released units of its level in the same period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from helpers.datasets.dataset import Dataset
from helpers.datasets.once import once
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
    level, measures = dataset.hierarchy.level(unit_id), tuple(measures)
    shown = once(lambda: _shown_at(dataset, level, measures, period))
    of_measure = {measure: shown[shown["measure"] == measure] for measure in measures}
    return [
        {"measure": measure, **standing(rows, unit_id, rng=rng)}
        for measure, rows in of_measure.items()
        if len(dataset.hierarchy.at_level(level)) > 1 and unit_id in set(rows["unit_id"])
    ]


def _shown_at(dataset: Dataset, level: str, measures: tuple[str, ...], period: str) -> pd.DataFrame:
    """Give the released scores of a level with standard errors; the same for all its units."""
    scores = dataset.scores
    chosen = scores["unit_id"].isin(dataset.hierarchy.at_level(level)) & scores["measure"].isin(measures)
    chosen &= (scores["period"] == period) & scores["estimate"].notna()
    complete = score_intervals(scores[chosen].reset_index(drop=True))
    shown = pass_gate(dataset, complete).frame.query("released")
    # The interval knows more than the plain standard error, which is zero when all answers agree.
    return shown.assign(se=(shown["ci_high"] - shown["ci_low"]) / 2 / special.ndtri(0.975)).dropna(subset=["se"])
