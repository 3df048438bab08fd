"""What the page on drivers says of made-up and of public data."""

import re

import pytest
from test_reports import check_page, words_of

from helpers.datasets.dataset import open_dataset

DRIVERS = "06_engagement_drivers"


def section(text: str, heading: str) -> str:
    return words_of(text.split(f"{heading}</h")[1].split("<h2")[0].split("<h3")[0])


def test_the_demo_names_the_drivers_that_are_true_and_how_sure_their_order_is(demo, page):
    state, text = page(demo, DRIVERS)
    said = words_of(text)
    assert state == "done"
    check_page(text, "en")
    assert text.count("<figure") == 5 and len(text.encode()) < 300 * 1024
    assert "5 elements are linked with engagement" in said or "5 elements, 4 can be linked with engagement" in said
    assert re.search(r"Together they explain \d+% \(95% interval \d+% to \d+%\) of the differences in engagement", said)
    weights = section(text, "Answer")
    order = [weights.index(name) for name in ("Hands-on management", "Trust in leadership", "Meaningful work")]
    assert order == sorted(order)
    assert re.search(r"Which comes first cannot be told. It is one of these: [a-z ,-]*hands-on management", said)
    assert "Possible ranks" in said and "Share (Johnson)" in said


def test_strengths_and_weaknesses_come_with_the_rule_that_picked_them(demo, page):
    said = section(page(demo, DRIVERS)[1], "Strengths and weaknesses")
    assert "Weaknesses to improve first: trust in leadership." in said
    assert "The rule: a strength is linked, has a share above an even one (20%) and a score above the one aimed" in said
    assert "a choice and not a norm" in said and "Dashed lines" not in said, "words of charts are in the charts"


def test_context_goes_with_motivation_within_and_between_units(demo, page):
    said = section(page(demo, DRIVERS)[1], "Knowing why, feeling valued, promises kept")
    assert "Yes. Higher ratings of knowing why go with higher ratings of motivation" in said
    assert "so no single mood can make a link there" in said
    assert "With the 5 elements held fixed, there is hardly any link between people of one unit" in said


def test_doubts_are_told_mood_collinearity_and_other_rows(demo, page):
    _, text = page(demo, DRIVERS)
    said = words_of(text)
    assert "One general mood may colour all answers" in said and "(VIF)" in said
    for look in ("Averages of units.", "Two halves of each unit.", "Without the noise of questions."):
        assert look in said
    assert "Going together is no proof of cause and effect." in said
    assert "no share differs by more than" in said


def test_the_page_of_a_team_keeps_what_it_says_of_its_leader(demo, page):
    data = open_dataset(demo)
    mask = data.mask.frame
    rows = mask[(mask["hidden_by"] == "") & (mask["family"] == "employees") & (mask["period"] == mask["period"].max())]
    team = next(one for one in rows["unit_id"] if data.hierarchy.level(one) == "team")
    state, text = page(demo, DRIVERS, language="nl", unit=team)
    check_page(text, "nl")
    said = words_of(text)
    assert state == "done"
    whole, name = data.hierarchy.name(data.hierarchy.root), data.hierarchy.name(team)
    assert f"Dit gaat over heel {whole}; verbanden binnen {name} zijn niet apart bekeken." in said
    assert "Van 5 elementen gaan er 2 over de leiding: wat één team daarover zegt, is alleen voor de" in said
    assert f"{data.hierarchy.name(team)} Betrokken leidinggevenden niet getoond" in said
    questions = section(text, "Wat mensen antwoordden")
    assert "Mijn leidinggevende" not in questions and "Ik vertrouw de mensen" not in questions
    own = re.sub(r'<span lang="en">.*?</span>', " ", text)
    assert not re.findall(r"\b(the|which|whether|their|employees|customers|with only)\b", words_of(own))


def test_pierce_county_ranks_single_questions_on_satisfaction(pierce, page):
    state, text = page(pierce, DRIVERS, language="nl")
    check_page(text, "nl")
    said = words_of(text)
    assert state == "done"
    assert "Van 9 vragen is er bij 6 een verband te zien met de medewerkerstevredenheid" in said
    assert "Verband: 6 vragen" not in said and "Niet te zeggen: 3 vragen" not in said
    assert "Op het werk kan ik elke dag doen waar ik het beste in ben" in section(text, "Antwoord")
    assert "Om 9 drijfveren uit elkaar te houden zijn 90 rijen of meer nodig." in said
    assert "is hier niet gevraagd" in said
    scores = section(text, "Sterke en zwakke punten")
    assert "Van 9 vragen staat er 1 hier niet, om kleine groepen te beschermen." in scores


def test_themes_of_the_civil_service_are_told_of_bodies_and_not_of_people(civil_service, page):
    state, text = page(civil_service, DRIVERS, language="en")
    check_page(text, "en")
    said = words_of(text)
    assert state == "done"
    assert (
        "Only scores of units are known, so units are compared, in 2024; people may be linked in another way." in said
    )
    assert re.search(r"It is one of these: [a-z ,“”]*leadership and managing change", said)
    assert "Units over time. Each unit is compared with itself over time" in said
    assert "Answers of single people are not known here." in said


@pytest.mark.slow
def test_where_context_makes_no_motivation_none_is_found(demo_null, page):
    state, text = page(demo_null, DRIVERS)
    said = section(text, "Knowing why, feeling valued, promises kept")
    assert state == "done" and "Yes. Higher ratings of knowing why" not in said


@pytest.mark.slow
def test_schools_were_not_asked_what_drives_whom(chicago, page):
    state, text = page(chicago, DRIVERS)
    assert state == "not applicable"
    assert "This needs what employees say of their work" in words_of(text)
