import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from textbook import quartile_contrast

from helpers.stats import quartile_draws
from helpers.stats.quartile_draws import cluster_draws, contrasts, sorted_units


def units_of(engagement: np.ndarray, cluster: np.ndarray, rng: np.random.Generator):
    return sorted_units(engagement, rng.normal(50, 9, len(engagement)), np.ones(len(engagement)), cluster)


@settings(max_examples=40)
@given(arrays.arrays(np.int64, st.integers(8, 60), elements=st.integers(1, 30)), st.integers(0, 10**6))
def test_every_draw_equals_the_textbook_on_the_copied_units(engagement, seed):
    rng = np.random.default_rng(seed)
    units = units_of(engagement / 10, rng.integers(0, 5, len(engagement)), rng)
    copies = cluster_draws(int(units.cluster.max()) + 1, 12, rng)
    found = contrasts(units, copies)
    for draw, drawn in enumerate(copies):
        rows = np.repeat(np.arange(len(engagement)), drawn[units.cluster])
        if len(rows) < 4:
            continue
        wanted = quartile_contrast(units.engagement[rows], units.value[rows])
        if wanted["p25"] == wanted["p75"]:
            assert np.isnan(found["mean_top"][draw])
        else:
            assert {name: found[name][draw] for name in wanted} == pytest.approx(wanted)


def test_blocks_of_draws_do_not_change_the_answer(monkeypatch):
    rng = np.random.default_rng(3)
    units = units_of(rng.normal(size=50), rng.integers(0, 10, 50), rng)
    copies = cluster_draws(10, 30, rng)
    whole = contrasts(units, copies)
    monkeypatch.setattr(quartile_draws, "BLOCK_CELLS", 200)
    for name, values in contrasts(units, copies).items():
        np.testing.assert_allclose(values, whole[name], rtol=1e-12)


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


def test_gallup_sized_draws_take_seconds_not_minutes():
    rng = np.random.default_rng(5)
    units = units_of(rng.normal(size=82_248), rng.integers(0, 230, 82_248), rng)
    start = time.process_time()
    contrasts(units, cluster_draws(230, 200, rng))
    assert time.process_time() - start < 2
