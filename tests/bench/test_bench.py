"""A small look at what `make bench` measures at full size; nothing here is timed."""

import numpy as np
import pytest
from quartile_bootstrap import made_units, ours, peak_mb, plain

from bench import Case, row

CASE = Case(230, 1, plain_draws=200)


def runs(seconds: float, se: float) -> list[dict]:
    return [{"seconds": seconds, "peak_mb": 100, "se": [se]}]


@pytest.mark.parametrize("n_clusters", [40, 400])
def test_ours_and_the_plain_loop_find_the_same_standard_errors(n_clusters):
    units = made_units(400, n_clusters, 2)
    found, wanted = (way(units, 400, np.random.default_rng(seed)) for seed, way in enumerate((ours, plain)))
    assert found == pytest.approx(wanted, rel=4 * (2 / (2 * 400)) ** 0.5)


def test_each_outcome_lacks_other_units():
    units = made_units(400, 40, 2)
    kept = units.groupby("outcome")["entity"].agg(set)
    assert len(units) == 760
    assert kept.iloc[0] != kept.iloc[1]


def test_the_plain_loop_is_scaled_to_all_draws():
    text, _ = row(CASE, runs(0.5, 1), runs(2, 1))
    assert "| 0.50 | 20.0 | 200 | 40 |" in text


def test_errors_apart_by_more_than_chance_are_told():
    text, agree = row(CASE, runs(1, 1.0), runs(1, 1.5))
    assert "| −33.3 % | NO (±21 %) |" in text
    assert not agree
    assert row(CASE, runs(1, 1.0), runs(1, 1.1))[1]


def test_peak_memory_is_in_mb():
    assert 50 < peak_mb() < 10_000
