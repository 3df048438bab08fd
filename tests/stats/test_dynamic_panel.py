import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected, outside
from edge_methods import PANELS
from made_panels import disguised, made_panel, with_feedback

from helpers.stats.dynamic_panel import DynamicPanel, dynamic_panel
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.gmm import gmm_problem
from helpers.stats.own_past import dynamic_sample
from helpers.stats.panels import add_lags
from helpers.stats.two_way import two_way_fit

STEPS = {"onestep": 1, "twosteps": 2}
AS_THERE = {"x": "w", "y": "n", "lags": [0, 1], "own_lags": 2, "controls": ["k", "ys", "ys_lag1"]}
AS_THERE |= {"x_is": "exogenous", "depth": None, "collapse": False, "centre": False}


def gmm(panel: pd.DataFrame, **choices: object) -> DynamicPanel:
    return dynamic_panel(panel, x="x", y="y", **{"lags": [0, 1], **choices})


def column(result: DynamicPanel, name: str) -> dict[str, float]:
    told = result.estimates[~result.estimates["term"].str.startswith(("cumulative", "response"))]
    return told.set_index("term")[name].to_dict()


def statistic(result: DynamicPanel) -> dict[str, float]:
    return result.tests.set_index("term")["statistic"].to_dict()


@pytest.fixture
def panel() -> pd.DataFrame:
    return made_panel(np.random.default_rng(41), 40, 9, share_kept=0.95)


def employment() -> tuple[pd.DataFrame, dict]:
    firms, wanted = outside("arellano_bond_difference_gmm")
    logs = np.log(firms[["emp", "wage", "capital", "output"]]).set_axis(["n", "w", "k", "ys"], axis=1)
    return add_lags(logs.assign(entity=firms["firm"], time=firms["year"]), ["ys"], [1]), wanted


def test_arellano_and_bond_are_reproduced_in_one_step():
    firms, wanted = employment()
    found = dynamic_panel(firms, **AS_THERE)
    rows = dict(zip(("n_l1", "n_l2", "w", "w_l1"), found.estimates.to_dict("records"), strict=False))
    assert_close({name: row["estimate"] for name, row in rows.items()}, wanted["onestep"]["coef"])
    assert_close({name: row["se"] for name, row in rows.items()}, wanted["onestep"]["se_robust"])
    assert (found.n_instruments, found.n_units) == (wanted["n_instruments"], 140)
    assert found.estimates["n"].unique() == wanted["n_obs_diff"]
    tests = statistic(found)
    assert_close({"m1_robust": tests["m1"], "m2_robust": tests["m2"]}, wanted["onestep"])


def test_arellano_and_bond_are_reproduced_in_two_steps():
    firms, wanted = employment()
    found = dynamic_panel(firms, **AS_THERE, steps=2)
    rows = dict(zip(("n_l1", "n_l2", "w", "w_l1"), found.estimates.to_dict("records"), strict=False))
    assert_close({name: row["estimate"] for name, row in rows.items()}, wanted["twostep"]["coef"])
    assert_close({name: row["se"] for name, row in rows.items()}, wanted["twostep"]["se_windmeijer"])
    tests, hansen = statistic(found), found.tests.set_index("term").loc["hansen"]
    assert_close({"m1_windmeijer": tests["m1"], "m2_windmeijer": tests["m2"]}, wanted["twostep"])
    hansen = {"hansen_J": hansen["statistic"], "hansen_df": hansen["df"], "hansen_p": hansen["p_value"]}
    assert_close(hansen, wanted["twostep"])


@pytest.mark.parametrize("case", expected("dynamic_panel"))
def test_plm_is_reproduced_on_a_panel_with_gaps(case: str):
    wanted = expected("dynamic_panel")[case]
    instruments, model = case.split()
    kind = "exogenous" if instruments == "exogenous" else "predetermined"
    collapse = instruments != "each_period"
    found = gmm(data("dynamic_panel"), x_is=kind, collapse=collapse, depth=3, centre=False, steps=STEPS[model])
    assert_close(column(found, "estimate"), wanted["estimate"])
    assert_close(column(found, "se"), wanted["se"])
    tests = found.tests.set_index("term")
    told = {"m1": tests.loc["m1", "statistic"], "m2": tests.loc["m2", "statistic"]}
    if model == "twosteps":
        told |= {"hansen": tests.loc["hansen", "statistic"], "hansen_df": tests.loc["hansen", "df"]}
    assert_close(told, wanted, rel=1e-7)


