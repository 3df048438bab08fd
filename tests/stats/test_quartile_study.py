import numpy as np
import pandas as pd
import pytest
from made_units import made_units

from helpers.stats.organisation_gaps import median_gaps, organisation_gaps
from helpers.stats.quartile_study import quartile_study
from helpers.stats.quartiles import quartile_gaps


def study(frame: pd.DataFrame, **choices: object):
    frame = frame.assign(se=0.5)
    same = choices.pop("same_wave", frame)
    choices = {"smallest_effect": 0.1, "n_boot": 99} | choices
    return quartile_study(frame, same, rng=np.random.default_rng(1), **choices)


def pulled_apart(seed: int = 1) -> pd.DataFrame:
    """Units that do better where engagement is higher, in organisations of which the engaged ones do worse."""
    frame = made_units(np.random.default_rng(seed), n_units=600, slope=0.5)
    step = frame["organisation"].str[-1].astype(float)
    return frame.assign(engagement=frame["engagement"] + 0.6 * step, value=frame["value"] - 0.6 * step)


def test_one_organisation_is_led_by_the_gap_over_all_units():
    frame = made_units(np.random.default_rng(1)).assign(organisation="only")
    found, alone = study(frame), quartile_gaps(frame, rng=np.random.default_rng(1), n_boot=99)
    assert not found.is_within and found.gaps is found.pooled
    pd.testing.assert_series_equal(found.gaps["ci_low"], alone["ci_low"])


def test_enough_organisations_are_led_by_the_median_within_them():
    frame = pulled_apart()
    found = study(frame)
    assert found.is_within
    pd.testing.assert_series_equal(found.gaps["estimate"], median_gaps(organisation_gaps(frame))["estimate"])
    of_sd = [table.set_index("scale").loc["sd"] for table in (found.medians, found.pooled)]
    assert [(row["estimate"] > 0) for row in of_sd] == [True, False]
    assert [row["verdict"] for row in of_sd] == ["yes", "cannot_tell"]


def test_too_few_organisations_for_an_interval_do_not_lead():
    frame = pulled_apart()
    assert not study(frame[frame["organisation"].str[-1].astype(int) < 5]).is_within


@pytest.mark.parametrize(("make", "extra"), [(made_units, set()), (None, {"pooled"})])
def test_all_ways_of_looking_stand_beside_the_gap_that_leads(make, extra):
    frame = make(np.random.default_rng(1)).assign(organisation="only") if make else pulled_apart()
    checks = study(frame).checks
    assert set(checks["check"]) == {"headline", "same_wave", "by_n", "by_precision", "slope", "adjusted"} | extra
    assert checks["agrees"].notna().sum() == len(checks) - (0 if extra else 1)


def test_a_wave_without_engagement_leaves_that_way_out():
    frame = made_units(np.random.default_rng(1))
    assert "same_wave" not in set(study(frame, same_wave=frame.head(0)).checks["check"])


def test_what_is_not_known_of_units_leaves_the_ways_out_that_need_it():
    frame = made_units(np.random.default_rng(1)).assign(n=np.nan, size=np.nan)
    assert not {"by_n", "adjusted"} & set(study(frame).checks["check"])


def test_outcomes_that_all_units_tell_otherwise_are_named():
    assert study(pulled_apart()).unlike == ["profit"]
    assert study(made_units(np.random.default_rng(1), slope=0.6, n_units=600)).unlike == []
    few = pulled_apart()
    few = few[few["organisation"].str[-1].astype(int).isin([0, 3, 7])]
    assert study(few).unlike == ["profit"] and not study(few).is_within
    assert study(few.assign(organisation="only")).unlike == []


def test_shares_count_the_units_of_the_outer_groups():
    frame = made_units(np.random.default_rng(1), ties=True).assign(organisation="only")
    shares = study(frame).shares("profit")
    top = frame["engagement"] >= frame["engagement"].quantile(0.75)
    assert shares["top_share"] == pytest.approx(top.mean())
    within = study(pulled_apart()).shares("profit")
    assert 0.25 <= within["top_share"] < 0.27 and 0.25 <= within["bottom_share"] < 0.27
    assert np.isnan(study(frame).shares("unknown")["top_share"])


def test_turnover_of_one_group_has_one_rate():
    frame = made_units(np.random.default_rng(1)).assign(outcome="turnover", higher_is_better=False)
    assert study(frame).annual_turnover == pytest.approx(study(frame).turnover_rates.mean())
    assert study(made_units(np.random.default_rng(1))).annual_turnover is None
