"""The effect at the lag claimed under other specifications: does the answer hang on one choice?

One row per variant, each on a sample of its own that is stated. A variant that cannot be estimated keeps its row, with
the reason: what could not be looked at must not look like what was found.

====================  =============================================================================================
variant               what differs from the headline
====================  =============================================================================================
headline              nothing: unit and period effects, all lags together
unit_trends           each unit has a linear trend of its own (units with 3 rows or more)
response_rate         the response rate of the survey that gave x at the lag claimed stands beside the lags
redesign              each unit has one level before and another since the survey was redesigned; rows whose lags reach
                      across drop out, because a shift of x would reach them through some lags and not through others
first_differences     changes on the calendar period before, with period effects, in place of unit effects
single_lag            the lag claimed alone, on all the rows it allows
single_lag_same_rows  the lag claimed alone, on the rows of the headline
with_lead             next period's x stands beside the lags
====================  =============================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from helpers.stats.claimed_lag import Headline, headline
from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import DEFAULT_MAX_LAG, LEAD, in_sd, require_clusters
from helpers.stats.panels import MIN_PERIODS_PER_ENTITY, add_lags, lag_column, lagged_sample
from helpers.stats.two_way import TwoWayFit, two_way_fit

# A line through two points leaves no residual.
MIN_PERIODS_FOR_TREND = 3


def lag_variants(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int,
    lags: Iterable[int] | None = None,
    max_lag: int = DEFAULT_MAX_LAG,
    response_rate: str = "response_rate",
    redesign: int | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Effect of x on y at the lag claimed, under each specification in the table at the head of the module.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x`, `y` and, if known, `response_rate`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lag : int
        Lag claimed, in periods.
    lags : iterable of int, optional
        Lags of the headline. Default: the longest set up to `max_lag` that the panel bears.
    max_lag : int
        Longest lag considered when `lags` is not given, in periods.
    response_rate : str
        Column of the response rate, which the panel may lack.
    redesign : int, optional
        First period of a survey redesigned, as in ``time``.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (8, 22)
        `ESTIMATE_COLUMNS` (``term`` is the lag claimed); ``variant``; ``lags``, ``first_period``, ``last_period`` of
        its sample; ``reason`` and ``reason_values`` (sentence and placeholders of the `NotApplicable` that stands in
        the way, else empty); ``least_detectable``; in SD ``estimate_sd`` and so on, by the headline's ratio throughout.

    Raises
    ------
    NotApplicable
        When the panel does not bear the headline with the lag claimed.

    Notes
    -----
    All errors are CR2 with Satterthwaite df, clusters are units; effects and trends of units nest in them and are
    absorbed exactly. The variants are looks at one claim, not tests to choose from: none replaces the headline.

    References
    ----------
    J. Wooldridge (2010), *Econometric Analysis of Cross Section and Panel Data*, 2nd ed., ch. 10 and 11.
    """
    base = headline(panel, x=x, y=y, lag=lag, lags=lags, max_lag=max_lag)
    recipes: dict[str, Callable[[], tuple[TwoWayFit, pd.DataFrame]]] = {
        "headline": lambda: _fit(base, base.sample, base.columns),
        "unit_trends": lambda: _unit_trends(base),
        "response_rate": lambda: _response_rate(base, panel, response_rate),
        "redesign": lambda: _redesign(base, redesign),
        "first_differences": lambda: _first_differences(base),
        "single_lag": lambda: _fit(base, lagged_sample(panel, x=x, y=y, lags=[lag])[0], [base.claimed]),
        "single_lag_same_rows": lambda: _fit(base, base.sample, [base.claimed]),
        "with_lead": lambda: _with_lead(base, panel),
    }
    rows = [_row(base, variant, recipe, conf_level) for variant, recipe in recipes.items()]
    table = in_sd(pd.concat(rows, ignore_index=True), base.ratio)
    table.attrs = {"x": x, "y": y, "lag": lag, "sd_ratio": base.ratio, "redesign": redesign}
    return table


