"""Keep what was computed from files beside them, named after their content and the code that computed it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from helpers.datasets.folders import CACHE_FOLDER

KEY_LENGTH = 32
# Of each name; a few, since people go back and forth between two states of data or code.
KEPT = 8


def cached(folder: Path, name: str, key: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Read a frame from the cache of a folder, or make it and leave it there.

    Parameters
    ----------
    folder : Path
        The cache is its subfolder `CACHE_FOLDER`. Where nothing can be written, the frame is made every time.
    name, key : str
        The file is ``name-key.parquet``.
    make : callable
        Makes the frame.

    Returns
    -------
    DataFrame
    """
    path = folder / CACHE_FOLDER / f"{name}-{key}.parquet"
    # Somebody else may take it out of the cache in between.
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return pd.read_parquet(path)
    frame = make()
    # A read-only dataset is allowed: it only costs the time again.
    with contextlib.suppress(OSError):
        _write_aside(frame, path)
        _forget_oldest(path.parent, name)
    return frame


def content_key(files: Iterable[Path], *settings: object) -> str:
    """Name the content of files and settings by `KEY_LENGTH` hexadecimal digits.

    Parameters
    ----------
    files : iterable of Path
        Their bytes count, and their order; their names and dates do not.
    *settings : object
        Whatever else the result depends on, by its ``repr``.
    """
    key = hashlib.sha256(repr(settings).encode())
    for path in files:
        with path.open("rb") as stream:
            key.update(hashlib.file_digest(stream, "sha256").digest())
    return key.hexdigest()[:KEY_LENGTH]


def _forget_oldest(folder: Path, name: str) -> None:
    """Leave the `KEPT` latest of a name: each change of data or code makes another."""
    made = sorted(folder.glob(f"{name}-{'?' * KEY_LENGTH}.parquet"), key=lambda path: path.stat().st_mtime)
    for path in made[:-KEPT]:
        path.unlink(missing_ok=True)


def _write_aside(frame: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}.", suffix=".tmp")
    os.close(handle)
    try:
        frame.to_parquet(aside, index=False)
        os.replace(aside, path)
    finally:
        Path(aside).unlink(missing_ok=True)
