import time

import numpy as np
import pandas as pd
import pytest
from cases import HERE, assert_close, data, expected
from made_panels import disguised, made_panel

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.lag_variants import lag_variants
from helpers.stats.specification_curve import curve_test, specification_curve

CHOICES = ["lags", "weights", "sample", "left_out", "trends", "measure"]


def with_answers(panel: pd.DataFrame, seed: int = 2) -> pd.DataFrame:
    return panel.assign(n=np.random.default_rng(seed).integers(10, 400, len(panel)))


def curve(panel: pd.DataFrame, lag: int = 1, **choices: object) -> pd.DataFrame:
    return specification_curve(panel, x="x", y="y", lag=lag, **choices)


def whole_curve(panel: pd.DataFrame, lag: int = 1, seed: int = 1, **choices: object) -> pd.DataFrame:
    choices = {"n_draws": 199} | choices
    table = curve_test(panel, x="x", y="y", lag=lag, rng=np.random.default_rng(seed), **choices)
    return table.set_index("term")


def test_every_specification_equals_a_plain_regression_of_statsmodels():
    wanted = pd.read_csv(HERE / "specification_curve" / "curve.csv", keep_default_na=False)
    found = curve(data("specification_curve"), n="n", lags=(0, 1))
    both = wanted.merge(found.fillna({"left_out": ""}), on=CHOICES, suffixes=("_wanted", ""))
    assert len(both) == len(wanted) == len(found) == 96
    for column in ("estimate", "se", "n", "n_clusters"):
        np.testing.assert_allclose(both[column], both[f"{column}_wanted"].astype(float), rtol=1e-8)


def test_the_test_of_the_curve_equals_loops_over_all_120_arrangements_of_five_units():
    found = whole_curve(data("specification_curve"), n="n", lags=(0, 1))
    assert found["exact"].all() and set(found["n_draws"]) == {120} and set(found["n_permuted"]) == {5}
    for name, wanted in expected("specification_curve").items():
        assert_close(found.loc[name, list(wanted)].to_dict(), wanted)


def test_random_arrangements_come_close_to_all_of_them():
    panel = made_panel(np.random.default_rng(4), 6, 9, effects=(0.0, 0.2))
    every, random = (whole_curve(panel, n_draws=n_draws) for n_draws in (720, 719))
    assert (every["exact"].all(), random["exact"].any()) == (True, False)
    # Three Monte Carlo errors of 719 draws.
    np.testing.assert_allclose(random["p_value"], every["p_value"], atol=3 * np.sqrt(0.25 / 719))


def test_the_headline_is_that_of_the_lag_profile_and_stands_once_in_the_curve():
    panel = made_panel(np.random.default_rng(4), share_kept=0.95)
    found = curve(panel, 2)
    wanted = lag_row(lag_profile(panel, x="x", y="y", lead=False), 2)
    (row,) = found[found["is_headline"]].to_dict("records")
    assert_close({name: row[name] for name in ("estimate", "estimate_sd", "n", "n_clusters")}, wanted)


@pytest.mark.parametrize(
    ("variant", "trends", "measure"),
    [("unit_trends", "unit", "levels"), ("first_differences", "none", "differences")],
)
def test_trends_and_changes_are_those_of_the_other_specifications(variant: str, trends: str, measure: str):
    panel = made_panel(np.random.default_rng(4))
    wanted = lag_variants(panel, x="x", y="y", lag=1).set_index("variant").loc[variant]
    found = curve(panel).query("lags == '0, 1, 2, 3' and sample == 'all'")
    (row,) = found.query("trends == @trends and measure == @measure").to_dict("records")
    assert_close({name: row[name] for name in ("estimate", "estimate_sd")}, wanted)


