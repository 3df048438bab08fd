"""Evidence grades: each rule decides alone, at its very boundary, and nothing but a yes is graded."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.stats.grades import RULES, TRENDS, Checks, evidence_grade

TINY = 1e-9
EFFECT = {"estimate": 0.4, "ci_low": 0.2, "ci_high": 0.6}


def interval(low: float, high: float) -> dict[str, float]:
    return {"estimate": (low + high) / 2, "ci_low": low, "ci_high": high}


def without(*pairs: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame([interval(*pair) for pair in pairs])


SOUND = Checks(
    lead=interval(-0.2, 0.2),
    bootstrap=interval(TINY, 0.6),
    difference=interval(TINY, 0.7),
    without_one=without((TINY, 0.5), (0.1, 0.7)),
    reliability=0.8,
    least_detectable=0.4,
    with_trends=interval(TINY, 0.5),
)
# What makes each rule fail by a hair, and what leaves it unchecked.
FAILING = {
    "prespecified": {"prespecified": False},
    "lead_flat": {"lead": interval(TINY, 0.2 + TINY)},
    "bootstrap_agrees": {"bootstrap": interval(0.0, 0.6)},
    "forward_exceeds": {"difference": interval(0.0, 0.7)},
    "no_unit_decides": {"without_one": without((0.0, 0.5), (0.1, 0.7))},
    "detectable": {"least_detectable": 0.4 + TINY},
}
UNCHECKED = {
    "lead_flat": {"lead": None},
    "bootstrap_agrees": {"bootstrap": interval(np.nan, np.nan)},
    "forward_exceeds": {"difference": None},
    "no_unit_decides": {"without_one": without((np.nan, np.nan), (0.1, 0.7))},
    "attenuation_known": {"reliability": np.nan},
    "detectable": {"least_detectable": None},
}


def graded(verdict: str = "yes", *, sign: int = 1, effect: dict[str, float] = EFFECT, **changes: object):
    return evidence_grade(verdict, effect, replace(SOUND, **changes), sign=sign)


def test_a_yes_that_passes_every_rule_at_its_boundary_is_grade_c():
    found = graded()
    assert found.grade == "C" and found.failed == [] and list(found.rules) == [*RULES, TRENDS]


@pytest.mark.parametrize("rule", FAILING)
def test_one_rule_that_fails_by_a_hair_makes_it_grade_d(rule):
    found = graded(**FAILING[rule])
    assert found.grade == "D" and found.failed == [rule] and found.rules[rule] is False


@pytest.mark.parametrize("rule", UNCHECKED)
def test_a_rule_that_could_not_be_checked_makes_it_grade_d(rule):
    found = graded(**UNCHECKED[rule])
    assert found.grade == "D" and found.failed == [rule] and found.rules[rule] is None


def test_a_lead_measured_too_roughly_cannot_tell():
    assert graded(lead=interval(-0.2, 0.2 + TINY)).rules["lead_flat"] is None
    assert graded(lead=interval(TINY, 0.2)).rules["lead_flat"] is True


def test_every_rule_is_tried_both_ways():
    assert set(FAILING) | {"attenuation_known"} == set(RULES) == set(UNCHECKED) | {"prespecified"}


def test_an_effect_that_goes_with_the_trends_of_units_is_grade_e():
    assert graded(with_trends=interval(-0.1, 0.3)).grade == "E"
    assert graded(with_trends=interval(-0.1 + TINY, 0.5 + TINY)).grade == "C"
    assert graded(with_trends=interval(TINY, 0.1)).grade == "C"


def test_trends_that_could_not_be_checked_take_no_grade_away():
    assert graded(with_trends=None).grade == "C"


@pytest.mark.parametrize(("design", "grade"), [("randomised", "A"), ("staggered", "B")])
def test_designs_that_allow_causes_are_graded_by_themselves(design, grade):
    assert graded(design=design).grade == grade


def test_an_unknown_design_is_refused():
    with pytest.raises(ValueError, match="design must be one of randomised, staggered, observational; found 'lucky'"):
        graded(design="lucky")


@pytest.mark.parametrize("verdict", ["no", "cannot_tell"])
def test_nothing_but_a_yes_is_graded(verdict):
    assert graded(verdict).grade == ""


def test_a_claimed_fall_is_graded_on_its_own_side():
    turned = {
        "bootstrap": interval(-0.6, -TINY),
        "difference": interval(-0.7, -TINY),
        "without_one": without((-0.5, -TINY)),
        "with_trends": interval(-0.5, -TINY),
    }
    fall = {"estimate": -0.4, "ci_low": -0.6, "ci_high": -0.2}
    assert graded(sign=-1, effect=fall, **turned).grade == "C"
    assert graded(sign=-1, effect=fall, **turned | {"bootstrap": interval(0.1, 0.6)}).failed == ["bootstrap_agrees"]
