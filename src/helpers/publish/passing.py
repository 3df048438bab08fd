"""Folders for passing files, gone for certain once they are left: notebooks and logs hold what people typed."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

# A killed process may still end a call it was in, and make a file or folder while its folder is being removed.
PATIENCE = 5.0
PREFIX = "excx-"
_YOUNG = 60.0
_PAUSE = 0.02


@contextlib.contextmanager
def passing_folder() -> Iterator[Path]:
    """Give a private folder, removed on leaving; see `remove_folder`.

    Yields
    ------
    Path
    """
    folder, lock = locked_folder()
    try:
        yield folder
    finally:
        remove_folder(folder)
        unlock(lock)


def locked_folder() -> tuple[Path, int]:
    """Make a private folder that this process holds a lock on, as long as it lives.

    Returns
    -------
    folder, lock : tuple of Path and int
        For `unlock`; -1 where the system has no such locks.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    if fcntl is None:
        return folder, -1
    lock = os.open(folder, os.O_RDONLY)
    _is_ours(lock)
    return folder, lock


def unlock(lock: int) -> None:
    """Give up a folder."""
    if lock >= 0:
        os.close(lock)


def remove_abandoned() -> None:
    """Remove the folders of processes that were killed together with all that could have cleared up after them.

    Young ones stay: their owners may be about to lock them.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*") if fcntl else ():
        with contextlib.suppress(OSError):
            about, oldest = folder.lstat(), time.time() - _YOUNG
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid() or about.st_mtime > oldest:
                continue
            lock = os.open(folder, os.O_RDONLY)
            try:
                if _is_ours(lock):
                    remove_folder(folder)
            finally:
                os.close(lock)


def _is_ours(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


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
