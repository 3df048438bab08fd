"""Alpha and omega: R (base, factanal), the outside case, statsmodels, and loadings that are known."""

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected, outside
from statsmodels.multivariate.factor import Factor

from helpers.stats.estimates import NotApplicable
from helpers.stats.reliability import cronbach_alpha, mcdonald_omega, one_factor, spearman_brown

LOADINGS = np.array([0.9, 0.7, 0.6, 0.8])


def scale(rng: np.random.Generator, n: int, loadings: np.ndarray = LOADINGS) -> pd.DataFrame:
    """Items with these loadings and unique variances of 0.5."""
    trait, error = rng.normal(size=(n, 1)), rng.normal(0, 0.5**0.5, (n, len(loadings)))
    return pd.DataFrame(trait * loadings + error)


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return data("reliability").drop(columns="unit")


def test_alpha_and_its_interval_equal_r(items):
    row, wanted = cronbach_alpha(items).iloc[0], expected("reliability")
    assert_close({"alpha": row["estimate"], "alpha_standardised": row["standardised"]}, wanted)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(wanted["alpha_95"], rel=1e-8)


def test_alpha_equals_the_outside_reference():
    items, wanted = outside("icc_rwg_alpha")
    row = cronbach_alpha(items.drop(columns="COMPID")).iloc[0]
    assert_close({"alpha_raw": row["estimate"], "alpha_std": row["standardised"]}, wanted)


def test_loadings_and_omega_equal_factanal(items):
    wanted = expected("reliability")
    loadings, unique = one_factor(items.to_numpy(float))
    assert_close({"loadings": loadings.tolist(), "unique": unique.tolist()}, wanted, rel=1e-4)
    row = mcdonald_omega(items).iloc[0]
    assert row["estimate"] == pytest.approx(wanted["omega"], rel=1e-5)
    # 4,000 bootstrap samples carry an error of 1 %; the sandwich holds for large samples only.
    assert row["se"] == pytest.approx(wanted["omega_se_bootstrap"], rel=0.08)


@pytest.mark.parametrize("seed", range(4))
def test_loadings_equal_those_of_statsmodels(seed):
    rng = np.random.default_rng(seed)
    answers = scale(rng, 150, rng.uniform(0.5, 1.0, 6)).to_numpy()
    other = Factor(answers, 1, method="ml").fit().loadings[:, 0] * answers.std(axis=0, ddof=1)
    assert one_factor(answers)[0] == pytest.approx(np.abs(other), rel=1e-3)


def test_equal_loadings_make_alpha_and_omega_alike():
    answers = scale(np.random.default_rng(1), 4000, np.full(5, 0.7))
    alpha, omega = cronbach_alpha(answers)["estimate"].iloc[0], mcdonald_omega(answers)["estimate"].iloc[0]
    assert alpha == pytest.approx(omega, abs=0.002) == pytest.approx(spearman_brown(0.49 / 0.99, 5), abs=0.015)


def test_intervals_hold_the_true_reliability():
    rng, hits = np.random.default_rng(2), []
    omega = LOADINGS.sum() ** 2 / (LOADINGS.sum() ** 2 + 2)
    equal = spearman_brown(0.49 / 0.99, 4)
    for _ in range(200):
        of_omega = mcdonald_omega(scale(rng, 120)).iloc[0]
        of_alpha = cronbach_alpha(scale(rng, 40, np.full(4, 0.7))).iloc[0]
        inside = [of_omega["ci_low"] <= omega <= of_omega["ci_high"]]
        hits.append([*inside, of_alpha["ci_low"] <= equal <= of_alpha["ci_high"]])
    assert (np.mean(hits, axis=0) >= 0.91).all() and (np.mean(hits, axis=0) <= 0.99).all()


def test_two_factors_show_in_what_one_leaves():
    rng = np.random.default_rng(3)
    two = pd.concat([scale(rng, 400), scale(rng, 400)], axis=1, ignore_index=True)
    two += rng.normal(0, 0.6, (400, 1))
    assert mcdonald_omega(two)["rmsr"].iloc[0] > 0.15 > 0.04 > mcdonald_omega(scale(rng, 400))["rmsr"].iloc[0]


def test_people_who_left_an_item_out_are_not_counted(items):
    holed = items.astype(float).copy()
    holed.iloc[3, 1] = np.nan
    pd.testing.assert_frame_equal(cronbach_alpha(holed), cronbach_alpha(items.drop(index=3)))


def test_an_item_turned_round_lowers_alpha_and_is_refused_by_omega(items):
    turned = items.assign(item1=6 - items["item1"])
    assert cronbach_alpha(turned)["estimate"].iloc[0] < 0.5
    with pytest.raises(NotApplicable, match="Some items run against the others"):
        mcdonald_omega(turned)


def test_spearman_brown_doubles_by_hand():
    assert spearman_brown(0.5, 2) == pytest.approx(2 / 3)
    assert spearman_brown(0.2, 1) == pytest.approx(0.2)


def test_what_cannot_be_judged_says_why(items):
    with pytest.raises(NotApplicable, match="The reliability of a scale needs 3 items; found 2"):
        mcdonald_omega(items.iloc[:, :2])
    with pytest.raises(NotApplicable, match="more than 2 people who answered all items; found 2"):
        cronbach_alpha(items.head(2))
    with pytest.raises(NotApplicable, match="Everybody gave the same answer to one of the items"):
        cronbach_alpha(items.assign(item2=4))
    trait, error, more = np.random.default_rng(4).normal(size=(3, 200))
    alone = pd.DataFrame({"a": trait + 0.2 * more, "b": trait + error, "c": trait - 0.5 * error})
    with pytest.raises(NotApplicable, match="a single item carries it alone"):
        mcdonald_omega(alone)
