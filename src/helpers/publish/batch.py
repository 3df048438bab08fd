"""A batch of reports: skip what is there, run the rest, write down each end, and the index last."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing

from rich.console import Console

from helpers.publish.engine import Outcome
from helpers.publish.manifest import Record, append_record, latest_records, record_of, unchanged
from helpers.publish.paths import check_inside, log_file, write_whole
from helpers.publish.pool import Run, run_all, run_notebook
from helpers.publish.progress import Progress
from helpers.publish.task import Task


def run_batch(
    tasks: Sequence[Task],
    *,
    jobs: int | None = None,
    resume: bool = False,
    console: Console | None = None,
    run: Run = run_notebook,
) -> list[Record]:
    """Make reports, whatever becomes of each.

    Parameters
    ----------
    tasks : sequence of Task
        Of one dataset; a report asked for twice is made once.
    jobs : int, optional
        How many at a time; the number of cores when left out.
    resume : bool
        Skip reports that are there already, made from the same inputs.
    console : Console, optional
        Where the progress goes.
    run : callable
        What to do with a task; must be importable by name.

    Returns
    -------
    list of Record
        One for each report that was made or failed now, in the order they ended. Each is in the manifest already.

    Raises
    ------
    ValueError
        For fewer than one job.
    """
    jobs = os.cpu_count() or 1 if jobs is None else jobs
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1; found {jobs}.")
    wanted = _wanted(tasks, resume)
    records = []
    with (
        Progress(len(wanted), console or Console(stderr=True)) as progress,
        closing(run_all(wanted, jobs, run)) as ends,
    ):
        for task, outcome in ends:
            records.append(_written_down(task, outcome))
            progress.ended(outcome.state)
    return records


def _wanted(tasks: Sequence[Task], resume: bool) -> list[Task]:
    each = list({task.target: task for task in tasks}.values())
    known = latest_records(each[0].folder) if each and resume else {}
    return [task for task in each if not unchanged(task, known)]


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
