"""Do correlations differ between kinds of studies, or with a property of theirs? On Fisher's z, tau2 by REML.

The studies of all groups share one tau2: few studies in a group cannot tell their own. A moderator is a property of
studies, not drawn by lot: what goes with it may be the reason.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.random_effects import DEFAULT_TEST, effect_sizes
from helpers.stats.reml import MixedFit, mixed_fit

# Relative to the size of the moderator; a smaller spread is rounding.
NEGLIGIBLE = 1e-12


def subgroup_means(
    studies: pd.DataFrame, by: str, *, test: str = DEFAULT_TEST, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Mean correlation of each group of studies, and a test of their being equal.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n`` (4 or more) and `by`; rows that lack one are left out.
    by : str
        Column of the groups.
    test, conf_level
        As `random_effects.random_effects`.

    Returns
    -------
    DataFrame, one row per group
        `ESTIMATE_COLUMNS` on Fisher's z (``term`` is the group), ``r``, ``r_ci_low``, ``r_ci_high``. ``attrs`` hold
        ``between``: statistic, df_num, df_den (infinite: chi-squared over df_num), p_value, tau2, k.

    Raises
    ------
    ValueError
        As `random_effects.effect_sizes`, or without the column `by`.
    NotApplicable
        With one group, or without more studies than groups.

    Notes
    -----
    Regression on one indicator per group; ``F = (Cb)' (C cov C')^-1 (Cb) / (groups - 1)``, with C the differences from
    the first group, against F(groups - 1, k - groups).

    References
    ----------
    M. Borenstein et al. (2009), *Introduction to Meta-Analysis*, ch. 19; W. Viechtbauer (2010), *Journal of Statistical
    Software* 36(3).
    """
    known = _with_moderator(studies, by)
    groups = sorted(known[by].unique(), key=str)
    if len(groups) < 2 or len(known) <= len(groups):
        raise NotApplicable("Comparing groups of studies needs two groups and more studies than groups.")
    members = np.column_stack([known[by] == group for group in groups]).astype(float)
    fit = _fit(known, members, test)
    rows = _rows(fit, [str(group) for group in groups], conf_level)
    rows["n"], rows["n_clusters"] = members.T @ known["n"].to_numpy(), members.sum(axis=0).astype(int)
    rows = rows.assign(**{f"r{end}": np.tanh(rows[name]) for end, name in _AS_R.items()})
    rows.attrs = {"between": _between(fit) | {"tau2": fit.tau2, "k": len(known)}}
    return rows


def moderator_slope(
    studies: pd.DataFrame, moderator: str, *, test: str = DEFAULT_TEST, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Weighted regression of correlations on one continuous property of studies.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n`` (4 or more) and `moderator` (number); rows that lack one are left out.
    moderator : str
        Column of the property.
    test, conf_level
        As `random_effects.random_effects`.

    Returns
    -------
    DataFrame, shape (2, 10)
        `ESTIMATE_COLUMNS`, on Fisher's z, of the terms ``intercept`` and ``slope`` (z per unit of the moderator).
        ``attrs`` hold moderator, tau2, tau2_without (the moderator), r2 (percent of tau2 that it explains, at least 0;
        NaN where there is none to explain) and k.

    Raises
    ------
    ValueError
        As `random_effects.effect_sizes`, or without the column `moderator`.
    NotApplicable
        With fewer than 3 studies, or where the moderator does not vary.

    References
    ----------
    G. Knapp, J. Hartung (2003), *Statistics in Medicine* 22(17), 2693-2710.
    """
    known = _with_moderator(studies, moderator)
    values = known[moderator].to_numpy(float)
    if len(known) < 3:
        raise NotApplicable("This analysis needs {needed} studies; found {found}.", needed=3, found=len(known))
    if np.ptp(values) <= NEGLIGIBLE * np.abs(values).max():
        raise NotApplicable("The studies are all alike in this respect.")
    # Centred and scaled, so that a moderator such as a year does not cost digits.
    centre, unit = values.mean(), values.std()
    fit = _fit(known, np.column_stack([np.ones(len(known)), (values - centre) / unit]), test)
    back = np.array([[1.0, -centre / unit], [0.0, 1 / unit]])
    moved = MixedFit(back @ fit.b, back @ fit.cov @ back.T, fit.df, fit.tau2, fit.scale, fit.weights)
    rows = _rows(moved, ["intercept", "slope"], conf_level)
    rows["n"], rows["n_clusters"] = int(known["n"].sum()), len(known)
    without = _fit(known, np.ones((len(known), 1)), test).tau2
    explained = max(0.0, 100 * (1 - fit.tau2 / without)) if without > 0 else np.nan
    rows.attrs = {"moderator": moderator, "tau2": fit.tau2, "tau2_without": without, "r2": explained, "k": len(known)}
    return rows


_AS_R = {"": "estimate", "_ci_low": "ci_low", "_ci_high": "ci_high"}


def _with_moderator(studies: pd.DataFrame, moderator: str) -> pd.DataFrame:
    if moderator not in studies:
        raise ValueError(f"studies must have a column {moderator!r}; found {', '.join(map(str, studies.columns))}.")
    return effect_sizes(studies[studies[moderator].notna()])


def _fit(known: pd.DataFrame, design: np.ndarray, test: str) -> MixedFit:
    return mixed_fit(known["effect"].to_numpy(float), known["variance"].to_numpy(float), design, test=test)


def _rows(fit: MixedFit, terms: list[str], conf_level: float) -> pd.DataFrame:
    rows = pd.DataFrame({"term": terms, "estimate": fit.b, "se": np.sqrt(np.diag(fit.cov)), "df": fit.df})
    return with_intervals(rows, conf_level)


def _between(fit: MixedFit) -> dict[str, float]:
    contrast = np.column_stack([-np.ones(len(fit.b) - 1), np.eye(len(fit.b) - 1)])
    apart, df_num = contrast @ fit.b, len(fit.b) - 1
    statistic = np.nan
    if np.isfinite(fit.cov).all():
        statistic = float(apart @ np.linalg.solve(contrast @ fit.cov @ contrast.T, apart)) / df_num
    sure = np.isinf(fit.df)
    p_value = stats.chi2.sf(statistic * df_num, df_num) if sure else stats.f.sf(statistic, df_num, fit.df)
    return {"statistic": statistic, "df_num": df_num, "df_den": fit.df, "p_value": float(p_value)}
