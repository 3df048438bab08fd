import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from scipy import stats

from helpers.stats.quartiles import MIN_CLUSTERS, MIN_UNITS
from helpers.stats.regression_to_mean import TERMS, retest_gaps

# Mean of a standard normal above its third quartile.
EXTREME = stats.norm.pdf(stats.norm.ppf(0.75)) / 0.25


def made_waves(rng: np.random.Generator, reliability: float = 0.6, n_clusters: int = 30, n_units: int = 300):
    """Two measurements of units that did not change; the later one is 0.4 higher everywhere."""
    cluster = rng.integers(0, n_clusters, n_units)
    true = 0.3**0.5 * rng.normal(size=n_clusters)[cluster] + 0.7**0.5 * rng.normal(size=n_units)
    waves = [reliability**0.5 * true + (1 - reliability) ** 0.5 * rng.normal(size=n_units) for _ in range(2)]
    return pd.DataFrame({"cluster": cluster, "cut": waves[0], "after": waves[1] + 0.4})


def retest(waves: pd.DataFrame, seed: int = 1, **choices: object) -> pd.DataFrame:
    choices = {"n_boot": 199} | choices
    return retest_gaps(waves, ["after"], rng=np.random.default_rng(seed), **choices).set_index("term")


def test_figures_and_bootstrap_errors_equal_r():
    table, wanted = retest(data("regression_to_mean"), n_boot=4000), expected("regression_to_mean")
    found = table["estimate"].to_dict() | table.iloc[0][["gap_cut", "gap_again"]].to_dict()
    assert_close(found, wanted["retest"])
    assert table["se"].to_dict() == pytest.approx(wanted["bootstrap_se"], rel=0.04)


@pytest.mark.parametrize(("reliability", "gain"), [(0.5, 0.64), (0.7, 0.38), (0.85, 0.19)])
def test_the_bottom_quarter_gains_without_any_real_change(reliability, gain):
    table = retest(made_waves(np.random.default_rng(5), reliability, n_clusters=2000, n_units=60_000), n_boot=20)
    assert gain == pytest.approx((1 - reliability) * EXTREME, abs=0.005)
    assert table.loc["gain_bottom", "estimate"] == pytest.approx(gain, abs=0.02)
    assert table.loc["loss_top", "estimate"] == pytest.approx(gain, abs=0.02)
    assert table.loc["share_lost", "estimate"] == pytest.approx(1 - reliability, abs=0.01)
    assert table.loc["r", "estimate"] == pytest.approx(reliability, abs=0.01)


def test_intervals_hold_the_truth():
    truth = {"share_lost": 0.4, "gain_bottom": 0.4 * EXTREME, "r": 0.6}
    tables = [retest(made_waves(np.random.default_rng(seed)), seed) for seed in range(150)]
    for term, value in truth.items():
        inside = [table.loc[term, "ci_low"] <= value <= table.loc[term, "ci_high"] for table in tables]
        assert 0.90 <= np.mean(inside) <= 0.99


def test_what_is_measured_without_chance_loses_nothing():
    waves = made_waves(np.random.default_rng(2))
    table = retest(waves.assign(after=2 * waves["cut"] + 3))
    assert table.loc["r", "estimate"] == pytest.approx(1)
    assert table.loc["share_lost", "estimate"] == pytest.approx(-1)
    assert retest(waves.assign(after=waves["cut"] + 3)).loc["gain_bottom", "estimate"] == pytest.approx(0)


def test_units_without_one_of_the_two_are_left_out():
    waves = made_waves(np.random.default_rng(3))
    holes = pd.concat([waves, waves.head(4).assign(cut=np.nan), waves.head(5).assign(after=np.nan)])
    pd.testing.assert_frame_equal(retest(waves), retest(holes))


def test_few_units_few_clusters_and_equal_scores_have_their_reasons():
    waves = made_waves(np.random.default_rng(4))
    few = retest(waves.head(MIN_UNITS - 1))
    assert set(few["reason"]) == {"too_few_units"} and few["estimate"].isna().all()
    together = retest(waves.assign(cluster=waves["cluster"] % (MIN_CLUSTERS - 1)))
    assert set(together["reason"]) == {"too_few_clusters"}
    assert together["estimate"].notna().all() and together["ci_low"].isna().all()
    alike = retest(waves.assign(cut=3.5))
    assert set(alike["reason"]) == {"no_spread"} and alike["estimate"].isna().all()


def test_each_wave_has_all_terms_in_order():
    waves = made_waves(np.random.default_rng(4)).assign(before=lambda table: table["after"] ** 3)
    table = retest_gaps(waves, ["after", "before"], rng=np.random.default_rng(1), n_boot=20)
    assert table["term"].tolist() == [*TERMS, *TERMS]
    assert table["again"].tolist() == ["after"] * 4 + ["before"] * 4
