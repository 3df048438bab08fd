import numpy as np
import pandas as pd
import pytest

from helpers.stats.verdicts import MIN_DF, effect_in_points, effect_in_sd, gap_verdict, lag_verdict

TINY = 1e-9


def row(term: str, lag: int | None, low: float, high: float, df: float = 20.0, sd_ratio: float = 1.0) -> dict:
    figures = {"estimate": (low + high) / 2, "se": (high - low) / 4, "ci_low": low, "ci_high": high}
    return {"term": term, "lag": lag, "df": df, **figures, **{f"{k}_sd": v * sd_ratio for k, v in figures.items()}}


def profile(low: float, high: float, lead: tuple[float, float] | None = (-0.2, 0.2), **more: float) -> pd.DataFrame:
    rows = [row("lead 1", -1, *lead)] if lead else []
    rows += [row("lag 0", 0, -0.3, 0.3), row("lag 2", 2, low, high, **more), row("cumulative", None, low, high, **more)]
    return pd.DataFrame(rows).astype({"lag": "Int64"})


def judged(forward: pd.DataFrame, **choices: object) -> tuple[str, str]:
    verdict = lag_verdict(forward, **({"lag": 2, "smallest_effect": 0.1} | choices))
    return verdict.verdict, verdict.because


def test_zero_below_the_interval_is_a_yes():
    assert judged(profile(0.2, 0.6)) == ("yes", "zero_excluded")


def test_zero_on_the_limit_is_no_yes():
    assert judged(profile(0.0, 0.6)) == ("cannot_tell", "interval_includes_0")
    assert judged(profile(TINY, 0.6)) == ("yes", "zero_excluded")


def test_an_interval_within_the_smallest_effect_is_a_no():
    assert judged(profile(-0.1, 0.1)) == ("no", "below_smallest")
    assert judged(profile(-0.1, 0.1 + TINY)) == ("cannot_tell", "interval_includes_0")
    assert judged(profile(-0.1 - TINY, 0.1)) == ("cannot_tell", "interval_includes_0")


def test_a_sure_but_small_effect_is_a_no():
    assert judged(profile(0.02, 0.08)) == ("no", "below_smallest")
    assert judged(profile(0.02, 0.12)) == ("yes", "zero_excluded")


def test_an_effect_on_the_wrong_side_is_no_yes():
    assert judged(profile(-0.6, -0.2)) == ("cannot_tell", "wrong_sign")
    assert judged(profile(-0.6, 0.0)) == ("cannot_tell", "interval_includes_0")


def test_a_claimed_fall_is_a_yes_below_zero():
    assert judged(profile(-0.6, -0.2), sign=-1) == ("yes", "zero_excluded")
    assert judged(profile(0.2, 0.6), sign=-1) == ("cannot_tell", "wrong_sign")


def test_a_lead_on_the_claimed_side_blocks_the_yes():
    assert judged(profile(0.2, 0.6, lead=(TINY, 0.4))) == ("cannot_tell", "lead_not_flat")
    assert judged(profile(0.2, 0.6, lead=(0.0, 0.4))) == ("yes", "zero_excluded")
    assert judged(profile(0.2, 0.6, lead=(-0.4, -0.1))) == ("yes", "zero_excluded")


def test_a_lead_is_judged_on_the_side_claimed():
    assert judged(profile(-0.6, -0.2, lead=(-0.4, -TINY)), sign=-1) == ("cannot_tell", "lead_not_flat")


def test_without_a_lead_there_is_no_yes_but_there_can_be_a_no():
    assert judged(profile(0.2, 0.6, lead=None)) == ("cannot_tell", "lead_missing")
    assert judged(profile(-0.05, 0.05, lead=None)) == ("no", "below_smallest")


def test_few_degrees_of_freedom_cannot_tell():
    assert judged(profile(0.2, 0.6, df=MIN_DF - TINY)) == ("cannot_tell", "too_few")
    assert judged(profile(0.2, 0.6, df=MIN_DF)) == ("yes", "zero_excluded")
    few = profile(0.2, 0.6)
    few.loc[0, "df"] = MIN_DF - TINY
    assert judged(few) == ("cannot_tell", "lead_missing")


def test_a_lag_outside_the_set_cannot_tell():
    assert judged(profile(0.2, 0.6), lag=3) == ("cannot_tell", "lag_not_identified")
    assert judged(profile(np.nan, np.nan)) == ("cannot_tell", "lag_not_identified")


def test_the_sum_of_lags_can_be_claimed():
    assert judged(profile(0.2, 0.6), lag="cumulative") == ("yes", "zero_excluded")


def test_the_unit_of_the_smallest_effect_decides_which_interval_is_judged():
    forward = profile(-0.15, 0.15, sd_ratio=0.5)
    assert judged(forward, unit="sd") == ("no", "below_smallest")
    assert judged(forward, unit="points") == ("cannot_tell", "interval_includes_0")


def test_a_verdict_carries_the_row_it_rests_on():
    figures = lag_verdict(profile(0.2, 0.6), lag=2, smallest_effect=0.1).figures
    assert (figures["ci_low"], figures["ci_high"], figures["smallest_effect"]) == (0.2, 0.6, 0.1)


def gap(low: float, high: float, higher: bool = True, scale: str = "sd", df: float = 20.0) -> pd.Series:
    return pd.Series(row("profit", None, low, high, df) | {"scale": scale, "higher_is_better": higher})


def gap_judged(*limits: float, **more: object) -> tuple[str, str]:
    verdict = gap_verdict(gap(*limits, **more), smallest_effect=0.1)
    return verdict.verdict, verdict.because


def test_gap_verdicts_at_every_boundary():
    assert gap_judged(TINY, 0.5) == ("yes", "zero_excluded")
    assert gap_judged(0.0, 0.5) == ("cannot_tell", "interval_includes_0")
    assert gap_judged(-0.1, 0.1) == ("no", "below_smallest")
    assert gap_judged(-0.1, 0.1 + TINY) == ("cannot_tell", "interval_includes_0")
    assert gap_judged(-0.5, -0.2) == ("cannot_tell", "wrong_sign")
    assert gap_judged(0.2, 0.5, df=MIN_DF - TINY) == ("cannot_tell", "too_few")
    assert gap_judged(np.nan, np.nan) == ("cannot_tell", "too_few")


def test_less_turnover_in_the_top_quartile_is_a_yes():
    assert gap_judged(-0.5, -0.2, higher=False) == ("yes", "zero_excluded")
    assert gap_judged(0.2, 0.5, higher=False) == ("cannot_tell", "wrong_sign")


def test_a_gap_in_points_needs_the_raw_row():
    assert gap_verdict(gap(2, 5, scale="raw"), smallest_effect=1, unit="points").verdict == "yes"
    with pytest.raises(ValueError, match=r"gap must be the row of scale 'raw' for unit 'points'; found 'sd'"):
        gap_verdict(gap(2, 5), smallest_effect=1, unit="points")


def test_smallest_effects_turn_between_sd_and_points():
    assert effect_in_sd(0.4, 1.5) == pytest.approx(0.6)
    assert effect_in_points(effect_in_sd(0.4, 1.5), 1.5) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"smallest_effect": 0.0}, r"smallest_effect must be above 0; found 0.0"),
        ({"unit": "percent"}, r"unit must be 'sd' or 'points'; found 'percent'"),
        ({"sign": 2}, r"sign must be 1 or -1; found 2"),
    ],
)
def test_wrong_choices_are_refused(choices, message):
    with pytest.raises(ValueError, match=message):
        judged(profile(0.2, 0.6), **choices)
