"""Many notebooks at once, each in a process that may die without taking the others along.

A *suspect* was running in a pool that broke. Suspects are tried once more, one at a time: only the guilty one fails.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import connection

from helpers.publish.engine import Outcome, failure, run_notebook
from helpers.publish.forkserver import worker_context
from helpers.publish.kernels import kill_kernels
from helpers.publish.passing import passing_folder
from helpers.publish.task import Task
from helpers.publish.warm import end_template, template_address, use_template

Run = Callable[[Task], Outcome]
# The engine keeps to the deadline; what stands still even so, such as a page without end, is ended from outside.
GRACE = 60.0


def run_all(
    tasks: Sequence[Task], jobs: int, run: Run = run_notebook, *, grace: float = GRACE
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

    Yields
    ------
    task, outcome : tuple of Task and Outcome
        In the order they end. When the caller stops early, everything that runs is killed, kernels included.
    """
    with passing_folder() as folder:
        kernels = _kernels(tasks, run)
        crew = _Crew(min(jobs, max(len(tasks), 1)), (str(folder), kernels), partial(_limited, run, grace))
        waiting, suspects, tried = deque(tasks), deque(), set()
        with contextlib.ExitStack() as ends:
            ends.callback(end_template)
            ends.enter_context(contextlib.closing(crew))
            while waiting or suspects or crew.running:
                crew.fill(waiting, suspects)
                ended, lost = crew.wait()
                yield from ended
                yield from ((task, failure(error)) for task, error in lost if task.target in tried)
                suspects.extend(task for task, _ in lost if task.target not in tried)
                tried |= {task.target for task, _ in lost}


class _Crew:
    """A process pool, what it is doing, and how to replace it."""

    def __init__(self, jobs: int, surroundings: tuple[str, str], run: Run) -> None:
        self.jobs, self.surroundings, self.run = jobs, surroundings, run
        self.running: dict[Future[Outcome], Task] = {}
        self.pool = self._new_pool()

    def fill(self, waiting: deque[Task], suspects: deque[Task]) -> None:
        """Hand out work: as much as fits, or one suspect alone."""
        source, room = (suspects, 1) if suspects else (waiting, self.jobs)
        while source and len(self.running) < room:
            try:
                self.running[self.pool.submit(self.run, source[0])] = source[0]
            except BrokenProcessPool:
                if self.running:
                    return
                self._replace_pool()
            else:
                source.popleft()

    def wait(self) -> tuple[list[tuple[Task, Outcome]], list[tuple[Task, BaseException]]]:
        """Wait for the next end; a broken pool ends everything that was running, and is replaced."""
        done, _ = wait(self.running, return_when=FIRST_COMPLETED)
        if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
            done, _ = wait(self.running)
            self._replace_pool()
        ends = [(self.running.pop(future), future) for future in done]
        lost = [(task, future.exception()) for task, future in ends if _is_broken(future)]
        return [(task, _outcome(future)) for task, future in ends if not _is_broken(future)], lost

    def close(self) -> None:
        """End every process; what is still running is killed. A second Ctrl-C does not hinder it."""
        with _undisturbed():
            self._stop()

    def _replace_pool(self) -> None:
        self._stop()
        self.pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        context = worker_context()
        return ProcessPoolExecutor(self.jobs, mp_context=context, initializer=_start_worker, initargs=self.surroundings)

    def _stop(self) -> None:
        if any(not future.done() for future in self.running):
            for process in list((self.pool._processes or {}).values()):
                process.terminate()
        self.pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _is_broken(future: Future[Outcome]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


def _outcome(future: Future[Outcome]) -> Outcome:
    error = future.exception()
    return future.result() if error is None else failure(error)


def _kernels(tasks: Sequence[Task], run: Run) -> str:
    """Give the address of the template, if there will be kernels."""
    return template_address() if tasks and run is run_notebook else ""


def _start_worker(folder: str, kernels: str = "") -> None:
    tempfile.tempdir = folder
    use_template(kernels)
    # A terminal sends Ctrl-C to every process; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _die())
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _limited(run: Run, grace: float, task: Task) -> Outcome:
    if not hasattr(signal, "setitimer"):
        return run(task)
    # The operating system's own alarm: it ends a process that no longer runs any Python.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, task.deadline + grace)
    try:
        return run(task)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        _die()


def _die() -> None:
    kill_kernels()
    os._exit(143)
