"""A small look at the score targets that `make validate` measures thoroughly."""

import pytest
from score_tables import all_met, score_report
from score_targets import LEAST, grid_coverage, sampled_coverage


@pytest.fixture(scope="module")
def grid():
    return grid_coverage()


@pytest.fixture(scope="module")
def sampled():
    return sampled_coverage(20)


def test_the_adjusted_wald_interval_holds_from_twenty_answers_on(grid):
    assert len(grid) == 15 and (grid[[20, 50, 100]] >= LEAST).all(axis=None)
    assert 0.89 < grid[10].min() < 0.92


def test_intervals_made_for_teams_or_weights_hold_and_naive_ones_do_not(sampled):
    found = sampled.set_index("interval")["coverage"]
    assert (found[sampled.set_index("interval")["met"].notna()] >= 0.75).all()
    assert found["the same without weights"] < 0.9


def test_a_miss_is_told(grid, sampled):
    held = sampled.assign(met=[None if row is None else True for row in sampled["met"]])
    assert all_met(grid, held)
    missed = held.copy()
    missed.loc[0, "met"] = False
    low = grid.copy()
    low.loc[2, 50] = 0.9
    assert not all_met(grid, missed) and not all_met(low, held)
    text = score_report(low, missed, minutes=1.0)
    assert "**0.900**" in text and "| **no** |" in text and "| reported |" in text
