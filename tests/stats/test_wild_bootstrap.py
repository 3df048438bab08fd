import time

import numpy as np
import pandas as pd
import pytest
from cases import expected
from made_panels import disguised, made_panel
from test_cluster_robust import cumulative, grunfeld_fit, wages

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_fit
from helpers.stats.panels import lagged_sample
from helpers.stats.two_way import TwoWayFit, two_way_fit
from helpers.stats.wild_bootstrap import WEBB, wild_bootstrap


def made_fit(seed: int = 1, n_entities: int = 20, n_times: int = 10, **choices: object) -> TwoWayFit:
    return fitted(made_panel(np.random.default_rng(seed), n_entities, n_times, **choices))


def fitted(panel: pd.DataFrame, lags: tuple[int, ...] = (0, 1, 2)) -> TwoWayFit:
    sample, _ = lagged_sample(panel, x="x", y="y", lags=lags)
    return lag_fit(sample, x="x", y="y", lags=lags)[0]


def bootstrap(fit: TwoWayFit, seed: int = 1, **choices: object) -> pd.DataFrame:
    return wild_bootstrap(fit, rng=np.random.default_rng(seed), **choices)


def reference_rows() -> dict[str, pd.Series]:
    firms, lags = grunfeld_fit()
    persons = wages()
    groups = two_way_fit(persons[persons["group"] < 10], "lwage", ["hours", "hours_lag1", "union"], cluster="group")
    signs = {"weights": "rademacher"}
    of_firms, of_groups = bootstrap(firms, **signs), bootstrap(groups, **signs)
    return {
        "firms, lag 2": of_firms.iloc[2],
        "firms, cumulative": bootstrap(firms, combinations=cumulative(firms, lags), **signs).iloc[0],
        "groups, lag 0": of_groups.iloc[0],
        "groups, lag 1": of_groups.iloc[1],
    }


@pytest.mark.parametrize("case", ["firms, lag 2", "firms, cumulative", "groups, lag 0", "groups, lag 1"])
def test_enumerated_p_values_and_intervals_equal_loops_over_full_refits(case):
    row, wanted = reference_rows()[case], expected("wild_bootstrap")[case]
    assert (row["enumerated"], row["n_draws"]) == (True, wanted["n_draws"])
    assert row["p_value"] == pytest.approx(wanted["p_value"], abs=1e-12)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx([wanted["ci_low"], wanted["ci_high"]], rel=1e-5)


@pytest.mark.parametrize("case", ["firms, lag 2", "firms, cumulative", "groups, lag 0", "groups, lag 1"])
def test_enumerated_p_values_equal_the_package_that_leaves_out_the_data_and_its_mirror_image(case):
    row, wanted = reference_rows()[case], expected("wild_bootstrap")[case]["wildboottest"]
    assert row["p_value"] - 2 / row["n_draws"] == pytest.approx(wanted["p_without_ties"], abs=1e-12)


def test_the_table_has_the_columns_of_every_estimator_and_cr1_errors():
    fit = made_fit()
    table = bootstrap(fit, n_draws=99)
    assert tuple(table.columns) == (*ESTIMATE_COLUMNS, "n_draws", "enumerated", "weights")
    plain = linear_combinations(fit, kind="CR1")
    for column in ("term", "estimate", "se", "n", "n_clusters"):
        pd.testing.assert_series_equal(table[column], plain[column])
    assert table["df"].isna().all()


def test_limits_are_where_the_test_begins_to_reject():
    fit = made_fit(n_entities=13, effects=(0.0, 0.0, 0.3))
    row = bootstrap(fit).iloc[2]
    assert row["enumerated"]
    lagged = fit.regressors[:, 2]
    for limit, outward in ((row["ci_low"], -1), (row["ci_high"], 1)):
        for share, rejected in ((-0.01, False), (0.01, True)):
            null = limit + outward * share * row["se"]
            moved = TwoWayFit(
                fit.coefficients - [0, 0, null],
                fit.outcome - null * lagged,
                *(fit.regressors, fit.residuals, fit.basis, fit.cluster, fit.n_absorbed, fit.n_dummies),
            )
            assert (bootstrap(moved)["p_value"].iloc[2] <= 0.05) == rejected


