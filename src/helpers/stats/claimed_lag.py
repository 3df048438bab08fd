"""The one effect a lag claim rests on: its sample, its lags, and its figure in points and in SD.

What surrounds a claim (other specifications, other units, measurement error) starts from the same headline regression
as `lag_profile`; this module says once which that is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.stats.estimates import NotApplicable
from helpers.stats.lag_profile import DEFAULT_MAX_LAG, headline_lags, lag_term, require_clusters, sd_ratio
from helpers.stats.panels import lag_column, lagged_sample


@dataclass(frozen=True)
class Headline:
    """Headline regression of a claim: complete rows (`sample`), the lags together, and SD(x) / SD(y) within units."""

    sample: pd.DataFrame
    x: str
    y: str
    lag: int
    lags: tuple[int, ...]
    ratio: float

    @property
    def about(self) -> dict[str, object]:
        """What tables about the claim keep in their ``attrs``: x, y, lag, lags, sd_ratio."""
        return {"x": self.x, "y": self.y, "lag": self.lag, "lags": list(self.lags), "sd_ratio": self.ratio}

    @property
    def columns(self) -> list[str]:
        """Regressors, one per lag."""
        return [lag_column(self.x, lag) for lag in self.lags]

    @property
    def claimed(self) -> str:
        """Regressor of the lag claimed."""
        return lag_column(self.x, self.lag)

    @property
    def term(self) -> str:
        """Name of the lag claimed, ``lag 2``."""
        return lag_term(self.lag)

    @property
    def chosen(self) -> pd.DataFrame:
        """Combination of the coefficients that is the lag claimed, shape (1, lags)."""
        return pd.DataFrame([[float(lag == self.lag) for lag in self.lags]], index=[self.term], columns=self.columns)


def headline(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int,
    lags: Iterable[int] | None = None,
    max_lag: int = DEFAULT_MAX_LAG,
) -> Headline:
    """
    Sample and lags of the headline regression, as `lag_profile.lag_profile` chooses them.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lag : int
        Lag claimed, in periods, 0 or more.
    lags : iterable of int, optional
        Lags of the headline. Default: the longest set up to `max_lag` that the panel bears.
    max_lag : int
        Longest lag considered when `lags` is not given, in periods.

    Returns
    -------
    Headline

    Raises
    ------
    NotApplicable
        When the panel bears no lags, not the lag claimed, or has too few units.
    """
    chosen = headline_lags(panel, x=x, y=y, lags=lags, max_lag=max_lag)
    if lag not in chosen:
        raise NotApplicable("This panel bears lags up to {longest}, not lag {lag}.", longest=chosen[-1], lag=lag)
    sample, _ = lagged_sample(panel, x=x, y=y, lags=chosen)
    require_clusters(sample["entity"].nunique())
    return Headline(sample, x, y, lag, chosen, sd_ratio(panel, x=x, y=y))
