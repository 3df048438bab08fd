import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected, outside, outside_folder
from hypothesis import given
from hypothesis import strategies as st

from helpers.stats.nps import adjusted_wald, nps, nps_difference, nps_interval, nps_se, square_and_add

COUNT = st.integers(0, 500)
COUNTS = st.tuples(COUNT, COUNT, COUNT).filter(lambda counts: sum(counts) > 0)


def counted(scores: pd.Series) -> tuple[int, int, int]:
    return int((scores >= 9).sum()), int(scores.between(7, 8).sum()), int((scores <= 6).sum())


def test_nps_of_five_promoters_two_detractors_in_ten_is_thirty():
    assert nps(5, 3, 2) == pytest.approx(30)


def test_plug_in_error_follows_the_formula_by_hand():
    assert nps_se(5, 3, 2) == pytest.approx(100 * (0.61 / 10) ** 0.5)


def test_scores_of_real_answers_equal_r():
    counts, wanted = counted(data("scores")["recommend"]), expected("scores")
    found = {"nps": nps(*counts), "se_plug_in": nps_se(*counts), "se_sample": nps_se(*counts, ddof=1)}
    assert_close(found | {"nps_95": list(nps_interval(*counts))}, wanted)
    assert_close({"nps_80": list(nps_interval(*counts, conf_level=0.8))}, wanted)


def test_scores_equal_the_outside_reference():
    answers, wanted = outside("nps_ci_simple")
    groups = {name: counted(rows["score"]) for name, rows in answers.groupby("group")}
    for name, counts in groups.items():
        found = {"nps": nps(*counts), "se_n1": nps_se(*counts, ddof=1)}
        assert_close(found, wanted[name])
        assert list(nps_interval(*counts)) == pytest.approx(wanted[name]["adjusted_wald"]["ci"], rel=1e-8)
    assert nps_se(*groups["A"]) == pytest.approx(wanted["A"]["se_n"], rel=1e-8)
    difference = nps_difference(groups["A"], groups["B"]).iloc[0]
    assert difference["estimate"] == pytest.approx(wanted["difference"]["est"], rel=1e-8)
    assert difference["se"] == pytest.approx(wanted["difference"]["se"], rel=1e-8)


def test_published_vectors_are_reproduced():
    rows = pd.read_csv(outside_folder("published") / "nps_ci_test_vectors.csv")
    counts = rows["promoters"], rows["passives"], rows["detractors"]
    low, high = nps_interval(*counts)
    found = pd.DataFrame({"nps": nps(*counts), "se": nps_se(*counts), "aw_lo": low, "aw_hi": high})
    pd.testing.assert_frame_equal(found, rows[list(found)], atol=1e-6, rtol=0)


@given(COUNTS)
def test_nps_lies_between_minus_and_plus_hundred(counts):
    assert -100 <= nps(*counts) <= 100


@given(COUNTS)
def test_swapping_promoters_and_detractors_turns_the_sign(counts):
    promoters, passives, detractors = counts
    low, high = nps_interval(promoters, passives, detractors)
    assert nps_interval(detractors, passives, promoters) == pytest.approx((-high, -low))


@given(COUNTS)
def test_interval_holds_the_score_and_is_never_of_zero_width(counts):
    low, high = nps_interval(*counts)
    assert low < nps(*counts) < high


def test_limits_beyond_hundred_are_not_clipped():
    assert nps_interval(10, 0, 0)[1] > 100


def test_all_promoters_are_not_certain():
    assert nps_se(10, 0, 0) == 0
    low, high = nps_interval(10, 0, 0)
    assert high - low > 50


def test_no_answers_give_nan():
    assert np.isnan(nps(0, 0, 0))
    assert np.isnan(nps_interval(0, 0, 0)).all()


def test_series_keep_their_index_and_equal_single_values():
    counts = [pd.Series(values, index=["b", "a", "c"]) for values in ([5, 0, 6], [3, 0, 1], [2, 0, 0])]
    scores = nps(*counts)
    assert list(scores.index) == ["b", "a", "c"]
    assert scores["b"] == pytest.approx(30)
    assert np.isnan(scores["a"])
    assert nps_interval(*counts)[0]["c"] == pytest.approx(nps_interval(6, 1, 0)[0])


def test_interval_from_shares_equals_interval_from_counts():
    assert adjusted_wald(0.5, 0.2, 10) == pytest.approx(nps_interval(5, 3, 2))


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match=r"counts must be 0 or more; found -1"):
        nps(3, -1, 2)


def test_percent_as_level_is_refused():
    with pytest.raises(ValueError, match=r"conf_level must lie between 0 and 1; found 95"):
        nps_interval(5, 3, 2, conf_level=95)


def test_difference_of_a_group_with_itself_is_symmetric_about_zero():
    row = nps_difference((6, 3, 1), (6, 3, 1)).iloc[0]
    assert row["estimate"] == 0
    assert row["ci_low"] == pytest.approx(-row["ci_high"])


def test_difference_keeps_the_index_of_the_units():
    counts = tuple(pd.Series(values, index=["u", "v"]) for values in ([5, 6], [3, 3], [2, 1]))
    assert list(nps_difference(counts, counts).index) == ["u", "v"]


def test_square_and_add_by_hand():
    assert square_and_add(5.0, (2.0, 9.0), 1.0, (-3.0, 4.0)) == pytest.approx((4 - 18**0.5, 4 + 32**0.5))


def coverage(n_first: int, n_second: int, first: tuple, second: tuple) -> float:
    """Exact coverage of the interval of a difference, over all outcomes of two trinomials."""
    from scipy.stats import multinomial

    outcomes = [
        np.array([(a, n - a - b, b) for a in range(n + 1) for b in range(n + 1 - a)]) for n in (n_first, n_second)
    ]
    chances = [
        multinomial.pmf(table, n, p) for table, n, p in zip(outcomes, (n_first, n_second), (first, second), strict=True)
    ]
    one, two = np.repeat(outcomes[0], len(outcomes[1]), axis=0), np.tile(outcomes[1], (len(outcomes[0]), 1))
    table = nps_difference(tuple(one.T), tuple(two.T))
    truth = 100 * ((first[0] - first[2]) - (second[0] - second[2]))
    return float(np.outer(*chances).ravel()[table["ci_low"].le(truth) & table["ci_high"].ge(truth)].sum())


@pytest.mark.parametrize("first", [(0.6, 0.35, 0.05), (0.2, 0.4, 0.4)])
@pytest.mark.parametrize("second", [(0.4, 0.2, 0.4), (0.05, 0.9, 0.05)])
def test_interval_of_a_difference_covers_with_ten_answers(first, second):
    assert 0.925 <= coverage(10, 20, first, second) <= 0.99


@pytest.mark.parametrize("shares", [(0.6, 0.2, 0.2), (0.2, 0.6, 0.2), (0.4, 0.2, 0.4), (0.05, 0.9, 0.05)])
@pytest.mark.parametrize("n", [20, 50, 100])
def test_adjusted_wald_covers_from_twenty_answers_on(shares, n):
    from scipy.stats import multinomial

    table = np.array([(a, n - a - b, b) for a in range(n + 1) for b in range(n + 1 - a)])
    low, high = nps_interval(*table.T)
    truth = 100 * (shares[0] - shares[2])
    assert multinomial.pmf(table, n, shares)[(low <= truth) & (truth <= high)].sum() >= 0.93
