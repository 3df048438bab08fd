"""What was finished stays known, whatever happens next."""

import re
from dataclasses import replace

import pytest

from helpers.publish.manifest import MANIFEST, append_record, kept_record, latest_records, record_of
from helpers.publish.outcome import Outcome


@pytest.fixture
def task(planner, write_notebook):
    task = planner.task(write_notebook(), unit="nl", parameters={"lags": 4})
    task.target.parent.mkdir(parents=True)
    task.target.write_text("page")
    return task


def test_a_record_says_what_was_made_from_what(task):
    record = record_of(task, Outcome("done", seconds=1.234))
    assert (record.unit, record.notebook, record.language, record.parameters) == ("nl", "01_sample", "en", {"lags": 4})
    assert (record.state, record.seconds, record.error, record.log) == ("done", 1.23, "", "")
    assert (task.folder / record.file) == task.target and record.key == task.key


def test_the_latest_record_of_a_report_counts(task):
    for state in ("failed", "done"):
        append_record(task.folder, record_of(task, Outcome(state)))
    other = replace(record_of(task, Outcome("failed")), unit="be")
    append_record(task.folder, other)
    assert [(record.unit, record.state) for record in latest_records(task.folder).values()] == [
        ("nl", "done"),
        ("be", "failed"),
    ]


def test_a_line_cut_off_by_a_crash_loses_only_itself(task):
    record = record_of(task, Outcome("done"))
    append_record(task.folder, record)
    with open(task.folder / MANIFEST, "ab") as file:
        file.write(b'{"unit": "be", "notebo')
    append_record(task.folder, replace(record, unit="all"))
    assert [record.unit for record in latest_records(task.folder).values()] == ["nl", "all"]


def test_no_manifest_means_no_records(tmp_path):
    assert latest_records(tmp_path) == {}


@pytest.mark.parametrize("state", ["done", "not applicable"])
def test_a_report_made_from_the_same_inputs_is_unchanged(task, state):
    append_record(task.folder, record_of(task, Outcome(state)))
    assert kept_record(task, latest_records(task.folder)).state == state


def test_a_report_that_failed_changed_or_vanished_is_not_unchanged(task):
    append_record(task.folder, record_of(task, Outcome("done")))
    known = latest_records(task.folder)
    assert not kept_record(replace(task, key="another"), known)
    assert not kept_record(replace(task, language="nl"), known)
    assert not kept_record(task, {key: replace(record, state="failed") for key, record in known.items()})
    task.target.unlink()
    assert not kept_record(task, known)


def test_a_report_of_a_release_that_the_ledger_does_not_know_is_not_kept(task):
    """Rule 4: a new page is never held against what is not in the ledger."""
    task = replace(task, release="first")
    append_record(task.folder, record_of(task, Outcome("done")))
    known, now = latest_records(task.folder), replace(task, release="second")
    assert kept_record(now, known, ["first", "second"]) and not kept_record(now, known, ["second"])


def test_a_line_of_an_earlier_version_is_listed_and_its_report_made_again(task):
    append_record(task.folder, replace(record_of(task, Outcome("done")), key="of an earlier version"))
    manifest = task.folder / MANIFEST
    manifest.write_text(re.sub(r', "data": "[^"]*", "release": ""', "", manifest.read_text()))
    (record,) = latest_records(task.folder).values()
    assert (record.unit, record.data, record.release) == ("nl", "", "")
    assert not kept_record(task, latest_records(task.folder))


def test_a_manifest_that_is_a_link_is_not_written_through(task, tmp_path):
    """Rule 13."""
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    task.folder.mkdir(parents=True, exist_ok=True)
    (task.folder / MANIFEST).symlink_to(theirs)
    with pytest.raises(ValueError, match="path must not go through a symbolic link"):
        append_record(task.folder, record_of(task, Outcome("done")))
    assert theirs.read_text() == "theirs"