def test_all_combinations_stand_in_the_curve_once_sorted_by_effect():
    found = curve(with_answers(made_panel(np.random.default_rng(4))), 2, n="n")
    assert len(found) == 3 * 2 * 6 * 2 * 2 and not found.duplicated(CHOICES).any()
    assert found["estimate_sd"].is_monotonic_increasing
    assert tuple(found.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS


def test_without_answers_there_are_neither_weights_nor_largest_units():
    found = curve(made_panel(np.random.default_rng(4)), 2)
    assert len(found) == 3 * 3 * 2 * 2 and set(found["weights"]) == {"equal"} and found["left_out"].isna().all()


def test_equal_answers_weigh_nothing():
    found = curve(made_panel(np.random.default_rng(4)).assign(n=25), n="n").fillna({"left_out": ""})
    equal, by_n = (found[found["weights"] == one].sort_values([*CHOICES[2:], "lags"]) for one in ("equal", "n"))
    np.testing.assert_allclose(equal["estimate"], by_n["estimate"], rtol=1e-9)
    np.testing.assert_allclose(equal["se"], by_n["se"], rtol=1e-9)


def test_the_units_left_out_are_those_with_most_answers():
    panel = made_panel(np.random.default_rng(4), 9)
    panel = panel.assign(n=10 + 100 * panel["entity"].isin(["unit 001", "unit 004", "unit 007"]))
    left_out = curve(panel, n="n")["left_out"].dropna()
    assert sorted(left_out.unique()) == ["unit 001", "unit 004", "unit 007"]


def test_a_specification_that_cannot_be_estimated_keeps_its_row_and_its_reason():
    found = curve(made_panel(np.random.default_rng(4), 8, 4), lags=(0, 1))
    (row,) = (
        found.query("lags == '0, 1' and trends == 'unit' and sample == 'without_last_period'")
        .query("measure == 'levels'")
        .to_dict("records")
    )
    assert np.isnan(row["estimate"]) and row["reason"].startswith("Telling lags apart needs")
    assert found["estimate"].notna().any() and found["estimate"].iloc[-1:].isna().all()


def test_a_strong_effect_makes_a_curve_that_is_no_chance():
    found = whole_curve(made_panel(np.random.default_rng(4), effects=(0.0, 0.5)))
    assert found.loc["median", "p_value"] == 1 / 200 == found.loc["share_significant", "p_value"]
    # In SD: 0.5 times SD(x) / SD(y), where y adds noise as large as x.
    assert found.loc["median", "estimate"] == pytest.approx(0.5 / np.sqrt(1 + 0.5**2), abs=0.15)
    assert found.loc["share_expected_sign", "estimate"] == 1


def test_an_effect_of_the_other_sign_is_far_from_zero_but_not_as_expected():
    found = whole_curve(made_panel(np.random.default_rng(4), effects=(0.0, 0.5)), sign=-1)
    assert found.loc["median", "p_value"] == 1 / 200
    assert found.loc[["share_expected_sign", "share_significant"], "estimate"].tolist() == [0, 0]
    assert found.loc["share_significant", "p_value"] == 1


def test_a_true_null_is_rarely_rejected_by_any_of_the_three():
    rng, rejected = np.random.default_rng(5), []
    for _ in range(60):
        panel = made_panel(rng, 10, 8, effects=(0.0,))
        found = curve_test(panel, x="x", y="y", lag=0, max_lag=1, rng=rng, n_draws=99)
        rejected.append(found["p_value"] <= 0.05)
    # Three Monte Carlo errors of 60 panels.
    assert (np.mean(rejected, axis=0) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)).all()


def test_rows_ids_and_index_do_not_matter():
    panel = with_answers(made_panel(np.random.default_rng(22), share_kept=0.97))
    other = disguised(panel, np.random.default_rng(6))
    tables = [curve(one, n="n").drop(columns=["left_out", "reason_values"]) for one in (panel, other)]
    pd.testing.assert_frame_equal(*tables, rtol=1e-7)
    pd.testing.assert_frame_equal(*(whole_curve(one, n="n", n_draws=49) for one in (panel, other)), rtol=1e-7)


def test_units_of_x_and_y_do_not_matter():
    panel = made_panel(np.random.default_rng(22))
    other = panel.assign(x=panel["x"] * 1e4 + 9, y=panel["y"] * 1e-5 - 3)
    columns = ["estimate_sd", "ci_high_sd", "p_value"]
    pd.testing.assert_frame_equal(curve(panel)[columns], curve(other)[columns], rtol=1e-6)
    pd.testing.assert_frame_equal(whole_curve(panel), whole_curve(other), rtol=1e-6)


def test_24_units_of_14_periods_with_499_arrangements_take_under_20_seconds_of_one_core():
    panel = with_answers(made_panel(np.random.default_rng(1), 24, 14))
    start = time.process_time()
    found = whole_curve(panel, 2, n="n", n_draws=499)
    assert time.process_time() - start < 20
    assert set(found["n_specifications"]) == {144}


def test_few_units_do_not_apply():
    with pytest.raises(NotApplicable, match="Telling lags apart needs 5 units with enough periods; found 4"):
        curve(made_panel(np.random.default_rng(4), 4))


def test_units_that_share_their_periods_with_nobody_do_not_apply_to_the_test():
    panel = made_panel(np.random.default_rng(4), 9, 12)
    number = panel["entity"].str[-3:].astype(int)
    panel = panel.assign(x=panel["x"].mask((number < 6) & (panel["time"] == 2003 + number)))
    assert curve(panel)["estimate"].notna().any()
    with pytest.raises(NotApplicable, match=r"Exchanging histories needs 5 units .*; found 3"):
        whole_curve(panel)


def test_wrong_choices_are_refused():
    panel = with_answers(made_panel(np.random.default_rng(4)))
    with pytest.raises(ValueError, match="sign must be 1 or -1; found 0"):
        whole_curve(panel, sign=0)
    with pytest.raises(ValueError, match="n_draws must be 1 or more; found 0"):
        whole_curve(panel, n_draws=0)
    with pytest.raises(ValueError, match="n must count answers, 0 or more; found -3"):
        curve(panel.assign(n=-3), n="n")
    with pytest.raises(ValueError, match="panel must have the column 'answers'"):
        curve(panel, n="answers")
