import time

import numpy as np
import pandas as pd
import pytest
from made_panels import disguised, made_panel

from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_by_lag, lag_profile, lag_row, sd_ratio
from helpers.stats.panels import lagged_sample
from helpers.stats.two_way import free_of_effects, two_way_fit


def profile(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return lag_profile(panel, x="x", y="y", **choices)


def by_term(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("term")


@pytest.fixture
def panel() -> pd.DataFrame:
    return made_panel(np.random.default_rng(21), effects=(0.2, 0.0, 0.5))


def test_terms_come_in_order_with_lead_lags_and_sum(panel):
    table = profile(panel)
    assert list(table["term"]) == ["lead 1", "lag 0", "lag 1", "lag 2", "lag 3", "cumulative"]
    assert table["lag"].tolist()[:5] == [-1, 0, 1, 2, 3]
    assert table["lag"].isna().tolist() == [False] * 5 + [True]
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS


def test_large_panels_give_back_the_true_effects():
    table = by_term(profile(made_panel(np.random.default_rng(3), 400, 14, effects=(0.2, 0.0, 0.5))))
    wanted = {"lead 1": 0, "lag 0": 0.2, "lag 1": 0, "lag 2": 0.5, "lag 3": 0, "cumulative": 0.7}
    assert table["estimate"].to_dict() == pytest.approx(wanted, abs=0.06)


def test_the_headline_keeps_its_sample_beside_the_placebo(panel):
    with_lead, without = profile(panel), profile(panel, lead=False)
    headline = with_lead[with_lead["model"] == "headline"].reset_index(drop=True)
    pd.testing.assert_frame_equal(headline, without, check_dtype=False)
    lead = with_lead.iloc[0]
    assert lead["model"] == "placebo"
    assert lead["n"] < headline["n"].iloc[0]


def test_the_headline_is_one_regression_on_all_lags(panel):
    sample, _ = lagged_sample(panel, x="x", y="y", lags=[0, 1, 2])
    fit = two_way_fit(sample, "y", ["x", "x_lag1", "x_lag2"])
    table = by_term(profile(panel, lags=[0, 1, 2]))
    np.testing.assert_allclose(table.loc[["lag 0", "lag 1", "lag 2"], "estimate"], fit.coefficients)
    assert table.loc["cumulative", "estimate"] == pytest.approx(fit.coefficients.sum())


def test_figures_in_sd_are_points_times_the_ratio_of_within_sds(panel):
    table = profile(panel)
    ratio = sd_ratio(panel, x="x", y="y")
    free = free_of_effects(panel, ["x", "y"]).std()
    assert ratio == pytest.approx(free["x"] / free["y"])
    for column in ("estimate", "se", "ci_low", "ci_high", "least_detectable"):
        np.testing.assert_allclose(table[f"{column}_sd"], table[column] * ratio)


def test_figures_in_sd_do_not_depend_on_the_units_of_measurement(panel):
    other = panel.assign(x=panel["x"] * 30 + 5, y=panel["y"] * 0.01)
    np.testing.assert_allclose(profile(panel)["ci_high_sd"], profile(other)["ci_high_sd"])


def test_the_record_tells_lags_periods_and_losses(panel):
    record = profile(panel, max_lag=2).attrs
    assert (record["lags"], record["lag_rule"], record["placebo_lags"]) == ([0, 1, 2], "max_lag", [-1, 0, 1, 2])
    assert (record["periods"], record["placebo_periods"]) == (list(range(2003, 2013)), list(range(2003, 2012)))
    assert record["n_entities"] == 20
    assert sum(row["n_rows"] for row in record["dropped"]) == len(panel)


def test_short_panels_get_the_longest_lags_they_bear_and_a_placebo_beside_fewer():
    short = made_panel(np.random.default_rng(2), n_times=4)
    record = profile(short).attrs
    assert (record["lags"], record["lag_rule"], record["placebo_lags"]) == ([0, 1, 2], "longest", [-1, 0, 1])


def test_two_periods_bear_no_placebo():
    table = profile(made_panel(np.random.default_rng(2), n_times=2))
    assert list(table["term"]) == ["lag 0", "cumulative"]
    assert table.attrs["placebo_lags"] is None


def test_swapping_the_columns_finds_no_effect_where_none_runs_back():
    panel = made_panel(np.random.default_rng(5), 200, 12, effects=(0.0, 0.6))
    reverse = by_term(lag_profile(panel, x="y", y="x", max_lag=2)).loc["lag 1"]
    assert reverse["ci_low"] < 0 < reverse["ci_high"]


def test_a_lead_that_acts_is_seen():
    panel = made_panel(np.random.default_rng(5), 100, 12, effects=(0.0, 0.6))
    lead = by_term(lag_profile(panel, x="y", y="x", max_lag=1)).loc["lead 1"]
    assert lead["ci_low"] > 0


def test_clusters_above_units_are_used(panel):
    countries = panel.assign(country=panel["entity"].str[-3:].astype(int) % 6)
    assert profile(countries, cluster="country")["n_clusters"].tolist() == [6] * 6


def test_rows_ids_and_index_do_not_matter():
    panel = made_panel(np.random.default_rng(22), share_kept=0.9)
    other = disguised(panel, np.random.default_rng(6))
    pd.testing.assert_frame_equal(profile(panel), profile(other), rtol=1e-8)


def test_few_units_do_not_apply(panel):
    few = panel[panel["entity"] < "unit 004"]
    with pytest.raises(
        NotApplicable, match=f"Telling lags apart needs {MIN_CLUSTERS} units with enough periods; found 4"
    ):
        profile(few)


def test_lags_that_leave_too_little_do_not_apply(panel):
    with pytest.raises(NotApplicable, match=r"Lag 11 leaves most units fewer than 2 periods"):
        profile(panel, lags=[0, 11])


def test_a_cause_that_never_moves_does_not_apply(panel):
    with pytest.raises(NotApplicable, match=r"x does not change within units"):
        profile(panel.assign(x=1.0))


def test_leads_among_the_lags_are_refused(panel):
    with pytest.raises(ValueError, match=r"numbers from 0 up; found \[-1, 0\]. For leads, use lead=True"):
        profile(panel, lags=[0, -1])


def test_one_lag_at_a_time_uses_one_regressor_and_all_its_rows(panel):
    table = by_term(lag_by_lag(panel, x="x", y="y", lags=[-1, 0, 2]))
    sample, _ = lagged_sample(panel, x="x", y="y", lags=[2])
    assert table.loc["lag 2", "estimate"] == pytest.approx(two_way_fit(sample, "y", ["x_lag2"]).coefficients.iloc[0])
    assert table["n"].to_dict() == {"lead 1": 220, "lag 0": 240, "lag 2": 200}
    assert set(table["model"]) == {"alone"}


def test_a_lag_that_the_panel_does_not_bear_is_an_empty_row(panel):
    row = by_term(lag_by_lag(panel, x="x", y="y", lags=[0, 30])).loc["lag 30"]
    assert np.isnan(row["estimate"])
    assert row["n"] == 0


def test_one_lag_at_a_time_takes_over_from_its_neighbours():
    panel = made_panel(np.random.default_rng(8), 400, 14, effects=(0.0, 0.0, 0.6), autocorrelation=0.7)
    alone = by_term(lag_by_lag(panel, x="x", y="y", lags=[1])).loc["lag 1"]
    together = by_term(profile(panel)).loc["lag 1"]
    assert alone["ci_low"] > 0.1
    assert abs(together["estimate"]) < 0.06


def simulated(n_panels: int, effects: tuple[float, ...]) -> pd.DataFrame:
    rngs = np.random.default_rng(77).spawn(n_panels)
    rows = [by_term(profile(made_panel(rng, 20, 10, effects=effects), lead=False, max_lag=2)) for rng in rngs]
    return pd.concat(rows).loc["lag 2"]


def test_intervals_cover_a_true_effect():
    found = simulated(100, (0.0, 0.0, 0.4))
    assert found["ci_low"].le(0.4).mul(found["ci_high"].ge(0.4)).mean() >= 0.90


def test_no_effect_is_seldom_found():
    assert simulated(100, (0.0,))["p_value"].lt(0.05).mean() <= 0.10


@pytest.mark.parametrize(("n_entities", "n_times", "seconds"), [(24, 14, 0.5), (150, 8, 1.0), (680, 6, 2.0)])
def test_profiles_are_quick(n_entities, n_times, seconds):
    panel = made_panel(np.random.default_rng(1), n_entities, n_times)
    start = time.process_time()
    profile(panel)
    assert time.process_time() - start < seconds


def test_the_row_of_a_lag_is_found_by_its_number_and_of_the_sum_by_name(panel):
    table = profile(panel)
    assert lag_row(table, 2)["term"] == "lag 2"
    assert lag_row(table, "cumulative")["estimate"] == by_term(table).loc["cumulative", "estimate"]


def test_a_lag_outside_the_profile_is_a_row_of_nan(panel):
    row = lag_row(profile(panel), 9)
    assert np.isnan(row["estimate"])
    assert row["lag"] == 9
