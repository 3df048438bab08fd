"""What is asked is checked as a whole before any kernel starts."""

import nbformat
import pytest
from nbformat import v4

from helpers.datasets.dataset import open_dataset
from helpers.publish.task import Planner


def test_an_empty_unit_stands_for_the_whole_organisation(planner, write_notebook):
    task = planner.task(write_notebook())
    assert task.unit == "all" and task.page["unit"] == "Everyone"
    assert task.target == planner.task(write_notebook(), unit="all").target


def test_the_page_is_named_after_question_unit_and_dataset(planner, write_notebook):
    task = planner.task(write_notebook(title="# Do *happy* staff stay?"), unit="nl")
    assert task.page["title"] == "Do happy staff stay? – Netherlands – Tiny"


def test_an_unknown_unit_is_refused_with_the_near_ones(planner, write_notebook):
    with pytest.raises(ValueError, match=r"unit must be a unit_id of tiny; found 'Netherland'.*nl \(Netherlands\)"):
        planner.task(write_notebook(), unit="Netherland")


def test_a_misspelt_parameter_is_refused(planner, write_notebook):
    with pytest.raises(ValueError, match="Did you mean lags"):
        planner.task(write_notebook(), parameters={"lag": 3})


def test_a_mistyped_parameter_is_refused(planner, write_notebook):
    with pytest.raises(TypeError, match="lags must be a whole number"):
        planner.task(write_notebook(), parameters={"lags": "3"})


@pytest.mark.parametrize("name", ["dataset", "unit", "language"])
def test_unit_language_and_dataset_have_their_own_options(planner, write_notebook, name):
    with pytest.raises(ValueError, match=f"found '{name}'. Use its option"):
        planner.task(write_notebook(), parameters={name: "nl"})


def test_an_unknown_language_is_refused(planner, write_notebook):
    with pytest.raises(ValueError, match="language must be one of en, nl; found 'de'"):
        planner.task(write_notebook(), language="de")


def test_a_deadline_of_nothing_is_refused(planner, write_notebook):
    with pytest.raises(ValueError, match="deadline must be above 0 seconds; found 0"):
        planner.task(write_notebook(), deadline=0)


def test_a_notebook_without_title_is_refused(planner, tmp_path, write_notebook):
    with pytest.raises(ValueError, match="notebook must start with a title"):
        planner.task(write_notebook(title="No title"))


def test_a_notebook_that_takes_no_unit_is_refused(planner, tmp_path):
    path = tmp_path / "bare.ipynb"
    source = v4.new_code_cell('dataset: str = ""', metadata={"tags": ["parameters"]})
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# Title"), source]), path)
    with pytest.raises(ValueError, match="parameter must be one of dataset; found 'unit'"):
        planner.task(path)


def test_only_parameters_that_differ_from_the_defaults_make_another_report(planner, write_notebook):
    usual = planner.task(write_notebook())
    assert planner.task(write_notebook(), parameters={"lags": 3}).target == usual.target
    other = planner.task(write_notebook(), parameters=["lags=4"])
    assert other.target != usual.target and other.page["parameters"] == "lags = 4"


def test_the_key_changes_with_whatever_the_report_depends_on(planner, write_notebook, tiny):
    first = planner.task(write_notebook()).key
    assert planner.task(write_notebook()).key == first
    assert planner.task(write_notebook(), code=True).key != first
    assert planner.task(write_notebook(), unit="nl").key != first
    assert planner.task(write_notebook(), language="nl").key != first
    assert planner.task(write_notebook("1 + 1", name="other")).key != first


def test_the_key_changes_with_the_data(planner, write_notebook, tiny):
    first = planner.task(write_notebook()).key
    (tiny / "scores.csv").write_text((tiny / "scores.csv").read_text().replace("12,60", "13,60"))
    later = Planner(open_dataset(tiny), planner.reports)
    assert later.task(write_notebook()).key != first


UNIT, WHOLE = "from helpers.datasets.released import released_scores", "from helpers.datasets.reasons import reasons"


def test_of_a_notebook_that_keeps_to_its_unit_other_units_do_not_count(planner, write_notebook, tiny):
    notebooks = [write_notebook(code, name=name) for code, name in ((UNIT, "10_unit"), (WHOLE, "07_whole"))]
    before = {(path, unit): planner.task(path, unit=unit).key for path in notebooks for unit in ("all", "nl", "be")}
    (tiny / "scores.csv").write_text((tiny / "scores.csv").read_text().replace("12,60", "13,60"))
    later = Planner(open_dataset(tiny), planner.reports)
    same = {(path, unit) for path, unit in before if later.task(path, unit=unit).key == before[path, unit]}
    assert same == {(notebooks[0], "be")}
    assert later.task(notebooks[0], unit="be").data != planner.task(notebooks[0], unit="be").data
