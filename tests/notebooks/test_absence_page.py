"""What the page on absence and leaving says of made-up data, of a unit, and of what is missing."""

import re

import pandas as pd
import pytest
from test_reports import check_page, words_of

from helpers.datasets.dataset import open_dataset
from running import made_once

ABSENCE = "09_absence_and_exits"
SETTINGS = """title = "Courier"
language = "en"
synthetic = true
source = "made up in a test, after the records of a courier firm"
licence = "none"
periods_per_year = 1
[measures]
employee = "enps"
customer = "nps"
engagement = "engagement"
outcomes = ["absence"]
[levels]
panel = "organisation"
quartile = "organisation"
report = "organisation"
[smallest_effect]
value = 0.1
unit = "sd"
[tables]
units = "units.csv"
absence = "absence.csv"
"""


def section(text: str, heading: str) -> str:
    return words_of(text.split(f"{heading}</h")[1].split("<h2")[0])


@pytest.fixture(scope="module")
def courier(tmp_path_factory):
    """36 people of one unit with absence alone: no survey, no employments."""

    def make(folder):
        folder.mkdir()
        (folder / "dataset.toml").write_text(SETTINGS)
        (folder / "units.csv").write_text("unit_id,name,parent_id,level\nc,Courier,,organisation\n")
        row = {"unit_id": "c", "period": "2010", "headcount": 36, "n_spells": 696}
        row |= {"days": 640.5, "days_largest": 60.25, "days_second": 59.5}
        begun = {"unit_id": "c", "period": "2011", "headcount": 36, "n_spells": 1}
        pd.DataFrame([row, begun]).to_csv(folder / "absence.csv", index=False)

    return made_once(tmp_path_factory, "courier", make)


def test_the_page_of_the_demo_is_whole(demo, page):
    state, text = page(demo, ABSENCE)
    assert state == "done"
    check_page(text, "en")
    assert text.count("<figure") == 5


def test_the_demo_confirms_both_claims(demo, page):
    said = section(page(demo, ABSENCE)[1], "Answer")
    assert re.search(
        r"Yes\. Where engagement was one standard deviation higher in the wave before, there were 1\d", said
    )
    assert re.search(r"people left \d+(\.\d)?% less often \(95%.interval \d", said)
    assert "spells of absence in about" in said and "people who left about" in said
    assert re.search(r"A spell lasted \d\.\d days on average, which makes \d\.\d days per person", said)
    assert re.search(r"In the most engaged quarter of units, \d+% .* would still be there after 3.years", said)
    assert "the reason for leaving recorded most often was" in said


def test_doubts_are_named(demo, page):
    text = page(demo, ABSENCE)[1]
    said = section(text, "How sure are we?")
    assert "Units compared only with themselves, from period to period, show −" in said
    assert "is sampling error, which makes the difference look smaller" in said
    assert "the bounds of an interval are approximate" in said
    said = section(text, "What could explain it otherwise?")
    assert "That fits, so nothing points to units that do not record absence." in said
    assert "of an employment the difference is" in said and "Going together is no proof of cause and effect." in said
    said = section(text, "Method")
    assert re.search(r"Of \d+ units, \d+ have figures that are not shown", said)
    assert "dissolved take" in said


def test_no_unit_below_the_whole_is_named(demo, page):
    dataset = open_dataset(demo)
    names = set(dataset.hierarchy.units["name"]) - {dataset.hierarchy.name(dataset.hierarchy.root)}
    said = words_of(page(demo, ABSENCE)[1])
    assert not [name for name in names if f" {name} " in said]


def test_without_effects_neither_claim_is_confirmed(demo_null, page):
    state, text = page(demo_null, ABSENCE, language="nl")
    assert state == "done" and "<strong>Ja" not in text
    check_page(text, "nl")


def test_one_unit_without_a_survey_tells_how_much_absence_there_was_and_no_more(courier, page):
    state, text = page(courier, ABSENCE)
    assert state == "done"
    said = section(text, "Answer")
    assert "No period has absence and, in the wave before, engagement of the same units" in said
    assert "people of Courier were absent 19.33 times each on average" in said
    assert "A spell lasted 0.9 days on average, which makes 17.8 days per person." in said
    assert words_of(text).count("This needs the table employments") == 1
    assert "This is not known here, for the reason given above." in section(text, "How sure are we?")


def test_without_absence_and_employments_the_page_is_one_sentence(sector, page):
    state, text = page(sector, ABSENCE)
    assert state == "not applicable"
    said = (
        "This needs a table of absence or of employments, or published reasons to leave; half-sector has none of them."
    )
    assert said in words_of(text)


def test_reasons_that_a_publisher_tells_are_those_of_people_who_want_to_leave(civil_service, page):
    state, text = page(civil_service, ABSENCE)
    assert state == "done"
    check_page(text, "en")
    said = section(text, "Answer")
    assert "In 2024, people who want to leave gave this reason most often: better pay and benefits (48.5%)." in said
    assert "better pay and benefits, from 54.5% to 48.5% (−6.0 percentage points)" in said
    assert "a promotion or career within the Civil Service, from 30.9% to 34.0% (+3.1 percentage points)" in said
    assert "who of them left is not known" in said and "do not add up to 100%" in said and "have no interval" in said
    assert "By the median of the organisations, 14 of 16 shares moved in the same direction." in said
    assert text.count("<figure") == 1 and words_of(text).count("This needs the table") == 2


def test_a_section_says_once_that_nothing_is_known_and_introduces_no_chart_there(civil_service, page):
    text = page(civil_service, ABSENCE)[1]
    for heading in ("Answer", "How sure are we?", "What could explain it otherwise?"):
        assert section(text, heading).count("This is not known here, for the reason given above.") == 1
    said = words_of(text)
    assert "The lines show" not in said and "A finding that hangs on one model" not in said
    assert "Is it engagement at all?" in said and "Is it the same throughout an employment?" not in said
