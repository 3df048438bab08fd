import warnings

import numpy as np
import pandas as pd
import pytest
from cases import HERE, assert_close, data, expected, outside
from edge_methods import PANELS
from made_panels import disguised
from made_waves import Design, made

from helpers.stats.cross_lagged import PATHS, cross_lagged
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable

# As lavaan's script names them: outcome, cause, lag.
NAMES = {"x_on_x": "own x", "x_on_y": "reverse", "y_on_x": "forward", "y_on_y": "own y"}


def model(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return cross_lagged(panel, **{"x": "x", "y": "y", **choices})


def figures(table: pd.DataFrame, column: str = "estimate") -> dict[str, float]:
    return table.set_index("term")[column].to_dict()


def of_seed(seed: int, *size: int, **choices: object) -> pd.DataFrame:
    return made(np.random.default_rng(seed), Design(*size, **choices))


def without_levels(panel: pd.DataFrame, columns: list[str], share: float) -> pd.DataFrame:
    """The panel with a share of the units' own means taken out."""
    means = panel.groupby("entity")[columns].transform("mean")
    return panel.assign(**(panel[columns] - share * means))


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return of_seed(3, 80, 5, effects=(0.2, 0.0))


def test_another_program_is_reproduced():
    wide, wanted = outside("ri_clpm")
    wide = wide.assign(entity=wide.index)
    panel = pd.wide_to_long(wide, ["x", "y"], "entity", "time").reset_index().astype({"time": int})
    found, wanted = model(panel, errors="information"), wanted["riclpm"]
    for column, name in (("estimate", "est"), ("se", "se")):
        assert_close(
            {key: figures(found, column)[f"{path} lag 1"] for key, path in NAMES.items()},
            {key: wanted[key][name] for key in NAMES},
            rel=2e-6,
        )
    fit = {"chisq": found.attrs["fit"]["chi2"], "df": found.attrs["fit"]["df"], "rmsea": found.attrs["fit"]["rmsea"]}
    assert_close(fit, wanted, rel=2e-6)


@pytest.mark.parametrize("lag", [1, 2])
def test_lavaan_is_reproduced_at_each_lag(lag: int):
    found, wanted = model(data("cross_lagged"), lag=lag, errors="information"), expected("cross_lagged")[f"lag {lag}"]
    assert len(found) == 5 * lag and len(wanted["estimate"]) == 4 * lag
    for column in ("estimate", "se"):
        named = {f"{key}{back}": f"{path} lag {back}" for key, path in NAMES.items() for back in range(1, lag + 1)}
        assert_close({key: figures(found, column)[term] for key, term in named.items()}, wanted[column], rel=2e-6)
    assert found.attrs["level_correlation"] == pytest.approx(wanted["level_correlation"], rel=2e-6)
    assert_close({name: found.attrs["fit"][name] for name in wanted["fit"]}, wanted["fit"], rel=2e-6)
    assert found.attrs["fit"]["scaling"] == 1


@pytest.mark.parametrize("lag", [1, 2])
def test_the_scaled_test_of_fit_is_that_of_lavaan(lag: int):
    wanted = expected("cross_lagged")[f"lag {lag}"]["scaled"]
    fit = model(data("cross_lagged"), lag=lag).attrs["fit"]
    assert_close({name: fit[name] for name in wanted}, wanted, rel=2e-6)


def test_errors_are_those_of_leaving_out_each_cluster():
    panel = of_seed(8, 160, 5, n_clusters=8)
    found = model(panel, cluster="group")
    without = [figures(model(panel[panel["group"] != group], errors="information")) for group in range(8)]
    moves = pd.DataFrame(without) - figures(found)
    by_hand = np.sqrt((moves**2).sum() * 7 / 8)
    np.testing.assert_allclose(found["se"], by_hand[found["term"]], rtol=2e-3)
    assert (found["df"] == 7).all() and (found["n_clusters"] == 8).all()


def test_units_of_unlike_spread_have_larger_errors_than_the_textbook_says():
    panel = data("cross_lagged")
    textbook, found = model(panel, errors="information"), model(panel)
    assert figures(found) == figures(textbook)
    assert figures(found, "se")["forward lag 1"] > 1.5 * figures(textbook, "se")["forward lag 1"]
    assert found.attrs["fit"]["scaling"] > 1.3


def test_shocks_that_groups_share_widen_the_errors():
    panel = of_seed(4, 960, 5, n_clusters=24)
    alone, together = model(panel, errors="information"), model(panel, cluster="group")
    assert figures(alone) == figures(together)
    assert (together["se"] / alone["se"]).mean() > 1.4
    assert together.attrs["fit"]["scaling"] > 1.5


def test_feedback_alone_makes_no_effect_forward():
    """x answers to y; two-way fixed effects find an effect of x of −.07 in five waves."""
    found = figures(model(of_seed(5, 5000, 5), errors="information"))
    truth = {"forward lag 1": 0.0, "reverse lag 1": 0.3, "own x lag 1": 0.4, "own y lag 1": 0.4, "response lag 1": 0.0}
    assert found == {term: pytest.approx(value, abs=0.04) for term, value in truth.items()}


@pytest.mark.parametrize("effects", [(0.0, 0.3), (0.3, 0.0)])
def test_a_lag_of_two_is_told_from_a_lag_of_one(effects: tuple[float, float]):
    found = figures(model(of_seed(6, 5000, 5, effects=effects), lag=2, errors="information"))
    assert [found["forward lag 1"], found["forward lag 2"]] == pytest.approx(effects, abs=0.04)
    assert [found["reverse lag 1"], found["reverse lag 2"]] == pytest.approx([0.3, 0.0], abs=0.04)


def test_simulated_truth_comes_back():
    """Panels of simulate.py; the Monte Carlo error of a share near .95 is .015."""
    table = pd.read_csv(HERE / "cross_lagged" / "result.csv").set_index("estimator").loc["cross-lagged"]
    assert len(table) == 12
    exact = table[table["error"].eq(0) & (table["n_units"] >= 192)]
    assert exact["bias"].abs().max() <= 0.02
    assert exact["coverage"].min() >= 0.93
    nulls = table[table["truth"] == 0]
    assert len(nulls) == 9 and nulls["significant"].max() <= 0.065
    assert table.loc[table["error"] > 0, "bias"].item() < -0.03


def test_two_way_fixed_effects_err_on_the_same_panels():
    table = pd.read_csv(HERE / "cross_lagged" / "result.csv")
    nulls = table[table["truth"].eq(0) & table["lag"].eq(1) & table["n_units"].eq(200) & table["n_waves"].eq(5)]
    other = nulls[nulls["estimator"] != "cross-lagged"]
    assert len(other) == 4 and other["bias"].max() < -0.04 and other["significant"].min() > 0.15


def test_terms_come_in_order_with_figures_in_sd(panel):
    table = model(panel, lag=2)
    assert list(table["term"][:4]) == ["forward lag 1", "forward lag 2", "reverse lag 1", "reverse lag 2"]
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS and list(table["path"].unique()) == [
        *PATHS,
        "response",
    ]
    ratio = table.attrs["sd_ratio"]
    by_path = {"forward": ratio, "response": ratio, "reverse": 1 / ratio, "own x": 1.0, "own y": 1.0}
    expected_ratio = table["path"].map(by_path)
    np.testing.assert_allclose(table["estimate_sd"] / table["estimate"], expected_ratio)
    assert (table["n"] == 400).all() and (table["df"] == 79).all()


def test_rows_ids_and_units_of_measurement_do_not_matter(panel):
    other = disguised(
        panel.assign(x=1e3 * panel["x"] + 50, y=0.01 * panel["y"] - panel["time"]), np.random.default_rng(1)
    )
    found, changed = model(panel), model(other)
    np.testing.assert_allclose(changed["estimate"] * [1e5, 1e-5, 1, 1, 1e5], found["estimate"], rtol=1e-6)
    np.testing.assert_allclose(changed["se_sd"], found["se_sd"], rtol=1e-6)
    assert changed.attrs["fit"]["chi2"] == pytest.approx(found.attrs["fit"]["chi2"])


def test_swapping_x_and_y_swaps_the_directions(panel):
    found, swapped = figures(model(panel)), figures(model(panel, x="y", y="x"))
    assert swapped["forward lag 1"] == pytest.approx(found["reverse lag 1"], rel=1e-6)
    assert swapped["own x lag 1"] == pytest.approx(found["own y lag 1"], rel=1e-6)


def test_units_that_miss_a_wave_are_left_out_and_counted(panel):
    holed = panel.assign(x=panel["x"].mask(panel["entity"].eq(3) & panel["time"].eq(2)))
    holed = holed[~(holed["entity"].eq(7) & holed["time"].eq(0))]
    found, whole = model(holed), model(panel[~panel["entity"].isin([3, 7])])
    assert (found.attrs["n_entities"], found.attrs["n_left_out"]) == (78, 2)
    assert found.attrs["periods"] == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(found["estimate"], whole["estimate"])


def test_waves_are_not_dropped_to_have_enough_units(panel):
    late = panel[panel["time"].ge(1) | panel["entity"].lt(40)]
    reason = "A cross-lagged model of 5 waves needs 50 units with x and y in all of them; found 40."
    with pytest.raises(NotApplicable, match=reason):
        model(late)
    assert model(late[late["time"] >= 1]).attrs["n_entities"] == 80


def test_few_waves_and_gaps_are_refused(panel):
    with pytest.raises(NotApplicable, match="at lag 2 needs 4 waves of x and y; found 3"):
        model(panel[panel["time"] < 3], lag=2)
    with pytest.raises(NotApplicable, match="waves in a row; in 1 of 5 periods no unit has both x and y"):
        model(panel[panel["time"] != 2])


def test_what_does_not_move_is_refused(panel):
    for still in (panel.assign(x=5.0), panel.assign(y=panel["x"]), panel.assign(x=panel["entity"].astype(float))):
        with pytest.raises(NotApplicable, match="needs x and y that move from wave to wave, and apart from each other"):
            model(still)


def test_impossible_levels_are_refused(panel):
    with pytest.raises(NotApplicable, match="lasting differences in y get a variance below zero"):
        model(without_levels(panel, ["y"], 0.9))
    near = panel.assign(y=panel["y"] + 2 * panel.groupby("entity")["x"].transform("mean"))
    with pytest.raises(NotApplicable, match="lasting x and lasting y get a correlation beyond one"):
        model(without_levels(near, ["x"], 0.3))


def test_no_solution_is_said():
    with pytest.raises(NotApplicable, match="The cross-lagged model of x and y finds no possible solution"):
        model(of_seed(2, 30, 3))
    with pytest.raises(NotApplicable, match="hangs on few units: without some of them it finds no solution"):
        model(of_seed(6, 30, 3))


def test_what_cannot_be_chosen_is_refused(panel):
    with pytest.raises(ValueError, match="lag must be 1 or more; found 0"):
        model(panel, lag=0)
    with pytest.raises(ValueError, match="errors must be one of jackknife, information; found 'robust'"):
        model(panel, errors="robust")
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1; found 95"):
        model(panel, conf_level=95)
    with pytest.raises(ValueError, match="cluster must hold whole entities; found 80 in more than one time"):
        model(panel, cluster="time")
    with pytest.raises(NotApplicable, match="needs 5 units with enough periods; found 2"):
        model(panel.assign(half=panel["entity"] % 2), cluster="half")


@pytest.mark.parametrize("name", PANELS)
def test_every_panel_gets_figures_or_one_reason(name: str):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((NotApplicable, ValueError), match=r"(needs|must) .*\.$"):
            model(PANELS[name]())
