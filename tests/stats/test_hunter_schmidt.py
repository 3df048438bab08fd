"""Hunter's and Schmidt's meta-analysis equals psychmeta, psychometric and R, and gives a known truth back."""

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected, outside

from helpers.stats.artifact_corrections import corrected_studies, individual_corrections
from helpers.stats.artifact_distributions import artifact_distributions, artifact_factors
from helpers.stats.bare_bones import bare_bones
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.range_restriction import (
    correction_factor,
    disattenuated,
    restriction_factor,
    thorndike_case_2,
    true_score_u,
    unrestricted_reliability,
)

CASE = "meta_analysis"
PSYCHMETA = {"unbiased_variance": True, "bias_correction": True, "interval": "t"}
RESTRICTIONS = pytest.mark.parametrize("restriction", ["none", "direct", "indirect"])


@pytest.fixture
def studies() -> pd.DataFrame:
    return data(CASE)


def only(table: pd.DataFrame) -> pd.Series:
    assert len(table) == 1
    return table.iloc[0]


def psychmeta_studies() -> tuple[pd.DataFrame, dict]:
    frame, wanted = outside("hunter_schmidt_ic_ad_psychmeta")
    frame = frame.rename(columns={"rxyi": "r", "rxxi": "rxx", "ryyi": "ryy"})
    return frame.assign(study=frame.index), wanted


def credibility(row: pd.Series) -> list[float]:
    return [row["cr_low"], row["cr_high"]]


def simulated(rng: np.random.Generator, *, k: int = 400, n: int = 150, sd: float = 0.1, rho: float = 0.4):
    """Studies of normal scores: true correlations around rho, then errors of both sides; artifacts are known."""
    rows = []
    for study, true in enumerate(np.clip(rng.normal(rho, sd, k), -0.95, 0.95)):
        rxx, ryy = rng.uniform(0.5, 0.9, 2)
        x = rng.normal(size=n)
        y = true * x + np.sqrt(1 - true**2) * rng.normal(size=n)
        noisy = [
            score * np.sqrt(share) + np.sqrt(1 - share) * rng.normal(size=n) for score, share in ((x, rxx), (y, ryy))
        ]
        rows.append({"study": study, "r": np.corrcoef(*noisy)[0, 1], "n": n, "rxx": rxx, "ryy": ryy})
    return pd.DataFrame(rows)


def test_three_studies_by_hand():
    row = only(bare_bones(pd.DataFrame({"study": list("abc"), "r": [0.1, 0.3, 0.2], "n": [101, 101, 201]})))
    assert row["estimate"] == pytest.approx((0.1 * 101 + 0.3 * 101 + 0.2 * 201) / 403)
    assert row["var_r"] == pytest.approx(2 * 101 * 0.1**2 / 403)
    assert row["var_e"] == pytest.approx(0.96**2 * (2 * 101 / 100 + 201 / 200) / 403)
    assert (row["k"], row["n"], row["n_clusters"]) == (3, 403, 3)


@pytest.mark.parametrize(("name", "options"), [("bare_bones", {}), ("psychmeta_defaults", PSYCHMETA)])
def test_bare_bones_equal_r(studies, name, options):
    row, wanted = only(bare_bones(studies, **options)), expected(CASE)[name]
    assert_close({"mean_r": row["estimate"], **row[["var_r", "var_e", "sd_res", "se", "pct_sampling"]]}, wanted)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(wanted["confidence"])
    assert credibility(row) == pytest.approx(wanted["credibility"])


def test_bare_bones_equal_psychmeta():
    frame, wanted = psychmeta_studies()
    row, wanted = only(bare_bones(frame)), wanted["barebones"]
    found = {
        "rbar": row["estimate"],
        "N": row["n"],
        "se_mean": row["se"],
        **row[["k", "var_r", "sd_r", "var_e", "sd_res", "pct_sampling"]],
    }
    assert_close(found, wanted, rel=1e-6)


