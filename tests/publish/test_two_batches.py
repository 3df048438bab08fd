"""Two batches at once about the same data, for two folders of reports: each ends as if it were alone."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.folders import CACHE_FOLDER, LEDGER_FOLDER
from helpers.datasets.masking import dataset_ledger
from helpers.publish.manifest import latest_records

UNITS = ("NL", "DE", "BE")
PATIENCE = 600


@pytest.fixture
def fresh(demo, tmp_path):
    """Copy the demo company without its scores, mask and ledger, so that each batch must make them."""

    def copy(name):
        unmade = shutil.ignore_patterns(CACHE_FOLDER, LEDGER_FOLDER)
        return shutil.copytree(demo, tmp_path / name / "demo", ignore=unmade)

    return copy


def begun(dataset, reports, passing):
    passing.mkdir(exist_ok=True)
    units = [part for unit in UNITS for part in ("-u", unit)]
    command = [sys.executable, "-m", "helpers.cli", "report", dataset, *units, "--jobs", "2", "--reports", reports]
    environment = {**os.environ, "TMPDIR": str(passing)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)


def ended(*batches):
    try:
        for batch in batches:
            said = batch.communicate(timeout=PATIENCE)[1]
            assert batch.returncode == 0, said
    finally:
        for batch in batches:
            if batch.poll() is None:
                os.killpg(batch.pid, signal.SIGKILL)


def pages(reports):
    return {path.relative_to(reports): path.read_bytes() for path in reports.rglob("*.html")}


@pytest.mark.slow
def test_two_batches_at_once_about_the_same_data_do_not_collide(fresh, tmp_path, tmp_path_factory):
    # Sockets are made in it, whose paths may have 107 letters at most.
    passing, data = tmp_path_factory.mktemp("t"), fresh("shared")
    both = [tmp_path / "first", tmp_path / "second"]
    ended(*[begun(data, reports, passing) for reports in both])
    ended(begun(fresh("alone"), tmp_path / "alone", passing))
    assert pages(both[0]) == pages(both[1]) == pages(tmp_path / "alone")
    assert len(pages(both[0])) == len(UNITS) + 1
    for reports in both:
        records = latest_records(reports / "demo").values()
        assert [record.state for record in records] == ["done"] * len(UNITS)
    assert len(dataset_ledger(open_dataset(data)).entries()) == 1
    assert not list(passing.iterdir())
