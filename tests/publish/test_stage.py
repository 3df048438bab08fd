"""Kernels of a batch start with our code and the data in them, and never with anything older than the files."""

import logging
import os
import shutil
import signal
import socket
import time
from pathlib import Path

import psutil
import pytest

from helpers.publish import provisioner, stage, warm
from helpers.publish.stage import plan_stage, stage_wish, use_stage
from publish.conftest import wait_until

STAGE = warm.template_process.STAGE
FOLDER = "from helpers.datasets.dataset import open_dataset; data = open_dataset({!r})"
LOADED = "sorted(name for name in sys.modules if name.split('.')[0] == 'helpers')"


@pytest.fixture
def batch(planner, write_notebook, monkeypatch):
    """Begin a batch with a stage, from the template of this process, and give its tasks."""
    monkeypatch.setattr(provisioner, "_told", set())
    monkeypatch.setattr(stage, "_plan", {})
    monkeypatch.setattr(stage, "WORTH_A_STAGE", 3)
    monkeypatch.setattr(stage, "WORTH_ALL_UNITS", 3)
    notebook = write_notebook("from helpers.datasets.released import released_scores")
    tasks = [planner.task(notebook, unit=unit) for unit in ("all", "nl", "be")]
    use_stage(plan_stage(tasks))
    warm.ask_for_stage(warm.template_address(), stage_wish())
    return tasks


@pytest.fixture
def staged(batch, kernel):
    """Wait for the stage, and give its process."""
    assert wait_until(lambda: "helpers" in kernel(printed=LOADED))
    return psutil.Process(kernel(printed="os.getppid()"))


def test_the_stage_is_one_task_below_the_template(staged):
    assert staged.ppid() == warm._own.process.pid
    assert staged.num_threads() == 1


def test_a_kernel_holds_what_its_notebook_imports_and_the_released_scores(staged, kernel, tiny):
    loaded, held, shown = kernel(
        "from helpers.datasets import dataset",
        "data = next(iter(dataset._held.values()))",
        printed=f"[{LOADED}, str(data.folder), [list(how) for how in data.released]]",
    )
    assert "helpers.datasets.released" in loaded
    assert (held, shown) == (str(tiny.resolve()), [[0.95, "leaders"]])


def test_too_many_scores_are_released_report_by_report(tiny, monkeypatch):
    how = [(0.95, "leaders")]
    assert list(stage._read(tiny, how).released) == how
    monkeypatch.setattr(stage, "MOST_SCORES", 2)
    assert stage._read(tiny, how).released == {}


def test_nothing_leaks_from_one_kernel_of_the_stage_to_the_next(staged, kernel, tiny):
    kernel("import helpers.datasets.dataset as d; d.seen = 'NL'; next(iter(d._held.values())).seen = 'NL'", printed="0")
    found = "[hasattr(d, 'seen'), hasattr(next(iter(d._held.values())), 'seen')]"
    assert kernel("import helpers.datasets.dataset as d", printed=found) == [False, False]


def test_what_is_random_differs_between_kernels_of_the_stage(staged, kernel):
    cells = ["import random, uuid, numpy as np"]
    printed = "[random.random(), np.random.random(), np.random.default_rng().random(), uuid.uuid4().hex]"
    assert not set(kernel(*cells, printed=printed)) & set(kernel(*cells, printed=printed))


def test_data_that_changed_are_read_anew(staged, kernel, tiny):
    scores = tiny / "scores.csv"
    scores.write_text(scores.read_text().replace("nl,2024,enps,12,", "nl,2024,enps,13,"))
    read = "float(data.scores.set_index('unit_id').loc['nl', 'estimate'])"
    assert kernel(FOLDER.format(str(tiny)), printed=read) == 13
    # The next stage takes over, with the new data in it.
    assert wait_until(lambda: kernel(printed="os.getppid()") not in (staged.pid, warm._own.process.pid))
    assert kernel(FOLDER.format(str(tiny)), printed=f"[{read}, len(data.released)]") == [13, 1]
    assert wait_until(lambda: not staged.is_running() or staged.status() == psutil.STATUS_ZOMBIE)


