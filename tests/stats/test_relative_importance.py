"""Shares of drivers in R²: R by refits over all orders, the outside case, and cases that can be checked by hand."""

import numpy as np
import pandas as pd
import pytest
from cases import HERE, assert_close, expected, outside

from helpers.stats.estimates import NotApplicable
from helpers.stats.relative_importance import (
    MOST_DRIVERS,
    common_share,
    johnson_weights,
    lmg_weights,
    r_squared,
    raw_slopes,
    standard_slopes,
    variance_inflation,
)

DRIVERS = ["complaints", "privileges", "learning", "raises", "critical", "advance"]


@pytest.fixture(scope="module")
def attitude() -> np.ndarray:
    return pd.read_csv(HERE / "drivers" / "attitude.csv")[[*DRIVERS, "rating"]].cov().to_numpy()


def named(values: np.ndarray) -> dict[str, float]:
    return dict(zip(DRIVERS, values, strict=True))


@pytest.mark.parametrize(
    ("answer", "function"),
    [
        ("lmg", lmg_weights),
        ("johnson", johnson_weights),
        ("slopes", standard_slopes),
        ("vif", variance_inflation),
    ],
)
def test_figures_of_each_driver_equal_r(attitude, answer, function):
    assert_close(named(function(attitude)), expected("drivers")[answer])


def test_figures_of_all_drivers_together_equal_r(attitude):
    assert_close({"r2": r_squared(attitude), "common": common_share(attitude)}, expected("drivers"))


def test_weights_equal_the_outside_reference():
    rows, wanted = outside("driver_lmg_relative_weights")
    covariance = rows[[*DRIVERS, "rating"]].cov().to_numpy()
    assert_close(named(lmg_weights(covariance)), wanted["lmg"], rel=1e-9)
    assert_close(named(johnson_weights(covariance)), wanted["johnson_relative_weights"], rel=1e-9)


def test_weights_add_up_to_r_squared(attitude):
    for weights in (lmg_weights, johnson_weights):
        assert weights(attitude).sum() == pytest.approx(r_squared(attitude))


def test_uncorrelated_drivers_each_have_their_squared_correlation():
    covariance = np.array([[1, 0, 0.6], [0, 4, 0.8], [0.6, 0.8, 1]])
    assert lmg_weights(covariance) == pytest.approx([0.36, 0.16])
    assert johnson_weights(covariance) == pytest.approx([0.36, 0.16])
    assert variance_inflation(covariance) == pytest.approx([1, 1])


def test_two_drivers_by_hand():
    # r = .5, .5, between them .5: R² = .5 (.5 / 1.5) · 2 = 1/3, equally shared.
    covariance = np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]])
    assert lmg_weights(covariance) == pytest.approx([1 / 6, 1 / 6])
    assert raw_slopes(covariance) == pytest.approx([1 / 3, 1 / 3])
    assert common_share(covariance) == pytest.approx(0.75)


def test_many_matrices_at_once_give_what_each_gives_by_itself(attitude):
    many = np.stack([attitude, np.diag(np.arange(1.0, 8)) + attitude])
    for function in (lmg_weights, johnson_weights, standard_slopes):
        assert function(many) == pytest.approx(np.stack([function(one) for one in many]))


def test_units_of_measurement_do_not_matter(attitude):
    scale = np.array([1, 10, 0.1, 3, 1, 1, 100.0])
    assert lmg_weights(attitude * np.outer(scale, scale)) == pytest.approx(lmg_weights(attitude))


def test_too_many_drivers_are_refused():
    with pytest.raises(NotApplicable, match=f"shared out among at most {MOST_DRIVERS} drivers; found 13"):
        lmg_weights(np.eye(14))
