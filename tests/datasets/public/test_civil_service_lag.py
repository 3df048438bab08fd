"""Where the effect of engagement on the wish to leave two years later comes from; docs/findings.md tells it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.panels import claim_panel
from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.lag_profile import lag_profile, lag_row

RESULT = Path(__file__).parents[2] / "reference" / "short_panel" / "result.csv"
X, Y, MAX_LAG = "engagement", "wish_to_leave", 3
SURVEYED, ASKED = range(2016, 2025), range(2019, 2025)


@pytest.fixture(scope="module")
def panel(civil_service):
    return claim_panel(open_dataset(civil_service), X, Y)


def effect(panel, *, without=(), lag=2):
    """Effect in SD with its interval, without the wishes of some years."""
    kept = panel.assign(**{Y: panel[Y].where(~panel["time"].isin(without))})
    row = lag_row(lag_profile(kept, x=X, y=Y, max_lag=MAX_LAG), lag)
    return [round(row[f"{column}_sd"], 2) for column in ("estimate", "ci_low", "ci_high")]


def test_the_effect_two_years_later_is_there_and_on_the_side_not_claimed(panel):
    assert effect(panel) == [0.12, 0.05, 0.20]


def test_composition_does_not_explain_it(panel):
    complete = panel[panel["time"].isin(SURVEYED)].groupby("entity")[X].count() == len(SURVEYED)
    complete &= panel[panel["time"].isin(ASKED)].groupby("entity")[Y].count() == len(ASKED)
    always = complete.index[complete]
    assert len(always) == 78
    assert effect(panel[panel["entity"].isin(always)]) == [0.12, 0.04, 0.20]


def test_half_of_it_hangs_on_the_first_wave_of_the_wish_to_leave(panel):
    assert effect(panel, without=[2019]) == [0.06, -0.02, 0.14]
    assert effect(panel, without=[2019, 2020]) == [0.04, -0.05, 0.13]
    assert effect(panel, without=[2023, 2024]) == [0.19, 0.10, 0.28]


def test_gmm_finds_no_less_than_the_headline_on_the_rows_that_it_can_use(panel):
    gmm = dynamic_panel(panel, x=X, y=Y, lags=range(MAX_LAG + 1)).estimates
    assert gmm.attrs["periods"] == [2021, 2022, 2023, 2024]
    row = gmm[gmm["term"] == "response 2"].iloc[0]
    assert [round(row[f"{column}_sd"], 2) for column in ("estimate", "ci_low", "ci_high")] == [0.04, -0.06, 0.14]
    used = pd.MultiIndex.from_frame(panel[["entity", "time"]]).isin(gmm.attrs["rows"])
    assert effect(panel.assign(**{Y: panel[Y].where(used)})) == [0.06, -0.02, 0.15]


def test_the_bias_of_few_periods_is_a_sixth_of_it_at_most():
    found = pd.read_csv(RESULT)
    assert len(found) == 6 and (found["lag 2 error"] < 0.004).all()
    assert found["lag 2"].abs().max() < 0.12 / 6
