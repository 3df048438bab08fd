"""The page on quarters of units: truth comes back from made-up data, and what misleads is said."""

import re

import numpy as np
import pandas as pd
import pytest
from test_reports import check_page, words_of

from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import load_sector, make_sector
from helpers.datasets.panels import quartile_frames
from helpers.stats.organisation_gaps import median_gaps, organisation_gaps
from helpers.stats.quartiles import quartile_gaps
from helpers.stats.verdicts import gap_verdicts
from running import made_once

GAP = "02_gallup_quartiles"
SECTOR_SCALE = 0.1


@pytest.fixture(scope="session")
def sector(tmp_path_factory):
    return made_once(
        tmp_path_factory, "demo-sector", lambda folder: make_sector(folder, load_sector(), seed=3, scale=SECTOR_SCALE)
    )


def expected_units(folder, frame):
    """The units of a frame with the outcomes that were expected of them, without their noise."""
    truth = pd.read_parquet(folder / "truth" / "expected.parquet")
    truth = truth.rename(columns={"unit_id": "entity", "measure": "outcome"})
    known = frame.merge(truth, on=["entity", "period", "outcome"], validate="one_to_one")
    return known.assign(value=known["expected"]).drop(columns="expected")


def beside_truth(gaps, truth):
    """Raw gaps beside the true ones, and whether those lie inside."""
    both = gaps.merge(truth[["outcome", "scale", "estimate"]], on=["outcome", "scale"], suffixes=("", "_true"))
    rows = both[both["scale"] == "raw"].set_index("outcome")
    is_clear = (rows["ci_low"] > 0) | (rows["ci_high"] < 0)
    return rows.assign(inside=rows["estimate_true"].between(rows["ci_low"], rows["ci_high"]), is_clear=is_clear)


def test_the_truth_of_the_company_lies_inside_and_zero_outside(demo):
    frame, _ = quartile_frames(open_dataset(demo))
    gaps = quartile_gaps(frame, rng=np.random.default_rng(1), n_boot=499)
    truth = quartile_gaps(expected_units(demo, frame), rng=np.random.default_rng(1), n_boot=2)
    rows = beside_truth(gaps, truth)
    assert len(rows) == 8 and rows["inside"].all(), rows[["estimate", "ci_low", "ci_high", "estimate_true"]]
    assert rows.loc[["profit", "productivity", "absence", "defects", "accidents"], "is_clear"].all()


def test_the_truth_of_the_median_organisation_lies_inside_and_zero_outside(sector):
    waves = [quartile_frames(open_dataset(sector), period=period)[0] for period in ("2023", "2024")]
    rows = pd.concat(
        beside_truth(*(median_gaps(organisation_gaps(units)) for units in (frame, expected_units(sector, frame))))
        for frame in waves
    )
    # Of 16 intervals at 95 % fewer than 14 hold the truth in one of 20 sectors.
    assert len(rows) == 16 and rows["inside"].sum() >= 14, rows[["estimate", "ci_low", "ci_high", "estimate_true"]]
    assert rows.loc[["absence", "accidents", "shrinkage"], "is_clear"].all()


def test_the_company_without_effect_gets_a_yes_no_oftener_than_the_level_allows(demo_null):
    data = open_dataset(demo_null)
    years = [quartile_frames(data, period=str(year))[0] for year in range(2012, 2025)]
    tables = [quartile_gaps(frame, rng=np.random.default_rng(1), n_boot=199) for frame in years]
    judged = pd.concat(gap_verdicts(table, smallest_effect=0.1) for table in tables)
    verdicts = judged.loc[judged["scale"] == "sd", "verdict"]
    # One in 40 is expected; outcomes of one wave share the luck of its ranking, so twice that is still no alarm.
    assert len(verdicts) == 117 and (verdicts == "yes").mean() <= 0.05


def test_the_page_of_the_company_without_effect_says_that_it_cannot_tell(demo_null, page):
    state, text = page(demo_null, GAP)
    answer = words_of(text).split("Each outcome is judged by itself")[0]
    assert state == "done" and answer.count("Cannot tell.") >= 2 and answer.count("Yes.") <= 1


