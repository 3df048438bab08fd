"""The state of files on disk: one whose size, times and number are the same is the same."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

States = dict[str, list[int]]


def file_states(files: Iterable[Path]) -> States:
    """Give size, times of change of content and of anything (ns), and number on disk; -1 for a file nobody can look at.

    Parameters
    ----------
    files : iterable of Path

    Returns
    -------
    dict of str to list of int
        By path.
    """
    return {str(file): _state(file) for file in files}


def files_below(folder: Path, *, without: str = "__pycache__") -> list[Path]:
    """Give the files of a folder and of the folders in it, but for those of one name; none where there is no folder."""
    if not folder.is_dir():
        return []
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found += files_below(Path(entry.path), without=without) if entry.name != without else []
        else:
            found.append(Path(entry.path))
    return found


def _state(file: Path) -> list[int]:
    try:
        found = os.stat(file)
    except OSError:
        return [-1, -1, -1, -1]
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
