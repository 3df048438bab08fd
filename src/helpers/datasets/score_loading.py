"""The scores of a dataset, made once: what makes them is slow to import, and reads far more than they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.reading import check_file
from helpers.datasets.score_cache import cached, content_key

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

# Large enough to be worth streaming from Parquet; the others are read whole and typed by the contract.
ANSWER_TABLES = ("employee_answers", "customer_answers")
SCORED_TABLES = (*ANSWER_TABLES, "items", "invited", "outcomes", "scores")
# Whatever reads, checks or scores may change a score; scoring again costs seconds.
_CODE = sorted(Path(__file__).parent.glob("*.py"))


def load_scores(dataset: Dataset) -> pd.DataFrame:
    """Give the scores of a dataset, from its cache when its tables and the scoring code are unchanged.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    DataFrame
        See `helpers.datasets.scores.make_scores`.

    Raises
    ------
    ValueError
        When a table changed since the dataset was opened.
    """

    def make() -> pd.DataFrame:
        from helpers.datasets.scores import score_dataset

        scores = score_dataset(dataset)
        dataset.require_unchanged()
        return scores

    key = scores_key(dataset)
    # What was read before, such as the units, is of the same state.
    dataset.require_unchanged()
    return cached(dataset.folder, "scores", key, make)


def scores_key(dataset: Dataset) -> str:
    """Name what the scores of a dataset are made from: its tables and the scoring code."""
    names = scored_tables(dataset)
    files = [dataset.settings.tables[name] for name in ("units", *names)]
    for name, file in zip(("units", *names), files, strict=True):
        check_file(file, name)
    return content_key([*files, *_CODE], names, dataset.settings.periods_per_year)


def scored_tables(dataset: Dataset) -> list[str]:
    """Name the tables that scores are made from, of those the dataset has."""
    return [name for name in SCORED_TABLES if dataset.has(name)]
