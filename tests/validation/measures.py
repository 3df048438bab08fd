"""What is measured in a set of looks: a figure and its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

Measure = Callable[[pd.DataFrame], tuple[float, float]]


def share_error(share: float, n: int) -> float:
    """Monte Carlo error of a share, from one hit and one miss more, so that none is without error."""
    p = (share * n + 1) / (n + 2)
    return float(np.sqrt(p * (1 - p) / n))


def share(column: str, *wanted: object) -> Measure:
    """Share of panels with one of the values wanted (default: True)."""

    def measure(found: pd.DataFrame) -> tuple[float, float]:
        p = found[column].isin(wanted or (True,)).mean()
        return p, share_error(p, len(found))

    return measure


def mean(column: str) -> Measure:
    """Mean over the panels."""
    return lambda found: (found[column].mean(), found[column].std() / np.sqrt(len(found)))


def quantile(column: str, level: float) -> Measure:
    """Quantile over the panels; its error from the quantiles one binomial error away."""

    def measure(found: pd.DataFrame) -> tuple[float, float]:
        margin = np.sqrt(level * (1 - level) / found[column].count())
        low, middle, high = found[column].quantile([level - margin, level, min(1.0, level + margin)])
        return middle, (high - low) / 2

    return measure


def median_over(column: str, truth: float) -> Measure:
    """Median in shares of the truth."""

    def measure(found: pd.DataFrame) -> tuple[float, float]:
        middle, error = quantile(column, 0.5)(found)
        return middle / truth, error / truth

    return measure


def refused(column: str) -> Measure:
    """Share of panels without a figure."""
    return lambda found: share("none")(found.assign(none=found[column].isna()))


def any_of(*columns: str) -> Measure:
    """Share of panels in which one of the columns is true."""
    return lambda found: share("any")(found.assign(any=found[list(columns)].astype(bool).any(axis=1)))
