import time

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_panels import disguised, made_panel

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.randomisation import MIN_PERMUTED, randomisation_test


def answer(panel: pd.DataFrame, lag: int | str = 1, seed: int = 1, **choices: object) -> pd.Series:
    choices = {"lags": [0, 1], "n_draws": 499} | choices
    return randomisation_test(panel, x="x", y="y", lag=lag, rng=np.random.default_rng(seed), **choices).iloc[0]


def without_x(panel: pd.DataFrame, last: str) -> pd.DataFrame:
    """Each unit up to `last` misses x in a year of its own."""
    number = panel["entity"].str[-3:].astype(int)
    return panel.assign(x=panel["x"].mask((panel["entity"] <= last) & (panel["time"] == 2003 + number)))


def test_statistic_and_p_value_equal_the_loop_over_all_120_arrangements_of_five_units():
    row, wanted = answer(data("randomisation")), expected("randomisation")
    assert row["exact"]
    assert_close(row[["statistic", "p_value", "n_draws", "n_permuted"]].to_dict(), wanted)


def test_random_arrangements_come_close_to_all_of_them():
    panel = made_panel(np.random.default_rng(4), 7, 8, effects=(0.0, 0.2))
    every, random = (answer(panel, n_draws=n_draws) for n_draws in (5040, 5039))
    assert (every["exact"], every["n_draws"], random["exact"], random["n_draws"]) == (True, 5040, False, 5039)
    # Three Monte Carlo errors of 5,039 draws.
    assert random["p_value"] == pytest.approx(every["p_value"], abs=3 * np.sqrt(0.25 / 5039))


@pytest.mark.parametrize("lag", [0, 1, "cumulative"])
def test_the_estimate_is_that_of_the_lag_profile(lag):
    panel = made_panel(np.random.default_rng(4), share_kept=0.95)
    row, profile = answer(panel, lag), lag_profile(panel, x="x", y="y", lags=[0, 1], lead=False)
    wanted = lag_row(profile, lag)
    assert_close(row[["estimate", "n", "n_clusters"]].to_dict(), wanted)
    assert row["term"] == wanted["term"]
    assert tuple(row.index) == (*ESTIMATE_COLUMNS, "statistic", "n_draws", "exact", "n_permuted")


def test_only_units_measured_in_the_same_periods_exchange_histories():
    panel = without_x(made_panel(np.random.default_rng(4)), "unit 004")
    assert answer(panel)["n_permuted"] == 15


def test_two_patterns_exchange_within_themselves():
    panel = made_panel(np.random.default_rng(4), 7, 9)
    panel = panel.assign(x=panel["x"].mask((panel["entity"] < "unit 003") & (panel["time"] == 2004)))
    row = answer(panel)
    assert row[["n_permuted", "n_draws", "exact"]].tolist() == [7, 6 * 24, True]


def test_a_gap_of_y_keeps_nobody_from_exchanging_x():
    panel = made_panel(np.random.default_rng(4), 6, 9)
    panel = panel.assign(y=panel["y"].mask((panel["entity"] == "unit 003") & (panel["time"] == 2006)))
    assert answer(panel, n_draws=720)[["n_permuted", "n_draws"]].tolist() == [6, 720]


def test_an_effect_is_found():
    assert answer(made_panel(np.random.default_rng(4), effects=(0.0, 0.5)))["p_value"] == 1 / 500


def test_a_true_null_is_rarely_rejected_although_errors_differ_in_size():
    rng, p_values = np.random.default_rng(5), []
    for _ in range(60):
        panel = made_panel(rng, 12, 8, effects=(0.0,))
        larger = panel["entity"].map(dict(zip(panel["entity"].unique(), np.linspace(1, 4, 12), strict=True)))
        p_values.append(answer(panel.assign(y=panel["y"] * larger), 0, lags=[0], n_draws=99)["p_value"])
    # Three Monte Carlo errors of 60 panels.
    assert np.mean(np.array(p_values) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


def test_rows_ids_and_index_do_not_matter():
    panel = without_x(made_panel(np.random.default_rng(22), share_kept=1.0), "unit 002")
    rows = [answer(one) for one in (panel, disguised(panel, np.random.default_rng(6)))]
    pd.testing.assert_series_equal(*rows, rtol=1e-8)


def test_680_units_take_seconds():
    panel = made_panel(np.random.default_rng(1), 680, 6)
    start = time.monotonic()
    answer(panel, n_draws=1999)
    assert time.monotonic() - start < 3


def test_too_few_units_with_the_same_periods_do_not_apply():
    panel = without_x(made_panel(np.random.default_rng(4), 9, 12), "unit 004")
    reason = f"Exchanging histories needs {MIN_PERMUTED} units measured in the same periods as another; found 4"
    with pytest.raises(NotApplicable, match=reason):
        answer(panel)


def test_a_lag_outside_the_model_is_refused():
    with pytest.raises(ValueError, match="lag must be one of 0, 1, cumulative; found 2"):
        answer(made_panel(np.random.default_rng(4)), 2)


def test_no_draws_are_refused():
    with pytest.raises(ValueError, match="n_draws must be 1 or more; found 0"):
        answer(made_panel(np.random.default_rng(4)), n_draws=0)
