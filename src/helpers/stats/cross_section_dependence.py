"""Whether units move together beyond what the model explains: Pesaran's CD test on the residuals of the lag model.

Period effects take away what all units share in equal measure. The test stands on the residuals *before* them (units
have their own level only), where it shows shocks that units share, and *after* them, where it shows what is left, such
as shocks shared by some. After them it is pushed below zero: residuals that add up to zero in every period correlate by
-1 / (N - 1) without any dependence, which moves CD to about -sqrt(T / 2); a negative CD there says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import headline_lags, require_clusters
from helpers.stats.panels import lag_column, lagged_sample
from helpers.stats.two_way import RANK_TOLERANCE, two_way_fit

MIN_COMMON_PERIODS = 3
BEFORE, AFTER = "before_period_effects", "after_period_effects"


def cross_section_dependence(panel: pd.DataFrame, *, x: str, y: str, lags: Iterable[int]) -> pd.DataFrame:
    """
    Test whether the errors of the lag model are shared between units, before and after period effects.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lags : iterable of int
        Of x, all together, in periods.

    Returns
    -------
    DataFrame, shape (2, 14)
        `ESTIMATE_COLUMNS` for `BEFORE` and `AFTER`: ``estimate`` is the mean correlation of two units, ``p_value`` that
        of CD; the mean has no error of its own. ``statistic`` (CD, normal without dependence), ``mean_size`` (mean of
        the correlations without sign), ``n_pairs``, ``n_pairs_left_out``. ``attrs`` hold x, y, lags.

    Raises
    ------
    ValueError
        For no lags, or leads among them.
    NotApplicable
        When the panel does not bear the lags, has too few units, nothing is left unexplained, or no two units share
        enough periods.

    References
    ----------
    M. H. Pesaran (2015), *Econometric Reviews* 34(6-10), 1089-1117; A. Juodis, S. Reese (2022), *Journal of Business &
    Economic Statistics* 40(3), 1191-1203.
    """
    chosen = headline_lags(panel, x=x, y=y, lags=lags)
    sample, _ = lagged_sample(panel, x=x, y=y, lags=chosen)
    require_clusters(sample["entity"].nunique())
    columns = [lag_column(x, lag) for lag in chosen]
    rows = []
    for term, dummies in ((BEFORE, None), (AFTER, "time")):
        fit = two_way_fit(sample, y, columns, dummies=dummies)
        if np.linalg.norm(fit.residuals) <= RANK_TOLERANCE * np.linalg.norm(fit.outcome):
            raise NotApplicable("The model leaves nothing unexplained, so its errors cannot be told.")
        found = cd_test(sample[["entity", "time"]].assign(residual=fit.residuals))
        rows.append({"term": term, **found, "n": fit.n, "n_clusters": fit.n_clusters})
    others = ["statistic", "mean_size", "n_pairs", "n_pairs_left_out"]
    table = pd.DataFrame(rows).reindex(columns=[*ESTIMATE_COLUMNS, *others])
    table.attrs = {"x": x, "y": y, "lags": list(chosen)}
    return table


def cd_test(residuals: pd.DataFrame) -> dict[str, float]:
    """
    Pesaran's CD of residuals, on panels with holes.

    Parameters
    ----------
    residuals : DataFrame, shape (n, 3)
        ``entity``, ``time``, ``residual``; one row per entity and time.

    Returns
    -------
    dict
        ``estimate`` (mean correlation), ``statistic``, ``p_value``, ``mean_size``, ``n_pairs``, ``n_pairs_left_out``.

    Raises
    ------
    NotApplicable
        When no two units share `MIN_COMMON_PERIODS` periods in which both vary.

    Notes
    -----
    ``CD = Σ_i<j sqrt(T_ij) r_ij / sqrt(number of pairs)``, r_ij over the T_ij periods that both units share, each less
    its mean over these. On a balanced panel: ``sqrt(2 T / (N (N - 1))) Σ_i<j r_ij``.
    """
    wide = residuals.pivot(index="time", columns="entity", values="residual")
    # Rounding of a unit fitted exactly would correlate with anything.
    size = wide.std(ddof=0)
    wide = wide.loc[:, size > RANK_TOLERANCE * np.abs(wide.to_numpy()[wide.notna()]).max()]
    seen = wide.notna().to_numpy(float)
    pair = np.triu_indices(wide.shape[1], k=1)
    correlation = wide.corr(min_periods=MIN_COMMON_PERIODS).to_numpy()[pair]
    common = (seen.T @ seen)[pair]
    told = np.isfinite(correlation)
    if not told.any():
        raise NotApplicable(
            "Comparing units over time needs two units seen together in {needed} periods.", needed=MIN_COMMON_PERIODS
        )
    r, n_units = correlation[told], residuals["entity"].nunique()
    statistic = float(np.sqrt(common[told]) @ r / np.sqrt(len(r)))
    found = {"estimate": r.mean(), "statistic": statistic, "p_value": 2 * stats.norm.sf(abs(statistic))}
    left_out = n_units * (n_units - 1) // 2 - len(r)
    return found | {"mean_size": np.abs(r).mean(), "n_pairs": len(r), "n_pairs_left_out": left_out}
