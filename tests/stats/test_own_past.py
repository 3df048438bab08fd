"""A whole response holds what y passes on by itself, and its error follows by the delta method."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_panels import made_panel, passed_on

from helpers.stats.cross_lagged import cross_lagged
from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.half_panel import half_panel
from helpers.stats.own_past import whole_responses

RESULT = Path(__file__).parents[1] / "reference" / "whole_response" / "result.csv"
OWN, EFFECTS = [0.6, -0.1], {0: 0.2, 1: 0.5, 3: -0.3}


def test_responses_are_those_of_the_recursion_written_out():
    a1, a2 = OWN
    r0 = 0.2
    r1 = 0.5 + a1 * r0
    r2 = a1 * r1 + a2 * r0
    r3 = -0.3 + a1 * r2 + a2 * r1
    np.testing.assert_allclose(whole_responses(OWN, EFFECTS)[0], [r0, r1, r2, r3])


def test_without_an_own_past_the_response_is_the_effect():
    responses, gradient = whole_responses([0.0], {0: 0.2, 1: 0.5})
    np.testing.assert_allclose(responses, [0.2, 0.5])
    np.testing.assert_allclose(gradient, [[0, 1, 0], [0.2, 0, 1]])


def test_the_gradient_is_the_slope_of_the_responses():
    values = np.array([*OWN, *EFFECTS.values()])

    def at(changed: np.ndarray) -> np.ndarray:
        return whole_responses(changed[:2], dict(zip(EFFECTS, changed[2:], strict=True)))[0]

    step = 1e-6
    slopes = [(at(values + step * one) - at(values - step * one)) / (2 * step) for one in np.eye(len(values))]
    np.testing.assert_allclose(whole_responses(OWN, EFFECTS)[1], np.transpose(slopes), atol=1e-8)


def test_models_with_an_own_past_find_the_whole_response():
    panel = passed_on(np.random.default_rng(1), 150, 10)
    gmm = dynamic_panel(panel, x="x", y="y", lags=[0, 1, 2]).estimates
    halves = half_panel(panel, x="x", y="y", lags=[0, 1, 2])
    waves = cross_lagged(panel[panel["time"] >= 5], x="x", y="y", lag=2, errors="information")
    for table, term in ((gmm, "response 2"), (halves, "response 2"), (waves, "response lag 2")):
        row = table[table["term"] == term].iloc[0]
        assert row["estimate"] == pytest.approx(0.30, abs=3 * row["se"]) and 0 < row["se"] < 0.12


def test_the_error_of_a_first_response_is_that_of_its_effect():
    table = dynamic_panel(made_panel(np.random.default_rng(2)), x="x", y="y", lags=[0, 1]).estimates.set_index("term")
    figures = ["estimate", "se", "df", "ci_low", "estimate_sd"]
    np.testing.assert_allclose(
        table.loc["response 0", figures].astype(float), table.loc["lag 0", figures].astype(float)
    )


def test_over_many_panels_the_intervals_hold_the_whole_response():
    found = pd.read_csv(RESULT).set_index(["n_units", "method"])
    told = found.drop("headline", level="method")
    assert len(told) == 6 and (told["coverage"] > 0.92).all() and (told["bias"].abs() < 0.03).all()
