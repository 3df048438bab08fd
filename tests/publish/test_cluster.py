"""Reports of a cluster are those of one machine, whichever worker dies; a worker that would make others is refused."""

import os
import shutil
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from clusters import Cluster, wait_until

from helpers.datasets import once
from helpers.publish import cluster as cluster_module
from helpers.publish import cluster_worker, memory
from helpers.publish.batch import run_batch
from helpers.publish.cluster import run_on_cluster
from helpers.publish.cluster_worker import find_problem, leave_worker, run_there
from helpers.publish.outcome import Outcome
from helpers.publish.task import Planner
from helpers.publish.telling import Teller

CELL = "import time; time.sleep(0.5)\nfrom IPython.display import HTML\nHTML(f'<p>{unit} {lags}</p>')"


@pytest.fixture
def cluster():
    started = Cluster()
    yield started
    started.stop()


@pytest.fixture
def tasks(planner, write_notebook):
    """Twelve reports of the same request, below any folder."""
    notebook = write_notebook(CELL)

    def plan(reports):
        own = Planner(planner.dataset, reports)
        return [own.task(notebook, unit=u, parameters={"lags": n}) for n in (2, 4, 5, 6) for u in ("all", "nl", "be")]

    return plan


@pytest.fixture
def premises(tasks, tmp_path):
    planned = tasks(tmp_path / "reports")
    with cluster_module._premises(planned) as found:
        yield found


class Killer(Teller):
    """Kills processes once three reports have ended."""

    def __init__(self, victims):
        super().__init__()
        self.victims = victims

    def ended(self, task, record):
        super().ended(task, record)
        if len(self.records) == 3:
            for process in self.victims():
                process.kill()


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.html")}


@pytest.mark.slow
def test_a_worker_killed_half_way_costs_no_report_and_no_byte(cluster, tasks, tmp_path):
    run_batch(tasks(tmp_path / "here"), jobs=2)
    (nanny, *_), _ = cluster.worker(), cluster.worker()
    family = []

    def victims():
        family.extend([nanny, *nanny.children(recursive=True)])
        # The template and the kernel end by themselves, with the process that works.
        return family[:2]

    records = run_batch(tasks(tmp_path / "there"), cluster=cluster.address, teller=Killer(victims))
    assert [record.state for record in records] == ["done"] * 12
    assert len(files(tmp_path / "here")) == 12 and files(tmp_path / "there") == files(tmp_path / "here")
    assert not list((tmp_path / "there").rglob(".writing-*"))
    assert len(family) > 2
    assert wait_until(lambda: all(not one.is_running() or one.status() == psutil.STATUS_ZOMBIE for one in family))
    assert not cluster.running()


@pytest.mark.slow
def test_what_is_run_twice_at_once_ends_as_one_whole_report(cluster, tasks, tmp_path):
    cluster.worker(), cluster.worker()
    task = tasks(tmp_path / "there")[0]
    ends = list(run_on_cluster([task, task], cluster.address))
    assert [outcome.state for _, outcome in ends] == ["done", "done"]
    run_batch(tasks(tmp_path / "here")[:1], jobs=1)
    assert files(tmp_path / "there") == files(tmp_path / "here")


@pytest.mark.slow
def test_stopping_early_leaves_no_kernel(cluster, planner, write_notebook):
    _, worker, *_ = cluster.worker()
    quick, endless = write_notebook("0", name="01_quick"), write_notebook("while True: pass", name="02_endless")
    tasks = [planner.task(path, unit="nl") for path in (quick, endless)]
    with closing(run_on_cluster(tasks, cluster.address)) as ends:
        assert next(ends)[0] is not None
        assert wait_until(cluster.running)
    assert wait_until(lambda: not cluster.running())
    assert wait_until(lambda: not worker.children()), "the template must end with the batch"
    assert worker.is_running()


@pytest.mark.slow
def test_a_worker_that_would_make_other_reports_is_refused(cluster, tasks, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "SECONDS_TO_CONNECT", 2)
    planned = tasks(tmp_path / "reports")
    with pytest.raises(ValueError, match="cluster must have a worker; found none"):
        list(run_on_cluster(planned, cluster.address))
    monkeypatch.undo()
    cluster.worker(threads=2)
    with pytest.raises(ValueError, match=r"worker must run one thread, .*found 2\..*--nthreads 1\. \(worker tcp://127"):
        list(run_on_cluster(planned, cluster.address))
    assert not list((tmp_path / "reports").rglob("*.html"))


