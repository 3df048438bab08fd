import time

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, expected, outside
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from linearmodels.datasets import wage_panel
from made_panels import disguised, made_panel
from statsmodels.datasets import grunfeld
from textbook import cr2, jackknife_se

from helpers.stats.cluster_robust import cluster_covariance, linear_combinations, satterthwaite_df
from helpers.stats.estimates import NotApplicable
from helpers.stats.joint_test import joint_test
from helpers.stats.panels import add_lags, lagged_sample
from helpers.stats.two_way import TwoWayFit, two_way_fit


def answers(fit: TwoWayFit, lags: list[str]) -> dict:
    """Everything the R scripts answer, in their names."""
    found = {"n": fit.n, "n_clusters": fit.n_clusters, "coefficients": fit.coefficients.to_dict()}
    tables = {kind: linear_combinations(fit, kind=kind).set_index("term") for kind in ("CR0", "CR1", "CR2", "CR3")}
    found |= {f"se_{kind}": table["se"].to_dict() for kind, table in tables.items()}
    found |= {"df_CR2": tables["CR2"]["df"].to_dict(), "p_CR2": tables["CR2"]["p_value"].to_dict()}
    total = linear_combinations(fit, cumulative(fit, lags)).iloc[0]
    found["cumulative"] = total[["estimate", "se", "df", "ci_low", "ci_high"]].to_dict()
    return found | {"joint": joint_test(fit, lags).iloc[0][["statistic", "df", "p_value"]].to_dict()}


def cumulative(fit: TwoWayFit, lags: list[str]) -> pd.DataFrame:
    return pd.DataFrame([[float(name in lags) for name in fit.coefficients.index]], columns=fit.coefficients.index)


def assert_same(found: dict, wanted: dict, rel: float) -> None:
    for name, values in found.items():
        assert_close(values, wanted[name], rel) if isinstance(values, dict) else assert_close(
            {name: values}, wanted, rel
        )


def grunfeld_fit() -> tuple[TwoWayFit, list[str]]:
    data = grunfeld.load_pandas().data.rename(columns={"firm": "entity", "year": "time"}).astype({"time": int})
    sample, _ = lagged_sample(data, x="value", y="invest", lags=[0, 1, 2])
    lags = ["value", "value_lag1", "value_lag2"]
    return two_way_fit(sample, "invest", [*lags, "capital"]), lags


def wages() -> pd.DataFrame:
    data = wage_panel.load().rename(columns={"nr": "entity", "year": "time"}).astype({"time": int})
    data = data[data["entity"].isin(data["entity"].drop_duplicates().head(60))].reset_index(drop=True)
    kept = data[(data.index * 5 + data["entity"]) % 7 != 0]
    kept = kept.assign(group=kept["entity"] % 12, hours=kept["hours"] / 1000)
    return lagged_sample(kept, x="hours", y="lwage", lags=[0, 1])[0]


def test_errors_equal_clubsandwich_on_eleven_firms():
    assert_same(answers(*grunfeld_fit()), expected("grunfeld_lags"), rel=1e-6)


@pytest.mark.parametrize("cluster", ["entity", "group"])
def test_errors_equal_clubsandwich_on_a_panel_with_holes(cluster):
    lags = ["hours", "hours_lag1"]
    fit = two_way_fit(wages(), "lwage", [*lags, "union"], cluster=cluster)
    assert_same(answers(fit, lags), expected("wage_holes")[cluster], rel=1e-6)


def outside_fit(disguise: bool) -> tuple[TwoWayFit, dict]:
    data, wanted = outside("twfe_distributed_lag_cr")
    data = data.rename(columns={"country": "entity", "year": "time"})
    data = disguised(data, np.random.default_rng(1)) if disguise else data
    lagged = add_lags(data, ["price"], [1, 2, 3]).dropna()
    return two_way_fit(lagged, "gas", ["price", "price_lag1", "price_lag2", "price_lag3", "income"]), wanted


@pytest.mark.parametrize("disguise", [False, True])
def test_errors_equal_the_outside_reference(disguise):
    fit, wanted = outside_fit(disguise)
    lags = list(fit.coefficients.index[:4])
    found, names = answers(fit, lags), dict(zip(fit.coefficients.index, wanted["coef"], strict=True))
    assert (found["n"], found["n_clusters"]) == (wanted["n_obs"], wanted["n_clusters"])
    for kind in ("coefficients", "se_CR0", "se_CR1", "se_CR2", "df_CR2", "p_CR2", "se_CR3"):
        renamed = {names[name]: value for name, value in found[kind].items()}
        assert_close(renamed, wanted["coef" if kind == "coefficients" else kind], 1e-5)
    total, sums = found["cumulative"], wanted["cumulative_price_effect"]
    assert [total["estimate"], total["se"], total["df"]] == pytest.approx(
        [sums["estimate"], sums["se_CR2"], sums["df_CR2"]], rel=1e-5
    )
    assert [total["ci_low"], total["ci_high"]] == pytest.approx(sums["ci95_CR2"], rel=1e-5)
    joint = wanted["wald_joint_price_lags_HTZ"]
    assert list(found["joint"].values()) == pytest.approx([joint["F"], joint["df_denom"], joint["p"]], rel=1e-5)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(4, 9), st.integers(3, 7), st.floats(0.6, 1))
