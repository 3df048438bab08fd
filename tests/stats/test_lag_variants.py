import time

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_panels import disguised, made_panel

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.lag_variants import lag_variants

NAMES = [
    "headline",
    "unit_trends",
    "response_rate",
    "redesign",
    "first_differences",
    "single_lag",
    "single_lag_same_rows",
    "with_lead",
]


def variants(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return lag_variants(panel, x="x", y="y", **{"lag": 2, **choices}).set_index("variant")


def with_response(panel: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    return panel.assign(response_rate=np.random.default_rng(seed).uniform(0.4, 0.8, len(panel)))


@pytest.fixture
def panel() -> pd.DataFrame:
    return with_response(made_panel(np.random.default_rng(41), 20, 14, share_kept=0.95))


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_equals_clubsandwich(name):
    row = variants(data("lag_robustness").query("kept == 1"), lags=[0, 1, 2], redesign=2007).loc[name]
    assert_close(row[["estimate", "se", "df", "n"]].to_dict(), expected("lag_robustness")["variants"][name], 1e-6)


def test_the_headline_is_that_of_the_profile(panel):
    row, profile = variants(panel).loc["headline"], lag_row(lag_profile(panel, x="x", y="y"), 2)
    for name in (*ESTIMATE_COLUMNS[1:], "estimate_sd", "ci_low_sd", "least_detectable_sd"):
        assert row[name] == pytest.approx(profile[name]), name


def test_all_variants_come_in_order_with_their_sample(panel):
    table = variants(panel, redesign=2008)
    assert list(table.index) == NAMES
    assert (table["reason"] == "").all()
    assert table["lags"].to_dict() == dict.fromkeys(NAMES, "0, 1, 2, 3") | {
        "single_lag": "2",
        "single_lag_same_rows": "2",
        "with_lead": "-1, 0, 1, 2, 3",
    }
    assert table.loc["headline", ["first_period", "last_period"]].tolist() == [2004, 2014]
    assert table.loc["single_lag", "n"] > table.loc["headline", "n"] == table.loc["single_lag_same_rows", "n"]
    assert table.loc["with_lead", "last_period"] == 2013


def test_trends_that_units_have_of_their_own_are_taken_away():
    panel = made_panel(np.random.default_rng(5), 60, 14)
    slope = panel["entity"].str[-3:].astype(int) / 20
    drift = slope * (panel["time"] - 2007)
    table = variants(panel.assign(x=panel["x"] + drift, y=panel["y"] - drift))
    assert table.loc["unit_trends", "estimate"] == pytest.approx(0.5, abs=0.1)
    assert abs(table.loc["headline", "estimate"] - 0.5) > 0.2


def test_a_redesign_that_shifts_units_apart_is_taken_away():
    panel = made_panel(np.random.default_rng(6), 80, 16)
    shift = panel["entity"].str[-3:].astype(int) % 7 * (panel["time"] >= 2009)
    table = variants(panel.assign(x=panel["x"] + shift), redesign=2009)
    assert table.loc["redesign", "estimate"] == pytest.approx(0.5, abs=0.1)
    assert table.loc["headline", "estimate"] < 0.4
    exact = variants(panel, redesign=2009)
    assert table.loc["redesign", "estimate"] == pytest.approx(exact.loc["redesign", "estimate"])


def test_a_response_rate_that_moves_both_is_taken_away():
    panel = with_response(made_panel(np.random.default_rng(7), 200, 12, effects=(0.0,)))
    then = panel.groupby("entity")["response_rate"].shift(2).fillna(0.6)
    both = panel.assign(x=panel["x"] + 5 * panel["response_rate"], y=panel["y"] + 5 * then)
    table = variants(both)
    assert table.loc["headline", "ci_low"] > 0.1
    assert table.loc["response_rate", "estimate"] == pytest.approx(0, abs=0.08)


def test_what_cannot_be_estimated_keeps_its_row_and_says_why(panel):
    table = variants(panel.drop(columns="response_rate"))
    assert table["reason"].to_dict() == dict.fromkeys(NAMES, "") | {
        "response_rate": "The response rate is not in these data.",
        "redesign": "No redesign of the survey is known.",
    }
    assert table.loc[["response_rate", "redesign"], ["estimate", "se", "n"]].isna().all(axis=None)


def test_a_redesign_at_the_edge_says_why(panel):
    row = variants(panel, redesign=2014).loc["redesign"]
    assert row["reason"] == "The redesign of the survey leaves too few periods before or after it."


def test_the_response_rate_of_the_same_period_goes_with_lag_0(panel):
    row = variants(panel, lag=0).loc["response_rate"]
    assert (row["term"], row["reason"]) == ("lag 0", "")


def test_short_panels_bear_no_trends():
    row = variants(made_panel(np.random.default_rng(8), 20, 4)).loc["unit_trends"]
    assert row["reason"] == "Telling lags apart needs {needed} units with enough periods; found {found}."
    assert row["reason_values"] == {"needed": 5, "found": 0}


def test_a_headline_the_panel_does_not_bear_does_not_apply(panel):
    with pytest.raises(NotApplicable, match="This panel bears lags up to 1, not lag 2"):
        variants(panel, max_lag=1)


def test_rows_ids_and_index_do_not_matter(panel):
    other = disguised(panel, np.random.default_rng(6))
    choices = {"redesign": 2008}
    pd.testing.assert_frame_equal(variants(panel, **choices), variants(other, **choices), rtol=1e-7)


@pytest.mark.parametrize(("n_entities", "n_times", "seconds"), [(24, 14, 1.5), (680, 6, 3.0)])
def test_variants_are_quick(n_entities, n_times, seconds):
    made = with_response(made_panel(np.random.default_rng(1), n_entities, n_times))
    start = time.process_time()
    variants(made, lag=1, redesign=2004)
    assert time.process_time() - start < seconds