def _row(
    base: Headline, variant: str, recipe: Callable[[], tuple[TwoWayFit, pd.DataFrame]], conf_level: float
) -> pd.DataFrame:
    about = {"variant": variant, "lags": "", "first_period": pd.NA, "last_period": pd.NA}
    try:
        fit, sample = recipe()
    except NotApplicable as obstacle:
        empty = dict.fromkeys(ESTIMATE_COLUMNS, np.nan) | {"term": base.term, "conf_level": conf_level}
        row = pd.DataFrame([empty]).assign(reason=obstacle.reason, reason_values=[obstacle.values])
    else:
        names = fit.coefficients.index
        chosen = pd.DataFrame([(names == base.claimed).astype(float)], index=[base.term], columns=names)
        row = linear_combinations(fit, chosen, conf_level=conf_level).assign(reason="", reason_values=[{}])
        about |= {"lags": _lags(base, names), "first_period": sample["time"].min(), "last_period": sample["time"].max()}
    return row.assign(**about).astype({"first_period": "Int64", "last_period": "Int64", "n": float})


def _lags(base: Headline, names: pd.Index) -> str:
    return ", ".join(str(lag) for lag in (LEAD, *base.lags) if lag_column(base.x, lag) in names)


def _fit(base: Headline, sample: pd.DataFrame, columns: list[str], **choices: str) -> tuple[TwoWayFit, pd.DataFrame]:
    require_clusters(sample["entity"].nunique())
    return two_way_fit(sample, base.y, columns, cluster="entity", **choices), sample


def _unit_trends(base: Headline) -> tuple[TwoWayFit, pd.DataFrame]:
    sample = _large_enough(base.sample, {"entity": MIN_PERIODS_FOR_TREND, "time": 2})
    return _fit(base, sample, base.columns, trend="time")


def _response_rate(base: Headline, panel: pd.DataFrame, response_rate: str) -> tuple[TwoWayFit, pd.DataFrame]:
    if response_rate not in panel or panel[response_rate].isna().all():
        raise NotApplicable("The response rate is not in these data.")
    then = lag_column(response_rate, base.lag)
    rates = add_lags(panel, [response_rate], [base.lag])[["entity", "time", then]]
    sample = base.sample[["entity", "time", base.y, *base.columns]].merge(rates, on=["entity", "time"])
    sample = sample.dropna(subset=then)
    sample = _large_enough(sample, {"entity": MIN_PERIODS_PER_ENTITY, "time": 2})
    return _fit(base, sample, [*base.columns, then])


def _redesign(base: Headline, redesign: int | None) -> tuple[TwoWayFit, pd.DataFrame]:
    if redesign is None:
        raise NotApplicable("No redesign of the survey is known.")
    time = base.sample["time"]
    first_untouched = redesign + max(base.lags)
    sample = base.sample[(time < redesign) | (time >= first_untouched)]
    sample = sample.assign(level=sample.groupby(["entity", sample["time"] >= redesign]).ngroup())
    sample = _large_enough(sample, {"level": MIN_PERIODS_PER_ENTITY, "time": 2})
    if sample["time"].lt(redesign).all() or sample["time"].ge(redesign).all():
        raise NotApplicable("The redesign of the survey leaves too few periods before or after it.")
    return _fit(base, sample, base.columns, absorb="level")


def _first_differences(base: Headline) -> tuple[TwoWayFit, pd.DataFrame]:
    columns = [base.y, *base.columns]
    lagged = add_lags(base.sample, columns, [1])
    before = lagged[[lag_column(column, 1) for column in columns]].set_axis(columns, axis=1)
    sample = base.sample.assign(**(base.sample[columns] - before)).dropna(subset=columns)
    return _fit(base, _large_enough(sample, {"time": 2}), base.columns, absorb=None)


def _with_lead(base: Headline, panel: pd.DataFrame) -> tuple[TwoWayFit, pd.DataFrame]:
    sample, _ = lagged_sample(panel, x=base.x, y=base.y, lags=[LEAD, *base.lags])
    return _fit(base, sample, [lag_column(base.x, LEAD), *base.columns])


def _large_enough(sample: pd.DataFrame, least: dict[str, int]) -> pd.DataFrame:
    """Without the groups that carry nothing, in turns until none is left."""
    n_rows = -1
    while n_rows != (n_rows := len(sample)):
        for column, n_least in least.items():
            sample = sample[sample.groupby(column)[column].transform("size") >= n_least]
    return sample
