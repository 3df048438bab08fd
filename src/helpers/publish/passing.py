"""Folders for passing files, gone for certain once they are left: notebooks and logs hold what people typed."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# A killed process may still end a call it was in, and make a file or folder while its folder is being removed.
PATIENCE = 5.0
_PAUSE = 0.02


@contextlib.contextmanager
def passing_folder() -> Iterator[Path]:
    """Give a private folder, removed on leaving; see `remove_folder`.

    Yields
    ------
    Path
    """
    folder = Path(tempfile.mkdtemp(prefix="excx-"))
    try:
        yield folder
    finally:
        remove_folder(folder)


def remove_folder(folder: Path) -> None:
    """Remove a folder, even while something that was killed still writes into it.

    Parameters
    ----------
    folder : Path

    Notes
    -----
    It must be seen gone twice, `_PAUSE` seconds apart; after `PATIENCE` seconds what is left stays.
    """
    ends, seen_gone = time.monotonic() + PATIENCE, 0
    while seen_gone < 2 and time.monotonic() < ends:
        shutil.rmtree(folder, ignore_errors=True)
        seen_gone = 0 if folder.exists() else seen_gone + 1
        time.sleep(_PAUSE)
