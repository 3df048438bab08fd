"""Search for the lag at which y follows x, with the price of searching paid.

Whoever looks at several lags and reports the largest t rejects a true null three times as often as the level says. Here
the wild cluster bootstrap gives all lags the same weights in a draw, so that the largest |t*| of each draw tells how
large the largest |t| becomes by chance. The lags stand *together* in one regression, and each *alone* in its own; both
use the rows on which all lags are known.

That some lag matters does not say which. A second bootstrap, around the estimates instead of under the null, counts how
often each lag has the largest |t| again: the winner is *identified* only where it is significant and rarely overtaken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable, check_conf_level
from helpers.stats.lag_profile import CUMULATIVE, DEFAULT_MAX_LAG, headline_lags, lag_fit, sd_ratio
from helpers.stats.panels import lagged_sample
from helpers.stats.two_way import TwoWayFit
from helpers.stats.wild_bootstrap import (
    DEFAULT_DRAWS,
    EQUAL,
    ClusterScores,
    DrawPlan,
    cluster_order,
    cluster_scores,
    draw_plan,
)

TOGETHER, ALONE = "together", "alone"
MIN_LAGS = 2
IN_SD = ("estimate", "se", "ci_low", "ci_high")


def lag_search(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lags: Iterable[int] | None = None,
    max_lag: int = DEFAULT_MAX_LAG,
    rng: np.random.Generator,
    n_draws: int = DEFAULT_DRAWS,
    weights: str = "auto",
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Search the lags for an effect of x on y, corrected for the number of lags.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lags : iterable of int, optional
        Lags searched, in periods, two or more. Default: the longest set up to `max_lag` that the panel bears.
    max_lag : int
        Longest lag considered when `lags` is not given, in periods.
    rng : Generator
        Source of the weights; every lag meets the same draws.
    n_draws : int
        Random draws. Where all 2^G Rademacher vectors are no more than this, each is taken once instead.
    weights : {"auto", "rademacher", "webb"}
        See `wild_bootstrap.wild_bootstrap`.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (2 · lags, 20)
        `ESTIMATE_COLUMNS`, one row per model and lag: ``p_value`` corrected for the search, ``ci_low`` and ``ci_high``
        simultaneous over the lags, ``se`` by CR1, no ``df``; ``model`` (together or alone), ``lag``, ``statistic`` (t),
        ``p_uncorrected``, ``share_largest`` (of draws around the estimates in which this lag has the largest |t|),
        ``identified``; in SD ``estimate_sd``, ``se_sd``, ``ci_low_sd``, ``ci_high_sd``.
        ``attrs`` hold x, y, lags, sd_ratio, n_entities, periods, n_draws, enumerated, weights.

    Raises
    ------
    ValueError
        For unknown weights, fewer than one draw, or leads among the lags.
    NotApplicable
        With fewer than `MIN_LAGS` lags or `cluster_robust.MIN_CLUSTERS` units, or where x or y does not vary.

    Notes
    -----
    Romano–Wolf step-down. Each lag's own null is imposed (restricted residuals, as in `wild_bootstrap`), which leaves
    the uncorrected p-value what it is there. With lags sorted by falling |t|, the j-th p is the share of draws in which
    the largest |t*| of lags j, j + 1, … reaches ``|t_j|``, and at least the p before it. The simultaneous interval is
    ``estimate ± q · se``, q the `conf_level` quantile of the largest |t*| of all lags (single step). The lag with the
    largest |t| is `identified` where p rejects and it wins ``1 - (1 - conf_level) / 2`` of the draws around the
    estimates, 97.5 % by default; elsewhere some lag may matter, and which one is not known.

    References
    ----------
    J. Romano, M. Wolf (2005), *Econometrica* 73(4), 1237-1282; D. Clarke, J. Romano, M. Wolf (2020), *Stata Journal*
    20(4), 812-843.
    """
    check_conf_level(conf_level)
    lags = headline_lags(panel, x=x, y=y, lags=lags, max_lag=max_lag)
    if len(lags) < MIN_LAGS:
        raise NotApplicable("Searching needs {needed} lags; these data bear {found}.", needed=MIN_LAGS, found=len(lags))
    sample, dropped = lagged_sample(panel, x=x, y=y, lags=lags)
    models = {TOGETHER: [lags], ALONE: [(lag,) for lag in lags]}
    fits = {model: [lag_fit(sample, x=x, y=y, lags=one) for one in sets] for model, sets in models.items()}
    plan = draw_plan(fits[TOGETHER][0][0], n_draws=n_draws, weights=weights)
    draws = _drawn({model: _searched(found) for model, found in fits.items()}, plan, rng)
    tables = [_table(draws[model], fits[model], model, lags, plan, conf_level) for model in models]
    ratio = sd_ratio(panel, x=x, y=y)
    table = pd.concat(tables, ignore_index=True).pipe(_with_sd, ratio)
    table.attrs = {"x": x, "y": y, "lags": [int(lag) for lag in lags], "sd_ratio": ratio}
    table.attrs |= {"n_entities": plan.n_clusters, "periods": [int(time) for time in sorted(sample["time"].unique())]}
    table.attrs |= {"n_draws": plan.n_draws, "enumerated": plan.enumerated, "weights": plan.weights}
    table.attrs |= {"dropped": dropped.to_dict("records")}
    return table


