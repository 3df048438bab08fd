"""The claimed effect under every defensible specification, and whether the whole curve could be chance.

Who tests one claim must choose lags, weights, sample, trends and measure; others could have chosen otherwise. The curve
fits every combination of the choices below. As its specifications share their data, they are no independent evidence:
what the curve says as a whole is set against curves in which x belongs to another unit (`curve_test`).

========  ==============================================================================================================
choice    options
========  ==============================================================================================================
lags      the lag claimed alone; all lags up to it; all lags of the headline
weights   every row the same; by the number of answers, where that is known
sample    all rows; without the first period; without the last; without each of the `N_LARGEST` units with most answers
trends    none; a linear trend of each unit
measure   levels with unit and period effects; changes on the calendar period before with period effects (a trend is
          then a level of each unit)
========  ==============================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.claimed_lag import Headline, headline
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable, check_conf_level, with_intervals
from helpers.stats.lag_profile import DEFAULT_MAX_LAG, in_sd
from helpers.stats.randomisation import EQUAL, arrangements
from helpers.stats.specification_fits import lag_effects
from helpers.stats.specifications import Grid, Model, Specification, histories, model_of, on_grid, specifications

DEFAULT_DRAWS = 499
# Cells of one block of arrangements (arrangements × units × periods): 8 MB an array.
BLOCK_CELLS = 1_000_000
STATISTICS = ("median", "share_expected_sign", "share_significant")


def specification_curve(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int,
    n: str | None = None,
    lags: Iterable[int] | None = None,
    max_lag: int = DEFAULT_MAX_LAG,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Effect of x on y at the lag claimed under all combinations of the choices at the head of the module.

    Parameters
    ----------
    panel : DataFrame, shape (r, ...)
        ``entity``, integer ``time``, `x`, `y` and, if named, `n`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lag : int
        Lag claimed, in periods.
    n : str, optional
        Column with the number of answers behind a row; without it neither weights nor largest units are known.
    lags : iterable of int, optional
        Lags of the headline. Default: the longest set up to `max_lag` that the panel bears.
    max_lag : int
        Longest lag considered when `lags` is not given, in periods.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, one row per specification
        Sorted by effect, those without one last: `ESTIMATE_COLUMNS` (CR1 errors, df = units - 1), ``lags``,
        ``weights``, ``sample``, ``left_out`` (unit), ``trends``, ``measure``, ``is_headline``, ``reason`` and
        ``reason_values`` (why it has no estimate, else empty), ``least_detectable``; in SD ``estimate_sd`` and so on,
        by the headline's ratio throughout. ``attrs`` hold x, y, lag, lags, sd_ratio.

    Raises
    ------
    ValueError
        For an `n` below zero.
    NotApplicable
        When the panel does not bear the headline with the lag claimed.

    References
    ----------
    U. Simonsohn, J. Simmons, L. Nelson (2020), *Nature Human Behaviour* 4, 1208-1214.
    """
    check_conf_level(conf_level)
    base, grid = _start(panel, x=x, y=y, lag=lag, n=n, lags=lags, max_lag=max_lag)
    told = with_intervals(pd.DataFrame([_row(base, grid, one) for one in specifications(base, grid)]), conf_level)
    table = in_sd(told, base.ratio).sort_values("estimate_sd", kind="stable", ignore_index=True)
    table.attrs = base.about
    return table


def curve_test(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int,
    n: str | None = None,
    lags: Iterable[int] | None = None,
    max_lag: int = DEFAULT_MAX_LAG,
    sign: int = 1,
    conf_level: float = 0.95,
    rng: np.random.Generator,
    n_draws: int = DEFAULT_DRAWS,
) -> pd.DataFrame:
    """
    Test the specification curve as a whole by permuting whole histories of x among units.

    Parameters
    ----------
    panel, x, y, lag, n, lags, max_lag, conf_level
        As for `specification_curve`.
    sign : {1, -1}
        Whether y is claimed to rise or to fall when x rises.
    rng : Generator
        Source of the arrangements.
    n_draws : int
        Random arrangements. Where all of them are no more than this, each is taken once instead.

    Returns
    -------
    DataFrame, shape (3, 15)
        `ESTIMATE_COLUMNS` for ``median`` (effect in SD), ``share_expected_sign`` and ``share_significant`` (with the
        expected sign, at the level of a single test), without errors and intervals; ``under_null`` (mean over the
        arrangements), ``n_specifications``, ``n_draws``, ``exact``, ``n_permuted``.

    Raises
    ------
    ValueError
        For a sign other than 1 and -1, or fewer than one draw.
    NotApplicable
        When too few units share their observed periods with another, no specification can be estimated, or the panel
        does not bear the headline.

    Notes
    -----
    In each arrangement a unit keeps its y, its answers and its place in the samples, and gets the history of x of a
    unit observed in the same periods; every specification is fitted again. p is the share of arrangements with a median
    as far from zero (two-sided), or with a share as large, the data counted as in `randomisation.randomisation_test`.

    References
    ----------
    U. Simonsohn, J. Simmons, L. Nelson (2020), *Nature Human Behaviour* 4, 1208-1214.
    """
    check_conf_level(conf_level)
    _check(sign, n_draws)
    base, grid = _start(panel, x=x, y=y, lag=lag, n=n, lags=lags, max_lag=max_lag)
    orders, exact, n_permuted = arrangements(np.isfinite(grid.x), rng=rng, n_draws=n_draws)
    tried = [_tried(base, grid, one) for one in specifications(base, grid)]
    models = [model for model in tried if isinstance(model, Model)]
    if not models:
        raise NotApplicable("No specification of the curve can be estimated.")
    found = _arranged(base, grid, models, np.vstack([np.arange(len(grid.x)), orders]))
    told = _statistics(*found, models, sign=sign, conf_level=conf_level) * [[base.ratio], [1.0], [1.0]]
    table = pd.DataFrame({"term": STATISTICS, "estimate": told[:, 0]})
    table["p_value"] = _p_values(told, exact)
    table = table.reindex(columns=ESTIMATE_COLUMNS).assign(conf_level=conf_level)
    about = {"n_specifications": len(models), "n_draws": len(orders), "exact": exact, "n_permuted": n_permuted}
    return table.assign(under_null=np.nanmean(told[:, 1:], axis=1), **about)


