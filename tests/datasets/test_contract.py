import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from helpers.datasets.contract import BERSIN_ELEMENTS, CONTRACT, ELEMENTS, TABLE_NAMES, table_columns
from helpers.datasets.dataset import open_dataset
from helpers.datasets.dictionary import render_dictionary
from helpers.datasets.folders import project_root
from helpers.datasets.schemas import TABLES, table_schema

ITEMS = pd.DataFrame({"item_id": ["q1", "recommend"], "scale_min": [1.0, 1.0], "scale_max": [5.0, 7.0]})


def failures(schema, frame):
    with pytest.raises(pa.errors.SchemaErrors, match="DATA") as caught:
        schema.validate(frame, lazy=True)
    return {(error.schema.name, error.check.name): error for error in caught.value.schema_errors}


def test_the_contract_holds_the_ten_tables():
    assert set(TABLE_NAMES) == set(TABLES)
    assert len(TABLE_NAMES) == 10


def test_every_key_pair_and_reference_of_the_contract_names_a_column():
    for table in CONTRACT.values():
        pairs = [name for pair in table.ordered for name in pair]
        assert {*table.key, *table.either, *table.same_within, *pairs} <= set(table.columns)
        assert {column.refers_to for column in table.columns.values()} <= {"", *TABLE_NAMES}


def test_bersins_five_elements_are_among_the_elements():
    assert len(BERSIN_ELEMENTS) == 5
    assert set(BERSIN_ELEMENTS) < set(ELEMENTS)


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_good_table_passes_its_schema(write, tables, name):
    frame = open_dataset(write(**tables)).table(name)
    assert len(TABLES[name].validate(frame, lazy=True)) == len(frame)


def test_items_become_columns_of_the_answers_within_their_own_scale():
    columns = table_columns("employee_answers", ITEMS)
    assert (columns["q1"].low, columns["q1"].high, columns["q1"].required) == (1.0, 5.0, False)
    assert columns["recommend"].high == 10, "a column of the contract is no item"
    assert table_columns("invited", ITEMS) == CONTRACT["invited"].columns


def test_item_answers_outside_their_scale_fail():
    columns = {"q1": table_columns("employee_answers", ITEMS)["q1"]}
    failed = failures(table_schema(CONTRACT["items"], columns), pd.DataFrame({"q1": [1.0, 6.0, np.nan]}))
    assert failed["q1", "lie between 1 and 5"].check_output.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("n", -1.0, "be at least 0"),
        ("se", -0.1, "be at least 0"),
        ("kind", "median", "be one of nps, mean, rate, value"),
        ("period", "24", "be a period such as 2024, 2024-H1, 2024-Q3 or 2024-07"),
        ("measure", None, "be filled in"),
    ],
)
def test_a_value_outside_its_rule_fails_by_the_name_of_the_rule(column, value, rule):
    good = {"unit_id": "a", "period": "2024", "measure": "nps", "estimate": 1.0}
    frame = pd.DataFrame([good | {column: value}])
    assert set(failures(TABLES["scores"], frame)) == {(column, rule)}


def test_a_weight_of_zero_fails():
    schema = table_schema(CONTRACT["invited"], {"weight": CONTRACT["customer_answers"].columns["weight"]})
    assert list(failures(schema, pd.DataFrame({"weight": [0.0, 0.5]}))) == [("weight", "be above 0")]


def test_periods_must_have_the_form_of_the_dataset_when_that_is_known():
    schema = table_schema(CONTRACT["units"], {"p": CONTRACT["invited"].columns["period"]}, periods_per_year=4)
    failed = failures(schema, pd.DataFrame({"p": ["2024-Q1", "2024"]}))
    rule = "be a quarter such as 2024-Q3, as periods_per_year=4 says"
    assert failed["p", rule].check_output.tolist() == [True, False]


def test_references_are_checked_when_the_ids_are_known():
    columns = {"unit_id": CONTRACT["invited"].columns["unit_id"]}
    frame = pd.DataFrame({"unit_id": ["a", "b"]})
    assert len(table_schema(CONTRACT["invited"], columns).validate(frame)) == 2
    failed = failures(table_schema(CONTRACT["invited"], columns, keys={"units": {"a"}}), frame)
    assert failed["unit_id", "be one of the units"].check_output.tolist() == [True, False]


def test_strata_belong_to_the_key_of_invited():
    rows = pd.DataFrame({"unit_id": ["a"] * 3, "period": ["2024"] * 3, "sex": ["f", "m", "m"], "n_invited": [1, 2, 3]})
    columns = {name: CONTRACT["invited"].columns[name] for name in ("unit_id", "period", "n_invited")}
    failed = failures(table_schema(CONTRACT["invited"], columns), rows)
    assert failed[None, "have one row per unit_id, period"].check_output.tolist() == [True, False, False]


def test_the_other_elements_need_not_share_a_scale():
    items = pd.DataFrame({"element": ["voice", "voice", "other", "other"], "scale_min": [1, 1, 0, 1]})
    items["scale_max"] = [5, 7, 1, 5]
    failed = failures(table_schema(CONTRACT["items"], {}), items)
    rule = "be the same in all rows of one element"
    assert failed[None, rule].check_output.tolist() == [False, False, True, True]
    assert failed[None, rule].check.title == "scale_max,element"


def test_failures_are_capped_however_many_there_are():
    frame = pd.DataFrame({"n_invited": np.full(100_000, -1)})
    schema = table_schema(CONTRACT["items"], {"n_invited": CONTRACT["invited"].columns["n_invited"]})
    assert len(failures(schema, frame)["n_invited", "be at least 0"].failure_cases) == 10


def test_the_dictionary_in_data_is_that_of_the_contract():
    assert render_dictionary() in (project_root() / "data" / "README.md").read_text(encoding="utf-8")


def test_the_dictionary_has_every_table_and_column():
    text = render_dictionary()
    for name, table in CONTRACT.items():
        assert f"### `{name}`" in text
        assert all(f"| `{column}` |" in text for column in table.columns)
    assert "| `min_group` | be a whole number of at least 5 | `10` |" in text
