"""Randomisation test of a lag effect: would other units' histories of x have served as well?

Under the null the history of x that a unit had could have been any other unit's. Whole histories are handed round among
units, with the years in place, and the two-way model is fitted again to each such *arrangement*. Only units whose x was
observed in the same periods exchange theirs, so that every arrangement uses the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations
from math import factorial, prod

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import CUMULATIVE, headline_lags, lag_fit, lag_term
from helpers.stats.panels import lagged_sample
from helpers.stats.two_way import TwoWayFit

DEFAULT_DRAWS = 9999
# Fewer units allow fewer than 5! = 120 arrangements, too few for a p-value below 1 %.
MIN_PERMUTED = 5
# Cells of one block of arrangements (arrangements × lags × units × periods): 16 MB an array.
BLOCK_CELLS = 2_000_000
# An arrangement as extreme as the data counts; t-statistics closer than this are equal up to rounding.
EQUAL = 1e-9


def randomisation_test(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int | str,
    rng: np.random.Generator,
    lags: Iterable[int] | None = None,
    n_draws: int = DEFAULT_DRAWS,
) -> pd.DataFrame:
    """
    Test one effect of the lag profile by permuting whole histories of x among units.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lag : int or "cumulative"
        The effect tested: one of the lags, in periods, or their sum.
    rng : Generator
        Source of the arrangements.
    lags : iterable of int, optional
        Lags that the model holds, see `lag_profile.headline_lags`.
    n_draws : int
        Random arrangements. Where all of them are no more than this, each is taken once instead.

    Returns
    -------
    DataFrame, shape (1, 14)
        `ESTIMATE_COLUMNS` with ``se`` by CR1 and no ``df`` and interval (the test has a null, not a family of them);
        ``statistic`` (t), ``n_draws``, ``exact``, ``n_permuted`` (units that could exchange histories).

    Raises
    ------
    ValueError
        For a lag that the model does not hold, or fewer than one draw.
    NotApplicable
        When fewer than `MIN_PERMUTED` units share their observed periods with another, or the panel bears no profile.

    Notes
    -----
    p is two-sided: the share of arrangements with ``|t| >= |t of the data|``, the data among them when all are taken,
    else plus one in both counts. It keeps the autocorrelation of x and y and all that units share in a year, and takes
    units as exchangeable. Studentised, it stays close to its level when errors differ in size between units.

    References
    ----------
    M. Anderson, P. Legendre (1999), *Journal of Statistical Computation and Simulation* 62, 271-303; C. DiCiccio,
    J. Romano (2017), *Journal of the American Statistical Association* 112(519), 1211-1220.
    """
    lags = headline_lags(panel, x=x, y=y, lags=lags)
    _check(lag, lags, n_draws)
    sample, _ = lagged_sample(panel, x=x, y=y, lags=lags)
    fit, combinations = lag_fit(sample, x=x, y=y, lags=lags)
    term = CUMULATIVE if lag == CUMULATIVE else lag_term(lag)
    design, observed = _design(panel, sample, fit, x, lags)
    orders, exact, n_permuted = arrangements(observed, rng=rng, n_draws=n_draws)
    combination = combinations.loc[term].to_numpy()
    squares = _squared_t(design, orders, combination)
    own = _squared_t(design, np.arange(len(observed))[None], combination)[0]
    n_far = (~(squares < own * (1 - EQUAL))).sum()
    table = linear_combinations(fit, combinations.loc[[term]], kind="CR1")
    p_value = n_far / len(orders) if exact else (n_far + 1) / (len(orders) + 1)
    table = table.assign(df=np.nan, ci_low=np.nan, ci_high=np.nan, conf_level=np.nan, p_value=p_value)
    about = {"n_draws": len(orders), "exact": exact, "n_permuted": n_permuted}
    return table[[*ESTIMATE_COLUMNS]].assign(statistic=table["estimate"] / table["se"], **about)


def arrangements(
    observed: np.ndarray, *, rng: np.random.Generator, n_draws: int = DEFAULT_DRAWS
) -> tuple[np.ndarray, bool, int]:
    """
    Ways to hand histories round among units that were observed in the same periods.

    Parameters
    ----------
    observed : ndarray of bool, shape (N, T)
        Where x was observed.
    rng : Generator
    n_draws : int
        Random arrangements. Where all of them are no more than this, each is taken once instead.

    Returns
    -------
    orders : ndarray of int, shape (draws, N)
        Whose history each unit gets.
    exact : bool
        Whether these are all arrangements.
    n_permuted : int
        Units that could exchange theirs.

    Raises
    ------
    NotApplicable
        When fewer than `MIN_PERMUTED` units share their observed periods with another.
    """
    groups = _exchangeable(observed)
    exact = prod(factorial(len(group)) for group in groups) <= n_draws
    orders = _all_orders(groups, len(observed)) if exact else _random_orders(groups, len(observed), n_draws, rng)
    return orders, exact, sum(map(len, groups))


@dataclass(frozen=True)
class _Design:
    """The regression on a grid of N units and T periods, zero where a unit has no row.

    `histories` (k, N, T): the lags of x of each unit; `rows` (N, T): 1 where there is a row; `outcome` (N T,): y free
    of both effects; `effects` (N T, f): orthonormal period effects free of the units.
    """

    histories: np.ndarray
    rows: np.ndarray
    outcome: np.ndarray
    effects: np.ndarray


def _design(
    panel: pd.DataFrame, sample: pd.DataFrame, fit: TwoWayFit, x: str, lags: tuple[int, ...]
) -> tuple[_Design, np.ndarray]:
    """The design, and where x was observed (N, calendar); units in an order that no name can alter."""
    calendar = pd.RangeIndex(panel["time"].min(), panel["time"].max() + 1)
    names, unit = np.unique(sample["entity"], return_inverse=True)
    wide = panel.pivot(index="entity", columns="time", values=x).reindex(index=names, columns=calendar).to_numpy(float)
    outcome = np.full(wide.shape, np.nan)
    outcome[unit, sample["time"] - calendar[0]] = sample[fit.coefficients.name]
    order = np.lexsort(np.hstack([outcome, wide]).T)
    times, period = np.unique(sample["time"], return_inverse=True)
    cell = np.argsort(order)[unit] * len(times) + period
    on_grid = np.zeros((len(names) * len(times), 1 + fit.basis.shape[1] - len(lags)))
    # The basis of a fit ends with its regressors; those change with every arrangement.
    on_grid[cell] = np.column_stack([fit.outcome, fit.basis[:, : -len(lags)]])
    rows = np.bincount(cell, minlength=len(on_grid)).reshape(len(names), len(times)).astype(float)
    wide = wide[order]
    histories = np.stack([_earlier(wide, times - calendar[0] - lag) for lag in lags])
    return _Design(histories, rows, on_grid[:, 0], np.ascontiguousarray(on_grid[:, 1:])), np.isfinite(wide)


def _earlier(wide: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return np.where(columns >= 0, np.nan_to_num(wide)[:, columns.clip(min=0)], 0.0)


def _exchangeable(observed: np.ndarray) -> list[np.ndarray]:
    """Units by pattern of observed periods; those that share theirs with nobody are left out."""
    pattern = np.unique(observed, axis=0, return_inverse=True)[1].ravel()
    groups = [np.flatnonzero(pattern == one) for one in range(pattern.max() + 1)]
    groups = [group for group in groups if len(group) > 1]
    n_permuted = sum(map(len, groups))
    if n_permuted < MIN_PERMUTED:
        raise NotApplicable(
            "Exchanging histories needs {needed} units measured in the same periods as another; found {found}.",
            needed=MIN_PERMUTED,
            found=n_permuted,
        )
    return groups


def _all_orders(groups: list[np.ndarray], n_units: int) -> np.ndarray:
    numbers = [np.array(list(permutations(group))) for group in groups]
    orders = np.tile(np.arange(n_units), (prod(map(len, numbers)), 1))
    chosen = np.indices([len(one) for one in numbers]).reshape(len(groups), -1)
    for group, one, which in zip(groups, numbers, chosen, strict=True):
        orders[:, group] = one[which]
    return orders


def _random_orders(groups: list[np.ndarray], n_units: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    orders = np.tile(np.arange(n_units), (n_draws, 1))
    for group in groups:
        orders[:, group] = rng.permuted(orders[:, group], axis=1)
    return orders


def _squared_t(design: _Design, orders: np.ndarray, combination: np.ndarray) -> np.ndarray:
    """Squared t of the combination under each arrangement, up to the factor of CR1, which all share."""
    block = max(1, BLOCK_CELLS // design.histories.size)
    blocks = [orders[start : start + block] for start in range(0, len(orders), block)]
    return np.concatenate([_block_squared_t(design, one, combination) for one in blocks])


def _block_squared_t(design: _Design, orders: np.ndarray, combination: np.ndarray) -> np.ndarray:
    """An arrangement in which x does not vary has 0 / 0 and counts as extreme."""
    k, (n_units, n_times) = len(combination), design.rows.shape
    x = design.histories[:, orders] * design.rows
    x -= design.rows * (x.sum(axis=3) / design.rows.sum(axis=1))[..., None]
    x = x.reshape(k, len(orders), n_units * n_times)
    x -= x @ design.effects @ design.effects.T
    each = x.transpose(1, 0, 2)
    bread = np.linalg.pinv(each @ each.transpose(0, 2, 1), rcond=1e-10, hermitian=True)
    weights = np.stack([bread @ combination, np.einsum("bkl,lb->bk", bread, x @ design.outcome)], axis=1)
    along, fitted = (weights @ each).transpose(1, 0, 2)
    scores = (along * (design.outcome - fitted)).reshape(-1, n_units, n_times).sum(axis=2)
    with np.errstate(invalid="ignore"):
        return (along @ design.outcome) ** 2 / (scores**2).sum(axis=1)


def _check(lag: int | str, lags: tuple[int, ...], n_draws: int) -> None:
    if lag not in (*lags, CUMULATIVE):
        raise ValueError(f"lag must be one of {', '.join(map(str, lags))}, {CUMULATIVE}; found {lag!r}.")
    if n_draws < 1:
        raise ValueError(f"n_draws must be 1 or more; found {n_draws}.")
