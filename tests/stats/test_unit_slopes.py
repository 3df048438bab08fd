import time

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_panels import disguised, made_panel

from helpers.stats.claimed_lag import headline
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.unit_slopes import MIN_RESIDUAL_DF, MIN_UNITS, mean_group, unit_slopes


def slopes(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return unit_slopes(headline(panel, x="x", y="y", **{"lag": 2, **choices}))


def differing(rng: np.random.Generator, n_entities: int, n_times: int, spread: float) -> pd.DataFrame:
    """Slopes of lag 2 are .4 on average, with this SD over units."""
    panel = made_panel(rng, n_entities, n_times + 2, effects=(0.0,))
    own = np.repeat(rng.normal(0.4, spread, n_entities), n_times + 2)
    then = panel.groupby("entity")["x"].shift(2)
    return panel.assign(y=panel["y"] + own * then)


@pytest.fixture
def panel() -> pd.DataFrame:
    return made_panel(np.random.default_rng(71), 16, 14, share_kept=0.97)


def test_slopes_and_their_mean_equal_plm():
    table = slopes(data("lag_robustness"), lags=[0, 1, 2])
    wanted, by_unit = expected("lag_robustness")["mean_group"], table.set_index("entity").sort_index()
    np.testing.assert_allclose(by_unit["estimate"], wanted["slopes_plm"], rtol=1e-9)
    np.testing.assert_allclose(by_unit["se"], wanted["slopes_se"], rtol=1e-9)
    row = mean_group(table).iloc[0]
    assert_close({"estimate": row["estimate"], "se": row["se"]}, wanted, 1e-9)
    assert row["tau"] ** 2 == pytest.approx(wanted["tau2"])
    assert_close(row[["q", "q_df", "q_p_value"]].to_dict(), wanted["heterogeneity"], 1e-9)


def test_slopes_come_in_order_and_in_sd(panel):
    table = slopes(panel, lags=[0, 1, 2])
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS
    assert table["estimate"].dropna().is_monotonic_increasing
    np.testing.assert_allclose(table["ci_low_sd"], table["ci_low"] * table.attrs["sd_ratio"])
    row = mean_group(table).iloc[0]
    assert row["estimate_sd"] == pytest.approx(row["estimate"] * table.attrs["sd_ratio"])
    assert row["tau_sd"] == pytest.approx(row["tau"] * table.attrs["sd_ratio"])


def test_units_with_too_few_periods_keep_their_row_and_say_why():
    panel = made_panel(np.random.default_rng(71), 16, 14)
    table = slopes(panel[(panel["entity"] > "unit 002") | (panel["time"] < 2010)], lags=[0, 1, 2])
    without = table[table["reason"] != ""]
    assert set(without["entity"]) == {"unit 000", "unit 001", "unit 002"}
    assert set(without["reason"]) == {"The unit has too few periods for a slope of its own."}
    assert without[["estimate", "se"]].isna().all(axis=None)
    assert table["df"].min() >= MIN_RESIDUAL_DF
    assert mean_group(table).loc[0, ["n_clusters", "n_without"]].tolist() == [13, 3]


def test_a_unit_that_only_moves_with_all_others_has_no_slope():
    panel = made_panel(np.random.default_rng(71), 16, 14)
    first = panel["entity"] == "unit 000"
    others = panel["time"].map(panel[~first].groupby("time")["x"].mean())
    table = slopes(panel.assign(x=np.where(first, others + 5, panel["x"])), lag=0, lags=[0])
    assert table.loc[table["reason"] != "", "entity"].tolist() == ["unit 000"]
    assert table["reason"].iloc[-1].startswith("Lags of this unit move too little")


def test_true_mean_and_true_spread_come_back():
    made = differing(np.random.default_rng(72), 400, 20, spread=0.3)
    row = mean_group(slopes(made, max_lag=2)).iloc[0]
    assert row["estimate"] == pytest.approx(0.4, abs=0.05)
    assert row["tau"] == pytest.approx(0.3, abs=0.05)
    assert row["q_p_value"] < 0.001


def test_equal_slopes_are_seldom_found_to_differ_and_their_mean_is_covered():
    rngs = np.random.default_rng(73).spawn(60)
    rows = pd.concat([mean_group(slopes(differing(rng, 20, 14, spread=0.0))) for rng in rngs])
    assert rows["q_p_value"].lt(0.05).mean() <= 0.13
    assert (rows["ci_low"].lt(0.4) & rows["ci_high"].gt(0.4)).mean() >= 0.87


def test_slopes_that_differ_are_found():
    rngs = np.random.default_rng(74).spawn(20)
    rows = pd.concat([mean_group(slopes(differing(rng, 20, 14, spread=0.6), max_lag=2)) for rng in rngs])
    assert rows["q_p_value"].lt(0.05).mean() >= 0.9


def test_rows_ids_and_index_do_not_matter(panel):
    other = disguised(panel, np.random.default_rng(6))
    one, two = (slopes(table) for table in (panel, other))
    pd.testing.assert_frame_equal(one.drop(columns="entity"), two.drop(columns="entity"), rtol=1e-7)
    pd.testing.assert_frame_equal(mean_group(one), mean_group(two), rtol=1e-7)


def test_few_slopes_do_not_apply(panel):
    few = slopes(panel[panel["time"] < 2008])
    assert (few["reason"] != "").all()
    with pytest.raises(NotApplicable, match=f"Comparing slopes needs {MIN_UNITS} units with enough periods; found 0"):
        mean_group(few)


@pytest.mark.parametrize(("n_entities", "n_times", "seconds"), [(24, 14, 1.5), (680, 9, 3.0)])
def test_slopes_are_quick(n_entities, n_times, seconds):
    made = made_panel(np.random.default_rng(1), n_entities, n_times)
    start = time.process_time()
    mean_group(slopes(made, lag=1, max_lag=1))
    assert time.process_time() - start < seconds
