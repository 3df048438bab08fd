"""What is told of a gap must not belie its verdict, and figures that cannot be given bring no others along."""

import pandas as pd
from made_up import gap, not_estimated

from helpers.display.quartile_tables import checks_table, editions_table, halves_table
from helpers.display.wording import Words, quartile_answers

EN = Words("en")
EDITIONS = pd.DataFrame([{"year": 2016, "outcome": "profit", "value": 21.0, "source": "a text"}])


def told(percent, sd):
    gaps = pd.DataFrame([gap("profit", *percent), gap("profit", *sd, scale="sd")])
    return quartile_answers.told_gap(gaps, "profit")["scale"]


def test_percent_is_told_where_it_agrees_with_standard_deviations_about_zero():
    assert told((30, 4, 64), (0.4, 0.1, 0.7)) == "percent"
    assert told((30, -4, 64), (0.4, -0.1, 0.9)) == "percent"
    assert told((-30, -64, -4), (-0.4, -0.7, -0.1)) == "percent"


def test_percent_whose_interval_holds_zero_does_not_stand_beside_a_yes():
    assert told((30, -4, 64), (0.4, 0.1, 0.7)) == "sd"
    assert told((30, 4, 64), (0.4, -0.1, 0.9)) == "sd"


def test_editions_stand_only_beside_gaps_that_can_be_given():
    groups = pd.DataFrame(columns=["group"])
    table = editions_table(pd.DataFrame([gap()]), groups, EDITIONS, EN, threshold=40.0)
    assert "+21%" in table.html and "2016" in table.html
    missing = pd.DataFrame([not_estimated(gap())])
    assert editions_table(missing, groups, EDITIONS, EN, threshold=40.0) is None


def test_tables_turn_outcomes_of_which_less_is_better_and_name_them_so():
    row = gap("absence", -0.86, -1.2, -0.5, scale="sd")
    gaps = pd.DataFrame([{**row, "higher_is_better": False, "check": "headline", "verdict": "yes"}])
    for folded in (checks_table(gaps, EN, outcomes=["absence"]), halves_table(gaps, gaps, EN)):
        html = folded.table.html
        assert "Absence (less is better)" in html and "+0.86" in html and "−0.86" not in html
        assert html.index("+0.50") < html.index("+1.20")
