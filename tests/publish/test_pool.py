"""One process that dies takes no other report along."""

import os
import signal
import time
from pathlib import Path

import pytest

from helpers.publish.engine import Outcome
from helpers.publish.pool import run_all


def succeed(task):
    return Outcome("done", details=str(os.getpid()))


def die_on_nl(task):
    if task.unit == "nl":
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome("done")


def die_once(task):
    marker = Path(task.folder.parent, task.unit)
    if task.unit == "nl" and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome("done")


def raise_error(task):
    raise OSError(f"disk full at {task.unit}")


def sleep_long(task):
    Path(task.folder.parent, f"pid-{task.unit}").write_text(str(os.getpid()))
    time.sleep(0.2 if task.unit == "all" else 600)
    return Outcome("done")


@pytest.fixture
def tasks(planner, write_notebook, tmp_path):
    (tmp_path / "reports").mkdir()
    return [planner.task(write_notebook(), unit=unit) for unit in ("all", "nl", "be")]


def states(tasks, run, jobs=2):
    return {task.unit: (outcome.state, outcome.error) for task, outcome in run_all(tasks, jobs, run)}


def test_every_task_ends_once(tasks):
    assert states(tasks, succeed) == dict.fromkeys(("all", "nl", "be"), ("done", ""))


def test_no_task_is_no_work():
    assert list(run_all([], 2, succeed)) == []


def test_a_process_that_dies_each_time_fails_alone(tasks):
    found = states(tasks, die_on_nl)
    assert found["all"] == found["be"] == ("done", "")
    assert found["nl"][0] == "failed" and "it died twice" in found["nl"][1]


def test_a_process_that_dies_once_is_tried_again(tasks):
    assert states(tasks, die_once) == dict.fromkeys(("all", "nl", "be"), ("done", ""))


def test_an_error_outside_the_notebook_is_a_failure(tasks):
    assert states(tasks[:1], raise_error) == {"all": ("failed", "disk full at all")}


def test_stopping_early_ends_the_processes(tasks, tmp_path):
    ends = run_all(tasks, 3, sleep_long)
    assert next(ends)[0].unit == "all"
    deadline = time.monotonic() + 20
    while len(list((tmp_path / "reports").glob("pid-*"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    ends.close()
    pids = [int(path.read_text()) for path in (tmp_path / "reports").glob("pid-*")]
    assert len(pids) == 3 and not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
