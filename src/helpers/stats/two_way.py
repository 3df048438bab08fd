"""Least squares with two fixed effects, on panels with holes.

The first effect (`absorb`, the entity) is removed by demeaning, the second (`dummies`, the time) by projection on its
demeaned dummies, which is exact on unbalanced panels too. `cluster` is the unit of dependence: it holds whole entities.
Standard errors are in `cluster_robust`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable

# Relative size below which a direction counts as zero: far above rounding (1e-15), far below any real variation.
RANK_TOLERANCE = 1e-8


@dataclass(frozen=True)
class TwoWayFit:
    """A fitted regression in the form that standard errors need: all arrays are free of the absorbed effect.

    `outcome` (n,) and `regressors` (n, k) are free of both effects; `basis` (n, r) is orthonormal and spans the second
    effect and the regressors; `cluster` (n,) numbers the clusters from 0; `n_absorbed` counts the
    levels of the first effect and their trends, `n_dummies` the levels of the second.
    """

    coefficients: pd.Series
    outcome: np.ndarray
    regressors: np.ndarray
    residuals: np.ndarray
    basis: np.ndarray
    cluster: np.ndarray
    n_absorbed: int
    n_dummies: int

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.residuals)

    @property
    def n_clusters(self) -> int:
        """Clusters."""
        return int(self.cluster.max()) + 1

    @property
    def bread(self) -> np.ndarray:
        """Inverse of regressors' regressors, shape (k, k)."""
        return np.linalg.inv(self.regressors.T @ self.regressors)


def two_way_fit(
    panel: pd.DataFrame,
    y: str,
    x: Sequence[str],
    *,
    absorb: str | None = "entity",
    dummies: str | None = "time",
    cluster: str | None = None,
    trend: str | None = None,
) -> TwoWayFit:
    """
    Regress y on the columns x with fixed effects of entity and time.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        Complete rows (see `panels.lagged_sample`), in any order.
    y : str
        Outcome.
    x : sequence of str, length k
        Regressors.
    absorb, dummies : str or None
        Columns of the two effects; without both an intercept stands in their place.
    cluster : str, optional
        Column of the clusters, each of which holds whole levels of `absorb`. Default: `absorb`, else every row.
    trend : str, optional
        Column whose slope may differ between the levels of `absorb`, as ``time`` for a linear trend of each entity.

    Returns
    -------
    TwoWayFit
        ``y = a_entity + b_time + x' coefficients + e`` by least squares.

    Raises
    ------
    ValueError
        For a missing column or value, a level of `absorb` in two clusters, or a trend without `absorb`.
    NotApplicable
        When a column of x, or y, does not vary beside the effects, the columns of x cannot be told apart, or the rows
        are no more than the parameters.

    References
    ----------
    J. Wooldridge (2010), *Econometric Analysis of Cross Section and Panel Data*, 2nd ed., ch. 10.
    """
    x = list(x)
    if trend and not absorb:
        raise ValueError(f"trend must go with absorb; found {trend!r} alone. Name the column of the units.")
    _check_complete(panel, [y, *x, *(name for name in (absorb, dummies, cluster, trend) if name)])
    entity = pd.factorize(panel[absorb])[0] if absorb else None
    groups = _cluster_codes(panel, cluster or absorb, entity)
    dummy = _dummies(panel, dummies, intercept=absorb is None)
    slope = _demean(panel[[trend]].to_numpy(float), entity) if trend else None
    effects = _span(_detrend(_demean(dummy, entity), entity, slope))
    values = panel[[y, *x]].to_numpy(float)
    free = _free(values, entity, effects, slope)
    n_absorbed = (int(entity.max()) + 1) * (2 if trend else 1) if absorb else 0
    require_estimable(free, values, [y, *x], n_parameters=n_absorbed + effects.shape[1] + len(x))
    outcome, regressors = free[:, 0], free[:, 1:]
    coefficients = np.linalg.lstsq(regressors, outcome)[0]
    residuals = outcome - regressors @ coefficients
    basis = np.hstack([effects, np.linalg.qr(regressors)[0]])
    named = pd.Series(coefficients, index=x, name=y)
    return TwoWayFit(named, outcome, regressors, residuals, basis, groups, n_absorbed, dummy.shape[1])


def require_estimable(free: np.ndarray, values: np.ndarray, columns: Sequence[str], *, n_parameters: int) -> None:
    """
    Refuse a regression that these rows do not determine.

    Parameters
    ----------
    free, values : ndarray, shape (n, 1 + k)
        Outcome and regressors, without the effects and with them.
    columns : sequence of str, length 1 + k
        Their names, the outcome first.
    n_parameters : int
        Effects and slopes.

    Raises
    ------
    NotApplicable
        When a column does not vary beside the effects, the regressors cannot be told apart, or the rows are no more
        than the parameters.
    """
    y, *x = columns
    _check_change(np.roll(free, -1, axis=1), np.roll(values, -1, axis=1), [*x, y])
    _check_rank(free[:, 1:], x)
    _check_room(len(free), n_parameters)


