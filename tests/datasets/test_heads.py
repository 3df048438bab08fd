"""A table that cannot be read is refused in words, before anything is made from any of them."""

import io

import pandas as pd
import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.heads import check_head, check_heads
from helpers.datasets.scores import make_scores

ANSWERS = ("employee_answers", "customer_answers")
CHECK = "Run `excx check` for all problems"


def without(cells, column):
    return pd.read_csv(io.StringIO(cells), dtype=str).drop(columns=column)


@pytest.fixture
def parquet(write, tables, tmp_path):
    """Open a dataset of which one table is a Parquet file."""

    def opened(name, frame):
        frame.to_parquet(tmp_path / f"{name}.parquet")
        return open_dataset(write({f"tables.{name}": f'"{name}.parquet"'}, **tables))

    return opened


@pytest.mark.parametrize("name", ANSWERS)
def test_streamed_answers_without_their_unit_are_refused_as_every_other_table(parquet, tables, name):
    dataset = parquet(name, without(tables[name], "unit_id"))
    with pytest.raises(ValueError, match=rf"^{name} must have the column unit_id; found .*\. {CHECK}\.$"):
        _ = dataset.scores


def test_what_was_found_names_columns_of_the_contract_and_counts_others(parquet, tables):
    dataset = parquet("employee_answers", without(tables["employee_answers"], ["unit_id", "period"]))
    found = "employee_answers must have the columns unit_id, period; found recommend, q1, q2, person_key and 1 other."
    with pytest.raises(ValueError, match=f"^{found} {CHECK}"):
        _ = dataset.scores


def test_of_many_columns_ten_are_named(tmp_path):
    asked = [f"q{number}" for number in range(40)]
    items = pd.DataFrame({"item_id": asked, "scale_min": 1.0, "scale_max": 5.0})
    path = tmp_path / "answers.csv"
    path.write_text(",".join(["unit_id", *asked]) + "\n" + ",".join(["1"] * 41) + "\n")
    with pytest.raises(ValueError, match=r"have the column period; found unit_id, q0, .*, q8 and 31 others\. Run"):
        check_head(path, "employee_answers", items)


def test_a_file_without_header_tells_no_cell(write, tables):
    tables["customer_answers"] = "011,2024-03-01,jan@example.org\n012,2024-12-31,x\n"
    with pytest.raises(ValueError) as refused:
        _ = open_dataset(write(**tables)).scores
    assert "example.org" not in str(refused.value)


def test_customer_answers_have_a_period_or_a_date(parquet, tables):
    dataset = parquet("customer_answers", without(tables["customer_answers"], "date"))
    with pytest.raises(ValueError, match=r"^customer_answers must have the column period or date; found unit_id, reco"):
        _ = dataset.scores


@pytest.mark.parametrize("name", ANSWERS)
def test_streamed_answers_without_rows_are_refused(parquet, tables, name):
    dataset = parquet(name, without(tables[name], []).head(0))
    rule = f"^{name} must have at least one row; found a header only, in {name}.parquet. Fill it or leave it out.$"
    with pytest.raises(ValueError, match=rule):
        _ = dataset.scores


def test_answers_that_are_scored_without_a_dataset_are_looked_at_too(tmp_path, tables):
    path = tmp_path / "answers.parquet"
    without(tables["customer_answers"], "unit_id").to_parquet(path)
    with pytest.raises(ValueError, match="customer_answers must have the column unit_id"):
        make_scores({"customer_answers": path}, hierarchy=None)


@pytest.mark.parametrize("name", ["employee_answers", "outcomes", "invited", "units"])
def test_a_file_that_is_gone_or_empty_is_named(write, tables, name):
    dataset = open_dataset(write(**tables))
    path = dataset.settings.tables[name]
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=rf"^{name}.* must hold rows; found an empty file, {name}\.csv\. Export it"):
        _ = open_dataset(path.parent).scores
    path.unlink()
    with pytest.raises(ValueError, match=rf"^{name}.* must have a file; found no file {name}\.csv\. Correct its path"):
        _ = open_dataset(path.parent).scores


@pytest.mark.parametrize("name", ["actions", "employments", "absence"])
def test_a_table_that_only_some_reports_need_is_looked_at_before_all(write, tables, name):
    header = tables[name].splitlines()[0]
    check_heads(open_dataset(write(**tables)))
    with pytest.raises(ValueError, match=rf"^{name} must have at least one row"):
        check_heads(open_dataset(write(**tables | {name: header})))
    with pytest.raises(ValueError, match=rf"^{name} must have the column unit_id; found .*\. {CHECK}"):
        check_heads(open_dataset(write(**tables | {name: tables[name].replace("unit_id", "unit")})))


def test_the_items_of_a_dataset_are_no_others(write, tables):
    dataset = open_dataset(write(**tables))
    spoilt = tables["employee_answers"].replace("unit_id", "unit")
    dataset.settings.tables["employee_answers"].write_text(spoilt)
    with pytest.raises(ValueError, match="found period, recommend, q1, q2, person_key and 2 others"):
        check_heads(dataset)


def test_a_table_is_what_its_name_says(tmp_path):
    (tmp_path / "a.parquet").write_text("unit_id,period\n1,2024\n")
    with pytest.raises(ValueError, match=r"^outcomes must be a Parquet file; found a.parquet, which cannot be read"):
        check_head(tmp_path / "a.parquet", "outcomes")
    pd.DataFrame({"unit_id": ["1"]}).to_parquet(tmp_path / "b.csv")
    with pytest.raises(ValueError, match=r"^outcomes must be UTF-8 text; found a Parquet file in b.csv. Save it as"):
        check_head(tmp_path / "b.csv", "outcomes")
