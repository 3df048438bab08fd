"""A unit's standing is the chance of being above the median unit, and it comes true as often as it says."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.stats.standing import standing


def frame(estimates, se) -> pd.DataFrame:
    return pd.DataFrame({"unit_id": [f"u{i}" for i in range(len(estimates))], "estimate": estimates, "se": se})


def chance(scores: pd.DataFrame, unit_id: str = "u0", seed: int = 1) -> float:
    return standing(scores, unit_id, rng=np.random.default_rng(seed))["p_above_median"]


def test_a_unit_far_above_the_others_is_above_the_median_almost_surely():
    assert chance(frame([50.0, 0, 2, -2, 1, -1, 3], 1.0)) > 0.995


def test_the_middle_unit_is_as_likely_above_as_below():
    assert chance(frame([0.0, 10, 20, 30, -10, -20, -30], 4.0)) == pytest.approx(0.5, abs=0.03)


def test_units_that_differ_by_chance_only_all_stand_at_one_half():
    rng = np.random.default_rng(3)
    scores = frame(rng.normal(0, 1, 40) * 0.5, 1.0)
    assert standing(scores, "u7", rng=rng).to_dict() == {
        "unit_id": "u7",
        "p_above_median": 0.5,
        "n_units": 40,
        "tau": 0.0,
    }


def test_the_same_score_says_less_with_a_wider_interval():
    others = [0.0, 4, -4, 8, -8, 2, -2, 6, -6]
    sure, unsure = (chance(frame([6.0, *others], [se, *[1.0] * 9])) for se in (1.0, 12.0))
    assert sure > 0.9 > 0.75 > unsure > 0.5


@pytest.mark.parametrize("n_units", [6, 9])
def test_the_probability_is_that_of_numerical_integration(n_units):
    """θ of the unit beats the median when more than half of the others lie below it; integrated over its posterior."""
    rng = np.random.default_rng(n_units)
    y, se = rng.normal(10, 8, n_units), rng.uniform(2, 7, n_units)
    scores = frame(y, se)
    tau2 = standing(scores, "u0", rng=rng)["tau"] ** 2
    weight = 1 / (tau2 + se**2)
    mean = (weight * y).sum() / weight.sum()
    shrunk, spread = (mean * se**2 + y * tau2) / (tau2 + se**2), np.sqrt(tau2 * se**2 / (tau2 + se**2))
    for unit in range(n_units):
        grid = shrunk[unit] + spread[unit] * np.linspace(-8, 8, 4001)
        others = [j for j in range(n_units) if j != unit]
        below = stats.norm.cdf(grid[:, None], shrunk[others], spread[others])
        counts = np.zeros((len(grid), n_units))
        counts[:, 0] = 1
        for j in range(n_units - 1):
            counts[:, 1:] = counts[:, 1:] * (1 - below[:, [j]]) + counts[:, :-1] * below[:, [j]]
            counts[:, 0] *= 1 - below[:, j]
        half = (n_units - 1) / 2
        wins = counts @ (np.sign(np.arange(n_units) - half) + 1) / 2
        exact = np.trapezoid(wins * stats.norm.pdf(grid, shrunk[unit], spread[unit]), grid)
        found = standing(scores, f"u{unit}", rng=rng, n_draws=40_000)["p_above_median"]
        assert found == pytest.approx(exact, abs=0.01)


def test_tau_is_that_of_paule_and_mandel():
    """The textbook example of metafor: dat.bcg, log relative risks, rma(method="PM") gives tau^2 = 0.3181."""
    yi = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713, -0.3394, 0.4459]
    vi = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325]
    scores = frame([*yi, -0.0173], np.sqrt([*vi, 0.0714]))
    assert standing(scores, "u0", rng=np.random.default_rng(1))["tau"] ** 2 == pytest.approx(0.3181, abs=5e-4)


SLOW = pytest.mark.slow


@pytest.mark.parametrize("said", [pytest.param(0.2, marks=SLOW), pytest.param(0.5, marks=SLOW), 0.8])
def test_what_it_says_comes_true_that_often(said):
    rng = np.random.default_rng(11)
    hits, n = [], 0
    for _ in range(60):
        true, se = rng.normal(0, 10, 30), rng.uniform(3, 15, 30)
        scores = frame(true + rng.normal(0, se), se)
        for unit in range(30):
            p = standing(scores, f"u{unit}", rng=rng, n_draws=300)["p_above_median"]
            if abs(p - said) < 0.1:
                hits.append(true[unit] > np.median(true))
                n += 1
    assert n > 150
    assert np.mean(hits) == pytest.approx(said, abs=3 * (0.25 / n) ** 0.5 + 0.03)


def test_too_few_units_and_an_unknown_unit_have_no_standing():
    assert np.isnan(chance(frame([1.0, 2, 3, 4], 1.0)))
    assert np.isnan(chance(frame([1.0, 2, 3, 4, 5], 1.0), "x"))


def test_units_without_a_standard_error_are_left_out():
    scores = frame([1.0, 2, 3, 4, 5, 6, 7], [1, 1, 1, 1, 1, 0, np.nan])
    assert standing(scores, "u0", rng=np.random.default_rng(1))["n_units"] == 5
