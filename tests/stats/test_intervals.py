import numpy as np
import pandas as pd
import pytest
from cases import data, expected
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from helpers.stats.intervals import score_changes, score_intervals
from helpers.stats.nps import nps, nps_interval, nps_se


def score(kind: str, estimate: float, n: float, se: float, **more: object) -> dict:
    row = {"unit_id": "u", "period": "2024", "measure": kind, "kind": kind, "estimate": estimate, "n": n}
    return row | {"n_effective": n, "se": se} | more


def nps_score(counts: tuple, **more: object) -> dict:
    return score("nps", nps(*counts), sum(counts), nps_se(*counts), **more)


def limits(row: dict, conf_level: float = 0.95) -> list[float]:
    return score_intervals(pd.DataFrame([row]), conf_level=conf_level)[["ci_low", "ci_high"]].iloc[0].tolist()


@given(st.tuples(*[st.integers(0, 60)] * 3).filter(lambda counts: sum(counts) > 0))
def test_nps_interval_rebuilt_from_a_score_equals_that_from_counts(counts):
    assert limits(nps_score(counts)) == pytest.approx(list(nps_interval(*counts)), abs=1e-6)


def test_intervals_of_real_answers_equal_r():
    answers, wanted = data("scores")["recommend"], expected("scores")
    p = (answers >= 9).mean()
    assert limits(score("rate", p, 60, np.nan)) == pytest.approx(wanted["rate_95"], rel=1e-8)
    mean = score("mean", answers.mean(), 60, answers.std() / 60**0.5)
    assert limits(mean, 0.9) == pytest.approx(wanted["mean_90"], rel=1e-8)


@pytest.mark.parametrize(("count", "n"), [(0, 12), (12, 12), (3, 10), (250, 400)])
def test_rate_interval_is_wilsons(count, n):
    assert limits(score("rate", count / n, n, 0.0)) == pytest.approx(proportion_confint(count, n, method="wilson"))


def test_weighted_nps_uses_the_effective_n():
    half = nps_score((20, 12, 8)) | {"n": 80, "n_effective": 40}
    assert limits(half) == pytest.approx(limits(nps_score((20, 12, 8))))


def test_nps_with_an_error_no_shares_can_have_falls_back_on_that_error():
    low, high = limits(score("nps", 20.0, 100, 30.0))
    assert (low, high) == pytest.approx((20 - 1.959964 * 30, 20 + 1.959964 * 30), rel=1e-6)


def test_a_value_without_an_error_has_no_interval():
    assert np.isnan(limits(score("value", 3.2, np.nan, np.nan))).all()


def test_a_value_with_an_error_and_no_n_has_a_normal_interval():
    assert limits(score("value", 3.0, np.nan, 1.0)) == pytest.approx([3 - 1.959964, 3 + 1.959964], rel=1e-6)


def test_a_mean_of_equal_answers_cannot_be_judged():
    assert np.isnan(limits(score("mean", 8.0, 5, 0.0))).all()


def test_a_single_answer_gives_no_interval_of_a_mean():
    assert np.isnan(limits(score("mean", 8.0, 1, np.nan))).all()


def test_intervals_keep_rows_index_and_columns_in_place():
    table = pd.DataFrame([nps_score((5, 3, 2)), score("rate", 0.4, 10, np.nan)], index=[7, 7])
    found = score_intervals(table, conf_level=0.9)
    assert list(found.index) == [7, 7]
    assert list(found.columns) == [*table.columns, "ci_low", "ci_high", "conf_level"]
    assert found["ci_low"].iloc[0] == pytest.approx(nps_interval(5, 3, 2, conf_level=0.9)[0])


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match=r"kind must be one of nps, mean, rate, value; found 'share'"):
        score_intervals(pd.DataFrame([score("share", 0.4, 10, 0.1)]))


def test_a_rate_above_one_is_refused():
    with pytest.raises(ValueError, match=r"a rate must lie between 0 and 1; found 1.2"):
        score_intervals(pd.DataFrame([score("rate", 1.2, 10, 0.1)]))


def test_a_missing_column_is_refused():
    with pytest.raises(ValueError, match=r"found none named se"):
        score_intervals(pd.DataFrame([score("rate", 0.2, 10, 0.1)]).drop(columns="se"))


def waves(*years: int) -> pd.DataFrame:
    counts = [(5, 3, 2), (8, 1, 1), (6, 2, 2), (9, 1, 0)]
    rows = [nps_score(one, period=str(year), time=year) for one, year in zip(counts, years, strict=False)]
    return pd.DataFrame(rows)


def test_change_is_against_the_period_before():
    changed = score_changes(waves(2021, 2022))
    assert np.isnan(changed["change"].iloc[0])
    assert changed["change"].iloc[1] == pytest.approx(40)
    assert changed["n_previous"].iloc[1] == 10


def test_a_gap_is_not_a_previous_period():
    changed = score_changes(waves(2018, 2021))
    assert changed[["change", "change_low", "change_high"]].isna().all(axis=None)


def test_ten_promoters_twice_do_not_make_a_certain_change():
    same = pd.DataFrame([nps_score((10, 0, 0), period=str(year), time=year) for year in (2021, 2022)])
    row = score_changes(same).iloc[1]
    assert row["change"] == 0
    assert row["change_low"] < -20 and row["change_high"] > 20


def test_change_of_a_rate_has_newcombes_interval():
    rates = pd.DataFrame(
        [score("rate", k / n, n, np.nan, period=str(t), time=t) for k, n, t in ((8, 30, 1), (15, 40, 2))]
    )
    row = score_changes(rates).iloc[1]
    wanted = confint_proportions_2indep(15, 40, 8, 30, method="newcomb")
    assert (row["change_low"], row["change_high"]) == pytest.approx(wanted)


def test_changes_do_not_depend_on_row_order():
    table = waves(2020, 2021, 2022, 2023)
    shuffled = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(score_changes(shuffled).sort_index(), score_changes(table))


def test_periods_can_be_mapped_to_times():
    table = waves(2021, 2022).drop(columns="time").assign(period=["2021-H2", "2022-H1"])
    changed = score_changes(table, times={"2021-H2": 4043, "2022-H1": 4044})
    assert changed["change"].iloc[1] == pytest.approx(40)


def test_a_period_without_time_is_refused():
    with pytest.raises(ValueError, match=r"times must name every period; found none for '2022'"):
        score_changes(waves(2021, 2022), times={"2021": 1})


def test_changes_need_times():
    with pytest.raises(ValueError, match=r"scores must have a column 'time' when times is not given"):
        score_changes(waves(2021, 2022).drop(columns="time"))


def test_doubled_scores_are_refused():
    with pytest.raises(ValueError, match=r"found 1 doubles"):
        score_changes(waves(2021, 2021))