def test_code_other_than_what_the_runner_sees_is_not_held(staged, kernel, monkeypatch, tmp_path, caplog):
    package = tmp_path / "helpers"
    shutil.copytree(stage._PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(stage, "_PACKAGE", package)
    with caplog.at_level(logging.WARNING):
        assert wait_until(lambda: kernel(printed=LOADED) == [] and "code and data must stay" in caplog.text)


def test_each_file_of_ours_counts_for_the_state_of_the_code(batch, monkeypatch, tmp_path):
    package = tmp_path / "helpers"
    shutil.copytree(stage._PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(stage, "_PACKAGE", package)
    before = stage_wish()["key"]
    for changed in (package / "stats" / "standing.py", package / "display" / "wording" / "nl" / "actions.po"):
        changed.write_text(changed.read_text() + "\n")
        now = stage_wish()["key"]
        assert now != before
        before = now
    assert stage_wish()["key"] == before


def test_only_what_reports_are_made_from_counts_for_the_state_of_the_data(batch, tiny):
    before = stage_wish()
    (tiny / "notes.txt").write_text("of no report's business")
    (tiny / "loop").symlink_to(tiny)
    (tiny / ".cache").mkdir(exist_ok=True)
    (tiny / ".cache" / "scores.parquet").write_text("")
    assert stage_wish() == before
    (tiny / "ledger").mkdir(exist_ok=True)
    (tiny / "ledger" / "0001.json").write_text("{}")
    assert stage_wish() != before


def test_a_stage_that_fails_is_told_once_and_kernels_do_without(batch, kernel, caplog, monkeypatch):
    monkeypatch.setattr(stage, "_plan", stage._plan | {"folder": "/not/there"})
    with caplog.at_level(logging.WARNING):
        assert wait_until(lambda: kernel(printed=LOADED) == [] and "data must be readable" in caplog.text)
        assert kernel(printed="os.getppid()") == warm._own.process.pid
    assert caplog.text.count("Kernel was forked without our code and data in it") == 1


def test_a_killed_stage_harms_no_running_kernel_and_the_next_comes_from_the_template(staged, kernel):
    cell = "import os, signal, time; parent = os.getppid(); os.kill(parent, signal.SIGKILL); time.sleep(0.5)"
    assert kernel(cell, printed="parent") == staged.pid
    assert wait_until(lambda: kernel(printed="os.getppid()") == warm._own.process.pid)


def test_a_stage_that_is_replaced_while_it_prepares_is_ended(own_template, batch, tiny, kernel):
    template = psutil.Process(warm._own.process.pid)
    assert kernel(printed="os.getppid()")
    for written in range(4):
        (tiny / "scores.csv").write_text((tiny / "scores.csv").read_text().replace("all,2023", f"all,201{written}"))
        warm.ask_for_stage(warm.template_address(), stage_wish())
    assert wait_until(lambda: "helpers" in kernel(printed=LOADED))
    # The stage, the reader it no longer has, and no other stage.
    alive = [one for one in template.children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE]
    assert [one.pid for one in alive] == [kernel(printed="os.getppid()")]


def test_a_stage_of_several_tasks_is_refused_and_the_template_gives_the_kernels(
    batch, kernel, caplog, monkeypatch, tmp_path
):
    """A module that a notebook imports starts a thread; no path of ours does, so the stage is told of another code."""
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys\nclass Late:\n    def find_spec(self, name, *_):\n        if name == {STAGE!r}:\n"
        f"            exec({thread!r})\nif any('template_process' in one for one in sys.orig_argv):\n"
        "    sys.meta_path.insert(0, Late())\n"
    )
    monkeypatch.setattr(warm, "_own", None)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]))
    try:
        with caplog.at_level(logging.WARNING):
            assert wait_until(lambda: kernel(printed=LOADED) == [] and "stage must be a single task" in caplog.text)
            assert kernel(printed="os.getppid()") == warm._own.process.pid
    finally:
        warm.end_template()


def test_a_stage_killed_with_requests_in_its_line_leaves_the_template_alive(staged, kernel, caplog):
    staged.suspend()
    template = psutil.Process(warm._own.process.pid)
    with socket.socket(socket.AF_UNIX) as caller, caplog.at_level(logging.WARNING):
        caller.connect(warm.template_address())
        asked = {"argv": ["x"], "env": dict(os.environ), "cwd": "/", "stage": stage_wish()}
        warm.send_wishes(caller, asked, [1, 2])
        time.sleep(0.5)
        staged.kill()
        assert caller.recv(1) == b""
    assert wait_until(lambda: kernel(printed="os.getppid()") == template.pid)


def test_a_caller_who_says_nothing_harms_no_template(staged, kernel):
    for _ in range(3):
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(warm.template_address())
    assert kernel(printed="os.getppid()") == staged.pid
    assert psutil.pid_exists(warm._own.process.pid)


def test_a_stage_killed_while_it_reads_takes_its_reader_along():
    read, write = os.pipe()
    stage_process = os.fork()
    if stage_process == 0:
        stage._elsewhere(lambda: os.write(write, str(os.getpid()).encode()) and time.sleep(600))
    reader = psutil.Process(int(os.read(read, 20)))
    os.kill(stage_process, signal.SIGKILL)
    os.waitpid(stage_process, 0)
    assert wait_until(lambda: not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE)


def test_a_reader_that_is_killed_is_told(batch):
    with pytest.raises(RuntimeError, match=r"reader was ended by signal 9"):
        stage._elsewhere(lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_what_a_reader_cannot_do_is_told():
    with pytest.raises(RuntimeError, match=r"data must be readable; found ValueError: no figures"):
        stage._elsewhere(lambda: (_ for _ in ()).throw(ValueError("no figures")))
    with pytest.raises(RuntimeError, match=r"data must be readable; found .*[Pp]ickl"):
        stage._elsewhere(lambda: (b"x" * 100_000, lambda: None))


def test_a_killed_template_takes_the_stage_along(own_template, staged):
    os.kill(warm._own.process.pid, signal.SIGKILL)
    assert wait_until(lambda: not staged.is_running() or staged.status() == psutil.STATUS_ZOMBIE)


def test_a_batch_of_few_reports_has_no_stage(planner, write_notebook):
    notebook = write_notebook()
    few = [planner.task(notebook, unit=unit) for unit in ("all", "nl", "be")]
    assert plan_stage(few) == {}


def test_many_units_are_released_at_once_only_as_they_are_asked_for(planner, write_notebook):
    notebook = write_notebook()
    usual, other = planner.task(notebook, unit="nl"), planner.task(notebook, unit="nl", parameters={"conf_level": 0.9})
    plan = plan_stage([*[usual] * stage.WORTH_ALL_UNITS, other])
    assert plan["released"] == [[0.95, "leaders"]]
    assert plan["languages"] == ["en"] and plan["notebooks"] == [str(Path(notebook).resolve())]