def by_the_book(panel: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, float]:
    """One step, its robust errors and Sargan's test for lag 0 of x: unit by unit, row by row, with dense H."""
    seen = panel.set_index(["entity", "time"])
    periods = sorted(panel["time"].unique())
    units = []
    for unit in panel["entity"].unique():
        rows = []
        for t in periods:
            if all((unit, t - back) in seen.index for back in range(3)):
                y, x = ([seen.loc[(unit, t - back), name] for back in range(3)] for name in ("y", "x"))
                old = [("y", 2), ("y", 3), ("y", 4), ("x", 1), ("x", 2), ("x", 3)]
                z = [seen[name].get((unit, t - back), 0.0) for name, back in old]
                rows.append((t, y[0] - y[1], [y[1] - y[2], x[0] - x[1]], z))
        if rows:
            units.append(rows)
    used = sorted({row[0] for rows in units for row in rows})
    zhz, zx, zy, parts = 0.0, 0.0, 0.0, []
    for rows in units:
        t = np.array([row[0] for row in rows])
        dummies = (t[:, None] == used).astype(float)
        y, x = np.array([row[1] for row in rows]), np.hstack([np.array([row[2] for row in rows]), dummies])
        z = np.hstack([np.array([row[3] for row in rows]), dummies])
        apart = np.abs(t[:, None] - t)
        h = np.where(apart == 0, 2.0, np.where(apart == 1, -1.0, 0.0))
        zhz, zx, zy = zhz + z.T @ h @ z, zx + z.T @ x, zy + z.T @ y
        parts.append((y, x, z))
    weight = np.linalg.inv(zhz)
    bread = np.linalg.inv(zx.T @ weight @ zx)
    beta = bread @ zx.T @ weight @ zy
    moments = [z.T @ (y - x @ beta) for y, x, z in parts]
    meat = sum(np.outer(one, one) for one in moments)
    covariance = bread @ zx.T @ weight @ meat @ weight @ zx @ bread
    squares, n = sum(((y - x @ beta) ** 2).sum() for y, x, _ in parts), sum(len(y) for y, _, _ in parts)
    sargan = sum(moments) @ weight @ sum(moments) / (squares / (2 * (n - len(beta))))
    return beta[:2], np.sqrt(np.diag(covariance))[:2], sargan


def test_sums_over_units_written_out_give_the_same(panel):
    found = gmm(panel, lags=[0], centre=False)
    estimate, se, sargan = by_the_book(panel)
    np.testing.assert_allclose(found.estimates["estimate"][:2], estimate)
    np.testing.assert_allclose(found.estimates["se"][:2], se)
    assert statistic(found)["sargan"] == pytest.approx(sargan)


def test_feedback_makes_no_effect_of_none():
    """With T = 6 least squares finds one of −.07 at lag 1."""
    panels = [with_feedback(rng, 400, 6) for rng in np.random.default_rng(7).spawn(6)]
    found = np.mean([column(gmm(one, lags=[1]), "estimate")["lag 1"] for one in panels])
    samples = [dynamic_sample(one, x="x", y="y", lags=[1])[0] for one in panels]
    naive = np.mean([two_way_fit(one, "y", ["y_lag1", "x_lag1"]).coefficients["x_lag1"] for one in samples])
    assert abs(found) <= 0.03
    assert naive < -0.05


def test_terms_come_in_order_with_figures_in_sd(panel):
    table = gmm(panel).estimates
    assert list(table["term"]) == ["own lag 1", "lag 0", "lag 1", "cumulative", "response 0", "response 1"]
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS
    assert table["lag"].tolist()[1:3] == [0, 1]
    ratio = table["estimate_sd"] / table["estimate"]
    np.testing.assert_allclose(ratio, [1.0, *[table.attrs["sd_ratio"]] * 5])
    assert (table["df"] == table["n_clusters"] - 1).all()


