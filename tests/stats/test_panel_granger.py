import importlib.util

import numpy as np
import pandas as pd
import pytest
from cases import HERE, assert_close, expected, outside
from made_panels import disguised, made_panel

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.granger_draws import Series, null_draws
from helpers.stats.panel_granger import panel_granger, unit_granger

CASES = [f"{kind}order {order}" for kind in ("", "reverse, ", "gaps, ", "period_effects, ") for order in (1, 2)]


def granger(panel: pd.DataFrame, seed: int = 1, **choices: object) -> pd.DataFrame:
    choices = {"x": "x", "y": "y", "n_draws": 199} | choices
    return panel_granger(panel, rng=np.random.default_rng(seed), **choices)


def statistics(panel: pd.DataFrame, **choices: object) -> dict[str, float]:
    return granger(panel, **choices).set_index("term")["estimate"].to_dict()


def reference_panel(case: str) -> tuple[pd.DataFrame, dict[str, object]]:
    spec = importlib.util.spec_from_file_location("fit", HERE / "panel_granger" / "fit.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    panel = script.with_gaps(script.firms()) if case.startswith("gaps") else script.firms()
    x, y = ("invest", "value") if case.startswith("reverse") else ("value", "invest")
    return panel, {"x": x, "y": y, "order": int(case[-1]), "period_effects": case.startswith("period_effects")}


@pytest.mark.parametrize("case", CASES)
def test_statistics_equal_one_regression_per_firm(case: str):
    (panel, choices), wanted = reference_panel(case), expected("panel_granger")[case]
    assert_close(statistics(panel, **choices), wanted)
    firms = unit_granger(panel, **choices)
    assert firms["n"].tolist() == wanted["n"]
    np.testing.assert_allclose(firms["wald"], wanted["wald"], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("case", ["value_to_inv_order1", "value_to_inv_order2", "inv_to_value_order1"])
def test_statistics_and_normal_p_values_equal_those_of_plm(case: str):
    panel, wanted = outside("dumitrescu_hurlin_granger")
    panel, wanted = panel.rename(columns={"firm": "entity", "year": "time"}), wanted[case]
    x, y, order = *case.split("_order")[0].split("_to_"), int(case[-1])
    table = granger(panel, x=x, y=y, order=order, period_effects=False).set_index("term")
    assert_close(table["estimate"].to_dict(), wanted, rel=1e-9)
    for name in ("Zbar", "Ztilde"):
        assert table.loc[name, "p_normal"] == pytest.approx(wanted[f"p_{name}"], rel=1e-8)
    firms = unit_granger(panel, x=x, y=y, order=order, period_effects=False)
    np.testing.assert_allclose(firms["wald"], wanted["W_i"], rtol=1e-5)


@pytest.mark.parametrize("order", [1, 2])
def test_ztilde_is_the_published_formula_with_all_periods_and_not_the_mixed_one(order: int):
    n_units, n_times = 9, 15
    told = statistics(made_panel(np.random.default_rng(3), n_units, n_times), order=order)

    def z(t: int) -> float:
        scale = np.sqrt(n_units / (2 * order) * (t - 3 * order - 5) / (t - 2 * order - 3))
        return scale * ((t - 3 * order - 3) / (t - 3 * order - 1) * told["Wbar"] - order)

    assert told["Ztilde"] == pytest.approx(z(n_times))
    assert told["Ztilde"] != pytest.approx(z(n_times - order), abs=0.01)


@pytest.mark.parametrize(("order", "n_times"), [(1, 8), (2, 11)])
def test_a_panel_needs_more_than_5_and_3_periods_per_lag(order: int, n_times: int):
    reason = rf"needs 5 units with over {n_times} periods of x and y that vary; found 0\."
    with pytest.raises(NotApplicable, match=reason):
        granger(made_panel(np.random.default_rng(3), 9, n_times), order=order)
    assert len(granger(made_panel(np.random.default_rng(3), 9, n_times + 1), order=order)) == 3


def test_units_that_are_too_short_are_left_out_and_counted():
    panel = made_panel(np.random.default_rng(3), 9, 14)
    panel = panel[~((panel["entity"] == "unit 002") & (panel["time"] > 2008))]
    table = granger(panel)
    assert (table.attrs["n_entities"], table.attrs["n_left_out"]) == (8, 1)
    assert "unit 002" not in unit_granger(panel, x="x", y="y")["entity"].tolist()


def test_a_gap_is_a_gap_and_not_a_shorter_lag():
    panel = made_panel(np.random.default_rng(3), 9, 14)
    panel = panel[~((panel["entity"] == "unit 002") & (panel["time"] == 2006))]
    rows = unit_granger(panel, x="x", y="y").set_index("entity")["n"]
    assert (rows["unit 002"], rows["unit 003"]) == (11, 13)


def test_an_effect_is_found_in_its_direction():
    panel = made_panel(np.random.default_rng(4), effects=(0.0, 0.7))
    forward, reverse = granger(panel), granger(panel, x="y", y="x")
    assert forward["p_value"].iloc[0] == 1 / 200
    assert reverse["p_value"].iloc[0] > 0.05


@pytest.mark.parametrize(("n_times", "order"), [(9, 1), (12, 2)])
def test_a_true_null_is_rarely_rejected_where_the_normal_p_value_rejects_a_quarter(n_times: int, order: int):
    rng, rejected = np.random.default_rng(5), []
    for _ in range(60):
        table = panel_granger(
            made_panel(rng, 20, n_times, effects=(0.0,)), x="x", y="y", order=order, rng=rng, n_draws=99
        )
        rejected.append([table["p_value"].iloc[1] <= 0.05, table["p_normal"].iloc[1] <= 0.05])
    by_bootstrap, by_zbar = np.mean(rejected, axis=0)
    # Three Monte Carlo errors of 60 panels.
    assert by_bootstrap <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
    assert by_zbar > 0.25


def test_draws_keep_what_units_share_in_a_period():
    rng = np.random.default_rng(5)
    shared, x = np.tile(rng.normal(size=14), (8, 1)), np.tile(rng.normal(size=14), (8, 1))
    rows = np.tile(np.arange(14) > 0, (8, 1))
    same = Series(x, shared, rows)
    apart = Series(rng.normal(size=(8, 14)), rng.normal(size=(8, 14)), rows)
    choices = {"order": 1, "period_effects": False, "n_draws": 400}
    spread = [null_draws(one, **choices, rng=np.random.default_rng(1)).std() for one in (same, apart)]
    # Eight copies of one unit tell as much as one; eight units of their own have a mean that is √8 times as steady.
    assert spread[0] > 1.8 * spread[1]


def test_the_three_statistics_share_one_p_value_and_have_the_columns_of_every_estimator():
    table = granger(made_panel(np.random.default_rng(4)))
    assert tuple(table.columns) == (*ESTIMATE_COLUMNS, "p_normal", "order", "n_draws")
    assert table["p_value"].nunique() == 1


def test_rows_ids_and_index_do_not_matter():
    panel = made_panel(np.random.default_rng(22), share_kept=0.95)
    tables = [granger(one) for one in (panel, disguised(panel, np.random.default_rng(6)))]
    pd.testing.assert_frame_equal(*tables, rtol=1e-7)


def test_units_of_x_and_y_do_not_matter():
    panel = made_panel(np.random.default_rng(22))
    tables = [granger(one) for one in (panel, panel.assign(x=panel["x"] * 1e4 - 7, y=panel["y"] * 1e-5 + 3))]
    pd.testing.assert_frame_equal(*tables, rtol=1e-6)


def test_wrong_choices_are_refused():
    panel = made_panel(np.random.default_rng(4))
    with pytest.raises(ValueError, match="order must be 1 or more; found 0"):
        granger(panel, order=0)
    with pytest.raises(ValueError, match="n_draws must be 1 or more; found 0"):
        granger(panel, n_draws=0)
