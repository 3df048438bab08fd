"""Ratios of rates per standard deviation of engagement: what the studies of absence and of leaving share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.errors_in_variables import MIN_RELIABILITY
from helpers.stats.estimates import NotApplicable, unless_reason
from helpers.stats.verdicts import Verdict

# Ten events per parameter is the usual least for such models (P. Peduzzi et al. 1995, J. Clin. Epidemiol. 48(12));
# twice that for one slope beside period effects.
FEWEST_EVENTS = 20
BOUNDS = ("estimate", "ci_low", "ci_high")


@dataclass(frozen=True)
class RatioStudy:
    """The ratio claimed with the verdict on it, and its checks by name: tables, or the reason why there is none.

    Rows hold log ratios per SD of engagement (``estimate``, ``se``, ``df``, ``ci_low``, ``ci_high``) and, in percent,
    ``change``, ``change_low``, ``change_high``. `about` holds ``sd``, ``n_events``, ``n_units``, ``n_periods``, ….
    """

    main: dict[str, object]
    verdict: Verdict
    checks: Mapping[str, pd.DataFrame | dict[str, object] | NotApplicable]
    about: dict[str, object]

    def check(self, name: str) -> object:
        """Give the answer of a check.

        Raises
        ------
        NotApplicable
            When the method does not apply to these data.
        """
        return unless_reason(self.checks[name])


def require_comparable(rows: pd.DataFrame) -> None:
    """
    Refuse units that cannot be compared.

    Parameters
    ----------
    rows : DataFrame
        ``entity``.

    Raises
    ------
    NotApplicable
        With fewer than five units, which is the least number of clusters for errors.
    """
    n_units = rows["entity"].nunique()
    if n_units < MIN_CLUSTERS:
        raise NotApplicable(
            "Comparing units needs {needed} of them; found {found}.", needed=MIN_CLUSTERS, found=n_units
        )


def standardised(rows: pd.DataFrame, column: str) -> tuple[pd.Series, float]:
    """
    A measure in standard deviations over all units and periods, each counted once.

    Parameters
    ----------
    rows : DataFrame
        ``entity``, ``time``, `column`; a unit and time may have several rows.
    column : str

    Returns
    -------
    values : Series
        Of all rows.
    sd : float

    Raises
    ------
    NotApplicable
        When it does not vary.
    """
    once = rows.drop_duplicates(["entity", "time"])[column]
    sd = float(once.std())
    if not sd > 1e-12:
        raise NotApplicable("All units were engaged alike, so there is nothing to compare.")
    return (rows[column] - once.mean()) / sd, sd


def as_changes(table: pd.DataFrame) -> pd.DataFrame:
    """Add log ratios as changes in percent: ``change``, ``change_low``, ``change_high``."""
    names = [name.replace("estimate", "change").replace("ci_", "change_") for name in BOUNDS]
    return table.assign(**{new: 100 * np.expm1(table[old]) for new, old in zip(names, BOUNDS, strict=True)})


def error_variances(rows: pd.DataFrame) -> pd.Series:
    """
    Variance of the sampling error of a unit's mean, for the people asked as a finite population.

    Parameters
    ----------
    rows : DataFrame, one row per unit and time
        ``se`` (of the mean, for an endless population; NaN for one answer), ``n`` (answers), ``population`` (people
        asked; NaN: not known).

    Returns
    -------
    Series
        ``s² / n (1 - n / population)`` with s² the variance of answers within units, pooled by n - 1; NaN everywhere
        where no error is known.

    References
    ----------
    W. Cochran (1977), *Sampling Techniques*, 3rd ed., ch. 2.
    """
    freedom = (rows["n"] - 1).where(rows["se"].notna() & (rows["n"] > 1), 0.0)
    pooled = (rows["se"].fillna(0.0) ** 2 * rows["n"] * freedom).sum() / (freedom.sum() or np.nan)
    unheard = (1 - rows["n"] / rows["population"]).clip(lower=0).fillna(1.0)
    return pooled / rows["n"] * unheard


def corrected_ratio(row: Mapping[str, object], *, variance: float, error: float) -> dict[str, object]:
    """
    A ratio without what sampling error of engagement takes from it.

    Parameters
    ----------
    row : mapping
        ``estimate``, ``se``, ``ci_low``, ``ci_high``: log ratio per SD.
    variance, error : float
        Weighted sums of squares of engagement beside the other effects, and of its errors, with the weights of the
        model.

    Returns
    -------
    dict
        The row divided by ``reliability = 1 - error / variance``, with its change in percent and ``reliability``.

    Raises
    ------
    NotApplicable
        When no error is known, or too much of the variance is error (`errors_in_variables.MIN_RELIABILITY`).

    Notes
    -----
    Regression calibration: exact for a log-linear mean and normal errors of one variance. That the reliability is
    itself estimated is left out of the interval.

    References
    ----------
    R. Carroll et al. (2006), *Measurement Error in Nonlinear Models*, 2nd ed., ch. 4; R. Prentice (1982), *Biometrika*
    69(2), 331-342 (Cox).
    """
    if not np.isfinite(error):
        raise NotApplicable("The sampling errors of these units are not known.")
    reliability = 1 - error / variance
    if reliability < MIN_RELIABILITY:
        raise NotApplicable("Too much of what sets units apart in engagement is sampling error to correct for it.")
    scaled = {name: row[name] / reliability for name in (*BOUNDS, "se")}
    table = as_changes(pd.DataFrame([dict(row) | scaled]))
    return table.iloc[0].to_dict() | {"reliability": float(reliability)}