def free_of_effects(panel: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """
    Columns without their entity and time effects.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, ``time`` and complete `columns`.
    columns : sequence of str, length k

    Returns
    -------
    DataFrame, shape (n, k)
        What is left of each column beside the two effects.
    """
    _check_complete(panel, ["entity", "time", *columns])
    entity = pd.factorize(panel["entity"])[0]
    effects = _span(_demean(_dummies(panel, "time", intercept=False), entity))
    free = _free(panel[list(columns)].to_numpy(float), entity, effects)
    return pd.DataFrame(free, columns=list(columns), index=panel.index)


def _check_complete(panel: pd.DataFrame, columns: list[str]) -> None:
    for column in columns:
        if column not in panel:
            raise ValueError(f"panel must have the column {column!r}; found {', '.join(map(str, panel.columns))}.")
        if panel[column].isna().any():
            raise ValueError(
                f"{column} must have no missing values; found {panel[column].isna().sum()}. Drop them first."
            )
    if not len(panel):
        raise ValueError("panel must have rows; found 0.")


def _cluster_codes(panel: pd.DataFrame, cluster: str | None, entity: np.ndarray | None) -> np.ndarray:
    codes = pd.factorize(panel[cluster])[0] if cluster else np.arange(len(panel))
    if entity is not None:
        split = pd.Series(codes).groupby(entity).nunique()
        if (split > 1).any():
            raise ValueError(f"cluster must hold whole entities; found {(split > 1).sum()} in more than one {cluster}.")
    return codes


def _dummies(panel: pd.DataFrame, column: str | None, *, intercept: bool) -> np.ndarray:
    if column is None:
        return np.ones((len(panel), int(intercept)))
    codes, levels = pd.factorize(panel[column])
    return (codes[:, None] == np.arange(len(levels))).astype(float)


def _demean(values: np.ndarray, entity: np.ndarray | None) -> np.ndarray:
    if entity is None:
        return values
    counts = np.bincount(entity)[:, None]
    sums = np.zeros((len(counts), values.shape[1]))
    np.add.at(sums, entity, values)
    return values - (sums / counts)[entity]


def _detrend(values: np.ndarray, entity: np.ndarray | None, slope: np.ndarray | None) -> np.ndarray:
    """Demeaned values without their projection on the demeaned slope of each entity."""
    if slope is None:
        return values
    size, along = (np.zeros((entity.max() + 1, width)) for width in (1, values.shape[1]))
    np.add.at(size, entity, slope**2)
    np.add.at(along, entity, slope * values)
    return values - slope * np.divide(along, size, out=np.zeros_like(along), where=size > 0)[entity]


def _free(
    values: np.ndarray, entity: np.ndarray | None, effects: np.ndarray, slope: np.ndarray | None = None
) -> np.ndarray:
    """Values without all effects; centred first, so that large levels cost no digits."""
    free = _detrend(_demean(values - values.mean(axis=0), entity), entity, slope)
    return free - effects @ (effects.T @ free)


def _span(columns: np.ndarray) -> np.ndarray:
    """Orthonormal basis of the column space, whatever its rank."""
    if columns.shape[1] == 0:
        return columns
    left, size, _ = np.linalg.svd(columns, full_matrices=False)
    return left[:, size > RANK_TOLERANCE * max(size[0], 1.0)]


def _check_change(free: np.ndarray, values: np.ndarray, columns: list[str]) -> None:
    size, spread = np.linalg.norm(free, axis=0), np.linalg.norm(values - values.mean(axis=0), axis=0)
    for column, small in zip(columns, size <= RANK_TOLERANCE * spread, strict=True):
        if small:
            raise NotApplicable("{column} does not change within units beyond what all units share.", column=column)


def _check_rank(free: np.ndarray, x: list[str]) -> None:
    size = np.linalg.norm(free, axis=0)
    if np.linalg.matrix_rank(free / size, tol=RANK_TOLERANCE * len(x)) < len(x):
        raise NotApplicable("What goes with {columns} cannot be told apart in these data.", columns=", ".join(x))


def _check_room(n: int, n_parameters: int) -> None:
    if n <= n_parameters:
        raise NotApplicable(
            "Estimating {n_parameters} parameters needs more rows than {n}.", n=n, n_parameters=n_parameters
        )
