"""How y follows x after 0, 1, 2, … periods, within units: the lag profile of a panel, with a lead as placebo.

The *headline* regression holds all lags 0 to L at once, because x moves slowly: one lag at a time picks up its
neighbours. The *placebo* regression adds lead 1, that is next period's x, which cannot act on y today; it has its own
rows, so that the headline keeps its sample. The reverse direction is the same call with x and y swapped.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import MIN_CLUSTERS, linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.panels import MIN_PERIODS_PER_ENTITY as MIN_PERIODS
from helpers.stats.panels import lag_column, lagged_sample, leaves_enough, longest_lag_set
from helpers.stats.power import least_detectable_effect
from helpers.stats.two_way import TwoWayFit, free_of_effects, two_way_fit

LEAD = -1
CUMULATIVE = "cumulative"
DEFAULT_MAX_LAG = 3
IN_SD = ("estimate", "se", "ci_low", "ci_high", "least_detectable")


def lag_profile(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lags: Iterable[int] | None = None,
    lead: bool = True,
    conf_level: float = 0.95,
    max_lag: int = DEFAULT_MAX_LAG,
    cluster: str | None = None,
) -> pd.DataFrame:
    """
    Effects of x on y at all lags together, by two-way fixed effects with CR2 errors.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x`, `y` and `cluster` if named.
    x, y : str
        Columns of the cause claimed and the outcome.
    lags : iterable of int, optional
        Lags of the headline, in periods. Default: the longest set up to `max_lag` that the panel bears.
    lead : bool
        Whether to add the placebo, lead 1, beside the same lags (or the longest shorter set that it allows).
    conf_level : float
        Between 0 and 1.
    max_lag : int
        Longest lag considered when `lags` is not given, in periods.
    cluster : str, optional
        Column of the clusters, each holding whole entities. Default: ``entity``.

    Returns
    -------
    DataFrame, shape (lags + 1 or 2, 18)
        `ESTIMATE_COLUMNS` for the terms ``lead 1``, ``lag 0``, …, ``cumulative`` (sum of the lags), in points of y per
        point of x; ``lag`` (-1 for the lead, empty for the sum), ``model`` (headline or placebo), ``least_detectable``;
        in SD ``estimate_sd``, ``se_sd``, ``ci_low_sd``, ``ci_high_sd``, ``least_detectable_sd``.
        ``attrs`` hold x, y, lags, lag_rule ("given", "max_lag" or "longest"), placebo_lags (None without), n_entities,
        periods, placebo_periods, sd_ratio and dropped (records of `panels.lagged_sample`).

    Raises
    ------
    NotApplicable
        When the panel bears no lag, has fewer than `MIN_CLUSTERS` clusters, or x does not vary within units.

    Notes
    -----
    ``y_it = a_i + b_t + Σ_l β_l x_i,t-l + e_it``. In SD: β · `sd_ratio`, the same for every lag set. So +1 SD is a
    change that is usual *within* a unit, and forward and reverse effects can be compared.

    References
    ----------
    J. Wooldridge (2010), *Econometric Analysis of Cross Section and Panel Data*, 2nd ed., ch. 10; J. Pustejovsky,
    E. Tipton (2018), *Journal of Business & Economic Statistics* 36(4), 672-683.
    """
    chosen = headline_lags(panel, x=x, y=y, lags=lags, max_lag=max_lag)
    rule = "given" if lags is not None else "max_lag" if max(chosen) == max_lag else "longest"
    choices = {"x": x, "y": y, "conf_level": conf_level, "cluster": cluster}
    table, about = _regression(panel, chosen, model="headline", **choices)
    about = {"x": x, "y": y, "lag_rule": rule, **about, "placebo_lags": None, "placebo_periods": []}
    placebo = _placebo(panel, chosen, **choices) if lead else None
    if placebo:
        table = pd.concat([placebo[0], table], ignore_index=True)
        about |= {"placebo_lags": placebo[1]["lags"], "placebo_periods": placebo[1]["periods"]}
    return _finish(table, about, sd_ratio(panel, x=x, y=y))


def lag_by_lag(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lags: Iterable[int],
    conf_level: float = 0.95,
    cluster: str | None = None,
) -> pd.DataFrame:
    """
    Effects of x on y one lag at a time, each regression with a single lag on all the rows it allows.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x`, `y` and `cluster` if named.
    x, y : str
        Columns of the cause claimed and the outcome.
    lags : iterable of int
        In periods; -1 for lead 1.
    conf_level : float
        Between 0 and 1.
    cluster : str, optional
        Column of the clusters, each holding whole entities. Default: ``entity``.

    Returns
    -------
    DataFrame, shape (lags, 18)
        As `lag_profile`, with ``model`` "alone". A lag that the panel does not bear has NaN and its ``n``.

    Notes
    -----
    This is how findings are mostly quoted. It is not the headline: each lag stands in for its neighbours, the samples
    differ, and the largest of several is not a finding.

    References
    ----------
    J. Wooldridge (2010), *Econometric Analysis of Cross Section and Panel Data*, 2nd ed., ch. 10.
    """
    choices = {"x": x, "y": y, "conf_level": conf_level, "cluster": cluster}
    tables = []
    for lag in sorted(set(lags)):
        try:
            table, _ = _regression(panel, (lag,), model="alone", **choices)
        except NotApplicable:
            n = len(lagged_sample(panel, x=x, y=y, lags=[lag])[0])
            table = pd.DataFrame({"term": [lag_term(lag)], "lag": [lag], "model": ["alone"], "n": [n]})
            table = table.assign(conf_level=conf_level)
        tables.append(table[table["lag"].notna()])
    return _finish(pd.concat(tables, ignore_index=True), {"x": x, "y": y}, sd_ratio(panel, x=x, y=y))


def sd_ratio(panel: pd.DataFrame, *, x: str, y: str) -> float:
    """SD(x) / SD(y), both free of unit and period effects, over all rows with x and y: turns points into SD."""
    sample, _ = lagged_sample(panel, x=x, y=y, lags=[0])
    if sample.empty:
        return np.nan
    squares = (free_of_effects(sample, [x, y]) ** 2).sum()
    return float(np.sqrt(squares[x] / squares[y])) if squares[y] > 0 else np.nan


def headline_lags(
    panel: pd.DataFrame, *, x: str, y: str, lags: Iterable[int] | None = None, max_lag: int = DEFAULT_MAX_LAG
) -> tuple[int, ...]:
    """
    Lags of the headline regression: those given, if the panel bears them, else the longest set.

    Raises
    ------
    ValueError
        For no lags, or leads among them.
    NotApplicable
        When the panel does not bear them.
    """
    if lags is None:
        return longest_lag_set(panel, x=x, y=y, max_lag=max_lag)
    chosen = tuple(sorted(set(lags)))
    if not chosen or chosen[0] < 0:
        raise ValueError(f"lags must be one or more numbers from 0 up; found {list(chosen)}. For leads, use lead=True.")
    if not leaves_enough(panel, x=x, y=y, lags=chosen):
        raise NotApplicable(
            "Lag {lag} leaves most units fewer than {needed} periods.", lag=chosen[-1], needed=MIN_PERIODS
        )
    return chosen


def require_clusters(n_clusters: int) -> None:
    """Raise `NotApplicable` with fewer than `MIN_CLUSTERS` clusters."""
    if n_clusters < MIN_CLUSTERS:
        raise NotApplicable(
            "Telling lags apart needs {needed} units with enough periods; found {found}.",
            found=n_clusters,
            needed=MIN_CLUSTERS,
        )


def in_sd(table: pd.DataFrame, ratio: float) -> pd.DataFrame:
    """Add ``least_detectable``, and `IN_SD` once more in SD (``estimate_sd``, …): points times `sd_ratio`."""
    table = table.copy()
    table["least_detectable"] = least_detectable_effect(table["se"], table["df"], conf_level=table["conf_level"].max())
    return table.assign(**{f"{column}_sd": table[column] * ratio for column in IN_SD})


def lag_row(profile: pd.DataFrame, lag: int | str) -> dict[str, object]:
    """Row of one lag ("cumulative": of their sum); where the profile has none, all its figures are NaN."""
    chosen = profile["term"] == CUMULATIVE if lag == CUMULATIVE else (profile["lag"] == lag).fillna(False).astype(bool)
    if chosen.any():
        return profile[chosen].iloc[0].to_dict()
    return dict.fromkeys(profile.columns, np.nan) | {"lag": lag}


def lag_term(lag: int) -> str:
    """Name of a lag in tables: ``lag 2``, ``lead 1``."""
    return f"lag {lag}" if lag >= 0 else f"lead {-lag}"


def lag_fit(
    sample: pd.DataFrame, *, x: str, y: str, lags: Iterable[int], cluster: str | None = None
) -> tuple[TwoWayFit, pd.DataFrame]:
    """
    Fit the model of the profile, for other tests of the same effects.

    Parameters
    ----------
    sample : DataFrame, shape (n, ...)
        Rows of `panels.lagged_sample` for these lags.
    x, y : str
        Columns of the cause claimed and the outcome.
    lags : iterable of int
        In periods; -1 for lead 1.
    cluster : str, optional
        Column of the clusters, each holding whole entities. Default: ``entity``.

    Returns
    -------
    fit : TwoWayFit
        y and the lags of x free of both effects, with residuals and cluster codes.
    combinations : DataFrame, shape (lags + 1, lags)
        One row per term (``lag 2``, …, ``cumulative``), for `cluster_robust.linear_combinations`.

    Raises
    ------
    NotApplicable
        See `two_way.two_way_fit`.
    """
    lags = list(lags)
    columns = [lag_column(x, lag) for lag in lags]
    combinations = pd.DataFrame(np.eye(len(lags)), index=[lag_term(lag) for lag in lags], columns=columns)
    combinations.loc[CUMULATIVE] = [float(lag >= 0) for lag in lags]
    return two_way_fit(sample, y, columns, cluster=cluster), combinations


def _regression(
    panel: pd.DataFrame, lags: tuple[int, ...], *, x: str, y: str, model: str, conf_level: float, cluster: str | None
) -> tuple[pd.DataFrame, dict]:
    sample, dropped = lagged_sample(panel, x=x, y=y, lags=lags)
    require_clusters(sample[cluster or "entity"].nunique())
    fit, sums = lag_fit(sample, x=x, y=y, lags=lags, cluster=cluster)
    table = linear_combinations(fit, sums, conf_level=conf_level).assign(
        lag=pd.array([*lags, pd.NA], dtype="Int64"), model=model
    )
    periods = [int(time) for time in sorted(sample["time"].unique())]
    about = {"lags": [int(lag) for lag in lags], "n_entities": int(sample["entity"].nunique()), "periods": periods}
    return table, about | {"dropped": dropped.to_dict("records")}


def _placebo(panel: pd.DataFrame, lags: tuple[int, ...], **choices: object) -> tuple[pd.DataFrame, dict] | None:
    """The lead beside the headline's lags, else beside the most of them that the panel bears with it."""
    for n_lags in range(len(lags), 0, -1):
        with_lead = (LEAD, *lags[:n_lags])
        if leaves_enough(panel, x=choices["x"], y=choices["y"], lags=with_lead):
            try:
                table, about = _regression(panel, with_lead, model="placebo", **choices)
            except NotApplicable:
                continue
            return table[table["lag"] == LEAD], about
    return None


def _finish(table: pd.DataFrame, about: dict, ratio: float) -> pd.DataFrame:
    table = table.reindex(columns=[*ESTIMATE_COLUMNS, "lag", "model"]).astype({"lag": "Int64"})
    table = in_sd(table, ratio)
    table.attrs = about | {"sd_ratio": ratio}
    return table
