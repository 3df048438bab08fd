import sys
import types

import pandas as pd
import pytest

from helpers.datasets import folders as module
from helpers.datasets.contract import CONTRACT
from helpers.datasets.dataset import open_dataset
from helpers.datasets.folders import dataset_names, project_root
from helpers.stats.estimates import NotApplicable


@pytest.fixture
def project(tmp_path_factory, monkeypatch):
    """A project of its own, with nothing under data/."""
    root = tmp_path_factory.mktemp("project")
    (root / "data").mkdir()
    monkeypatch.setattr(module, "project_root", lambda: root)
    return root


def test_a_dataset_opens_by_its_folder_and_by_its_name(write, project):
    folder = write()
    (project / "data" / "acme").symlink_to(folder)
    assert open_dataset(folder).settings.title == "Voorbeeld"
    assert open_dataset(str(folder)).name == folder.name
    assert open_dataset("acme").settings == open_dataset(project / "data" / "acme").settings
    assert dataset_names() == ["acme"]


def test_an_unknown_dataset_is_refused_with_those_there_are(write, project):
    (project / "data" / "demo").symlink_to(write())
    with pytest.raises(ValueError, match=r"one of demo; found 'dema'\. Did you mean demo\? Make one with `excx demo`"):
        open_dataset("dema")


def test_without_any_dataset_the_way_to_one_is_shown(project):
    with pytest.raises(ValueError, match=r"\(none yet\); found 'demo'\..*`excx demo` or `excx fetch`"):
        open_dataset("demo")


def test_a_folder_without_settings_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"dataset\.toml must exist"):
        open_dataset(tmp_path)


def test_the_project_is_found_from_the_package():
    assert (project_root() / "src" / "helpers" / "datasets" / "dataset.py").is_file()


def test_every_table_of_the_contract_opens_typed(write, tables):
    dataset = open_dataset(write(**tables))
    kinds = {"text": "str", "pseudonym": "str", "period": "str", "number": "float64", "yes_no": "bool"}
    for name, table in CONTRACT.items():
        frame = dataset.table(name)
        for column, rules in table.columns.items():
            if column in frame and rules.kind in kinds:
                assert frame[column].dtype == kinds[rules.kind], (name, column)


def test_numbers_that_may_be_missing_are_floats_and_counts_whole(write, tables):
    dataset = open_dataset(write(**tables))
    assert dataset.table("employee_answers")["recommend"].dtype == "float64"
    assert dataset.table("invited")["n_invited"].dtype == "int64"
    assert dataset.table("employments")["end"].isna().tolist() == [False, True]
    assert dataset.table("employments")["start"].dt.year.tolist() == [2020, 2021]


def test_ids_keep_their_leading_zeros(write):
    assert open_dataset(write()).table("units")["unit_id"].tolist() == ["001", "010", "011", "012"]


def test_the_items_of_a_dataset_type_its_answers(write, tables):
    answers = open_dataset(write(**tables)).table("employee_answers")
    assert answers["q1"].tolist()[:2] == [4.0, 5.0]
    assert "shoe_size" not in answers, "a column outside the contract is not even read"


def test_answers_with_a_date_only_get_their_period(write, tables):
    answers = open_dataset(write(**tables)).table("customer_answers")
    assert answers["period"].tolist() == ["2024", "2024"]


def test_a_table_is_read_once_and_cannot_be_spoilt_by_a_caller(write):
    folder = write()
    dataset = open_dataset(folder)
    mine = dataset.table("units")
    mine["name"] = "spoilt"
    (folder / "units.csv").unlink()
    assert dataset.table("units")["name"].tolist()[0] == "Voorbeeld"


def test_a_table_the_dataset_does_not_have_makes_a_method_not_applicable(write):
    dataset = open_dataset(write())
    assert dataset.has("units") and not dataset.has("absence")
    with pytest.raises(NotApplicable, match=r"needs the table absence, which the dataset .* does not have"):
        dataset.table("absence")


def test_a_table_outside_the_contract_is_refused(write):
    with pytest.raises(ValueError, match=r"table must be one of units, employee_answers, .*; found 'salaries'"):
        open_dataset(write()).has("salaries")


def test_cells_that_do_not_fit_point_to_the_check(write, tables):
    spoilt = tables["outcomes"].replace("12.5", "a lot")
    with pytest.raises(ValueError, match=r"outcomes\.value must be a number; found 'a lot'\. Run `excx check`"):
        open_dataset(write(outcomes=spoilt)).table("outcomes")


def test_a_missing_column_points_to_the_check(write, tables):
    spoilt = tables["outcomes"].replace("value", "waarde")
    with pytest.raises(ValueError, match=r"outcomes must have the column value; found unit_id, .* and 1 other\. Run"):
        open_dataset(write(outcomes=spoilt)).table("outcomes")


def test_a_personal_column_is_refused_when_a_table_is_opened(write, tables):
    spoilt = tables["employee_answers"].replace("shoe_size", "E-mail adres")
    with pytest.raises(ValueError, match=r"employee_answers\.E-mail adres must be left out; found a personal column"):
        open_dataset(write(employee_answers=spoilt)).table("employee_answers")


def test_a_unit_is_known_by_its_id_and_empty_means_the_whole(write):
    dataset = open_dataset(write())
    assert dataset.unit("011") == "011"
    assert dataset.unit("") == "001"


@pytest.mark.parametrize(("asked", "near"), [("11", "011"), ("Team B", "012"), ("team a", "011"), ("nord", "010")])
def test_an_unknown_unit_is_refused_with_near_ids_and_names(write, asked, near):
    with pytest.raises(ValueError, match=rf"unit must be a unit_id of .*; found '{asked}'\. Did you mean .*{near} \("):
        open_dataset(write()).unit(asked)


def test_a_unit_like_no_other_is_refused_without_a_guess(write):
    with pytest.raises(ValueError, match=r"found 'zzzzzz'\. Look it up in the table units\.$"):
        open_dataset(write()).unit("zzzzzz")


def test_scores_are_made_once_and_only_when_asked_for(write, monkeypatch):
    calls = []
    fake = types.SimpleNamespace(load_scores=lambda dataset: calls.append(dataset) or pd.DataFrame({"estimate": [1.0]}))
    monkeypatch.setitem(sys.modules, "helpers.datasets.score_loading", fake)
    dataset = open_dataset(write())
    assert calls == []
    assert dataset.scores is dataset.scores
    assert calls == [dataset]


def test_a_dataset_shows_its_tables(write, tables):
    assert repr(open_dataset(write(items=tables["items"]))).endswith(": units, items)")
