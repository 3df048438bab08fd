"""Tasks handed to whoever runs them, and taken back as they end: the same for processes here and for a cluster.

A *suspect* was with a process that died. Suspects are tried once more, one at a time: only the guilty one fails.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Protocol

from helpers.publish.outcome import Outcome, failure
from helpers.publish.task import Task

Run = Callable[[Task], Outcome]
Started = Callable[[Task], object]
_Lost = list[tuple[Task, BaseException]]


class Workforce(Protocol):
    """Processes that run tasks.

    Attributes
    ----------
    lost : type of exception
        What a future holds whose process died.
    """

    lost: type[BaseException]

    @property
    def room(self) -> int:
        """How many tasks may be out at a time."""

    def submit(self, task: Task) -> Future[Outcome]:
        """Hand out a task."""

    def renew(self, running: Sequence[Future[Outcome]]) -> None:
        """Replace processes after one has died; futures that cannot end otherwise have ended on return."""

    def stop(self, running: Sequence[Future[Outcome]]) -> None:
        """End everything; what is still running is killed."""


def run_tasks(workforce: Workforce, tasks: Sequence[Task], started: Started | None = None) -> Iterator:
    """Have tasks run, and give each with its outcome as it ends.

    Parameters
    ----------
    workforce : Workforce
        Stopped when the last task has ended, or the caller wants no more.
    tasks : sequence of Task
    started : callable, optional
        Called with each task that is handed out.

    Yields
    ------
    task, outcome : tuple of Task and Outcome
        In the order they end.

    Raises
    ------
    ConnectionError
        When nobody will run what is left.
    """
    crew = _Crew(workforce, started or (lambda task: None))
    waiting, suspects, tried = deque(tasks), deque(), set()
    with contextlib.closing(crew):
        while waiting or suspects or crew.running:
            crew.fill(waiting, suspects)
            ended, lost = crew.wait()
            yield from ended
            yield from ((task, failure(error)) for task, error in lost if task.target in tried)
            suspects.extend(task for task, _ in lost if task.target not in tried)
            tried |= {task.target for task, _ in lost}


class _Crew:
    """A workforce, and what it is doing."""

    def __init__(self, workforce: Workforce, started: Started) -> None:
        self.workforce, self.started = workforce, started
        self.running: dict[Future[Outcome], Task] = {}

    def fill(self, waiting: deque[Task], suspects: deque[Task]) -> None:
        """Hand out work: as much as fits, or one suspect alone."""
        source, room = (suspects, 1) if suspects else (waiting, self.workforce.room)
        while source and len(self.running) < room:
            try:
                self.running[self.workforce.submit(source[0])] = source[0]
            except self.workforce.lost:
                if self.running:
                    return
                self.workforce.renew([])
            else:
                self.started(source.popleft())

    def wait(self) -> tuple[list[tuple[Task, Outcome]], _Lost]:
        """Wait for the next end; where a process died, see what became of the others."""
        done, _ = wait(self.running, return_when=FIRST_COMPLETED)
        if any(self._is_lost(future) for future in done):
            self.workforce.renew(list(self.running))
            done = [future for future in self.running if future.done()]
        ends = [(self.running.pop(future), future) for future in done]
        lost = [(task, future.exception()) for task, future in ends if self._is_lost(future)]
        return [(task, _outcome(future)) for task, future in ends if not self._is_lost(future)], lost

    def close(self) -> None:
        """End everything."""
        self.workforce.stop(list(self.running))

    def _is_lost(self, future: Future[Outcome]) -> bool:
        if future.cancelled():
            raise ConnectionError("cluster must stay reachable to the end; the connection was lost. Use --resume.")
        return isinstance(future.exception(), self.workforce.lost)


def _outcome(future: Future[Outcome]) -> Outcome:
    error = future.exception()
    return future.result() if error is None else failure(error)
