"""Checks that columns and series belong to the rows they are used with."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def check_same_rows(name: str, series: pd.Series, rows: pd.DataFrame | pd.Series) -> None:
    """Refuse a series whose index is not that of the rows, in their order; a wrong row would be silent."""
    if not series.index.equals(rows.index):
        raise ValueError(f"{name} must have the index of the answers; found {len(series)} for {len(rows)} rows.")


def check_known(rows: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse rows without a value in one of the columns: groupings would leave them out without a word."""
    for column in columns:
        unknown = rows.index[rows[column].isna()]
        if len(unknown):
            raise ValueError(f"{column} must be known for every answer; found none in row {unknown[0]}.")


def check_weights(weights: pd.Series) -> None:
    """Refuse a weight that is missing, zero or negative."""
    wrong = weights[~(weights > 0)]
    if len(wrong):
        raise ValueError(f"weights must be above 0; found {wrong.iloc[0]:g} (row {wrong.index[0]}).")
