"""Slopes of growth on engagement by other models: R's figures, and what each model is proof against."""

from dataclasses import replace

import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_growth import made_growth
from numpy.random import default_rng

from helpers.stats.claimed_lag import headline
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.growth_slopes import MODELS, growth_slopes, without_each_period
from helpers.stats.lag_profile import lag_profile
from helpers.stats.shared_shocks import in_groups, shared_shock_fit

FIGURES = ["estimate", "se", "df", "ci_low", "ci_high", "n"]


def reference() -> pd.DataFrame:
    return data("growth").query("kept == 1").reset_index(drop=True)


def base(panel: pd.DataFrame, max_lag: int = 2):
    return headline(panel, x="x", y="y", lag=1, max_lag=max_lag)


def slope(panel: pd.DataFrame, model: str, **more) -> dict:
    table = growth_slopes(base(panel, **more), cluster="cluster")
    return table[table["model"] == model].iloc[0].to_dict()


@pytest.mark.parametrize("model", MODELS)
def test_every_model_gives_the_figures_of_r(model):
    found = slope(reference(), model)
    assert_close({name: found[name] for name in FIGURES}, expected("growth")["slopes"][model], rel=1e-7)


def test_the_slope_between_units_is_that_of_plm():
    wanted = expected("growth")["slopes"]["between"]["by_plm"]
    assert slope(reference(), "between")["estimate"] == pytest.approx(wanted, rel=1e-9)


def test_without_each_period_every_figure_is_that_of_r():
    table = without_each_period(base(reference()), cluster="cluster")
    for row, wanted in zip(table.to_dict("records"), expected("growth")["without_period"], strict=True):
        assert_close({name: row[name] for name in FIGURES}, wanted, rel=1e-7)


def test_within_is_the_headline_of_the_lag_profile():
    profile = lag_profile(reference(), x="x", y="y", max_lag=2, cluster="cluster")
    row = profile[profile["term"] == "lag 1"].iloc[0]
    assert_close({name: slope(reference(), "within")[name] for name in FIGURES}, row.to_dict())


def test_the_table_has_the_columns_of_every_estimator():
    table = growth_slopes(base(reference()), cluster="cluster")
    assert list(table["model"]) == list(MODELS)
    assert list(table.columns[: len(ESTIMATE_COLUMNS)]) == list(ESTIMATE_COLUMNS)


def test_a_difference_that_always_was_shows_between_units_and_not_within_them():
    panel = made_growth(default_rng(40), effect=0.0)
    panel["y"] += 2 * panel.groupby("entity")["x"].transform("mean")
    assert slope(panel, "between")["ci_low"] > 0.5
    assert slope(panel, "within")["ci_low"] < 0 < slope(panel, "within")["ci_high"]


def test_a_shock_to_a_whole_cluster_misleads_the_headline_and_not_the_model_that_takes_it_out():
    panel = made_growth(default_rng(4), effect=0.0, shock=1.0)
    assert slope(panel, "within")["ci_low"] > 0
    found = slope(panel, "shared_shocks")
    assert found["ci_low"] < 0 < found["ci_high"]


def test_units_that_are_their_own_clusters_share_no_shocks():
    with pytest.raises(NotApplicable, match="No units are known to share shocks with each other"):
        shared_shock_fit(reference(), "y", ["x"], cluster=None)
    table = growth_slopes(base(reference())).set_index("model")
    assert table.loc["shared_shocks", "reason"].startswith("No units") and pd.isna(
        table.loc["shared_shocks", "estimate"]
    )


def test_rows_alone_in_their_group_go_in_turns():
    rows = pd.DataFrame({"entity": [1, 1, 2, 2, 3], "time": [1, 2, 1, 3, 4]})
    assert in_groups(rows, ("entity", "time")).empty
    assert len(in_groups(rows.assign(time=[1, 2, 1, 2, 4]), ("entity", "time"))) == 4


def test_two_periods_bear_no_trend_no_past_and_no_period_left_out():
    panel = made_growth(default_rng(5), n_times=3)
    table = growth_slopes(base(panel, max_lag=1), cluster="cluster").set_index("model")
    assert table.loc["own_trend", "reason"] == "A straight line for each unit needs {needed} periods; found {found}."
    assert table.loc["own_past", "reason"] == "Too few periods are left to compare units with themselves."
    assert table.loc["within", "reason"] == "" and table.loc["within", "estimate"] == pytest.approx(0.6, abs=0.3)
    with pytest.raises(NotApplicable, match="Leaving out one period needs 3 periods; found 2"):
        without_each_period(base(panel, max_lag=1))


def test_three_units_are_too_few_to_compare():
    full = base(reference())
    few = replace(full, sample=full.sample[full.sample["entity"].isin([1, 2, 3])])
    table = growth_slopes(few).set_index("model")
    assert table.loc["between", "reason"] == "Comparing units needs {needed} of them; found {found}."
