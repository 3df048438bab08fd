"""How much of a gap between quartiles is still there when the same units are measured again.

Units are cut on one measurement, `cut`, and looked at in another one of the same quantity: the wave after or before, or
another half of the same people. What is lost was luck, or has really changed; the gain of the bottom quartile is what
any unit chosen for its low score can expect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.stats.estimates import ESTIMATE_COLUMNS, with_intervals
from helpers.stats.quartile_draws import Units, cluster_draws, contrasts, sorted_units
from helpers.stats.quartiles import DEFAULT_BOOT, MIN_CLUSTERS, MIN_UNITS

CUT, BEFORE, AFTER = "cut", "before", "after"
TERMS = ("share_lost", "gain_bottom", "loss_top", "r")
_COLUMNS = ("again", "gap_cut", "gap_again", "share_top", "share_bottom", "reason")


def retest_gaps(
    waves: pd.DataFrame,
    again: Sequence[str] = (AFTER, BEFORE),
    *,
    rng: np.random.Generator,
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
) -> pd.DataFrame:
    """
    What remains of the gap between quartiles in the measure they were cut on, when the same units are measured again.

    Parameters
    ----------
    waves : DataFrame, one row per unit
        ``cluster``, ``cut`` and the columns `again`: one measure at several times, or from several people. Units
        without one of the two are left out.
    again : sequence of str
        Columns to look at the same units in; those that are not there are left out.
    rng : Generator
        Source of the bootstrap draws.
    conf_level : float
        Between 0 and 1.
    n_boot : int
        Bootstrap draws.

    Returns
    -------
    DataFrame, shape (columns looked at * 4, 16)
        `ESTIMATE_COLUMNS` with ``term`` "share_lost" (1 - gap again / gap at the cut; 0 to 1 where nothing reverses),
        "gain_bottom" and "loss_top" (how far the quartile moved towards, or beyond, the mean of all units, in SD of
        all units at the cut) and "r" (retest correlation); ``again``, ``gap_cut`` and ``gap_again`` (in SD at the cut),
        ``share_top``, ``share_bottom`` (of units) and ``reason`` ("", "too_few_units", "too_few_clusters", "no_spread";
        the estimate or its interval is NaN unless empty).

    Notes
    -----
    Where both waves are jointly normal with equal spread, ``share_lost = 1 - r`` and, with quartiles,
    ``gain_bottom = (1 - r) · φ(z.75) / .25 = 1.271 (1 - r)``: with no real change r is the reliability. Interval as in
    `quartiles.quartile_gaps`: clusters redrawn, cut points with them.

    References
    ----------
    D. Campbell, D. Kenny (1999), *A Primer on Regression Artifacts*, ch. 3; F. Galton (1886), Regression towards
    mediocrity in hereditary stature, *Journal of the Anthropological Institute* 15, 246-263.
    """
    table = pd.concat([_retest(waves, name, rng, n_boot) for name in again if name in waves], ignore_index=True)
    return with_intervals(table, conf_level)[[*ESTIMATE_COLUMNS, *_COLUMNS]]


def _retest(waves: pd.DataFrame, again: str, rng: np.random.Generator, n_boot: int) -> pd.DataFrame:
    known = waves.dropna(subset=[CUT, again])
    n_clusters = known["cluster"].nunique()
    table = pd.DataFrame({"term": TERMS}).assign(again=again, n=len(known), n_clusters=n_clusters, df=n_clusters - 1.0)
    if len(known) < MIN_UNITS:
        return table.reindex(columns=[*table, "estimate", "se", *_COLUMNS[1:]]).assign(reason="too_few_units")
    values = (known[name].to_numpy(float) for name in (CUT, again))
    units = sorted_units(*values, np.ones(len(known)), known["cluster"].to_numpy())
    one = _figures(units, np.ones((1, n_clusters), int))
    is_clear = np.isfinite([one[term][0] for term in TERMS]).all()
    has_interval = is_clear and n_clusters >= MIN_CLUSTERS
    draws = _figures(units, cluster_draws(n_clusters, n_boot, rng)) if has_interval else {}
    scale = np.sqrt(n_clusters / max(n_clusters - 1, 1))
    table["estimate"] = [one[term][0] if is_clear else np.nan for term in TERMS]
    table["se"] = [_spread(draws[term]) * scale if draws else np.nan for term in TERMS]
    reason = "" if has_interval else "too_few_clusters" if is_clear else "no_spread"
    return table.assign(reason=reason, **{name: one[name][0] for name in _COLUMNS[1:-1]})


def _figures(units: Units, copies: np.ndarray) -> dict[str, np.ndarray]:
    """All terms in each draw; both measurements are cut alike, because units keep their order."""
    at_cut, later = contrasts(replace(units, value=units.engagement), copies), contrasts(units, copies)
    moments = _moments(units, copies)
    sd, n = at_cut["sd"], moments["n"]
    with np.errstate(divide="ignore", invalid="ignore"):
        gap_cut, gap_again = ((one["mean_top"] - one["mean_bottom"]) / sd for one in (at_cut, later))
        from_mean = {
            side: (later[f"mean_{side}"] - moments["y"] - at_cut[f"mean_{side}"] + moments["x"]) / sd
            for side in ("top", "bottom")
        }
        found = {
            **{"gap_cut": gap_cut, "gap_again": gap_again, "share_lost": 1 - gap_again / gap_cut},
            **{"gain_bottom": from_mean["bottom"], "loss_top": -from_mean["top"]},
            "r": moments["xy"] / np.sqrt(moments["xx"] * moments["yy"]),
        }
    return found | {f"share_{side}": at_cut[f"n_{side}"] / n for side in ("top", "bottom")}


def _moments(units: Units, copies: np.ndarray) -> dict[str, np.ndarray]:
    """Number, means and central second moments of both measurements in each draw."""
    x, y = units.engagement - units.engagement.mean(), units.value - units.value.mean()
    sums = {"n": np.ones_like(x), "x": x, "y": y, "xx": x * x, "yy": y * y, "xy": x * y}
    n_clusters = copies.shape[1]
    drawn = {
        name: copies @ np.bincount(units.cluster, weights=part, minlength=n_clusters) for name, part in sums.items()
    }
    mean = {name: drawn[name] / drawn["n"] for name in ("x", "y")}
    second = {pair: drawn[pair] / drawn["n"] - mean[pair[0]] * mean[pair[1]] for pair in ("xx", "yy", "xy")}
    centres = {"x": units.engagement.mean(), "y": units.value.mean()}
    return {"n": drawn["n"], **{name: mean[name] + centres[name] for name in centres}, **second}


def _spread(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return np.std(values, ddof=1) if len(values) > 1 else np.nan
