"""Which reports a request stands for."""

from dataclasses import replace

import pytest

from helpers.publish import reporting
from helpers.publish.manifest import append_record, record_of
from helpers.publish.outcome import Outcome
from helpers.publish.reporting import Request, find_notebook, plan_failed, plan_tasks


@pytest.fixture
def collection(tmp_path, write_notebook, monkeypatch):
    """A project whose collection holds four notebooks."""
    folder = tmp_path / "project" / "notebooks"
    folder.mkdir(parents=True)
    for name in ("02_quartiles", "04_lag", "04b_checks", "10_unit_report"):
        write_notebook(name=name).rename(folder / f"{name}.ipynb")
    monkeypatch.setattr(reporting, "project_root", lambda: tmp_path / "project")
    return sorted(folder.glob("*.ipynb"))


def planned(planner, **request):
    return [(task.notebook.stem, task.unit) for task in plan_tasks(planner, Request(**request))]


def test_without_a_wish_every_notebook_runs_for_the_whole_organisation(planner, collection):
    assert planned(planner) == [(path.stem, "all") for path in collection]


def test_a_unit_gets_the_unit_report(planner, collection):
    assert planned(planner, units=("nl",)) == [("10_unit_report", "nl")]


def test_a_unit_gets_the_notebooks_named(planner, collection):
    assert planned(planner, units=("nl", "be"), notebooks=("02", "04")) == [
        ("02_quartiles", "nl"),
        ("04_lag", "nl"),
        ("02_quartiles", "be"),
        ("04_lag", "be"),
    ]


def test_a_level_adds_the_unit_report_of_each_of_its_units(planner, collection):
    assert planned(planner, notebooks=("02",), level="country") == [
        ("02_quartiles", "all"),
        ("10_unit_report", "nl"),
        ("10_unit_report", "be"),
    ]


def test_an_unknown_level_is_refused(planner, collection):
    with pytest.raises(ValueError, match="level must be one of organisation, country; found 'team'"):
        planned(planner, level="team")


@pytest.mark.parametrize(
    ("name", "found"),
    [("04", "04_lag"), ("04b", "04b_checks"), ("02_quartiles", "02_quartiles"), ("02_quartiles.ipynb", "02_quartiles")],
)
def test_a_notebook_is_found_by_the_start_of_its_name(collection, name, found):
    assert find_notebook(name, collection).stem == found


def test_a_notebook_is_found_by_its_path(collection, write_notebook):
    path = write_notebook(name="mine")
    assert find_notebook(str(path), collection) == path


def test_a_misspelt_notebook_is_refused_with_the_near_one(collection):
    with pytest.raises(
        ValueError, match=r"notebook must be one of the collection; found '02_quartile'\. Did you mean 02_q"
    ):
        find_notebook("02_quartile", collection)


def test_what_failed_is_planned_again_as_it_was(planner, collection):
    task = planner.task(collection[0], unit="nl", language="nl", parameters={"lags": 5})
    other = planner.task(collection[1], unit="be")
    done = planner.task(collection[1], unit="nl")
    task.folder.mkdir(parents=True)
    for each, state in ((task, "failed"), (other, "failed"), (done, "failed"), (done, "done")):
        append_record(task.folder, record_of(each, Outcome(state)))
    again = plan_failed(planner, Request(only_failed=True))
    assert [replace(one, page={}) for one in again] == [replace(one, page={}) for one in (task, other)]
    assert [one.unit for one in plan_failed(planner, Request(units=("be",)))] == ["be"]
    assert [one.unit for one in plan_failed(planner, Request(language="nl"))] == ["nl"]
    assert [one.unit for one in plan_failed(planner, Request(notebooks=("04",)))] == ["be"]


def test_an_audience_gets_unit_reports_and_nothing_for_all(planner, collection, write_notebook):
    with pytest.raises(ValueError, match=r"audience hr must go with unit reports; found none asked for"):
        planned(planner, audience="hr")
    with pytest.raises(ValueError, match=r"audience hr must go with unit reports"):
        planned(planner, audience="hr", units=("nl",), notebooks=("02",))
