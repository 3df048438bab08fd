"""Reference cases: those in this repository, and those beside the real data (skipped where they are not)."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parents[1] / "reference"


def expected(case: str) -> dict:
    """Answers of a case in tests/reference."""
    return json.loads((HERE / case / "expected.json").read_text())


def data(case: str) -> pd.DataFrame:
    """Data of a case in tests/reference that was made from a seed."""
    return pd.read_csv(HERE / case / "data.csv")


def outside_folder(name: str) -> Path:
    """A folder beside the real data; skips the test where there is none."""
    real = os.environ.get("EXCX_REAL_DATA")
    folder = Path(real or "").parent / name
    if not real or not folder.is_dir():
        pytest.skip("EXCX_REAL_DATA is not set, or holds no reference cases beside it")
    return folder


def outside(case: str) -> tuple[pd.DataFrame, dict]:
    """Data and answers of a reference case beside the real data."""
    folder = outside_folder("reference") / case
    return pd.read_csv(folder / "data.csv"), json.loads((folder / "expected.json").read_text())["values"]


def assert_close(found: dict, wanted: dict, rel: float = 1e-8) -> None:
    """Every figure of `found` equals its namesake in `wanted`."""
    assert found == {name: pytest.approx(wanted[name], rel=rel) for name in found}
