"""Studies from a table of the literature: one row per study, or per study and outcome."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.limits import check_size
from helpers.datasets.released import counted_units
from helpers.datasets.studies import StudySet, unit_studies
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

NEEDED = ("study", "r", "n")
NUMBERS = ("r", "n", "rxx", "ryy", "u")
# In the place of a level: the studies of a table have none.
TABLE = "–"


def load_studies(dataset: Dataset, *, table: str = "", outcomes: Sequence[str] = (), **choices: object) -> StudySet:
    """Take the studies from a table where one is given, else from the dataset.

    Parameters
    ----------
    dataset : Dataset
    table : str
        Name of a CSV file in the dataset's folder; see `study_table`. Empty: the dataset's units.
    outcomes : sequence of str
        Those to keep, in this order; empty: all.
    **choices : object
        Of `studies.unit_studies`; they say nothing of a table.

    Returns
    -------
    StudySet

    Raises
    ------
    NotApplicable, ValueError
        As `studies.unit_studies` and `study_table`.
    """
    if not table:
        return unit_studies(dataset, outcomes=outcomes, **choices)
    studies = study_table(_own_file(dataset, table))
    if len(outcomes):
        studies = studies[studies["outcome"].isin(outcomes)].reset_index(drop=True)
    shown = studies.dropna(subset=["r"]).assign(name=studies["study"])
    names = tuple(outcomes) or tuple(studies["outcome"].unique())
    return StudySet(studies, shown, TABLE, "", ("", ""), names, gated=False)


def same_wave_studies(dataset: Dataset, *, table: str = "", **choices: object) -> pd.DataFrame | None:
    """Give the studies with both sides from one wave; None for a table, or where no wave has both.

    Parameters
    ----------
    dataset, table, **choices
        As for `load_studies`, without ``cut``.

    Returns
    -------
    DataFrame or None
    """
    try:
        return None if table else unit_studies(dataset, **choices, cut="same").studies
    except NotApplicable:
        return None


def counted_studies(dataset: Dataset, found: StudySet, *, engagement: str, below: str = "") -> dict[str, object]:
    """Count the units behind the studies and those not shown; see `released.counted_units`.

    Parameters
    ----------
    dataset : Dataset
    found : StudySet
    engagement, below : str
        As for `studies.unit_studies`.

    Returns
    -------
    dict
        ``min_group`` is None for studies of a table, which were published.
    """
    if not found.units:
        return {"min_group": None}
    periods = {period for part in found.periods for period in part.split(", ")}
    measures = [engagement, *found.outcomes]
    return counted_units(dataset, measures, level=found.units, below=below, periods=periods)


def study_table(path: Path) -> pd.DataFrame:
    """Read a table of studies.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 with ``study``, ``r`` (above zero is what is claimed) and ``n``; where known ``outcome``, ``rxx``,
        ``ryy``, ``u``. Other columns are kinds of studies.

    Returns
    -------
    DataFrame
        ``outcome`` ("" where the table has none), ``study`` (text), the numbers, then the kinds.

    Raises
    ------
    ValueError
        For a missing column, or a cell that should be a number.
    """
    check_size(path, "studies")
    studies = pd.read_csv(path, encoding="utf-8-sig", dtype={"study": str, "outcome": str}).rename(columns=str.strip)
    missing = [column for column in NEEDED if column not in studies]
    if missing:
        raise ValueError(f"studies must have the columns study, r, n; found none named {', '.join(missing)}.")
    for name in NUMBERS:
        studies[name] = _numbers(studies[name], name) if name in studies else float("nan")
    return studies.assign(outcome=studies["outcome"].fillna("") if "outcome" in studies else "")


def _own_file(dataset: Dataset, name: str) -> Path:
    """Find a file by its bare name, since parameters stand on the page, and a page holds no path."""
    path = dataset.folder / name
    if path.name != name or not path.is_file():
        raise ValueError(f"studies must be the name of a CSV file in the dataset's folder; found {Path(name).name!r}.")
    return path


def _numbers(values: pd.Series, name: str) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    wrong = values[numbers.isna() & values.notna()]
    if len(wrong):
        raise ValueError(f"{name} must hold numbers; found {wrong.iloc[0]!r} in row {wrong.index[0] + 2}.")
    return numbers
