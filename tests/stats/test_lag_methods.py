"""Every method answers for itself or says why not, and one that fails its own tests is not counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_panels import disguised, made_panel, passed_on

from helpers.stats.curve_choices import curve_choices
from helpers.stats.dynamic_panel import DynamicPanel
from helpers.stats.estimates import NotApplicable
from helpers.stats.lag_method_rows import doubt_of
from helpers.stats.lag_methods import METHODS, lag_methods


def methods(effects=(0.0, 0.0, 0.6), *, n_entities=24, n_times=14, seed=6, panel=None, **choices):
    panel = made_panel(np.random.default_rng(seed), n_entities, n_times, effects) if panel is None else panel
    model = {"x": "x", "y": "y", "lag": 2, "max_lag": 3, "smallest_effect": 0.1, "n_draws": 199}
    return lag_methods(panel, rng=np.random.default_rng(1), **(model | choices))


@pytest.fixture(scope="module")
def strong():
    return methods()


def test_a_strong_effect_is_found_by_every_method_that_applies(strong):
    assert strong.headline_answer == "yes"
    assert set(strong.relied_on["answer"]) == {"yes"} and strong.agreement in ("agree", "sizes")
    assert {"search", "one_step", "half_panel", "curve"} <= set(strong.relied_on["method"])


def test_what_does_not_apply_keeps_its_reason_and_stands_beside_nothing(strong):
    known = strong.answers.set_index("method")
    assert known.loc["corrected", "reason"] == "The sampling errors of {x} are not known."
    assert known.loc["corrected", "beside"] == "" and np.isnan(known.loc["corrected", "estimate"])
    with pytest.raises(NotApplicable, match="No redesign of the survey is known"):
        strong.table("redesign")


def test_every_method_has_one_row_in_their_order(strong):
    assert tuple(strong.answers["method"]) == METHODS


def test_a_test_has_no_interval_and_a_statistic_is_no_effect(strong):
    known = strong.answers.set_index("method")
    assert known.loc[["granger", "curve"], ["ci_low", "ci_high"]].isna().all(axis=None)
    assert np.isnan(known.loc["granger", "estimate"])
    ratio = strong.evidence.forward.attrs["sd_ratio"]
    assert known.loc["curve", "estimate"] * ratio == pytest.approx(known.loc["curve", "estimate_sd"])


def test_without_effect_most_methods_cannot_tell_or_say_no():
    answers = [methods((0.0,), seed=seed, n_draws=99).relied_on["answer"] for seed in range(4)]
    assert pd.concat(answers).isin(["yes", "opposite"]).mean() < 0.15


def test_a_claim_of_the_opposite_sign_turns_every_answer_round(strong):
    turned = methods(sign=-1)
    assert turned.headline_answer == "opposite"
    assert set(turned.relied_on["answer"]) == {"opposite"}


def test_a_neighbouring_question_is_shown_and_set_beside_nothing(strong):
    known = strong.answers.set_index("method").loc[["projections", "granger"]]
    assert set(known["beside"]) == {"neighbour"} and set(known["answer"]) == {"yes"}
    assert not set(known.index) & set(strong.relied_on["method"])


def test_a_response_passed_on_by_the_outcome_is_no_other_answer():
    """y = .6 y(t-1) + .5 x(t-1): what is left of x two periods later is y's own doing, and the headline finds it."""
    found = methods(panel=passed_on(np.random.default_rng(3), 40, 14), lag=2)
    assert found.headline_answer == "yes" and "other" not in set(found.relied_on["beside"])
    half = found.answers.set_index("method").loc["half_panel"]
    assert half["ci_low"] < 0.3 < half["ci_high"] and half["answer"] == "yes"


def test_few_units_bind_the_search_as_they_bind_the_headline():
    found = methods(panel=made_panel(np.random.default_rng(4), 6, 12, (0.0, 0.0, 0.35)))
    search = found.answers.set_index("method").loc["search"]
    assert search["df"] == found.evidence.claimed["df"] < 4 and search["answer"] == "cannot_tell"


