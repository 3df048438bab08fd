"""Two causes that strengthen each other: R's figures, known truths, and what else may look like an interaction."""

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_growth import made_growth
from numpy.random import default_rng

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.interaction import CORNERS, JointSample, interaction_effects, joint_sample
from helpers.stats.interaction_checks import CHECKS, interaction_checks, product_reliability
from helpers.stats.interaction_verdict import interaction_verdict

FIGURES = ["estimate", "se", "df", "ci_low", "ci_high", "n"]
CLAIM = {"x": "x", "z": "z", "y": "y", "lag": 1}


def reference() -> JointSample:
    return joint_sample(data("growth").query("kept == 1"), **CLAIM)


def effects(sample: JointSample) -> pd.DataFrame:
    return interaction_effects(sample, cluster="cluster").set_index("term")


def checks(sample: JointSample) -> pd.DataFrame:
    return interaction_checks(sample, cluster="cluster").set_index("variant")


def held(row: pd.Series, truth: float) -> bool:
    return row["ci_low"] < truth < row["ci_high"]


@pytest.mark.parametrize("term", ["x", "z", "product", *CORNERS])
def test_every_effect_and_corner_is_that_of_r(term):
    found = interaction_effects(reference(), cluster="cluster").set_index("term")
    wanted = expected("growth")["interaction"][term]
    if found.loc[term, "n_units"] < 10:
        assert found.loc[term, FIGURES[:2]].isna().all()
    else:
        assert_close(found.loc[term, FIGURES].to_dict(), wanted, rel=1e-7)


@pytest.mark.parametrize("variant", CHECKS[1:])
def test_every_check_is_that_of_r(variant):
    assert_close(checks(reference()).loc[variant, FIGURES].to_dict(), expected("growth")["variants"][variant], rel=1e-7)


def test_the_scales_are_those_of_r():
    found = interaction_effects(reference(), cluster="cluster")
    assert_close(
        {name: found.attrs[name] for name in ("sd_x", "sd_z", "sd_y", "correlation")}, expected("growth")["about"]
    )
    assert list(found.columns[: len(ESTIMATE_COLUMNS)]) == list(ESTIMATE_COLUMNS)
    np.testing.assert_allclose(found["estimate_sd"] * found.attrs["sd_y"], found["estimate"])


def test_what_both_gain_together_is_four_interactions():
    found = effects(joint_sample(made_growth(default_rng(6)), **CLAIM))["estimate"]
    together = found["high_high"] - found["high_low"] - found["low_high"] + found["low_low"]
    assert together == pytest.approx(4 * found["product"])


def test_the_truth_comes_back_and_zero_lies_outside():
    sample = joint_sample(made_growth(default_rng(7), interaction=0.4), **CLAIM)
    row = effects(sample).loc["product"]
    assert held(row, 0.4 * sample.sd_x * sample.sd_z) and row["ci_low"] > 0


@pytest.mark.slow
def test_the_interval_covers_the_truth_and_no_interaction_is_seldom_found():
    rng, n_panels = default_rng(8), 200
    covered = false = 0
    for _ in range(n_panels):
        for truth in (0.0, 0.2):
            sample = joint_sample(made_growth(rng, n_times=6, interaction=truth), **CLAIM)
            row = effects(sample).loc["product"]
            covered += held(row, truth * sample.sd_x * sample.sd_z)
            false += truth == 0.0 and not held(row, 0.0)
    assert 0.92 <= covered / (2 * n_panels) <= 0.98
    assert false / n_panels <= 0.09


def test_a_curved_effect_looks_like_an_interaction_until_the_squares_stand_beside_it():
    sample = joint_sample(made_growth(default_rng(9), curve=0.5), **CLAIM)
    assert effects(sample).loc["product", "ci_low"] > 0
    assert held(checks(sample).loc["beside_squares"], 0.0)


def test_a_corner_where_hardly_any_unit_was_has_no_figure():
    panel = made_growth(default_rng(10))
    panel["z"] = 3 * panel["x"] + panel["z"]
    found = effects(joint_sample(panel, **CLAIM))
    assert found.loc["high_high", "n_units"] > 10 > found.loc["high_low", "n_units"]
    assert pd.isna(found.loc["high_low", "ci_low"]) and np.isfinite(found.loc["high_high", "ci_low"])


def test_errors_of_both_sides_weaken_the_interaction_by_the_reliability_of_the_product():
    truth, ratios, shares = 0.5, [], []
    for seed in range(12):
        panel = made_growth(default_rng(seed), n_times=14, interaction=truth, x_noise=0.6, z_noise=0.6)
        sample = joint_sample(panel, **CLAIM)
        found = effects(sample).loc["product", "estimate"] / (sample.sd_x * sample.sd_z)
        ratios.append(found / truth)
        shares.append(product_reliability(sample, panel, x="x", z="z", lag=1))
    reliability = pd.DataFrame(shares).mean()
    assert np.mean(ratios) == pytest.approx(reliability["product"], abs=0.06)
    assert reliability["product"] < min(reliability["x"], reliability["z"]) < 1


