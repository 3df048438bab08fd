"""Who answered, and what weighting changes: R, a jackknife that weighs anew, and a truth that comes back."""

import numpy as np
import pandas as pd
import pytest
from cases import HERE, data, expected

from helpers.stats.estimates import NotApplicable
from helpers.stats.nonresponse import response_by_stratum, weighting_effect
from helpers.stats.nps import nps_interval
from helpers.stats.nps_survey import Design, survey_nps
from helpers.stats.weighting import post_stratification, raking

STRATA = ["age", "contract"]


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    table = data("nonresponse")
    return table.assign(value=100.0 * ((table["recommend"] >= 9).astype(int) - (table["recommend"] <= 6)))


@pytest.fixture(scope="module")
def invited() -> pd.DataFrame:
    return pd.read_csv(HERE / "nonresponse" / "invited.csv")


@pytest.fixture(scope="module")
def raked(answers, invited) -> pd.Series:
    return raking(answers, {name: invited.groupby(name)["n_invited"].sum() for name in STRATA}).weights


def effect(answers: pd.DataFrame, weights: pd.Series, **more: object) -> pd.DataFrame:
    return weighting_effect(answers, weights, **{"value": "value", "kind": "nps"} | more).set_index("term")


def test_rates_and_their_intervals_equal_r(answers, invited):
    row = response_by_stratum(answers, invited, ["age"]).set_index("age").loc["young"]
    wanted = expected("nonresponse")
    assert row["estimate"] == pytest.approx(wanted["young_rate"], rel=1e-8)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(wanted["young_95"], rel=1e-8)
    assert row["share_invited"] == pytest.approx(100 / 280)


def test_estimates_and_the_change_equal_r(answers, invited, raked):
    stratified = post_stratification(answers, invited, STRATA).weights
    for name, weights in (("raked", raked), ("post_stratified", stratified)):
        found, wanted = effect(answers, weights), expected("nonresponse")
        assert found.loc["before", "estimate"] == pytest.approx(wanted["before"], rel=1e-8)
        assert found.loc["before", "se"] == pytest.approx(wanted["before_se"], rel=1e-8)
        assert found.loc["after", "estimate"] == pytest.approx(wanted[name]["estimate"], rel=1e-6)
        assert found.loc["change", "estimate"] == pytest.approx(wanted[name]["change"], rel=1e-6)
    assert effect(answers, raked).loc["after", "se"] == pytest.approx(wanted["known_se"], rel=1e-6)


def test_errors_of_fitted_weights_are_those_of_weighing_anew_without_each_answer(answers, invited, raked):
    cells = post_stratification(answers, invited, STRATA)
    joined = answers.merge(cells.groups[[*STRATA, "cell"]], on=STRATA)
    wanted = expected("nonresponse")
    for name, found in (
        ("raked", effect(answers, raked, margins=STRATA)),
        ("post_stratified", effect(joined, cells.weights.reset_index(drop=True), margins=["cell"])),
    ):
        # Linearising and leaving one out differ by 1 over the answers of the smallest cell, here 7.
        assert found.loc["after", "se"] == pytest.approx(wanted[name]["jackknife"], rel=0.06)
        assert found.loc["change", "se"] == pytest.approx(wanted[name]["change_jackknife"], rel=0.08)


def test_known_weights_have_the_error_of_the_survey(answers, raked):
    row = survey_nps(answers.assign(weight=raked), Design(weight="weight")).iloc[0]
    assert effect(answers, raked).loc["after", "se"] == pytest.approx(row["se"])


def test_equal_weights_change_nothing_and_keep_the_adjusted_wald_interval(answers):
    found = effect(answers, pd.Series(1.0, index=answers.index))
    assert found.loc["change", ["estimate", "se"]].tolist() == [0, 0]
    counts = [(answers["value"] == one).sum() for one in (100, 0, -100)]
    for term in ("before", "after"):
        assert found.loc[term, ["ci_low", "ci_high"]].tolist() == pytest.approx(nps_interval(*counts))


def test_all_promoters_are_not_certain_and_equal_means_have_no_interval(answers, raked):
    alike = effect(answers.assign(value=100.0), raked)
    assert (alike.loc[["before", "after"], "ci_low"] < 99).all()
    assert effect(answers.assign(value=8.0), raked, kind="mean").loc[["before", "after"], "ci_low"].isna().all()


def test_the_interval_holds_the_truth_after_weighting_and_misses_it_before():
    rng, hits, shift = np.random.default_rng(5), [], 100 * (0.5 * 0.3 - 0.5 * 0.3)
    totals = pd.Series({"old": 300, "young": 300})
    for _ in range(150):
        age = np.repeat(["old", "young"], 300)
        chances = {"old": [0.15, 0.4, 0.45], "young": [0.45, 0.4, 0.15]}
        value = np.concatenate([rng.choice([-100.0, 0, 100], 300, p=chances[name]) for name in ("old", "young")])
        rows = pd.DataFrame({"age": age, "value": value})
        rows = rows[rng.random(600) < np.where(age == "old", 0.6, 0.2)].reset_index(drop=True)
        found = effect(rows, raking(rows, {"age": totals}).weights, margins=["age"])
        hits.append((found["ci_low"] <= shift) & (shift <= found["ci_high"]))
        hits[-1]["told"] = found.loc["change", "ci_high"] < 0
    shares = pd.DataFrame(hits).mean()
    assert 0.91 <= shares["after"] <= 0.99 and shares["before"] < 0.6 and shares["told"] > 0.9


def test_what_cannot_be_judged_or_is_wrong_is_refused(answers, raked):
    with pytest.raises(NotApplicable, match="Weighting needs two answers; found 1"):
        effect(answers.head(1), raked.head(1))
    with pytest.raises(ValueError, match="kind must be one of nps, mean; found 'rate'"):
        effect(answers, raked, kind="rate")
    with pytest.raises(ValueError, match="weights must be above 0; found 0"):
        effect(answers, raked * 0)
    with pytest.raises(ValueError, match="weights must have the index of the answers; found 131 for 131 rows"):
        effect(answers, raked.iloc[::-1])
