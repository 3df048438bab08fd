"""A study holds every check or the reason why there is none, and grades a yes by them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_panels import made_panel

from helpers.stats.estimates import NotApplicable
from helpers.stats.lag_study import CHECKS, lag_study
from helpers.stats.necessity_evidence import necessity_evidence


def study(effects=(0.0, 0.0, 0.5), *, n_entities=24, n_times=14, seed=5, x_se: float | None = 0.2, **choices):
    panel = made_panel(np.random.default_rng(seed), n_entities, n_times, effects)
    panel = panel if x_se is None else panel.assign(x_se=x_se)
    rng = np.random.default_rng(1)
    model = {"x": "x", "y": "y", "lag": 2, "max_lag": 3, "smallest_effect": 0.1}
    return lag_study(panel, rng=rng, n_draws=499, **(model | choices))


def test_a_strong_effect_at_the_lag_claimed_reaches_grade_c():
    found = study((0.0, 0.0, 0.6))
    assert (found.evidence.verdict.verdict, found.grade.grade, found.grade.failed) == ("yes", "C", [])


def test_without_the_errors_of_x_it_is_grade_d_and_the_reason_is_kept():
    found = study((0.0, 0.0, 0.6), x_se=None)
    assert found.grade.grade == "D" and found.grade.failed == ["attenuation_known"]
    with pytest.raises(NotApplicable, match="The sampling errors of x are not known"):
        found.table("corrected")


def test_an_effect_in_both_directions_is_no_grade_c():
    panel = made_panel(np.random.default_rng(5), 24, 14, (0.5, 0.5, 0.5)).assign(x_se=0.2)
    model = {"lag": 0, "max_lag": 2, "smallest_effect": 0.1, "n_draws": 199}
    found = lag_study(panel, x="x", y="y", rng=np.random.default_rng(1), **model)
    assert found.evidence.verdict.verdict != "yes" or found.grade.rules["forward_exceeds"] is not True


def test_what_is_no_yes_has_no_grade():
    assert study((0.0, 0.0, 0.0)).grade.grade == ""


def test_every_check_is_there_by_name():
    found = study()
    assert tuple(found.checks) == CHECKS
    assert found.row("difference", "difference")["term"] == "difference"


def test_a_short_panel_keeps_a_reason_for_what_it_cannot_bear():
    found = study(n_entities=6, n_times=5)
    assert all(len(str(check)) for check in found.checks.values()) and found.grade.grade in ("", "D", "E")


def test_a_lag_beyond_the_panel_has_a_reason_in_every_check():
    found = study(lag=13, max_lag=13)
    assert found.evidence.verdict.because == "lag_not_identified" and found.grade.grade == ""
    with pytest.raises(NotApplicable, match=r"This panel bears lags up to \d+, not lag 13"):
        found.row("bootstrap")


def test_what_must_come_first_cannot_be_asked_at_the_same_moment():
    with pytest.raises(NotApplicable, match="Whether x must come first cannot be asked at the same moment"):
        necessity_evidence(made_panel(np.random.default_rng(1)), x="x", y="y", lag=0, rng=np.random.default_rng(1))


def test_the_same_seed_gives_the_same_study():
    one, two = (study().table("bootstrap") for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