def test_a_worker_on_the_same_premises_is_welcome(premises):
    assert find_problem(premises, threads=1) == ""


def test_two_threads_are_refused(premises):
    assert "must run one thread" in find_problem(premises, threads=2)


@pytest.mark.parametrize(
    ("name", "words"),
    [("code_hash", "must have the same code of excx"), ("environment_hash", "must have the same libraries and Python")],
)
def test_another_version_is_refused(premises, monkeypatch, name, words):
    monkeypatch.setattr(cluster_worker, name, lambda: "other")
    assert words in find_problem(premises, threads=1)


def report_place(task):
    return Outcome("done", details=os.environ[once.FOLDER])


@pytest.fixture
def late_worker(tmp_path, monkeypatch):
    """A worker that comes when the others have been checked."""

    def come(threads):
        own = {"memory_manager": SimpleNamespace(memory_limit=10**9), "state": SimpleNamespace(nthreads=threads)}
        own |= {"address": "tcp://late:1", "local_directory": str(tmp_path)}
        monkeypatch.setattr("distributed.get_worker", lambda: SimpleNamespace(**own))

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(memory, "_limit", 0)
    return come


def test_a_worker_that_comes_late_is_checked_too(late_worker, premises, tasks, tmp_path):
    late_worker(threads=2)
    task = tasks(tmp_path / "reports")[0]
    with pytest.raises(ValueError, match=r"worker must run one thread, .* \(worker tcp://late:1\)"):
        run_there(premises, report_place, task)
    late_worker(threads=1)
    place = Path(run_there(premises, report_place, task).details)
    assert place.is_dir() and memory.limit_in_use() == 10**9
    leave_worker()
    assert not place.exists() and once.FOLDER not in os.environ


def test_another_notebook_is_refused(premises, tmp_path):
    (tmp_path / "01_sample.ipynb").write_text("{}")
    assert "must see the same notebook; found another, or none, at" in find_problem(premises, threads=1)
    (tmp_path / "01_sample.ipynb").unlink()
    assert "must see the same notebook; found another, or none, at" in find_problem(premises, threads=1)


def test_other_data_are_refused(premises, tiny):
    with (tiny / "scores.csv").open("a") as file:
        file.write("nl,2023,enps,12,60,6\n")
    assert "must see the same data; found others, or none" in find_problem(premises, threads=1)
    shutil.rmtree(tiny)
    assert "must see the same data; found others, or none" in find_problem(premises, threads=1)


def test_another_folder_for_reports_is_refused_from_either_side(premises):
    premises.marker.write_text("another batch's")
    assert "reports folder must be shared by all; found another" in find_problem(premises, threads=1)
    premises.marker.unlink()
    assert "reports folder must be shared by all; found another" in find_problem(premises, threads=1)
    with pytest.raises(ValueError, match=r"reports folder must be shared by all; a file of worker tcp://w:1 did not"):
        cluster_module._see(premises.marker, "tcp://w:1")


def test_the_marker_goes_when_the_batch_ends(tasks, tmp_path):
    planned = tasks(tmp_path / "reports")
    with cluster_module._premises(planned) as found:
        assert found.marker.exists()
    assert not found.marker.parent.exists(), "nothing came of it"


@pytest.mark.parametrize("address", ["localhost:8786", "tcp://host", "http://host:8786", "tcp:// :1"])
def test_a_wrong_address_is_refused(tasks, tmp_path, address):
    with pytest.raises(ValueError, match=r"cluster must be an address like tcp://host:8786; found "):
        list(run_on_cluster(tasks(tmp_path / "reports"), address))


def test_a_scheduler_that_does_not_answer_is_named(tasks, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(
        ConnectionError, match=r"none answered at tcp://127\.0\.0\.1:9\. Start one with: dask scheduler"
    ):
        list(run_on_cluster(tasks(tmp_path / "reports"), "tcp://127.0.0.1:9"))


def test_without_dask_the_extra_is_named(tasks, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=r"found no dask\.distributed\. Install the extra: .*'excx\[cluster\]'"):
        list(run_on_cluster(tasks(tmp_path / "reports"), "tcp://127.0.0.1:9"))


def test_no_task_needs_no_cluster():
    assert list(run_on_cluster([], "tcp://127.0.0.1:9")) == []
