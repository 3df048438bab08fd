"""Growth after engagement, and both sides together: known truths come back, and what does not apply says why."""

import numpy as np
import pandas as pd
import pytest
from made_growth import made_growth
from numpy.random import default_rng

from helpers.stats.estimates import NotApplicable
from helpers.stats.growth_study import LEFT_OUT, GrowthStudy, growth_study
from helpers.stats.growth_verdict import growth_verdict, with_deciding
from helpers.stats.interaction import PRODUCT, joint_sample
from helpers.stats.lag_profile import lag_profile

COLUMNS = {"engagement": "x", "customer": "z", "growth": "y"}


def study(panel: pd.DataFrame, **more) -> GrowthStudy:
    return growth_study(panel, **COLUMNS, **({"smallest_effect": 0.1} | more))


def interval(row) -> tuple[float, float]:
    return row["ci_low"], row["ci_high"]


@pytest.fixture(scope="module")
def found() -> GrowthStudy:
    return study(made_growth(default_rng(21), interaction=0.3, x_noise=0.3, z_noise=0.3))


def test_the_slope_and_the_interaction_that_are_true_are_found(found):
    low, high = interval(found.evidence.claimed)
    assert 0 < low < high and found.evidence.verdict.verdict == "yes"
    assert found.interaction("y").verdict.verdict == "yes"


def test_the_slope_corrected_for_error_holds_the_truth(found):
    table = found.table("corrected")
    row = table[(table["model"] == "corrected") & (table["lag"] == 1)].iloc[0]
    assert row["ci_low"] < 0.6 < row["ci_high"]
    assert row["n_clusters"] == 12


def test_growth_does_not_lead_engagement_where_it_does_not(found):
    reverse = found.evidence.reverse.set_index("term").loc["lag 1"]
    assert reverse["ci_low"] < 0 < reverse["ci_high"]


def test_neither_a_cluster_nor_a_period_decides_a_strong_effect(found):
    assert len(found.table("without_one")) == 12 and len(found.table("without_period")) == 8
    assert not any(found.table(check)["decides"].any() for check in LEFT_OUT)


def test_without_effects_neither_claim_is_confirmed():
    panel = made_growth(default_rng(22), effect=0.0)
    without = study(panel)
    assert without.evidence.verdict.verdict != "yes"
    assert without.interaction("y").verdict.verdict != "yes"


def test_every_outcome_gets_its_own_interaction():
    panel = made_growth(default_rng(23), interaction=0.4)
    panel["profit"] = default_rng(24).normal(size=len(panel))
    both = study(panel, others=("profit",))
    assert list(both.interactions) == ["y", "profit"]
    assert both.interaction("y").verdict.verdict == "yes" != both.interaction("profit").verdict.verdict


def test_a_claim_of_a_fall_is_judged_by_its_own_sign():
    panel = made_growth(default_rng(25), effect=-0.6, interaction=-0.4)
    fall = study(panel, signs={"slope": -1, "y": -1})
    assert fall.evidence.verdict.verdict == fall.interaction("y").verdict.verdict == "yes"
    rise = study(panel)
    assert rise.evidence.verdict.because == rise.interaction("y").verdict.because == "wrong_sign"


def test_the_order_and_the_names_of_rows_do_not_matter(found):
    panel = made_growth(default_rng(21), interaction=0.3, x_noise=0.3, z_noise=0.3)
    other = panel.assign(entity="u" + panel["entity"].astype(str)).sample(frac=1, random_state=1)
    again = study(other.set_axis([0] * len(other)))
    for name in ("estimate", "se", "df"):
        assert again.evidence.claimed[name] == pytest.approx(found.evidence.claimed[name])
    assert interval(again.interaction("y").verdict.figures) == pytest.approx(
        interval(found.interaction("y").verdict.figures)
    )


def test_units_may_be_their_own_clusters():
    own = study(made_growth(default_rng(26)), cluster=None)
    assert own.evidence.claimed["n_clusters"] == 60
    reasons = own.table("slopes").set_index("model")["reason"]
    assert reasons["shared_shocks"] == "No units are known to share shocks with each other."


