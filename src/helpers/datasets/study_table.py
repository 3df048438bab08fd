"""Studies from a table of the literature: one row per study, or per study and outcome."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.limits import check_size
from helpers.datasets.studies import StudySet, unit_studies

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

NEEDED = ("study", "r", "n")
NUMBERS = ("r", "n", "rxx", "ryy", "u")
TABLE = "study"


def load_studies(dataset: Dataset, *, table: str = "", outcomes: Sequence[str] = (), **choices: str) -> StudySet:
    """Take the studies from a table where one is given, else from the dataset.

    Parameters
    ----------
    dataset : Dataset
    table : str
        Path of a CSV file; see `study_table`. Empty: the dataset's units.
    outcomes : sequence of str
        Those to keep, in this order; empty: all.
    **choices : str
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
    studies = study_table(Path(table))
    if len(outcomes):
        studies = studies[studies["outcome"].isin(outcomes)].reset_index(drop=True)
    shown = studies.dropna(subset=["r"]).assign(name=studies["study"])
    return StudySet(studies, shown, TABLE, "", ("", ""))


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
        For a file that is not there, a missing column, or a cell that should be a number.
    """
    if not path.is_file():
        raise ValueError(f"studies must be the path of a CSV file; found none at {path.name!r}.")
    check_size(path, "studies")
    studies = pd.read_csv(path, encoding="utf-8-sig", dtype={"study": str, "outcome": str}).rename(columns=str.strip)
    missing = [column for column in NEEDED if column not in studies]
    if missing:
        raise ValueError(f"studies must have the columns study, r, n; found none named {', '.join(missing)}.")
    for name in NUMBERS:
        studies[name] = _numbers(studies[name], name) if name in studies else float("nan")
    return studies.assign(outcome=studies["outcome"].fillna("") if "outcome" in studies else "")


def _numbers(values: pd.Series, name: str) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    wrong = values[numbers.isna() & values.notna()]
    if len(wrong):
        raise ValueError(f"{name} must hold numbers; found {wrong.iloc[0]!r} in row {wrong.index[0] + 2}.")
    return numbers
