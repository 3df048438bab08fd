"""A batch of reports: skip what is there, run the rest, write down each end, and the index last."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from helpers.publish.manifest import Record, append_record, kept_record, latest_records, record_of
from helpers.publish.outcome import Outcome
from helpers.publish.paths import check_inside, log_file, remove_torn, write_whole
from helpers.publish.pool import Run, run_all, run_notebook
from helpers.publish.task import Task
from helpers.publish.telling import Teller, Unchanged


def run_batch(
    tasks: Sequence[Task],
    *,
    jobs: int | None = None,
    resume: bool = False,
    releases: Collection[str] = ("",),
    cluster: str = "",
    teller: Teller | None = None,
    run: Run = run_notebook,
) -> list[Record]:
    """Make reports, whatever becomes of each.

    Parameters
    ----------
    tasks : sequence of Task
        Of one dataset; a report asked for twice is made once.
    jobs : int, optional
        How many at a time; the number of cores, or of the cluster's workers, when left out.
    resume : bool
        Skip reports that are there already, made from the same inputs.
    releases : collection of str
        Those that the ledger knows: a report of any other is not skipped.
    cluster : str
        Address of a Dask scheduler; empty for processes on this machine.
    teller : Teller, optional
        Hears how the batch goes.
    run : callable
        What to do with a task; must be importable by name.

    Returns
    -------
    list of Record
        One for each report that was made or failed now, in the order they ended. Each is in the manifest already.

    Raises
    ------
    ValueError
        For fewer than one job, and for a cluster that would make other reports than this machine.
    OSError
        When nothing can be written into the folder of the reports, before anything runs; and when the manifest cannot
        be continued.
    """
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs must be at least 1; found {jobs}.")
    teller = teller or Teller()
    wanted, unchanged = _wanted(tasks, resume, releases)
    for folder in {task.folder for task in wanted}:
        _check_writable(folder)
    for folder in {task.target.parent for task in wanted}:
        remove_torn(folder)
    teller.begin(len(wanted), unchanged)
    with closing(_ends(wanted, jobs, cluster, run, teller)) as ends:
        for task, outcome in ends:
            teller.ended(task, _written_down(task, outcome))
    return teller.records


def _ends(
    tasks: Sequence[Task], jobs: int | None, cluster: str, run: Run, teller: Teller
) -> Iterator[tuple[Task, Outcome]]:
    if not cluster:
        return run_all(tasks, jobs or os.cpu_count() or 1, run, started=teller.started)
    # Dask is an extra, and slow to import.
    from helpers.publish.cluster import run_on_cluster

    return run_on_cluster(tasks, cluster, run, jobs=jobs, started=teller.started)


def _wanted(tasks: Sequence[Task], resume: bool, releases: Collection[str]) -> tuple[list[Task], Unchanged]:
    """Give the reports that must be made, each once, and count the others."""
    each = list({task.target: task for task in tasks}.values())
    known = latest_records(each[0].folder) if each and resume else {}
    found = [(task, kept_record(task, known, releases)) for task in each]
    kept = [record.data != task.data for task, record in found if record]
    return [task for task, record in found if not record], Unchanged(len(kept), sum(kept))


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\n")
    except OSError as error:
        found = f"reports folder must be writable; found {error.strerror}: {str(folder)!r}."
        raise OSError(f"{found} Name another with --reports.") from error


def _written_down(task: Task, outcome: Outcome) -> Record:
    log = log_file(task.folder, task.target)
    task.folder.mkdir(parents=True, exist_ok=True)
    if outcome.state == "failed":
        task.target.unlink(missing_ok=True)
        write_whole(log, outcome.details + "\n", task.folder.parent)
    else:
        check_inside(log, task.folder.parent)
        log.unlink(missing_ok=True)
    record = record_of(task, outcome)
    append_record(task.folder, record)
    return record
