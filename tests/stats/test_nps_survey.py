"""Scores of weighted and clustered answers: R's sandwich, the simple formulas, and a truth that comes back."""

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected, outside

from helpers.stats.estimates import NotApplicable
from helpers.stats.nps import nps_interval
from helpers.stats.nps_survey import Design, survey_differences, survey_nps

CLUSTERED = Design(weight="weight", cluster="team")


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return data("nps_survey")


@pytest.mark.parametrize(
    ("name", "design"),
    [
        ("clustered", CLUSTERED),
        ("independent", Design(weight="weight")),
        ("stratified", Design(weight="weight", cluster="team", stratum="region")),
    ],
)
def test_scores_errors_and_differences_of_domains_equal_r(answers, name, design):
    wanted = expected("nps_survey")[name]
    found = survey_nps(answers, design, by="group")
    assert_close({column: found[column].tolist() for column in ("estimate", "se")}, wanted)
    covariance = np.array(wanted["covariance"])
    pairs = survey_differences(answers, design, by="group")
    assert pairs["term"].tolist() == ["b - a", "c - a", "c - b"]
    for row, (i, j) in zip(pairs.itertuples(), [(0, 1), (0, 2), (1, 2)], strict=True):
        assert row.se == pytest.approx((covariance[i, i] + covariance[j, j] - 2 * covariance[i, j]) ** 0.5)


def test_interval_of_a_domain_equals_that_by_hand_in_r(answers):
    wanted, row = expected("nps_survey"), survey_nps(answers, CLUSTERED, by="group").iloc[0]
    assert_close(row[["kish_deff", "design_effect", "df"]].to_dict(), wanted)
    assert row[["ci_low", "ci_high"]].tolist() == pytest.approx(wanted["interval"], rel=1e-8)


def test_the_jackknife_gives_nearly_the_same_errors(answers):
    found = survey_nps(answers, CLUSTERED, by="group")["se"]
    assert found.tolist() == pytest.approx(expected("nps_survey")["jackknife"], rel=0.15)


def test_answers_without_a_design_give_the_outside_reference():
    answers, wanted = outside("nps_ci_simple")
    answers = answers.rename(columns={"score": "recommend"})
    for name in "AB":
        row = survey_nps(answers[answers["group"] == name]).iloc[0]
        assert (row["estimate"], row["se"]) == pytest.approx((wanted[name]["nps"], wanted[name]["se_n1"]), rel=1e-8)
        assert row[["ci_low", "ci_high"]].tolist() == pytest.approx(wanted[name]["adjusted_wald"]["ci"], rel=1e-8)
    row = survey_differences(answers, Design(stratum="group"), by="group").iloc[0]
    difference = wanted["difference"]
    assert (-row["estimate"], row["se"]) == pytest.approx((difference["est"], difference["se"]), rel=1e-8)


def plain(promoters: int, passives: int, detractors: int) -> pd.DataFrame:
    return pd.DataFrame({"recommend": [10] * promoters + [7] * passives + [3] * detractors})


@pytest.mark.parametrize("counts", [(5, 3, 2), (10, 0, 0), (0, 3, 0)])
def test_a_simple_sample_keeps_the_adjusted_wald_interval(counts):
    row = survey_nps(plain(*counts)).iloc[0]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(nps_interval(*counts))


def test_the_unit_of_weights_does_not_matter(answers):
    more = answers.assign(weight=1000 * answers["weight"])
    pd.testing.assert_frame_equal(survey_nps(more, CLUSTERED, by="group"), survey_nps(answers, CLUSTERED, by="group"))


def test_neither_order_nor_names_of_clusters_matter(answers):
    other = answers.sample(frac=1, random_state=1)
    other["team"] = other["team"].map({name: i for i, name in enumerate(reversed(sorted(set(other["team"]))))})
    pd.testing.assert_frame_equal(survey_nps(other, CLUSTERED), survey_nps(answers, CLUSTERED))


def test_the_same_people_in_two_waves_make_a_sharper_difference():
    rng = np.random.default_rng(2)
    before = rng.integers(3, 11, 80)
    waves = pd.concat(
        pd.DataFrame({"recommend": np.clip(before + step, 0, 10), "person": range(80), "wave": wave})
        for wave, step in (("2023", 0), ("2024", rng.integers(0, 3, 80)))
    )
    paired = survey_differences(waves, Design(cluster="person"), by="wave").iloc[0]
    apart = survey_differences(waves, by="wave").iloc[0]
    assert paired["correlation"] > 0.5 and paired["se"] < 0.75 * apart["se"]
    assert paired["ci_high"] - paired["ci_low"] < 0.75 * (apart["ci_high"] - apart["ci_low"])
    assert (paired["df"], apart["df"]) == (79, 159)


