"""What the page on growth says of made-up and of public data."""

import pytest
from test_reports import check_page, words_of

GROWTH = "05_aon_growth"


def section(text: str, heading: str) -> str:
    return words_of(text.split(f"{heading}</h")[1].split("<h2")[0])


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_of_the_demo_is_whole_in_both_languages(demo, page, language):
    state, text = page(demo, GROWTH, language=language)
    assert state == "done"
    check_page(text, language)
    assert text.count("<figure") == 7


def test_the_demo_confirms_both_claims_and_says_what_that_is_worth(demo, page):
    _, text = page(demo, GROWTH)
    said = words_of(text)
    assert "Yes. A rise of 5 points in engagement is followed a year later by a rise of" in said
    assert "Yes. Where NPS is higher, the link of engagement with revenue growth a year later is larger" in said
    assert "No. The link of engagement with profit a year later hardly depends on NPS" in said
    assert "Here a rise of 5 points in engagement goes with a change of +" in said
    assert "Were engagement measured without sampling error, the range would be +" in said
    assert "that alone does not prove a cause" in said and "Going together is no proof of cause and effect." in said


def test_the_published_figure_stands_beside_ours_and_is_never_multiplied_with_money(demo, page):
    said = section(page(demo, GROWTH)[1], "Beside the published figure")
    assert "Aon Hewitt (2015) told of 3 more growth in the year after a rise of 5 in engagement" in said
    assert "Sources disagree whether those are percent or percentage points." in said
    assert "Whether that is more or less than here cannot be told: engagement was counted in another way." in said
    assert "do not multiply them with amounts of this one" in said
    assert "one point is 0.04 of an answer. A point there and a point here are not the same." in said
    assert "€" not in said and "EUR" not in said


def test_the_page_looks_the_other_way_round_and_leaves_out_groups_and_periods(demo, page):
    said = section(page(demo, GROWTH)[1], "What could explain it otherwise?")
    assert "After a rise of 1 percentage point in revenue growth, engagement" in said
    assert "a year before a rise of 5 points in engagement, revenue growth hardly moves" in said
    for model in ("Between units, by their averages", "Beside units of the same group in the same period"):
        assert model in said
    assert "No single group of units decides" in said and "No single period decides" in said


def test_noise_is_told_of_the_slope_and_of_the_product(demo, page):
    said = section(page(demo, GROWTH)[1], "How sure are we?")
    assert "Corrected for that, the effect would be" in said and "in their product" in said
    assert "finds an interaction of" in said and "smaller changes are easily missed" in said


def test_without_effects_neither_claim_is_confirmed(demo_null, page):
    state, text = page(demo_null, GROWTH)
    assert state == "done" and "<strong>Yes" not in text


def test_schools_have_no_growth_of_revenue(chicago, page):
    state, text = page(chicago, GROWTH, language="nl")
    assert state == "not applicable"
    assert "Hiervoor is omzetgroei nodig, en die staat niet in deze gegevens." in words_of(text)


def test_attendance_of_schools_may_stand_in_for_growth(chicago, page):
    state, text = page(chicago, GROWTH, parameters={"outcome": "student_attendance"})
    said = words_of(text)
    assert state == "done"
    check_page(text, "en")
    assert "No. After a rise of 1 standard deviation in teacher climate, student attendance hardly moves" in said
    assert "This is not a test of revenue growth: student attendance stands in for it." in said
    assert "What is measured here differs, so that figure cannot be set beside it." in said
