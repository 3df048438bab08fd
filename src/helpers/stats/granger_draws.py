"""Wald statistics of many units at once, and their bootstrap under the null that x precedes y nowhere.

Arrays have one row per unit (N) and one column per period of the calendar (T), with draws (b) before them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.stats.two_way import RANK_TOLERANCE

# Cells of one block of draws (draws × units × periods): 8 MB an array.
BLOCK_CELLS = 1_000_000
# Change of a series relative to its level below which it is rounding.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Series:
    """`x` and `y` (N, T), NaN where not observed; `rows` (N, T): where y and all lags of both are."""

    x: np.ndarray
    y: np.ndarray
    rows: np.ndarray

    def of(self, kept: np.ndarray) -> Series:
        """Give the series of some units."""
        return Series(self.x[kept], self.y[kept], self.rows[kept])


def wald_statistics(series: Series, y: np.ndarray, *, order: int) -> np.ndarray:
    """
    Wald statistics of the lags of x beside those of y, unit by unit.

    Parameters
    ----------
    series : Series
        With x and the rows of the regressions.
    y : ndarray, shape (..., N, T)
        Outcomes: those of the series, or draws.
    order : int
        Lags K of both, in periods.

    Returns
    -------
    ndarray, shape (..., N)
        ``(n - 2K - 1) (RSS_0 - RSS_1) / RSS_1``; NaN where lags cannot be told apart or leave no residual.
    """
    rows = series.rows
    outcome = _centred(y, rows)
    size = _norm(outcome)
    basis: list[np.ndarray] = []
    told, squares = size > 0, []
    for source in (y, series.x):
        for lag in range(1, order + 1):
            column = _centred(_earlier(source, lag), rows)
            free = _free_of(column, basis)
            length = _norm(free)
            told &= length > RANK_TOLERANCE * _norm(column)
            basis.append(free / np.where(length > 0, length, 1.0)[..., None])
            outcome = _free_of(outcome, basis[-1:])
        squares.append(_norm(outcome) ** 2)
    told &= squares[1] > (RANK_TOLERANCE * size) ** 2
    df = rows.sum(axis=1) - 2 * order - 1
    ratio = np.divide(squares[0] - squares[1], squares[1], out=np.full(squares[1].shape, np.nan), where=told)
    return df * ratio


def null_draws(
    series: Series, *, order: int, period_effects: bool, n_draws: int, rng: np.random.Generator
) -> np.ndarray:
    """
    Means of the Wald statistics when x has no effect and units share what they share in a period.

    Parameters
    ----------
    series : Series
    order : int
        Lags K, in periods.
    period_effects : bool
        Whether the series are free of period effects, so that the draws must be freed of theirs.
    n_draws : int
    rng : Generator

    Returns
    -------
    ndarray, shape (n_draws,)

    Notes
    -----
    y follows its own lags (least squares by unit, without x) from the values with which its rows begin; the residuals
    of a period are drawn for all units together. A unit without a residual in the period drawn takes that of a second
    one, the same for all units that need it, and so on. x stays as observed.

    References
    ----------
    E.-I. Dumitrescu, C. Hurlin (2012), *Economic Modelling* 29(4), 1450-1460, section 6.
    """
    coefficients, residuals = _null_model(series, order)
    block = max(1, BLOCK_CELLS // series.y.size)
    sizes = [min(block, n_draws - start) for start in range(0, n_draws, block)]
    paths = (_paths(series, coefficients, _resampled(residuals, size, rng), order) for size in sizes)
    free = (_without_period_means(path, np.isfinite(series.y)) if period_effects else path for path in paths)
    return np.concatenate([wald_statistics(series, path, order=order).mean(axis=1) for path in free])


def _null_model(series: Series, order: int) -> tuple[np.ndarray, np.ndarray]:
    """Intercept and own lags by unit (N, K + 1), and residuals (N, T), NaN without a row."""
    coefficients = np.zeros((len(series.y), order + 1))
    residuals = np.full(series.y.shape, np.nan)
    lags = [_earlier(series.y, lag) for lag in range(1, order + 1)]
    for unit, rows in enumerate(series.rows):
        design = np.column_stack([np.ones(rows.sum()), *(lag[unit, rows] for lag in lags)])
        coefficients[unit] = np.linalg.lstsq(design, series.y[unit, rows])[0]
        residuals[unit, rows] = series.y[unit, rows] - design @ coefficients[unit]
    return coefficients, residuals


def _resampled(residuals: np.ndarray, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Residuals of random periods (b, N, T), each period with all its units."""
    known = residuals[:, np.isfinite(residuals).any(axis=0)].T
    shape = (n_draws, residuals.shape[1])
    drawn = known[rng.integers(0, len(known), shape)]
    while (missing := np.isnan(drawn)).any():
        drawn[missing] = known[rng.integers(0, len(known), shape)][missing]
    return drawn.transpose(0, 2, 1)


def _paths(series: Series, coefficients: np.ndarray, shocks: np.ndarray, order: int) -> np.ndarray:
    first = series.rows.argmax(axis=1)
    path = np.broadcast_to(np.nan_to_num(series.y), shocks.shape).copy()
    for period in range(order, shocks.shape[2]):
        follows = coefficients[:, 0] + shocks[:, :, period]
        for lag in range(1, order + 1):
            follows = follows + coefficients[:, lag] * path[:, :, period - lag]
        path[:, :, period] = np.where(period >= first, follows, path[:, :, period])
    return path


def _without_period_means(paths: np.ndarray, known: np.ndarray) -> np.ndarray:
    means = np.where(known, paths, 0.0).sum(axis=1) / np.maximum(known.sum(axis=0), 1)
    return paths - means[:, None]


def _earlier(values: np.ndarray, lag: int) -> np.ndarray:
    """Values `lag` periods earlier; what stands in the first periods belongs to no row."""
    return np.roll(values, lag, axis=-1)


def _centred(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Values of the rows without their mean, zero where what is left is rounding."""
    values = np.where(rows, values, 0.0)
    centred = np.where(rows, values - (values.sum(axis=-1) / rows.sum(axis=1))[..., None], 0.0)
    return np.where((_norm(centred) > ROUNDING * _norm(values))[..., None], centred, 0.0)


def _free_of(values: np.ndarray, basis: list[np.ndarray]) -> np.ndarray:
    for one in basis:
        values = values - one * (one * values).sum(axis=-1, keepdims=True)
    return values


def _norm(values: np.ndarray) -> np.ndarray:
    return np.sqrt((values**2).sum(axis=-1))
