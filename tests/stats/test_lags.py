import numpy as np
import pandas as pd
import pytest
from made_panels import disguised, made_panel

from helpers.stats.estimates import NotApplicable
from helpers.stats.panels import REASONS, add_lags, lag_column, lagged_sample, leaves_enough, longest_lag_set


def panel_of(times: dict[str, list[int]]) -> pd.DataFrame:
    """x counts 100 per entity plus the year's last digit, so that a lag can be read off."""
    rows = [(entity, time, 100 * k + time % 10) for k, entity in enumerate(times) for time in times[entity]]
    return pd.DataFrame(rows, columns=["entity", "time", "x"]).astype({"x": float}).assign(y=lambda table: -table["x"])


def counts(dropped: pd.DataFrame) -> dict[str, int]:
    return {reason: n for reason, n in dropped.set_index("reason")["n_rows"].items() if n}


def test_a_lag_is_the_value_one_calendar_period_earlier():
    lagged = add_lags(panel_of({"a": [2001, 2002, 2003], "b": [2001, 2002]}), ["x"], [1])
    np.testing.assert_array_equal(lagged["x_lag1"], [np.nan, 1, 2, np.nan, 101])


def test_a_gap_is_not_a_shorter_lag():
    lagged = add_lags(panel_of({"a": [2001, 2002, 2004]}), ["x"], [1, 2])
    np.testing.assert_array_equal(lagged["x_lag1"], [np.nan, 1, np.nan])
    np.testing.assert_array_equal(lagged["x_lag2"], [np.nan, np.nan, 2])


def test_a_negative_lag_is_a_lead():
    lagged = add_lags(panel_of({"a": [2001, 2002, 2003]}), ["x"], [-1])
    np.testing.assert_array_equal(lagged["x_lead1"], [2, 3, np.nan])


def test_lags_never_reach_into_another_entity():
    panel = panel_of({"a": [2001, 2002], "b": [2001, 2002], "c": [2001]})
    assert add_lags(panel, ["x"], [5, -5])[["x_lag5", "x_lead5"]].isna().all(axis=None)


def test_lags_keep_rows_and_index_whatever_their_order():
    panel = panel_of({"a": [2001, 2002, 2003], "b": [2001, 2003]})
    shuffled = panel.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(add_lags(shuffled, ["x"], [1]).sort_index(), add_lags(panel, ["x"], [1]))


def test_lag_names_tell_lags_and_leads():
    assert [lag_column("x", lag) for lag in (-2, 0, 3)] == ["x_lead2", "x", "x_lag3"]


def test_lags_equal_shifts_on_a_full_panel():
    panel = made_panel(np.random.default_rng(1), 5, 6)
    pd.testing.assert_series_equal(
        add_lags(panel, ["x"], [2])["x_lag2"], panel.groupby("entity")["x"].shift(2), check_names=False
    )


def test_every_dropped_row_is_counted_once_with_its_reason():
    panel = panel_of({"a": [2001, 2002, 2003, 2005], "b": [2001, 2002, 2003], "c": [2001, 2002]})
    panel.loc[1, "y"] = np.nan
    panel.loc[5, "x"] = np.nan
    sample, dropped = lagged_sample(panel, x="x", y="y", lags=[0, 1])
    assert list(dropped["reason"]) == list(REASONS)
    assert dropped["n_rows"].sum() == len(panel)
    found = counts(dropped)
    assert found.pop("missing_y") == 1
    assert found.pop("missing_x") == 1
    assert found.pop("lag_before_start") == 3
    assert found.pop("lag_in_gap") == 2
    assert found == {"single_row_entity": 2}
    assert sample.empty


def test_a_lead_after_the_last_period_has_its_own_reason():
    panel = panel_of({"a": [2001, 2002, 2003], "b": [2001, 2002, 2003]})
    _, dropped = lagged_sample(panel, x="x", y="y", lags=[-1, 0])
    assert counts(dropped) == {"lead_after_end": 2, "kept": 4}


def test_single_rows_go_in_turns_until_none_is_left():
    panel = panel_of({"a": [2001, 2002, 2003], "b": [2001, 2002], "c": [2004, 2003]})
    sample, dropped = lagged_sample(panel, x="x", y="y", lags=[0])
    assert counts(dropped) == {"single_row_period": 2, "single_row_entity": 1, "kept": 4}
    assert set(sample["entity"]) == {"a", "b"}


def test_the_sample_is_the_same_for_any_row_order_and_id():
    panel = made_panel(np.random.default_rng(4), share_kept=0.8)
    other = disguised(panel, np.random.default_rng(5))
    first, second = (lagged_sample(table, x="x", y="y", lags=[0, 1, 2]) for table in (panel, other))
    pd.testing.assert_frame_equal(first[1], second[1])
    np.testing.assert_array_equal(np.sort(first[0]["x_lag2"]), np.sort(second[0]["x_lag2"]))


def test_two_usable_periods_decide_the_longest_lag_set():
    full = panel_of({entity: list(range(2001, 2006)) for entity in "abcd"})
    assert longest_lag_set(full, x="x", y="y", max_lag=8) == (0, 1, 2, 3)
    assert longest_lag_set(full, x="x", y="y", max_lag=2) == (0, 1, 2)
    assert longest_lag_set(full, x="x", y="y", max_lag=8, lead=True) == (-1, 0, 1, 2)


def test_a_gap_shortens_the_lag_set_as_in_chicago():
    schools = panel_of({entity: [2015, 2016, 2017, 2018, 2021, 2022] for entity in "abcd"})
    assert longest_lag_set(schools, x="x", y="y") == (0, 1, 2)
    assert longest_lag_set(schools, x="x", y="y", lead=True) == (-1, 0, 1)


def test_half_of_the_units_must_keep_two_periods():
    panel = panel_of({"a": [2001, 2002, 2003], "b": [2001, 2002, 2003], "c": [2001, 2002], "d": [2001, 2002]})
    assert leaves_enough(panel, x="x", y="y", lags=[0, 1])
    assert not leaves_enough(panel[panel["entity"] != "b"], x="x", y="y", lags=[0, 1])


def test_one_period_cannot_tell_lags():
    with pytest.raises(NotApplicable, match=r"x and y are not seen together in 2 periods of most units"):
        longest_lag_set(panel_of({entity: [2001] for entity in "abcd"}), x="x", y="y")


def test_a_negative_longest_lag_is_refused():
    with pytest.raises(ValueError, match=r"max_lag must be 0 or more; found -1"):
        longest_lag_set(panel_of({"a": [2001]}), x="x", y="y", max_lag=-1)


def test_doubled_rows_are_refused():
    with pytest.raises(ValueError, match=r"one row per entity and time; found more for a in 2001"):
        add_lags(panel_of({"a": [2001, 2001]}), ["x"], [1])


def test_times_that_are_not_integers_are_refused():
    with pytest.raises(ValueError, match=r"time must be integer, counted in periods; found float64"):
        add_lags(panel_of({"a": [2001]}).astype({"time": float}), ["x"], [1])


def test_a_missing_column_is_refused():
    with pytest.raises(ValueError, match=r"panel must have the column 'z'; found entity, time, x, y"):
        add_lags(panel_of({"a": [2001]}), ["z"], [1])
