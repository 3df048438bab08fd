import time

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_panels import disguised, made_panel
from textbook import matrix_power

from helpers.stats.direction_difference import TERMS, direction_difference
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.panels import lagged_sample


def difference(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return direction_difference(panel, x="x", y="y", **{"lag": 2, **choices}).set_index("term")


@pytest.fixture
def panel() -> pd.DataFrame:
    return made_panel(np.random.default_rng(31), 14, 10, share_kept=0.9)


def blocks(panel: pd.DataFrame, ratio: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Full design of the two regressions, a block each: lags 0-2, a dummy per unit, a dummy per period but one."""
    designs, outcomes, units = [], [], []
    for x, y in (("x", "y"), ("y", "x")):
        sample, _ = lagged_sample(panel, x=x, y=y, lags=[0, 1, 2])
        lags = sample[[x, f"{x}_lag1", f"{x}_lag2"]].to_numpy(float) * (1 if x == "x" else ratio)
        dummies = [pd.get_dummies(sample["entity"]), pd.get_dummies(sample["time"]).iloc[:, 1:]]
        designs.append(np.hstack([lags, *(table.to_numpy(float) for table in dummies)]))
        outcomes.append(sample[y].to_numpy(float) * (ratio if y == "y" else 1))
        units.append(sample["entity"].to_numpy())
    design = np.zeros((sum(map(len, designs)), sum(one.shape[1] for one in designs)))
    n, k = designs[0].shape
    design[:n, :k], design[n:, k:] = designs
    return design, np.concatenate(outcomes), np.concatenate(units)


def textbook_difference(panel: pd.DataFrame, ratio: float) -> tuple[float, float, float]:
    """Estimate, CR2 error and Satterthwaite df from the block-diagonal dummy regression."""
    design, outcome, units = blocks(panel, ratio)
    k = lagged_sample(panel, x="x", y="y", lags=[0, 1, 2])[0][["entity", "time"]].nunique().sum() - 1 + 3
    contrast = np.zeros(design.shape[1])
    contrast[2], contrast[k + 2] = 1, -1
    bread = np.linalg.pinv(design.T @ design)
    maker = np.eye(len(design)) - design @ bread @ design.T
    terms = []
    for unit in np.unique(units):
        rows = np.flatnonzero(units == unit)
        weight = np.zeros(len(design))
        weight[rows] = matrix_power(maker[np.ix_(rows, rows)], -0.5) @ design[rows] @ bread @ contrast
        terms.append(weight)
    terms = np.array(terms)
    covariance = terms @ maker @ terms.T
    se = np.sqrt(((terms @ maker @ outcome) ** 2).sum())
    return contrast @ bread @ design.T @ outcome, se, np.trace(covariance) ** 2 / (covariance**2).sum()


def test_the_difference_equals_the_textbook_on_a_panel_with_holes(panel):
    found = direction_difference(panel, x="x", y="y", lag=2, lags=[0, 1, 2])
    wanted = textbook_difference(panel, found.attrs["sd_ratio"])
    np.testing.assert_allclose(found.loc[2, ["estimate_sd", "se_sd", "df"]].astype(float), wanted, rtol=1e-7)


def test_the_difference_equals_clubsandwich():
    found = difference(data("lag_robustness").query("kept == 1"), lags=[0, 1, 2]).loc["difference"]
    wanted = expected("lag_robustness")["difference"]
    assert_close({name: found[f"{name}_sd"] for name in ("estimate", "se")} | {"df": found["df"]}, wanted, 1e-6)


def test_both_parts_have_the_estimates_of_their_own_profile(panel):
    table = difference(panel, max_lag=2)
    for term, (x, y) in {"forward": ("x", "y"), "reverse": ("y", "x")}.items():
        row = lag_row(lag_profile(panel, x=x, y=y, max_lag=2), 2)
        for name in ("estimate", "estimate_sd", "n", "n_clusters"):
            assert table.loc[term, name] == pytest.approx(row[name])
        assert table.loc[term, "se_sd"] == pytest.approx(row["se_sd"], rel=0.05)


def test_the_error_of_the_difference_holds_the_covariance(panel):
    found = direction_difference(panel, x="x", y="y", lag=2)
    forward, reverse, both = found["se_sd"]
    correlation = found.attrs["correlation"]
    assert -1 < correlation < 1
    assert correlation != 0
    assert both**2 == pytest.approx(forward**2 + reverse**2 - 2 * correlation * forward * reverse)


def test_points_have_no_difference_but_sd_have(panel):
    table = difference(panel)
    assert tuple(table.reset_index().columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS
    assert list(table.index) == list(TERMS)
    assert table["estimate"].isna().tolist() == [False, False, True]
    assert table.loc["difference", "estimate_sd"] == pytest.approx(
        table.loc["forward", "estimate_sd"] - table.loc["reverse", "estimate_sd"]
    )


def test_swapping_the_columns_turns_the_difference(panel):
    swapped = direction_difference(panel, x="y", y="x", lag=2).set_index("term").loc["difference"]
    found = difference(panel).loc["difference"]
    assert [swapped["estimate_sd"], swapped["se_sd"], swapped["df"]] == pytest.approx(
        [-found["estimate_sd"], found["se_sd"], found["df"]]
    )


def test_units_of_measurement_do_not_matter(panel):
    other = panel.assign(x=panel["x"] * 30 + 5, y=panel["y"] * 0.01)
    np.testing.assert_allclose(difference(panel)["ci_high_sd"], difference(other)["ci_high_sd"])


def test_rows_ids_and_index_do_not_matter(panel):
    other = disguised(panel, np.random.default_rng(6))
    pd.testing.assert_frame_equal(difference(panel), difference(other), rtol=1e-8)


def test_a_true_lead_is_found():
    large = made_panel(np.random.default_rng(4), 300, 12, effects=(0.0, 0.0, 0.5))
    row = difference(large, max_lag=2).loc["difference"]
    profile = lag_profile(large, x="x", y="y", max_lag=2)
    assert row["estimate_sd"] == pytest.approx(0.5 * profile.attrs["sd_ratio"], abs=0.06)
    assert row["ci_low_sd"] > 0


def test_intervals_cover_no_difference_where_neither_leads():
    rngs = np.random.default_rng(78).spawn(60)
    rows = [difference(made_panel(rng, 20, 8, effects=(0.0,)), max_lag=2).loc["difference"] for rng in rngs]
    inside = [row["ci_low_sd"] < 0 < row["ci_high_sd"] for row in rows]
    assert np.mean(inside) >= 0.88


def test_a_measure_that_never_moves_goes_by_its_name(panel):
    with pytest.raises(NotApplicable, match=r"^y does not change within units"):
        difference(panel.assign(y=2.0))


def test_a_lag_the_panel_does_not_bear_does_not_apply(panel):
    with pytest.raises(NotApplicable, match="This panel bears lags up to 1, not lag 2"):
        difference(panel, max_lag=1)


@pytest.mark.parametrize(("n_entities", "n_times", "seconds"), [(24, 14, 1.5), (680, 6, 2.0)])
def test_differences_are_quick(n_entities, n_times, seconds):
    made = made_panel(np.random.default_rng(1), n_entities, n_times)
    start = time.process_time()
    difference(made, lag=1)
    assert time.process_time() - start < seconds
