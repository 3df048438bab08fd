import time

import numpy as np
import pandas as pd
import pytest
from made_panels import disguised, made_panel
from scipy import stats

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.detectable import detectable_effect, error_process
from helpers.stats.estimates import NotApplicable
from helpers.stats.lag_profile import lag_fit, lag_profile, lag_row, sd_ratio
from helpers.stats.panels import lagged_sample
from helpers.stats.power import least_detectable_effect

LAGS = (0, 1, 2)


def detectable(panel: pd.DataFrame, seed: int = 1, **choices: object) -> pd.Series:
    choices = {"lag": 2, "lags": LAGS, "n_draws": 999} | choices
    return detectable_effect(panel, x="x", y="y", rng=np.random.default_rng(seed), **choices).iloc[0]


def process(panel: pd.DataFrame, lags: tuple[int, ...] = (0,)) -> tuple[float, pd.Series]:
    sample, _ = lagged_sample(panel, x="x", y="y", lags=lags)
    return error_process(sample, lag_fit(sample, x="x", y="y", lags=lags)[0])


def nothing(seed: int, n_entities: int = 20, n_times: int = 12, **choices: object) -> pd.DataFrame:
    return made_panel(np.random.default_rng(seed), n_entities, n_times, effects=(0.0,), **choices)


@pytest.mark.parametrize("lag", [2, "cumulative"])
def test_the_effect_equals_that_of_refitting_every_simulated_panel(lag):
    panel = nothing(3, 10, 9, share_kept=0.9)
    row = detectable(panel, seed=5, lag=lag, n_draws=100)
    sample, _ = lagged_sample(panel, x="x", y="y", lags=LAGS)
    autocorrelation, sds = process(panel, LAGS)
    times = np.arange(sample["time"].min(), sample["time"].max() + 1)
    root = np.linalg.cholesky(autocorrelation ** abs(times[:, None] - times))
    shocks = np.random.default_rng(5).standard_normal((100, len(sds), len(times)))
    needed, found = [], []
    for one in shocks:
        errors = pd.DataFrame(sds.to_numpy()[:, None] * (one @ root.T), index=sds.index, columns=times)
        drawn = sample.assign(y=[errors.loc[row.entity, row.time] for row in sample.itertuples()])
        fit, combinations = lag_fit(drawn, x="x", y="y", lags=LAGS)
        tested = linear_combinations(fit, combinations).set_index("term").loc[row["term"]]
        needed.append(stats.t.ppf(0.975, tested["df"]) * tested["se"] - tested["estimate"])
        found.append(tested["p_value"] < 0.05)
    assert row["least_detectable"] == pytest.approx(np.quantile(needed, 0.8), rel=1e-8)
    assert row["size"] == np.mean(found)
    assert row["df"] == pytest.approx(tested["df"])


def test_independent_errors_give_the_effect_of_the_formula():
    panels = [nothing(seed, 24, 14, autocorrelation=0.0) for seed in range(8)]
    formula = []
    for panel in panels:
        sample, _ = lagged_sample(panel, x="x", y="y", lags=LAGS)
        fit, _ = lag_fit(sample, x="x", y="y", lags=LAGS)
        # The errors have variance 1, so this is the true standard error.
        formula.append(least_detectable_effect(np.sqrt(fit.bread[2, 2]), linear_combinations(fit)["df"].iloc[2]))
    found = [detectable(panel)["least_detectable"] for panel in panels]
    np.testing.assert_allclose(found, formula, rtol=0.15)
    assert np.mean(found) == pytest.approx(np.mean(formula), rel=0.05)


def test_the_analytic_effect_of_the_profile_is_the_same_on_average():
    panels = [nothing(seed, 24, 14, autocorrelation=0.0) for seed in range(12)]
    profiles = [lag_profile(panel, x="x", y="y", lags=LAGS, lead=False) for panel in panels]
    analytic = [lag_row(profile, 2)["least_detectable"] for profile in profiles]
    found = [detectable(panel)["least_detectable"] for panel in panels]
    assert np.mean(found) == pytest.approx(np.mean(analytic), rel=0.1)
    # The formula takes its one estimated error at face value; the process is estimated from all rows.
    assert np.std(found) < 0.6 * np.std(analytic)


@pytest.mark.parametrize(("n_times", "target"), [(8, 0.40), (12, 0.30), (15, 0.25)])
def test_twenty_units_with_autocorrelated_errors_can_find_what_simulation_once_showed(n_times, target):
    # On 200 panels .37, .25 and .21; the targets come from a grid of effects .05 apart.
    rows = [detectable(nothing(seed, 20, n_times), lags=(0, 1, 2, 3)) for seed in range(16)]
    assert np.mean([row["least_detectable_sd"] for row in rows]) == pytest.approx(target, abs=0.05)


