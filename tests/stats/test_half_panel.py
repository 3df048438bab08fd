import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_panels import disguised, made_panel

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.half_panel import MODELS, half_panel
from helpers.stats.own_past import dynamic_sample
from helpers.stats.two_way import two_way_fit

OWN = "own lag 1"


def halved(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return half_panel(panel, x="x", y="y", **{"lags": [0, 1], **choices})


def figures(table: pd.DataFrame, column: str, model: str = "half_panel") -> dict[str, float]:
    return table[table["model"] == model].set_index("term")[column].to_dict()


@pytest.fixture
def panel() -> pd.DataFrame:
    return made_panel(np.random.default_rng(51), 14, 13, share_kept=0.98)


def test_every_regression_by_itself_and_every_unit_left_out_give_the_same():
    wanted, table = expected("half_panel"), halved(data("half_panel"))
    assert wanted["odd"]
    assert_close({"n": table["n"].iloc[0], "n_units": table["n_clusters"].iloc[0]}, wanted)
    for model, name in zip(MODELS, ("estimate", "lsdv"), strict=True):
        found = figures(table, "estimate", model)
        assert_close({term: found[term] for term in wanted[name]}, wanted[name])
    se = figures(table, "se")
    assert_close({term: se[term] for term in wanted["se"]}, wanted["se"])
    assert se["cumulative"] == pytest.approx(wanted["cumulative_se"])


@pytest.mark.parametrize(("n_times", "pull"), [(10, -0.17), (15, -0.10)])
def test_the_pull_of_short_panels_is_taken_away(n_times: int, pull: float):
    panels = [made_panel(rng, 60, n_times, (0.0,)) for rng in np.random.default_rng(n_times).spawn(15)]
    tables = [halved(one, lags=[0]) for one in panels]
    own = {model: np.mean([figures(table, "estimate", model)[OWN] for table in tables]) - 0.4 for model in MODELS}
    assert own["lsdv"] == pytest.approx(pull, abs=0.04)
    assert abs(own["half_panel"]) <= 0.08


def test_least_squares_beside_it_is_the_model_on_the_same_rows(panel):
    table = halved(panel)
    sample, _, _ = dynamic_sample(panel, x="x", y="y", lags=[0, 1])
    sizes = sample.groupby("entity")["time"].transform("size")
    fit = two_way_fit(sample[sizes >= 8], "y", ["y_lag1", "x", "x_lag1"])
    np.testing.assert_allclose(list(figures(table, "estimate", "lsdv").values())[:3], fit.coefficients)


def test_terms_come_in_order_with_figures_in_sd(panel):
    table = halved(panel)
    assert list(table["term"]) == [OWN, "lag 0", "lag 1", "cumulative", "response 0", "response 1"] * 2
    assert table["model"].tolist() == ["half_panel"] * 6 + ["lsdv"] * 6
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS
    scale = table["estimate_sd"] / table["estimate"]
    np.testing.assert_allclose(scale, [1.0, *[table.attrs["sd_ratio"]] * 5] * 2)


def test_rows_ids_and_units_of_measurement_do_not_matter(panel):
    other = disguised(panel.assign(x=1e6 * panel["x"] + 3, y=1e-4 * panel["y"] - 7), np.random.default_rng(3))
    for name in ("estimate_sd", "se_sd", "p_value", "df"):
        np.testing.assert_allclose(halved(panel)[name], halved(other)[name], rtol=1e-6)


def test_short_units_are_left_out_and_counted(panel):
    short = panel[(panel["entity"] != "unit 003") | (panel["time"] < 2006)]
    about = halved(short).attrs
    assert about["n_short"] == 1
    without = halved(panel[panel["entity"] != "unit 003"])
    np.testing.assert_allclose(halved(short)[["estimate", "se", "df"]], without[["estimate", "se", "df"]])


def test_panels_too_short_to_be_halved_are_refused():
    with pytest.raises(NotApplicable, match="needs 8 usable periods for most units; 0 of 20 units have them"):
        halved(made_panel(np.random.default_rng(2), n_times=8))


def test_few_units_are_refused():
    with pytest.raises(NotApplicable, match="needs 5 units with enough periods; found 4"):
        halved(made_panel(np.random.default_rng(2), n_entities=4))
