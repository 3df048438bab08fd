"""Random effects equal metafor, stay sane at the edges, and cover a known truth."""

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected, outside
from scipy import stats

from helpers.stats import reml
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.random_effects import effect_sizes, heterogeneity, random_effects
from helpers.stats.reml import TESTS, _likelihood_and_step, mixed_fit, reml_tau2

CASE = "meta_analysis"


@pytest.fixture
def studies() -> pd.DataFrame:
    return data(CASE)


def listed(r: list[float], n: int | list[int] = 100) -> pd.DataFrame:
    return pd.DataFrame({"study": range(len(r)), "r": r, "n": n})


def made(rng: np.random.Generator, k: int, tau: float, mean: float = 0.3) -> pd.DataFrame:
    """Studies whose Fisher z are normal around atanh(mean), with errors of their sizes."""
    n = rng.integers(30, 300, k)
    z = np.arctanh(mean) + tau * rng.normal(size=k) + rng.normal(size=k) / np.sqrt(n - 3)
    return listed(list(np.tanh(z)), list(n))


def grid_tau2(y: np.ndarray, v: np.ndarray) -> float:
    """Restricted likelihood of a common mean, searched on a fine grid."""
    tau2 = np.linspace(0, 0.2, 40_001)[:, None]
    w = 1 / (v + tau2)
    mean = (w * y).sum(axis=1) / w.sum(axis=1)
    likelihood = np.log(w).sum(axis=1) - np.log(w.sum(axis=1)) - (w * (y - mean[:, None]) ** 2).sum(axis=1)
    return float(tau2[likelihood.argmax(), 0])


@pytest.mark.parametrize(
    ("name", "choices"),
    [("z", {}), ("z_normal", {"test": "normal"}), ("r", {"scale": "r"})],
)
def test_random_effects_equal_metafor(studies, name, choices):
    row, wanted = random_effects(studies, **choices).iloc[0], expected(CASE)[name]
    assert_close(row[["estimate", "se", "tau2", "i2", "h2", "q", "q_p"]].to_dict(), wanted)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(wanted["ci"])
    assert [row["pi_low"], row["pi_high"]] == pytest.approx(wanted["pi"])
    assert [row["tau2_low"], row["tau2_high"]] == pytest.approx(wanted["tau2_ci"])


def test_the_vaccine_trials_equal_metafor():
    wanted = expected(CASE)["bcg"]
    y, v = np.array(wanted["y"]), np.array(wanted["v"])
    fit = mixed_fit(y, v, np.ones((13, 1)), test="hartung_knapp")
    found = {"estimate": fit.b[0], "se": fit.cov[0, 0] ** 0.5, "tau2": fit.tau2}
    spread = heterogeneity(y, v, fit.tau2, 0.95)
    assert_close(found | {name: spread[name] for name in ("i2", "h2", "q", "q_p")}, wanted)
    assert (found["estimate"], found["tau2"]) == pytest.approx((-0.7145, 0.3132), abs=5e-5)
    fit = mixed_fit(y, v, np.column_stack([np.ones(13), wanted["x"]]), test="hartung_knapp")
    assert_close({"b": list(fit.b), "se": list(np.sqrt(np.diag(fit.cov))), "tau2": fit.tau2}, wanted["ablat"], rel=1e-7)


def test_medication_adherence_equals_metafor():
    frame, wanted = outside("meta_random_effects_zcor")
    frame = frame.rename(columns={"ri": "r", "ni": "n"})
    plain, knapp = (random_effects(frame, test=test).iloc[0] for test in ("normal", "hartung_knapp"))
    plain_wanted = wanted["REML"]
    found = {"mu": plain["estimate"], "I2": plain["i2"], "H2": plain["h2"], "Q": plain["q"], "Q_p": plain["q_p"]}
    found |= {"Q_df": plain["q_df"], "se": plain["se"], "tau2": plain["tau2"], "r": plain["r"]}
    for name, low, high in (
        ("ci_z", "ci_low", "ci_high"),
        ("pi_z", "pi_low", "pi_high"),
        ("ci_r", "r_ci_low", "r_ci_high"),
        ("pi_r", "r_pi_low", "r_pi_high"),
    ):
        found[name] = [plain[low], plain[high]]
    # The case was run with the default steps of metafor: 1e-5 for tau2, 1e-4 of the range for its limits.
    assert_close(found, plain_wanted, rel=1e-3)
    assert [plain["tau2_low"], plain["tau2_high"]] == pytest.approx(plain_wanted["tau2_ci_Qprofile"], abs=5e-5)
    found = {
        "se": knapp["se"],
        "ci_z": [knapp["ci_low"], knapp["ci_high"]],
        "pi_z_t": [knapp["pi_low"], knapp["pi_high"]],
    }
    assert_close(found, wanted["KnappHartung"], rel=1e-3)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("k", [2, 3, 12])
