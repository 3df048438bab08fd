"""Shares of answers and of classes: Goodman's quadratic, statsmodels, exact coverage, a published company."""

import numpy as np
import pandas as pd
import pytest
from cases import HERE, data, expected
from statsmodels.stats.proportion import multinomial_proportions_confint

from helpers.stats.distribution import answer_distribution, class_shares
from helpers.stats.estimates import NotApplicable


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return data("answer_distribution")


def test_counts_and_shares_of_answers(answers):
    found = answer_distribution(answers["recommend"])
    assert found["n"].tolist() == expected("answer_distribution")["counts"]
    assert found["share"].sum() == pytest.approx(1) and found["answer"].tolist() == list(range(11))


@pytest.mark.parametrize("name", ["plain", "weighted"])
def test_intervals_solve_goodmans_quadratic(answers, name):
    weights = answers["weight"] if name == "weighted" else None
    found = class_shares(answers["recommend"], weights)[["estimate", "ci_low", "ci_high"]].to_numpy()
    assert found == pytest.approx(np.array(expected("answer_distribution")[name]), rel=1e-8)


def test_intervals_equal_those_of_statsmodels(answers):
    found = class_shares(answers["recommend"], conf_level=0.9)
    wanted = multinomial_proportions_confint(found["n"], 0.1, "goodman")
    assert found[["ci_low", "ci_high"]].to_numpy() == pytest.approx(wanted)


def test_all_three_intervals_hold_together_where_sison_and_glaz_fail():
    """Exact, over all outcomes and a grid of shares, see tests/reference/answer_distribution."""
    table = pd.read_csv(HERE / "answer_distribution" / "result.csv").set_index("method")["lowest"]
    assert (table["goodman"] >= 0.95).all() and (table["sison-glaz"] < 0.88).all()


def test_three_shares_that_are_known_come_back():
    rng, true, hits = np.random.default_rng(1), np.array([0.4, 0.35, 0.25]), []
    for _ in range(300):
        found = class_shares(pd.Series(rng.choice([10, 8, 4], 25, p=true)))
        hits.append(((found["ci_low"] <= true) & (true <= found["ci_high"])).all())
    assert np.mean(hits) >= 0.92


def test_a_published_company_has_its_classes():
    """Company A of Sedlak (2020), table 1: answers 0 to 10 in percent, 16 promoters and 61 detractors."""
    percent = [14, 5, 7, 8, 6, 13, 8, 11, 12, 7, 9]
    found = class_shares(pd.Series(np.repeat(range(11), percent))).set_index("term")["estimate"]
    assert found.to_dict() == pytest.approx({"promoters": 0.16, "passives": 0.23, "detractors": 0.61})


def test_weights_count_by_their_effective_number():
    answers = pd.Series([10, 9, 8, 3])
    found = class_shares(answers, pd.Series([1.0, 1, 1, 3]))
    assert found["n_effective"].iloc[0] == pytest.approx(3) and found["estimate"].tolist() == pytest.approx(
        [1 / 3, 1 / 6, 1 / 2]
    )
    assert answer_distribution(answers, pd.Series([1.0, 1, 1, 3]))["share"].iloc[3] == pytest.approx(0.5)


def test_a_class_that_nobody_is_in_may_still_have_members():
    found = class_shares(pd.Series([10] * 10)).set_index("term")
    assert found.loc["detractors", "ci_low"] == pytest.approx(0) and found.loc["detractors", "ci_high"] > 0.3


def test_missing_answers_are_dropped_and_wrong_ones_refused():
    assert answer_distribution(pd.Series([10, np.nan, 3]))["n"].sum() == 2
    with pytest.raises(ValueError, match=r"recommend must be a whole number from 0 to 10; found 7\.5"):
        class_shares(pd.Series([7.5]))
    with pytest.raises(ValueError, match="weights must be above 0; found -1"):
        class_shares(pd.Series([7, 8]), pd.Series([1.0, -1]))
    with pytest.raises(ValueError, match="weights must have the index of the answers; found 1 for 2 rows"):
        class_shares(pd.Series([7, 8]), pd.Series([1.0]))
    with pytest.raises(NotApplicable, match="Nobody answered the question"):
        class_shares(pd.Series([np.nan]))
