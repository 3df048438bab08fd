"""Quartile gaps within each organisation, and their median over organisations, as Gallup reports them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import ESTIMATE_COLUMNS, check_conf_level
from helpers.stats.quartile_draws import BOTTOM, TOP
from helpers.stats.quartile_units import checked_units
from helpers.stats.quartiles import SCALES

# Two units in each quartile at least; a single one is a unit, not a quartile.
MIN_UNITS_PER_ORGANISATION = 8
KEY = ["outcome", "organisation"]


def organisation_gaps(frame: pd.DataFrame, *, weights: str = "equal") -> pd.DataFrame:
    """
    Gap between top and bottom quartile of each organisation's own units, per outcome and scale.

    Parameters
    ----------
    frame : DataFrame, one row per unit and outcome
        As for `quartiles.quartile_gaps`, with ``organisation``.
    weights : {"equal", "n", "precision"}
        As for `quartiles.quartile_gaps`.

    Returns
    -------
    DataFrame, shape (outcomes * organisations * 3, 13)
        ``outcome``, ``organisation``, ``scale``, ``estimate``, ``slope_implied``, ``n``, ``n_top``, ``n_bottom``,
        ``mean_top``, ``mean_bottom``, ``sd``, ``higher_is_better``, ``reason`` ("", "too_few_units", "no_spread",
        "not_ratio_scale", "bottom_not_positive"; the estimate is NaN unless empty). Sorted by outcome and organisation.

    Raises
    ------
    ValueError
        As `quartiles.quartile_gaps`, and without a column ``organisation``.

    Notes
    -----
    Cut points, ties, scales and the gap implied by the slope as in `quartiles.quartile_gaps`, within the organisation;
    no interval, because one organisation is one observation of `median_gaps`.

    References
    ----------
    J. Harter et al. (2016), *The Relationship Between Engagement at Work and Organizational Outcomes* (Gallup).
    """
    if "organisation" not in frame:
        raise ValueError(f"frame must have a column 'organisation'; found {', '.join(map(str, frame.columns))}.")
    units = checked_units(frame, weights)
    known = units.dropna(subset=["engagement", "value", "weight"])
    groups = known.groupby(KEY)
    first = {name: (name, "first") for name in ("ratio_scale", "higher_is_better")}
    table = groups.agg(n=("value", "size"), sd=("value", "std"), **first)
    engagement = groups["engagement"]
    for side, chosen in (
        ("top", known["engagement"] >= engagement.transform("quantile", TOP)),
        ("bottom", known["engagement"] <= engagement.transform("quantile", BOTTOM)),
    ):
        part = known[chosen].assign(weighted=known["value"] * known["weight"]).groupby(KEY)
        table[f"n_{side}"] = part.size()
        table[f"mean_{side}"] = part["weighted"].sum() / part["weight"].sum()
        table[f"engagement_{side}"] = part["engagement"].mean()
    table["apart"] = engagement.quantile(TOP) > engagement.quantile(BOTTOM)
    table["slope"] = _slopes(known)
    long = pd.concat([_on_scale(table, scale) for scale in SCALES])
    counts = ["n", "n_top", "n_bottom", "mean_top", "mean_bottom", "sd"]
    order = ["estimate", "slope_implied", *counts, "higher_is_better", "reason"]
    return (
        long.reset_index().set_index([*KEY, "scale"])[order].sort_index(level=KEY, sort_remaining=False).reset_index()
    )


def median_gaps(gaps: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Median gap over organisations, per outcome and scale, with a distribution-free interval.

    Parameters
    ----------
    gaps : DataFrame
        Answer of `organisation_gaps`.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (outcomes * 3, 14)
        `ESTIMATE_COLUMNS` (``term`` is the outcome; ``n`` and ``n_clusters`` count organisations; ``se`` and ``df`` are
        empty; ``p_value`` of the sign test), ``outcome``, ``scale``, ``higher_is_better``, ``reason``. The interval is
        NaN, with reason "too_few_organisations", when even lowest to highest does not reach `conf_level` (below 6 at
        95 %).

    Notes
    -----
    Limits are order statistics: lowest + k to highest - k cover with ``1 - 2 P(Binomial(n, 1/2) ≤ k)``, interpolated
    between the two k around `conf_level` (Hettmansperger and Sheather). Each organisation counts once.

    References
    ----------
    T. Hettmansperger, S. Sheather (1986), Confidence intervals based on interpolated order statistics, *Statistics &
    Probability Letters* 4, 75-79.
    """
    check_conf_level(conf_level)
    rows = [
        {"term": outcome, "outcome": outcome, "scale": scale, **_median(group, conf_level)}
        for outcome, outcome_gaps in gaps.groupby("outcome", sort=True)
        for scale, group in outcome_gaps.groupby("scale", sort=False)
    ]
    columns = [*ESTIMATE_COLUMNS, "outcome", "scale", "higher_is_better", "reason"]
    return pd.DataFrame(rows, columns=columns).assign(se=np.nan, df=np.nan, conf_level=conf_level)