def test_tau2_is_where_the_likelihood_is_highest(seed, k):
    known = effect_sizes(made(np.random.default_rng(seed), k, 0.15))
    y, v = known["effect"].to_numpy(), known["variance"].to_numpy()
    assert reml_tau2(y, v, np.ones((k, 1))) == pytest.approx(grid_tau2(y, v), abs=6e-6)


def test_two_studies_can_be_pooled():
    row = random_effects(data(CASE).iloc[[3, 8]]).iloc[0]
    wanted = expected(CASE)["few"]
    assert (row["tau2"], row["df"]) == pytest.approx((wanted["tau2"], 1))
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(wanted["ci"])


def test_studies_that_differ_by_chance_only_have_no_tau2():
    row = random_effects(listed([0.30, 0.32, 0.29, 0.31])).iloc[0]
    assert (row["tau2"], row["tau2_low"], row["i2"], row["h2"]) == (0, 0, 0, 1)
    assert row["pi_low"] == pytest.approx(row["ci_low"])


def test_few_studies_that_happen_to_agree_do_not_look_sure():
    close = listed([0.30, 0.31, 0.30])
    width = {test: np.ptp(random_effects(close, test=test)[["ci_low", "ci_high"]].to_numpy()) for test in TESTS}
    assert width["hartung_knapp"] < width["normal"] < width["hartung_knapp_at_least_1"]


def test_at_least_1_changes_nothing_where_studies_differ(studies):
    plain, least = (random_effects(studies.head(6), test=test) for test in TESTS[:2])
    scale = mixed_fit(
        *effect_sizes(studies.head(6))[["effect", "variance"]].to_numpy().T, np.ones((6, 1)), test=TESTS[0]
    ).scale
    ratio = least["se"].iloc[0] / plain["se"].iloc[0]
    assert ratio == pytest.approx(max(1, scale**-0.5))


def test_equal_effects_cannot_be_judged_by_hartung_knapp():
    row = random_effects(listed([0.3, 0.3, 0.3], [50, 90, 200])).iloc[0]
    assert (row["r"], row["tau2"], row["q"]) == pytest.approx((0.3, 0, 0))
    assert row[["se", "ci_low", "pi_high", "p_value"]].isna().all()
    assert random_effects(listed([0.3, 0.3, 0.3]), test="hartung_knapp_at_least_1")["ci_low"].notna().all()


def test_very_unequal_sizes_and_large_spread_settle():
    row = random_effects(listed([0.99, -0.99, 0.5, -0.2, 0.9], [4, 100_000, 5, 90_000, 8])).iloc[0]
    assert np.isfinite(row[["estimate", "tau2", "ci_low", "ci_high", "tau2_high"]].astype(float)).all()


def test_intervals_cover_and_hartung_knapp_covers_best():
    rng, inside = np.random.default_rng(81), {test: [] for test in TESTS}
    for _ in range(400):
        y, v = effect_sizes(made(rng, 8, 0.15))[["effect", "variance"]].to_numpy().T
        for test in TESTS:
            fit = mixed_fit(y, v, np.ones((8, 1)), test=test)
            half = stats.t.ppf(0.975, fit.df) * fit.cov[0, 0] ** 0.5
            inside[test].append(abs(fit.b[0] - np.arctanh(0.3)) < half)
    covers = {test: np.mean(hits) for test, hits in inside.items()}
    assert 0.93 <= covers["hartung_knapp"] <= covers["hartung_knapp_at_least_1"] <= 0.985
    assert covers["normal"] < covers["hartung_knapp"]


