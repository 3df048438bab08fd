"""Whoever runs the tasks: each ends once, only the guilty fail, and no more are out than there is room for."""

from concurrent.futures import Future

import pytest

from helpers.publish.crew import run_tasks
from helpers.publish.outcome import Outcome


class Died(Exception):
    """What a future holds whose process died."""


class Workforce:
    """Ends a task as soon as there is no room for another, the oldest first.

    `script` holds, for a unit, what its futures end with, one after the other; afterwards they are done.
    """

    lost = Died

    def __init__(self, n_tasks, room=2, **script):
        self.room, self.left, self.script = room, n_tasks, script
        self.out, self.log, self.renewed, self.stopped = [], [], 0, None

    def submit(self, task):
        future = Future()
        self.out.append((task, future))
        self.log.append(tuple(each.unit for each, _ in self.out))
        self.left -= 1
        while self.out and (len(self.out) >= self.room or self.left <= 0):
            self._end(*self.out.pop(0))
        return future

    def _end(self, task, future):
        end = self.script.get(task.unit, []).pop(0) if self.script.get(task.unit) else Outcome("done")
        if end is None:
            future.cancel()
            future.set_running_or_notify_cancel()
        elif isinstance(end, Exception):
            future.set_exception(end)
        else:
            future.set_result(end)

    def renew(self, running):
        self.renewed += 1

    def stop(self, running):
        self.stopped = list(running)


@pytest.fixture
def tasks(planner, write_notebook):
    return [planner.task(write_notebook(), unit=unit) for unit in ("all", "nl", "be")]


def states(workforce, tasks, **options):
    return {task.unit: outcome.state for task, outcome in run_tasks(workforce, tasks, **options)}


def test_every_task_ends_once_and_is_announced_when_it_is_handed_out(tasks):
    workforce, announced = Workforce(3), []
    assert states(workforce, tasks, started=announced.append) == dict.fromkeys(("all", "nl", "be"), "done")
    assert announced == tasks
    assert max(map(len, workforce.log)) == 2 and workforce.stopped == []


def test_a_suspect_is_tried_again_alone(tasks):
    workforce = Workforce(3, nl=[Died()])
    assert states(workforce, tasks) == dict.fromkeys(("all", "nl", "be"), "done")
    assert workforce.log[-1] == ("nl",) and workforce.renewed == 1


def test_who_dies_twice_fails_and_takes_nobody_along(tasks):
    workforce = Workforce(3, nl=[Died(), Died()])
    assert states(workforce, tasks) == {"all": "done", "nl": "failed", "be": "done"}


def test_an_error_outside_the_notebook_is_a_failure(tasks):
    ends = dict.fromkeys(("all", "be"), "done") | {"nl": "failed"}
    assert states(Workforce(3, nl=[OSError("disk full")]), tasks) == ends


def test_a_workforce_that_is_gone_ends_the_batch(tasks):
    workforce = Workforce(3, nl=[None])
    with pytest.raises(ConnectionError, match=r"cluster must stay reachable to the end; .* Use --resume"):
        states(workforce, tasks)
    assert workforce.stopped is not None


def test_who_wants_no_more_stops_the_workforce(tasks):
    workforce = Workforce(3)
    ends = run_tasks(workforce, tasks)
    next(ends)
    ends.close()
    assert workforce.stopped is not None