def pooled_within_gaps(gaps: pd.DataFrame) -> pd.Series:
    """
    Raw gap with quartiles cut within each organisation and all top and all bottom units pooled, per outcome.

    Parameters
    ----------
    gaps : DataFrame
        Answer of `organisation_gaps` with equal weights.

    Returns
    -------
    Series, index outcome
        ``Σ n_top mean_top / Σ n_top - Σ n_bottom mean_bottom / Σ n_bottom``, over organisations with a raw gap.
    """
    raw = gaps[(gaps["scale"] == "raw") & gaps["estimate"].notna()].set_index("outcome")
    top, bottom = (
        (raw[f"n_{side}"] * raw[f"mean_{side}"]).groupby(level=0).sum() / raw[f"n_{side}"].groupby(level=0).sum()
        for side in ("top", "bottom")
    )
    return (top - bottom).rename("estimate")


def _on_scale(table: pd.DataFrame, scale: str) -> pd.DataFrame:
    unit = {"raw": 1.0, "sd": table["sd"].where(table["sd"] > 0), "percent": table["mean_bottom"] / 100}[scale]
    percent = scale == "percent"
    cases = {
        "too_few_units": table["n"] < MIN_UNITS_PER_ORGANISATION,
        "no_spread": ~table["apart"] | ~(table["sd"] > 0),
        "not_ratio_scale": percent & ~table["ratio_scale"].astype(bool),
        "bottom_not_positive": percent & ~(table["mean_bottom"] > 0),
    }
    reason = np.select(list(cases.values()), list(cases), default="")
    estimate = ((table["mean_top"] - table["mean_bottom"]) / unit).where(reason == "")
    implied = table["slope"] * (table["engagement_top"] - table["engagement_bottom"]) / unit
    return table.assign(scale=scale, reason=reason, estimate=estimate, slope_implied=implied.where(reason == ""))


def _slopes(known: pd.DataFrame) -> pd.Series:
    """Slope of the outcome on engagement within each outcome and organisation; NaN or infinite without spread."""
    centred = known[["engagement", "value"]] - known.groupby(KEY)[["engagement", "value"]].transform("mean")
    products = known[KEY].assign(xy=centred["engagement"] * centred["value"], xx=centred["engagement"] ** 2)
    sums = products.groupby(KEY)[["xy", "xx"]].sum()
    return sums["xy"] / sums["xx"]


def _median(group: pd.DataFrame, conf_level: float) -> dict[str, object]:
    values = np.sort(group["estimate"].dropna().to_numpy())
    n = len(values)
    low, high = _median_limits(values, conf_level)
    above, below = int((values > 0).sum()), int((values < 0).sum())
    return {
        "estimate": np.median(values) if n else np.nan,
        "ci_low": low,
        "ci_high": high,
        "p_value": stats.binomtest(above, above + below).pvalue if above + below else np.nan,
        "n": n,
        "n_clusters": n,
        "higher_is_better": bool(group["higher_is_better"].iloc[0]),
        "reason": "too_few_organisations" if np.isnan(low) else "",
    }


def _median_limits(values: np.ndarray, conf_level: float) -> tuple[float, float]:
    n = len(values)
    covers = 1 - 2 * stats.binom.cdf(np.arange(n // 2), n, 0.5)
    if n < 2 or covers[0] < conf_level:
        return np.nan, np.nan
    k = int((covers >= conf_level).sum()) - 1
    if k + 1 >= len(covers):
        return values[k], values[n - 1 - k]
    short = (covers[k] - conf_level) / (covers[k] - covers[k + 1])
    share = (n - k - 1) * short / (k + 1 + (n - 2 * k - 2) * short)
    inner = values[k + 1], values[n - 2 - k]
    return (1 - share) * values[k] + share * inner[0], (1 - share) * values[n - 1 - k] + share * inner[1]
