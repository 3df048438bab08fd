"""Can every table be read? Seen from the heads of the files, before anything is made from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.conversion import known_columns
from helpers.datasets.limits import open_parquet
from helpers.datasets.reading import check_file
from helpers.datasets.text_format import no_rows, text_format

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset


def check_heads(dataset: Dataset) -> None:
    """Refuse a dataset of which a table cannot be read, also one that only some reports need.

    Parameters
    ----------
    dataset : Dataset

    Raises
    ------
    DatasetError
        See `check_head`.
    """
    tables = dataset.settings.tables
    for name, path in tables.items():
        answers = name == "employee_answers" and "items" in tables
        check_head(path, name, dataset.table("items") if answers else None)


def check_head(path: Path, table: str, items: pd.DataFrame | None = None) -> None:
    """Refuse a table that cannot be read, from its first rows or, of Parquet, its footer.

    Parameters
    ----------
    path : Path
    table : str
        A table of the contract.
    items : DataFrame, optional
        The typed table `items`.

    Raises
    ------
    DatasetError
        For no file, an empty or unreadable one, no rows, a column that is missing or a personal one.
    """
    check_file(path, table)
    if path.suffix.lower() == ".parquet":
        with open_parquet(path, table) as file:
            names, is_empty = file.schema_arrow.names, not file.metadata.num_rows
        if is_empty:
            raise no_rows(path, table)
    else:
        names = text_format(path, table).header
    known_columns(table, items)(names)
