"""The level underneath a score: numerical integration in R, the model of standing, and a truth that comes back."""

import numpy as np
import pandas as pd
import pytest
from cases import data, expected

from helpers.stats.estimates import NotApplicable
from helpers.stats.standing import standing
from helpers.stats.underlying_level import underlying_levels


def frame(estimates, se) -> pd.DataFrame:
    return pd.DataFrame({"unit_id": [f"u{i}" for i in range(len(estimates))], "estimate": estimates, "se": se})


@pytest.mark.parametrize("name", ["differing", "alike"])
def test_levels_and_their_errors_equal_numerical_integration(name):
    scores = data("underlying_level").rename(columns={name: "estimate"})
    found, wanted = underlying_levels(scores), expected("underlying_level")[name]
    assert found["mean"].iloc[0] == pytest.approx(wanted["mean"], rel=1e-6)
    assert found["tau"].iloc[0] == pytest.approx(wanted["tau"], rel=1e-5, abs=1e-9)
    for column, rel in (("reliability", 1e-5), ("level", 1e-5), ("level_se", 1e-3)):
        assert found[column].tolist() == pytest.approx(wanted[column], rel=rel, abs=1e-9)


def test_units_that_do_not_differ_beyond_chance_share_a_level_and_not_a_certainty():
    scores = data("underlying_level").rename(columns={"alike": "estimate"})
    found = underlying_levels(scores)
    assert found["tau"].iloc[0] == 0 and found["level"].nunique() == 1 and (found["reliability"] == 0).all()
    assert (found["level_high"] - found["level_low"]).min() > 5


def test_tau_is_that_of_standing_and_of_the_textbook():
    """The textbook example of metafor: dat.bcg, rma(method="PM") gives tau^2 = 0.3181."""
    yi = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713, -0.3394, 0.4459]
    vi = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325]
    scores = frame([*yi, -0.0173], np.sqrt([*vi, 0.0714]))
    found = underlying_levels(scores)
    assert found["tau"].iloc[0] ** 2 == pytest.approx(0.3181, abs=5e-4)
    assert found["tau"].iloc[0] == standing(scores, "u0", rng=np.random.default_rng(1))["tau"]


def test_a_small_unit_is_drawn_in_further_than_a_large_one():
    found = underlying_levels(frame([40.0, 40, 10, 0, -10, 5, -5, 20, -20, 12], [15, 3, *[5] * 8]))
    assert found["level"].iloc[0] < found["level"].iloc[1] < 40
    assert found["reliability"].iloc[0] < found["reliability"].iloc[1]


def test_a_level_lies_between_the_score_and_the_mean():
    rng = np.random.default_rng(2)
    found = underlying_levels(frame(rng.normal(0, 12, 25), rng.uniform(3, 12, 25)))
    assert (found["level"].sub(found["mean"]) * found["estimate"].sub(found["level"]) >= -1e-9).all()


@pytest.mark.parametrize(("n_units", "tau"), [(8, 5.0), (20, 0.0), (20, 10.0), (40, 5.0)])
def test_intervals_hold_true_levels_that_scores_miss_by_more(n_units, tau):
    rng, hits, errors = np.random.default_rng(3), [], []
    for _ in range(150):
        true, se = rng.normal(10, tau, n_units), rng.uniform(4, 15, n_units)
        found = underlying_levels(frame(true + rng.normal(0, se), se))
        hits.append(((found["level_low"] <= true) & (true <= found["level_high"])).mean())
        errors.append([((found[column] - true) ** 2).mean() for column in ("level", "estimate")])
    assert np.mean(hits) >= 0.91
    level, score = np.mean(errors, axis=0)
    assert level < 0.8 * score


def test_units_without_a_known_error_keep_their_row_without_a_level():
    scores = frame([1.0, 5, 3, 9, 5, 20, 7], [1, 1, 1, 1, 1, 0, np.nan])
    found = underlying_levels(scores)
    assert found["level"].isna().tolist() == [False] * 5 + [True] * 2 and found["n_units"].iloc[0] == 5


def test_too_few_units_or_a_unit_twice_are_refused():
    with pytest.raises(NotApplicable, match="needs 5 units of one kind with a known sampling error; found 4"):
        underlying_levels(frame([1.0, 2, 3, 4], 1.0))
    with pytest.raises(ValueError, match="unit_id must be unique; found 'u1' twice"):
        underlying_levels(frame([1.0, 2, 3, 4, 5, 6], 1.0).assign(unit_id=["u1", "u1", "a", "b", "c", "d"]))
