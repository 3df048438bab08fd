"""Other ways to set growth against engagement one lag earlier: between units, other models, without one wave.

The headline is that of `lag_profile`: within units, all lags together. *Between* compares what units average over the
periods; it holds all that is always different between units, which may have other causes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.stats.claimed_lag import Headline
from helpers.stats.cluster_robust import MIN_CLUSTERS, linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.panels import add_lags, lag_column
from helpers.stats.shared_shocks import in_groups, shared_shock_fit
from helpers.stats.two_way import TwoWayFit, two_way_fit

# A line through two points leaves no residual.
MIN_PERIODS_FOR_TREND = 3
MODELS = ("within", "alone", "shared_shocks", "own_trend", "own_past", "between")


def growth_slopes(base: Headline, *, cluster: str | None = None, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Slope of y on x of the lag claimed, by each model.

    Parameters
    ----------
    base : Headline
        From `claimed_lag.headline`.
    cluster : str, optional
        Column of the clusters, each holding whole entities. Default: ``entity``.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (6, 13)
        `ESTIMATE_COLUMNS` in points of y per point of x; ``model``: ``within`` (the headline), ``alone`` (this lag
        without the others), ``shared_shocks`` (effects of each period within each cluster), ``own_trend`` (a straight
        line for each unit), ``own_past`` (y of the period before beside it), ``between`` (unit means); ``reason`` and
        ``reason_values`` of a model that these data do not bear, whose figures are empty.

    Notes
    -----
    ``own_past`` carries the bias of a lagged outcome under fixed effects, of the order of 1 over the periods, on y's
    own coefficient; that on the slope is smaller. ``between`` is ``ȳ_i = a + b x̄_i,-l + e_i`` over the rows of the
    headline.

    References
    ----------
    J. Wooldridge (2010), *Econometric Analysis of Cross Section and Panel Data*, 2nd ed., ch. 10; Y. Mundlak (1978),
    *Econometrica* 46(1), 69-85 (between and within); S. Nickell (1981), *Econometrica* 49(6), 1417-1426.
    """
    recipes: dict[str, Callable[[], TwoWayFit]] = {
        "within": lambda: two_way_fit(base.sample, base.y, base.columns, cluster=cluster),
        "alone": lambda: two_way_fit(base.sample, base.y, [base.claimed], cluster=cluster),
        "shared_shocks": lambda: shared_shock_fit(base.sample, base.y, base.columns, cluster=cluster),
        "own_trend": lambda: _own_trend(base, cluster),
        "own_past": lambda: _own_past(base, cluster),
        "between": lambda: _between(base, cluster),
    }
    return pd.concat([_row(base, name, make, conf_level) for name, make in recipes.items()], ignore_index=True)


def without_each_period(base: Headline, *, cluster: str | None = None, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Slope of y on x without each period in turn: does one wave decide?

    Parameters
    ----------
    base : Headline
        From `claimed_lag.headline`.
    cluster : str, optional
    conf_level : float

    Returns
    -------
    DataFrame, shape (periods, 11)
        `ESTIMATE_COLUMNS` and ``left_out`` (time of y); empty figures where nothing can be estimated without it.

    Raises
    ------
    NotApplicable
        With fewer than three periods.
    """
    times = sorted(base.sample["time"].unique())
    if len(times) < 3:
        raise NotApplicable("Leaving out one period needs {needed} periods; found {found}.", needed=3, found=len(times))
    rows = [
        _row(base, "within", lambda time=time: _without(base, time, cluster), conf_level).assign(left_out=int(time))
        for time in times
    ]
    return pd.concat(rows, ignore_index=True)[[*ESTIMATE_COLUMNS, "left_out"]]


def _row(base: Headline, model: str, make: Callable[[], TwoWayFit], conf_level: float) -> pd.DataFrame:
    try:
        fit = make()
        names = list(fit.coefficients.index)
        chosen = pd.DataFrame([[float(name == base.claimed) for name in names]], index=[base.term], columns=names)
        row = linear_combinations(fit, chosen, conf_level=conf_level).assign(reason="", reason_values=[{}])
    except NotApplicable as obstacle:
        empty = dict.fromkeys(ESTIMATE_COLUMNS, np.nan) | {"term": base.term, "conf_level": conf_level}
        row = pd.DataFrame([empty]).assign(reason=obstacle.reason, reason_values=[obstacle.values])
    return row.assign(model=model)


def _own_trend(base: Headline, cluster: str | None) -> TwoWayFit:
    n_periods = base.sample["time"].nunique()
    if n_periods < MIN_PERIODS_FOR_TREND:
        raise NotApplicable(
            "A straight line for each unit needs {needed} periods; found {found}.",
            needed=MIN_PERIODS_FOR_TREND,
            found=n_periods,
        )
    rows = base.sample[base.sample.groupby("entity")["time"].transform("size") >= MIN_PERIODS_FOR_TREND]
    return two_way_fit(rows, base.y, base.columns, cluster=cluster, trend="time")


def _own_past(base: Headline, cluster: str | None) -> TwoWayFit:
    before = lag_column(base.y, 1)
    rows = add_lags(base.sample, [base.y], [1]).dropna(subset=before)
    return two_way_fit(_repeated(rows), base.y, [*base.columns, before], cluster=cluster)


def _between(base: Headline, cluster: str | None) -> TwoWayFit:
    keys = ["entity"] if cluster in (None, "entity") else ["entity", cluster]
    means = base.sample.groupby(keys, as_index=False)[[base.y, base.claimed]].mean()
    if len(means) < MIN_CLUSTERS or means[base.claimed].nunique() < 2:
        raise NotApplicable(
            "Comparing units needs {needed} of them; found {found}.", needed=MIN_CLUSTERS, found=len(means)
        )
    return two_way_fit(means, base.y, [base.claimed], absorb=None, dummies=None, cluster=cluster or "entity")


def _without(base: Headline, time: int, cluster: str | None) -> TwoWayFit:
    rows = _repeated(base.sample[base.sample["time"] != time])
    return two_way_fit(rows, base.y, base.columns, cluster=cluster)


def _repeated(rows: pd.DataFrame) -> pd.DataFrame:
    left = in_groups(rows, ("entity", "time"))
    if left.empty:
        raise NotApplicable("Too few periods are left to compare units with themselves.")
    return left
