import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.datasets.cell_text import shown, texts
from helpers.datasets.columns import Column
from helpers.datasets.conversion import convert, numbers, typed_table


def convert_one(kind, cells, *, empty=True):
    raw = cells if isinstance(cells, pd.Series) else pd.Series(cells, dtype="str")
    frame, unfit = convert(raw.to_frame("x"), {"x": Column(kind, "", empty=empty)})
    return frame["x"], unfit.get("x", np.zeros(len(raw), dtype=bool)).tolist()


def test_numbers_have_a_point_or_a_comma_but_one_of_them():
    assert convert_one("number", ["1.5", "-2", "+3", "4e2", ".5", None])[0].tolist()[:5] == [1.5, -2, 3, 400, 0.5]
    assert convert_one("number", ["1,5", "-2", "0,25"])[0].tolist() == [1.5, -2, 0.25]
    assert convert_one("number", ["1.5", "2,5"])[1] == [False, True]
    assert convert_one("number", ["1.234,5", "2,5"])[1] == [True, False]


def test_a_comma_that_may_part_thousands_is_not_guessed():
    assert convert_one("number", ["1,250", "3,000"])[1] == [True, True]
    assert convert_one("number", ["0,250", "1,250"])[0].tolist() == [0.25, 1.25]
    assert convert_one("number", ["1,250", "1,5"])[0].tolist() == [1.25, 1.5]


@pytest.mark.parametrize("cell", ["ten", "NA", "nan", "inf", "-", "1 000", "0x10", "1e999", "12%", "€5", "٣", "1_000"])
def test_what_is_no_number_does_not_fit(cell):
    values, unfit = convert_one("number", [cell, "1"])
    assert unfit == [True, False]
    assert np.isnan(values[0])


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_every_float_survives_being_written(values):
    assert numbers(pd.Series([repr(value) for value in values], dtype="str")).tolist() == values


def test_infinite_numbers_in_parquet_do_not_fit():
    assert convert_one("number", pd.Series([1.0, np.inf]))[1] == [False, True]


def test_a_whole_number_has_no_fraction():
    assert convert_one("whole", ["9", "9.5", "9.0", None])[1] == [False, True, False, False]
    assert convert_one("whole", ["9", "10"], empty=False)[0].dtype == "int64"
    assert convert_one("whole", ["9", "10"], empty=True)[0].dtype == "float64"
    assert convert_one("whole", ["9", None], empty=False)[0].dtype == "float64"


@pytest.mark.parametrize("cells", [["true", "False"], ["1", "0"], ["ja", "nee"], ["WAAR", "ONWAAR"], ["Yes", "no"]])
def test_true_and_false_in_the_ways_people_write_them(cells):
    assert convert_one("yes_no", cells)[0].tolist() == [True, False]


def test_true_and_false_from_parquet():
    assert convert_one("yes_no", pd.Series([True, False]))[0].dtype == "bool"
    assert convert_one("yes_no", pd.Series([1, 0]))[0].tolist() == [True, False]
    assert convert_one("yes_no", ["maybe", "true"])[1] == [True, False]


def test_dates_are_written_year_first():
    dates, unfit = convert_one("date", ["2024-07-31", "2024-07-31T23:59:00Z", "31-07-2024", "2024-02-30", "07/31/2024"])
    assert dates.dt.strftime("%Y-%m-%d").tolist()[:2] == ["2024-07-31", "2024-07-31"]
    assert unfit == [False, False, True, True, True]


def test_dates_from_parquet_lose_their_time():
    stamps = pd.Series(pd.to_datetime(["2024-07-31 23:59", None]))
    assert convert_one("date", stamps)[0].tolist()[0] == pd.Timestamp("2024-07-31")
    zoned = convert_one("date", stamps.dt.tz_localize("Europe/Amsterdam"))
    assert zoned[0].tolist()[0] == pd.Timestamp("2024-07-31")
    days = convert_one("date", pd.Series([datetime.date(2024, 7, 31), None], dtype="object"))
    assert days[0].tolist()[0] == pd.Timestamp("2024-07-31")
    assert days[1] == [False, False]


def test_ids_from_parquet_become_text():
    assert texts(pd.Series([7, 12])).tolist() == ["7", "12"]
    assert texts(pd.Series([7.0, None])).tolist()[0] == "7"
    assert texts(pd.Series([7.0, None])).isna().tolist() == [False, True]
    assert texts(pd.Series(["007", None, "007"], dtype="category")).tolist()[::2] == ["007", "007"]
    assert convert_one("text", pd.Series([7.5]))[1] == [True]


def test_an_address_is_no_pseudonym():
    assert convert_one("pseudonym", ["a1f3", "jan@example.org"])[1] == [False, True]


def test_values_found_are_shown_short_and_those_of_persons_not_at_all():
    assert shown(pd.Series(["x", "x", "y"]), "text") == "'x', 'y'"
    assert shown(pd.Series([1, 2, 3, 4]), "number") == "1, 2, 3, …"
    assert shown(pd.Series([None], dtype="str"), "text") == "an empty cell"
    assert shown(pd.Series(["x" * 99]), "text") == "a text of 99 characters, not shown here"
    assert shown(pd.Series(["my boss is a fool"]), "whole") == "a text of 17 characters, not shown here"
    for reaching in ("jan@example.org", "06-12345678"):
        assert shown(pd.Series([reaching]), "whole") == "a value not shown here, since it may reach a person"
    assert "example" not in shown(pd.Series(["jan@example.org"]), "pseudonym")


def test_columns_outside_the_contract_are_left_as_they_were():
    raw = pd.DataFrame({"x": ["1"], "other": ["001"]}).astype("str")
    frame, _ = convert(raw, {"x": Column("number", "")})
    assert frame["other"].tolist() == ["001"]
    assert raw["x"].tolist() == ["1"], "the raw table is not changed"


def test_a_given_period_goes_before_the_date():
    raw = pd.DataFrame({"unit_id": ["a"], "period": ["2023"], "date": ["2024-01-01"], "recommend": ["9"]}).astype("str")
    assert typed_table("customer_answers", raw, 1)["period"].tolist() == ["2023"]
    assert typed_table("customer_answers", raw.drop(columns="period"), 4)["period"].tolist() == ["2024-Q1"]
