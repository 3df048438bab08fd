"""Two-way slopes by plain demeaning, to compare with figures that were found before and by other means."""

from __future__ import annotations

import numpy as np
import pandas as pd

ROUNDS = 300


def lagged(panel: pd.DataFrame, x: str, y: str, lag: int) -> pd.DataFrame:
    """Pair y with x of `lag` years earlier; rows that lack either, and units left with one, are gone."""
    earlier = panel[["entity", "time", x]].assign(time=panel["time"] + lag)
    rows = panel[["entity", "time", y]].merge(earlier, on=["entity", "time"], suffixes=("", "_earlier"))
    rows = rows.set_axis(["entity", "time", "y", "x"], axis=1).dropna()
    return rows[rows.duplicated("entity", keep=False)]


def two_way_slope(panel: pd.DataFrame, x: str, y: str, lag: int) -> float:
    """Regress y on x a number of years earlier with dummies for units and years, in SD of the rows used."""
    rows = lagged(panel, x, y, lag)
    values = rows[["x", "y"]].to_numpy(copy=True)
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    for _ in range(ROUNDS):
        for group in ("entity", "time"):
            values -= pd.DataFrame(values).groupby(rows[group].to_numpy()).transform("mean").to_numpy()
    return float(values[:, 0] @ values[:, 1] / np.square(values[:, 0]).sum())


def within_year_correlation(panel: pd.DataFrame, x: str, y: str) -> float:
    """Correlate x and y of the same year across units, free of the means of years."""
    rows = panel[["time", x, y]].dropna()
    return float((rows[[x, y]] - rows.groupby("time")[[x, y]].transform("mean")).corr().iloc[0, 1])
