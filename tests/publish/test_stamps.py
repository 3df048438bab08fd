"""A command asked again is answered at once when no file it depends on was touched, and only then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.datasets.dataset import Dataset
from helpers.datasets.folders import CACHE_FOLDER
from helpers.publish import stamps
from helpers.publish.paths import INDEX
from helpers.publish.request import Request
from helpers.publish.stamps import Stamp, unchanged_reports
from helpers.publish.telling import Unchanged

REQUEST = Request(notebooks=("10",), units=("all",))


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "reports" / "tiny"
    folder.mkdir(parents=True)
    for name in (INDEX, "one.html", "two.html"):
        (folder / name).write_text(name)
    return folder.parent


@pytest.fixture
def stamped(tiny, reports, monkeypatch):
    """A dataset and reports that are as the stamp says; what was written just now counts as settled."""
    monkeypatch.setattr(stamps, "_SETTLED", -60.0)
    Stamp(Dataset(tiny), REQUEST, reports).write([reports / "tiny" / "one.html", reports / "tiny" / "two.html"])
    return tiny


def found(folder: Path, reports: Path, request: Request = REQUEST) -> tuple[Path, Unchanged] | None:
    return unchanged_reports(str(folder), request, reports)


def test_reports_made_from_files_that_are_as_they_were_are_unchanged(stamped, reports):
    assert found(stamped, reports) == (reports / "tiny", Unchanged(2))
    assert found(stamped, reports, replace(REQUEST, resume=True)) == (reports / "tiny", Unchanged(2))


def test_a_stamp_knows_how_many_reports_are_of_earlier_data(tiny, reports, monkeypatch):
    monkeypatch.setattr(stamps, "_SETTLED", -60.0)
    Stamp(Dataset(tiny), REQUEST, reports).write([reports / "tiny" / name for name in ("one.html", "two.html")], 1)
    assert found(tiny, reports) == (reports / "tiny", Unchanged(2, 1))


def test_a_request_never_made_takes_a_closer_look(stamped, reports, tmp_path):
    assert found(stamped, reports, replace(REQUEST, units=("all", "nl"))) is None
    assert found(stamped, tmp_path / "elsewhere") is None
    assert unchanged_reports(str(tmp_path / "none"), REQUEST, reports) is None


def rewrite(path: Path) -> None:
    """Write the same bytes again, with the times of before: only the system's own note of it differs."""
    before = path.stat()
    path.write_bytes(path.read_bytes())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("name", ["scores.csv", "dataset.toml", "units.csv"])
def test_data_that_were_written_again_take_a_closer_look(stamped, reports, name):
    time.sleep(0.02)
    rewrite(stamped / name)
    assert found(stamped, reports) is None


def test_a_new_file_beside_the_data_takes_a_closer_look(stamped, reports):
    (stamped / "outcomes.csv").write_text("unit_id\n")
    assert found(stamped, reports) is None


def test_a_release_since_takes_a_closer_look(stamped, reports):
    (stamped / "ledger").mkdir()
    (stamped / "ledger" / "ledger.jsonl").write_text("{}\n")
    assert found(stamped, reports) is None


@pytest.mark.parametrize("part", ["package", "notebooks", "environment"])
def test_code_notebooks_and_libraries_count(stamped, reports, monkeypatch, tmp_path, part):
    other = tmp_path / "other"
    (other / "notebooks").mkdir(parents=True)
    if part == "package":
        monkeypatch.setattr(stamps.helpers, "__file__", str(other / "__init__.py"))
    elif part == "notebooks":
        monkeypatch.setattr(stamps, "project_root", lambda: other)
    else:
        monkeypatch.setattr(stamps.sysconfig, "get_path", lambda _: str(other))
    assert found(stamped, reports) is None


@pytest.mark.parametrize("name", ["one.html", INDEX])
def test_a_report_or_index_that_is_gone_takes_a_closer_look(stamped, reports, name):
    (reports / "tiny" / name).unlink()
    assert found(stamped, reports) is None


def test_a_report_edited_by_hand_takes_a_closer_look(stamped, reports):
    (reports / "tiny" / "one.html").write_text("edited")
    assert found(stamped, reports) is None


def test_a_torn_stamp_takes_a_closer_look(stamped, reports):
    (stamp,) = (stamped / CACHE_FOLDER).glob("stamp-*")
    stamp.write_text(stamp.read_text()[:40])
    assert found(stamped, reports) is None


def test_what_changed_while_reports_were_made_leaves_no_stamp(tiny, reports, monkeypatch):
    monkeypatch.setattr(stamps, "_SETTLED", -60.0)
    stamp = Stamp(Dataset(tiny), REQUEST, reports)
    (tiny / "scores.csv").write_text((tiny / "scores.csv").read_text() + "\n")
    stamp.write([reports / "tiny" / "one.html"])
    assert found(tiny, reports) is None


def test_what_was_written_just_now_leaves_no_stamp(tiny, reports):
    (tiny / "scores.csv").touch()
    Stamp(Dataset(tiny), REQUEST, reports).write([reports / "tiny" / "one.html"])
    assert found(tiny, reports) is None


def test_stamps_do_not_gather(stamped, reports, monkeypatch):
    monkeypatch.setattr(stamps, "KEPT", 2)
    for unit in "abc":
        Stamp(Dataset(stamped), replace(REQUEST, units=(unit,)), reports).write([reports / "tiny" / "one.html"])
    assert len(list((stamped / CACHE_FOLDER).glob("stamp-*"))) == 2


def test_the_look_loads_nothing_heavy(stamped, reports):
    code = f"""
import sys
from pathlib import Path
import helpers.cli, helpers.publish.events
from helpers.publish.request import Request
from helpers.publish.stamps import unchanged_reports
print(unchanged_reports({str(stamped)!r}, Request(notebooks=("10",), units=("all",)), Path({str(reports)!r}))[1].n)
print({{"numpy", "pandas", "nbformat", "papermill", "scipy"}} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split("\n")[:2] == ["2", "set()"]


def test_a_read_only_dataset_leaves_no_stamp_and_no_error(tiny, reports, monkeypatch):
    monkeypatch.setattr(stamps, "_SETTLED", -60.0)
    shutil.rmtree(tiny / CACHE_FOLDER, ignore_errors=True)
    (tiny / CACHE_FOLDER).write_text("in the way")
    Stamp(Dataset(tiny), REQUEST, reports).write([reports / "tiny" / "one.html"])
    assert found(tiny, reports) is None