@pytest.mark.parametrize("choices", [{}, {"x_is": "exogenous"}, {"collapse": False, "depth": 1}, {"depth": 2}])
@pytest.mark.parametrize("steps", [1, 2])
def test_rows_ids_and_units_of_measurement_do_not_matter(panel, choices, steps):
    first = gmm(panel, steps=steps, **choices)
    other = disguised(panel.assign(x=1e6 * panel["x"] + 3e7, y=1e-4 * panel["y"] - 7e-4), np.random.default_rng(3))
    second = gmm(other, steps=steps, **choices)
    for name in ("estimate_sd", "se_sd", "p_value"):
        np.testing.assert_allclose(first.estimates[name], second.estimates[name], rtol=1e-6)
    pd.testing.assert_frame_equal(first.tests, second.tests, rtol=1e-6)


def test_centred_levels_change_nothing_on_balanced_panels():
    balanced = made_panel(np.random.default_rng(41), 40, 9)
    raw = gmm(balanced, centre=False).estimates
    np.testing.assert_allclose(gmm(balanced).estimates["estimate"], raw["estimate"])


@pytest.mark.parametrize(("centre", "least", "most"), [(True, 0.0, 1e-8), (False, 0.01, 1.0)])
def test_only_with_centred_levels_does_a_missing_one_say_nothing_about_level(panel, centre, least, most):
    moved = panel.assign(x=panel["x"] + 100, y=panel["y"] + 100)
    effects = [column(gmm(one, centre=centre), "estimate")["lag 1"] for one in (panel, moved)]
    assert least <= abs(effects[0] - effects[1]) <= most


def test_as_many_instruments_as_units_are_told_and_bear_no_second_step():
    few = made_panel(np.random.default_rng(2), 12, 10)
    found = gmm(few)
    assert found.too_many_instruments and found.n_instruments >= found.n_units == 12
    assert np.isnan(statistic(found)["hansen"])
    assert str(found.no_second_step) == "Weighing 15 instruments by their spread needs more units than 12."
    with pytest.raises(NotApplicable, match="Weighing 15 instruments by their spread needs more units than 12"):
        gmm(few, steps=2)
    assert not gmm(made_panel(np.random.default_rng(2), 40, 10)).too_many_instruments


def test_no_more_instruments_than_effects_leave_nothing_to_test(panel):
    tests = gmm(panel, lags=[0], depth=1).tests.set_index("term")
    assert tests.loc["sargan", "df"] == 0 and np.isnan(tests.loc["sargan", "p_value"])


def test_instruments_that_miss_an_effect_are_refused():
    draws = np.random.default_rng(1).normal(size=(12, 4))
    regressors = pd.DataFrame(draws[:, 1:3], columns=["x", "x_lag1"])
    with pytest.raises(NotApplicable, match=r"^1 instruments cannot tell 2 effects apart\.$"):
        gmm_problem(draws[:, 0], regressors, draws[:, [3, 3]], unit=np.repeat(range(4), 3), time=np.tile(range(3), 4))


def test_every_lag_of_the_model_has_an_instrument_and_depth_adds_more(panel):
    counts = [gmm(panel, lags=lags, depth=1).n_instruments for lags in ([0], [0, 1])]
    assert [gmm(panel, lags=[0], depth=depth).n_instruments - counts[0] for depth in (2, 3)] == [2, 4]
    # Lag 1 takes one level of x more; the periods stay, because own lag 1 costs as many.
    assert counts[1] - counts[0] == 1


def test_an_outcome_explained_to_the_last_digit_has_no_errors():
    panel = PANELS["y equal to x"]()
    with pytest.raises(NotApplicable, match="leaves nothing unexplained"):
        gmm(panel, lags=[0])


def test_what_cannot_be_chosen_is_refused(panel):
    with pytest.raises(ValueError, match="x_is must be one of predetermined, exogenous; found 'endogenous'"):
        gmm(panel, x_is="endogenous")
    with pytest.raises(ValueError, match="steps must be 1 or 2; found 3"):
        gmm(panel, steps=3)
    with pytest.raises(ValueError, match="depth must be 1 or more; found 0"):
        gmm(panel, depth=0)
    with pytest.raises(ValueError, match="own_lags must be 1 or more; found 0"):
        gmm(panel, own_lags=0)
