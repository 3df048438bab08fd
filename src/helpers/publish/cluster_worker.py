"""What a Dask worker does for a batch of reports: see that it may, run one, and clean up."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.datasets import once
from helpers.datasets.dataset import open_dataset
from helpers.publish.crew import Run
from helpers.publish.keys import code_hash, environment_hash, file_hash
from helpers.publish.memory import use_limit
from helpers.publish.outcome import Outcome
from helpers.publish.passing import locked_folder, remove_folder, unlock
from helpers.publish.pool import GRACE, limited
from helpers.publish.task import Task
from helpers.publish.warm import end_template
from helpers.publish.watch import kill_kernels

if TYPE_CHECKING:
    from distributed import Worker

# Below a longer path the sockets of template and kernels find no room.
_LONGEST_FOLDER = 60
_passed: set[str] = set()
_locks: dict[Path, int] = {}


@dataclass(frozen=True)
class Premises:
    """What must hold on a worker for its reports to be those that this machine would make.

    Parameters
    ----------
    code, environment : str
        Fingerprints of the package and of what is installed.
    dataset : Path
    data : str
        What the dataset holds and what of it may be shown: its ``content_key``.
    notebooks : mapping of str to str
        Path to fingerprint.
    marker : Path
        A file in the folder of the reports.
    token : str
        What it holds.
    """

    code: str
    environment: str
    dataset: Path
    data: str
    notebooks: Mapping[str, str]
    marker: Path
    token: str


@dataclass(frozen=True)
class Checked:
    """What a worker found of itself: a problem, or the file it wrote beside the marker."""

    problem: str = ""
    written: Path = Path()


def check_worker(premises: Premises, dask_worker: Worker) -> Checked:
    """Look whether this worker may make reports.

    Parameters
    ----------
    premises : Premises
    dask_worker : Worker
        Given by Dask.
    """
    problem = find_problem(premises, dask_worker.state.nthreads)
    if problem:
        return Checked(problem)
    _settle(premises, dask_worker)
    written = premises.marker.with_name(f".writing-{secrets.token_hex(8)}")
    try:
        written.write_text(premises.token)
    except OSError as error:
        return Checked(f"reports folder must be writable for all workers; found: {error.strerror}.")
    return Checked(written=written)


def find_problem(premises: Premises, threads: int) -> str:
    """Say which premise does not hold here; empty when all do.

    Parameters
    ----------
    premises : Premises
    threads : int
        Of this worker.
    """
    if threads != 1:
        return f"worker must run one thread, as forked kernels need it; found {threads}. Start it with --nthreads 1."
    if code_hash() != premises.code:
        return "worker must have the same code of excx; found another. Update it there, and start the worker again."
    if environment_hash() != premises.environment:
        return "worker must have the same libraries and Python; found others. Run `make env` there, and start it again."
    wrong = [path for path, known in premises.notebooks.items() if _hash(Path(path)) != known]
    if wrong:
        return f"worker must see the same notebook; found another, or none, at {wrong[0]}. Share its folder."
    if _data(premises.dataset) != premises.data:
        return f"worker must see the same data; found others, or none, at {premises.dataset}. Share that folder."
    if _read(premises.marker) != premises.token:
        folder = premises.marker.parent
        return f"reports folder must be shared by all; found another {folder} there. Name a shared one with --reports."
    return ""


def run_there(premises: Premises, run: Run, task: Task) -> Outcome:
    """Run one task on this worker, which may have come after the others were checked.

    Raises
    ------
    ValueError
        When a premise does not hold here. Dask then tries elsewhere.
    """
    from distributed import get_worker

    worker = get_worker()
    if premises.token not in _passed:
        problem = find_problem(premises, worker.state.nthreads)
        if problem:
            raise ValueError(f"{problem} (worker {worker.address})")
        _settle(premises, worker)
    return limited(run, GRACE, task)


def _settle(premises: Premises, worker: Worker) -> None:
    """Take up work for a batch: where passing files go, what is computed once, how much memory a kernel may hold."""
    _passed.add(premises.token)
    # What a killed worker leaves there is removed by Dask.
    if len(worker.local_directory) <= _LONGEST_FOLDER:
        tempfile.tempdir = worker.local_directory
    folder, lock = locked_folder()
    os.environ[once.FOLDER], _locks[folder] = str(folder), lock
    # Dask watches its own process; the kernel is another one, which may hold as much. None is no limit of Dask's.
    use_limit(worker.memory_manager.memory_limit or 0)


def leave_worker() -> None:
    """End the template, and forget what was computed once: the next batch has its own."""
    end_template()
    os.environ.pop(once.FOLDER, None)
    while _locks:
        folder, lock = _locks.popitem()
        remove_folder(folder)
        unlock(lock)


def stop_worker() -> None:
    """Kill the kernels, so that what runs ends at once, and leave."""
    kill_kernels()
    leave_worker()


def _hash(path: Path) -> str:
    return file_hash(path) if path.is_file() else ""


def _data(folder: Path) -> str:
    try:
        return open_dataset(folder).content_key
    except (ValueError, OSError):
        return ""


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
