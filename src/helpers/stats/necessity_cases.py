"""Cases of a necessity claim: values with their intervals on the calendar, and the window of x before each y.

Arrays are (entities, periods), NaN where unknown; further axes are thresholds. See `necessity`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.panels import check_panel

KEPT = "kept"
REASONS = ("missing_y", "window_incomplete", KEPT)


@dataclass(frozen=True)
class Series:
    """One measure: `values` with half the widths of their intervals, (entities, periods); NaN where either is unknown.

    Intervals have width 0 nowhere: an error of 0 means that all agreed, and counts as unknown.
    """

    values: np.ndarray
    half: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Whether there is a value with an interval."""
        return np.isfinite(self.values)


@dataclass(frozen=True)
class Sides:
    """What a grid of counterexamples is counted from, by thresholds of x or y (last axis).

    `known` (entities, periods) marks the cases; `had_x` and `low_x` (…, x thresholds) whether x reached its threshold
    in the window, and whether it clearly did not; `high_y` and `clear_y` (…, y thresholds) whether y is high, clearly.
    """

    known: np.ndarray
    had_x: np.ndarray
    low_x: np.ndarray
    high_y: np.ndarray
    clear_y: np.ndarray


def series_of(
    panel: pd.DataFrame, x: str, y: str, x_se: str, y_se: str, *, conf_level: float = 0.95
) -> tuple[Series, Series]:
    """
    Lay a panel out on its calendar, with intervals value ± z · se.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time`` and the four columns.
    x, y, x_se, y_se : str
        Columns of the values and of their standard errors.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    x, y : Series
        Entities in an order that no name can alter.

    Raises
    ------
    ValueError
        For a missing column, an infinite value, a negative error, or what is not a panel.
    """
    columns = [x, y, x_se, y_se]
    check_panel(panel, columns)
    for column in (x_se, y_se):
        if (panel[column] < 0).any():
            raise ValueError(f"{column} must be 0 or more; found {panel[column].min()}.")
    laid = _laid(panel, columns)
    order = np.lexsort([np.zeros(len(laid[0])), *np.hstack(laid).T])
    values_x, values_y, *errors = (table[order] for table in laid)
    z = stats.norm.ppf(0.5 + conf_level / 2)
    return tuple(
        Series(np.where(error > 0, values, np.nan), np.where(np.isfinite(values) & (error > 0), z * error, np.nan))
        for values, error in zip((values_x, values_y), errors, strict=True)
    )


def _laid(panel: pd.DataFrame, columns: Sequence[str]) -> list[np.ndarray]:
    if not len(panel):
        return [np.empty((0, 0))] * len(columns)
    calendar = range(panel["time"].min(), panel["time"].max() + 1)
    wide = panel.set_index(["entity", "time"])[list(columns)].astype(float).unstack("time")
    return [wide[column].reindex(columns=calendar).to_numpy() for column in columns]


def window_maximum(values: np.ndarray, lag: int) -> np.ndarray:
    """Largest value of the periods 1 to `lag` earlier, along the last axis; NaN where one of them is unknown."""
    if not values.size:
        return values
    padding = np.full((*values.shape[:-1], lag), np.nan)
    padded = np.concatenate([padding, values], axis=-1)[..., : values.shape[-1] + lag - 1]
    return np.lib.stride_tricks.sliding_window_view(padded, lag, axis=-1).max(axis=-1)


def sides_of(x: Series, y: Series, lag: int, cuts: Sequence[np.ndarray]) -> Sides:
    """
    Hold both series against their thresholds.

    Parameters
    ----------
    x, y : Series
        Leading axes, such as draws, are allowed.
    lag : int
        Length of the window, in periods.
    cuts : two arrays
        Thresholds of x and of y.

    Returns
    -------
    Sides
    """
    before, above = window_maximum(x.values, lag), window_maximum(x.values + x.half, lag)
    known = y.known & np.isfinite(before)
    return Sides(
        known=known,
        had_x=known[..., None] & (before[..., None] >= cuts[0]),
        low_x=known[..., None] & (above[..., None] < cuts[0]),
        high_y=known[..., None] & (y.values[..., None] > cuts[1]),
        clear_y=known[..., None] & ((y.values - y.half)[..., None] > cuts[1]),
    )


def count_rows(panel: pd.DataFrame, y: Series, known: np.ndarray) -> list[dict[str, object]]:
    """Records of ``reason`` (one of `REASONS`) and ``n_rows``; the rows add up to those of `panel`."""
    n_y, n_kept = int(y.known.sum()), int(known.sum())
    return [
        {"reason": reason, "n_rows": n}
        for reason, n in zip(REASONS, (len(panel) - n_y, n_y - n_kept, n_kept), strict=True)
    ]