@RESTRICTIONS
def test_individual_corrections_equal_r(studies, restriction):
    wanted = expected(CASE)["corrected"][restriction]
    each = corrected_studies(studies, restriction=restriction)
    np.testing.assert_allclose(each["rho"], wanted["studies"])
    row = only(individual_corrections(studies, restriction=restriction))
    assert_close({"rho": row["estimate"], **row[["var_rc", "sd_rho"]]}, wanted)
    assert row["var_e"] == pytest.approx(wanted["var_e"], rel=1e-6), "a numerical slope in R"


def test_individual_corrections_equal_psychmeta():
    frame, wanted = psychmeta_studies()
    row, wanted = only(individual_corrections(frame)), wanted["individual_correction"]
    found = {"rho": row["estimate"], "var_rc": row["var_rc"], "var_e_c": row["var_e"], "sd_rho": row["sd_rho"]}
    assert_close(found | {"pct_var_accounted": row["pct_accounted"]}, wanted, rel=1e-6)
    assert credibility(row) == pytest.approx(wanted["credibility_80"], rel=1e-6)


def test_artifact_distributions_equal_r(studies):
    sparse, wanted = studies.copy(), expected(CASE)["distributions"]
    sparse.loc[sparse.index % 3 > 0, ["rxx", "ryy", "u"]] = np.nan
    for method, name in (("taylor", "taylor"), ("interactive", "crossed")):
        row = only(artifact_distributions(sparse, method=method))
        found = {
            "rho": row["estimate"],
            "factor": row["factor"],
            name: row["var_artifacts"],
            f"sd_rho_{name}": row["sd_rho"],
        }
        assert_close(found, wanted)
    assert (row["k"], row["k_rxx"], row["k_ryy"], row["k_u"]) == (24, 8, 8, 8)


@pytest.mark.parametrize("name", ["ABHt32", "HSJt35"])
def test_artifact_distributions_equal_the_textbook(name):
    frame, wanted = outside("hunter_schmidt_artifact_distribution_textbook")
    frame = frame[frame["set"] == name].rename(columns={"Rxy": "r", "Rxx": "rxx", "Ryy": "ryy"})
    row, wanted = only(artifact_distributions(frame)), wanted[name]
    factors = artifact_factors(frame, row["mean_r"])["mean"]
    found = {"rbar": row["mean_r"], "N": row["n"], "compound_A": row["factor"], "rho": row["estimate"]}
    found |= {"pct_var_all_artifacts": row["pct_accounted"], **row[["k", "var_r", "var_e", "var_artifacts", "sd_rho"]]}
    found |= {
        "mean_sqrt_rxx": factors["factor_x"],
        "mean_sqrt_ryy": factors["factor_y"],
        "mean_c": factors["factor_range"],
    }
    assert_close(found, wanted, rel=1e-6)
    assert credibility(row) == pytest.approx(wanted["credibility_80"], rel=1e-6)


@pytest.mark.parametrize(
    ("method", "name", "rel"),
    [("taylor", "artifact_distribution_tsa", 1e-6), ("interactive", "artifact_distribution_interactive", 2e-3)],
)
def test_artifact_distributions_equal_psychmeta(method, name, rel):
    frame, wanted = psychmeta_studies()
    choices = {"method": method, "restriction": "none", "artifact_weights": "n", "unbiased_artifacts": True}
    row = only(artifact_distributions(frame, **choices))
    found = {"rho": row["estimate"], "var_art": row["var_artifacts"], "sd_rho": row["sd_rho"]}
    found["pct_var_accounted"] = row["pct_accounted"]
    assert_close({key: value for key, value in found.items() if key in wanted[name]}, wanted[name], rel=rel)