@dataclass(frozen=True)
class _Draws:
    """Squared t up to the factor of CR1, which all lags of a model share: `own` (L,) of the data, `under_null` and
    `around` (L, draws) of the draws; `se` (L,) without that factor."""

    own: np.ndarray
    se: np.ndarray
    under_null: np.ndarray
    around: np.ndarray


def _searched(fits: list[tuple[TwoWayFit, pd.DataFrame]]) -> list[tuple[float, ClusterScores]]:
    """Estimate and cluster scores of each lag in a model."""
    return [
        (float(fit.coefficients.iloc[column]), cluster_scores(fit, unit))
        for fit, _ in fits
        for column, unit in enumerate(np.eye(len(fit.coefficients)))
    ]


def _drawn(
    models: dict[str, list[tuple[float, ClusterScores]]], plan: DrawPlan, rng: np.random.Generator
) -> dict[str, _Draws]:
    order = cluster_order([scores for _, scores in models[TOGETHER]])
    models = {name: [(value, scores.ordered(order)) for value, scores in model] for name, model in models.items()}
    blocks = [
        {name: np.array([_squared_t(*lag, block) for lag in model]) for name, model in models.items()}
        for block in plan.blocks(rng)
    ]
    return {name: _joined(model, [block[name] for block in blocks]) for name, model in models.items()}


def _squared_t(estimate: float, scores: ClusterScores, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Squared t of the draws under the null that the effect is zero, and around the estimate."""
    top, top_slope, bottom, half_slope, square = scores.sums(v)
    under_null = (top + estimate * top_slope) ** 2 / (bottom + 2 * estimate * half_slope + estimate**2 * square)
    return under_null, (top + estimate * scores.slope.sum()) ** 2 / bottom


def _joined(model: list[tuple[float, ClusterScores]], blocks: list[np.ndarray]) -> _Draws:
    estimate = np.array([value for value, _ in model])
    se = np.array([np.sqrt((scores.score**2).sum()) / scores.slope.sum() for _, scores in model])
    under_null, around = np.concatenate(blocks, axis=2).transpose(1, 0, 2)
    return _Draws((estimate / se) ** 2, se, under_null, around)


def _table(
    draws: _Draws,
    fits: list[tuple[TwoWayFit, pd.DataFrame]],
    model: str,
    lags: tuple[int, ...],
    plan: DrawPlan,
    conf_level: float,
) -> pd.DataFrame:
    rows = [linear_combinations(fit, terms.drop(index=CUMULATIVE), kind="CR1") for fit, terms in fits]
    table = pd.concat(rows, ignore_index=True).assign(df=np.nan, conf_level=conf_level, model=model, lag=lags)
    largest = np.quantile(draws.under_null.max(axis=0), conf_level, method="higher")
    # The quantile is of t without the factor of CR1; so is the error it goes with.
    half = np.sqrt(largest) * draws.se
    share = np.bincount(draws.around.argmax(axis=0), minlength=len(lags)) / plan.n_draws
    alone = [_p_value(t2, reached, plan) for t2, reached in zip(draws.own, draws.under_null, strict=True)]
    table = table.assign(
        ci_low=table["estimate"] - half,
        ci_high=table["estimate"] + half,
        p_value=_step_down(draws, plan),
        statistic=table["estimate"] / table["se"],
        p_uncorrected=alone,
        share_largest=share,
    )
    # Losing in more than half of what the level leaves is no clear win: a two-sided test against the next lag.
    sure = (table["p_value"] <= 1 - conf_level) & (table["share_largest"] >= 0.5 + conf_level / 2)
    table["identified"] = sure & (np.arange(len(lags)) == draws.own.argmax())
    columns = ["model", "lag", "statistic", "p_uncorrected", "share_largest", "identified"]
    return table[[*ESTIMATE_COLUMNS, *columns]]


def _step_down(draws: _Draws, plan: DrawPlan) -> np.ndarray:
    """Romano–Wolf p-values: the largest of all lags, then of all but the first, and so on, never falling."""
    order = np.argsort(-draws.own, kind="stable")
    largest = np.maximum.accumulate(draws.under_null[order][::-1], axis=0)[::-1]
    p = [_p_value(t2, reached, plan) for t2, reached in zip(draws.own[order], largest, strict=True)]
    return np.maximum.accumulate(p)[np.argsort(order)]


def _p_value(squared_t: float, draws: np.ndarray, plan: DrawPlan) -> float:
    n_far = (~(draws < squared_t * (1 - EQUAL))).sum()
    return n_far / len(draws) if plan.enumerated else (n_far + 1) / (len(draws) + 1)


def _with_sd(table: pd.DataFrame, ratio: float) -> pd.DataFrame:
    return table.assign(**{f"{column}_sd": table[column] * ratio for column in IN_SD})
