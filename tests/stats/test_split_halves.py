import numpy as np
import pandas as pd
import pytest
from made_units import one_outcome

from helpers.stats.estimates import NotApplicable
from helpers.stats.split_halves import OTHER_HALF, OTHERS, SAME_HALF, half_study

N_UNITS, N_CLUSTERS = 3000, 100


def halves(rng: np.random.Generator, shared: float = 0.0):
    """Two halves of each unit, of reliability .5 each; `shared` is what a half's mood adds to both its answers."""
    cluster = rng.integers(0, N_CLUSTERS, N_UNITS)
    true = rng.normal(size=N_UNITS)
    mood = [rng.normal(size=N_UNITS) for _ in range(2)]
    places = {"entity": np.arange(N_UNITS), "cluster": cluster, "organisation": "one"}
    engagement = [(true + own) / 2**0.5 for own in mood]
    enps = [true + shared * own + rng.normal(size=N_UNITS) for own in mood]
    profit = 10 + true + rng.normal(size=N_UNITS)
    parts = [
        (name, part, values)
        for name, both in (("engagement", engagement), ("enps", enps))
        for part, values in zip((SAME_HALF, OTHER_HALF), both, strict=True)
    ]
    parts.append(("profit", OTHERS, profit))
    rows = [
        one_outcome(pd.DataFrame(places), outcome=name, part=part, value=value, engagement=engagement[0])
        for name, part, value in parts
    ]
    whole = one_outcome(pd.DataFrame(places), value=profit, engagement=sum(engagement) / 2)
    return pd.concat(rows, ignore_index=True), whole


def study(seed: int = 1, **choices: float):
    split, whole = halves(np.random.default_rng(seed), **choices)
    return half_study(split, whole, engagement="engagement", rng=np.random.default_rng(1), n_boot=99)


def raw(found, part: str) -> pd.Series:
    return found.answered.query("part == @part and scale == 'raw'").iloc[0]


def test_halves_give_the_reliability_of_all_people():
    found = study()
    assert found.r["estimate"] == pytest.approx(0.5, abs=0.04)
    assert found.reliability["estimate"] == pytest.approx(2 / 3, abs=0.04)
    assert found.reliability["ci_low"] < 2 / 3 < found.reliability["ci_high"]


def test_a_shared_mood_raises_the_gap_of_the_same_half_only():
    plain, moody = study(), study(shared=1.0)
    assert raw(moody, SAME_HALF)["ci_low"] > raw(plain, SAME_HALF)["ci_high"]
    assert raw(moody, OTHER_HALF)["estimate"] == pytest.approx(raw(plain, OTHER_HALF)["estimate"], abs=0.2)
    assert raw(plain, SAME_HALF)["estimate"] == pytest.approx(raw(plain, OTHER_HALF)["estimate"], abs=0.2)


def test_ranking_by_half_of_the_people_costs_what_its_reliability_says():
    found = study()
    assert found.share_kept == pytest.approx((0.5 / (2 / 3)) ** 0.5, abs=0.04)
    assert set(found.by_half["outcome"]) == set(found.by_all["outcome"]) == {"profit"}


def test_without_a_clear_gap_no_share_is_told():
    split, whole = halves(np.random.default_rng(1))
    few = whole.assign(value=np.random.default_rng(2).normal(10, 1, N_UNITS))
    others = split["part"] == OTHERS
    split.loc[others, "value"] = few["value"].to_numpy()
    found = half_study(split, few, engagement="engagement", rng=np.random.default_rng(1), n_boot=99)
    assert np.isnan(found.share_kept)


def test_too_few_units_with_two_halves_are_no_study():
    split, whole = halves(np.random.default_rng(1))
    few = split[split["entity"] < 15]
    with pytest.raises(NotApplicable, match="Too few units have answers in both halves"):
        half_study(few, whole, engagement="engagement", rng=np.random.default_rng(1), n_boot=9)
