"""One process that dies takes no other report along."""

import multiprocessing
import os
import re
import signal
import time
from pathlib import Path

import pytest

from helpers.publish.outcome import Outcome
from helpers.publish.pool import _start_worker, run_all


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


def stand_still(task):
    # Holds the interpreter: no thread and no handler of Python gets its turn.
    re.match(r"(a+)+$", "a" * 60 + "b")


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
    assert found["nl"][0] == "failed" and "it ended twice" in found["nl"][1]


def test_a_process_that_dies_once_is_tried_again(tasks):
    assert states(tasks, die_once) == dict.fromkeys(("all", "nl", "be"), ("done", ""))


def test_a_task_that_ignores_its_deadline_is_ended_from_outside(planner, write_notebook, tmp_path):
    task = planner.task(write_notebook(), unit="nl", deadline=0.2)
    start = time.monotonic()
    ((_, outcome),) = run_all([task], 1, stand_still, grace=0.3)
    assert outcome.state == "failed" and "far beyond its deadline" in outcome.error
    assert time.monotonic() - start < 30


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


def runner(folder):
    worker = multiprocessing.get_context("fork").Process(target=worker_of, args=(folder,))
    worker.start()
    worker.join()


def worker_of(folder):
    _start_worker(str(folder))
    Path(folder, "pid").write_text(str(os.getpid()))
    time.sleep(600)


def test_a_worker_ends_with_a_runner_that_is_killed(tmp_path):
    process = multiprocessing.get_context("fork").Process(target=runner, args=(tmp_path,))
    process.start()
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.05)
    # Before the kill: the worker removes the folder of its runner.
    worker = Path("/proc", (tmp_path / "pid").read_text(), "cmdline")
    process.kill()
    process.join()
    end = time.monotonic() + 10
    while worker.exists() and worker.read_text() and time.monotonic() < end:
        time.sleep(0.05)
    assert not worker.exists() or not worker.read_text()
