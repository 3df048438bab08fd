"""Models in which y also follows its own past: their rows, their terms, and their figures in SD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.stats.lag_profile import CUMULATIVE, IN_SD, headline_lags, in_sd, lag_term
from helpers.stats.panels import add_lags, lag_column, lagged_sample

OWN, RESPONSE = "own lag", "response"


def own_lag_term(lag: int) -> str:
    """Name of an effect of y on itself in tables: ``own lag 1``."""
    return f"{OWN} {lag}"


def with_own_past(panel: pd.DataFrame, y: str, own_lags: int) -> pd.DataFrame:
    """
    Add the own lags of y, and empty y where one of them is missing.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time`` and `y`.
    y : str
    own_lags : int
        How many, from lag 1 on.

    Returns
    -------
    DataFrame, shape (n, ... + own_lags)
        With ``<y>_lag1``, …; the sample of any lags of x then holds only rows that know their own past.

    Raises
    ------
    ValueError
        For fewer than one own lag, or a table that is no panel.
    """
    if own_lags < 1:
        raise ValueError(f"own_lags must be 1 or more; found {own_lags}. For none, use lag_profile.")
    table = add_lags(panel, [y], range(1, own_lags + 1))
    known = table[own_columns(y, own_lags)].notna().all(axis=1)
    return table.assign(**{y: table[y].where(known)})


def dynamic_sample(
    panel: pd.DataFrame, *, x: str, y: str, lags: Iterable[int], own_lags: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[int, ...]]:
    """
    Rows on which y can be set against its own lags and all lags of x.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
    lags : iterable of int
        Of x, in periods, from 0 up.
    own_lags : int
        Of y, from lag 1 on.

    Returns
    -------
    sample : DataFrame
        As of `panels.lagged_sample`, with the own lags.
    dropped : DataFrame, shape (8, 3)
        As there; "missing_y" counts rows without their own past too.
    lags : tuple of int
        In order.

    Raises
    ------
    ValueError
        For no lags, or leads among them.
    NotApplicable
        When most units keep fewer than two periods.
    """
    table = with_own_past(panel, y, own_lags)
    chosen = headline_lags(table, x=x, y=y, lags=lags)
    sample, dropped = lagged_sample(table, x=x, y=y, lags=chosen)
    return sample, dropped, chosen


def own_columns(y: str, own_lags: int) -> list[str]:
    """Columns of the own lags, ``<y>_lag1``, …."""
    return [lag_column(y, lag) for lag in range(1, own_lags + 1)]


def free_of_units(sample: pd.DataFrame, x: Sequence[str], y: Sequence[str]) -> tuple[pd.DataFrame, float]:
    """
    Lags of x and of y on one scale, so that units of measurement cost no digits where both are regressors.

    Parameters
    ----------
    sample : DataFrame, shape (n, ...)
        Complete rows.
    x, y : sequence of str
        Columns in the unit of x and of y, the first of which sets the scale.

    Returns
    -------
    sample : DataFrame, shape (n, ...)
        With these columns over their SD.
    factor : float
        SD(y) / SD(x), which turns effects of x back into points.
    """
    sizes = [float(sample[columns[0]].std()) or 1.0 for columns in (x, y)]
    scaled = {column: sample[column] / size for columns, size in zip((x, y), sizes, strict=True) for column in columns}
    return sample.assign(**scaled), sizes[1] / sizes[0]


def dynamic_combinations(columns: Sequence[str], *, x: str, lags: Sequence[int], own_lags: int) -> pd.DataFrame:
    """One row per term (own lags, lags of x, their sum), one column per regressor; own lags come first in both."""
    terms = [own_lag_term(lag) for lag in range(1, own_lags + 1)] + [lag_term(lag) for lag in lags]
    table = pd.DataFrame(np.eye(len(terms), len(columns)), index=terms, columns=list(columns))
    table.loc[CUMULATIVE] = [float(column in {lag_column(x, lag) for lag in lags}) for column in columns]
    return table


def response_term(lag: int) -> str:
    """Name of a whole response in tables: ``response 2``."""
    return f"{RESPONSE} {lag}"


def whole_responses(own: Sequence[float], effects: Mapping[int, float]) -> tuple[np.ndarray, np.ndarray]:
    """
    How far y is moved by x so many periods ago, by way of its own past as well, with all other x held fixed.

    Parameters
    ----------
    own : sequence of float
        Effects of y on itself, at lags 1, 2, ….
    effects : mapping of int to float
        Effects of x by lag; a lag that is not there has none.

    Returns
    -------
    responses : ndarray, shape (longest lag + 1,)
        ``r_h = β_h + Σ_j α_j r_{h-j}``: what a model without own lags estimates at lag h.
    gradient : ndarray, shape (longest lag + 1, own + effects)
        Derivatives by the own effects, then by the effects of x in their order.

    References
    ----------
    H. Lütkepohl (2005), *New Introduction to Multiple Time Series Analysis*, section 10.2 (dynamic multipliers).
    """
    n_own, lags = len(own), list(effects)
    responses = np.zeros(max(lags) + 1)
    gradient = np.zeros((len(responses), n_own + len(lags)))
    for h in range(len(responses)):
        if h in effects:
            responses[h] += effects[h]
            gradient[h, n_own + lags.index(h)] += 1
        for j, alpha in enumerate(own[:h], start=1):
            responses[h] += alpha * responses[h - j]
            gradient[h] += alpha * gradient[h - j]
            gradient[h, j - 1] += responses[h - j]
    return responses, gradient


def dynamic_table(table: pd.DataFrame, *, lags: Sequence[int], ratio: float) -> pd.DataFrame:
    """Add ``lag`` (of x; empty for own lags and the sum) and figures in SD; own lags have none, so they stay as is."""
    is_own = table["term"].str.startswith(OWN)
    by_term = {lag_term(lag): lag for lag in lags}
    table = in_sd(table.assign(lag=table["term"].map(by_term).astype("Int64")), ratio)
    for column in IN_SD:
        table[f"{column}_sd"] = table[f"{column}_sd"].mask(is_own, table[column])
    return table