def test_cr2_equals_the_textbook_on_any_panel(seed, n_entities, n_times, share):
    rng = np.random.default_rng(seed)
    panel = made_panel(rng, n_entities, n_times, share_kept=share)
    panel = lagged_sample(panel.assign(z=rng.normal(size=len(panel))), x="x", y="y", lags=[0])[0]
    assume(panel["entity"].nunique() > 2)
    try:
        fit = two_way_fit(panel, "y", ["x", "z"])
    except NotApplicable:
        assume(False)
    errors, df = cr2(panel, "y", ["x", "z"], "entity")
    table = linear_combinations(fit)
    np.testing.assert_allclose(table["se"], errors, rtol=1e-6, atol=1e-9)
    # With hardly any residual left, roots of eigenvalues near zero cost the degrees of freedom some digits.
    np.testing.assert_allclose(table["df"], df, rtol=1e-3)


def test_cr2_equals_the_textbook_with_clusters_above_entities():
    panel = made_panel(np.random.default_rng(7), 16, 6, share_kept=0.8)
    panel["country"] = panel["entity"].str[-3:].astype(int) % 5
    table = linear_combinations(two_way_fit(panel, "y", ["x"], cluster="country"))
    errors, df = cr2(panel, "y", ["x"], "country")
    assert table.loc[0, ["se", "df"]].tolist() == pytest.approx([errors[0], df[0]])


def test_cr2_equals_the_textbook_with_a_trend_per_unit():
    panel = made_panel(np.random.default_rng(7), 9, 8, share_kept=0.85)
    trends = pd.get_dummies(panel["entity"]).mul(panel["time"] - 2004, axis=0).add_prefix("trend ")
    table = linear_combinations(two_way_fit(panel, "y", ["x"], trend="time"))
    errors, df = cr2(panel.join(trends), "y", ["x", *trends.columns], "entity")
    assert table.loc[0, ["se", "df"]].tolist() == pytest.approx([errors[0], df[0]])


def test_cr3_is_the_jackknife():
    panel = made_panel(np.random.default_rng(8), 9, 6, share_kept=0.85)
    table = linear_combinations(two_way_fit(panel, "y", ["x"]), kind="CR3")
    assert table.loc[0, "se"] == pytest.approx(jackknife_se(panel, "y", ["x"], "entity")[0])


def test_cr2_of_a_mean_is_the_usual_error_of_a_mean():
    values = pd.DataFrame({"y": [1.0, 4.0, 2.0, 7.0, 5.0], "one": 1.0, "side": [-1.0, 1.0, -1.0, 1.0, -1.0]})
    fit = two_way_fit(values, "y", ["side"], absorb=None, dummies=None)
    top, bottom = values.loc[values["side"] > 0, "y"], values.loc[values["side"] < 0, "y"]
    welch = (top.var() / 2 + bottom.var() / 3) ** 0.5
    assert 2 * linear_combinations(fit).loc[0, "se"] == pytest.approx(welch)


def test_every_kind_is_ordered_as_theory_says():
    fit, _ = grunfeld_fit()
    errors = {kind: np.diag(cluster_covariance(fit, kind=kind)) for kind in ("CR0", "CR2", "CR3")}
    assert (errors["CR0"] < errors["CR2"]).all()
    assert (errors["CR2"] < errors["CR3"]).all()


def test_df_stay_below_the_number_of_clusters():
    fit, _ = grunfeld_fit()
    single = pd.DataFrame(np.eye(4), columns=fit.coefficients.index)
    assert (satterthwaite_df(fit, single) < fit.n_clusters).all()


def test_a_single_coefficient_has_the_same_p_value_in_both_tests():
    fit, lags = grunfeld_fit()
    alone = joint_test(fit, lags[:1]).loc[0, "p_value"]
    assert alone == pytest.approx(linear_combinations(fit).loc[0, "p_value"])


def test_rows_ids_and_index_do_not_matter():
    panel = made_panel(np.random.default_rng(9), share_kept=0.8)
    tables = [
        linear_combinations(two_way_fit(table, "y", ["x"]))
        for table in (panel, disguised(panel, np.random.default_rng(2)))
    ]
    pd.testing.assert_frame_equal(*tables, rtol=1e-9)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match=r"kind must be one of CR0, CR1, CR2, CR3; found 'HC1'"):
        linear_combinations(grunfeld_fit()[0], kind="HC1")


def test_one_cluster_does_not_apply():
    panel = made_panel(np.random.default_rng(1), 4, 5).assign(country="all")
    with pytest.raises(NotApplicable, match=r"Errors by cluster need 2 clusters; found 1"):
        linear_combinations(two_way_fit(panel, "y", ["x"], cluster="country"))


def test_too_many_effects_for_the_clusters_do_not_apply():
    panel = made_panel(np.random.default_rng(1), 4, 14)
    lagged, _ = lagged_sample(panel, x="x", y="y", lags=range(5))
    lags = ["x", *(f"x_lag{lag}" for lag in range(1, 5))]
    with pytest.raises(NotApplicable, match="Testing 5 effects together needs more clusters than 4"):
        joint_test(two_way_fit(lagged, "y", lags), lags)


def test_an_unknown_term_is_refused():
    with pytest.raises(ValueError, match=r"terms must be among value, value_lag1, value_lag2, capital; found 'price'"):
        joint_test(grunfeld_fit()[0], ["price"])


def test_680_schools_take_well_under_two_seconds():
    panel = made_panel(np.random.default_rng(1), 680, 6)
    start = time.process_time()
    linear_combinations(
        two_way_fit(lagged_sample(panel, x="x", y="y", lags=[0, 1, 2])[0], "y", ["x", "x_lag1", "x_lag2"])
    )
    assert time.process_time() - start < 2
