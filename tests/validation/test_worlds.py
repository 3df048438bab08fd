"""A small look at what `make validate` looks at thoroughly: the verdicts follow the truth."""

from pathlib import Path

import pytest
from tables import coverage_table, report, verdict_table
from worlds import look

from helpers.datasets.demo import load_truth

pytestmark = pytest.mark.slow

TRUTHS = Path(__file__).parent / "truths"
SEED, SCALE = 3, 0.2


def verdicts(truth):
    found = look("world", truth, SEED, SCALE)
    return found[found["quantity"] != "repurchase gap, percent"].set_index("quantity")["verdict"]


def test_a_lag_of_two_years_and_better_teams_are_found_where_they_are_true():
    found = verdicts(load_truth("demo"))
    assert found["lag 2"] == "yes" and found["productivity gap, raw"] == "yes"


@pytest.mark.parametrize("name", ["late", "opposite"])
def test_two_years_are_not_found_where_customers_follow_earlier_or_the_other_way(name):
    found = verdicts(load_truth(file=TRUTHS / f"{name}.toml"))
    assert found["lag 2"] != "yes"
    assert (found["productivity gap, raw"] == "yes") == (name == "late")


def test_the_tables_tell_a_truth_that_is_missed():
    found = look("demo", load_truth("demo"), SEED, SCALE)
    far_off = coverage_table(found, {"demo": 9.0, "demo-null": 0.0}).set_index("quantity").loc["lag 2"]
    assert far_off["covered"] == 0 and not far_off["met"]
    claimed = verdict_table(found.assign(world="demo-null", verdict="yes"))
    assert not claimed["met"].any()
    text = report(coverage_table(found, {"demo": 0.4}), claimed, seeds=1, scale=SCALE, minutes=0.1)
    assert "| demo-null | lag 2 | 1 | 100.0% | 0.0% | 0.0% | not yes | no |" in text