def test_scores_without_error_are_wholly_reliable():
    panel = made_growth(default_rng(11))
    assert product_reliability(joint_sample(panel, **CLAIM), panel, x="x", z="z", lag=1)["product"] == pytest.approx(1)


def test_unknown_errors_leave_the_reliability_unknown():
    panel = made_growth(default_rng(11)).drop(columns="z_se")
    with pytest.raises(NotApplicable, match="The sampling errors of z are not known"):
        product_reliability(joint_sample(panel, **CLAIM), panel, x="x", z="z", lag=1)


def test_a_gap_in_the_calendar_is_no_shorter_lag():
    panel = made_growth(default_rng(12), n_times=5)
    holed = panel[panel["time"] != 2003]
    assert set(joint_sample(holed, **CLAIM).rows["time"]) == {2002, 2005}


def test_one_period_cannot_tell():
    panel = made_growth(default_rng(13), n_times=2)
    with pytest.raises(NotApplicable, match="x, z, y are not seen together in enough periods"):
        joint_sample(panel, **CLAIM)


def test_customers_who_never_change_cannot_tell():
    panel = made_growth(default_rng(13)).assign(z=1.0)
    with pytest.raises(NotApplicable, match="z is the same in all units and periods"):
        joint_sample(panel, **CLAIM)


def test_four_clusters_are_too_few():
    sample = joint_sample(made_growth(default_rng(14), n_clusters=4), **CLAIM)
    with pytest.raises(NotApplicable, match="needs 5 units"):
        interaction_effects(sample, cluster="cluster")


def row(low: float, high: float, df: float = 20.0, se: float = 0.1) -> dict[str, float]:
    return {"ci_low_sd": low, "ci_high_sd": high, "ci_low": 10 * low, "ci_high": 10 * high, "df": df, "se": se}


@pytest.mark.parametrize(
    ("interval", "verdict", "because"),
    [
        ((0.2, 0.4), "yes", "zero_excluded"),
        ((0.01, 0.11), "yes", "zero_excluded"),
        ((0.01, 0.1), "no", "below_smallest"),
        ((-0.1, 0.1), "no", "below_smallest"),
        ((-0.11, 0.1), "cannot_tell", "interval_includes_0"),
        ((0.0, 0.4), "cannot_tell", "interval_includes_0"),
        ((-0.4, -0.2), "cannot_tell", "wrong_sign"),
    ],
)
def test_the_verdict_follows_the_interval(interval, verdict, because):
    found = interaction_verdict(row(*interval), smallest_effect=0.1)
    assert (found.verdict, found.because) == (verdict, because)
    turned = interaction_verdict(row(-interval[1], -interval[0]), smallest_effect=0.1, sign=-1)
    assert turned == found
    assert interaction_verdict(row(*interval), smallest_effect=1.0, unit="points") == found


@pytest.mark.parametrize(
    ("beside", "within", "because"),
    [
        ((0.1, 0.4), (0.1, 0.6), "zero_excluded"),
        ((-0.1, 0.4), (0.1, 0.6), "not_robust"),
        ((0.1, 0.4), (-0.6, -0.1), "not_robust"),
        ((0.1, 0.4), (np.nan, np.nan), "zero_excluded"),
    ],
)
def test_a_yes_must_survive_curves_and_lasting_differences(beside, within, because):
    intervals = {"beside_squares": beside, "within_units": within, "shared_shocks": (-1.0, 1.0)}
    rows = [
        {"variant": name, "estimate": low + high, "ci_low": low, "ci_high": high}
        for name, (low, high) in intervals.items()
    ]
    found = interaction_verdict(row(0.2, 0.4), smallest_effect=0.1, checks=pd.DataFrame(rows))
    assert found.because == because and (found.verdict == "yes") == (because == "zero_excluded")
    turned = pd.DataFrame(rows).assign(ci_low=[-r["ci_high"] for r in rows], ci_high=[-r["ci_low"] for r in rows])
    assert interaction_verdict(row(-0.4, -0.2), smallest_effect=0.1, sign=-1, checks=turned) == found


@pytest.mark.parametrize("few", [{"df": 3.9}, {"se": np.nan}])
def test_too_few_groups_cannot_tell(few):
    assert interaction_verdict(row(0.2, 0.4, **few), smallest_effect=0.1).because == "too_few"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"smallest_effect": 0.0}, "smallest_effect must be above 0; found 0.0"),
        ({"smallest_effect": 0.1, "unit": "%"}, "unit must be 'sd' or 'points'; found '%'"),
        ({"smallest_effect": 0.1, "sign": 0}, "sign must be 1 or -1; found 0"),
    ],
)
def test_a_wrong_choice_is_refused(choice, message):
    with pytest.raises(ValueError, match=message):
        interaction_verdict(row(0.2, 0.4), **choice)
