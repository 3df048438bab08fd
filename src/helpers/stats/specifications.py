"""The specifications of a curve, and the regression that each stands for, on a grid of units and periods."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from helpers.stats.claimed_lag import Headline
from helpers.stats.lag_profile import require_clusters
from helpers.stats.panels import MIN_PERIODS_PER_ENTITY, check_panel, lag_column
from helpers.stats.specification_fits import Effects, effects, usable
from helpers.stats.two_way import require_estimable

# Units with most answers that are left out in turn: enough to see whether one of them carries the effect.
N_LARGEST = 3
EQUAL_WEIGHTS, BY_ANSWERS = "equal", "n"
ALL_ROWS, WITHOUT_FIRST, WITHOUT_LAST, WITHOUT_UNIT = (
    "all",
    "without_first_period",
    "without_last_period",
    "without_unit",
)
NO_TRENDS, UNIT_TRENDS = "none", "unit"
LEVELS, DIFFERENCES = "levels", "differences"
# Effects of each unit: its level, and its slope; in changes a level is gone and a slope has become one.
UNIT_TERMS = {
    (LEVELS, NO_TRENDS): 1,
    (LEVELS, UNIT_TRENDS): 2,
    (DIFFERENCES, NO_TRENDS): 0,
    (DIFFERENCES, UNIT_TRENDS): 1,
}


@dataclass(frozen=True)
class Specification:
    """One combination of choices; `left_out` is the row of a unit in the grid."""

    lags: tuple[int, ...]
    weights: str
    sample: str
    left_out: int | None
    trends: str
    measure: str

    def is_headline(self, base: Headline) -> bool:
        """Whether this is the headline itself."""
        return self == Specification(base.lags, EQUAL_WEIGHTS, ALL_ROWS, None, NO_TRENDS, LEVELS)


@dataclass(frozen=True)
class Grid:
    """Units in an order that no name can alter: `names` (N,); `x`, `y` and answers `n` (N, T), NaN where unknown."""

    names: np.ndarray
    x: np.ndarray
    y: np.ndarray
    n: np.ndarray | None


@dataclass(frozen=True)
class Model:
    """Regression of a specification on the periods `span`: its effects and `outcome` (N, T)."""

    specification: Specification
    effects: Effects
    outcome: np.ndarray
    span: slice


def on_grid(panel: pd.DataFrame, *, x: str, y: str, n: str | None) -> Grid:
    """
    Put a panel on its calendar, x and y less their means, so that large levels cost no digits.

    Raises
    ------
    ValueError
        For a column that is missing, or answers below zero.
    """
    columns = [x, y, *([n] if n else [])]
    check_panel(panel, columns)
    if n and (panel[n] < 0).any():
        raise ValueError(f"{n} must count answers, 0 or more; found {panel[n].min():g}.")
    calendar = pd.RangeIndex(panel["time"].min(), panel["time"].max() + 1)
    wide = [panel.pivot(index="entity", columns="time", values=one).reindex(columns=calendar) for one in columns]
    names, values = wide[0].index.to_numpy(), [table.to_numpy(float) for table in wide]
    order = np.lexsort(np.hstack([values[1], values[0]]).T)
    centred = [one[order] - np.nanmean(one) for one in values[:2]]
    return Grid(names[order], *centred, values[2][order] if n else None)


def specifications(base: Headline, grid: Grid) -> list[Specification]:
    """All combinations of the choices that these data allow."""
    lag_sets = dict.fromkeys([(base.lag,), tuple(range(base.lag + 1)), base.lags])
    weights, samples = [EQUAL_WEIGHTS], [(ALL_ROWS, None), (WITHOUT_FIRST, None), (WITHOUT_LAST, None)]
    if grid.n is not None:
        weights.append(BY_ANSWERS)
        largest = np.argsort(-np.nansum(grid.n, axis=1), kind="stable")[:N_LARGEST]
        samples += [(WITHOUT_UNIT, int(unit)) for unit in largest]
    choices = product(lag_sets, weights, samples, (NO_TRENDS, UNIT_TRENDS), (LEVELS, DIFFERENCES))
    return [Specification(lags, by, *sample, trends, measure) for lags, by, sample, trends, measure in choices]


def histories(grid: Grid, lags: tuple[int, ...], measure: str, orders: np.ndarray | None = None) -> np.ndarray:
    """Lags of x (k, N, T), NaN where unknown; with `orders` (b, N) those of the arrangements (k, b, N, T)."""
    x = grid.x if measure == LEVELS else _changes(grid.x)
    each = np.stack([_earlier(x, lag) for lag in lags])
    return each if orders is None else np.nan_to_num(each)[:, orders]


def model_of(base: Headline, grid: Grid, specification: Specification) -> Model:
    """
    Settle rows, weights and effects of a specification.

    Raises
    ------
    NotApplicable
        When the rows are too few, or x does not vary.
    """
    y = grid.y if specification.measure == LEVELS else _changes(grid.y)
    x = histories(grid, specification.lags, specification.measure)
    n_unit_terms = UNIT_TERMS[specification.measure, specification.trends]
    rows = _rows(grid, specification, np.isfinite(y) & np.isfinite(x).all(axis=0), n_unit_terms)
    require_clusters(int(rows.any(axis=1).sum()))
    weights = np.where(rows, grid.n, 0.0) if specification.weights == BY_ANSWERS else rows.astype(float)
    used = np.flatnonzero(rows.any(axis=0))
    span = slice(used[0], used[-1] + 1)
    model = effects(weights[:, span] / weights.sum(), n_unit_terms=n_unit_terms)
    outcome = np.nan_to_num(y)[:, span]
    columns = np.stack([outcome, *np.nan_to_num(x)[:, :, span]])
    kept = (model.root > 0).ravel()
    free = model.free(columns)[:, kept].T
    values = (columns * model.root).reshape(len(columns), -1)[:, kept].T
    names = [base.y, *(lag_column(base.x, lag) for lag in specification.lags)]
    require_estimable(free, values, names, n_parameters=model.n_parameters + len(x))
    return Model(specification, model, outcome, span)


def _rows(grid: Grid, specification: Specification, rows: np.ndarray, n_unit_terms: int) -> np.ndarray:
    # A line needs one row more than it has terms to leave a residual.
    least = max(n_unit_terms + 1, MIN_PERIODS_PER_ENTITY) if n_unit_terms else 1
    if specification.weights == BY_ANSWERS:
        rows = rows & (np.nan_to_num(grid.n) > 0)
    if specification.left_out is not None:
        rows = rows & (np.arange(len(rows)) != specification.left_out)[:, None]
    rows = usable(rows, least_per_unit=least)
    if specification.sample in (WITHOUT_FIRST, WITHOUT_LAST) and rows.any():
        used = np.flatnonzero(rows.any(axis=0))
        rows[:, used[0 if specification.sample == WITHOUT_FIRST else -1]] = False
    return usable(rows, least_per_unit=least)


def _changes(values: np.ndarray) -> np.ndarray:
    return values - _earlier(values, 1)


def _earlier(values: np.ndarray, lag: int) -> np.ndarray:
    moved = np.full(values.shape, np.nan)
    moved[:, lag:] = values[:, : values.shape[1] - lag]
    return moved
