import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.datasets.periods import (
    PERIOD_FORMS,
    check_periods_per_year,
    period_name,
    period_of_dates,
    period_time,
    periods_per_year_of,
)

times = st.tuples(st.sampled_from(list(PERIOD_FORMS)), st.integers(min_value=1900, max_value=2100), st.integers(0, 11))


@pytest.mark.parametrize(
    ("period", "periods_per_year", "time"),
    [("2024", 1, 2024), ("2024-H2", 2, 4049), ("2024-Q3", 4, 8098), ("2024-07", 12, 24294)],
)
def test_each_form_of_period_has_its_time(period, periods_per_year, time):
    assert period_time(period, periods_per_year) == time
    assert periods_per_year_of(period) == periods_per_year


def test_two_years_are_two_times_the_periods_per_year():
    assert period_time("2024-Q1", 4) - period_time("2022-Q1", 4) == 8


@given(times)
def test_the_name_of_a_time_has_that_time(drawn):
    periods_per_year, year, part = drawn
    time = year * periods_per_year + part % periods_per_year
    assert period_time(period_name(time, periods_per_year), periods_per_year) == time


@given(times, times)
def test_periods_of_one_form_sort_as_their_times(first, second):
    periods_per_year = first[0]
    names = [period_name(year * periods_per_year + part, periods_per_year) for _, year, part in (first, second)]
    by_time = sorted(names, key=lambda name: period_time(name, periods_per_year))
    assert sorted(names) == by_time


@pytest.mark.parametrize(
    "period", ["24", "2024-Q5", "2024-13", "Q3 2024", "2024-q3", " 2024", "2024-07-31", "", "٢٠٢٤"]
)
def test_a_period_of_no_form_is_refused_by_name(period):
    assert periods_per_year_of(period) is None
    for periods_per_year in PERIOD_FORMS:
        with pytest.raises(ValueError, match=rf"period must be .*found {period!r}\."):
            period_time(period, periods_per_year)


def test_a_year_is_no_quarter():
    with pytest.raises(ValueError, match=r"must be a quarter such as 2024-Q3 \(periods_per_year=4\); found '2024'"):
        period_time("2024", 4)


@pytest.mark.parametrize("periods_per_year", [0, 3, 52, "1"])
def test_only_years_halves_quarters_and_months_are_known(periods_per_year):
    with pytest.raises(ValueError, match="periods_per_year must be one of 1, 2, 4, 12; found"):
        check_periods_per_year(periods_per_year)


def test_a_date_falls_in_its_period():
    dates = pd.Series(pd.to_datetime(["2024-01-01", "2024-06-30", "2024-07-01", "2024-12-31"]))
    assert period_of_dates(dates, 1).tolist() == ["2024"] * 4
    assert period_of_dates(dates, 2).tolist() == ["2024-H1", "2024-H1", "2024-H2", "2024-H2"]
    assert period_of_dates(dates, 4).tolist() == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    assert period_of_dates(dates, 12).tolist() == ["2024-01", "2024-06", "2024-07", "2024-12"]


def test_a_missing_date_has_no_period():
    periods = period_of_dates(pd.Series(pd.to_datetime(["2024-01-01", None])), 4)
    assert periods.dtype == "str"
    assert periods.isna().tolist() == [False, True]
