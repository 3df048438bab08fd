"""Where reports are written, and how: names no unit can abuse, and files that are whole or not there.

A *slug* is the readable part of a name; the short hash behind it keeps apart what the slug cannot.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path

# 40 characters of slug and 10 of hash leave room for deep folders below the 255 of a file name and the 260 of Windows.
MAX_SLUG = 40
HASH_LENGTH = 10
LOG_FOLDER = ".logs"
_ASIDE, _YOUNG = ".writing-", 60.0
INDEX, MANIFEST = "index.html", "manifest.jsonl"
# Windows opens a device by these names, whatever stands behind the first dot.
_DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))])


def slug(text: str, otherwise: str = "unit") -> str:
    """Reduce any text to lower-case letters, digits, ``-`` and ``_`` of ASCII.

    Parameters
    ----------
    text : str
        Anything: an id, a path, 10,000 characters.
    otherwise : str
        What to give when nothing is left.

    Returns
    -------
    str
        1 to `MAX_SLUG` characters. Not unique: see `unit_folder`.
    """
    ascii_only = unicodedata.normalize("NFKD", text[:400]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", ascii_only)[:MAX_SLUG].strip("-_") or otherwise


def short_hash(text: str) -> str:
    """Tell texts apart in `HASH_LENGTH` hexadecimal digits of their SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_LENGTH]


def dataset_folder(reports: Path, dataset: str) -> Path:
    """Give the folder of a dataset's reports; a name that is no plain slug, or a device of Windows, gets a hash.

    Parameters
    ----------
    reports : Path
        The folder ``reports/``.
    dataset : str
        Name of the dataset.
    """
    return Path(reports) / _distinct(dataset, "dataset")


def report_file(folder: Path, unit: str, notebook: str, language: str, others: Mapping[str, object]) -> Path:
    """Give the path of one report.

    Parameters
    ----------
    folder : Path
        See `dataset_folder`.
    unit : str
        Unit id; hostile ones end up as a slug and a hash.
    notebook : str
        Name of the notebook, without suffix; one that is no plain slug gets a hash.
    language : {"en", "nl"}
    others : mapping of str to value
        Parameters that differ from the notebook's defaults; they add a hash to the name.

    Returns
    -------
    Path
        ``<folder>/<unit>/<notebook>.<language>.html``.
    """
    suffix = f"-{short_hash(repr(sorted(others.items())))}" if others else ""
    unit_folder = f"{slug(unit)}-{short_hash(unit)}"
    return folder / unit_folder / f"{_distinct(notebook, 'notebook')}{suffix}.{slug(language, 'en')}.html"


def log_file(folder: Path, report: Path) -> Path:
    """Give the path of the log that a failed report leaves: ``<folder>/.logs/<unit>.<report>.log``."""
    return folder / LOG_FOLDER / f"{report.parent.name}.{report.stem}.log"


def write_whole(path: Path, text: str, inside: Path) -> None:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path : Path
        Replaced if it exists.
    text : str
        Written as UTF-8, with its line ends as they are.
    inside : Path
        The folder that `path` must not leave, symbolic links included.

    Raises
    ------
    ValueError
        When `path` leads out of `inside` or through a symbolic link.
    """
    check_inside(path, inside)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.parent / f"{_ASIDE}{secrets.token_hex(8)}"
    try:
        with open(aside, "xb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def remove_torn(folder: Path) -> None:
    """Remove what `write_whole` left in a folder when its process was killed; what is younger than a minute stays.

    Parameters
    ----------
    folder : Path
        May be missing.
    """
    for aside in folder.glob(f"{_ASIDE}*"):
        with contextlib.suppress(OSError):
            if time.time() - aside.lstat().st_mtime > _YOUNG:
                aside.unlink()


def check_inside(path: Path, inside: Path) -> None:
    """Refuse a path that leaves a folder or goes through a symbolic link below it.

    Raises
    ------
    ValueError
        Naming the path.
    """
    if not path.is_relative_to(inside) or ".." in path.relative_to(inside).parts:
        raise ValueError(f"path must stay inside {inside.name}; found {str(path)!r}.")
    steps = [path, *path.parents][: len(path.relative_to(inside).parts)]
    linked = [step for step in steps if step.is_symlink()]
    if linked:
        raise ValueError(f"path must not go through a symbolic link; found {str(linked[-1])!r}. Remove the link.")


def _distinct(name: str, otherwise: str) -> str:
    """Give a name as it is where it is a plain slug, so that most are easy to read; any other with its hash."""
    plain = slug(name, otherwise)
    return plain if plain == name and plain not in _DEVICES else f"{plain}-{short_hash(name)}"


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
