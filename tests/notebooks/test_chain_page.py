"""What the page on the chain from leadership to loyalty says of made-up and of public data."""

import re

import pytest
from test_reports import check_page, words_of

CHAIN = "08_from_leadership_to_loyalty"


def section(text: str, heading: str) -> str:
    return words_of(text.split(f"{heading}</h")[1].split("<h2")[0])


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_of_the_demo_is_whole_in_both_languages(demo, page, language):
    state, text = page(demo, CHAIN, language=language)
    assert state == "done"
    check_page(text, language)
    assert text.count("<figure") == 3


def test_the_demo_shows_links_that_no_one_person_makes(demo, page):
    said = section(page(demo, CHAIN)[1], "Answer")
    assert "units show 2 of the 3 links from leadership to customer satisfaction." in said
    assert "Yes. Where scores on leadership rise, those on culture rise as well (+0." in said
    assert "Yes. Where scores on behaviour rise, those on customer satisfaction rise as well (+0." in said
    assert "In each yes, what one person adds to both answers plays no part." in said
    assert "Hands-on management and trust in leadership" in said and "Voice, communication and room to act" in said


def test_a_link_too_much_luck_hides_is_left_open_and_so_are_path_and_weakest(demo, page):
    said = section(page(demo, CHAIN)[1], "Answer")
    assert "Cannot tell. Where scores on culture rise, those on behaviour rise as well (+0." in said
    assert "Differences in culture stand out too little from luck to correct the link." in said
    assert re.search(r"What passes from leadership to customer satisfaction.* needs every link freed of luck", said)
    assert "Links can be compared only where all their scores are known to differ by more than luck." in said


def test_sincerity_is_told_with_what_cannot_be_told_apart(demo, page):
    said = section(page(demo, CHAIN)[1], "Answer")
    assert "Cannot tell. Through the sincerity of staff, higher scores on engagement go with higher scores on" in said
    assert "answers of other people cannot tell the two apart." in said
    assert "percentage points per point of engagement" in said


def test_luck_views_and_order_are_told(demo, page):
    _, text = page(demo, CHAIN)
    sure, otherwise = section(text, "How sure are we?"), section(text, "What could explain it otherwise?")
    assert re.search(r"this much is luck of who answered: \d+% in leadership and \d+% in behaviour\.", sure)
    for way in ("as measured", "between units", "beside the construct before it"):
        assert f"Behaviour → customer satisfaction, {way}" in sure
    assert "Links on the scale of the second, per point of the first" in sure
    assert "One wave cannot tell an order" in otherwise and "Leadership → culture, wave before" in otherwise
    assert "Figures about units say nothing about individual people." in otherwise
    assert "Going together is no proof of cause and effect." in otherwise


def test_without_effects_no_link_of_the_chain_is_found(demo_null, page):
    state, text = page(demo_null, CHAIN)
    assert state == "done"
    chain = text.split("What stands for what?")[0]
    assert "none of the links from leadership to customer satisfaction for certain" in words_of(chain)
    assert "<strong>Yes" not in chain


def test_schools_cannot_tell_what_the_same_teachers_say_twice(chicago, page):
    state, text = page(chicago, CHAIN)
    said = section(text, "Answer")
    assert state == "done"
    assert "units show 1 of the 3 links from effective leaders to student attendance." in said
    assert "The same people answer for both, and answers of others could not be set beside theirs." in said
    assert "The sampling errors of effective leaders are not known." in said
    assert "Yes. Where scores on collaborative teachers rise, those on supportive environment rise as well" in said
    assert "Links can be compared only where all their scores are known to differ by more than luck." in said
    assert "Customer experience and what customers do next are not both known here" in said


def test_without_a_chain_the_page_holds_one_sentence(nhs, page):
    state, text = page(nhs, CHAIN)
    assert state == "not applicable"
    assert "This needs two neighbours of leadership, culture, behaviour and experience, measured here." in words_of(
        text
    )
