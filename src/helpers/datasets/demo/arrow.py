"""Columns and tables of Arrow, made from positions in short lists of text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

DAYS_OF_YEAR = 365


def text(values: Sequence[str | None], at: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """Give the texts at the positions `at`, empty where `missing`."""
    return pa.array(values, pa.string()).take(pa.array(at, mask=missing))


def numbers(values: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """Give numbers, empty where `missing`."""
    return pa.array(values, mask=missing)


def days(first_year: int, at: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """Give dates, without a time.

    Parameters
    ----------
    first_year : int
    at : ndarray
        Years since the start of `first_year`; the fraction falls on one of 365 days, so that 29 February has none.
    missing : ndarray of bool, optional
        Where the date is empty.
    """
    at = np.where(np.isfinite(at), at, 0.0) if missing is not None else at
    year = np.floor(at).astype(int)
    day = ((at - year) * DAYS_OF_YEAR).astype(int)
    start = (year + first_year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return pa.array((start + day).astype("datetime64[ms]"), mask=missing)