def test_range_corrections_equal_psychmeta():
    frame, wanted = outside("range_restriction_attenuation")
    frame = frame.rename(columns={"rxyi": "r", "rxxi": "rxx", "ryyi": "ryy", "ux": "u"})
    direct, indirect = (frame[frame["case"] == case] for case in ("direct", "indirect"))
    r, rxx, ryy, u = (direct[name] for name in ("r", "rxx", "ryy", "u"))
    np.testing.assert_allclose(disattenuated(r, rxx, ryy), wanted["attenuation"])
    np.testing.assert_allclose(thorndike_case_2(r, u), wanted["thorndike_II"])
    np.testing.assert_allclose(r / correction_factor(r, rxx, ryy, u, "direct"), wanted["direct_full"])
    r, rxx, ryy, u = (indirect[name] for name in ("r", "rxx", "ryy", "u"))
    full = wanted["indirect_full"]
    np.testing.assert_allclose(unrestricted_reliability(rxx, u), full["rxxa"])
    np.testing.assert_allclose(true_score_u(rxx, u), full["uT"])
    np.testing.assert_allclose(r / correction_factor(r, rxx, ryy, u, "indirect"), full["rho"])


def test_a_full_range_and_perfect_measures_leave_r_alone():
    r = np.array([-0.5, 0.0, 0.3])
    np.testing.assert_allclose(restriction_factor(r, 1.0), 1)
    for restriction in ("none", "direct", "indirect"):
        np.testing.assert_allclose(correction_factor(r, np.ones(3), np.ones(3), np.ones(3), restriction), 1)


@pytest.mark.parametrize("restriction", ["direct", "indirect"])
def test_the_correlation_among_all_comes_back_from_those_chosen(restriction):
    rng, size, rho, rxx, ryy = np.random.default_rng(71), 400_000, 0.5, 0.8, 0.7
    true = rng.normal(size=size)
    x = np.sqrt(rxx) * true + np.sqrt(1 - rxx) * rng.normal(size=size)
    performance = rho * true + np.sqrt(1 - rho**2) * rng.normal(size=size)
    y = np.sqrt(ryy) * performance + np.sqrt(1 - ryy) * rng.normal(size=size)
    chosen = x > 0.2 if restriction == "direct" else true + rng.normal(size=size) > 0.2
    u, r = x[chosen].std() / x.std(), np.corrcoef(x[chosen], y[chosen])[0, 1]
    ryy_chosen = 1 - (1 - ryy) * y.var() / y[chosen].var()
    known = rxx if restriction == "direct" else 1 - (1 - rxx) / x[chosen].var()
    assert r < 0.8 * rho * np.sqrt(rxx * ryy)
    assert r / correction_factor(r, known, ryy_chosen, u, restriction) == pytest.approx(rho, abs=0.01)


def test_individual_corrections_give_the_truth_back():
    row = only(individual_corrections(simulated(np.random.default_rng(72))))
    assert row["estimate"] == pytest.approx(0.4, abs=0.015)
    assert row["sd_rho"] == pytest.approx(0.1, abs=0.02)
    assert credibility(row) == pytest.approx([0.4 - 0.128, 0.4 + 0.128], abs=0.03)


@pytest.mark.parametrize("method", ["taylor", "interactive"])
def test_artifact_distributions_give_the_truth_back_from_a_few_reliabilities(method):
    made = simulated(np.random.default_rng(73), k=600)
    made.loc[made.index % 4 > 0, ["rxx", "ryy"]] = np.nan
    row = only(artifact_distributions(made, method=method, restriction="none"))
    assert (row["estimate"], row["sd_rho"]) == pytest.approx((0.4, 0.1), abs=0.02)


def test_bare_bones_find_no_spread_where_there_is_none():
    rng = np.random.default_rng(74)
    explained = []
    for _ in range(60):
        z = np.arctanh(0.2) + rng.normal(size=60) / np.sqrt(97)
        explained.append(
            only(bare_bones(pd.DataFrame({"study": range(60), "r": np.tanh(z), "n": 100})))["pct_sampling"]
        )
    assert np.median(explained) == pytest.approx(100, abs=6)


def test_the_confidence_interval_of_the_mean_covers():
    rng, inside = np.random.default_rng(75), []
    for _ in range(400):
        true = rng.normal(0.3, 0.12, 25)
        r = np.tanh(np.arctanh(true) + rng.normal(size=25) / np.sqrt(77))
        row = only(bare_bones(pd.DataFrame({"study": range(25), "r": r, "n": 80}), **PSYCHMETA))
        inside.append(row["ci_low"] < 0.3 < row["ci_high"])
    assert 0.92 <= np.mean(inside) <= 0.98


