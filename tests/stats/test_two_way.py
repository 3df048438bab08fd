import numpy as np
import pandas as pd
import pytest
from linearmodels.panel import PanelOLS
from made_panels import disguised, made_panel
from textbook import least_squares

from helpers.stats.estimates import NotApplicable
from helpers.stats.two_way import free_of_effects, two_way_fit


@pytest.fixture
def panel() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    return made_panel(rng, 15, 7, share_kept=0.8).assign(z=lambda table: rng.normal(size=len(table)))


def test_slopes_equal_the_full_dummy_regression_on_a_panel_with_holes(panel):
    np.testing.assert_allclose(two_way_fit(panel, "y", ["x", "z"]).coefficients, least_squares(panel, "y", ["x", "z"]))


def test_slopes_equal_linearmodels_on_a_panel_with_holes(panel):
    data = panel.set_index(["entity", "time"])
    wanted = PanelOLS(data["y"], data[["x", "z"]], entity_effects=True, time_effects=True).fit()
    fit = two_way_fit(panel, "y", ["x", "z"])
    np.testing.assert_allclose(fit.coefficients, wanted.params, rtol=1e-9)
    np.testing.assert_allclose(fit.residuals, wanted.resids, atol=1e-9)


def test_a_true_slope_is_found_exactly_without_noise(panel):
    levels = panel["entity"].str[-3:].astype(int) ** 2 + 3 * panel["time"] ** 2
    fit = two_way_fit(panel.assign(y=2 * panel["x"] - 3 * panel["z"] + levels), "y", ["x", "z"])
    np.testing.assert_allclose(fit.coefficients, [2, -3])


def test_slopes_do_not_depend_on_row_order_ids_or_index(panel):
    other = disguised(panel, np.random.default_rng(3))
    np.testing.assert_allclose(two_way_fit(panel, "y", ["x"]).coefficients, two_way_fit(other, "y", ["x"]).coefficients)


def test_large_levels_cost_no_digits(panel):
    raised = panel.assign(x=panel["x"] + 1e7, y=panel["y"] + 1e7)
    wanted = two_way_fit(panel, "y", ["x"]).coefficients
    np.testing.assert_allclose(two_way_fit(raised, "y", ["x"]).coefficients, wanted, rtol=1e-6)


def test_without_effects_it_is_plain_least_squares(panel):
    fit = two_way_fit(panel, "y", ["x"], absorb=None, dummies=None)
    assert fit.coefficients["x"] == pytest.approx(np.polyfit(panel["x"], panel["y"], 1)[0])
    assert (fit.n_clusters, fit.n_absorbed, fit.n_dummies) == (len(panel), 0, 1)


def test_absorbing_entities_equals_entity_dummies(panel):
    absorbed = two_way_fit(panel, "y", ["x"], dummies=None)
    dummies = two_way_fit(panel, "y", ["x"], absorb=None, dummies="entity", cluster="entity")
    assert absorbed.coefficients["x"] == pytest.approx(dummies.coefficients["x"])


def test_trends_of_units_equal_their_dummies(panel):
    trends = pd.get_dummies(panel["entity"]).mul(panel["time"] - 2004, axis=0).add_prefix("trend ")
    wanted = least_squares(panel.join(trends), "y", ["x", "z", *trends.columns])[:2]
    np.testing.assert_allclose(two_way_fit(panel, "y", ["x", "z"], trend="time").coefficients, wanted)


def test_trends_without_units_are_refused(panel):
    with pytest.raises(ValueError, match=r"trend must go with absorb; found 'time' alone"):
        two_way_fit(panel, "y", ["x"], absorb=None, trend="time")


def test_free_columns_have_no_unit_and_no_period_means():
    panel = made_panel(np.random.default_rng(2), 8, 5)
    free = free_of_effects(panel, ["x", "y"])
    for column in ("entity", "time"):
        np.testing.assert_allclose(free.groupby(panel[column]).mean(), 0, atol=1e-12)


def test_a_column_that_only_follows_the_calendar_is_not_estimated(panel):
    with pytest.raises(NotApplicable, match=r"trend does not change within units beyond what all units share"):
        two_way_fit(panel.assign(trend=panel["time"] * 1.0), "y", ["trend"])


def test_columns_that_move_together_cannot_be_told_apart(panel):
    with pytest.raises(NotApplicable, match="What goes with x, twice cannot be told apart"):
        two_way_fit(panel.assign(twice=2 * panel["x"] + panel["time"]), "y", ["x", "twice"])


def test_more_parameters_than_rows_do_not_apply():
    small = made_panel(np.random.default_rng(2), 3, 2)
    columns = small.assign(z=np.random.default_rng(3).normal(size=6))
    with pytest.raises(NotApplicable, match="Estimating 6 parameters needs more rows than 6"):
        two_way_fit(columns, "y", ["x", "z"])


def test_missing_values_are_refused_with_their_number(panel):
    panel.loc[[0, 3], "x"] = np.nan
    with pytest.raises(ValueError, match=r"x must have no missing values; found 2. Drop them first"):
        two_way_fit(panel, "y", ["x"])


def test_clusters_that_split_an_entity_are_refused(panel):
    with pytest.raises(ValueError, match=r"cluster must hold whole entities; found 15 in more than one time"):
        two_way_fit(panel, "y", ["x"], cluster="time")


def test_a_missing_column_is_refused(panel):
    with pytest.raises(ValueError, match=r"panel must have the column 'w'; found entity, time, x, y, z"):
        two_way_fit(panel, "y", ["w"])


def test_an_empty_panel_is_refused(panel):
    with pytest.raises(ValueError, match=r"panel must have rows; found 0"):
        two_way_fit(panel.head(0), "y", ["x"])