def test_unknown_errors_leave_the_slope_uncorrected():
    panel = made_growth(default_rng(27)).drop(columns=["x_se", "z_se"])
    bare = study(panel)
    with pytest.raises(NotApplicable, match="The sampling errors of x are not known"):
        bare.table("corrected")
    assert isinstance(bare.interaction("y").reliability, NotApplicable)


def test_customers_who_never_change_leave_the_slope():
    still = study(made_growth(default_rng(28)).assign(z=1.0))
    assert np.isfinite(still.evidence.claimed["estimate"])
    with pytest.raises(NotApplicable, match="z is the same in all units and periods"):
        still.interaction("y")


def test_a_lag_beyond_the_panel_leaves_its_reason_in_every_check():
    short = study(made_growth(default_rng(29), n_times=4), lag=3, max_lag=2)
    assert short.evidence.verdict.because == "lag_not_identified"
    for check in ("slopes", "corrected", *LEFT_OUT):
        with pytest.raises(NotApplicable, match="lags up to 2, not lag 3"):
            short.table(check)


def test_one_period_bears_no_study():
    with pytest.raises(NotApplicable, match="not seen together in 2 periods"):
        study(made_growth(default_rng(30), n_times=1))


def test_a_yes_that_hangs_on_one_group_or_period_is_told_as_cannot_tell():
    panel = made_growth(default_rng(31))
    forward = lag_profile(panel, x="x", y="y", max_lag=1, cluster="cluster")
    judged = {"lag": 1, "smallest_effect": 0.1}
    assert growth_verdict(forward, **judged).verdict == "yes"
    for name in LEFT_OUT:
        for decides, verdict in ((False, "yes"), (True, "cannot_tell")):
            rows = pd.DataFrame({"decides": [False, decides]})
            assert growth_verdict(forward, **judged, **{name: rows}).verdict == verdict
    hangs = growth_verdict(forward, **judged, without_one=pd.DataFrame({"decides": [True]}))
    assert hangs.because == "one_decides" and hangs.figures["lag"] == 1


@pytest.mark.parametrize(
    ("full", "row", "decides"),
    [
        ((0.2, 0.4), (0.1, 0.5), False),
        ((0.2, 0.4), (-0.1, 0.5), True),
        ((0.2, 0.4), (np.nan, np.nan), True),
        ((-0.05, 0.05), (-0.06, 0.02), False),
        ((-0.05, 0.05), (-0.06, 0.12), True),
        ((-0.1, 0.3), (-0.3, 0.1), False),
        ((-0.1, 0.3), (0.01, 0.3), True),
        ((0.2, 0.4), (-0.4, -0.2), True),
    ],
)
def test_what_would_be_judged_otherwise_decides(full, row, decides):
    rows = pd.DataFrame([dict(zip(("ci_low", "ci_high"), row, strict=True))])
    whole = dict(zip(("ci_low", "ci_high"), full, strict=True))
    for unit, ratio, smallest in (("points", 5.0, 0.1), ("sd", 2.0, 0.2)):
        found = with_deciding(rows, whole, smallest_effect=smallest, unit=unit, ratio=ratio)
        assert found["decides"].tolist() == [decides]


@pytest.mark.slow
def test_false_alarms_are_as_rare_as_the_level_allows():
    rng, n_panels = default_rng(32), 200
    panels = [made_growth(rng, n_clusters=20, per_cluster=2, n_times=6, effect=0.0) for _ in range(n_panels)]
    verdicts = [study(panel).evidence.verdict.verdict for panel in panels]
    assert verdicts.count("yes") / n_panels <= 0.05


def test_the_sample_of_the_interaction_is_in_standard_deviations():
    sample = joint_sample(made_growth(default_rng(33)), x="x", z="z", y="y", lag=1)
    assert sample.rows[["x", "z"]].std().tolist() == pytest.approx([1, 1])
    assert (sample.rows[PRODUCT] == sample.rows["x"] * sample.rows["z"]).all()