def test_indirect_distributions_equal_one_correction_when_all_studies_share_their_artifacts(studies):
    same = studies.assign(rxx=0.8, ryy=0.7, u=0.75)
    row = only(artifact_distributions(same, restriction="indirect"))
    assert row["estimate"] == pytest.approx(
        row["mean_r"] / correction_factor(row["mean_r"], 0.8, 0.7, 0.75, "indirect")
    )
    assert row["var_artifacts"] == pytest.approx(0)


def test_a_correlation_of_zero_can_be_corrected(studies):
    zero = studies.assign(r=studies["r"].where(studies.index > 0, 0.0))
    for restriction in ("none", "direct", "indirect"):
        first = corrected_studies(zero, restriction=restriction).iloc[0]
        assert first["rho"] == 0 and 0 < first["factor"] < 1


@pytest.mark.parametrize("method", [bare_bones, individual_corrections, artifact_distributions])
def test_rows_ids_and_index_do_not_matter(studies, method):
    other = studies.assign(study=studies.index + 7).sample(frac=1, random_state=1).set_axis([0] * len(studies))
    pd.testing.assert_frame_equal(method(studies), method(other), check_exact=False, rtol=1e-10)
    assert list(method(studies))[: len(ESTIMATE_COLUMNS)] == list(ESTIMATE_COLUMNS)


def test_studies_without_what_is_needed_are_left_out_and_counted(studies):
    holes = studies.copy()
    holes.loc[:2, "r"], holes.loc[5:6, "ryy"] = np.nan, np.nan
    assert only(bare_bones(holes))["n_missing"] == 3
    row = only(individual_corrections(holes))
    assert (row["n_missing"], row["k"]) == (5, 19)
    assert only(artifact_distributions(holes))["k_ryy"] == 22, "a row without r still feeds the distribution"


def test_equal_studies_leave_the_share_of_sampling_error_open(studies):
    row = only(bare_bones(studies.assign(r=0.3)))
    assert (row["sd_res"], row["cr_low"]) == pytest.approx((0, 0.3))
    assert np.isnan(row["pct_sampling"])


def test_one_study_is_no_meta_analysis(studies):
    with pytest.raises(NotApplicable, match="This analysis needs 2 studies; found 1"):
        bare_bones(studies.head(1))


def test_studies_without_reliabilities_cannot_be_corrected(studies):
    with pytest.raises(NotApplicable, match="Correcting each study needs 2 studies with reliabilities; found 0"):
        individual_corrections(studies.drop(columns="rxx"))
    with pytest.raises(NotApplicable, match="Neither reliabilities nor ranges of these studies are known"):
        artifact_distributions(studies[["study", "r", "n"]])


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"r": 1.2}, r"r must lie between -1 and 1; found 1\.2"),
        ({"n": 1}, "n must be 2 or more; found 1"),
        ({"study": "a"}, "studies must have one row per study; found more for a"),
        ({"rxx": 1.3}, r"rxx must be above 0 and at most 1; found 1\.3"),
        ({"ryy": 0}, "ryy must be above 0 and at most 1; found 0"),
        ({"u": -0.5}, r"u must be above 0; found -0\.5"),
    ],
)
def test_impossible_studies_are_refused(studies, change, text):
    with pytest.raises(ValueError, match=text):
        individual_corrections(studies.assign(**change), restriction="direct")


def test_unknown_choices_are_refused(studies):
    with pytest.raises(ValueError, match="studies must have the columns study, r, n; found none named n"):
        bare_bones(studies.drop(columns="n"))
    with pytest.raises(ValueError, match="interval must be one of normal, t; found 'z'"):
        bare_bones(studies, interval="z")
    with pytest.raises(ValueError, match="restriction must be one of none, direct, indirect; found 'some'"):
        individual_corrections(studies, restriction="some")
    with pytest.raises(ValueError, match="method must be one of taylor, interactive; found 'other'"):
        artifact_distributions(studies, method="other")
    with pytest.raises(ValueError, match="artifact_weights must be one of equal, n; found 'k'"):
        artifact_distributions(studies, artifact_weights="k")
