"""Power and the least detectable effect, against statsmodels, R and each other."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.power import TTestPower

from helpers.stats.power import least_detectable_effect, power_curve


def estimate(**figures) -> pd.Series:
    return pd.Series({"estimate": 0.3, "se": 0.25, "df": 20.0, "conf_level": 0.95} | figures)


def test_the_textbook_multiple_for_large_samples_is_two_point_eight():
    assert least_detectable_effect(1.0, np.inf) == pytest.approx(2.8016, abs=1e-4)


def test_missing_df_means_normal():
    assert least_detectable_effect(2.0, np.nan) == pytest.approx(2 * least_detectable_effect(1.0, np.inf))


@pytest.mark.parametrize("df", [1, 4, 8, 20, 300])
def test_an_effect_of_that_size_is_found_with_that_power(df):
    effect = least_detectable_effect(1.0, df)
    assert stats.nct.sf(stats.t.ppf(0.975, df), df, effect) == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize("df", [4, 20, 300])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_least_detectable_effect_is_that_of_statsmodels(df, level):
    # statsmodels speaks of a mean of df + 1 answers in standard deviations of one answer.
    effect_size = TTestPower().solve_power(nobs=df + 1, alpha=1 - level, power=0.8)
    assert least_detectable_effect(1.0, df, conf_level=level) == pytest.approx(effect_size * (df + 1) ** 0.5, rel=1e-4)


@pytest.mark.parametrize("df", [3, 20, 150])
def test_the_curve_is_that_of_statsmodels(df):
    curve = power_curve(estimate(df=df))
    effect_size = curve["effect"] / 0.25 / (df + 1) ** 0.5
    assert curve["power"].to_numpy() == pytest.approx(TTestPower().power(effect_size, nobs=df + 1, alpha=0.05))


def test_the_curve_is_that_of_r():
    # R 4: power.t.test(n = 20, delta = 1, sd = 1) gives power = 0.8689528, the example of its help page.
    curve = power_curve(estimate(se=(2 / 20) ** 0.5, df=38), largest=1.0)
    assert np.interp(1.0, curve["effect"], curve["power"]) == pytest.approx(0.8689528, abs=5e-4)


@pytest.mark.parametrize("df", [2, 20, np.inf, np.nan])
def test_the_curve_crosses_eighty_percent_at_the_least_detectable_effect(df):
    curve, effect = power_curve(estimate(df=df)), least_detectable_effect(0.25, df)
    assert np.interp(effect, curve["effect"], curve["power"]) == pytest.approx(0.8, abs=1e-3)


def test_without_an_effect_the_test_finds_one_as_often_as_its_level_says():
    curve = power_curve(estimate())
    assert curve["effect"].iloc[0] == 0 and curve["power"].iloc[0] == pytest.approx(0.05)
    assert curve["power"].is_monotonic_increasing and curve["power"].iloc[-1] >= 0.99


def test_the_curve_reaches_what_was_found_and_what_was_asked_for():
    assert power_curve(estimate(estimate=-4.0))["effect"].max() == pytest.approx(4.0)
    assert power_curve(estimate(), largest=5.0)["effect"].max() == pytest.approx(5.0)


@pytest.mark.parametrize("df", [1, 2, 5, 22, 300, 1e6])
def test_no_curve_has_a_hole_however_far_it_goes(df):
    curve = power_curve(estimate(df=df), largest=20.0)
    assert curve["power"].is_monotonic_increasing and curve["power"].iloc[-1] == pytest.approx(1, abs=1e-4)


def test_effects_in_standard_deviations_stand_beside_those_in_units():
    curve = power_curve(estimate(se_sd=0.5))
    assert (curve["effect_sd"] / curve["effect"]).dropna().to_numpy() == pytest.approx(2.0)


def test_an_estimate_without_error_has_no_curve():
    assert power_curve(estimate(se=np.nan, df=np.nan, estimate=np.nan)).empty


def test_series_are_taken_row_by_row():
    found = least_detectable_effect(
        pd.Series([1.0, np.nan], index=["a", "b"]), pd.Series([10.0, np.nan], index=["a", "b"])
    )
    assert found["a"] == pytest.approx(least_detectable_effect(1.0, 10))
    assert np.isnan(found["b"])


def test_more_power_needs_a_larger_effect():
    assert least_detectable_effect(1.0, 10, power=0.9) > least_detectable_effect(1.0, 10)


def test_percent_as_power_is_refused():
    with pytest.raises(ValueError, match=r"power must lie between 1 - conf_level and 1; found 80. Write 0.8 for 80 %"):
        least_detectable_effect(1.0, 10, power=80)
