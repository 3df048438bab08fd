import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_panels import disguised, made_panel

from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_fit
from helpers.stats.lag_search import lag_search
from helpers.stats.panels import lagged_sample
from helpers.stats.wild_bootstrap import wild_bootstrap

LAGS = (0, 1, 2, 3)


def search(panel: pd.DataFrame, seed: int = 1, **choices: object) -> pd.DataFrame:
    choices = {"lags": LAGS, "n_draws": 499} | choices
    return lag_search(panel, x="x", y="y", rng=np.random.default_rng(seed), **choices)


def of_model(table: pd.DataFrame, model: str) -> pd.DataFrame:
    return table[table["model"] == model].set_index("term")


@pytest.mark.parametrize("model", ["together", "alone"])
def test_all_sign_patterns_give_what_loops_over_full_refits_give(model: str):
    table = of_model(search(data("lag_search"), lags=(0, 1, 2), weights="rademacher"), model)
    assert table.attrs["enumerated"] and table.attrs["n_draws"] == 64
    for lag, wanted in expected("lag_search")[model].items():
        assert_close(table.loc[lag, list(wanted)].to_dict(), wanted)


def test_uncorrected_p_values_are_those_of_the_wild_bootstrap():
    panel = made_panel(np.random.default_rng(4), 8, 9)
    sample, _ = lagged_sample(panel, x="x", y="y", lags=LAGS)
    fit, _ = lag_fit(sample, x="x", y="y", lags=LAGS)
    one_by_one = wild_bootstrap(fit, rng=np.random.default_rng(1), n_draws=499, weights="rademacher")
    table = of_model(search(panel, weights="rademacher"), "together")
    assert table["p_uncorrected"].tolist() == one_by_one["p_value"].tolist()
    np.testing.assert_allclose(table["se"], one_by_one["se"], rtol=1e-10)


def test_correction_never_helps_a_lag_and_keeps_the_order_of_t():
    for seed in range(5):
        panel = made_panel(np.random.default_rng(seed), effects=(0.0, 0.2, 0.2))
        for model in ("together", "alone"):
            table = of_model(search(panel), model)
            assert (table["p_value"] >= table["p_uncorrected"]).all()
            assert table.sort_values("statistic", key=lambda t: -t.abs())["p_value"].is_monotonic_increasing


def test_simultaneous_interval_of_the_winner_excludes_zero_where_its_p_value_rejects():
    for effect in (0.0, 0.2, 0.5):
        table = search(made_panel(np.random.default_rng(2), effects=(0.0, 0.0, effect)), n_draws=1999)
        winner = table.loc[table["statistic"].abs().idxmax()]
        assert (winner["p_value"] <= 0.05) == (winner["ci_low"] * winner["ci_high"] > 0)


def test_a_strong_lag_is_found_and_identified():
    table = of_model(search(made_panel(np.random.default_rng(4))), "together")
    assert table["identified"].tolist() == [False, False, True, False]
    assert table.loc["lag 2", "p_value"] == 1 / 500 and table.loc["lag 2", "share_largest"] > 0.99


def test_two_equal_effects_are_found_but_no_lag_is_identified():
    panel = made_panel(np.random.default_rng(3), effects=(0.0, 0.4, 0.4))
    table = of_model(search(panel), "together")
    assert table["p_value"].min() <= 0.05 and table["share_largest"].max() < 0.975
    assert not table["identified"].any()


def test_shares_of_the_largest_lag_add_up_to_one():
    table = search(made_panel(np.random.default_rng(4)))
    assert table.groupby("model")["share_largest"].sum().tolist() == pytest.approx([1, 1])


def test_true_nulls_are_rejected_as_rarely_as_asked_and_three_times_as_often_without_the_correction():
    rng, found = np.random.default_rng(5), []
    for _ in range(80):
        table = search(made_panel(rng, 20, 9, effects=(0.0,)), n_draws=199)
        found.append(table[["p_value", "p_uncorrected"]].groupby(table["model"]).min().loc["together"] <= 0.05)
    share = pd.DataFrame(found).astype(float).mean()
    # Three Monte Carlo errors of 80 panels.
    assert share["p_value"] <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 80)
    assert share["p_uncorrected"] >= 0.10


def test_the_table_has_the_columns_of_every_estimator_and_the_figures_in_sd():
    table = search(made_panel(np.random.default_rng(4), share_kept=0.95))
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS
    np.testing.assert_allclose(table["ci_low_sd"], table["ci_low"] * table.attrs["sd_ratio"])
    assert table["n"].nunique() == 1 and table.attrs["lags"] == list(LAGS)


def test_rows_ids_and_index_do_not_matter():
    panel = made_panel(np.random.default_rng(22), share_kept=0.95)
    tables = [search(one) for one in (panel, disguised(panel, np.random.default_rng(6)))]
    pd.testing.assert_frame_equal(*tables, rtol=1e-7)


def test_units_of_x_and_y_do_not_matter():
    panel = made_panel(np.random.default_rng(22))
    plain, other = search(panel), search(panel.assign(x=panel["x"] * 1e-4 + 7, y=panel["y"] * 1e5))
    columns = ["statistic", "p_value", "p_uncorrected", "share_largest", "estimate_sd", "ci_high_sd"]
    pd.testing.assert_frame_equal(plain[columns], other[columns], rtol=1e-6)


def test_one_lag_is_no_search():
    with pytest.raises(NotApplicable, match=r"Searching needs 2 lags; these data bear 1\."):
        search(made_panel(np.random.default_rng(4)), lags=(1,))


def test_few_units_do_not_apply():
    panel = made_panel(np.random.default_rng(4), MIN_CLUSTERS - 1)
    with pytest.raises(NotApplicable, match="Errors by cluster need 5 clusters; found 4"):
        search(panel)


def test_wrong_choices_are_refused():
    panel = made_panel(np.random.default_rng(4))
    with pytest.raises(ValueError, match="n_draws must be 1 or more; found 0"):
        search(panel, n_draws=0)
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1; found 95"):
        search(panel, conf_level=95)
    with pytest.raises(ValueError, match=r"lags must be one or more numbers from 0 up; found \[-1, 0\]"):
        search(panel, lags=(-1, 0))