def test_random_draws_come_close_to_all_of_them():
    fit = made_fit(n_entities=13, effects=(0.0, 0.0, 0.15))
    every, random = (bootstrap(fit, n_draws=n_draws).iloc[2] for n_draws in (8192, 8191))
    assert (every["enumerated"], random["enumerated"]) == (True, False)
    # Three Monte Carlo errors of 8,191 draws.
    assert random["p_value"] == pytest.approx(every["p_value"], abs=3 * np.sqrt(0.25 / 8191))
    assert random["ci_high"] == pytest.approx(every["ci_high"], abs=0.15 * every["se"])


def test_few_clusters_take_six_points_and_a_grid_of_signs_only_when_asked():
    fit = made_fit(n_entities=8)
    assert bootstrap(fit, n_draws=499)[["weights", "enumerated", "n_draws"]].iloc[0].tolist() == ["webb", False, 499]
    signs = bootstrap(fit, n_draws=499, weights="rademacher").iloc[0]
    assert signs[["weights", "enumerated", "n_draws"]].tolist() == ["rademacher", True, 256]
    assert bootstrap(made_fit(n_entities=12), n_draws=499)["weights"].iloc[0] == "rademacher"


def test_webb_weights_have_mean_0_variance_1_and_no_skewness():
    assert [np.mean(WEBB**power) for power in (1, 2, 3)] == pytest.approx([0, 1, 0])


def test_five_clusters_of_signs_never_reject_at_5_percent_so_the_interval_has_no_end():
    row = bootstrap(made_fit(n_entities=5, n_times=12, effects=(0.0, 0.0, 5.0)), weights="rademacher").iloc[2]
    assert row["p_value"] == 2 / 2**5
    assert (row["ci_low"], row["ci_high"]) == (-np.inf, np.inf)


def test_rows_ids_and_index_do_not_matter():
    panel = made_panel(np.random.default_rng(22), share_kept=0.9)
    tables = [bootstrap(fitted(one), n_draws=999) for one in (panel, disguised(panel, np.random.default_rng(6)))]
    pd.testing.assert_frame_equal(*tables, rtol=1e-7)


def test_the_unit_of_y_does_not_matter():
    panel = made_panel(np.random.default_rng(22))
    small = fitted(panel.assign(y=panel["y"] * 1e-6))
    plain, other = bootstrap(fitted(panel), n_draws=499), bootstrap(small, n_draws=499)
    np.testing.assert_allclose(other["ci_high"], plain["ci_high"] * 1e-6, rtol=1e-6)


def test_more_confidence_gives_wider_intervals():
    fit = made_fit()
    wide, narrow = (bootstrap(fit, n_draws=999, conf_level=level) for level in (0.99, 0.80))
    assert (wide["ci_low"] < narrow["ci_low"]).all()
    assert (narrow["ci_high"] < wide["ci_high"]).all()


@pytest.mark.parametrize(("n_entities", "n_draws"), [(20, 199), (8, 199)])
def test_a_true_null_is_rarely_rejected(n_entities, n_draws):
    rng = np.random.default_rng(5)
    rejected = [
        wild_bootstrap(fitted(made_panel(rng, n_entities, 8, effects=(0.0,)), lags=(0,)), rng=rng, n_draws=n_draws)[
            "p_value"
        ].iloc[0]
        <= 0.05
        for _ in range(60)
    ]
    # Three Monte Carlo errors of 60 panels.
    assert np.mean(rejected) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


def test_680_units_take_well_under_3_seconds():
    fit = made_fit(n_entities=680, n_times=6)
    start = time.monotonic()
    bootstrap(fit)
    assert time.monotonic() - start < 3


def test_unknown_weights_are_refused():
    with pytest.raises(ValueError, match="weights must be one of auto, rademacher, webb; found 'mammen'"):
        bootstrap(made_fit(), weights="mammen")


def test_no_draws_are_refused():
    with pytest.raises(ValueError, match="n_draws must be 1 or more; found 0"):
        bootstrap(made_fit(), n_draws=0)


def test_few_clusters_do_not_apply():
    with pytest.raises(NotApplicable, match="Errors by cluster need 5 clusters; found 4"):
        bootstrap(made_fit(n_entities=4))
