"""The gate: what is hidden, what passes, and that nothing else can make a released table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.release import ReleasedTable, release, released_rows, require_released
from helpers.release.table import LABELS, MIN_GROUP_FLOOR

UNITS = pd.DataFrame(
    {
        "unit_id": ["a", "b", "c"],
        "name": ["A", "B", "C"],
        "parent_id": [None, "a", "a"],
        "level": ["top", "team", "team"],
    }
)


def scores(n: list[float], **columns: object) -> pd.DataFrame:
    """Make one score of `enps` per unit, with the numbers of answers given."""
    frame = pd.DataFrame({"unit_id": ["a", "b", "c"][: len(n)], "period": "2024", "measure": "enps", "kind": "nps"})
    figures = {"estimate": 12.0, "n": n, "se": 50.0, "ci_low": -86.0, "ci_high": 110.0, "conf_level": 0.95}
    return frame.assign(**figures | columns)


def released(n: list[float], *, min_group: int = 10, disclosure: str = "gate", **columns: object) -> ReleasedTable:
    return release(scores(n, **columns), UNITS, min_group=min_group, disclosure=disclosure)


def test_a_group_of_exactly_the_threshold_is_shown():
    frame = released([10, 9]).frame
    assert frame["released"].tolist() == [True, False]
    assert frame["hidden_by"].tolist() == ["", "min_group"]
    assert frame["estimate"].iloc[0] == 12


def test_an_unknown_number_of_answers_hides():
    assert released([np.nan]).n_hidden == 1


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=3), st.integers(MIN_GROUP_FLOOR, 20))
def test_no_figure_of_a_small_group_is_left(n, min_group):
    frame = released(n, min_group=min_group).frame
    small = frame[np.array(n) < min_group]
    assert small.drop(columns=[*LABELS, "released", "hidden_by"], errors="ignore").isna().all(axis=None)
    assert (frame["n"].notna() == frame["released"]).all()


def test_a_column_the_gate_does_not_know_is_hidden_too():
    frame = released([3, 30], share_of_promoters=[0.5, 0.5], verdict=["yes", "yes"]).frame
    assert frame[["share_of_promoters", "verdict"]].isna().all(axis=1).tolist() == [True, False]


def test_hidden_rows_keep_unit_period_and_measure():
    frame = released([3]).frame
    assert frame[["unit_id", "period", "measure", "name", "level"]].values.tolist() == [
        ["a", "2024", "enps", "A", "top"]
    ]


@pytest.mark.parametrize(("n_before", "kept"), [(12, True), (6, False)])
def test_a_change_from_a_hidden_period_is_hidden(n_before, kept):
    figures = {"change": 4.0, "change_low": -2.0, "change_high": 10.0}
    before, now = scores([n_before], period="2023"), scores([30], n_previous=n_before, **figures)
    table = pd.concat([before, now], ignore_index=True)
    frame = release(table, UNITS, min_group=10, disclosure="gate").frame
    assert frame.loc[1, [*figures, "n_previous"]].notna().all() == kept
    assert frame.loc[1, [*figures, "n_previous"]].isna().all() != kept
    assert frame.loc[1, "released"]


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize(("cause", "kept"), [(None, True), ("dominance", False), ("reserved", False)])
def test_a_change_from_what_is_one_persons_before_is_hidden(cause, kept, shuffled):
    figures = {"change": 4.0, "change_low": -2.0, "change_high": 10.0}
    marks = {"magnitude": True, "second": 1.0, "reserved": False}
    earlier = marks | {"largest": 11.0 if cause == "dominance" else 2.0, "reserved": cause == "reserved"}
    before, now = scores([30], period="2023", **earlier), scores([30], n_previous=30, largest=2.0, **figures, **marks)
    frame = release(
        pd.concat([now, before] if shuffled else [before, now], ignore_index=True),
        UNITS,
        min_group=10,
        disclosure="gate",
    ).frame.set_index("period")
    assert frame.loc["2023", "hidden_by"] == (cause or "") and frame.loc["2024", "released"]
    assert frame.loc["2024", [*figures, "n_previous"]].notna().all() == kept
    assert frame.loc["2024", [*figures, "n_previous"]].isna().all() != kept


def test_published_figures_pass_without_a_number_of_answers():
    table = released([np.nan, 2], disclosure="published", change=1.0, n_previous=[np.nan, 1])
    assert (table.n_hidden, table.published) == (0, True)
    assert table.frame[["estimate", "change"]].notna().all(axis=None)


def test_the_order_and_number_of_rows_stay():
    shuffled = scores([30, 3, 20]).iloc[[2, 0, 1]]
    frame = release(shuffled, UNITS, min_group=10, disclosure="gate").frame
    assert frame["unit_id"].tolist() == ["c", "a", "b"]
    assert frame.index.tolist() == [0, 1, 2]


def test_the_scores_given_are_left_as_they_were():
    given_scores = scores([3])
    release(given_scores, UNITS, min_group=10, disclosure="gate")
    pd.testing.assert_frame_equal(given_scores, scores([3]))


def test_rows_are_those_of_the_frame_and_a_copy():
    table = released([30, 3])
    pd.testing.assert_frame_equal(pd.DataFrame(table.rows), table.frame, check_dtype=False)
    table.rows[0]["estimate"] = 99
    assert table.rows[0]["estimate"] == table.frame["estimate"].iloc[0] != 99


def test_rows_are_refused_as_the_frame_is():
    with pytest.raises(TypeError, match="plot_trend must get a ReleasedTable; found DataFrame"):
        released_rows(scores([30]), "plot_trend")


def test_the_frame_is_a_copy():
    table = released([30])
    changed = table.frame
    changed["estimate"] = 99.0
    assert table.frame.loc[0, "estimate"] == 12


def test_where_keeps_the_rows_with_the_values_given():
    table = released([30, 3, 20])
    assert table.where(unit_id=["a", "b"], period="2024").frame["unit_id"].tolist() == ["a", "b"]
    assert len(table.where(unit_id="b")) == table.where(unit_id="b").n_hidden == 1
    assert len(table.where(measure="nps")) == 0


def test_where_refuses_an_unknown_column():
    with pytest.raises(ValueError, match=r"column must be one of unit_id, period, .*; found 'unit'"):
        released([30]).where(unit="a")


def test_the_representation_tells_how_much_is_hidden_and_no_figure():
    assert repr(released([30, 3])) == "ReleasedTable(2 rows, 1 hidden, min_group=10)"


def test_a_threshold_below_the_floor_is_refused():
    with pytest.raises(ValueError, match="min_group must be at least 5; found 4"):
        released([30], min_group=4)


def test_an_unknown_disclosure_is_refused():
    with pytest.raises(ValueError, match="disclosure must be 'gate' or 'published'; found 'open'"):
        released([30], disclosure="open")


def test_scores_without_n_are_refused():
    with pytest.raises(ValueError, match=r"scores must have the columns .*; found none named estimate, n"):
        release(scores([30])[["unit_id", "period", "measure"]], UNITS, min_group=10, disclosure="gate")


def test_scores_of_an_unknown_unit_are_refused():
    with pytest.raises(ValueError, match="unit_id must be in units; found 'c' in row 2 of scores"):
        release(scores([30, 30, 30]), UNITS[:2], min_group=10, disclosure="gate")


def test_nobody_else_makes_a_released_table():
    with pytest.raises(TypeError, match=r"ReleasedTable must be made by helpers.release.release; found a direct call"):
        ReleasedTable(scores([30]), min_group=10, published=False)


def test_a_raw_frame_is_not_shown():
    with pytest.raises(
        TypeError, match=r"plot_trend must get a ReleasedTable; found DataFrame. Pass it through release"
    ):
        require_released(scores([30]), "plot_trend")


def test_a_released_table_gives_its_rows():
    pd.testing.assert_frame_equal(require_released(released([30, 3]), "plot_trend"), released([30, 3]).frame)


def test_a_change_without_the_answers_before_is_refused():
    with pytest.raises(ValueError, match="scores must have n_previous beside change"):
        released([30], change=4.0)
