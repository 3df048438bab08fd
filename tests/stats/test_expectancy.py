"""Gaps and success rates of the normal model; the BESD is told apart from them."""

import numpy as np
import pandas as pd
import pytest
from cases import expected, outside, outside_folder

from helpers.stats.estimates import NotApplicable
from helpers.stats.expectancy import expectancy, percent_gap, quarter_table, quartile_gap_sd

PUBLISHED = {
    "besd_top_half": "besd_top_half",
    "besd_bottom_half": "besd_bottom_half",
    "besd_ratio": "besd_ratio",
    "normal_top_half": "success_top_half",
    "normal_bottom_half": "success_bottom_half",
    "normal_ratio": "half_ratio",
    "normal_Q4_top_quartile": "success_q4",
    "normal_Q3": "success_q3",
    "normal_Q2": "success_q2",
    "normal_Q1_bottom_quartile": "success_q1",
    "normal_Q4_over_Q1_ratio": "quartile_ratio",
    "at_99th_pct": "success_p99",
    "at_1st_pct": "success_p1",
    "ratio_99_1": "extreme_ratio",
    "mean_gap_Q4_minus_Q1_in_SD_of_Y": "quartile_gap_sd",
}


def one(r: float) -> pd.Series:
    return expectancy({"observed": r}).iloc[0]


def square(r: float) -> np.ndarray:
    return quarter_table(r).pivot(index="x_quartile", columns="y_quartile", values="share").to_numpy()


def test_the_table_of_success_rates_is_reproduced():
    wanted = pd.read_csv(outside_folder("published") / "calc_besd_normal_expectancy.csv")
    found = expectancy({str(r): r for r in wanted["rho"]})
    for theirs, ours in PUBLISHED.items():
        np.testing.assert_allclose(found[ours], wanted[theirs], atol=1e-6, rtol=0, err_msg=theirs)


def test_the_utility_case_is_reproduced():
    _, wanted = outside("utility_quartile_expectancy")
    for case in wanted:
        row, shares = one(case["rho"]), square(case["rho"])
        found = {
            "diff_quartiles_sd": row["quartile_gap_sd"],
            "diff_halves_sd": row["half_gap_sd"],
            "pct_diff_cv20": percent_gap(case["rho"], 0.2),
            "P_above_median_given_top_quartile": row["success_q4"],
            "P_above_median_given_bottom_quartile": row["success_q1"],
            "odds_ratio_top_vs_bottom_quartile": row["quartile_odds_ratio"],
            "P_above_median_given_top_half": row["success_top_half"],
            "odds_ratio_halves": row["half_odds_ratio"],
            "besd_success": row["besd_top_half"],
            "P_top_quartile_given_top_quartile": shares[3, 3],
            "P_top_quartile_given_bottom_quartile": shares[0, 3],
        }
        assert found == {name: pytest.approx(case[name], rel=1e-6) for name in found}
        np.testing.assert_allclose(shares, case["quartile_matrix"], rtol=1e-6)


@pytest.mark.parametrize(("name", "r"), [("positive", 0.35), ("negative", -0.35)])
def test_the_quarter_table_equals_r(name, r):
    np.testing.assert_allclose(square(r), expected("meta_analysis")["quarters"][name], rtol=1e-8)


@pytest.mark.parametrize("r", [-0.6, 0.0, 0.25, 0.8])
def test_drawn_units_show_what_the_formulas_say(r):
    rng, size = np.random.default_rng(97), 400_000
    x = rng.normal(size=size)
    y = r * x + np.sqrt(1 - r**2) * rng.normal(size=size)
    quarter = np.searchsorted(np.quantile(x, [0.25, 0.5, 0.75]), x)
    mean, success = (pd.Series(values).groupby(quarter).mean() for values in (y, y > np.median(y)))
    row = one(r)
    assert row["quartile_gap_sd"] == pytest.approx(mean[3] - mean[0], abs=0.015)
    assert row["half_gap_sd"] == pytest.approx(y[x > 0].mean() - y[x < 0].mean(), abs=0.015)
    assert row[[f"success_q{number}" for number in range(1, 5)]].tolist() == pytest.approx(list(success), abs=0.005)
    assert row["success_top_half"] == pytest.approx((y[x > 0] > 0).mean(), abs=0.005)
    shares = [
        (pd.Series(np.searchsorted(np.quantile(y, [0.25, 0.5, 0.75]), y)) == j).groupby(quarter).mean()
        for j in range(4)
    ]
    np.testing.assert_allclose(square(r), np.column_stack(shares), atol=0.006)


def test_the_besd_is_not_the_rate_of_the_normal_model():
    row = one(0.4)
    assert (row["besd_ratio"], row["half_ratio"]) == pytest.approx((2.333, 1.710), abs=5e-4)
    assert one(0.34)["extreme_ratio"] == pytest.approx(3.996, abs=5e-4)


def test_without_a_correlation_nothing_differs():
    row = one(0.0)
    assert row[["quartile_gap_sd", "half_gap_sd"]].tolist() == [0, 0]
    assert row.filter(like="ratio").tolist() == pytest.approx([1] * 6)
    np.testing.assert_allclose(square(0.0), 0.25)


def test_turning_the_sign_turns_the_quarters():
    np.testing.assert_allclose(square(-0.5), square(0.5)[::-1])
    assert one(-0.5)["success_q1"] == pytest.approx(one(0.5)["success_q4"])


@pytest.mark.parametrize("r", [-0.999, 0.3, 0.9999])
def test_shares_of_a_quarter_sum_to_one(r):
    np.testing.assert_allclose(square(r).sum(axis=1), 1)
    np.testing.assert_allclose(square(r).sum(axis=0), 1, atol=1e-7)


def test_several_correlations_stand_side_by_side():
    table = expectancy({"observed": 0.25, "rho": 0.4})
    assert list(table["correlation"]) == ["observed", "rho"]
    assert list(table["quartile_gap_sd"]) == [quartile_gap_sd(0.25), quartile_gap_sd(0.4)]


@pytest.mark.parametrize("r", [1.0, -1.2, float("nan")])
def test_a_correlation_must_lie_within_one(r):
    for method in (one, quarter_table, lambda r: percent_gap(r, 0.2)):
        with pytest.raises(ValueError, match="r must lie between -1 and 1, both excluded"):
            method(r)


def test_a_percent_gap_needs_a_bottom_above_zero():
    with pytest.raises(NotApplicable, match="means nothing where the bottom quarter's mean is not above zero"):
        percent_gap(0.5, 2.0)
    with pytest.raises(ValueError, match="cv must be above 0; found 0"):
        percent_gap(0.5, 0)
