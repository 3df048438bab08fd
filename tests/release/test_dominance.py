"""Rule 7: a sum that one or two people make up almost alone is not shown."""

import numpy as np
import pandas as pd
import pytest

from helpers.release import release
from helpers.release.dominance import is_dominated

UNITS = pd.DataFrame({"unit_id": ["a"], "name": ["A"], "parent_id": [None], "level": ["top"]})


@pytest.mark.parametrize(
    ("largest", "second", "dominated"),
    [(50, 25, False), (50.1, 10, True), (40, 35, False), (40, 35.1, True), (np.nan, 10, True), (40, np.nan, True)],
)
def test_half_by_one_or_three_quarters_by_two_is_the_limit(largest, second, dominated):
    parts = (pd.Series([float(part)]) for part in (100, largest, second))
    assert is_dominated(*parts).tolist() == [dominated]


def test_a_sum_without_anything_in_it_is_not_told():
    assert is_dominated(*(pd.Series([0.0]) for _ in range(3))).tolist() == [True]


def test_losses_count_by_their_size():
    assert is_dominated(pd.Series([-100.0]), pd.Series([-60.0]), pd.Series([-5.0])).tolist() == [True]


@pytest.mark.parametrize(("largest", "hidden_by"), [(30.0, ""), (60.0, "dominance"), (np.nan, "dominance")])
def test_the_gate_hides_dominated_sums(largest, hidden_by):
    row = {"unit_id": "a", "period": "2024", "measure": "days", "kind": "value", "estimate": 100.0, "n": 40}
    scores = pd.DataFrame([row | {"magnitude": True, "largest": largest, "second": 10.0}])
    frame = release(scores, UNITS, min_group=10, disclosure="gate").frame
    assert frame["hidden_by"].tolist() == [hidden_by]
    assert frame["estimate"].isna().tolist() == [bool(hidden_by)]


def test_what_is_no_sum_needs_no_parts():
    row = {"unit_id": "a", "period": "2024", "measure": "profit", "kind": "value", "estimate": 100.0, "n": 40}
    parts = {"magnitude": False, "largest": np.nan, "second": np.nan}
    assert release(pd.DataFrame([row | parts]), UNITS, min_group=10, disclosure="gate").frame["released"].all()
