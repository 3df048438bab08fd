"""One unit before and after its action: a straight line before, a jump and another line after (interrupted series).

A single series cannot tell an action from whatever else happened then, nor from the return of a low wave to normal. So
its jump is set beside those that the same line draws for units which did nothing at that time.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable, with_intervals

TERMS = ("intercept", "jump", "trend", "trend_change")
# Two times draw a line through anything; a third shows whether there is one.
MIN_SIDE = 3
# How many of the units as low in the low wave the jump is set beside.
SIMILAR = 50


def interrupted_series(
    series: pd.DataFrame, *, first: int, max_lag: int | None = None, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Segmented regression of one series, with errors for autocorrelation.

    Parameters
    ----------
    series : DataFrame, one row per time
        Integer ``time`` and ``y``; times without a figure are left out.
    first : int
        First time that can show the action.
    max_lag : int, optional
        Lags that the errors allow for; ``floor(4 (n / 100)^(2/9))`` by default.
    conf_level : float

    Returns
    -------
    DataFrame, shape (4, ...)
        `ESTIMATE_COLUMNS`; ``term`` is one of `TERMS`: the line at `first` drawn on from before, the jump there, the
        slope before per time, and how much steeper it is after. ``attrs["autocorrelation"]`` of the residuals at lag 1.

    Raises
    ------
    NotApplicable
        With fewer than `MIN_SIDE` times on either side.

    Notes
    -----
    ``y_t = intercept + jump · after_t + (trend + trend_change · after_t) (t - first) + e_t``, by least squares. Errors
    after Newey and West with Bartlett weights, times n / (n - 4), and t with n - 4 degrees of freedom: in series as
    short as ours they are still too small.

    References
    ----------
    J. Lopez Bernal, S. Cummins, A. Gasparrini (2017), Interrupted time series regression for the evaluation of public
    health interventions, *International Journal of Epidemiology* 46(1), 348-355; W. Newey, K. West (1987),
    *Econometrica* 55, 703-708.
    """
    known = series.dropna(subset=["y"]).sort_values("time")
    times = known["time"].to_numpy(int)
    sides = int((times < first).sum()), int((times >= first).sum())
    if min(sides) < MIN_SIDE:
        raise NotApplicable(
            "One series needs {needed} waves before and after the start; found {before} and {after}.",
            needed=MIN_SIDE,
            before=sides[0],
            after=sides[1],
        )
    lags = int(4 * (len(known) / 100) ** (2 / 9)) if max_lag is None else max_lag
    # Slow to import, and of use to few reports.
    from statsmodels.regression.linear_model import OLS

    fit = OLS(known["y"].to_numpy(float), _design(times, first)).fit()
    robust = fit.get_robustcov_results("HAC", maxlags=lags, use_correction=True)
    table = pd.DataFrame({"term": TERMS, "estimate": robust.params, "se": robust.bse})
    table = with_intervals(table.assign(df=fit.df_resid, n=len(known), n_clusters=1), conf_level)
    left = fit.resid - fit.resid.mean()
    spread = float((left**2).sum())
    table.attrs["autocorrelation"] = float((left[1:] * left[:-1]).sum() / spread) if spread > 0 else np.nan
    return table


def jumps_elsewhere(frame: pd.DataFrame, *, stratum: str, entity: str, first: int) -> dict[str, float]:
    """
    Set the jump of a unit beside those of units that did nothing at that time.

    Parameters
    ----------
    frame : DataFrame, one row per cell and time
        As for `staggered.step_changes`.
    stratum, entity : str
        The cell.
    first : int
        First time that can show its action.

    Returns
    -------
    dict
        ``jump``; ``n`` cells of the stratum that never act and were measured at all times of this one, and the share of
        them with at least this jump, ``share``; ``share_similar`` among the `SIMILAR` of them nearest to it in the low
        wave. Shares are missing with fewer than `SIMILAR` cells.

    Raises
    ------
    NotApplicable
        As `interrupted_series`.

    References
    ----------
    A. Abadie, A. Diamond, J. Hainmueller (2010), Synthetic control methods for comparative case studies, *Journal of
    the American Statistical Association* 105, 493-505 (placebos in units that did nothing).
    """
    cells = frame[frame["stratum"] == stratum]
    wide = cells.pivot(index="time", columns="entity", values="y").sort_index()
    wide = wide[wide[entity].notna()]
    own = wide[entity].rename("y").reset_index()
    jump = float(interrupted_series(own, first=first).set_index("term").loc["jump", "estimate"])
    still = cells.loc[cells["until"].isna(), "entity"].unique()
    others = wide.reindex(columns=still).dropna(axis=1)
    found = {"jump": jump, "n": others.shape[1], "share": np.nan, "share_similar": np.nan}
    if others.shape[1] < SIMILAR or first - 1 not in wide.index:
        return found
    jumps = (np.linalg.pinv(_design(wide.index.to_numpy(int), first)) @ others.to_numpy(float))[TERMS.index("jump")]
    apart = (others.loc[first - 1] - wide.loc[first - 1, entity]).abs().to_numpy()
    nearest = np.argsort(apart, kind="stable")[:SIMILAR]
    return found | {"share": float((jumps >= jump).mean()), "share_similar": float((jumps[nearest] >= jump).mean())}


def _design(times: np.ndarray, first: int) -> np.ndarray:
    after, since = (times >= first).astype(float), times - float(first)
    return np.column_stack([np.ones(len(times)), after, since, after * since])
