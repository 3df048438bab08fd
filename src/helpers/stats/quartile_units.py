"""Units of a quartile comparison, checked, with the weight that each has in the mean of its quartile."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.standing import true_scores

FRAME_COLUMNS = ("entity", "cluster", "outcome", "engagement", "value", "ratio_scale", "higher_is_better")
# The column that weights are made from, and the reason where no unit of an outcome has it.
WEIGHTS = {"equal": "", "n": "n", "precision": "se"}
NO_WEIGHTS = {"n": "no_n", "precision": "no_se"}


def checked_units(frame: pd.DataFrame, weights: str) -> pd.DataFrame:
    """
    Check a quartile frame and add the weight of each unit, NaN where a row cannot be used.

    Parameters
    ----------
    frame : DataFrame, one row per unit and outcome
        See `quartiles.quartile_gaps`.
    weights : {"equal", "n", "precision"}

    Returns
    -------
    DataFrame
        `frame` with ``weight``: 1, ``n``, or ``1 / (tau² + se²)`` with tau² by Paule and Mandel over all units of the
        outcome (see `standing.true_scores`). Units without an n or a se above 0 have none.

    Raises
    ------
    ValueError
        For a missing column, unknown weights, a unit twice in one outcome, or an outcome with two kinds of scale.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {', '.join(WEIGHTS)}; found {weights!r}.")
    needed = [*FRAME_COLUMNS, *filter(None, [WEIGHTS[weights]])]
    missing = [column for column in needed if column not in frame]
    if missing or not len(frame):
        raise ValueError(f"frame must have rows and the columns {', '.join(needed)}; found none named {missing}.")
    if frame.duplicated(["entity", "outcome"]).any():
        entity, outcome = frame.loc[frame.duplicated(["entity", "outcome"]), ["entity", "outcome"]].iloc[0]
        raise ValueError(f"frame must have one row per entity and outcome; found more for {entity}, {outcome}.")
    kinds = frame.groupby("outcome")[["ratio_scale", "higher_is_better"]].nunique().max(axis=1)
    if (kinds > 1).any():
        raise ValueError(f"an outcome must have one ratio_scale and direction; found two for {kinds.idxmax()!r}.")
    return frame.assign(weight=_weight(frame, weights)).reset_index(drop=True)


def _weight(frame: pd.DataFrame, weights: str) -> pd.Series | float:
    if weights == "equal":
        return 1.0
    if weights == "n":
        return frame["n"].where(frame["n"] > 0)
    known = frame[(frame["se"] > 0) & frame["value"].notna()]
    parts = [_precision(units) for _, units in known.groupby("outcome")]
    return pd.concat([*parts, pd.Series(dtype=float)]).reindex(frame.index)


def _precision(units: pd.DataFrame) -> pd.Series:
    variance = units["se"].to_numpy(float) ** 2
    tau2 = true_scores(units["value"].to_numpy(float), variance)[1] if len(units) > 1 else 0.0
    return pd.Series(1 / (tau2 + variance), index=units.index) if len(units) else pd.Series(np.nan, units.index)
