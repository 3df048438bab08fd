"""Rule 6: what nearly everybody in a group answered is told in bands only, and no figure beside it undoes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_mask import nps_row

from helpers.release import release
from helpers.release.bands import SIZES, banded_sizes, edge_share, is_uniform, shared_out, size_band
from helpers.stats.intervals import score_changes, score_intervals

FIGURES = ["estimate", "ci_low", "ci_high", "n", "band", "released"]


def units_of(names):
    return pd.DataFrame({"unit_id": names, "name": names, "parent_id": None, "level": "team"})


def gate(rows, min_group=10):
    """Release rows of units that have no parent, each with its interval."""
    frame = score_intervals(pd.DataFrame(rows))
    return release(frame, units_of(frame["unit_id"].unique()), min_group=min_group, disclosure="gate").frame


def compositions(n):
    return [(p, n - p - d, d) for p in range(n + 1) for d in range(n + 1 - p)]


def shown_for(sizes, min_group):
    """What a reader sees of every way in which groups of these sizes can answer."""
    all_counts = [counts for n in sizes for counts in compositions(n)]
    rows = [nps_row(*counts, unit=f"u{place}") for place, counts in enumerate(all_counts)]
    return all_counts, gate(rows, min_group)


def seen(row):
    """Figures as told, to more digits than any page has; nothing at all where the row is hidden."""
    if not row.released:
        return "hidden"
    return (row.band, row.n, *(round(value, 6) for value in (row.estimate, row.ci_low, row.ci_high)))


def consistent(sizes, min_group):
    """Compositions that look the same to a reader, by what they look like."""
    all_counts, frame = shown_for(sizes, min_group)
    looks: dict[object, list[tuple[int, int, int]]] = {}
    for counts, row in zip(all_counts, frame[FIGURES].itertuples(), strict=True):
        looks.setdefault(str(seen(row)), []).append(counts)
    return looks


def pinned(all_counts):
    """Whether each composition has the same category hold all answers, or all but one."""
    return any(all(counts[category] >= sum(counts) - 1 for counts in all_counts) for category in range(3))


@pytest.mark.parametrize("min_group", [5, 10])
def test_no_category_is_pinned_to_all_or_all_but_one(min_group):
    told = consistent(range(10, 41), min_group)
    wrong = {look: counts for look, counts in told.items() if look != "hidden" and pinned(counts)}
    assert not wrong


@pytest.mark.parametrize("n", [10, 100, 1000])
def test_all_but_one_are_in_a_band_where_the_edge_is_reached_exactly(n):
    frame = gate([nps_row(n - 1, 0, 1, "a"), nps_row(1, 0, n - 1, "b")])
    assert frame["band"].tolist() == ["high", "low"]
    assert frame[["ci_low", "ci_high"]].isna().all(axis=None)


@pytest.mark.parametrize("min_group", [5, 10])
def test_no_score_reaches_the_end_of_its_scale(min_group):
    _, frame = shown_for(range(10, 41), min_group)
    shown = frame[frame["released"]]
    assert shown["estimate"].abs().max() < 100
    assert (shown.loc[shown["band"] != "", "estimate"].abs().isin([60, 80, 90])).all()


@given(st.integers(5, 3000), st.integers(5, 15))
def test_one_person_is_never_more_than_a_band(n, min_group):
    if n >= min_group:
        assert edge_share(pd.Series([n]), min_group).iloc[0] >= 1 / n


@settings(max_examples=60, deadline=None)
@given(st.integers(10, 1500), st.data())
def test_no_rate_is_nought_or_one(n, data):
    yes = data.draw(st.sampled_from([0, 1, n - 1, n]) | st.integers(0, n))
    p = yes / n
    row = {"unit_id": "a", "period": "2024", "measure": "repurchase", "kind": "rate", "estimate": p, "n": n}
    frame = gate([row | {"n_effective": n, "se": (p * (1 - p) / n) ** 0.5}])
    assert 0 < frame["estimate"].iloc[0] < 1
    if yes in (0, n):
        assert frame["band"].iloc[0] == ("high" if yes else "low")
        assert frame[["ci_low", "ci_high", "se"]].isna().all(axis=None)


@pytest.mark.parametrize("value", [0.0, 100.0])
def test_a_percentage_of_people_at_its_end_is_a_band(value):
    row = {"unit_id": "a", "period": "2024", "measure": "absent", "kind": "percent", "estimate": value, "n": 40}
    frame = pd.DataFrame([row | {"se": 0.0, "ci_low": value, "ci_high": value, "of_people": True}])
    shown = release(frame, units_of(["a"]), min_group=10, disclosure="gate").frame.iloc[0]
    assert shown["estimate"] == abs(value - 5)
    assert shown["band"] == ("high" if value else "low")


def two_periods(before, now):
    rows = [nps_row(*before, period="2023"), nps_row(*now, period="2024")]
    frame = score_changes(score_intervals(pd.DataFrame(rows)), times={"2023": 0, "2024": 1})
    return release(frame, units_of(["top"]), min_group=10, disclosure="gate").frame.set_index("period")


CHANGE = ["change", "change_low", "change_high", "n_previous"]


def test_interval_error_and_change_of_a_banded_row_are_gone():
    now = two_periods((20, 10, 10), (40, 0, 0)).loc["2024"]
    assert now["band"] == "high" and now["estimate"] == 90
    assert now[["se", "ci_low", "ci_high", "n_effective", *CHANGE]].isna().all()


def test_a_change_from_a_banded_period_is_gone():
    shown = two_periods((40, 0, 0), (20, 10, 10))
    assert shown.loc["2023", "band"] == "high"
    assert shown.loc["2024", "band"] == "" and shown.loc["2024", "estimate"] == 25
    assert shown.loc["2024", CHANGE].isna().all()


def test_a_change_between_two_plain_scores_stays():
    shown = two_periods((24, 10, 6), (20, 10, 10)).loc["2024"]
    assert shown["change"] == pytest.approx(-20)
    assert shown["n_previous"] == 40


def test_numbers_of_answers_below_thirty_are_the_first_of_their_band():
    n = pd.Series([3.0, 5, 9, 10, 14, 15, 19, 20, 29, 30, 31, np.nan])
    assert banded_sizes(n).tolist()[:-1] == [3, 5, 5, 10, 10, 15, 15, 20, 20, 30, 31]
    assert np.isnan(banded_sizes(n).iloc[-1])


@given(st.integers(5, 60))
def test_a_band_of_sizes_holds_the_size(n):
    band = size_band(n)
    told = banded_sizes(pd.Series([float(n)])).iloc[0]
    assert told == (n if band is None else band[0])
    assert band is None or (band[0] <= n <= band[1] and band[1] + 1 in SIZES)


def test_no_released_number_of_answers_lies_inside_a_band():
    _, frame = shown_for(range(10, 41), 10)
    told = frame.loc[frame["released"], "n"]
    assert told[told < SIZES[-1]].isin(SIZES).all()


def test_no_other_column_tells_a_number_of_answers_below_thirty():
    frame = gate([nps_row(10, 9, 4)])
    assert frame["n"].iloc[0] == 20
    assert not frame.drop(columns="n").select_dtypes("number").eq(23).any(axis=None)


def rates(n, invited, **columns):
    row = {"unit_id": "a", "period": "2024", "measure": "response_rate", "kind": "rate", "estimate": n / invited}
    spread = (n / invited * (1 - n / invited) / invited) ** 0.5
    return gate([row | {"n": n, "n_effective": invited, "se": spread} | columns])


@settings(max_examples=60, deadline=None)
@given(st.integers(10, 300), st.integers(0, 200))
def test_response_rates_are_told_in_steps_of_five_percent(n, silent):
    shown = rates(n, n + silent).iloc[0]
    told = shown[["estimate", "ci_low", "ci_high"]].dropna().astype(float)
    if shown["band"] == "":
        assert np.allclose(told * 20, np.rint(told.to_numpy() * 20))
    assert 0 < shown["estimate"] < 1


def test_a_change_of_the_response_rate_of_a_small_group_is_gone():
    shown = rates(20, 31, change=0.0123, change_low=-0.1, change_high=0.1, n_previous=40)
    assert shown[CHANGE[:3]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("counts", "uniform"), [((0, 10, 0), True), ((1, 9, 0), True), ((0, 9, 1), True), ((5, 0, 5), False)]
)
def test_a_score_of_nought_is_uniform_only_when_nobody_is_at_the_ends(counts, uniform):
    row = pd.DataFrame([nps_row(*counts)])
    assert is_uniform(row).tolist() == [uniform]


counted = st.lists(st.integers(0, 40), min_size=2, max_size=7).filter(lambda counts: sum(counts) >= 10)


@given(counted, st.integers(5, 10))
def test_each_share_told_is_empty_or_of_enough_people(counts, min_group):
    n = sum(counts)
    told = shared_out(np.array(counts) / n, n, min_group)
    assert told.sum() == pytest.approx(1)
    if max(counts) < n:
        assert ((told == 0) == (np.array(counts) == 0)).all()
    few = np.array([0 < count < min_group for count in counts])
    together = np.array(counts)[few].sum()
    kept = ~few & (np.arange(len(counts)) != np.argmax(np.where(few, -1, counts)))
    if few.any():
        # Of the few all have one share: their mean, or half a group among them, however few they are.
        expected = together if together >= min_group else min_group / 2
        assert told[few] * n == pytest.approx(np.full(few.sum(), expected / few.sum()))
    if max(counts) < n:
        assert told[kept] * n == pytest.approx(np.array(counts)[kept])


def test_a_category_that_all_chose_shares_with_the_one_beside_it():
    assert shared_out(np.array([0.0, 0, 1]), 40, 10).tolist() == [0, 0.125, 0.875]
    assert shared_out(np.array([1.0, 0, 0]), 40, 10).tolist() == [0.875, 0.125, 0]
    for few in range(1, 10):
        assert shared_out(np.array([40 - few, few, 0]) / 40, 40, 10).tolist() == [0.875, 0.125, 0]


@pytest.mark.parametrize("n", [10, 25, 40])
def test_no_distribution_pins_a_category_to_all_or_all_but_one(n):
    looks: dict[tuple[float, ...], list[tuple[int, int, int]]] = {}
    for counts in compositions(n):
        looks.setdefault(tuple(shared_out(np.array(counts) / n, n, 10).round(9)), []).append(counts)
    assert not [counts for counts in looks.values() if pinned(counts)]


def distribution(shares, n=40.0):
    categories = [str(place) for place in range(len(shares))]
    rows = {"unit_id": "a", "period": "2024", "measure": "q1", "kind": "rate", "category": categories}
    frame = pd.DataFrame(rows).assign(estimate=shares, n=n)
    return release(frame, units_of(["a"]), min_group=10, disclosure="gate").frame


def test_small_categories_of_a_distribution_have_their_mean_share_or_that_of_half_a_group():
    assert distribution([0.5, 0.2, 0.2, 0.1])["estimate"].tolist() == pytest.approx([0.5, 1 / 6, 1 / 6, 1 / 6])
    assert distribution([0.5, 0.3, 0.15, 0.05])["estimate"].tolist() == pytest.approx([0.575, 0.3, 0.0625, 0.0625])


@pytest.mark.parametrize(
    "counts",
    [(20, 20, 0), (20, 12, 8), (38, 2, 0), (13, 13, 14)],
)
def test_shares_of_a_distribution_still_add_up_to_one(counts):
    assert distribution(np.array(counts) / 40)["estimate"].sum() == pytest.approx(1)


@pytest.mark.parametrize("counts", [(40, 0, 0), (39, 1, 0), (0, 1, 39)])
def test_a_distribution_does_not_tell_that_all_or_all_but_one_chose_the_same(counts):
    told = distribution(np.array(counts) / 40)["estimate"].dropna()
    assert told.max() == pytest.approx(0.875)
