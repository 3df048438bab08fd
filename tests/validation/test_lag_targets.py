"""A small look at the targets that `make validate` measures thoroughly."""

import numpy as np
import pandas as pd
import pytest
from lag_designs import designs
from lag_tables import grade_table, lag_report
from lag_targets import targets
from looks import simulate
from measures import any_of, mean, share
from target_table import Target, target_table
from validated_parts import with_parts


def looks(name: str, panels: int) -> pd.DataFrame:
    return simulate(designs(), [name], share=panels / designs()[name].looks)


@pytest.fixture(scope="module")
def strong():
    return looks("strong 15", 40)


def test_a_true_null_is_seldom_rejected_by_cr2_and_htz():
    found = looks("null 12", 60)
    assert (~found["covered_CR2"]).mean() <= 0.17 and found["HTZ"].mean() <= 0.17


def test_intervals_hold_an_effect_and_the_right_lag_is_picked(strong):
    assert strong["covered_CR2"].mean() >= 0.82 and strong["covered_wild"].mean() >= 0.82
    assert strong["right"].mean() >= 0.8
    assert strong["needed"].quantile(0.8) == pytest.approx(0.21, abs=0.08)


@pytest.mark.slow
def test_correction_brings_back_what_errors_of_x_took():
    found = looks("error 12 0.8", 40)[["naive", "corrected"]].median()
    assert found["naive"] < 0.27 and found["corrected"] == pytest.approx(0.3, abs=0.07)


@pytest.mark.slow
def test_no_effect_is_seldom_a_yes_and_feedback_shows_in_the_reverse():
    assert looks("no effect, reliability 0.8, T = 14", 10)["verdict"].eq("yes").sum() <= 2
    share_noticed, _ = any_of("lead", "reverse_1")(looks("feedback 0.3, no effect, T = 14", 8))
    assert share_noticed >= 0.5


@pytest.mark.slow
def test_a_yes_has_a_grade_and_anything_below_c_a_rule_that_failed():
    found = looks("effect 0.6, reliability 0.8, T = 14", 3)
    graded = found[found["verdict"] == "yes"]
    assert len(graded) and graded["grade"].isin(["C", "D", "E"]).all()
    assert all((grade == "C") == (not failed) for grade, failed in zip(graded["grade"], graded["failed"], strict=True))


def test_levels_alone_are_seldom_a_necessity():
    assert looks("necessity levels only", 20)["verdict"].eq("holds").sum() <= 4


def test_panels_do_not_depend_on_how_they_are_shared_out():
    few, more = looks("null 8", 2), looks("null 8", 30)
    pd.testing.assert_frame_equal(few.drop(columns="seconds"), more.iloc[:2].drop(columns="seconds"))


def test_every_line_of_the_table_has_its_panels():
    assert {target.design for target in targets()} <= set(designs())


def test_the_table_tells_a_miss_with_its_reason_and_reports_without_a_bound(strong):
    lines = [
        Target("hit", "strong 15", share("right"), low=0.5),
        Target("missed", "strong 15", share("right", False), low=0.5, why="told"),
        Target("told only", "strong 15", mean("needed")),
    ]
    table = target_table(strong, lines)
    assert table["met"].tolist() == [True, False, None] and table["why"].tolist() == ["", "told", ""]
    graded = pd.DataFrame({"design": "one", "grade": ["", "D"], "failed": [(), ("lead_flat",)]})
    text = lag_report(table, grade_table(graded), minutes=1.0, jobs=1)
    assert "- Missed: missed. Why: told." in text and "| told only | reported |" in text
    assert "| one | 2 | 50.0% | 0.0% | 0.0% | 0.0% | 50.0% | 0.0% | lead_flat 1 |" in text


def test_slack_counts_in_monte_carlo_errors():
    found = pd.DataFrame({"design": "d", "seconds": 0.0, "yes": np.arange(100) < 4})
    line = {"name": "t", "design": "d", "measure": share("yes"), "high": 0.025}
    table = target_table(found, [Target(**line), Target(**line, slack=2)])
    assert table["met"].tolist() == [False, True] and table["mc_error"].iloc[0] == pytest.approx(0.0216, abs=1e-4)


def test_a_part_is_written_and_the_other_stays():
    page = with_parts("", {"companies": "one\n", "lags": "two\n"})
    renewed = with_parts(page, {"lags": "three\n"})
    assert renewed == page.replace("two", "three") and with_parts(renewed, {}) == renewed
