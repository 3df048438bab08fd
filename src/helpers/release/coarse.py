"""Rows of scores told less exactly: bands, steps and evened-out shares instead of figures that give people away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.release.bands import RESPONSE_RATE, RESPONSE_STEP, ROUNDING, SIZES, banded_sizes, edges, shared_out

CHANGES = ("change", "change_low", "change_high", "n_previous")
# Figures from which the value in a band could be reckoned back.
EXACT = ("se", "ci_low", "ci_high", "n_effective", *CHANGES)
OF_PEOPLE = "of_people"


def banded(frame: pd.DataFrame, min_group: int) -> pd.DataFrame:
    """Put bands and steps in the place of figures that tell what nearly each member of a group answered.

    Parameters
    ----------
    frame : DataFrame, shape (rows, ...)
        Scores with an empty column ``band``; see `helpers.release.release`. It is changed in place.
    min_group : int

    Returns
    -------
    DataFrame, shape (rows, ...)
    """
    if "kind" in frame:
        low, high = edges(_shares(frame), frame["n"], min_group)
        # The edge belongs to the band: all but one of the smallest group lie right on it.
        beyond = [frame["estimate"] >= high - ROUNDING, frame["estimate"] <= low + ROUNDING]
        frame["band"] = np.select(beyond, ["high", "low"], "")
        exact = [column for column in EXACT if column in frame]
        frame[exact] = frame[exact].where(frame["band"] == "")
        frame["estimate"] = frame["estimate"].clip(low, high)
    if "change" in frame and "kind" in frame:
        before = frame["estimate"] - frame["change"]
        low, high = edges(_shares(frame), frame["n_previous"], min_group)
        changes = [column for column in CHANGES if column in frame]
        frame[changes] = frame[changes].where((before > low + ROUNDING) & (before < high - ROUNDING))
    return _rounded(frame)


def _shares(frame: pd.DataFrame) -> pd.Series:
    """Kinds of the figures, where a percentage counts as one only if it is a share of people."""
    others = (frame["kind"] == "percent") & ~frame.get(OF_PEOPLE, pd.Series(False, index=frame.index))
    if "category" in frame:  # shares of a distribution are evened out instead, so that they still add up
        others |= frame["category"].notna()
    return frame["kind"].mask(others, "value")


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    sizes = [column for column in ("n", "n_previous") if column in frame]
    few = (frame[sizes] < SIZES[-1]).any(axis=1)
    rates = frame["measure"] == RESPONSE_RATE
    of_people = frame.get(OF_PEOPLE, pd.Series(False, index=frame.index)) & few
    for rows, whole in ((rates, 1.0), (of_people, 100.0)):
        frame = _in_steps(frame, rows & (frame["band"] == ""), whole)
    # A change told to the percent would give back what rounding and bands of sizes took away.
    changes = [column for column in CHANGES if column in frame]
    frame.loc[(rates & few) | of_people, changes] = np.nan
    # For unweighted answers these two would give the number back.
    exact = [column for column in ("n_effective", "se") if column in frame]
    small = frame["n"] < SIZES[-1]
    frame[exact] = frame[exact].where(~small)
    for column in sizes:
        frame[column] = banded_sizes(frame[column].astype("float64"))
    return frame


def _in_steps(frame: pd.DataFrame, rows: pd.Series, whole: float) -> pd.DataFrame:
    """Round shares of a whole to 5 %, bounds outwards, and a share never to none or all."""
    step = RESPONSE_STEP * whole
    for column, rounded in (("estimate", np.rint), ("ci_low", np.floor), ("ci_high", np.ceil)):
        if column in frame:
            frame.loc[rows, column] = rounded(frame.loc[rows, column] / step) * step
    frame.loc[rows, "estimate"] = frame.loc[rows, "estimate"].clip(step, whole - step)
    return frame


def with_shared_out(frame: pd.DataFrame, min_group: int) -> pd.DataFrame:
    """Even out the shares of each distribution, the rows with a ``category``, by `helpers.release.bands.shared_out`."""
    if "category" in frame:
        for _, rows in frame.groupby(["unit_id", "period", "measure"], sort=False):
            shares, n = rows["estimate"].to_numpy(float), float(rows["n"].iloc[0])
            if n >= min_group:
                frame.loc[rows.index, "estimate"] = shared_out(shares, n, min_group)
    return frame
