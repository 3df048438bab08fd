"""Absence, leaving and moments beyond one report: what earlier reports keep hidden, and periods that may still fill up.

The families are those under which the ledger keeps what was told beside scores; see `counted`, `counted_moments`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.periods import period_of_dates, period_time
from helpers.release.mask import EARLIER

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

ABSENCE, ABSENCE_DAYS, LEAVERS, REASONS = "absence", "absence_days", "leavers", "leavers_by_reason"
# What links over many units take in: each unit with all below it, for itself.
ABSENCE_UNITS, STAFF_UNITS = "absence_of_units", "staff_of_units"


# How the names of families of moments begin.
MOMENT_FAMILIES = "moment "


def moment_family(moment: str) -> str:
    """Name the family of the answers of customers at a moment; what it is called may be what somebody wrote."""
    return f"{MOMENT_FAMILIES}{hashlib.sha256(moment.encode()).hexdigest()[:16]}"


def level_family(moment: str, level: str = "") -> str:
    """Name the family of those at a moment who were as satisfied; without a level how the names of all begin."""
    return f"level at {moment_family(moment)}: {level}"


def is_withheld(dataset: Dataset, family: str, unit: str, period: str) -> bool:
    """Tell whether an earlier release keeps a unit hidden that could be told otherwise."""
    return (unit, period) in withheld(dataset, family)


def withheld(dataset: Dataset, family: str) -> set[tuple[str, str]]:
    """Give the units and periods that an earlier release keeps hidden.

    Parameters
    ----------
    dataset : Dataset
    family : str

    Returns
    -------
    set of (unit, period)
        None where the source published the figures.
    """
    if dataset.mask is None:
        return set()
    frame = dataset.mask.frame
    rows = frame[(frame["family"] == family) & (frame["hidden_by"] == EARLIER)]
    return set(zip(rows["unit_id"], rows["period"], strict=True))


def withheld_at(dataset: Dataset, beginning: str, period: str) -> set[str]:
    """Give the units that an earlier release keeps hidden in a period, in any family whose name begins like this."""
    if dataset.mask is None:
        return set()
    frame = dataset.mask.frame
    rows = frame[(frame["period"] == period) & (frame["hidden_by"] == EARLIER)]
    return set(rows.loc[rows["family"].str.startswith(beginning), "unit_id"])


def are_withheld(dataset: Dataset, family: str, units: pd.Series, times: pd.Series) -> pd.Series:
    """Tell which of some units and times an earlier release keeps hidden."""
    per_year = dataset.settings.periods_per_year
    hidden = {(unit, period_time(period, per_year)) for unit, period in withheld(dataset, family)}
    return pd.Series([one in hidden for one in zip(units, times, strict=True)], index=units.index, dtype=bool)


def has_ended(dataset: Dataset, periods: pd.Series) -> pd.Series:
    """Tell which periods are over by the dataset's own date, so that they fill up no more.

    Parameters
    ----------
    dataset : Dataset
    periods : Series of str

    Returns
    -------
    Series of bool
        False for the latest period with any score, absence, start or end of an employment.
    """
    known = [dataset.scores["period"]]
    known += [dataset.table("absence")["period"]] if dataset.has("absence") else []
    if dataset.has("employments"):
        table = dataset.table("employments")
        dates = pd.concat([table["start"], table["end"]]).dropna()
        known += [period_of_dates(dates, dataset.settings.periods_per_year)]
    return periods < max((one.max() for one in known if len(one)), default="")
