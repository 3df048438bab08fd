"""What the page on customers' reasons and moments says, and what it must not say."""

import re

import pytest
from test_nps_page import check_sentences, small_team
from test_reports import check_page, words_of

from helpers.datasets.dataset import open_dataset

VOICES = "07_customer_moments"


def section(text: str, heading: str) -> str:
    return words_of(text.split(f"{heading}</h")[1].split("<h3")[0].split("<h2")[0])


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_of_the_demo_is_whole_in_both_languages(demo, page, language):
    state, text = page(demo, VOICES, language=language)
    assert state == "done" and text.count("<figure") == 6
    check_page(text, language)
    check_sentences(text)


def test_employees_come_first_by_promoters_and_detractors_alike(demo, page):
    said = section(page(demo, VOICES)[1], "Answer")
    assert "Yes. The reason named most is “employees”, by promoters and by detractors alike." in said
    for group, other in (("promoters", "product"), ("detractors", "waiting")):
        figures = rf"Of {group} who gave a reason, \d+% name “employees” and \d+% “{other}”, the next one in these "
        lead = r"answers\. That is \d+ percentage points more \(95% interval \+\d+ to \+\d+\)"
        assert re.search(figures + lead, said), group


def test_delivery_is_a_precondition_and_a_claim_is_as_sure_as_its_least_sure_moment(demo, page):
    """In a third of the company the balance of service has an interval that holds zero."""
    said = section(page(demo, VOICES)[1], "Answer")
    assert re.search(r"At delivery, NPS differs by −\d+ points for the dissatisfied and by [+−]\d+ for the very", said)
    assert re.search(r"The balance is −\d+ \(95% interval −\d+ to −\d+\): precondition", said)
    assert re.search(r"The balance is \+\d+ \(95% interval \+\d+ to \+\d+\): makes the difference", said)
    assert "Cannot tell. Whether dissatisfaction or great satisfaction weighs more is not clear at service." in said


def test_each_moment_has_its_weight_and_its_pull(demo, page):
    said = section(page(demo, VOICES)[1], "Which moment moves the whole most?")
    assert re.search(r"share of answers, 25%, is given at delivery: 10 points there are 2\.5 points in the whole", said)
    assert re.search(r"pulled down by delivery: without those answers NPS would be \d\.\d points higher", said)
    assert "Delivery (25% of answers)" in said


def test_other_looks_stand_beside_each_other(demo, page):
    text = page(demo, VOICES)[1]
    assert "the answer is the same: yes." in words_of(text)
    said = section(text, "Would moments look otherwise in another way?")
    assert re.search(r"Delivery precondition precondition precondition precondition", said)


def test_obstacles_go_with_scores_and_that_is_no_cause(demo, page):
    text = page(demo, VOICES)[1]
    said = section(text, "Are customers less content where employees meet obstacles?")
    assert re.search(r"In 2024, NPS is higher in units where employees say that less gets in their way: a corr", said)
    assert "All moments together" in said and "Employees were not asked at which moment" in said
    assert "Going together is no proof of cause and effect." in words_of(text)


def test_without_asymmetry_no_moment_is_named(demo_null, page):
    state, text = page(demo_null, VOICES)
    said = words_of(text)
    assert state == "done"
    assert (
        "Cannot tell. Whether dissatisfaction or great satisfaction weighs more is not clear at delivery, use" in said
    )
    assert not re.search(r"\): (precondition|makes the difference)", said)


def test_a_small_team_is_told_that_nothing_is_shown_and_nothing_is(demo, page):
    team = small_team(open_dataset(demo))
    state, text = page(demo, VOICES, unit=team)
    said = words_of(text)
    assert state in ("done", "not applicable") and "not shown, to protect small groups" in said
    check_sentences(text)
    assert not re.search(r"% name “|The balance is|NPS is highest|NPS is lowest|share of answers, ", said)


def test_public_data_have_no_customers_who_say_why_or_when(chicago, page):
    state, text = page(chicago, VOICES)
    assert state == "not applicable"
    assert "This needs the table customer_answers, which the dataset chicago does not have." in words_of(text)
