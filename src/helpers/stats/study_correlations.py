"""One correlation per study from rows of units; a *study* is an organisation, or a country, with units in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

# The sampling error of a correlation of fewer units is itself a guess.
MIN_UNITS_PER_STUDY = 10
KEY = ["outcome", "study"]
RELIABILITIES = ("rxx", "ryy")


def study_correlations(
    frame: pd.DataFrame,
    *,
    by: str = "organisation",
    min_units: int = MIN_UNITS_PER_STUDY,
    reliabilities: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Correlation of engagement and an outcome over the units of each study.

    Parameters
    ----------
    frame : DataFrame, one row per unit and outcome
        ``entity``, `by`, ``outcome``, ``engagement``, ``value``, ``higher_is_better`` (bool, one value per outcome).
        Rows without engagement or value are counted and left out.
    by : str
        Column that says to which study a unit belongs.
    min_units : int
        Fewest units of a study, 4 or more.
    reliabilities : DataFrame, optional
        ``rxx`` and ``ryy`` by ``outcome``, by ``study``, or by both; see `artifact_corrections`.

    Returns
    -------
    DataFrame, one row per outcome and study
        ``outcome``, ``study``, ``r`` (above 0: better where engagement is higher), ``n`` (units), ``n_missing``,
        ``turned`` (the sign was turned, because lower values are better), ``reason`` ("", "too_few_units",
        "no_spread"; r is NaN unless empty), ``rxx``, ``ryy`` (NaN where not given). Sorted by outcome and study.

    Raises
    ------
    ValueError
        For a missing column, a unit twice in one outcome (years of the same units are not independent studies), an
        outcome with two directions, a `min_units` below 4, or reliabilities without a key or given twice.
    """
    _check(frame, by, min_units)
    units = frame.assign(study=frame[by], known=frame["engagement"].notna() & frame["value"].notna())
    units = units[units["study"].notna()]
    rows = [_study(key, group) for key, group in units.groupby(KEY, sort=True)]
    columns = [*KEY, "r", "n", "n_missing", "turned"]
    table = pd.DataFrame(rows, columns=columns)
    few = table["n"] < min_units
    table["reason"] = np.select([few, table["r"].isna()], ["too_few_units", "no_spread"], default="")
    return _with_reliabilities(table.assign(r=table["r"].mask(few)), reliabilities)


def _check(frame: pd.DataFrame, by: str, min_units: int) -> None:
    needed = ["entity", by, "outcome", "engagement", "value", "higher_is_better"]
    missing = [column for column in needed if column not in frame]
    if missing:
        raise ValueError(f"frame must have the columns {', '.join(needed)}; found none named {', '.join(missing)}.")
    if min_units < 4:
        raise ValueError(f"min_units must be 4 or more; found {min_units}.")
    twice = frame.duplicated(["entity", "outcome"])
    if twice.any():
        entity, outcome = frame.loc[twice, ["entity", "outcome"]].iloc[0]
        raise ValueError(
            f"frame must have one row per entity and outcome; found more for {entity}, {outcome}. Choose one period."
        )
    kinds = frame.groupby("outcome")["higher_is_better"].nunique()
    if (kinds > 1).any():
        raise ValueError(f"an outcome must have one direction; found two for {kinds.idxmax()!r}.")


def _study(key: tuple[object, object], group: pd.DataFrame) -> tuple[object, ...]:
    known = group[group["known"]]
    x, y = known["engagement"].to_numpy(float), known["value"].to_numpy(float)
    turned = not bool(group["higher_is_better"].iloc[0])
    spread = len(known) > 1 and np.ptp(x) > 0 and np.ptp(y) > 0
    r = (-1 if turned else 1) * np.corrcoef(x, y)[0, 1] if spread else np.nan
    return *key, r, len(known), len(group) - len(known), turned


def _with_reliabilities(table: pd.DataFrame, reliabilities: pd.DataFrame | None) -> pd.DataFrame:
    if reliabilities is None:
        return table.assign(**dict.fromkeys(RELIABILITIES, np.nan))
    keys = [column for column in KEY if column in reliabilities]
    if not keys:
        raise ValueError(f"reliabilities must have a column outcome or study; found {', '.join(reliabilities)}.")
    if reliabilities.duplicated(keys).any():
        raise ValueError(f"reliabilities must have one row per {' and '.join(keys)}; found more.")
    given = reliabilities.reindex(columns=[*keys, *RELIABILITIES])
    return table.merge(given, how="left", on=keys)
