"""What a method says and how it stands beside the headline follow from figures alone, at every boundary."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.stats.claim_answers import agreement, beside, effect_answer, p_value_answer

NAN = float("nan")


def effect(low, high, **more):
    return {"estimate": (low + high) / 2, "ci_low": low, "ci_high": high, "ci_low_sd": low, "ci_high_sd": high} | more


@pytest.mark.parametrize(
    ("low", "high", "sign", "answer"),
    [
        (0.2, 0.6, 1, "yes"),
        (0.2, 0.6, -1, "opposite"),
        (-0.6, -0.2, -1, "yes"),
        (-0.6, -0.2, 1, "opposite"),
        (0.0, 0.6, 1, "cannot_tell"),
        (1e-9, 0.6, 1, "yes"),
        (-0.1, 0.1, 1, "no"),
        (0.02, 0.1, 1, "no"),
        (0.02, 0.1001, 1, "yes"),
        (-0.1001, 0.1, 1, "cannot_tell"),
        (NAN, NAN, 1, "cannot_tell"),
    ],
)
def test_an_interval_gives_the_answer_of_the_rules(low, high, sign, answer):
    assert effect_answer(effect(low, high), smallest_effect=0.1, sign=sign) == answer


@pytest.mark.parametrize(("df", "answer"), [(3.9, "cannot_tell"), (4.0, "yes"), (NAN, "yes")])
def test_few_degrees_of_freedom_cannot_tell(df, answer):
    assert effect_answer(effect(0.2, 0.6, df=df), smallest_effect=0.1) == answer


def test_the_smallest_effect_is_compared_in_its_own_unit():
    row = {"ci_low": 2.0, "ci_high": 3.0, "ci_low_sd": 0.02, "ci_high_sd": 0.03}
    assert effect_answer(row, smallest_effect=0.1) == "no"
    assert effect_answer(row, smallest_effect=0.1, unit="points") == "yes"


def test_a_smallest_effect_of_zero_is_refused():
    with pytest.raises(ValueError, match=r"smallest_effect must be above 0; found 0\."):
        effect_answer(effect(1, 2), smallest_effect=0)


@pytest.mark.parametrize(
    ("p_value", "about", "answer"),
    [
        (0.05, {}, "yes"),
        (0.0501, {}, "cannot_tell"),
        (NAN, {}, "cannot_tell"),
        (0.001, {"effect": -1.0}, "opposite"),
        (0.001, {"effect": -1.0, "sign": -1}, "yes"),
        (0.2, {"effect": -1.0}, "cannot_tell"),
    ],
)
def test_a_p_value_gives_a_side_only_where_the_test_has_one(p_value, about, answer):
    assert p_value_answer(p_value, conf_level=0.95, **about) == answer


@pytest.mark.parametrize(
    ("answer", "row", "stands"),
    [
        ("yes", effect(0.1, 0.5), "same"),
        ("yes", effect(0.1, 0.31), "same"),
        ("yes", effect(0.1, 0.29), "other_size"),
        ("yes", effect(0.31, 0.5), "other_size"),
        ("yes", {}, "same"),
        ("cannot_tell", effect(-0.2, 0.5), "unsure"),
        ("cannot_tell", {}, "unsure"),
        ("cannot_tell", effect(-0.2, 0.2), "other"),
        ("opposite", effect(-0.5, -0.1), "other"),
        ("no", effect(-0.05, 0.05), "other"),
    ],
)
def test_a_method_stands_beside_a_headline_that_says_yes(answer, row, stands):
    assert beside(answer, row, "yes", effect(0.2, 0.4)) == stands


def test_a_level_of_ten_percent_is_reached_by_a_tenth():
    assert p_value_answer(0.1, conf_level=0.9) == "yes"


def test_an_answer_beside_a_headline_that_cannot_tell_decides_or_contradicts():
    headline = effect(-0.2, 0.4)
    assert beside("cannot_tell", effect(-0.3, 0.3), "cannot_tell", headline) == "same"
    assert beside("cannot_tell", effect(-0.3, 0.05), "cannot_tell", headline) == "same"
    assert beside("yes", effect(0.05, 0.3), "cannot_tell", headline) == "decides"
    assert beside("no", effect(-0.05, 0.1), "cannot_tell", headline) == "decides"
    assert beside("yes", effect(0.2, 0.3), "cannot_tell", headline) == "other"


def test_without_a_headline_nothing_stands_beside_it():
    assert beside("yes", effect(0.1, 0.5), "cannot_tell", {"estimate": NAN, "ci_low": np.nan}) == "no_headline"
    assert beside("yes", effect(0.1, 0.5), "cannot_tell", {}) == "no_headline"


@pytest.mark.parametrize(
    ("stands", "answer"),
    [
        ([], "none_apply"),
        (["no_headline"], "no_headline"),
        (["same", "same"], "agree"),
        (["same", "unsure"], "partly"),
        (["unsure", "unsure"], "not_against"),
        (["same", "unsure", "decides"], "decide"),
        (["other_size", "decides", "other"], "differ"),
        (["same", "unsure", "other_size"], "sizes"),
        (["same", "other_size", "other"], "differ"),
        (["other", *["same"] * 9], "differ"),
    ],
)
def test_one_method_that_differs_is_told_whatever_the_others_say(stands, answer):
    assert agreement(stands) == answer
