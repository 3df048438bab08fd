import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from textbook import quartile_contrast

from helpers.stats import quartile_draws
from helpers.stats.quartile_draws import Units, cluster_draws, contrasts, sorted_units

# Few different values make ties, and quartiles that cannot be told apart.
ENGAGEMENT = st.integers(1, 30).flatmap(
    lambda most: arrays.arrays(np.int64, st.integers(8, 60), elements=st.integers(1, most))
)


def units_of(engagement: np.ndarray, cluster: np.ndarray, rng: np.random.Generator) -> Units:
    n = len(engagement)
    return sorted_units(engagement, rng.normal(50, 9, n), rng.integers(1, 40, n).astype(float), cluster)


def plain_loop(units: Units, copies: np.ndarray) -> pd.DataFrame:
    """One row per draw: the units are copied and the contrast is taken by the book."""
    frame = pd.DataFrame(vars(units))
    rows = [np.repeat(np.arange(len(frame)), drawn[units.cluster]) for drawn in copies]
    return pd.DataFrame([quartile_contrast(frame.iloc[drawn]) for drawn in rows])


def assert_plain(units: Units, copies: np.ndarray) -> None:
    wanted = plain_loop(units, copies)
    found = pd.DataFrame(contrasts(units, copies))[wanted.columns]
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-10, check_dtype=False)


@settings(max_examples=60, deadline=None)
@given(ENGAGEMENT, st.integers(2, 60), st.integers(0, 10**6))
def test_every_draw_equals_a_plain_pandas_loop(engagement, n_clusters, seed):
    rng = np.random.default_rng(seed)
    # Squared, so that a few clusters hold most units.
    cluster = (rng.random(len(engagement)) ** 2 * n_clusters).astype(int)
    units = units_of(engagement / 10, cluster, rng)
    copies = cluster_draws(int(units.cluster.max()) + 1, 12, rng)
    assert_plain(units, copies[copies @ np.bincount(units.cluster) >= 4])


def test_units_that_are_their_own_clusters_equal_a_plain_pandas_loop():
    rng = np.random.default_rng(1)
    units = units_of(rng.normal(size=1000).round(2), np.arange(1000), rng)
    assert_plain(units, cluster_draws(1000, 20, rng))


def test_a_cluster_never_drawn_may_lie_between_the_two_ranks_of_a_cut():
    engagement = np.arange(364.0)
    cluster = (engagement > 40) & (engagement < 241)
    units = units_of(engagement, cluster, np.random.default_rng(2))
    copies = np.array([[1, 0], [2, 0], [3, 0]])
    assert contrasts(units, copies)["p25"].tolist() == [40 + 0.75 * 201] * 3
    assert_plain(units, copies)


def test_equal_quartiles_have_sizes_and_no_means():
    engagement = np.array([1.0, 2, 2, 2, 2, 2, 2, 3])
    units = sorted_units(engagement, np.arange(8.0), np.ones(8), np.arange(8))
    found = contrasts(units, np.ones((1, 8), int))
    assert (found["p25"][0], found["p75"][0], found["n_bottom"][0], found["n_top"][0]) == (2, 2, 7, 7)
    assert np.isnan([found["mean_bottom"][0], found["mean_top"][0]]).all()


@pytest.mark.parametrize("n_clusters", [10, 1000])
def test_blocks_of_draws_do_not_change_the_answer(n_clusters, monkeypatch):
    rng = np.random.default_rng(3)
    units = units_of(rng.normal(size=1000), np.arange(1000) % n_clusters, rng)
    copies = cluster_draws(n_clusters, 30, rng)
    whole = contrasts(units, copies)
    monkeypatch.setattr(quartile_draws, "BLOCK_SIZE", 4000)
    for name, values in contrasts(units, copies).items():
        np.testing.assert_allclose(values, whole[name], rtol=1e-12)


@pytest.mark.parametrize("n_clusters", [5, 20_000])
def test_draws_follow_from_the_seed_whatever_comes_after(n_clusters):
    first, more = (cluster_draws(n_clusters, n_draws, np.random.default_rng(6)) for n_draws in (3, 7))
    np.testing.assert_array_equal(first, more[:3])
    assert (more.sum(axis=1) == n_clusters).all()


def test_many_clusters_are_copied_as_often_as_in_a_multinomial():
    copies = cluster_draws(20_000, 50, np.random.default_rng(7))
    shares = np.bincount(copies.ravel(), minlength=5)[:5] / copies.size
    poisson = np.exp(-1) / np.array([1, 1, 2, 6, 24])
    assert shares == pytest.approx(poisson, abs=0.002)


def test_weights_count_in_the_means_and_not_in_the_cuts():
    engagement, value = np.arange(8.0), np.array([1.0, 3, 0, 0, 0, 0, 10, 20])
    weight = np.array([1.0, 3, 1, 1, 1, 1, 9, 1])
    found = contrasts(sorted_units(engagement, value, weight, np.arange(8)), np.ones((1, 8), int))
    assert (found["p25"][0], found["p75"][0]) == (1.75, 5.25)
    assert (found["mean_bottom"][0], found["mean_top"][0]) == (2.5, 11.0)


def test_units_are_sorted_alike_whatever_their_order_and_cluster_names():
    rng = np.random.default_rng(4)
    engagement, value, cluster = rng.integers(1, 9, 40) / 2, rng.normal(size=40), rng.integers(0, 6, 40)
    order = rng.permutation(40)
    first = sorted_units(engagement, value, np.ones(40), cluster)
    names = np.array(list("fedcba"))[cluster]
    second = sorted_units(engagement[order], value[order], np.ones(40), names[order])
    for name in ("engagement", "value", "cluster"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_units_without_a_cluster_share_one():
    cluster = np.array(["a", None, "b", None], dtype=object)
    units = sorted_units(np.arange(4.0), np.zeros(4), np.ones(4), cluster)
    assert units.cluster.tolist() == [0, 1, 2, 1]
