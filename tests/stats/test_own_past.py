"""A whole response holds what y passes on by itself, and its error follows by the delta method."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_panels import made_panel

from helpers.stats.cross_lagged import cross_lagged
from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.half_panel import half_panel
from helpers.stats.own_past import whole_responses

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


def passed_on(rng: np.random.Generator, n_units: int, n_times: int) -> pd.DataFrame:
    """y = .6 of its own past + .5 of x a period before: two periods later .30 is left of x."""
    shape = (n_units, n_times + 20)
    x, y = np.zeros(shape), np.zeros(shape)
    for t in range(1, shape[1]):
        x[:, t] = 0.5 * x[:, t - 1] + rng.normal(size=n_units)
        y[:, t] = 0.6 * y[:, t - 1] + 0.5 * x[:, t - 1] + rng.normal(size=n_units)
    level = rng.normal(size=(2, n_units, 1))
    x, y = x + level[0], y + 0.5 * level[0] + level[1]
    place = {"entity": np.repeat(range(n_units), n_times), "time": np.tile(range(n_times), n_units)}
    return pd.DataFrame(place | {"x": x[:, 20:].ravel(), "y": y[:, 20:].ravel()})


def test_models_with_an_own_past_find_the_whole_response():
    panel = passed_on(np.random.default_rng(1), 400, 10)
    gmm = dynamic_panel(panel, x="x", y="y", lags=[0, 1, 2]).estimates
    halves = half_panel(panel, x="x", y="y", lags=[0, 1, 2])
    waves = cross_lagged(panel[panel["time"] >= 5], x="x", y="y", lag=2, errors="information")
    for table, term in ((gmm, "response 2"), (halves, "response 2"), (waves, "response lag 2")):
        row = table[table["term"] == term].iloc[0]
        assert row["estimate"] == pytest.approx(0.30, abs=3 * row["se"]) and 0 < row["se"] < 0.08


def test_the_error_of_a_first_response_is_that_of_its_effect():
    table = dynamic_panel(made_panel(np.random.default_rng(2)), x="x", y="y", lags=[0, 1]).estimates.set_index("term")
    figures = ["estimate", "se", "df", "ci_low", "estimate_sd"]
    np.testing.assert_allclose(
        table.loc["response 0", figures].astype(float), table.loc["lag 0", figures].astype(float)
    )
