import time

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_panels import disguised, made_panel
from textbook import least_squares

from helpers.stats import leave_one_out as module
from helpers.stats.claimed_lag import headline
from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.leave_one_out import MAX_REFITS, leave_one_out
from helpers.stats.panels import lagged_sample
from helpers.stats.two_way import two_way_fit


def without(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return leave_one_out(headline(panel, x="x", y="y", **{"lag": 2, **choices}))


def by_unit(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("left_out").sort_index()


def downdated(panel: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, **choices: object) -> pd.DataFrame:
    with monkeypatch.context() as patch:
        patch.setattr(module, "MAX_REFITS", 0)
        return without(panel, **choices)


@pytest.fixture
def panel() -> pd.DataFrame:
    return made_panel(np.random.default_rng(51), 16, 9, share_kept=0.85)


def test_errors_without_each_unit_equal_clubsandwich():
    table = by_unit(without(data("lag_robustness").query("kept == 1"), lags=[0, 1, 2]))
    for unit, wanted in expected("lag_robustness")["left_out"].items():
        assert_close(table.loc[int(unit), ["estimate", "se", "df", "n"]].to_dict(), wanted, 1e-6)


def test_downdated_estimates_equal_the_full_regression_run_again(panel, monkeypatch):
    sample, _ = lagged_sample(panel, x="x", y="y", lags=[0, 1, 2])
    table = by_unit(downdated(panel, monkeypatch, lags=[0, 1, 2]))
    for unit in sample["entity"].unique():
        slopes = least_squares(sample[sample["entity"] != unit], "y", ["x", "x_lag1", "x_lag2"])
        assert table.loc[unit, "estimate"] == pytest.approx(slopes[2], rel=1e-9)


def test_downdated_errors_are_the_cr1_errors_of_a_refit_on_the_scale_of_cr2(panel, monkeypatch):
    sample, _ = lagged_sample(panel, x="x", y="y", lags=[0, 1, 2])

    def error(rows: pd.DataFrame, kind: str) -> float:
        fit = two_way_fit(rows, "y", ["x", "x_lag1", "x_lag2"])
        return linear_combinations(fit, kind=kind).loc[2, "se"]

    scale = error(sample, "CR2") / error(sample, "CR1")
    table = by_unit(downdated(panel, monkeypatch, lags=[0, 1, 2]))
    for unit in sample["entity"].unique():
        left = sample[sample["entity"] != unit]
        assert table.loc[unit, "se"] == pytest.approx(scale * error(left, "CR1"), rel=1e-9)
        assert table.loc[unit, "n"] == len(left)


def test_with_many_units_downdated_errors_are_close_to_refitted_ones(monkeypatch):
    many = made_panel(np.random.default_rng(52), 100, 7, share_kept=0.9)
    fast = by_unit(without(many))
    with monkeypatch.context() as patch:
        patch.setattr(module, "MAX_REFITS", 1000)
        slow = by_unit(without(many))
    np.testing.assert_allclose(fast["estimate"], slow["estimate"], rtol=1e-9)
    np.testing.assert_allclose(fast["se"], slow["se"], rtol=0.02)


def test_blocks_do_not_change_the_answer(monkeypatch):
    many = made_panel(np.random.default_rng(52), MAX_REFITS + 10, 7)
    whole = without(many)
    with monkeypatch.context() as patch:
        patch.setattr(module, "BLOCK_CELLS", 1000)
        pd.testing.assert_frame_equal(whole, without(many))


def test_the_record_holds_the_row_with_all_units(panel):
    table, profile = without(panel), lag_row(lag_profile(panel, x="x", y="y"), 2)
    for name in (*ESTIMATE_COLUMNS[1:], "estimate_sd", "least_detectable_sd"):
        assert table.attrs["full"][name] == pytest.approx(profile[name]), name
    np.testing.assert_allclose(table["shift"], table["estimate"] - profile["estimate"])
    assert table["shift"].abs().is_monotonic_decreasing


def strange(panel: pd.DataFrame) -> pd.DataFrame:
    """The first unit moves five times as far as the others, and its y the other way."""
    first = panel["entity"] == "unit 000"
    x = panel["x"] + 4 * first * panel["x"]
    then = x.groupby(panel["entity"]).shift(2).fillna(0.0)
    return panel.assign(x=x, y=panel["y"] - 2 * first * then)


@pytest.mark.parametrize("n_entities", [20, MAX_REFITS + 1])
def test_a_unit_that_decides_is_named(n_entities):
    panel = strange(made_panel(np.random.default_rng(53), n_entities, 12, effects=(0.0, 0.0, 0.4)))
    table = without(panel)
    assert table.attrs["errors"] == ("refitted" if n_entities <= MAX_REFITS else "downdated")
    assert table.attrs["most_moving"] == "unit 000"
    assert "unit 000" in table.attrs["deciding"]
    assert table.loc[0, ["changes_sign", "changes_zero", "decides"]].tolist() == [True, True, True]


def test_no_unit_decides_a_clear_effect():
    table = without(made_panel(np.random.default_rng(54), 24, 14, effects=(0.0, 0.0, 0.6)))
    assert table.attrs["deciding"] == []
    assert not table["decides"].any()


@pytest.mark.parametrize("limit", [0, 100])
def test_an_effect_that_one_unit_alone_shows_hangs_on_it(panel, monkeypatch, limit):
    first = panel["entity"] == "unit 000"
    alone = panel.assign(x=np.where(first, panel["x"], 0.0))
    monkeypatch.setattr(module, "MAX_REFITS", limit)
    table = without(alone, lags=[2])
    assert table.attrs["deciding"][0] == "unit 000"
    assert np.isnan(table.loc[0, "estimate"])


def test_rows_ids_and_index_do_not_matter(panel, monkeypatch):
    other = disguised(panel, np.random.default_rng(6))
    for run in (without, lambda table: downdated(table, monkeypatch)):
        one, two = (run(table).drop(columns="left_out") for table in (panel, other))
        pd.testing.assert_frame_equal(one, two, rtol=1e-7)


def test_a_lag_the_panel_does_not_bear_does_not_apply(panel):
    with pytest.raises(NotApplicable, match="This panel bears lags up to 1, not lag 2"):
        without(panel, max_lag=1)


@pytest.mark.parametrize(("n_entities", "n_times", "seconds"), [(24, 14, 2.0), (680, 6, 3.0)])
def test_leaving_out_is_quick(n_entities, n_times, seconds):
    made = made_panel(np.random.default_rng(1), n_entities, n_times)
    start = time.process_time()
    without(made, lag=1)
    assert time.process_time() - start < seconds
