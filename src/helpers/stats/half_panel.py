"""The lag model with y's own lag, and its short-panel bias taken away by the half-panel jackknife.

Least squares with unit effects pulls the own lag down by about (1 + ρ) / T: the shorter the panel, the more. The same
model on the first and on the second half of each unit is pulled twice as far, so the distance between halves and whole
shows the pull, and the jackknife adds it back:

    estimate = 2 · whole - (n1 · first + n2 · second) / n

Units with an odd number of rows are split twice, the middle row once in each half, and the two results are averaged.
All fits stand below each other in one regression, each with unit and period effects of its own, and a unit is one
cluster through all: CR3 of that stack is the jackknife over whole units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.lag_profile import require_clusters, sd_ratio
from helpers.stats.own_past import (
    dynamic_combinations,
    dynamic_sample,
    dynamic_table,
    free_of_units,
    own_columns,
    response_term,
    whole_responses,
)
from helpers.stats.panels import lag_column
from helpers.stats.two_way import TwoWayFit, two_way_fit

# Halves of fewer rows are pulled by more than the first-order bias that the jackknife removes.
MIN_ROWS_OF_HALF = 4
WHOLE = "whole"
SPLITS = (("early first", "early second"), ("late first", "late second"))
PARTS = (WHOLE, *SPLITS[0], *SPLITS[1])
MODELS = ("half_panel", "lsdv")


def half_panel(
    panel: pd.DataFrame, *, x: str, y: str, lags: Iterable[int], conf_level: float = 0.95, kind: str = "CR3"
) -> pd.DataFrame:
    """
    Effects of x on y beside y's own lag, by two-way fixed effects with and without the half-panel jackknife.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lags : iterable of int
        Of x, in periods, from 0 up.
    conf_level : float
        Between 0 and 1.
    kind : {"CR3", "CR2", "CR1", "CR0"}
        Errors; see `cluster_robust`.

    Returns
    -------
    DataFrame, shape (2 (lags + 2 + longest lag + 1), 19)
        `ESTIMATE_COLUMNS` for ``own lag 1``, ``lag 0``, …, ``cumulative``, and the whole responses ``response 0``, …
        (`own_past.whole_responses`, errors by the delta method), in points of y per point; ``model``
        (half_panel, then lsdv on the same rows); ``lag``, ``least_detectable``, in SD ``estimate_sd`` and so on.
        ``attrs`` hold x, y, lags, n_entities, n_short (units left out), periods, rows_of_half (least), sd_ratio,
        dropped (as of `panels.lagged_sample`, before short units are left out).

    Raises
    ------
    ValueError
        For no lags, leads among them, or an unknown kind.
    NotApplicable
        When most units have fewer than twice `MIN_ROWS_OF_HALF` rows, or too few units are left.

    Notes
    -----
    What remains is of order 1 / T², for x that answers to earlier y too. The jackknife costs precision: about the error
    of least squares on half as many periods in short panels.

    References
    ----------
    G. Dhaene, K. Jochmans (2015), *Review of Economic Studies* 82(3), 991-1030; A. Chudik, M. H. Pesaran, J.-C. Yang
    (2018), *Journal of Applied Econometrics* 33(6), 816-836.
    """
    sample, dropped, lags = dynamic_sample(panel, x=x, y=y, lags=lags)
    kept = long_enough(sample)
    own, others = own_columns(y, 1), [lag_column(x, lag) for lag in lags]
    scaled, factor = free_of_units(kept, others, [y, *own])
    fit = stacked_halves(scaled, y, [*own, *others])
    sums = dynamic_combinations([*own, *others], x=x, lags=lags, own_lags=1)
    sums[others] *= factor
    told = partial(linear_combinations, fit, kind=kind, conf_level=conf_level)
    tables = [
        _with_responses(told, sums, weights, lags).assign(model=model)
        for model, weights in zip(MODELS, (jackknife_weights(kept), {WHOLE: 1.0}), strict=True)
    ]
    ratio = sd_ratio(panel, x=x, y=y)
    table = dynamic_table(pd.concat(tables, ignore_index=True).assign(n=len(kept)), lags=lags, ratio=ratio)
    table.attrs = {"x": x, "y": y, "lags": list(lags), "sd_ratio": ratio, "dropped": dropped.to_dict("records")}
    table.attrs |= {"n_entities": int(kept["entity"].nunique()), "periods": sorted(kept["time"].unique().tolist())}
    table.attrs["n_short"] = int(sample["entity"].nunique()) - table.attrs["n_entities"]
    table.attrs["rows"] = sorted(zip(kept["entity"], kept["time"].astype(int), strict=True))
    table.attrs["rows_of_half"] = int(kept.groupby("entity").size().min()) // 2
    return table


def long_enough(sample: pd.DataFrame) -> pd.DataFrame:
    """
    Rows of the units that bear to be halved.

    Raises
    ------
    NotApplicable
        When these are fewer than half of the units, or too few.
    """
    needed = 2 * MIN_ROWS_OF_HALF
    sizes = sample.groupby("entity")["time"].transform("size")
    kept = sample[sizes >= needed].reset_index(drop=True)
    n_kept, n_units = kept["entity"].nunique(), sample["entity"].nunique()
    if 2 * n_kept < n_units:
        raise NotApplicable(
            "Halving the panel needs {needed} usable periods for most units; {found} of {n_units} units have them.",
            needed=needed,
            found=n_kept,
            n_units=n_units,
        )
    require_clusters(n_kept)
    return kept


def stacked_halves(sample: pd.DataFrame, y: str, columns: list[str]) -> TwoWayFit:
    """
    Fit the whole panel and its halves as one regression, with a unit as one cluster through all.

    Parameters
    ----------
    sample : DataFrame, shape (n, ...)
        Complete rows of `long_enough`.
    y : str
    columns : list of str

    Returns
    -------
    TwoWayFit
        Coefficients named ``<part> <column>``, parts being `PARTS`.

    Raises
    ------
    NotApplicable
        When a half cannot be fitted.
    """
    parts = {WHOLE: np.full(len(sample), True)} | _halves(sample)
    codes = sample.assign(**{f"own_{effect}": sample.groupby(effect).ngroup() for effect in ("entity", "time")})
    blocks = []
    for number, (name, chosen) in enumerate(parts.items()):
        rows = codes[chosen]
        two_way_fit(rows, y, columns)  # alone first, so that a refusal names the measure as the data do
        own = {effect: rows[effect] + number * len(sample) for effect in ("own_entity", "own_time")}
        blocks.append(rows[columns].add_prefix(f"{name} ").assign(outcome=rows[y], entity=rows["entity"], **own))
    stack = pd.concat(blocks, ignore_index=True)
    names = [f"{name} {column}" for name in parts for column in columns]
    stack = stack.fillna(dict.fromkeys(names, 0.0))
    return two_way_fit(stack, "outcome", names, absorb="own_entity", dummies="own_time", cluster="entity")


def jackknife_weights(sample: pd.DataFrame) -> dict[str, float]:
    """Weights of the parts in the estimate; they add up to one."""
    shares = {name: float(chosen.mean()) for name, chosen in _halves(sample).items()}
    return {WHOLE: 2.0} | {name: -share / len(SPLITS) for name, share in shares.items()}


def _halves(sample: pd.DataFrame) -> dict[str, np.ndarray]:
    """Which rows are in which half; the middle row of an odd number is in the second half of the early split."""
    by_unit = sample.sort_values(["entity", "time"]).groupby("entity")["time"]
    place, size = (
        values.reindex(sample.index).to_numpy() for values in (by_unit.cumcount(), by_unit.transform("size"))
    )
    halves = {}
    for names, cut in zip(SPLITS, (size // 2, (size + 1) // 2), strict=True):
        halves |= dict(zip(names, (place < cut, place >= cut), strict=True))
    return halves


def _with_responses(
    told: Callable[[pd.DataFrame], pd.DataFrame], sums: pd.DataFrame, weights: dict[str, float], lags: Sequence[int]
) -> pd.DataFrame:
    """Terms, and below them the whole responses to x with errors by the delta method."""
    first, singles = told(_weighted(sums, weights)), sums.iloc[:-1]
    own, *effects = first["estimate"].iloc[:-1]
    responses, gradient = whole_responses([own], dict(zip(lags, effects, strict=True)))
    terms = [response_term(lag) for lag in range(len(responses))]
    slopes = pd.DataFrame(gradient @ singles.to_numpy(), index=terms, columns=sums.columns)
    table = told(_weighted(slopes, weights))
    return pd.concat([first, with_intervals(table.assign(estimate=responses), table["conf_level"].iloc[0])])


def _weighted(sums: pd.DataFrame, weights: dict[str, float]) -> pd.DataFrame:
    """Combinations of the coefficients of one fit as combinations of those of the stack."""
    parts = [(sums * weights.get(name, 0.0)).add_prefix(f"{name} ") for name in PARTS]
    return pd.concat(parts, axis=1)
