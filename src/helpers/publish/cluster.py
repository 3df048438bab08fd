"""Many notebooks at once on a Dask cluster: the same tasks and futures as on one machine.

Dask may run a task twice, when a worker dies or a connection breaks. That is harmless: a report depends on its inputs
alone and is written whole. What Dask cannot do is kill a task; the engine keeps to the deadline itself.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.datasets.dataset import open_dataset
from helpers.publish.cluster_worker import Premises, check_worker, leave_worker, run_there, stop_worker
from helpers.publish.crew import Run, Started, run_tasks
from helpers.publish.keys import code_hash, environment_hash, file_hash
from helpers.publish.outcome import Outcome
from helpers.publish.pool import run_notebook, undisturbed
from helpers.publish.task import Task

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_CONNECT = 15
# A worker that ends a report finds the next one there already, and no worker hoards what another could do.
OUT_PER_WORKER = 2
RETRIES = 2


def run_on_cluster(
    tasks: Sequence[Task],
    address: str,
    run: Run = run_notebook,
    *,
    jobs: int | None = None,
    started: Started | None = None,
) -> Iterator[tuple[Task, Outcome]]:
    """Run tasks on the workers of a Dask cluster, and give each with its outcome as it ends.

    Parameters
    ----------
    tasks : sequence of Task
        Of one dataset.
    address : str
        Of the scheduler, ``tcp://host:port``.
    run : callable
        What to do with a task; must be importable by name.
    jobs : int, optional
        How many at a time; as many as there are workers when left out.
    started : callable, optional
        Called with each task that is handed out.

    Yields
    ------
    task, outcome : tuple of Task and Outcome
        In the order they end. When the caller stops early, the kernels that run are killed.

    Raises
    ------
    ValueError
        Before anything runs: without the extra ``cluster``; for a wrong address; when a worker runs several threads,
        has other code, libraries, notebooks or data, or does not share the folder of the reports.
    ConnectionError
        When no scheduler answers, or it is lost.
    """
    if not tasks:
        return
    # A worker's working folder is another one.
    tasks = [replace(task, notebook=task.notebook.resolve()) for task in tasks]
    with _connected(address) as client, _premises(tasks) as premises:
        _check_workers(client, premises)
        yield from run_tasks(_Workers(client, partial(run_there, premises, run), jobs), tasks, started)


class _Workers:
    """The workers of a cluster; see `helpers.publish.crew.Workforce`."""

    def __init__(self, client: Client, run: Run, jobs: int | None) -> None:
        from distributed import KilledWorker

        self.client, self.run, self.jobs = client, run, jobs
        self.lost = KilledWorker
        self.executor = client.get_executor(pure=False, retries=RETRIES)

    @property
    def room(self) -> int:
        # Asked anew each time: workers come and go.
        return self.jobs or OUT_PER_WORKER * max(1, len(self.client.nthreads()))

    def submit(self, task: Task) -> Future[Outcome]:
        return self.executor.submit(self.run, task)

    def renew(self, running: Sequence[Future[Outcome]]) -> None:
        """Do nothing: Dask replaces workers, and takes to others what they had."""

    def stop(self, running: Sequence[Future[Outcome]]) -> None:
        with undisturbed(), contextlib.suppress(OSError):
            self.executor.shutdown(wait=False)
            self.client.run(stop_worker if any(not future.done() for future in running) else leave_worker)


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Client]:
    if not re.fullmatch(r"(tcp|tls)://[^/\s]+:\d+", address):
        raise ValueError(f"cluster must be an address like tcp://host:8786; found {address!r}.")
    try:
        from distributed import Client
    except ImportError:
        raise ValueError("cluster must have Dask's workers to speak to; found no dask.distributed. "
                         "Install the extra: pip install 'excx[cluster]'.") from None  # fmt: skip
    try:
        client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False, name="excx")
    except OSError:
        raise ConnectionError(
            f"cluster must be a running scheduler; none answered at {address}. Start one with: dask scheduler."
        ) from None
    try:
        yield client
    finally:
        with undisturbed():
            client.close()


@contextlib.contextmanager
def _premises(tasks: Sequence[Task]) -> Iterator[Premises]:
    """Say what must hold on every worker; a file beside the reports shows whether it sees the same folder."""
    folder, dataset = tasks[0].folder, Path(str(tasks[0].parameters["dataset"]))
    marker, token = folder / f".writing-{secrets.token_hex(8)}", secrets.token_hex(16)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        marker.write_text(token)
        yield Premises(
            code=code_hash(),
            environment=environment_hash(),
            dataset=dataset,
            data=open_dataset(dataset).content_key,
            notebooks={str(path): file_hash(path) for path in {task.notebook for task in tasks}},
            marker=marker,
            token=token,
        )
    finally:
        marker.unlink(missing_ok=True)
        # Nothing came of a refused batch.
        with contextlib.suppress(OSError):
            folder.rmdir()


def _check_workers(client: Client, premises: Premises) -> None:
    """Refuse a cluster of which one worker would make other reports, or lose them."""
    from distributed import TimeoutError as NoWorker

    try:
        client.wait_for_workers(1, timeout=SECONDS_TO_CONNECT)
    except NoWorker:
        raise ValueError("cluster must have a worker; found none. Start one: dask worker --nthreads 1.") from None
    for worker, answer in sorted(client.run(check_worker, premises, on_error="return").items()):
        if isinstance(answer, BaseException):
            raise ValueError(f"worker must have excx and its libraries; found on {worker}: {answer}.") from None
        if answer.problem:
            raise ValueError(f"{answer.problem} (worker {worker})")
        _see(answer.written, worker)


def _see(written: Path, worker: str) -> None:
    """Take away the file a worker wrote into the folder of the reports."""
    try:
        written.unlink()
    except FileNotFoundError:
        raise ValueError(
            f"reports folder must be shared by all; a file of worker {worker} did not arrive in {written.parent}. "
            "Name a shared one with --reports."
        ) from None
