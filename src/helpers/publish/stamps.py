"""Has nothing changed since a batch ended well? Found out from the state of files, before anything heavy is loaded.

A *stamp*, kept in the dataset's cache, says in which state every file was that a request's reports depend on, and in
which the reports are. A file whose size, times and number on disk are the same is the same; where one differs, the keys
of the reports decide.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import sysconfig
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import helpers
from helpers.datasets.folders import CACHE_FOLDER, LEDGER_FOLDER, SETTINGS_FILE, dataset_path, project_root
from helpers.publish.paths import INDEX, dataset_folder, write_whole
from helpers.publish.request import Request
from helpers.publish.states import States, file_states, files_below
from helpers.publish.telling import Unchanged

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

# What was written later than this before it was looked at could be written again within the same tick of the clock.
_SETTLED = 0.1
# One for each way in which reports were asked for lately.
KEPT = 64


class Stamp:
    """What a request's reports depend on, looked at before they are planned.

    Parameters
    ----------
    dataset : Dataset
    request : Request
    reports : Path
        The folder ``reports/``.
    """

    def __init__(self, dataset: Dataset, request: Request, reports: Path) -> None:
        self.seen = time.time()
        self.path, self.dataset, self.request = _stamp_file(dataset.folder, request, reports), dataset, request
        self.reports = dataset_folder(reports.resolve(), dataset.name)
        self.tables = [str(path) for path in dataset.settings.tables.values()]
        self.inputs = _inputs(dataset.folder, self.tables, request)

    def write(self, targets: Iterable[Path], n_earlier: int = 0) -> None:
        """Keep it beside the reports, once all of them are there; not where a file may still be changing.

        Parameters
        ----------
        targets : iterable of Path
            The reports.
        n_earlier : int
            See `helpers.publish.telling.Unchanged`.
        """
        # The ledger was written since: by the batch itself.
        now = _inputs(self.dataset.folder, self.tables, self.request)
        own = str(self.dataset.folder.resolve() / LEDGER_FOLDER)
        settled = all(max(state[1:3]) < (self.seen - _SETTLED) * 1e9 for state in self.inputs.values())
        if not settled or _without(now, own) != _without(self.inputs, own):
            return
        found = {"tables": self.tables, "inputs": _hash(now), "reports": file_states(targets)}
        found["folder"] = str(self.reports)
        found["n_earlier"] = n_earlier
        # A read-only dataset is allowed: a closer look is then taken each time.
        with contextlib.suppress(OSError):
            write_whole(self.path, json.dumps(found), self.dataset.folder)
            _forget_oldest(self.path.parent)


def unchanged_reports(name: str, request: Request, reports: Path | None) -> tuple[Path, Unchanged] | None:
    """Tell whether all reports asked for are there, made from files that are as they were.

    Parameters
    ----------
    name : str
        A name under ``data/``, or a folder.
    request : Request
    reports : Path, optional
        The folder ``reports/``; that of the project when left out.

    Returns
    -------
    tuple of Path and Unchanged, optional
        The folder of the dataset's reports, and how many there are; None when it takes a closer look to tell.
    """
    try:
        folder = dataset_path(name)
        path = folder and _stamp_file(folder, request, reports or project_root() / "reports")
        stamp = json.loads(path.read_text(encoding="utf-8")) if path else None
        known = stamp and _hash(_inputs(folder, stamp["tables"], request)) == stamp["inputs"]
        there = known and file_states(map(Path, stamp["reports"])) == stamp["reports"]
        unchanged = there and Unchanged(len(stamp["reports"]), stamp["n_earlier"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = unchanged and Path(stamp["folder"], INDEX).is_file()
    return (Path(stamp["folder"]), unchanged) if whole else None


def _stamp_file(folder: Path, request: Request, reports: Path) -> Path:
    asked = json.dumps([str(reports.resolve()), asdict(replace(request, resume=False))])
    return folder / CACHE_FOLDER / f"stamp-{hashlib.sha256(asked.encode()).hexdigest()[:32]}.json"


def _forget_oldest(folder: Path) -> None:
    for path in sorted(folder.glob("stamp-*.json"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        path.unlink(missing_ok=True)


def _inputs(folder: Path, tables: Iterable[str], request: Request) -> States:
    """Give the state of data, ledger, notebooks and code; the environment by the names of what is installed."""
    named = [one for one in request.notebooks if one.endswith(".ipynb")]
    package, place = Path(helpers.__file__).parent, folder.resolve()
    files = [place / SETTINGS_FILE, *map(Path, tables), *map(Path, named)]
    files += [*files_below(place / LEDGER_FOLDER), *files_below(project_root() / "notebooks"), *files_below(package)]
    installed = sorted(one for one in os.listdir(sysconfig.get_path("purelib")) if one.endswith(".dist-info"))
    beside = sorted(set(os.listdir(place)) - {CACHE_FOLDER, LEDGER_FOLDER})
    environment = hashlib.sha256(json.dumps([sys.version, installed, beside]).encode())
    return file_states(files) | {environment.hexdigest(): [0, 0, 0, 0]}


def _without(states: Mapping[str, list[int]], folder: str) -> States:
    return {name: state for name, state in states.items() if not name.startswith(folder)}


def _hash(states: States) -> str:
    return hashlib.sha256(json.dumps(states, sort_keys=True).encode()).hexdigest()
