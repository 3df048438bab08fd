"""What is set against a lag is told with its interval, and a reason stands where a method does not apply."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_up import effect

from helpers.display.lag_parts import MOST_UNITS, detectable_part, units_part, variants_part
from helpers.display.wording import Words, lag_checks
from helpers.display.wording import lag_robustness as told
from helpers.display.wording import lag_variants as wording
from helpers.display.wording.lags import Claim
from helpers.stats.lag_variants import lag_variants
from helpers.stats.power import power_curve

EN, NL = Words("en"), Words("nl")
CLAIM = Claim("enps", "nps", 2)
FALL = Claim("enps", "turnover", 2)


def difference(low: float, high: float) -> dict[str, float]:
    return {"estimate_sd": (low + high) / 2, "ci_low_sd": low, "ci_high_sd": high, "conf_level": 0.95}


def without(*estimates: float, decides: bool = False) -> pd.DataFrame:
    rows = [
        effect(estimate=value) | {"left_out": f"u{number}", "shift": value - 0.4, "decides": decides}
        for number, value in enumerate(estimates)
    ]
    return pd.DataFrame(rows)


def variant(name: str, **figures: object) -> dict[str, object]:
    return effect() | {"variant": name, "reason": "", "reason_values": {}} | figures


def test_the_bootstrap_is_told_with_its_interval():
    text = told.bootstrap_sentence(effect(), EN, CLAIM)
    assert "also keeps zero outside" in text and "+2.1 to +5.9" in text
    assert "has zero inside" in told.bootstrap_sentence(effect(low=-0.1), EN, CLAIM)


@pytest.mark.parametrize("bound", [np.inf, np.nan])
def test_a_bootstrap_without_bounds_says_there_are_too_few_units(bound):
    assert "te weinig eenheden" in told.bootstrap_sentence(effect(high=bound), NL, CLAIM)


def test_all_lags_together_are_told_as_their_sum_and_as_a_chance():
    text = told.joint_sentence({"p_value": 0.0002}, effect(), EN, CLAIM)
    assert text.startswith("Summed over all lags the effect is +4.0") and "in fewer than 0.1% of cases" in text


@pytest.mark.parametrize(("p_value", "share"), [(0.0001, "fewer than 0.1%"), (0.2483, "24.8%")])
def test_a_permutation_is_told_as_a_share_of_cases(p_value, share):
    assert f"in {share} of cases" in told.permutation_sentence({"p_value": p_value, "n_permuted": 24}, EN)


@pytest.mark.parametrize(
    ("claim", "low", "high", "start"),
    [
        (CLAIM, 0.1, 0.5, "The claimed direction is the stronger one"),
        (CLAIM, -0.5, -0.1, "The opposite direction is the stronger one"),
        (CLAIM, 0.0, 0.5, "Which direction is stronger cannot be told"),
        (FALL, -0.5, -0.1, "The claimed direction is the stronger one"),
    ],
)
def test_the_stronger_direction_is_named_only_where_the_interval_allows(claim, low, high, start):
    assert told.difference_sentence(difference(low, high), EN, claim).startswith(start)


def test_feedback_is_warned_of_only_where_the_interval_excludes_zero():
    assert lag_checks.feedback_sentence(effect(1, low=-0.1), EN, CLAIM) == ""
    assert lag_checks.feedback_sentence({}, EN, CLAIM) == ""
    text = lag_checks.feedback_sentence(effect(1), EN, CLAIM)
    assert text.startswith("Beware of feedback. A rise of") and "in NPS is followed a year later" in text


@pytest.mark.parametrize(("n_periods", "rough"), [(9, True), (10, False)])
def test_few_measurements_leave_open_which_lag_it_is(n_periods, rough):
    text = lag_checks.lags_sentence(EN, CLAIM, [0, 1, 2], n_entities=24, n_periods=n_periods)
    assert ("a lag too early or too late" in text) == rough


def test_measurement_error_is_told_with_the_effect_without_it():
    text = told.corrected_sentence(effect() | {"reliability": 0.8}, EN, CLAIM)
    assert text.startswith("Of the movement of eNPS within units, 20% is chance") and "+4.0" in text


def test_a_unit_that_decides_is_named():
    text = told.without_one_sentence(without(0.4, 0.1, decides=True), EN, CLAIM, names={"u0": "Noord", "u1": "Zuid"})
    assert (
        "The answer hangs on single units: without Noord, for one," in text and "Without Zuid the effect moves" in text
    )
    assert "No single unit decides" in told.without_one_sentence(without(0.4, 0.3), EN, CLAIM, names={})


def test_units_that_differ_by_chance_only_are_said_to():
    row = effect() | {"share_positive": 0.9, "q_p_value": 0.4}
    assert told.slopes_sentence(row, EN, CLAIM).endswith("The units differ no more than chance explains.")
    assert told.slopes_sentence(row | {"q_p_value": 0.01}, EN, CLAIM).endswith("more than chance explains.")
    assert told.slopes_sentence(row | {"q_p_value": np.nan}, EN, CLAIM).endswith("90%.")


def test_every_variant_of_the_statistics_has_a_name():
    x, y = np.random.default_rng(1).normal(size=(2, 80))
    panel = pd.DataFrame({"entity": np.repeat(range(8), 10), "time": np.tile(range(10), 8), "x": x, "y": y})
    assert set(wording.VARIANTS) == set(lag_variants(panel, x="x", y="y", lag=1)["variant"])


def test_a_variant_that_could_not_be_estimated_gives_its_reason():
    rows = [variant("headline"), variant("redesign", estimate=np.nan, reason="No redesign of the survey is known.")]
    part = variants_part(pd.DataFrame(rows), EN, CLAIM)._repr_html_()
    assert "Not estimated: “Before and after the new questionnaire apart”. No redesign of the survey is known." in part


def test_many_units_are_told_and_not_drawn():
    few, many = without(0.4, 0.3), without(*np.linspace(0.3, 0.5, MOST_UNITS + 1))
    assert "<figure>" in units_part(few, EN, CLAIM, name=str.upper, named=set(few["left_out"]))._repr_html_()
    html = units_part(many, EN, CLAIM, name=str.upper, named=set(many["left_out"]))._repr_html_()
    assert "<figure>" not in html and "No single unit decides" in html


def test_what_the_panel_can_find_stands_beside_its_power_curve():
    row = effect() | {"df": 20.0}
    part = detectable_part({"least_detectable": 0.1}, power_curve(row), EN, CLAIM, row=row)._repr_html_()
    assert "1.0" in part and "80%" in part and "<figure>" in part