def _start(panel: pd.DataFrame, *, x: str, y: str, n: str | None, **choices: object) -> tuple[Headline, Grid]:
    base = headline(panel, x=x, y=y, **choices)
    return base, on_grid(panel, x=x, y=y, n=n)


def _tried(base: Headline, grid: Grid, specification: Specification) -> Model | NotApplicable:
    try:
        return model_of(base, grid, specification)
    except NotApplicable as reason:
        return reason


def _row(base: Headline, grid: Grid, one: Specification) -> dict[str, object]:
    model, left_out = _tried(base, grid, one), None if one.left_out is None else grid.names[one.left_out]
    about = {"lags": ", ".join(map(str, one.lags)), "weights": one.weights, "sample": one.sample}
    about |= {"left_out": left_out, "trends": one.trends, "measure": one.measure, "is_headline": one.is_headline(base)}
    row = dict.fromkeys(("estimate", "se", "df", "n", "n_clusters"), np.nan) | {"term": base.term}
    if isinstance(model, NotApplicable):
        return row | about | {"reason": model.reason, "reason_values": model.values}
    estimate, se = (float(found[0, 0]) for found in _arranged(base, grid, [model], np.arange(len(grid.x))[None]))
    size = {"df": model.effects.n_units - 1.0, "n": model.effects.n, "n_clusters": model.effects.n_units}
    return row | {"estimate": estimate, "se": se} | size | about | {"reason": "", "reason_values": {}}


def _arranged(base: Headline, grid: Grid, models: list[Model], orders: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and errors of every model in every arrangement, shape (models, arrangements) each."""
    found = np.empty((2, len(models), len(orders)))
    groups: dict[tuple[tuple[int, ...], str], list[int]] = {}
    for at, model in enumerate(models):
        groups.setdefault((model.specification.lags, model.specification.measure), []).append(at)
    for (lags, measure), members in groups.items():
        block = max(1, BLOCK_CELLS // (len(lags) * grid.x.size))
        for start in range(0, len(orders), block):
            x = histories(grid, lags, measure, orders[start : start + block])
            for at in members:
                one = models[at]
                told = lag_effects(one.effects, one.outcome, x[..., one.span], lags.index(base.lag))
                found[:, at, start : start + block] = told
    return found[0], found[1]


def _statistics(
    estimate: np.ndarray, se: np.ndarray, models: list[Model], *, sign: int, conf_level: float
) -> np.ndarray:
    """`STATISTICS` of each arrangement, shape (3, arrangements); NaN where one specification has no estimate."""
    critical = stats.t.ppf(0.5 + conf_level / 2, [[model.effects.n_units - 1] for model in models])
    expected = sign * estimate > 0
    told = [
        np.median(estimate, axis=0),
        expected.mean(axis=0),
        (expected & (abs(estimate) > critical * se)).mean(axis=0),
    ]
    return np.where(np.isnan(estimate).any(axis=0), np.nan, told)


def _p_values(told: np.ndarray, exact: bool) -> list[float]:
    """Two-sided for the median, of shares as large for the others; an arrangement without a statistic counts."""
    sizes = np.vstack([np.abs(told[:1]), told[1:]])
    n_far = (~(sizes[:, 1:] < sizes[:, :1] * (1 - EQUAL))).sum(axis=1)
    n = told.shape[1] - 1
    return list(n_far / n if exact else (n_far + 1) / (n + 1))


def _check(sign: int, n_draws: int) -> None:
    if sign not in (1, -1):
        raise ValueError(f"sign must be 1 or -1; found {sign}.")
    if n_draws < 1:
        raise ValueError(f"n_draws must be 1 or more; found {n_draws}.")
