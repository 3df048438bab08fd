"""The study of several outcomes is that of its parts, gives a known truth back, and says what it cannot tell."""

import numpy as np
import pandas as pd
import pytest
from cases import data

from helpers.stats.artifact_corrections import individual_corrections
from helpers.stats.artifact_distributions import artifact_distributions
from helpers.stats.bare_bones import bare_bones
from helpers.stats.estimates import NotApplicable
from helpers.stats.meta_checks import group_means, kinds_means, size_means, study_intervals, without_one
from helpers.stats.meta_published import besd_correlation, recomputed
from helpers.stats.meta_study import CHOICES, mean_correlations, meta_study
from helpers.stats.meta_variants import meta_variants
from helpers.stats.random_effects import random_effects

CASE = "meta_analysis"


@pytest.fixture
def studies() -> pd.DataFrame:
    return data(CASE)


def made(rng, *, k=60, n=85, rho=0.2, sd=0.09, outcome="profit"):
    """Studies whose true correlations vary, measured with known reliabilities."""
    rxx = rng.uniform(0.55, 0.9, k)
    true = np.clip(rng.normal(rho, sd, k), -0.9, 0.9) * np.sqrt(rxx)
    z = np.arctanh(true) + rng.normal(0, 1 / np.sqrt(n - 3), k)
    names = [f"study {number}" for number in range(k)]
    return pd.DataFrame({"outcome": outcome, "study": names, "r": np.tanh(z), "n": n, "rxx": rxx, "ryy": 1.0})


def test_each_row_is_what_the_estimators_say(studies):
    row = meta_study(studies).row("")
    bare, random = bare_bones(studies, **CHOICES).iloc[0], random_effects(studies).iloc[0]
    corrected = individual_corrections(studies, **CHOICES).iloc[0]
    assert [row["mean_r"], row["sd_res"]] == [bare["estimate"], bare["sd_res"]]
    assert [row["rho"], row["sd_rho"], row["rho_cr_low"]] == list(corrected[["estimate", "sd_rho", "cr_low"]])
    assert [row["re_r"], row["re_low"], row["pi_high"]] == list(random[["r", "r_ci_low", "r_pi_high"]])
    assert row["method"] == "individual" and row["estimate"] == row["rho"] and row["k"] == len(studies)


def test_where_only_some_studies_know_their_artifacts_their_distribution_corrects(studies):
    some = studies.assign(ryy=studies["ryy"].where(studies.index > 3))
    row = meta_study(some).row("")
    assert row["method"] == "distributions"
    assert row["rho"] == artifact_distributions(some, restriction="none", **CHOICES)["estimate"].item()


def test_without_reliabilities_of_one_side_nothing_is_corrected(studies):
    row = meta_study(studies.drop(columns="rxx")).row("")
    assert row["method"] == "none" and np.isnan(row["rho"])
    assert [row["estimate"], row["cr_low"]] == [row["mean_r"], row["r_cr_low"]]


def test_outcomes_stand_in_the_order_asked_for_and_one_without_studies_is_not_told():
    rng = np.random.default_rng(1)
    both = pd.concat([made(rng), made(rng, outcome="nps")])
    study = meta_study(both, outcomes=["nps", "defects", "profit"])
    assert study.summary["outcome"].tolist() == ["nps", "defects", "profit"]
    none = study.row("defects")
    assert [none["k"], none["verdict"], none["because"]] == [0, "cannot_tell", "too_few_studies"]
    with pytest.raises(NotApplicable, match="This analysis needs 2 studies; found 0"):
        mean_correlations(none)
    assert mean_correlations(study.row("nps")) == {
        "observed": study.row("nps")["mean_r"],
        "rho": study.row("nps")["rho"],
    }


def test_studies_too_small_or_perfect_do_not_count_and_do_not_stop_the_others(studies):
    odd = pd.DataFrame({"study": ["tiny", "perfect"], "r": [0.9, 1.0], "n": [3, 20], "rxx": 0.7, "ryy": 0.9})
    row = meta_study(pd.concat([studies, odd])).row("")
    assert row["rho"] == pytest.approx(meta_study(studies).row("")["rho"]) and row["n_missing"] == 2


def test_the_truth_comes_back_and_intervals_of_the_mean_cover_it():
    rows = [meta_study(made(np.random.default_rng(seed))).row("profit") for seed in range(80)]
    table = pd.DataFrame(rows)
    assert table["rho"].mean() == pytest.approx(0.2, abs=0.01)
    assert table["sd_rho"].mean() == pytest.approx(0.09, abs=0.015)
    covered = ((table["rho_low"] <= 0.2) & (table["rho_high"] >= 0.2)).mean()
    assert covered >= 0.9


def test_no_relation_is_seldom_taken_for_one():
    verdicts = [
        meta_study(made(np.random.default_rng(seed), rho=0, sd=0)).row("profit")["verdict"] for seed in range(60)
    ]
    assert sum(verdict in ("yes", "on_average") for verdict in verdicts) <= 0.05 * len(verdicts)
    assert "no" in verdicts


