"""Lags of a panel on the calendar, the longest lag set a panel can bear, and the rows that this costs.

A *panel* has one row per `entity` and `time`; `time` is an integer that counts periods, so that a missing period is a
gap. ``lag=2`` means the value two periods earlier in the same entity; a negative lag is a *lead*. Lags are built before
any row is dropped, and every dropped row is counted with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable

# One row per entity says nothing once entities have their own level; the rule for lags asks for this many.
MIN_PERIODS_PER_ENTITY = 2
KEPT = "kept"
REASONS = (
    "missing_y",
    "missing_x",
    "lag_before_start",
    "lead_after_end",
    "lag_in_gap",
    "single_row_entity",
    "single_row_period",
    KEPT,
)


def lag_column(column: str, lag: int) -> str:
    """Name of a lagged column: ``engagement_lag1``, ``engagement_lead1``; lag 0 is the column itself."""
    if lag == 0:
        return column
    return f"{column}_lag{lag}" if lag > 0 else f"{column}_lead{-lag}"


def add_lags(panel: pd.DataFrame, columns: Iterable[str], lags: Iterable[int]) -> pd.DataFrame:
    """
    Add lags and leads of columns, within entity and on the calendar.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time`` and `columns`; one row per entity and time, in any order.
    columns : iterable of str
        Columns to lag.
    lags : iterable of int
        In periods; negative for leads, 0 adds nothing.

    Returns
    -------
    DataFrame, shape (n, ... + columns * lags)
        The same rows with ``<column>_lag<k>`` or ``<column>_lead<k>``; NaN where that period is absent.

    Raises
    ------
    ValueError
        For a missing column, a `time` that is not integer, or two rows of one entity and time.
    """
    columns, lags = list(columns), list(lags)
    check_panel(panel, columns)
    keys, order = _calendar_keys(panel, margin=max((abs(lag) for lag in lags), default=0))
    added = {
        lag_column(column, lag): _look_up(panel[column].to_numpy(float), keys, order, lag)
        for column in columns
        for lag in lags
        if lag != 0
    }
    return panel.assign(**added)


def lagged_sample(panel: pd.DataFrame, *, x: str, y: str, lags: Iterable[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Rows on which y can be set against all the lags of x, and the table of what was dropped and why.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Column that is lagged, and the outcome.
    lags : iterable of int
        In periods; negative for leads.

    Returns
    -------
    sample : DataFrame, shape (n kept, ...)
        Complete rows with the lag columns, sorted by entity and time, index 0, 1, ….
    dropped : DataFrame, shape (8, 3)
        ``reason`` (one of `REASONS`, in the order in which they are looked for), ``n_rows``, ``n_entities``; the rows
        add up to those of `panel`.

    Notes
    -----
    Entities and periods with a single remaining row carry no information and go last, in turns until none is left.
    """
    table, reason = _with_reasons(panel, x, y, lags)
    entity, kinds = pd.factorize(table["entity"])[0], [reason == one for one in REASONS]
    counts = {"n_rows": [one.sum() for one in kinds], "n_entities": [len(np.unique(entity[one])) for one in kinds]}
    dropped = pd.DataFrame({"reason": pd.Series(REASONS, dtype="str"), **counts})
    sample = table[reason == KEPT].sort_values(["entity", "time"], ignore_index=True)
    return sample, dropped


def longest_lag_set(panel: pd.DataFrame, *, x: str, y: str, max_lag: int = 3, lead: bool = False) -> tuple[int, ...]:
    """
    Longest set of lags 0, 1, … that leaves at least two periods per entity.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Column that is lagged, and the outcome.
    max_lag : int
        Longest lag considered, in periods, 0 or more.
    lead : bool
        Whether lead 1 has to fit on the same rows too.

    Returns
    -------
    tuple of int
        ``(0, 1, …)``, preceded by -1 if `lead`. At least half of the entities that have two usable rows at lag 0 keep
        two or more.

    Raises
    ------
    NotApplicable
        When not even lag 0 (with the lead) leaves that much.
    """
    if max_lag < 0:
        raise ValueError(f"max_lag must be 0 or more; found {max_lag}.")
    start = -1 if lead else 0
    for longest in range(max_lag, -1, -1):
        lags = tuple(range(start, longest + 1))
        if leaves_enough(panel, x=x, y=y, lags=lags):
            return lags
    raise NotApplicable(
        "{x} and {y} are not seen together in {needed} periods of most units, so lags cannot be told.",
        x=x,
        y=y,
        needed=MIN_PERIODS_PER_ENTITY,
    )


