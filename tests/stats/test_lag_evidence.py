"""The evidence of a claim holds what its parts would give by themselves."""

import numpy as np
import pandas as pd
from made_panels import made_panel

from helpers.stats.lag_evidence import lag_evidence
from helpers.stats.lag_profile import lag_profile, lag_row


def evidence(effects: tuple[float, ...]):
    panel = made_panel(np.random.default_rng(5), 40, 14, effects)
    return panel, lag_evidence(panel, x="x", y="y", lag=2, max_lag=3, smallest_effect=0.1)


def test_a_true_effect_at_the_lag_claimed_is_a_yes():
    assert evidence((0.0, 0.0, 0.5))[1].verdict.verdict == "yes"


def test_no_effect_is_no_yes():
    assert evidence((0.0, 0.0, 0.0))[1].verdict.verdict != "yes"


def test_the_other_direction_is_the_profile_with_both_sides_exchanged():
    panel, found = evidence((0.0, 0.0, 0.5))
    pd.testing.assert_frame_equal(found.reverse, lag_profile(panel, x="y", y="x", max_lag=3))
    assert found.claimed == lag_row(found.forward, 2)


def test_a_fall_is_a_yes_only_where_a_fall_was_claimed():
    panel, as_a_rise = evidence((0.0, 0.0, -0.5))
    as_a_fall = lag_evidence(panel, x="x", y="y", lag=2, max_lag=3, smallest_effect=0.1, sign=-1)
    assert as_a_fall.verdict.verdict == "yes"
    assert (as_a_rise.verdict.verdict, as_a_rise.verdict.because) == ("cannot_tell", "wrong_sign")