def test_an_unknown_restriction_is_refused(studies):
    with pytest.raises(ValueError, match="restriction must be one of none, direct, indirect; found 'some'"):
        meta_study(studies, restriction="some")


def test_variants_differ_in_one_choice():
    studies = made(np.random.default_rng(2)).assign(rxx_endless=0.3, rxx_retest=0.35, u=1.0)
    rows = meta_variants(studies, same_wave=studies.assign(r=studies["r"] / 2)).set_index("term")
    row = meta_study(studies).row("profit")
    assert rows.loc["headline", "estimate"] == row["rho"] and rows.loc["observed", "estimate"] == row["mean_r"]
    assert rows.loc["same_wave", "estimate"] == pytest.approx(row["rho"] / 2)
    assert rows.loc["endless", "estimate"] > rows.loc["retest", "estimate"] > row["rho"]
    assert rows.loc["range", "estimate"] == pytest.approx(row["rho"])
    assert rows.loc["distributions", "estimate"] == pytest.approx(row["rho"], rel=0.05)


def test_a_choice_that_changes_nothing_is_no_variant():
    studies = made(np.random.default_rng(2))
    rows = meta_variants(studies.assign(rxx_endless=studies["rxx"]))
    assert rows["term"].tolist() == ["headline", "observed", "distributions"]
    assert meta_variants(studies.drop(columns="rxx"))["term"].tolist() == ["observed"]


def test_kinds_with_few_studies_are_left_out():
    studies = made(np.random.default_rng(3), k=12).assign(industry=[*"aaaaabbbbbcc"])
    rows = group_means(studies, "industry")
    assert rows["term"].tolist() == ["a", "b"] and rows.attrs["left_out"] == 2
    with pytest.raises(NotApplicable, match="Of what kind these studies are is not known"):
        group_means(studies, "country")


def test_thirds_go_by_size():
    studies = made(np.random.default_rng(4), k=10).assign(n=range(30, 40))
    rows = size_means(studies)
    assert rows["term"].tolist() == ["small", "medium", "large"]
    assert rows[["n_low", "n_high"]].to_numpy().tolist() == [[30, 33], [34, 36], [37, 39]]
    with pytest.raises(NotApplicable, match="This analysis needs 9 studies; found 8"):
        size_means(studies.head(8))


def test_without_each_study_the_full_answer_stands_beside():
    studies = made(np.random.default_rng(5), k=8)
    rows = without_one(studies)
    assert len(rows) == 8 and (rows["r_full"] == random_effects(studies)["r"].item()).all()


def test_intervals_of_studies_are_fishers():
    rows = study_intervals(pd.DataFrame({"study": ["a", "b", "c"], "r": [0.0, 0.5, 0.9], "n": [28, 103, 3]}))
    assert rows["study"].tolist() == ["b", "a"]
    half = 1.959964 / np.sqrt([100, 25])
    assert rows["ci_low"].tolist() == pytest.approx(np.tanh(np.arctanh([0.5, 0.0]) - half), rel=1e-6)


def test_published_means_imply_a_factor_and_the_least_spread():
    row = recomputed(pd.DataFrame({"observed": [0.16], "corrected": [0.33], "k": [20], "n": [3199]})).iloc[0]
    assert row["factor"] == pytest.approx(0.4848, abs=1e-4)
    assert row["sd_chance"] == pytest.approx((1 - 0.16**2) / np.sqrt(3199 / 20 - 1))
    assert row["se_least"] == pytest.approx(row["sd_chance"] / np.sqrt(20))


def test_besd_turned_round_gives_its_correlation():
    assert besd_correlation(0.7 / 0.3) == pytest.approx(0.4)
    with pytest.raises(ValueError, match="ratio must be above 0; found 0"):
        besd_correlation(0)


def test_ways_of_telling_kinds_apart_that_do_not_apply_are_left_out():
    studies = made(np.random.default_rng(6), k=12).assign(industry=[*"aaaaaabbbbbb"])
    assert list(kinds_means(studies)) == ["industry"]
    with pytest.raises(NotApplicable, match="Comparing groups of studies needs two groups"):
        kinds_means(studies.assign(industry="a"))
    with pytest.raises(NotApplicable, match="Of what kind these studies are is not known"):
        kinds_means(studies.drop(columns="industry"))


def test_two_studies_say_nothing_on_where_others_lie():
    two, three = (meta_study(made(np.random.default_rng(7), k=k)).row("profit") for k in (2, 3))
    spread = ["cr_low", "rho_cr_high", "r_cr_low", "pi_low", "most_high"]
    assert all(np.isnan(two[name]) and np.isfinite(three[name]) for name in spread)
    assert np.isfinite(two["rho"]) and two["because"] == "too_few_studies"
