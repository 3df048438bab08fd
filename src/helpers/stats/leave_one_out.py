"""The effect at the lag claimed without each unit in turn: does a single unit decide the answer?

Up to `MAX_REFITS` units every regression is run again, with CR2 errors. Above that the effect without a unit, and its
CR1 error, follow exactly from the fit with all units. That error is then put on the scale of CR2 by the ratio of both
with all units in, and keeps their df.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.claimed_lag import Headline
from helpers.stats.cluster_robust import FULL_LEVERAGE, cluster_sums, linear_combinations
from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.lag_profile import in_sd
from helpers.stats.two_way import TwoWayFit, two_way_fit

# A refit takes some 5 ms, and from here on CR1 and CR2 differ by the same share with and without one unit.
MAX_REFITS = 60
# Cells of one block of pairs of units; keeps memory under about 100 MB.
BLOCK_CELLS = 4_000_000
# Relative size below which a direction counts as absent, as in `two_way`.
NEGLIGIBLE = 1e-7


def leave_one_out(base: Headline, *, conf_level: float = 0.95, cluster: str = "entity") -> pd.DataFrame:
    """
    Effect of x on y at the lag claimed, without each unit in turn.

    Parameters
    ----------
    base : Headline
        From `claimed_lag.headline`.
    conf_level : float
        Between 0 and 1.
    cluster : str
        Column of what is left out, and of the clusters of the errors; each holds whole entities.

    Returns
    -------
    DataFrame, shape (units, 22)
        `ESTIMATE_COLUMNS` without the unit; ``left_out`` (the unit); ``shift`` (estimate without it minus estimate with
        all), ``changes_sign``, ``changes_zero`` (zero is outside one of both intervals only), ``decides`` (either);
        ``least_detectable``; in SD ``estimate_sd`` and so on, ``shift_sd``. Largest shift first. ``attrs`` hold x, y,
        lag, lags, sd_ratio, ``full`` (the row with all units), ``most_moving``, ``deciding`` (units) and ``errors``
        ("refitted" or "downdated"). A unit without which there is no estimate has NaN, comes first, and decides.

    Raises
    ------
    NotApplicable
        When the panel does not bear the headline with the lag claimed.

    Notes
    -----
    With Q the orthonormal basis of periods and regressors and e the residuals, the coefficients of Q without unit g
    fall by ``d_g = (I - Q_g' Q_g)^-1 Q_g' e_g``, and the residuals of unit h rise by ``Q_h d_g``.

    References
    ----------
    D. Belsley, E. Kuh, R. Welsch (1980), *Regression Diagnostics*, ch. 2; A. C. Cameron, D. Miller (2015), *Journal of
    Human Resources* 50(2), 317-372; J. MacKinnon, M. Nielsen, M. Webb (2023), *Stata Journal* 23(4), 942-982.
    """
    fit = two_way_fit(base.sample, base.y, base.columns, cluster=cluster)
    full = linear_combinations(fit, base.chosen, conf_level=conf_level)
    units = pd.unique(base.sample[cluster])
    refit = len(units) <= MAX_REFITS
    rows = _refitted(base, units, cluster) if refit else _downdated(base, fit, full.iloc[0])
    table = with_intervals(rows.assign(term=base.term, n_clusters=len(units) - 1), conf_level)
    table = _compared(table.assign(left_out=units), full.iloc[0])
    table = in_sd(table, base.ratio).assign(shift_sd=table["shift"] * base.ratio)
    table = table.sort_values("shift", key=lambda shift: -shift.abs(), na_position="first", ignore_index=True)
    table.attrs = base.about
    table.attrs["errors"] = "refitted" if refit else "downdated"
    table.attrs |= {"full": in_sd(full, base.ratio).iloc[0].to_dict(), "most_moving": table.loc[0, "left_out"]}
    table.attrs |= {"deciding": table.loc[table["decides"], "left_out"].tolist()}
    return table


def _refitted(base: Headline, units: np.ndarray, cluster: str) -> pd.DataFrame:
    return pd.concat([_without(base, unit, cluster) for unit in units], ignore_index=True)[
        ["estimate", "se", "df", "n"]
    ]


def _without(base: Headline, unit: object, cluster: str) -> pd.DataFrame:
    left = base.sample[base.sample[cluster] != unit]
    try:
        return linear_combinations(two_way_fit(left, base.y, base.columns, cluster=cluster), base.chosen)
    except NotApplicable:
        return pd.DataFrame([{"estimate": np.nan, "se": np.nan, "df": np.nan, "n": len(left)}])


def _downdated(base: Headline, fit: TwoWayFit, full: pd.Series) -> pd.DataFrame:
    weights = fit.basis.T @ fit.regressors @ fit.bread @ base.chosen.to_numpy()[0]
    blocks = cluster_sums(fit.basis[:, :, None] * fit.basis[:, None, :], fit.cluster)
    scores = cluster_sums(fit.basis * fit.residuals[:, None], fit.cluster)
    own = _solve_left(blocks, np.broadcast_to(weights, scores.shape))
    fall = _solve_left(blocks, scores)
    n = fit.n - np.bincount(fit.cluster)
    n_parameters = len(fit.coefficients) + fit.n_dummies
    g = fit.n_clusters - 1
    variance = g / (g - 1) * (n - 1) / (n - n_parameters) * _squares_of_others(own, fall, scores, blocks)
    cr1 = linear_combinations(fit, base.chosen, kind="CR1").loc[0, "se"]
    se = np.sqrt(variance) * full["se"] / cr1
    return pd.DataFrame({"estimate": full["estimate"] - (own * scores).sum(axis=1), "se": se, "df": full["df"], "n": n})


def _solve_left(blocks: np.ndarray, right: np.ndarray) -> np.ndarray:
    """``(I - Q_g' Q_g)^-1 right_g``; NaN where that lies in a direction which the unit alone determines."""
    leverage, vectors = np.linalg.eigh(blocks)
    along = np.einsum("grs,gr->gs", vectors, right)
    alone = leverage >= FULL_LEVERAGE
    solved = np.where(alone, 0.0, along / np.where(alone, 1.0, 1 - leverage))
    lost = (alone & (np.abs(along) > NEGLIGIBLE * np.linalg.norm(right, axis=1, keepdims=True))).any(axis=1)
    return np.where(lost[:, None], np.nan, np.einsum("grs,gs->gr", vectors, solved))


def _squares_of_others(own: np.ndarray, fall: np.ndarray, scores: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Sum over the units h that stay of ``(own_g' (Q_h' e_h + Q_h' Q_h fall_g))²``."""
    n_units, rank = own.shape
    flat, sums = blocks.reshape(n_units, -1), np.empty(n_units)
    block = max(1, BLOCK_CELLS // max(n_units, rank**2))
    for start in range(0, n_units, block):
        gone = np.arange(start, min(start + block, n_units))
        both = (own[gone, :, None] * fall[gone, None, :]).reshape(len(gone), -1)
        terms = own[gone] @ scores.T + both @ flat.T
        terms[gone - start, gone] = 0.0
        sums[gone] = (terms**2).sum(axis=1)
    return sums


def _compared(table: pd.DataFrame, full: pd.Series) -> pd.DataFrame:
    """An effect that cannot be estimated without a unit hangs on it."""
    lost = table["se"].isna()
    changes_sign = lost | (np.sign(table["estimate"]) != np.sign(full["estimate"]))
    changes_zero = lost | (_outside(table) != _outside(full))
    shift = table["estimate"] - full["estimate"]
    return table.assign(
        shift=shift, changes_sign=changes_sign, changes_zero=changes_zero, decides=changes_sign | changes_zero
    )


def _outside(row: pd.DataFrame | pd.Series) -> pd.Series | bool:
    return (row["ci_low"] > 0) | (row["ci_high"] < 0)
