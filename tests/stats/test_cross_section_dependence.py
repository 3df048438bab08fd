import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from edge_methods import PANELS
from made_panels import disguised, made_panel
from statsmodels.datasets import grunfeld

from helpers.stats.cross_section_dependence import AFTER, BEFORE, cd_test, cross_section_dependence
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable

BOTH = (BEFORE, AFTER)
FIGURES = ["estimate", "statistic", "p_value", "mean_size", "n_pairs", "n_pairs_left_out"]


def shared(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    table = cross_section_dependence(panel, **{"x": "x", "y": "y", "lags": [0], **choices})
    return table.set_index("term")


def residuals(*units: list[float]) -> pd.DataFrame:
    rows = [(name, time, value) for name, unit in enumerate(units) for time, value in enumerate(unit)]
    return pd.DataFrame(rows, columns=["entity", "time", "residual"]).dropna()


@pytest.mark.parametrize("term", BOTH)
def test_pairs_one_by_one_give_the_same_on_a_panel_with_holes(term):
    panel = data("half_panel")
    early, late = panel["entity"].eq(14) & panel["time"].gt(2004), panel["entity"].eq(1) & panel["time"].lt(2005)
    wanted = expected("cross_section_dependence")["holes"][term]
    assert wanted["n_pairs_left_out"] > 0
    assert_close(shared(panel[~early & ~late], lags=[0, 1]).loc[term, list(wanted)].to_dict(), wanted)


@pytest.mark.parametrize("term", BOTH)
def test_plm_is_reproduced_on_a_balanced_panel(term):
    firms = grunfeld.load_pandas().data.rename(columns={"firm": "entity", "year": "time"}).astype({"time": int})
    wanted = expected("cross_section_dependence")["firms"][term]
    assert_close(shared(firms, x="value", y="invest").loc[term, list(wanted)].to_dict(), wanted)


def test_units_that_move_as_one_have_the_largest_cd_there_is():
    n_units, n_times = 4, 6
    found = cd_test(residuals(*[list(np.arange(n_times) ** 2.0)] * n_units))
    assert found["estimate"] == pytest.approx(1)
    assert found["statistic"] == pytest.approx(np.sqrt(n_times * n_units * (n_units - 1) / 2))


def test_cd_of_two_units_is_their_correlation_times_the_root_of_the_periods():
    first, second = [1.0, 2.0, 4.0, 3.0], [2.0, 1.0, 5.0, np.nan]
    r = np.corrcoef(first[:3], second[:3])[0, 1]
    found = cd_test(residuals(first, second))
    assert found["statistic"] == pytest.approx(np.sqrt(3) * r)
    assert (found["n_pairs"], found["n_pairs_left_out"]) == (1, 0)


def test_units_that_share_two_periods_are_not_compared():
    with pytest.raises(NotApplicable, match="needs two units seen together in 3 periods"):
        cd_test(residuals([1.0, 2.0, 4.0, np.nan], [np.nan, 1.0, 5.0, 2.0]))
    found = cd_test(residuals([1.0, 2.0, 4.0, np.nan], [np.nan, 1.0, 5.0, 2.0], [3.0, 1.0, 2.0, 2.5]))
    assert (found["n_pairs"], found["n_pairs_left_out"]) == (2, 1)


def test_a_unit_without_residuals_is_compared_with_none():
    found = cd_test(residuals([1.0, 2.0, 4.0], [2.0, 1.0, 5.0], [1e-17, -2e-17, 1e-17]))
    assert (found["n_pairs"], found["n_pairs_left_out"]) == (1, 2)


def test_shocks_that_all_share_are_seen_before_period_effects_only():
    table = shared(made_panel(np.random.default_rng(4), 30, 12, (0.0,)))
    assert table.loc[BEFORE, "statistic"] > 10 and table.loc[BEFORE, "p_value"] < 1e-6
    assert table.loc[AFTER, "statistic"] < 0


def test_without_dependence_cd_is_standard_normal_before_and_pushed_down_after():
    n_units, n_times = 20, 10
    draws = np.random.default_rng(5).normal(size=(120, 2, n_units * n_times))
    keys = made_panel(np.random.default_rng(5), n_units, n_times)[["entity", "time"]]
    found = [shared(keys.assign(x=x, y=y))["statistic"] for x, y in draws]
    statistics = pd.concat(found, axis=1)
    assert statistics.loc[BEFORE].mean() == pytest.approx(0, abs=0.25)
    assert statistics.loc[BEFORE].std() == pytest.approx(1, abs=0.2)
    assert (statistics.loc[BEFORE].abs() > 1.96).mean() <= 0.1
    assert statistics.loc[AFTER].mean() == pytest.approx(-np.sqrt(n_times / 2), abs=0.3)


def test_shocks_that_half_of_the_units_share_are_seen_after_period_effects():
    panel = made_panel(np.random.default_rng(6), 30, 12, (0.0,))
    shock = panel["time"].map(dict(zip(range(2001, 2013), np.random.default_rng(7).normal(size=12), strict=True)))
    some = panel.assign(y=panel["y"] + 4 * shock.where(panel["entity"] < "unit 015", 0.0))
    assert shared(some).loc[AFTER, "mean_size"] > shared(panel).loc[AFTER, "mean_size"] + 0.3


def test_the_table_has_the_columns_of_estimates_and_no_error_of_the_mean():
    table = cross_section_dependence(made_panel(np.random.default_rng(4)), x="x", y="y", lags=[0, 1])
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS
    assert table["term"].tolist() == list(BOTH)
    assert table[["se", "ci_low", "ci_high"]].isna().to_numpy().all()
    assert table.attrs == {"x": "x", "y": "y", "lags": [0, 1]}


def test_rows_ids_and_units_of_measurement_do_not_matter():
    panel = made_panel(np.random.default_rng(9), share_kept=0.9)
    other = disguised(panel.assign(x=1e6 * panel["x"] + 3, y=1e-4 * panel["y"] - 7), np.random.default_rng(3))
    np.testing.assert_allclose(shared(panel)[FIGURES], shared(other)[FIGURES], rtol=1e-6)


def test_an_outcome_explained_to_the_last_digit_has_no_errors():
    with pytest.raises(NotApplicable, match="leaves nothing unexplained"):
        shared(PANELS["y equal to x"]())


def test_few_units_are_refused():
    with pytest.raises(NotApplicable, match="needs 5 units with enough periods; found 4"):
        shared(made_panel(np.random.default_rng(2), n_entities=4))
