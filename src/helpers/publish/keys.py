"""Fingerprints: a report whose key has not changed need not be made again."""

from __future__ import annotations

import hashlib
import json
import sysconfig
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import nbformat

from helpers.datasets.dataset import Dataset
from helpers.datasets.folders import SETTINGS_FILE
from helpers.publish.dependencies import PACKAGE, needed_files, resources


def data_hash(dataset: Dataset) -> str:
    """Fingerprint the settings and the files of a dataset, wherever the folder lies.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    files = {name: Path(path) for name, path in dataset.settings.tables.items()}
    return _hash_files({SETTINGS_FILE: dataset.folder / SETTINGS_FILE, **files})


def notebook_hash(nb: nbformat.NotebookNode) -> str:
    """Fingerprint what a notebook says and does; outputs and metadata do not count."""
    cells = [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in nb.cells]
    return _hash_text(json.dumps(cells))


def notebook_code_hash(nb: nbformat.NotebookNode) -> str:
    """Fingerprint what of the package a notebook's report depends on; see `dependencies`."""
    return _hash_files(needed_files(nb))


@cache
def code_hash() -> str:
    """Fingerprint the package itself: its code, texts, templates and published figures."""
    files = (*PACKAGE.rglob("*.py"), *resources())
    return _hash_files({str(path.relative_to(PACKAGE)): path for path in files})


@cache
def environment_hash() -> str:
    """Fingerprint what is installed, from the names of the packages' folders: what the lock says, as it really is."""
    site = Path(sysconfig.get_path("purelib"))
    names = sorted(path.name for path in site.glob("*.dist-info"))
    return _hash_text(json.dumps([sysconfig.get_python_version(), sysconfig.get_platform(), names]))


def report_key(notebook: str, code: str, data: str, choices: Mapping[str, object]) -> str:
    """Fingerprint everything a report depends on.

    Parameters
    ----------
    notebook, code : str
        See `notebook_hash` and `notebook_code_hash`.
    data : str
        What the dataset holds and what of it may be shown: its ``content_key``; of a notebook that keeps to its unit
        what it holds of the unit, see `helpers.datasets.unit_content`.
    choices : mapping of str to value
        Unit, language, parameters and whether code is shown.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    parts = [notebook, code, data, environment_hash(), json.dumps(choices, sort_keys=True)]
    return _hash_text("\n".join(parts))


def file_hash(path: Path) -> str:
    """Fingerprint a file as it is.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_files(files: Mapping[str, Path]) -> str:
    return _hash_text("\n".join(_lines(files)))


def _lines(files: Mapping[str, Path]) -> Iterable[str]:
    for name in sorted(files):
        yield f"{name} {file_hash(files[name])}"


def _hash_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
