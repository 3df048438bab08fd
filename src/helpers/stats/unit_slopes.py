"""The effect at the lag claimed in each unit by itself, their mean, and whether they differ beyond chance.

The headline takes the effect as the same everywhere. Here every unit has its own regression on all lags, once periods
are taken away; units with too few periods keep their row, with the reason. The *mean group* estimate is the plain mean
of these slopes; `tau` is their true spread, what is left of it once sampling error is taken off.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from helpers.stats.claimed_lag import Headline
from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.lag_profile import in_sd
from helpers.stats.two_way import RANK_TOLERANCE, free_of_effects

# With 5, 7, 12 the test of equal slopes rejects true ones in 6, 5, 2 % of panels (reference lag_robustness).
MIN_RESIDUAL_DF = 5
# A mean and a spread of fewer slopes say nothing.
MIN_UNITS = 5
# As reasons, so that the catalogue finds them.
TOO_SHORT = NotApplicable("The unit has too few periods for a slope of its own.").reason
NO_CHANGE = NotApplicable("Lags of this unit move too little, or too much together, for a slope of its own.").reason


def unit_slopes(base: Headline, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Slope of each unit at the lag claimed, beside the other lags, after removing period effects.

    Parameters
    ----------
    base : Headline
        From `claimed_lag.headline`.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (units of the headline, 19)
        `ESTIMATE_COLUMNS`, one row per unit; ``entity``; ``residual_sd``; ``reason`` (why there is no slope, else
        empty); ``least_detectable``; in SD ``estimate_sd`` and so on, with the headline's ratio. Smallest slope first,
        units without one last. ``attrs`` hold x, y, lag, lags, sd_ratio.

    Raises
    ------
    NotApplicable
        When the panel does not bear the headline with the lag claimed.

    Notes
    -----
    Both effects are taken away on the whole sample, then each unit has ordinary least squares with an intercept, errors
    independent and of equal variance within the unit. On a complete calendar this is regression on deviations from
    period means. A unit needs `MIN_RESIDUAL_DF` more rows than parameters.

    References
    ----------
    M. H. Pesaran, R. Smith (1995), *Journal of Econometrics* 68(1), 79-113.
    """
    free = free_of_effects(base.sample, [base.y, *base.columns])
    parts = free.groupby(base.sample["entity"].to_numpy())
    rows = [{"entity": entity} | _slope(base, part.to_numpy()) for entity, part in parts]
    table = pd.DataFrame(rows).assign(term=base.term, n_clusters=1)
    table = in_sd(with_intervals(table, conf_level), base.ratio)
    table = table.sort_values(["estimate", "n"], ignore_index=True)
    table.attrs = base.about
    return table


def mean_group(slopes: pd.DataFrame) -> pd.DataFrame:
    """
    Mean of the slopes of the units, and their spread beyond chance.

    Parameters
    ----------
    slopes : DataFrame
        Answer of `unit_slopes`.

    Returns
    -------
    DataFrame, shape (1, 23)
        `ESTIMATE_COLUMNS` for the term ``mean group``, with ``n`` the rows and ``n_clusters`` the units behind it;
        ``n_without`` (units without a slope), ``share_positive``; ``q``, ``q_df``, ``q_p_value`` (do slopes differ
        beyond chance?); ``tau`` (SD of the true slopes, 0 where chance explains all), ``tau_sd``;
        ``least_detectable``; in SD ``estimate_sd`` and so on.

    Raises
    ------
    NotApplicable
        With fewer than `MIN_UNITS` slopes.

    Notes
    -----
    ``estimate = mean(b_i)``, ``se = SD(b_i) / sqrt(N)``, df N - 1: honest about slopes that differ. ``tau² = SD(b_i)² -
    mean(se_i²)`` (Swamy's, unbiased). ``q = Σ (b_i - b)² / v_i`` with b the weighted mean and v_i the variance of a
    slope by the error variance pooled over units; ``q / (N - 1)`` is set against F(N - 1, Σ df_i). A chi-squared with
    the units' own se_i, each from a few periods, would find differences everywhere.

    References
    ----------
    P. Swamy (1970), *Econometrica* 38(2), 311-323; M. H. Pesaran, R. Smith (1995), *Journal of Econometrics* 68(1),
    79-113; G. Chow (1960), *Econometrica* 28(3), 591-605.
    """
    told = slopes[slopes["reason"] == ""]
    if len(told) < MIN_UNITS:
        raise NotApplicable(
            "Comparing slopes needs {needed} units with enough periods; found {found}.",
            needed=MIN_UNITS,
            found=len(told),
        )
    b, variance = told["estimate"].to_numpy(), told["se"].to_numpy() ** 2
    tau = np.sqrt(max(b.var(ddof=1) - variance.mean(), 0.0))
    row = {"term": "mean group", "estimate": b.mean(), "se": b.std(ddof=1) / np.sqrt(len(b)), "df": len(b) - 1.0}
    row |= {"n": told["n"].sum(), "n_clusters": len(b), "n_without": len(slopes) - len(b)}
    row |= {"share_positive": (b > 0).mean(), **_homogeneity(told), "tau": tau}
    ratio = slopes.attrs["sd_ratio"]
    table = in_sd(with_intervals(pd.DataFrame([row]), slopes["conf_level"].max()), ratio).assign(tau_sd=tau * ratio)
    table.attrs = dict(slopes.attrs)
    return table


def _slope(base: Headline, rows: np.ndarray) -> dict[str, object]:
    """Least squares of one unit, whose columns have mean zero already."""
    y, design = rows[:, 0], rows[:, 1:]
    df = len(rows) - 1 - design.shape[1]
    empty = {"estimate": np.nan, "se": np.nan, "df": np.nan, "n": len(rows), "residual_sd": np.nan}
    if df < MIN_RESIDUAL_DF:
        return empty | {"reason": TOO_SHORT}
    size = np.linalg.svd(design, compute_uv=False)
    if size[-1] <= RANK_TOLERANCE * max(size[0], 1.0):
        return empty | {"reason": NO_CHANGE}
    bread = np.linalg.inv(design.T @ design)
    b = bread @ design.T @ y
    place, residual_sd = base.lags.index(base.lag), np.sqrt(((y - design @ b) ** 2).sum() / df)
    told = {"estimate": b[place], "se": residual_sd * np.sqrt(bread[place, place]), "df": float(df)}
    return empty | told | {"residual_sd": residual_sd, "reason": ""}


def _homogeneity(told: pd.DataFrame) -> dict[str, float]:
    """F test that all slopes are one, by the extra sum of squares over the pooled error variance."""
    b, df, variance = (told[column].to_numpy() for column in ("estimate", "df", "residual_sd"))
    variance = variance**2
    weight = variance / told["se"].to_numpy() ** 2
    pooled = (df * variance).sum() / df.sum()
    q = (weight * (b - weight @ b / weight.sum()) ** 2).sum() / pooled
    return {"q": q, "q_df": len(b) - 1.0, "q_p_value": special.fdtrc(len(b) - 1, df.sum(), q / (len(b) - 1))}
