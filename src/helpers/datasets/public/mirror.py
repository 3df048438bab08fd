"""Find the files of a publisher in a folder and see that they are the ones the code was written for."""

from __future__ import annotations

import hashlib
from pathlib import Path

from helpers.datasets.public.source import PublicSource


def checked_files(source: PublicSource, mirror: Path) -> dict[str, Path]:
    """Find and check all files of a source.

    Parameters
    ----------
    source : PublicSource
    mirror : Path
        The folder with the files, or one that holds them in its subfolder ``source.folder``.

    Returns
    -------
    dict of str to Path
        By file name.

    Raises
    ------
    FileNotFoundError
        Naming the files that are not there.
    ValueError
        For a file that differs, naming both checksums.
    """
    inside = mirror / source.folder
    folder = inside if inside.is_dir() else mirror
    paths = {name: folder / name for name in source.files}
    missing = [name for name, path in paths.items() if not path.is_file()]
    if missing:
        raise FileNotFoundError(
            f"mirror must hold {', '.join(source.files)}; found no {', '.join(missing)} in {folder}."
        )
    for name, path in paths.items():
        _refuse_changed(path, source.files[name])
    return paths


def _refuse_changed(path: Path, expected: str) -> None:
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != expected:
        raise ValueError(
            f"{path.name} must have SHA-256 {expected}; found {found}. The publisher's file was changed or cut short."
        )