def test_the_prediction_interval_holds_a_further_study():
    rng, inside = np.random.default_rng(83), []
    for _ in range(150):
        row, further = random_effects(made(rng, 12, 0.15)).iloc[0], np.arctanh(0.3) + 0.15 * rng.normal()
        inside.append(row["pi_low"] < further < row["pi_high"])
    assert 0.90 <= np.mean(inside) <= 0.99


@pytest.mark.parametrize("seed", range(4))
def test_tau2_settles_at_the_top_on_any_data(seed):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        k = int(rng.integers(2, 9))
        y, v = rng.normal(0, 10 ** rng.uniform(-3, 1), k), 10 ** rng.uniform(-5, 1, k)
        x = np.ones((k, 1))
        tau2 = reml_tau2(y, v, x)
        top = _likelihood_and_step(tau2, y, v, x)[0]
        around = [_likelihood_and_step(max(0.0, tau2 * factor), y, v, x)[0] for factor in (0.99, 1.01)]
        assert top >= max(around) - 1e-9 * (1 + abs(top))


def test_scoring_that_overshoots_does_not_swing_for_ever():
    """Steps that are only kept from lowering the likelihood jump between two values here."""
    y, n = [0.36, 0.39, 0.43, 0.32, 0.44, 0.38], [73, 137, 332, 394, 61, 75]
    v = 1 / np.array(n)
    assert reml_tau2(np.array(y), v, np.ones((6, 1))) == pytest.approx(grid_tau2(np.array(y), v), abs=6e-6)


def test_the_higher_of_two_tops_is_taken():
    """From the estimate of Hedges scoring climbs a small top at .0107; the likelihood is highest at 0."""
    y, n = np.array([0.38, 0.29, 0.7, 0.28, -0.02]), np.array([48, 343, 36, 473, 30])
    assert reml_tau2(y, 1 / n, np.ones((5, 1))) == grid_tau2(y, 1 / n) == 0


def test_scoring_that_does_not_settle_says_so(studies, monkeypatch):
    monkeypatch.setattr(reml, "MAX_STEPS", 1)
    with pytest.raises(RuntimeError, match="tau2 must settle within 1 steps; it still moves at"):
        random_effects(studies)


def test_tau2_of_many_studies_is_the_true_one():
    row = random_effects(made(np.random.default_rng(82), 800, 0.15)).iloc[0]
    assert row["tau2"] ** 0.5 == pytest.approx(0.15, abs=0.01)
    assert row["tau2_low"] < 0.15**2 < row["tau2_high"]
    assert row["r"] == pytest.approx(0.3, abs=0.02)


def test_rows_ids_and_index_do_not_matter(studies):
    other = studies.assign(study=studies.index + 7).sample(frac=1, random_state=1).set_axis([0] * len(studies))
    pd.testing.assert_frame_equal(random_effects(studies), random_effects(other), rtol=1e-9)
    assert list(random_effects(studies))[: len(ESTIMATE_COLUMNS)] == list(ESTIMATE_COLUMNS)
    assert random_effects(studies).shape == (1, 28)


def test_studies_without_r_are_counted(studies):
    assert random_effects(studies.assign(r=studies["r"].where(studies.index > 2)))["n_missing"].item() == 3


def test_one_study_is_no_meta_analysis(studies):
    with pytest.raises(NotApplicable, match="This analysis needs 2 studies; found 1"):
        random_effects(studies.head(1))


@pytest.mark.parametrize(
    ("change", "choices", "text"),
    [
        ({"n": 3}, {}, "n must be 4 or more; found 3"),
        ({"r": 1.0}, {}, "r must lie between -1 and 1, both excluded; found a correlation of 1"),
        ({}, {"scale": "d"}, "scale must be one of z, r; found 'd'"),
        ({}, {"test": "knha"}, "test must be one of hartung_knapp, hartung_knapp_at_least_1, normal; found 'knha'"),
        ({}, {"conf_level": 95}, "conf_level must lie between 0 and 1; found 95"),
    ],
)
def test_what_makes_no_sense_is_refused(studies, change, choices, text):
    with pytest.raises(ValueError, match=text):
        random_effects(studies.assign(**change), **choices)