def test_the_headline_finds_the_effect_in_four_of_five_new_panels():
    effect = np.mean([detectable(nothing(seed))["least_detectable"] for seed in range(5)])
    rng, found = np.random.default_rng(8), []
    for _ in range(100):
        panel = made_panel(rng, 20, 12, effects=(0.0, 0.0, effect))
        sample, _ = lagged_sample(panel, x="x", y="y", lags=LAGS)
        fit, combinations = lag_fit(sample, x="x", y="y", lags=LAGS)
        found.append(linear_combinations(fit, combinations.loc[["lag 2"]])["ci_low"].iloc[0] > 0)
    # Two and a half Monte Carlo errors of 100 panels.
    assert np.mean(found) == pytest.approx(0.8, abs=0.1)


def test_without_an_effect_the_test_keeps_its_level():
    row = detectable(nothing(1), n_draws=9999)
    assert row["size"] == pytest.approx(0.05, abs=0.01)
    assert row["size_mc_se"] == pytest.approx(0.0022, abs=0.0003)


def test_figures_in_sd_are_points_times_the_ratio_of_within_sds():
    panel = nothing(1)
    row, ratio = detectable(panel), sd_ratio(panel, x="x", y="y")
    assert row["least_detectable_sd"] == pytest.approx(row["least_detectable"] * ratio)
    assert row["least_detectable_sd_mc_se"] == pytest.approx(row["least_detectable_mc_se"] * ratio)


def test_the_monte_carlo_error_is_the_spread_over_seeds():
    rows = pd.DataFrame([detectable(nothing(1), seed=seed) for seed in range(40)])
    assert rows["least_detectable"].std() == pytest.approx(rows["least_detectable_mc_se"].mean(), rel=0.3)


@pytest.mark.parametrize("true", [0.0, 0.4])
@pytest.mark.parametrize("share_kept", [0.8, 1.0])
def test_autocorrelation_is_free_of_the_bias_of_short_panels(true, share_kept):
    panel = nothing(7, 600, 5, autocorrelation=true, share_kept=share_kept)
    assert process(panel)[0] == pytest.approx(true, abs=0.08)


def test_two_periods_cannot_tell_autocorrelation_from_scale():
    assert process(nothing(7, 30, 2))[0] == 0


def test_errors_beyond_the_range_give_its_end():
    panel = nothing(7, 12, 10)
    swing = (-1.0) ** panel["time"] * panel["entity"].str[-3:].astype(int)
    assert process(panel.assign(y=100 * swing + panel["y"]))[0] == -0.95


def test_sds_of_the_errors_differ_where_those_of_the_units_do():
    panel = nothing(7, 40, 14)
    noise = np.random.default_rng(7).normal(size=len(panel))
    _, sds = process(panel.assign(y=noise * np.where(panel["entity"] < "unit 020", 3.0, 1.0)))
    # Shrinking and common periods bring loud and quiet units somewhat nearer.
    assert 2 < sds[sds.index < "unit 020"].mean() / sds[sds.index >= "unit 020"].mean() < 3


def test_equal_units_get_sds_drawn_to_their_mean():
    panel = nothing(7, 40, 8, autocorrelation=0.0)
    _, sds = process(panel)
    raw = panel.groupby("entity")["y"].std()
    assert sds.mean() == pytest.approx(1, abs=0.06)
    assert sds.std() < 0.5 * raw.std()


def test_more_power_and_more_confidence_ask_for_larger_effects():
    panel = nothing(1)
    effects = [detectable(panel, power=power)["least_detectable"] for power in (0.5, 0.8, 0.95)]
    assert effects == sorted(effects)
    assert detectable(panel, conf_level=0.99)["least_detectable"] > effects[1]


def test_rows_ids_and_index_do_not_matter():
    panel = nothing(22, share_kept=0.9)
    rows = [detectable(one) for one in (panel, disguised(panel, np.random.default_rng(6)))]
    pd.testing.assert_series_equal(*rows, rtol=1e-7)


def test_680_units_take_seconds():
    panel = nothing(1, 680, 6)
    start = time.monotonic()
    detectable(panel)
    assert time.monotonic() - start < 3


def test_few_units_do_not_apply():
    with pytest.raises(NotApplicable, match="Telling lags apart needs 5 units with enough periods; found 4"):
        detectable(nothing(1, 4))


def test_a_lag_outside_the_model_is_refused():
    with pytest.raises(ValueError, match="lag must be one of 0, 1, 2, cumulative; found 3"):
        detectable(nothing(1), lag=3)


def test_few_draws_are_refused():
    with pytest.raises(ValueError, match="n_draws must be 100 or more; found 99"):
        detectable(nothing(1), n_draws=99)


def test_a_power_in_percent_is_refused():
    with pytest.raises(ValueError, match=r"power must lie between 1 - conf_level and 1; found 80. Write 0.8"):
        detectable(nothing(1), power=80)