def test_the_sector_is_led_by_the_gap_within_organisations(sector, page):
    state, text = page(sector, GAP, language="en")
    check_page(text, "en")
    said = words_of(text)
    assert state == "done"
    assert re.search(r"In the median of 60 organisations, the top quarter on engagement has \d+% more profit", said)
    assert "Units are compared within each of 60 organisations, as Gallup does" in said
    assert "The answers above compare units within each organisation" in said
    assert "by outcome: the median of 60 organisations." in said
    assert "Here all units stand together." in said


def test_the_sector_tells_high_turnover_apart_with_the_figures_that_go_with_it(sector, page):
    said = words_of(page(sector, GAP, language="en")[1])
    found = re.search(
        r"More than 40% of staff leave in a year in (\d+) of the organisations, and at most that in (\d+)", said
    )
    assert sum(map(int, found.groups())) == 60
    assert re.search(r"at most 40% leave in a year \(less is better\) .{0,40}−65% −59% −43% −51%", said)
    assert re.search(r"more than 40% leave in a year \(less is better\) .{0,40}−25% −24% −18% −21%", said)


def test_the_company_has_one_turnover_and_all_editions(demo, page):
    said = words_of(page(demo, GAP)[1])
    assert "Of the staff here at most 40% leave in a year" in said
    assert "There is one organisation here, so the median gap is the gap above." in said
    assert re.search(r"Absence \(less is better\) .{0,40}−37% −41% −81% −78%", said)
    assert "zidiwork.com" in said
    assert "Beside repeat purchase stands what Gallup found for customer loyalty" in said


def test_better_lies_to_the_right_whichever_way_the_outcome_runs(demo, page):
    _, text = page(demo, GAP)
    chart = text.split("</figure>")[0]
    table = re.findall(r'<th scope="row">([^<]*)</th><td[^>]*>([^<]*)</td>', chart)
    gaps = dict(table)
    assert gaps["Staff turnover (less is better)"].startswith("+") and gaps["Profit"].startswith("+")
    assert "Staff turnover (less is better)" in gaps and "have less staff turnover" not in chart


def test_luck_is_shown_on_the_units_themselves(demo, page):
    said = words_of(page(demo, GAP)[1])
    lost = re.search(r"So (\d+)% of the gap has gone by 2024 \(95% interval (\d+)% to (\d+)%\)", said)
    assert lost and 20 < int(lost[1]) < 80
    assert "So the score of all of them has a reliability of" in said
    own, others = re.search(
        r"also give eNPS, the gap in it is \+(\d+) points .{0,40} Where their colleagues give it, the gap is \+(\d+)",
        said,
    ).groups()
    assert int(own) > int(others) > 0
    assert "Here units are ranked on the wave of the outcomes" in said
    assert "Here all units stand together" not in said


def test_what_is_folded_turns_the_outcomes_as_the_chart_does(demo, page):
    folded = page(demo, GAP)[1].split("All ways of looking, by outcome</summary>")[1]
    rows = [words_of(row).strip() for row in re.findall(r"<tr>.*?</tr>", folded, re.DOTALL)]
    absent = [row for row in rows if row.startswith("Absence")]
    assert len(absent) > 2 and all(re.match(r"Absence \(less is better\) .* \+\d", row) for row in absent)


def test_chicago_names_what_is_of_another_year_and_what_it_cannot_do(chicago, page):
    said = words_of(page(chicago, GAP)[1])
    assert "Parent climate: the latest figures are of 2018, with quarters on teacher climate of 2017." in said
    assert re.search(r"Many units share a score, so the top group holds 3\d% of them and the bottom group 4\d%", said)
    assert "“quarter” on this page means these larger groups" in said
    assert "This needs the table employee_answers, which the dataset chicago does not have." in said
    assert "Gallup published no percentage for these outcomes." in said
    assert "Not possible with the figures of these units: units counted by their answers" in said


def test_an_outcome_that_was_never_measured_is_named(demo, page):
    state, text = page(demo, GAP, parameters={"outcomes": "profit wish_to_leave"})
    assert state == "done"
    assert "Not compared, because these units have no figures" in words_of(text)
    assert "the wish to leave beside engagement" in words_of(text) or "wish to leave beside" in words_of(text)