def leaves_enough(panel: pd.DataFrame, *, x: str, y: str, lags: Iterable[int]) -> bool:
    """
    Whether a lag set leaves two usable periods to at least half of the entities that have them at lag 0.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Column that is lagged, and the outcome.
    lags : iterable of int
        In periods; negative for leads.

    Returns
    -------
    bool
    """
    tables = [_with_reasons(panel, x, y, one) for one in ([0], list(lags))]
    n_possible, n_left = (table.loc[reason == KEPT, "entity"].nunique() for table, reason in tables)
    return n_left > 0 and 2 * n_left >= n_possible


def check_panel(panel: pd.DataFrame, columns: Sequence[str]) -> None:
    """
    Refuse a table that is not a panel with these columns.

    Raises
    ------
    ValueError
        For a missing column, a `time` that is not integer, two rows of one entity and time, or an infinite value.
    """
    _require_columns(panel, ("entity", "time", *columns))
    if not pd.api.types.is_integer_dtype(panel["time"]):
        raise ValueError(f"time must be integer, counted in periods; found {panel['time'].dtype}.")
    if (is_double := panel.duplicated(["entity", "time"])).any():
        entity, time = panel.loc[is_double, ["entity", "time"]].iloc[0]
        raise ValueError(f"panel must have one row per entity and time; found more for {entity} in {time}.")
    _refuse_infinite(panel, columns)


def _require_columns(panel: pd.DataFrame, columns: Sequence[str]) -> None:
    if missing := [column for column in columns if column not in panel]:
        raise ValueError(f"panel must have the column {missing[0]!r}; found {', '.join(map(str, panel.columns))}.")


def _refuse_infinite(panel: pd.DataFrame, columns: Sequence[str]) -> None:
    for column in columns:
        if (infinite := np.isinf(panel[column].to_numpy(float, na_value=np.nan))).any():
            entity, time = panel.loc[infinite, ["entity", "time"]].iloc[0]
            raise ValueError(f"{column} must be finite or missing; found an infinite value for {entity} in {time}.")


def _calendar_keys(panel: pd.DataFrame, margin: int) -> tuple[np.ndarray, np.ndarray]:
    """One integer per row; a lag is a subtraction, and `margin` keeps it from reaching the next entity."""
    entity = pd.factorize(panel["entity"])[0].astype("int64")
    time = panel["time"].to_numpy("int64")
    time = time - (time.min() if len(time) else 0)
    stride = (time.max() if len(time) else 0) + margin + 1
    keys = entity * stride + time
    return keys, np.argsort(keys)


def _look_up(values: np.ndarray, keys: np.ndarray, order: np.ndarray, lag: int) -> np.ndarray:
    wanted = keys - lag
    position = np.searchsorted(keys, wanted, sorter=order).clip(max=max(len(keys) - 1, 0))
    found = order[position]
    return np.where(keys[found] == wanted, values[found], np.nan)


def _with_reasons(panel: pd.DataFrame, x: str, y: str, lags: Iterable[int]) -> tuple[pd.DataFrame, np.ndarray]:
    lags = sorted(set(lags), key=lambda lag: (abs(lag), lag))
    table = add_lags(panel, [x], lags)
    _require_columns(table, [y])
    _refuse_infinite(table, [y])
    codes = [pd.factorize(table[column])[0] for column in ("entity", "time")]
    reason = _missing_reason(table, x, y, lags, codes[0])
    return table, _without_single_rows(reason, *codes)


def _missing_reason(table: pd.DataFrame, x: str, y: str, lags: list[int], entity: np.ndarray) -> np.ndarray:
    time, seen = table["time"].to_numpy(float), table[x].notna().to_numpy()
    first, last = np.full(len(table), np.inf), np.full(len(table), -np.inf)
    np.minimum.at(first, entity[seen], time[seen])
    np.maximum.at(last, entity[seen], time[seen])
    cases = [(table[y].isna().to_numpy(), "missing_y")]
    for lag in lags:
        absent, then = table[lag_column(x, lag)].isna().to_numpy(), time - lag
        cases.append((absent & (lag == 0), "missing_x"))
        cases.append((absent & (then > last[entity]), "lead_after_end"))
        cases.append((absent & (then >= first[entity]), "lag_in_gap"))
        cases.append((absent, "lag_before_start"))
    return np.select([case for case, _ in cases], [name for _, name in cases], default=KEPT).astype(object)


def _without_single_rows(reason: np.ndarray, entity: np.ndarray, time: np.ndarray) -> np.ndarray:
    n_kept = -1
    while n_kept != (n_kept := (reason == KEPT).sum()):
        for codes, name in ((entity, "single_row_entity"), (time, "single_row_period")):
            kept = reason == KEPT
            alone = np.bincount(codes[kept], minlength=len(codes))[codes] == 1
            reason[kept & alone] = name
    return reason
