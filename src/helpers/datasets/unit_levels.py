"""How small a change of a unit could be seen, and the level that lies under its score."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from helpers.datasets.dataset import Dataset
from helpers.datasets.released import countable_rows, pass_gate
from helpers.datasets.survey_scores import UnitScores
from helpers.stats.estimates import NotApplicable
from helpers.stats.intervals import score_intervals
from helpers.stats.power import POWER, least_detectable_effect
from helpers.stats.smallest_change import smallest_change
from helpers.stats.underlying_level import underlying_levels

# Answers in each of two waves, from a small team to a large firm.
SIZES = (10, 30, 100, 300, 1000, 3000)
# Below, the spread of a unit's own answers is too uncertain to reckon with.
SMALL = 30


def smallest_seen(dataset: Dataset, scores: UnitScores, unit: str, measure: str, *, conf_level: float = 0.95) -> dict:
    """Give the smallest change of a score since the wave before that a unit of its size would show.

    Parameters
    ----------
    dataset : Dataset
    scores : UnitScores
    unit : str
    measure : str
        An NPS.
    conf_level : float

    Returns
    -------
    dict
        ``measure``, ``n`` and ``n_previous`` as released, ``smallest`` (points), ``power``, ``conf_level``, and
        ``sizes``: a table of ``n`` in both waves and ``smallest``.

    Raises
    ------
    NotApplicable
        Without a change that may be shown, or where the dataset gives no sampling errors.

    Notes
    -----
    From the interval of the last change, so that clusters and people who answered twice count: its half width over
    z(1 - alpha/2), times z(1 - alpha/2) + z(power). Below `SMALL` answers the spread of a unit is itself uncertain;
    the usual one within units of its level then takes its place.
    """
    shown = scores.table.where(unit_id=unit, measure=measure).frame.sort_values("period").iloc[-1:]
    if shown.empty or not shown["change_low"].notna().any():
        raise NotApplicable("The last change in {column} has no interval, or is not shown.", column=measure)
    row = shown.iloc[0]
    spread = usual_spread(dataset, unit, measure, row["period"])
    own = dataset.scores[(dataset.scores["unit_id"] == unit) & (dataset.scores["measure"] == measure)]
    before, now = own.sort_values("period")["n_effective"].iloc[-2:]
    smallest = smallest_change(spread, now, before, conf_level=conf_level)
    if min(row["n"], row["n_previous"]) >= SMALL:
        error = (row["change_high"] - row["change_low"]) / 2 / special.ndtri(0.5 + conf_level / 2)
        smallest = least_detectable_effect(error, np.inf, conf_level=conf_level)
    sizes = pd.DataFrame({"n": SIZES})
    sizes["smallest"] = smallest_change(spread, sizes["n"], sizes["n"], conf_level=conf_level)
    told = {"measure": measure, "n": row["n"], "n_previous": row["n_previous"], "power": POWER}
    return told | {"smallest": float(smallest), "conf_level": conf_level, "sizes": sizes}


def usual_spread(dataset: Dataset, unit: str, measure: str, period: str) -> float:
    """Give the SD of one answer, pooled within the units of the same level that may take part."""
    scores = dataset.scores
    peers = dataset.hierarchy.at_level(dataset.hierarchy.level(unit))
    rows = scores[scores["unit_id"].isin(peers) & (scores["measure"] == measure) & (scores["period"] == period)]
    rows = countable_rows(dataset, rows[rows["n"] > 0], below=dataset.hierarchy.root)
    known = rows[rows["se"].notna()]
    squares = float(((known["n_effective"] * known["se"]) ** 2).sum())
    spread = (squares / known["n_effective"].sum()) ** 0.5 if len(known) else 0.0
    if not spread > 0:
        raise NotApplicable("Within every unit all answers are alike, so the usual spread is not known.")
    return spread


def levels_beside(dataset: Dataset, unit: str, measure: str, *, period: str, conf_level: float = 0.95) -> pd.DataFrame:
    """Give the levels under the released scores of the units of a kind.

    Parameters
    ----------
    dataset : Dataset
    unit : str
        Its peers are taken; the units directly below where it has none.
    measure, period : str
    conf_level : float

    Returns
    -------
    DataFrame
        Answer of `stats.underlying_level.underlying_levels`, with ``measure``, its ``kind`` and ``is_below``, whether
        the units lie directly below.

    Raises
    ------
    NotApplicable
        With fewer than five such units.
    """
    hierarchy, scores = dataset.hierarchy, dataset.scores
    peers = hierarchy.at_level(hierarchy.level(unit))
    units = peers if len(peers) > 1 else hierarchy.children(unit)
    rows = scores["unit_id"].isin(units) & (scores["measure"] == measure) & (scores["period"] == period)
    rows = score_intervals(scores[rows & scores["estimate"].notna()].reset_index(drop=True), conf_level=conf_level)
    shown = pass_gate(dataset, rows).frame.query("released")
    # The interval knows more than the plain standard error, which is zero when all answers agree.
    half = (shown["ci_high"] - shown["ci_low"]) / 2
    errors = half / special.ndtri(0.5 + conf_level / 2)
    levels = underlying_levels(shown.assign(se=errors).reset_index(drop=True), conf_level=conf_level)
    labels = {"measure": measure, "kind": shown["kind"].iloc[0], "is_below": len(peers) == 1}
    return levels.assign(**labels)
