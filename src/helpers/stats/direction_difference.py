"""Does x lead y more than y leads x? The difference of both effects at one lag, with its own interval.

That one effect is significant and the other is not says nothing about their difference; and as both come from the same
units, their errors move together. So both regressions are stacked into one, clustered by unit.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.stats.claimed_lag import Headline, headline
from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.lag_profile import DEFAULT_MAX_LAG, IN_SD
from helpers.stats.power import least_detectable_effect
from helpers.stats.two_way import TwoWayFit, two_way_fit

TERMS = ("forward", "reverse", "difference")


def direction_difference(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int,
    lags: Iterable[int] | None = None,
    max_lag: int = DEFAULT_MAX_LAG,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Effect of x on later y minus effect of y on later x, at the lag claimed.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the measure claimed to lead and of the one claimed to follow.
    lag : int
        Lag claimed, in periods, 0 or more.
    lags : iterable of int, optional
        Lags held together, in both directions. Default: in each the longest set up to `max_lag` that the panel bears.
    max_lag : int
        Longest lag considered when `lags` is not given, in periods.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (3, 17)
        `ESTIMATE_COLUMNS` for the terms ``forward``, ``reverse`` and ``difference``, in points (empty for the
        difference, whose two parts have different units) and in SD (``estimate_sd``, ``se_sd``, ``ci_low_sd``,
        ``ci_high_sd``, ``least_detectable_sd``); ``least_detectable``, ``lag``. ``n`` of the difference counts the
        rows of both. ``attrs`` hold x, y, lag, sd_ratio, correlation (of both estimates), lags_forward, lags_reverse.

    Raises
    ------
    NotApplicable
        When the panel does not bear the lag claimed in both directions.

    Notes
    -----
    Rows of both regressions stand below each other, each with its own unit effects, period effects and lags, and a unit
    is one cluster through both; CR2 with Satterthwaite df then holds the covariance of the two estimates. Outcome and
    lags are divided by their SD within units first, so the working model of CR2, equal error variance, fits both halves
    nearly. The SD are taken as known.

    References
    ----------
    A. Gelman, H. Stern (2006), *The American Statistician* 60(4), 328-331; J. Pustejovsky, E. Tipton (2018), *Journal
    of Business & Economic Statistics* 36(4), 672-683.
    """
    choices = {"lag": lag, "lags": lags, "max_lag": max_lag}
    forward = headline(panel, x=x, y=y, **choices)
    reverse = headline(panel, x=y, y=x, **choices)
    fit = stacked_fit(forward, reverse)
    table = linear_combinations(fit, _combinations(forward, reverse, fit), conf_level=conf_level)
    table = _in_both_units(table, forward.ratio).assign(lag=lag)
    table["n"] = [len(forward.sample), len(reverse.sample), fit.n]
    table["n_clusters"] = [forward.sample["entity"].nunique(), reverse.sample["entity"].nunique(), fit.n_clusters]
    table.attrs = {"x": x, "y": y, "lag": lag, "sd_ratio": forward.ratio, "correlation": _correlation(table["se_sd"])}
    table.attrs |= {"lags_forward": list(forward.lags), "lags_reverse": list(reverse.lags)}
    return table


def stacked_fit(forward: Headline, reverse: Headline) -> TwoWayFit:
    """
    Both regressions as one, with a unit as one cluster through both.

    Parameters
    ----------
    forward, reverse : Headline
        x on y and y on x.

    Returns
    -------
    TwoWayFit
        Coefficients named ``forward <column>`` and ``reverse <column>``, in SD of the outcome per SD of the cause.

    Raises
    ------
    NotApplicable
        When one of the two regressions cannot be estimated.
    """
    for one in (forward, reverse):  # alone first, so that a refusal names the measure as the data do
        two_way_fit(one.sample, one.y, one.columns)
    # y times SD(x) / SD(y) has the spread of x: all slopes are then in SD, and all errors on one scale.
    parts = [_part(forward, "forward", forward.ratio, 1.0), _part(reverse, "reverse", 1.0, forward.ratio)]
    columns = [column for part in parts for column in part if column.startswith(("forward ", "reverse "))]
    stack = pd.concat(parts, ignore_index=True).fillna(dict.fromkeys(columns, 0.0))
    return two_way_fit(stack, "outcome", columns, absorb="own_entity", dummies="own_time", cluster="entity")


def _part(one: Headline, direction: str, outcome_scale: float, lag_scale: float) -> pd.DataFrame:
    """Rows of one direction with effects of their own."""
    rows = (one.sample[one.columns] * lag_scale).add_prefix(f"{direction} ")
    own = {f"own_{effect}": one.sample.groupby(effect).ngroup() for effect in ("entity", "time")}
    if direction == "reverse":
        own = {name: -1 - codes for name, codes in own.items()}
    return rows.assign(outcome=one.sample[one.y] * outcome_scale, entity=one.sample["entity"], **own)


def _combinations(forward: Headline, reverse: Headline, fit: TwoWayFit) -> pd.DataFrame:
    sums = pd.DataFrame(0.0, index=list(TERMS), columns=fit.coefficients.index)
    sums.loc[["forward", "difference"], f"forward {forward.claimed}"] = 1.0
    sums.loc["reverse", f"reverse {reverse.claimed}"] = 1.0
    sums.loc["difference", f"reverse {reverse.claimed}"] = -1.0
    return sums


def _in_both_units(table: pd.DataFrame, ratio: float) -> pd.DataFrame:
    """The stacked fit speaks in SD; points of y per point of x are SD / ratio, the other way round SD · ratio."""
    table["least_detectable"] = least_detectable_effect(table["se"], table["df"], conf_level=table["conf_level"].max())
    in_sd = table[list(IN_SD)].add_suffix("_sd")
    table[list(IN_SD)] = table[list(IN_SD)].mul([1 / ratio, ratio, np.nan], axis=0)
    return table.join(in_sd)


def _correlation(se: pd.Series) -> float:
    forward, reverse, difference = se**2
    return float((forward + reverse - difference) / (2 * np.sqrt(forward * reverse)))
