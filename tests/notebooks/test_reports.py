"""Each notebook, run as a user runs it, becomes one page that a leader can open anywhere and that tells the truth."""

import html
import re
from pathlib import Path

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.publish.warm import CHOICE
from running import run

ROOT = Path(__file__).parents[2]
GAP, LAG, UNIT = "02_gallup_quartiles", "04_aegon_panel_lag", "10_unit_report"
SHORTEST_ALT = 40


def words_of(text):
    body = re.sub(r"<style.*?</style>|<svg.*?</svg>", " ", text, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def check_page(text, language):
    assert f'<html lang="{language}">' in text
    assert text.count("<h1") == 1 and re.search(r"<title>[^<]{20,}</title>", text)
    assert not re.search(r"<script|\bon\w+=|javascript:|@import|url\(", text)
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', text)
    assert str(ROOT) not in text and "Traceback" not in text
    for figure in re.findall(r"<figure.*?</figure>", text, flags=re.S):
        label = re.search(r'role="img"[^>]*aria-label="([^"]*)"', figure)
        assert label and len(label.group(1)) >= SHORTEST_ALT and re.search(r"\d", label.group(1)), figure[:300]
        assert "<table" in figure and "<caption" in figure


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("notebook", [GAP, LAG, UNIT])
def test_page_of_the_demo_is_whole_in_both_languages(demo, page, notebook, language):
    state, text = page(demo, notebook, language=language)
    assert state == "done"
    check_page(text, language)
    assert ("SYNTHETIC" if language == "en" else "SYNTHETISCH") in text
    assert "<figure" in text and "src/helpers" not in text, "cells for researchers must not be in the page"


def test_dutch_page_holds_no_english_sentence(demo, page):
    for notebook in (GAP, LAG, UNIT):
        _, text = page(demo, notebook, language="nl")
        own = re.sub(r'<span lang="en">.*?</span>', " ", text)
        assert not re.findall(r"\b(the|which|whether|their|employees|customers|with only)\b", words_of(own))


def test_demo_answers_yes_where_the_truth_is_yes(demo, page):
    _, text = page(demo, LAG)
    assert re.search(r"Yes\. +A rise of 10 points in eNPS is followed two years later by a rise of \d", words_of(text))
    assert "Evidence grade C of A to E" in words_of(text)
    _, text = page(demo, GAP)
    assert re.search(r"Yes\. +Units in the top quarter on engagement have \d+% more profit", words_of(text))


def test_company_without_effect_is_not_given_one(demo_null, page):
    _, text = page(demo_null, LAG)
    check_page(text, "en")
    assert "Cannot tell." in words_of(text) and "Yes." not in words_of(text) and "Evidence grade" not in words_of(text)
    _, text = page(demo_null, GAP)
    check_page(text, "en")
    assert "Cannot tell. In the top quarter on engagement, profit may be higher or lower" in words_of(text)


def test_unit_report_runs_on_the_company_without_effect(demo_null, page):
    state, text = page(demo_null, UNIT)
    check_page(text, "en")
    assert state == "done" and "SYNTHETIC" in text


def test_unit_report_of_a_country_shows_that_country_beside_the_whole(demo, page):
    dataset = open_dataset(demo)
    country = dataset.hierarchy.at_level("country")[3]
    _, text = page(demo, UNIT, unit=country)
    check_page(text, "en")
    name, others = dataset.hierarchy.name(country), dataset.hierarchy.at_level("country")
    assert html.escape(name) in text
    assert not [other for other in others if other != country and html.escape(dataset.hierarchy.name(other)) in text]


def test_report_of_a_small_team_hides_what_few_answered(demo, page):
    dataset = open_dataset(demo)
    scores = dataset.scores
    latest = scores[(scores["measure"] == "enps") & (scores["period"] == "2024")]
    team = latest[latest["n"].between(1, 9)].sort_values("n")["unit_id"].iloc[0]
    _, text = page(demo, UNIT, unit=team)
    assert "not shown, to protect small groups" in words_of(text)
    hidden = scores[(scores["unit_id"] == team) & (scores["measure"] == "engagement") & (scores["n"] < 10)]
    assert not [value for value in hidden["estimate"] if f"{value:.4f}" in text]


def test_chicago_says_whose_measures_stand_in_and_that_it_cannot_tell(chicago, page):
    for choices in ({}, {"employee": "student_climate", "customer": "teacher_climate"}, {"customer": "parent_climate"}):
        state, text = page(chicago, LAG, parameters=choices)
        check_page(text, "en")
        assert state == "done" and "SYNTHETIC" not in text
        assert "not a test of eNPS and NPS" in words_of(text) and "Cannot tell." in words_of(text)


def test_chicago_finds_the_gap_in_student_climate_and_prints_uneven_shares(chicago, page):
    _, text = page(chicago, GAP)
    check_page(text, "en")
    assert "Yes. Units in the top quarter on teacher climate" in words_of(text)
    assert re.search(r"The top group holds \d\d% of the units and the bottom group \d\d%", words_of(text))


def test_what_a_dataset_lacks_is_said_in_one_sentence(chicago, page):
    state, text = page(chicago, UNIT)
    assert state == "not applicable"
    assert "There are no scores of teacher climate" in words_of(text) and "<figure" not in text


def test_same_inputs_give_the_same_bytes_in_a_forked_kernel_and_in_a_stock_one(demo, page, tmp_path, monkeypatch):
    _, forked = page(demo, UNIT)
    monkeypatch.setenv(CHOICE, "stock")
    assert run(demo, tmp_path, UNIT)[1] == forked


def test_school_without_figures_of_the_whole_is_not_set_beside_it(chicago, page):
    state, text = page(chicago, UNIT, unit="400025", language="nl")
    check_page(text, "nl")
    assert state == "done" and "Naast de hele organisatie" not in words_of(text)