def test_the_headline_is_given_on_the_rows_of_a_method_that_loses_some(strong):
    panel = made_panel(np.random.default_rng(6), 24, 14, (0.0, 0.0, 0.6))
    found = methods(panel=panel.assign(y=panel["y"].where(panel["time"] >= 2006)))
    times = sorted({time for _, time in found.table("half_panel").attrs["rows"]})
    assert found.evidence.forward.attrs["periods"][0] == 2006 and times[0] == 2007
    assert found.restricted["half_panel"]["n"] == 24 * len(times) < found.evidence.claimed["n"]


def test_a_method_on_the_same_rows_needs_no_headline_of_its_own(strong):
    assert strong.restricted == {}


def test_names_order_and_level_of_units_change_nothing(strong):
    panel = made_panel(np.random.default_rng(6), 24, 14, (0.0, 0.0, 0.6))
    other = methods(panel=disguised(panel, np.random.default_rng(2)))
    steady = ["answer", "beside", "doubt"]
    pd.testing.assert_frame_equal(strong.answers[steady], other.answers[steady])
    exact = strong.answers["method"].isin(["projections", "one_step", "two_step", "half_panel"])
    np.testing.assert_allclose(
        strong.answers.loc[exact, "estimate_sd"], other.answers.loc[exact, "estimate_sd"], rtol=1e-6
    )


def test_a_lag_beyond_the_panel_leaves_nothing_to_stand_beside():
    found = methods(lag=5, max_lag=5, n_entities=8, n_times=6)
    assert found.evidence.verdict.because == "lag_not_identified" and found.agreement == "none_apply"


def test_a_claim_without_delay_has_no_granger_test():
    assert methods((0.6,), lag=0).answers.set_index("method").loc["granger", "reason"].startswith("A claim without")


@pytest.mark.parametrize(
    ("hansen", "m2", "n_instruments", "doubt"),
    [
        (0.5, 0.5, 9, ""),
        (0.049, 0.5, 9, "instruments_refused"),
        (0.05, 0.049, 9, "errors_linked"),
        (0.049, 0.049, 10, "too_many_instruments"),
        (0.5, np.nan, 9, "untested"),
        (np.nan, 0.5, 9, "untested"),
    ],
)
def test_gmm_is_in_doubt_by_its_own_tests(hansen, m2, n_instruments, doubt):
    tests = pd.DataFrame({"term": ["hansen", "sargan", "m1", "m2"], "p_value": [hansen, 0.5, 0.01, m2]})
    assert doubt_of(DynamicPanel(pd.DataFrame(), tests, n_instruments, 10, None)) == doubt


@pytest.mark.parametrize(
    ("p_value", "rmsea", "doubt"), [(0.04, 0.081, "poor_fit"), (0.04, 0.08, ""), (0.06, 0.2, ""), (None, None, "")]
)
def test_a_cross_lagged_model_that_does_not_fit_is_in_doubt(p_value, rmsea, doubt):
    table = pd.DataFrame()
    table.attrs = {} if p_value is None else {"fit": {"p_value": p_value, "rmsea": rmsea}}
    assert doubt_of(table) == doubt


def test_many_units_in_few_waves_have_a_cross_lagged_model():
    found = methods((0.0, 0.5), n_entities=150, n_times=6, lag=1, max_lag=1).answers.set_index("method")
    assert found.loc["cross_lagged", "reason"] == "" and found.loc["cross_lagged", "answer"] == "yes"


def test_a_method_in_doubt_is_shown_and_not_counted(strong):
    in_doubt = strong.answers.assign(doubt="untested")
    assert type(strong)(**(vars(strong) | {"answers": in_doubt})).relied_on.empty


def test_the_choice_that_moves_a_curve_most_comes_first():
    curve = pd.DataFrame({"lags": ["2", "2", "0, 1, 2", "0, 1, 2"], "weights": ["equal", "n"] * 2, "sample": "all"})
    curve = curve.assign(trends="none", measure=["levels", "levels", "levels", "levels"])
    curve = curve.assign(estimate=[1.0, 1.5, 3.0, 3.5], estimate_sd=[0.1, 0.15, 0.3, 0.35])
    found = curve_choices(curve)
    assert list(found["choice"]) == ["lags", "lags", "weights", "weights"]
    assert list(found["estimate"]) == pytest.approx([3.25, 1.25, 2.0, 2.5])
    assert list(found["spread"]) == pytest.approx([2.0, 2.0, 0.5, 0.5])


def test_a_curve_of_one_specification_has_no_choices(strong):
    assert curve_choices(strong.table("profile").head(1)).empty