def test_all_promoters_in_few_teams_count_as_few():
    rows = plain(30, 0, 0).assign(team=[1, 2, 3] * 10)
    row = survey_nps(rows, Design(cluster="team")).iloc[0]
    assert row["n_effective"] == pytest.approx(3) and row["ci_low"] < 50


def test_weights_without_meaning_cost_what_kish_says():
    rng = np.random.default_rng(3)
    rows = plain(2000, 1000, 1000).assign(weight=rng.choice([0.5, 2.0], 4000))
    row = survey_nps(rows, Design(weight="weight")).iloc[0]
    assert row["kish_deff"] == pytest.approx(4000 * 2.125 / 4000 / 1.25**2, rel=0.02)
    assert row["design_effect"] == pytest.approx(row["kish_deff"], rel=0.05)


def test_a_domain_in_one_cluster_has_a_score_and_no_interval():
    rows = plain(6, 3, 3).assign(team=[1, 2, 3] * 4)
    rows["group"] = np.where(rows["team"] == 1, "a", "b")
    found = survey_nps(rows, Design(cluster="team"), by="group").set_index("term")
    assert found.loc["a", ["se", "ci_low", "ci_high"]].isna().all() and found.loc["b", "ci_low"] < 100
    pair = survey_differences(rows, Design(cluster="team"), by="group").iloc[0]
    assert np.isfinite(pair["estimate"]) and np.isnan(pair["ci_low"])


def covered(rng: np.random.Generator, design: Design, rounds: int = 100) -> float:
    """Share of samples of 12 unequal teams, with weights that undo who was asked, whose interval holds the truth."""
    bounds, hits = np.array([-0.6, 0.5]), []
    nodes, chance = np.polynomial.hermite_e.hermegauss(60)
    from scipy.stats import norm

    truth = 100 * chance @ (norm.sf(bounds[1] - 0.5 * nodes) - norm.cdf(bounds[0] - 0.5 * nodes)) / chance.sum()
    for _ in range(rounds):
        team = np.repeat(np.arange(12), rng.integers(4, 20, 12))
        mood = rng.normal(0, 0.5, 12)[team] + rng.normal(size=len(team))
        often = rng.choice([0.5, 1.0], len(team))
        rows = pd.DataFrame({"recommend": np.select([mood > bounds[1], mood < bounds[0]], [9, 4], 8)})
        row = survey_nps(rows.assign(team=team, weight=1 / often), design).iloc[0]
        hits.append(row["ci_low"] <= truth <= row["ci_high"])
    return float(np.mean(hits))


def test_the_interval_of_clustered_answers_holds_the_truth_and_the_naive_one_does_not():
    clustered = covered(np.random.default_rng(4), CLUSTERED)
    assert clustered >= 0.90
    assert covered(np.random.default_rng(4), Design(weight="weight")) < clustered - 0.05


def test_what_cannot_be_judged_says_why():
    rows = plain(3, 2, 1)
    with pytest.raises(NotApplicable, match=r"Nobody answered the question\."):
        survey_nps(rows.assign(recommend=np.nan))
    with pytest.raises(NotApplicable, match=r"Errors by cluster need 2 clusters; found 1"):
        survey_nps(rows.assign(team=1), Design(cluster="team"))
    with pytest.raises(NotApplicable, match=r"needs two clusters in every stratum; south has one"):
        survey_nps(rows.assign(region=["north"] * 5 + ["south"]), Design(stratum="region"))
    with pytest.raises(NotApplicable, match=r"A difference needs two groups with answers; found 1\."):
        survey_differences(rows.assign(group="a"), by="group")


def test_wrong_answers_weights_and_clusters_are_refused():
    rows = plain(3, 2, 1)
    with pytest.raises(ValueError, match=r"recommend must lie between 0 and 10; found 11 \(row 2\)"):
        survey_nps(rows.assign(recommend=[9, 8, 11, 1, 2, 3]))
    with pytest.raises(ValueError, match=r"weights must be above 0; found 0"):
        survey_nps(rows.assign(weight=[1, 1, 0, 1, 1, 1]), Design(weight="weight"))
    with pytest.raises(ValueError, match=r"team must be known for every answer; found none in row 4"):
        survey_nps(rows.assign(team=["a", "b", "a", "b", None, "a"]), Design(cluster="team"))
    with pytest.raises(ValueError, match=r"a cluster must lie in one stratum; found 'x' in 2"):
        survey_nps(rows.assign(team="x", region=[1, 1, 1, 2, 2, 2]), Design(cluster="team", stratum="region"))
