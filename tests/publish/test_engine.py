"""Whatever a notebook does, a failure is a failure and leaves no page and no process."""

import pickle
import subprocess
import sys
import time

import helpers
from helpers.publish import watch
from helpers.publish.engine import run_notebook

SHOW = "from IPython.display import HTML\n"
NOT_APPLICABLE = """
from helpers.stats.estimates import NotApplicable
reason = "This needs the table {table}, which the dataset {dataset} does not have."
raise NotApplicable(reason, table="<b>", dataset="x")
"""


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def failed(task, *, old_page="old page"):
    task.target.parent.mkdir(parents=True, exist_ok=True)
    task.target.write_text(old_page)
    outcome = run_notebook(task)
    assert outcome.state == "failed"
    assert not task.target.exists()
    assert not [path for path in task.folder.rglob("*") if path.is_file()]
    return outcome


def test_a_notebook_becomes_a_page_of_the_same_bytes_each_time(planner, write_notebook, processes):
    noise = "import random, time, os; print(random.random(), time.time(), os.getpid())"
    task = planner.task(
        write_notebook(noise, SHOW + "HTML(f'<p>{unit} {lags}</p>')"), unit="nl", parameters={"lags": 5}
    )
    pages = []
    for _ in range(2):
        assert run_notebook(task).state == "done"
        pages.append(task.target.read_bytes())
    assert pages[0] == pages[1]
    assert b"<p>nl 5</p>" in pages[0] and b"lags = 5" in pages[0]
    assert str(task.parameters["dataset"]).encode() not in pages[0]
    assert not processes()


def test_an_endless_cell_fails_at_the_deadline_of_the_whole_notebook(planner, write_notebook, processes):
    # Two cells that each stay within the deadline, together do not.
    task = planner.task(write_notebook("import time; time.sleep(2)", "while True: pass"), deadline=4)
    start = time.monotonic()
    outcome = failed(task)
    assert "within 4 seconds; it was stopped" in outcome.error
    assert time.monotonic() - start < 4 + watch.BACKSTOP
    assert not processes()


def test_a_kernel_that_dies_fails(planner, write_notebook, processes):
    outcome = failed(planner.task(write_notebook("import os; os.kill(os.getpid(), 9)")))
    assert "kernel must live to the last cell; it died" in outcome.error
    assert not processes()


def test_a_cell_that_raises_fails_with_its_own_words(planner, write_notebook):
    outcome = failed(
        planner.task(write_notebook("raise ValueError('lag must be 3\\nor so')", tags=["raises-exception"]))
    )
    assert outcome.error == "ValueError: lag must be 3"
    assert "or so" in outcome.details and "\x1b" not in outcome.details


def test_a_cell_that_is_skipped_fails(planner, write_notebook):
    outcome = failed(planner.task(write_notebook("1 + 1", tags=["skip-execution"])))
    assert "every cell must run to its end; cell 3 did not: '1 + 1'" in outcome.error


def test_a_script_in_an_output_fails(planner, write_notebook):
    outcome = failed(planner.task(write_notebook(SHOW + "HTML('<script>alert(1)</script>')")))
    assert "found <script>" in outcome.error


def test_an_error_that_names_a_file_tells_its_folder_to_the_log_only(planner, write_notebook):
    """Rule 10: the error is shown in the index, and kept in the manifest."""
    outcome = failed(planner.task(write_notebook("open(dataset + '/missing.csv')")))
    assert outcome.error.endswith("'…/missing.csv'")
    assert str(planner.dataset.folder) in outcome.details


def test_a_path_of_this_machine_on_the_page_fails(planner, write_notebook):
    outcome = failed(planner.task(write_notebook(SHOW + "HTML(f'<p>{dataset}</p>')")))
    assert "page must hold no path of this machine" in outcome.error


def test_what_does_not_apply_is_one_translated_sentence(planner, write_notebook):
    task = planner.task(write_notebook(NOT_APPLICABLE, "1 / 0"), language="nl")
    outcome = run_notebook(task)
    page = task.target.read_text(encoding="utf-8")
    assert (outcome.state, outcome.error) == ("not applicable", "")
    assert "<h1>Do happy staff make happy customers?</h1>" in page and "Why we ask" not in page
    assert "Hier niet van toepassing." in page and "&lt;b&gt;" in page


def test_another_exception_of_that_name_is_a_failure(planner, write_notebook):
    outcome = failed(planner.task(write_notebook("class NotApplicable(Exception): pass\nraise NotApplicable('no')")))
    assert outcome.error == "NotApplicable: no"


def test_a_stray_helpers_module_shadows_nothing(planner, write_notebook, tmp_path, monkeypatch):
    (tmp_path / "helpers.py").write_text("1 / 0")
    monkeypatch.chdir(tmp_path)
    check = f"import helpers; assert helpers.__file__ == {helpers.__file__!r}"
    assert run_notebook(planner.task(write_notebook(check))).error == ""


def test_another_helpers_that_comes_first_is_refused(planner, write_notebook, tmp_path, monkeypatch):
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "helpers.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "first"))
    assert "ImportError: helpers must be" in failed(planner.task(write_notebook("1 + 1"))).error


def test_the_kernel_is_quiet_alone_and_in_a_private_place(planner, write_notebook, processes):
    cell = """
import os, subprocess, sys
wanted = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "agg",
          "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "default"}
assert {name: os.environ.get(name) for name in wanted} == wanted
assert os.listdir(".") == [] and "excx-" in os.getcwd()
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", os.getcwd()])
"""
    assert run_notebook(planner.task(write_notebook(cell))).error == ""
    assert not processes()


def test_a_kernel_ends_with_a_worker_that_is_killed(planner, write_notebook, tmp_path, processes):
    (tmp_path / "task").write_bytes(pickle.dumps(planner.task(write_notebook("while True: pass"))))
    source = """
import pickle, sys
from helpers.publish.engine import run_notebook
run_notebook(pickle.load(sys.stdin.buffer))
"""
    with open(tmp_path / "task", "rb") as task, subprocess.Popen([sys.executable, "-c", source], stdin=task) as worker:
        assert wait_until(lambda: any("/cwd" in line for line in processes()), 30)
        worker.kill()
    assert wait_until(lambda: not processes(), 10)


def test_a_report_of_data_that_changed_since_it_was_planned_is_not_made(planner, write_notebook, tiny):
    task = planner.task(write_notebook("import time"), unit="nl")
    scores = tiny / "scores.csv"
    scores.write_text(scores.read_text().replace("nl,2024,enps,12,60", "nl,2024,enps,12,61"))
    outcome = run_notebook(task)
    assert outcome.state == "failed" and not task.target.exists()
    assert outcome.error == "data must stay as they are while reports are made; scores.csv changed. Run it again."
