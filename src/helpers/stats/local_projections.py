"""Panel local projections: how far y has moved h periods after x was one point higher, one regression per horizon.

The lag model builds the path of y from all its lags at once and trusts it throughout; a local projection asks anew at
each horizon, on the rows that reach so far. Where x rises and stays up, the later horizons hold what the later x did
too: they tell of the course that follows a rise, not of a single lag.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import in_sd, require_clusters, sd_ratio
from helpers.stats.own_past import free_of_units, own_columns, with_own_past
from helpers.stats.panels import add_lags, lag_column, lagged_sample
from helpers.stats.two_way import two_way_fit

DEFAULT_HORIZON = 3


def local_projections(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    max_horizon: int = DEFAULT_HORIZON,
    past: int = 1,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Change of y from before x to h periods after it, by two-way fixed effects with CR2 errors.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the cause claimed and the outcome.
    max_horizon : int
        In periods, 0 or more.
    past : int
        How many lags of x and of y stand beside x, 1 or more.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (max_horizon + 1, 21)
        `ESTIMATE_COLUMNS` for ``horizon 0``, …, in points of y per point of x; ``horizon``, ``first_period`` and
        ``last_period`` (of x) of its sample; ``reason`` and ``reason_values`` (of the `NotApplicable` that stands in
        the way, else empty); ``least_detectable``, in SD ``estimate_sd`` and so on. ``attrs`` hold x, y, past,
        sd_ratio.

    Raises
    ------
    ValueError
        For a negative horizon or no past.
    NotApplicable
        When no horizon can be estimated.

    Notes
    -----
    ``y_i,t+h - y_i,t-1 = a_i + b_t + θ_h x_it + Σ_k (φ_k x_i,t-k + ψ_k y_i,t-k) + e``, k = 1, …, past. With unit
    effects and y's own past the bias of short panels is of order 1 / T here too, and grows with h.

    References
    ----------
    Ò. Jordà (2005), *American Economic Review* 95(1), 161-182; Z. Mei, L. Sheng, Z. Shi (2023), *Nickell bias in panel
    local projection*, arXiv:2302.13455.
    """
    if max_horizon < 0:
        raise ValueError(f"max_horizon must be 0 or more; found {max_horizon}.")
    found = [_try(panel, horizon, x=x, y=y, past=past, conf_level=conf_level) for horizon in range(max_horizon + 1)]
    reasons = [one for one in found if isinstance(one, NotApplicable)]
    if len(reasons) == len(found):
        raise reasons[0]
    rows = [_row(one, horizon, conf_level) for horizon, one in enumerate(found)]
    ratio = sd_ratio(panel, x=x, y=y)
    table = in_sd(pd.concat(rows, ignore_index=True), ratio)
    table.attrs = {"x": x, "y": y, "past": past, "sd_ratio": ratio}
    return table


def changes_ahead(panel: pd.DataFrame, horizon: int, *, x: str, y: str, past: int) -> pd.DataFrame:
    """
    Rows of one horizon: `y` holds y(t + h) - y(t - 1), beside x, its lags, and the lags of y.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    horizon : int
        In periods.
    x, y : str
    past : int
        Lags of x and of y.

    Returns
    -------
    DataFrame, shape (n complete, ...)
        Sorted by entity and time; units and periods with a single row are left out.
    """
    table = with_own_past(panel, y, past)
    ahead = add_lags(panel, [y], [-horizon])[lag_column(y, -horizon)]
    before = table[own_columns(y, past)]
    change = (ahead - before.iloc[:, 0]).where(before.notna().all(axis=1))
    return lagged_sample(table.assign(**{y: change}), x=x, y=y, lags=range(past + 1))[0]


def _try(
    panel: pd.DataFrame, horizon: int, *, x: str, y: str, past: int, conf_level: float
) -> pd.DataFrame | NotApplicable:
    sample = changes_ahead(panel, horizon, x=x, y=y, past=past)
    own, others = own_columns(y, past), [lag_column(x, lag) for lag in range(past + 1)]
    try:
        require_clusters(sample["entity"].nunique())
        scaled, factor = free_of_units(sample, others, [y, *own])
        fit = two_way_fit(scaled, y, [*others, *own])
    except NotApplicable as obstacle:
        return obstacle
    chosen = pd.DataFrame([(fit.coefficients.index == x) * factor], columns=fit.coefficients.index)
    table = linear_combinations(fit, chosen, conf_level=conf_level)
    return table.assign(first_period=sample["time"].min(), last_period=sample["time"].max())


def _row(found: pd.DataFrame | NotApplicable, horizon: int, conf_level: float) -> pd.DataFrame:
    about = {"term": f"horizon {horizon}", "horizon": horizon}
    if isinstance(found, NotApplicable):
        about |= {"conf_level": conf_level, "first_period": pd.NA, "last_period": pd.NA}
        found, reason = pd.DataFrame([dict.fromkeys(ESTIMATE_COLUMNS, np.nan)]), found
        about |= {"reason": reason.reason, "reason_values": [reason.values]}
    else:
        about |= {"reason": "", "reason_values": [{}]}
    return found.assign(**about).astype({"first_period": "Int64", "last_period": "Int64", "n": float})
