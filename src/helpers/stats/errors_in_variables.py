"""Effects of lags corrected for known measurement error of x.

A score from few answers carries a sampling error, and an effect of such a score is too small. What matters is how much
of the variation *within* units is error: unit and period effects take away true differences and leave the error, so the
reliability here is lower than that of the scores as such.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import linalg

from helpers.stats.claimed_lag import Headline, headline
from helpers.stats.cluster_robust import adjusted_regressors, cluster_sums, satterthwaite_df
from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.lag_profile import CUMULATIVE, DEFAULT_MAX_LAG, in_sd, lag_term
from helpers.stats.panels import add_lags, check_panel, lag_column
from helpers.stats.two_way import TwoWayFit, two_way_fit

# Share of true variation in the combination of lags that is measured worst. At reliability .6, 20 units and 8 years the
# spread of the corrected effect is 34 times its error without a floor, 1.0 times above .2 (reference lag_robustness).
MIN_RELIABILITY = 0.2
MODELS = ("naive", "corrected")
STANDARD_ERROR = "_se"


def corrected_lags(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    x_se: str,
    lag: int,
    lags: Iterable[int] | None = None,
    max_lag: int = DEFAULT_MAX_LAG,
    conf_level: float = 0.95,
    cluster: str | None = None,
) -> pd.DataFrame:
    """
    Effects of x on y at all lags together, without and with correction for the sampling error of x.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x`, `y` and `x_se`.
    x, y : str
        Columns of the cause claimed and the outcome.
    x_se : str
        Column of the standard error of each x, in its unit, known from the number of answers; 0 for a value without
        error. A score whose error is not known is left out.
    lag : int
        Lag claimed, in periods.
    lags : iterable of int, optional
        Lags held together. Default: the longest set up to `max_lag` that the panel bears.
    max_lag : int
        Longest lag considered when `lags` is not given, in periods.
    conf_level : float
        Between 0 and 1.
    cluster : str, optional
        Column of the clusters, each holding whole entities. Default: ``entity``.

    Returns
    -------
    DataFrame, shape (2 * (lags + 1), 20)
        `ESTIMATE_COLUMNS` for the terms ``lag 0``, …, ``cumulative``, first with ``model`` "naive", then "corrected";
        ``lag``; ``reliability`` (share of true variation of this lag within units and periods; empty for the sum) and
        ``kept`` (share of its own effect that the naive estimate keeps beside the other lags); ``least_detectable``; in
        SD of the measured x ``estimate_sd`` and so on. ``attrs`` hold x, y, lag, lags, sd_ratio, reliability (of the
        lag claimed), worst_reliability, reliability_matrix (rows and columns as the lags), n_without_se.

    Raises
    ------
    ValueError
        For a standard error below zero.
    NotApplicable
        When no error is known, too much of the variation is error (`MIN_RELIABILITY`), or the panel does not bear the
        headline.

    Notes
    -----
    ``b = (W'MW - E[V'MV])^-1 W'My`` with W the measured lags, V their errors and M the annihilator of unit and period
    effects. One error of x stands in several rows, as lag 0, 1, …, and demeaning mixes all of a unit: with s² on the
    diagonal, ``E[V'MV]_lm = Σ s²_it M_(t+l),(t+m)`` over all scores, taken exactly. Errors must be independent of each
    other, of the true x and of y: respondents of y must be others than those of x.

    Scores of cluster g are ``W_g' A_g (y - W b)_g + E[V'MV]_g b`` with A_g of CR2, df are Satterthwaite's of the naive
    fit. The naive estimate has the expectation ``reliability_matrix · β``.

    References
    ----------
    W. Fuller (1987), *Measurement Error Models*, ch. 2 and 3; Z. Griliches, J. Hausman (1986), *Journal of
    Econometrics* 31(1), 93-118; J. Buonaccorsi (2010), *Measurement Error*, ch. 5.
    """
    known, n_without_se = _with_known_errors(panel, x, x_se)
    base = headline(known, x=x, y=y, lag=lag, lags=lags, max_lag=max_lag)
    fit = two_way_fit(base.sample, y, base.columns, cluster=cluster)
    noise = cluster_sums(_noise_by_row(base, known, fit, x_se), fit.cluster)
    gram = fit.regressors.T @ fit.regressors
    reliability, matrix, worst = _reliability(gram, noise.sum(axis=0))
    if worst < MIN_RELIABILITY:
        raise NotApplicable("Too much of the change in {x} within units is sampling error to correct for it.", x=x)
    parts = [_estimates(base, fit, part, conf_level) for part in (np.zeros_like(noise), noise)]
    table = pd.concat(parts, ignore_index=True).assign(model=np.repeat(MODELS, len(parts[0])))
    table["reliability"] = np.tile([*reliability, np.nan], 2)
    table["kept"] = np.tile([*np.diag(matrix), np.nan], 2)
    table = in_sd(table, base.ratio)
    table.attrs = base.about
    table.attrs |= {"reliability": float(reliability[base.lags.index(lag)]), "worst_reliability": float(worst)}
    table.attrs |= {"reliability_matrix": matrix.tolist(), "n_without_se": n_without_se}
    return table


def corrected_lag(panel: pd.DataFrame, *, x: str, y: str, lag: int, **choices: object) -> pd.DataFrame:
    """
    Corrected effect at the lag claimed, where the panel holds the standard errors of x in ``<x>_se``.

    Parameters
    ----------
    panel, x, y, lag
        As for `corrected_lags`.
    **choices
        ``lags``, ``max_lag``, ``conf_level``, ``cluster`` of `corrected_lags`.

    Returns
    -------
    DataFrame, shape (1, ...)
        The row of `corrected_lags`.

    Raises
    ------
    NotApplicable
        As `corrected_lags`, and where the panel has no such column.
    """
    column = f"{x}{STANDARD_ERROR}"
    if column not in panel:
        raise NotApplicable("The sampling errors of {x} are not known.", x=x)
    table = corrected_lags(panel, x=x, y=y, x_se=column, lag=lag, **choices)
    return table[(table["model"] == "corrected") & (table["lag"] == lag)]


def _with_known_errors(panel: pd.DataFrame, x: str, x_se: str) -> tuple[pd.DataFrame, int]:
    check_panel(panel, [x])
    if x_se not in panel or panel[x_se].isna().all():
        raise NotApplicable("The sampling errors of {x} are not known.", x=x)
    if (panel[x_se] < 0).any():
        raise ValueError(f"{x_se} must be 0 or more; found {panel[x_se].min()}.")
    unknown = panel[x_se].isna() & panel[x].notna()
    return panel.assign(**{x: panel[x].mask(unknown)}), int(unknown.sum())


def _noise_by_row(base: Headline, panel: pd.DataFrame, fit: TwoWayFit, x_se: str) -> np.ndarray:
    """Part of each row r in E[V'MV], shape (n, lags, lags): the error of its lag k meets the row where it is lag m."""
    rows = base.sample[["entity", "time"]].assign(row=np.arange(len(base.sample), dtype=float))
    variance = _variance_of_lags(base, panel, x_se)
    effects = fit.basis[:, : fit.basis.shape[1] - len(base.columns)]
    share = 1 / rows.groupby("entity")["row"].transform("size").to_numpy()
    noise = np.zeros((fit.n, len(base.lags), len(base.lags)))
    for k, m in np.ndindex(noise.shape[1:]):
        apart = base.lags[m] - base.lags[k]
        other = add_lags(rows, ["row"], [-apart])[lag_column("row", -apart)].to_numpy()
        here = np.flatnonzero(~np.isnan(other))
        there = other[here].astype(int)
        annihilator = (apart == 0) - share[here] - (effects[here] * effects[there]).sum(axis=1)
        noise[here, k, m] = variance[here, k] * annihilator
    return noise


def _variance_of_lags(base: Headline, panel: pd.DataFrame, x_se: str) -> np.ndarray:
    columns = [lag_column("variance", lag) for lag in base.lags]
    lagged = add_lags(panel.assign(variance=panel[x_se] ** 2), ["variance"], base.lags)
    keys = ["entity", "time"]
    return base.sample[keys].merge(lagged[[*keys, *columns]], on=keys, how="left")[columns].to_numpy(float)


def _reliability(gram: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Of each lag, as a matrix, and of the combination of lags that is measured worst."""
    by_lag = 1 - np.diag(noise) / np.diag(gram)
    return by_lag, np.linalg.solve(gram, gram - noise), linalg.eigh(gram - noise, gram, eigvals_only=True)[0]


def _estimates(base: Headline, fit: TwoWayFit, noise: np.ndarray, conf_level: float) -> pd.DataFrame:
    """All lags and their sum, less the part `noise` (clusters, lags, lags) of the cross product that is error."""
    bread = np.linalg.inv(fit.regressors.T @ fit.regressors - noise.sum(axis=0))
    b = bread @ fit.regressors.T @ fit.outcome
    residuals = fit.outcome - fit.regressors @ b
    scores = cluster_sums(adjusted_regressors(fit) * residuals[:, None], fit.cluster) + noise @ b
    sums = np.vstack([np.eye(len(b)), np.ones(len(b))])
    terms = [*map(lag_term, base.lags), CUMULATIVE]
    df = satterthwaite_df(fit, pd.DataFrame(sums, index=terms, columns=base.columns))
    table = {"term": terms, "estimate": sums @ b, "se": np.linalg.norm(scores @ bread @ sums.T, axis=0)}
    table |= {"df": df.to_numpy(), "n": fit.n, "n_clusters": fit.n_clusters, "lag": [*base.lags, pd.NA]}
    return with_intervals(pd.DataFrame(table).astype({"lag": "Int64"}), conf_level)
