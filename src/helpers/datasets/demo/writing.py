"""Writing a demo dataset to a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.datasets.demo.simulation import TABLES, draw
from helpers.datasets.demo.truth import Truth, as_values

# Blocks are gathered into row groups of at least this many rows: small enough for memory, large enough to read fast.
ROWS_PER_GROUP = 100_000
OUTCOMES = (
    *("profit", "productivity", "repurchase", "nps", "turnover", "absence"),
    *("accidents", "shrinkage", "defects"),
)
LEVELS = {"panel": "country", "quartile": "team", "report": "country"}


def make_demo(folder: Path, truth: Truth, *, seed: int = 1, scale: float = 1.0, title: str | None = None) -> Path:
    """Write a demo dataset: its tables, ``dataset.toml``, and the truth beside them.

    The folder appears when it is whole; an earlier demo dataset of that name is replaced then.

    Parameters
    ----------
    folder : Path
        New, or holding a demo dataset.
    truth : Truth
    seed : int
        The same seed gives the same bytes.
    scale : float
        Times the number of teams; memory does not grow with it.
    title : str, optional
        Of the dataset; that of the truth when left out.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ValueError
        When the folder holds something else, or for a bad seed or scale.
    """
    about = settings(title or truth.title, seed, scale, TABLES, LEVELS, OUTCOMES) | _redesigned(truth)
    return write_dataset(Path(folder), draw(truth, seed=seed, scale=scale), about, as_values(truth))


def write_dataset(
    folder: Path,
    pieces: Iterable[Mapping[str, pa.Table]],
    about: Mapping[str, Any],
    truth: Mapping[str, Any],
    truth_tables: Callable[[], Mapping[str, pd.DataFrame]] = dict,
) -> Path:
    """Write a dataset with its truth beside it, so that the folder appears when it is whole.

    Parameters
    ----------
    folder : Path
        New, or holding a demo dataset.
    pieces : iterable of mapping of str to Table
        Tables piece by piece; ``expected`` goes to the folder ``truth``.
    about : mapping
        Of ``dataset.toml``.
    truth : mapping
        Of ``truth.toml``.
    truth_tables : callable
        Gives more tables for the folder ``truth``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ValueError
        When the folder holds something else.
    """
    if not _may_replace(folder):
        raise ValueError(f"folder must be new or hold a demo dataset; found {folder}. Name another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as aside:
        whole = Path(aside) / "dataset"
        (whole / "truth").mkdir(parents=True)
        _write_tables(whole, pieces)
        for name, frame in truth_tables().items():
            pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), whole / "truth" / f"{name}.parquet")
        (whole / "truth.toml").write_text(to_toml(truth), "utf-8")
        (whole / "dataset.toml").write_text(to_toml(about), "utf-8")
        if folder.exists():
            os.rename(folder, Path(aside) / "replaced")
        os.rename(whole, folder)
    return folder


def settings(
    title: str,
    seed: int,
    scale: float,
    tables: Sequence[str],
    levels: Mapping[str, str],
    outcomes: Sequence[str],
) -> dict[str, Any]:
    """Give the values of ``dataset.toml``.

    Parameters
    ----------
    title : str
    seed : int
    scale : float
    tables : sequence of str
        Those made; ``expected`` is none of the dataset's.
    levels : mapping of str
        Level of the panel, of quartiles and of reports.
    outcomes : sequence of str
        Compared with engagement, those told first in front.
    """
    return {
        "title": title,
        "language": "en",
        "synthetic": True,
        "source": f"Made by excx demo, seed {seed}, scale {scale:g}; about no real company",
        "licence": "CC0-1.0",
        "periods_per_year": 1,
        "min_group": 10,
        "disclosure": "gate",
        "measures": {"employee": "enps", "customer": "nps", "engagement": "engagement", "outcomes": outcomes},
        "levels": levels,
        "smallest_effect": {"value": 0.1, "unit": "sd"},
        "tables": {name: f"{name}.parquet" for name in tables if name != "expected"},
    }


def to_toml(values: Mapping[str, Any], section: str = "") -> str:
    """Write nested values as TOML: texts, numbers, yes or no, lists of them, and tables.

    Parameters
    ----------
    values : mapping of str
        Keys are plain words.
    section : str
        Name of the table that `values` belong to.
    """
    plain = {key: value for key, value in values.items() if not isinstance(value, Mapping)}
    lines = [f"{key} = {_toml_value(value)}\n" for key, value in plain.items()]
    head = f"\n[{section}]\n" if section and plain else ""
    inner = [to_toml(value, f"{section}.{key}".lstrip(".")) for key, value in values.items() if key not in plain]
    return head + "".join(lines) + "".join(inner)


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml_value(part) for part in value)}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return repr(value)


def _may_replace(folder: Path) -> bool:
    """Only a demo dataset has its truth beside it, so nothing else is ever overwritten."""
    if not folder.exists():
        return True
    return folder.is_dir() and ((folder / "truth" / "expected.parquet").is_file() or not any(folder.iterdir()))


def _write_tables(folder: Path, pieces: Iterable[Mapping[str, pa.Table]]) -> None:
    files: dict[str, _Gathering] = {}
    try:
        for piece in pieces:
            for name, table in piece.items():
                if name not in files:
                    files[name] = _Gathering((folder / "truth" if name == "expected" else folder) / f"{name}.parquet")
                files[name].add(table)
    finally:
        for file in files.values():
            file.close()


def _redesigned(truth: Truth) -> dict[str, Any]:
    """Name the year of the new questionnaire, as a firm that changed its own would know it."""
    return {"redesigned": [str(truth.company.first_year + truth.enps.redesign_wave - 1)]}


class _Gathering:
    """A Parquet file that waits for enough rows before it writes a group."""

    def __init__(self, path: Path) -> None:
        self.path, self.waiting, self.writer = path, [], None

    def add(self, table: pa.Table) -> None:
        self.waiting.append(table)
        if sum(len(part) for part in self.waiting) >= ROWS_PER_GROUP:
            self.flush()

    def flush(self) -> None:
        if not self.waiting:
            return
        table = pa.concat_tables(self.waiting)
        self.writer = self.writer or pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self.writer.write_table(table, row_group_size=len(table) or None)
        self.waiting = []

    def close(self) -> None:
        self.flush()
        if self.writer:
            self.writer.close()
