"""Many notebooks at once on this machine, each in a process that may die without taking the others along."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import connection
from pathlib import Path
from types import MappingProxyType

from helpers.datasets import once
from helpers.publish.crew import Run, Started, run_tasks
from helpers.publish.forkserver import socket_folder, worker_context
from helpers.publish.memory import memory_limit, use_limit
from helpers.publish.outcome import Outcome
from helpers.publish.passing import passing_folder, remove_abandoned, remove_folder
from helpers.publish.stage import plan_stage, stage_wish, use_stage
from helpers.publish.task import Task
from helpers.publish.warm import ask_for_stage, end_template, template_address, use_template
from helpers.publish.watch import kill_kernels

# The engine keeps to the deadline; what stands still even so, such as a page without end, is ended from outside.
GRACE = 60.0


def run_notebook(task: Task) -> Outcome:
    """Make one report; see `helpers.publish.engine.run_notebook`. Whoever only hands out work never imports that."""
    from helpers.publish import engine

    return engine.run_notebook(task)


def run_all(
    tasks: Sequence[Task],
    jobs: int,
    run: Run = run_notebook,
    *,
    grace: float = GRACE,
    started: Started | None = None,
) -> Iterator[tuple[Task, Outcome]]:
    """Run tasks in a pool of processes, and give each with its outcome as it ends.

    Parameters
    ----------
    tasks : sequence of Task
    jobs : int
        How many at a time.
    run : callable
        What to do with a task; must be importable by name.
    grace : float
        Seconds beyond its deadline after which the process of a task is ended.
    started : callable, optional
        Called with each task that is handed out.

    Yields
    ------
    task, outcome : tuple of Task and Outcome
        In the order they end. When the caller stops early, everything that runs is killed, kernels included.
    """
    remove_abandoned()
    with stopped_once(), passing_folder() as folder, contextlib.ExitStack() as ends:
        ends.callback(end_template)
        kernels = _kernels(tasks, run)
        ends.callback(use_stage, {})
        stage = _stage(tasks, kernels)
        jobs = min(jobs, max(len(tasks), 1))
        surroundings = (str(folder), kernels, stage, memory_limit(jobs), str(socket_folder()))
        pool = _Pool(jobs, surroundings, partial(limited, run, grace))
        yield from ends.enter_context(contextlib.closing(run_tasks(pool, tasks, started)))


class _Pool:
    """A pool of processes of which one that dies breaks all; see `helpers.publish.crew.Workforce`."""

    lost = BrokenProcessPool

    def __init__(self, jobs: int, surroundings: tuple[str, str, Mapping[str, object], int, str], run: Run) -> None:
        self.room, self.surroundings, self.run = jobs, surroundings, run
        self.pool = self._new_pool()

    def submit(self, task: Task) -> Future[Outcome]:
        return self.pool.submit(self.run, task)

    def renew(self, running: Sequence[Future[Outcome]]) -> None:
        wait(running)
        self._stop(running)
        self.pool = self._new_pool()

    def stop(self, running: Sequence[Future[Outcome]]) -> None:
        # A second Ctrl-C does not hinder it.
        with undisturbed():
            self._stop(running)

    def _new_pool(self) -> ProcessPoolExecutor:
        context = worker_context()
        return ProcessPoolExecutor(self.room, mp_context=context, initializer=_start_worker, initargs=self.surroundings)

    def _stop(self, running: Sequence[Future[Outcome]]) -> None:
        if any(not future.done() for future in running):
            for process in list((self.pool._processes or {}).values()):
                process.terminate()
        self.pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let no Ctrl-C hinder what must be done to the end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def stopped_once() -> Iterator[None]:
    """Let the first Ctrl-C, or a scheduler's stop, end the batch, and none after it hinder the clearing up."""
    ours = threading.current_thread() is threading.main_thread()
    signals = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) is signal.default_int_handler]

    def stop(*_: object) -> None:
        for one in signals:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    for one in signals if ours else ():
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one in signals if ours else ():
            signal.signal(one, signal.default_int_handler)


def _kernels(tasks: Sequence[Task], run: Run) -> str:
    """Give the address of the template, if there will be kernels."""
    return template_address() if tasks and run is run_notebook else ""


def _stage(tasks: Sequence[Task], kernels: str) -> dict[str, object]:
    """Plan what kernels have in common, and let it be prepared; each asks for it again, should this fail."""
    use_stage(plan_stage(tasks) if kernels else {})
    wish = stage_wish()
    if wish:
        with contextlib.suppress(OSError):
            ask_for_stage(kernels, wish)
    return wish


def _start_worker(
    folder: str,
    kernels: str = "",
    stage: Mapping[str, object] = MappingProxyType({}),
    memory: int = 0,
    sockets: str = "",
) -> None:
    tempfile.tempdir = folder
    os.environ[once.FOLDER] = os.path.join(folder, "once")
    os.makedirs(os.environ[once.FOLDER], mode=0o700, exist_ok=True)
    use_template(kernels)
    use_stage(stage)
    use_limit(memory)
    # A terminal sends Ctrl-C to every process; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _die())
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # What workers share with the process they come from stays shared: collecting garbage would write into it.
    gc.freeze()
    threading.Thread(target=_die_with_parent, args=(folder, sockets), daemon=True).start()


def limited(run: Run, grace: float, task: Task) -> Outcome:
    """Run a task in a process that ends, by force, when the task goes far beyond its deadline.

    Parameters
    ----------
    run : callable
    grace : float
        Seconds beyond the deadline.
    task : Task
    """
    if not hasattr(signal, "setitimer"):
        return run(task)
    # The operating system's own alarm, which nobody handles: it ends a process that no longer runs any Python.
    signal.setitimer(signal.ITIMER_REAL, task.deadline + grace)
    try:
        return run(task)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _die_with_parent(*folders: str) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        kill_kernels()
        # They were the parent's to remove.
        for folder in filter(None, folders):
            remove_folder(Path(folder))
        _die()


def _die() -> None:
    kill_kernels()
    os._exit(143)
