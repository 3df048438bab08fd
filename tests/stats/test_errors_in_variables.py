import time

import numpy as np
import pandas as pd
import pytest
from cases import data, expected
from made_panels import disguised, made_panel
from textbook import dummy_matrix

from helpers.stats.errors_in_variables import MIN_RELIABILITY, corrected_lags
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_profile
from helpers.stats.panels import lagged_sample

TRUE_VARIANCE = 1 / (1 - 0.4**2)


def corrected(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return corrected_lags(panel, x="x", y="y", x_se="x_se", **{"lag": 2, **choices})


def model(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["model"] == name].set_index("term")


def measured(rng: np.random.Generator, reliability: float, *size: int, **choices: object) -> pd.DataFrame:
    """A panel whose x carries errors, larger in some rows than in others."""
    panel = made_panel(rng, *size, **choices)
    se = np.sqrt(TRUE_VARIANCE * (1 - reliability) / reliability) * rng.uniform(0.5, 1.5, len(panel)) / 1.04
    return panel.assign(x=panel["x"] + se * rng.normal(size=len(panel)), x_se=se)


@pytest.fixture
def panel() -> pd.DataFrame:
    return measured(np.random.default_rng(61), 0.8, 14, 10, share_kept=0.9)


def one_error_at_a_time(panel: pd.DataFrame, lags: list[int]) -> np.ndarray:
    """E[V'MV] with the dense annihilator: each score's error goes to the rows and lags where the score stands."""
    sample, _ = lagged_sample(panel, x="x", y="y", lags=lags)
    dummies = dummy_matrix(sample, [])
    annihilator = np.eye(len(sample)) - dummies @ np.linalg.pinv(dummies)
    total = np.zeros((len(lags), len(lags)))
    for row in panel.itertuples():
        places = [(sample["entity"] == row.entity) & (sample["time"] - lag == row.time) for lag in lags]
        pattern = np.array(places, dtype=float).T
        total += row.x_se**2 * pattern.T @ annihilator @ pattern
    return total


def test_the_correction_equals_the_dense_one_on_a_panel_with_holes(panel):
    sample, _ = lagged_sample(panel, x="x", y="y", lags=[0, 1, 2])
    design = sample[["x", "x_lag1", "x_lag2"]].to_numpy()
    dummies = dummy_matrix(sample, [])
    free = design - dummies @ np.linalg.lstsq(dummies, design)[0]
    gram, noise = free.T @ free, one_error_at_a_time(panel, [0, 1, 2])
    table = corrected(panel, lags=[0, 1, 2])
    wanted = np.linalg.solve(gram - noise, free.T @ sample["y"])
    np.testing.assert_allclose(model(table, "corrected")["estimate"], [*wanted, wanted.sum()])
    np.testing.assert_allclose(table.attrs["reliability_matrix"], np.linalg.solve(gram, gram - noise))


def test_the_correction_equals_that_of_r():
    table = corrected(data("lag_robustness").query("kept == 1"), lags=[0, 1, 2])
    wanted = expected("lag_robustness")["errors"]
    for name in ("naive", "corrected"):
        np.testing.assert_allclose(model(table, name)["estimate"][:3], wanted[name], rtol=1e-9)
    np.testing.assert_allclose(table.attrs["reliability_matrix"], wanted["reliability_matrix"], rtol=1e-9)
    np.testing.assert_allclose(model(table, "corrected")["reliability"][:3], wanted["reliability"], rtol=1e-9)
    assert table.attrs["reliability"] == pytest.approx(wanted["reliability"][2])


def test_lags_that_are_not_neighbours_are_corrected_too(panel):
    noise = one_error_at_a_time(panel, [0, 2])
    sample, _ = lagged_sample(panel, x="x", y="y", lags=[0, 2])
    dummies = dummy_matrix(sample, [])
    design = sample[["x", "x_lag2"]].to_numpy()
    free = design - dummies @ np.linalg.lstsq(dummies, design)[0]
    wanted = np.linalg.solve(free.T @ free - noise, free.T @ sample["y"])
    np.testing.assert_allclose(model(corrected(panel, lags=[0, 2]), "corrected")["estimate"][:2], wanted)


def test_the_naive_rows_are_those_of_the_profile(panel):
    naive = model(corrected(panel), "naive")
    profile = lag_profile(panel, x="x", y="y", lead=False).set_index("term")
    columns = [*ESTIMATE_COLUMNS[1:], "estimate_sd", "least_detectable_sd"]
    pd.testing.assert_frame_equal(naive[columns], profile[columns], check_dtype=False)


def test_without_errors_nothing_is_corrected(panel):
    table = corrected(panel.assign(x_se=0.0))
    columns = ["estimate", "se", "df"]
    pd.testing.assert_frame_equal(model(table, "corrected")[columns], model(table, "naive")[columns])
    assert table["reliability"].dropna().eq(1).all()


def test_the_naive_estimate_is_the_reliability_matrix_times_the_corrected_one(panel):
    table = corrected(panel)
    lags = [f"lag {lag}" for lag in table.attrs["lags"]]
    naive, fixed = (model(table, name).loc[lags, "estimate"].to_numpy() for name in ("naive", "corrected"))
    np.testing.assert_allclose(np.array(table.attrs["reliability_matrix"]) @ fixed, naive)
    np.testing.assert_allclose(model(table, "naive").loc[lags, "kept"], np.diag(table.attrs["reliability_matrix"]))


@pytest.mark.parametrize(("reliability", "loss"), [(0.8, 0.27), (0.6, 0.49)])
def test_large_panels_give_back_what_errors_took(reliability, loss):
    made = measured(np.random.default_rng(62), reliability, 800, 12, effects=(0.1, 0.0, 0.3, 0.0))
    table = corrected(made)
    assert model(table, "naive").loc["lag 2", "estimate"] == pytest.approx(0.3 * (1 - loss), abs=0.03)
    assert model(table, "corrected").loc["lag 2", "estimate"] == pytest.approx(0.3, abs=0.03)
    assert model(table, "corrected").loc["cumulative", "estimate"] == pytest.approx(0.4, abs=0.06)


@pytest.mark.parametrize("reliability", [pytest.param(0.8, marks=pytest.mark.slow), 0.6])
def test_the_corrected_median_of_small_panels_is_within_a_tenth_of_the_truth(reliability):
    rows = []
    for rng in np.random.default_rng(63).spawn(40):
        table = corrected(measured(rng, reliability, 20, 15, effects=(0.1, 0.0, 0.3, 0.0)), lags=[0, 1, 2])
        rows.append(model(table, "corrected").loc["lag 2"])
    rows = pd.DataFrame(rows)
    assert rows["estimate"].median() == pytest.approx(0.3, rel=0.1)
    assert (rows["ci_low"].lt(0.3) & rows["ci_high"].gt(0.3)).mean() >= 0.88


def test_rows_ids_and_index_do_not_matter(panel):
    other = disguised(panel, np.random.default_rng(6))
    pd.testing.assert_frame_equal(corrected(panel), corrected(other), rtol=1e-7)


def test_scores_whose_error_is_not_known_are_left_out(panel):
    known = panel.assign(x_se=panel["x_se"].where(panel.index % 25 > 0))
    table = corrected(known)
    assert table.attrs["n_without_se"] == known["x_se"].isna().sum()
    assert table["n"].max() < corrected(panel)["n"].max()


@pytest.mark.parametrize("missing", ["column", "values"])
def test_errors_that_nobody_knows_do_not_apply(panel, missing):
    unknown = panel.drop(columns="x_se") if missing == "column" else panel.assign(x_se=np.nan)
    with pytest.raises(NotApplicable, match="The sampling errors of x are not known"):
        corrected(unknown)


def test_too_much_error_does_not_apply(panel):
    assert corrected(panel).attrs["worst_reliability"] > MIN_RELIABILITY
    with pytest.raises(NotApplicable, match="Too much of the change in x within units is sampling error"):
        corrected(panel.assign(x_se=1.2))


def test_errors_below_zero_are_refused(panel):
    with pytest.raises(ValueError, match=r"x_se must be 0 or more; found -1\.0"):
        corrected(panel.assign(x_se=-1.0))


@pytest.mark.parametrize(("n_entities", "n_times", "seconds"), [(24, 14, 1.5), (680, 6, 2.0)])
def test_corrections_are_quick(n_entities, n_times, seconds):
    made = measured(np.random.default_rng(1), 0.9, n_entities, n_times)
    start = time.process_time()
    corrected(made, lag=1, max_lag=2)
    assert time.process_time() - start < seconds
