"""Weights by post-stratification and raking: R's loglin, cells that join, weights held back."""

import numpy as np
import pandas as pd
import pytest
from cases import HERE, data, expected
from hypothesis import given
from hypothesis import strategies as st

from helpers.stats.estimates import NotApplicable
from helpers.stats.weighting import post_stratification, raking

STRATA = ["age", "contract"]


def invited() -> pd.DataFrame:
    return pd.read_csv(HERE / "nonresponse" / "invited.csv")


def margins(table: pd.DataFrame) -> dict[str, pd.Series]:
    return {name: table.groupby(name)["n_invited"].sum() for name in STRATA}


def cells(**counts: tuple[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers and invitations of cells named like ``a_x``."""
    names = [tuple(name.split("_")) for name in counts]
    answers = [name for name, (n, _) in zip(names, counts.values(), strict=True) for _ in range(n)]
    asked = [(*name, n) for name, (_, n) in zip(names, counts.values(), strict=True)]
    return pd.DataFrame(answers, columns=["team", "sex"]), pd.DataFrame(asked, columns=["team", "sex", "n_invited"])


def test_post_stratification_equals_r():
    found, wanted = post_stratification(data("nonresponse"), invited(), STRATA), expected("nonresponse")
    assert found.weights.tolist() == pytest.approx(wanted["post_stratified"]["weights"], rel=1e-8)
    assert found.kish_deff == pytest.approx(wanted["post_stratified"]["kish_deff"], rel=1e-8)


def test_raking_equals_loglin():
    found, wanted = raking(data("nonresponse"), margins(invited())), expected("nonresponse")
    assert found.weights.tolist() == pytest.approx(wanted["raked"]["weights"], rel=1e-6)
    assert found.kish_deff == pytest.approx(wanted["raked"]["kish_deff"], rel=1e-6)
    assert found.groups["after"].tolist() == pytest.approx(found.groups["target"].tolist(), abs=1e-6)
    assert found.largest_miss < 1e-6 and found.n_trimmed == 0 and found.n_rounds > 1


def test_weights_by_hand():
    answers, asked = cells(a_f=(10, 30), a_m=(20, 30))
    found = post_stratification(answers, asked, ["team", "sex"])
    assert found.weights.tolist() == pytest.approx([1.5] * 10 + [0.75] * 20)


def test_weights_keep_the_index_and_have_mean_one():
    answers = data("nonresponse").sample(frac=1, random_state=1)
    for found in (post_stratification(answers, invited(), STRATA), raking(answers, margins(invited()))):
        assert found.weights.index.equals(answers.index) and found.weights.mean() == pytest.approx(1)


def test_raking_one_margin_is_post_stratification():
    answers, total = data("nonresponse"), invited().groupby("age")["n_invited"].sum()
    one = post_stratification(answers, total.reset_index(), ["age"])
    assert raking(answers, {"age": total}).weights.tolist() == pytest.approx(one.weights.tolist())


def test_an_empty_cell_joins_the_one_like_it_with_the_nearest_rate():
    answers, asked = cells(a_f=(0, 10), a_m=(10, 40), a_x=(9, 10), b_f=(20, 40), b_m=(1, 50), b_x=(30, 50))
    table = post_stratification(answers, asked, ["team", "sex"]).groups.set_index(["team", "sex"])["cell"]
    assert table["a", "f"] == table["a", "m"] != table["a", "x"]
    assert table["b", "m"] == table["b", "f"] != table["b", "x"]


def test_a_cell_that_has_no_neighbour_is_refused():
    answers, asked = cells(a_f=(2, 10), b_f=(20, 40))
    with pytest.raises(NotApplicable, match="Too few people of a, f answered, and no group is like it"):
        post_stratification(answers, asked, ["team", "sex"])


def test_more_answers_than_invitations_are_refused():
    answers, asked = cells(a_f=(20, 10), a_m=(20, 40))
    with pytest.raises(NotApplicable, match="More people answered than were invited in a, f"):
        post_stratification(answers, asked, ["team", "sex"])
    with pytest.raises(NotApplicable, match="More people answered than were invited in m"):
        raking(answers, {"sex": pd.Series({"f": 10})})


def test_a_category_that_nobody_answers_for_is_refused():
    answers, _ = cells(a_f=(20, 10))
    with pytest.raises(NotApplicable, match="Nobody of m answered, so no weight can stand in for them"):
        raking(answers, {"sex": pd.Series({"f": 10, "m": 5})})


def test_margins_that_contradict_each_other_do_not_settle():
    answers, _ = cells(a_f=(20, 30), b_m=(20, 30))
    with pytest.raises(NotApplicable, match="Weights for these groups do not settle in 500 rounds"):
        raking(answers, {"team": pd.Series({"a": 1, "b": 1}), "sex": pd.Series({"f": 3, "m": 1})})


def test_weights_held_back_miss_their_margins_and_say_so():
    answers, total = data("nonresponse"), margins(invited())
    free = raking(answers, total)
    held = raking(answers, total, largest=1.25)
    assert free.weights.max() > 1.25 == pytest.approx(held.weights.max())
    assert held.n_trimmed == (held.weights > 1.2499).sum() > 0
    assert held.largest_miss > 0.005 and held.kish_deff < free.kish_deff
    assert held.weights.mean() == pytest.approx(1)


def test_an_answer_of_an_unknown_stratum_is_refused():
    answers, asked = cells(a_f=(20, 40), a_m=(20, 40))
    answers.loc[3, "sex"] = None
    with pytest.raises(ValueError, match="sex must be known for every answer; found none in row 3"):
        post_stratification(answers, asked, ["team", "sex"])
    with pytest.raises(ValueError, match="sex must be known for every answer; found none in row 3"):
        raking(answers, {"sex": pd.Series({"f": 10, "m": 5})})


def test_a_largest_weight_that_allows_nothing_is_refused():
    with pytest.raises(ValueError, match="largest must be above 1; found 1"):
        raking(data("nonresponse"), margins(invited()), largest=1)


@given(st.lists(st.integers(5, 40), min_size=4, max_size=4), st.floats(1.05, 3))
def test_no_weight_goes_beyond_the_largest(counts, largest):
    names = ("a_f", "a_m", "b_f", "b_m")
    answers, asked = cells(**{name: (n, 50) for name, n in zip(names, counts, strict=True)})
    totals = {name: asked.groupby(name)["n_invited"].sum() for name in ("team", "sex")}
    found = raking(answers, totals, largest=largest).weights
    assert found.max() <= largest * (1 + 1e-9) and found.mean() == pytest.approx(1) and (found > 0).all()


def test_weights_bring_the_whole_back_when_silence_depends_on_the_strata():
    rng = np.random.default_rng(1)
    people = pd.DataFrame({"age": rng.choice(["young", "old"], 20_000), "contract": rng.choice(["a", "b"], 20_000)})
    people["value"] = 10 * (people["age"] == "old") + 4 * (people["contract"] == "a") + rng.normal(size=20_000)
    willing = 0.2 + 0.5 * (people["age"] == "old") * (0.5 + 0.5 * (people["contract"] == "a"))
    answers = people[rng.random(20_000) < willing]
    counts = people.groupby(STRATA).size().rename("n_invited").reset_index()
    for found in (post_stratification(answers, counts, STRATA), raking(answers, margins(counts))):
        mean = (found.weights * answers["value"]).mean()
        assert mean == pytest.approx(people["value"].mean(), abs=0.05) != pytest.approx(answers["value"].mean(), abs=1)
