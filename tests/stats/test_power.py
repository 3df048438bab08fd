import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.stats.power import least_detectable_effect


def test_the_textbook_multiple_for_large_samples_is_two_point_eight():
    assert least_detectable_effect(1.0, np.inf) == pytest.approx(2.8016, abs=1e-4)


def test_missing_df_means_normal():
    assert least_detectable_effect(2.0, np.nan) == pytest.approx(2 * least_detectable_effect(1.0, np.inf))


@pytest.mark.parametrize("df", [4, 8, 20])
def test_an_effect_of_that_size_is_found_with_that_power(df):
    effect = least_detectable_effect(1.0, df)
    threshold = stats.t.ppf(0.975, df)
    assert stats.nct.sf(threshold, df, effect) == pytest.approx(0.8, abs=0.045)


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
