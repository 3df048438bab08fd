"""A reorganisation is marked where many units below came or went, not where one did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.reorganisations import reorganised_periods

HEAD = "unit_id,name,parent_id,level,valid_from,valid_to\n001,Voorbeeld,,organisation,,\n010,Noord,001,country,,\n"
TEAMS = "".join(f"t{number:02d},Team {number},010,team,,\n" for number in range(15))
SCORES = "unit_id,period,measure,estimate,n\n" + "".join(f"010,{year},enps,5,50\n" for year in range(2015, 2021))


@pytest.fixture
def periods(write) -> Callable[..., list[str]]:
    """Reorganised periods of 15 lasting teams and more lines of units."""

    def find(*lines: str, unit_id: str = "010", units: str = HEAD + TEAMS) -> list[str]:
        folder = write(units=units + "".join(f"{line}\n" for line in lines), scores=SCORES)
        return reorganised_periods(open_dataset(folder), unit_id)

    return find


def test_units_that_begin_together_mark_their_first_period(periods):
    assert periods("a,A,010,team,2018,", "b,B,010,team,2018,") == ["2018"]


def test_units_that_end_together_mark_the_period_after(periods):
    assert periods("a,A,010,team,,2016", "b,B,010,team,,2016") == ["2017"]


def test_one_unit_of_many_that_begins_is_everyday_life(periods):
    assert periods("a,A,010,team,2018,") == []


def test_what_the_series_begins_or_ends_with_is_no_reorganisation(periods):
    assert periods("a,A,010,team,2015,2020", "b,B,010,team,2015,2020") == []


def test_a_unit_without_others_below_is_never_reorganised(periods):
    assert periods("a,A,010,team,2018,", unit_id="a") == []


def test_without_the_columns_nothing_is_marked(periods):
    assert periods(units="unit_id,name,parent_id,level\n001,Voorbeeld,,organisation\n010,Noord,001,country\n") == []
