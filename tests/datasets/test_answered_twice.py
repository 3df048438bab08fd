"""Few people who answered in both periods cannot be told from the interval of a change."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.datasets.answer_frames import answers_of
from helpers.datasets.answered_twice import may_know_people
from helpers.datasets.dataset import open_dataset
from helpers.datasets.survey_scores import CHANGES, unit_intervals

UNITS = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\na,Noord,all,country\nb,Zuid,all,country\n"


@pytest.fixture
def firm(write):
    """Build a firm of two countries with 30 answers each in both years, from how many people are the same."""

    def build(*, keys: bool = True, **same: int):
        rows = []
        for unit, n_same in same.items():
            for year in (2023, 2024):
                people = [f"{unit}{one}" if one < n_same else f"{unit}{one}-{year}" for one in range(30)]
                scores = [(0, 10, 8)[one % 3] for one in range(30)]
                rows += [
                    f"{unit},{year},{score},{who if keys else ''}" for score, who in zip(scores, people, strict=True)
                ]
        return open_dataset(
            write({}, units=UNITS, employee_answers="unit_id,period,recommend,person_key\n" + "\n".join(rows))
        )

    return build


def change(data, unit):
    found = unit_intervals(answers_of(data, "employees", unit, ["person_key"]))
    return found.iloc[-1:][CHANGES].reset_index(drop=True)


def told(data, unit):
    return may_know_people(answers_of(data, "employees", unit, ["person_key"]))


def test_a_single_person_in_both_periods_does_not_show_in_the_interval(firm):
    known, unknown = change(firm(a=1, b=20), "a"), change(firm(a=1, b=20, keys=False), "a")
    pd.testing.assert_frame_equal(known, unknown)


def test_enough_people_in_both_periods_make_the_interval_shorter(firm):
    known, unknown = change(firm(a=20, b=20), "a"), change(firm(a=20, b=20, keys=False), "a")
    assert known["change_high"].iloc[0] < unknown["change_high"].iloc[0]


@pytest.mark.parametrize(("same", "expected"), [(0, True), (3, False), (9, False), (10, True)])
def test_what_is_left_after_a_unit_below_is_enough_or_nobody(firm, same, expected):
    """Country b alone would be too few; what is left of the whole after a is just b."""
    data = firm(a=20, b=same)
    assert told(data, "a") and told(data, "all") == expected


def test_small_groups_of_two_units_are_enough_together(firm):
    data = firm(a=6, b=6)
    assert told(data, "all") and not told(data, "a") and not told(data, "b")
