"""Where a unit stands: what the page says, and what it must not say."""

from __future__ import annotations

import html
import re

import pytest
from test_page_sentences import sentences
from test_reports import check_page, words_of

from helpers.datasets.dataset import open_dataset
from helpers.display.wording.paragraph import LONGEST_SENTENCE

STAND = "01_nps_and_enps"


def small_team(data):
    """A team whose answers of the latest wave are too few to show."""
    scores = data.scores
    latest = scores[(scores["measure"] == "enps") & (scores["period"] == "2024") & scores["n"].between(1, 9)]
    teams = latest[latest["unit_id"].isin(data.hierarchy.at_level("team"))]
    return teams.sort_values(["n", "unit_id"])["unit_id"].iloc[0]


def check_sentences(text):
    found = sentences(text)
    assert not [one for one in found if len(one.split()) > LONGEST_SENTENCE]
    assert not [one for one in found if re.search(r"\bnan\b|\bNone\b|[{}]|\s[.,;]|\(\)|\.\.|(?<!\w)-\d", one)]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_page_of_the_demo_is_whole_in_both_languages(demo, page, language):
    state, text = page(demo, STAND, language=language)
    assert state == "done" and text.count("<figure") == 7
    check_page(text, language)
    check_sentences(text)


def test_the_page_of_the_whole_answers_each_question(demo, page):
    said = words_of(page(demo, STAND)[1])
    assert re.search(r"recommend us (more|less)|change is unclear|It is unclear whether", said)
    for part in (
        r"Behind eNPS stand [\d,]+ answers: \d+% promoters",
        r"In NPS, \d+ of \d+ pairs of units directly below clearly differ",
        r"NPS is lowest at delivery \(",
        r"the interval of eNPS is \d\.\d times as wide as that of independent answers",
        r"intervals of means and of shares count answers as independent, so they are too narrow",
        r"a true change of \d+ points in eNPS would be found in 80% of cases",
        r"units directly below apart in eNPS, \d+% on average is more than chance",
        r"The 3 questions on engagement hang together well enough for one score: alpha 0\.8",
        r"There is a climate of units: people within one agree, and units differ",
        r"a unit needs about \d+ answers",
        r"answered equally often, eNPS would (be|stay)",
        r"Response rates are rounded to 5%, and their intervals outwards; changes are not",
        r"clearly above \d+ of \d+ published levels and rules of thumb",
        r"If those who did not answer score 10 points lower, eNPS of all who were invited is 3 points lower",
        r"(above|below) Srprs\.me, a Dutch travel firm \(\+61\)",
    ):
        assert re.search(part, said), part


def test_dutch_page_holds_no_english_sentence(demo, page):
    own = re.sub(r'<span lang="en">.*?</span>', " ", page(demo, STAND, language="nl")[1])
    assert not re.findall(r"\b(which|whether|their|employees|customers|units directly)\b", words_of(own))


def test_a_small_team_is_told_that_nothing_is_shown_and_nothing_is(demo, page):
    data = open_dataset(demo)
    team = small_team(data)
    state, text = page(demo, STAND, unit=team)
    said = words_of(text)
    assert state == "done" and "not shown, to protect small groups" in said
    check_page(text, "en")
    check_sentences(text)
    assert not re.search(r"alpha 0\.|promoters \(|Weighted as if|true change of \d+ points in eNPS", said)
    own = data.scores[(data.scores["unit_id"] == team) & (data.scores["period"] == "2024") & (data.scores["n"] < 10)]
    assert not [value for value in own["estimate"] if f"{value:.2f}" in said.split("Answer")[1].split("climate")[0]]


def test_a_hidden_team_has_no_figure_on_the_page_above_it(demo, page):
    data = open_dataset(demo)
    team = small_team(data)
    _, text = page(demo, STAND, unit=data.hierarchy.path(team)[-2])
    check_page(text, "en")
    head = rf'<th scope="row"[^>]*>{re.escape(html.escape(data.hierarchy.name(team)))}</th>'
    tables = [table for table in re.findall(r"<table.*?</table>", text, flags=re.S) if "eNPS by unit" in table]
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", tables[0], flags=re.S) if re.search(head, row)]
    assert "not shown" in row and not re.search(r"<td[^>]*>[^<]*\d", row)


def test_company_without_effects_is_told_where_it_stands_all_the_same(demo_null, page):
    state, text = page(demo_null, STAND)
    assert state == "done"
    check_page(text, "en")
    check_sentences(text)


@pytest.mark.parametrize(("dataset", "unit"), [("nhs", ""), ("civil_service", "HMRC"), ("chicago", "400025")])
def test_given_scores_are_told_as_far_as_they_go(request, page, dataset, unit):
    state, text = page(request.getfixturevalue(dataset), STAND, unit=unit, language="en")
    said = words_of(text)
    assert state == "done" and "stand in for them" in said and "<figure" in text
    check_page(text, "en")
    check_sentences(text)
    assert "This needs the table employee_answers" in said
    assert "An underlying level needs 5 units of one kind with a known sampling error; found 0" in said
    assert not re.search(r"promoters \(|alpha 0\.|Weighted as if|rates are rounded|too narrow where", said)
