"""The page on the meta-analysis: its answer, what it keeps to itself, and where it does not apply."""

import html
import json
import re
import warnings
from pathlib import Path
from shutil import copyfile

import pytest
from test_page_sentences import sentences

from helpers.datasets.dataset import open_dataset
from helpers.display.wording.paragraph import LONGEST_SENTENCE

NOTEBOOK = "03_gallup_meta_analysis"
CASE = Path(__file__).parents[1] / "reference" / "meta_analysis" / "data.csv"


def plain(text):
    return " ".join(html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.S)).split())


def readable(text):
    """Sentences are whole and short, and there are many of them."""
    found = sentences(text)
    assert len(found) > 40
    assert not [sentence for sentence in found if len(sentence.split()) > LONGEST_SENTENCE]
    assert not [one for one in found if re.search(r"\bnan\b|\bNone\b|[{}]|\s[.,;]|\(\)|\.\.|(?<!\w)-\d", one)]
    return plain(text)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_sector_is_answered_in_short_whole_sentences(sector, page, language):
    state, text = page(sector, NOTEBOOK, language=language)
    assert state == "done" and {"en": "SYNTHETIC", "nl": "SYNTHETISCH"}[language] in readable(text)


def test_a_sector_shows_the_mean_the_spread_and_what_stands_against_them(sector, page):
    _, text = page(sector, NOTEBOOK)
    told = plain(text)
    assert re.search(r"Yes\. Units higher on engagement do better on profit on average, and so in most", told)
    assert re.search(r"A study is one organisation: .* here each a team\.", told)
    assert "An outcome as booked has 1" in told and "(ICC(2))" in told
    assert "which is no rate of success" in told and "that it used BESD is our inference" in told
    assert "Harter et al. (2002)" in told and "0.33 /" in told
    assert "Studies differ by industry" in told or "That studies differ by industry is not seen here" in told
    assert text.count("<svg") >= 2 * 6


def test_no_team_and_no_hidden_unit_is_named(sector, page):
    _, text = page(sector, NOTEBOOK)
    hierarchy = open_dataset(sector).hierarchy
    teams = {hierarchy.name(team) for team in hierarchy.at_level("team")}
    told = plain(text)
    assert not [team for team in teams if team in told]
    assert "each is drawn from its shown units alone" in told


def test_countries_are_the_studies_of_one_company(demo, page):
    state, text = page(demo, NOTEBOOK)
    assert state == "done" and "A study is one country" in readable(text)
    assert "Comparing groups of studies needs two groups" in plain(text)


def test_without_effects_nothing_holds_in_most_studies(demo_null, page):
    _, text = page(demo_null, NOTEBOOK)
    answer = readable(text).split("How sure are we?")[0]
    assert "Yes." not in answer and ("Cannot tell." in answer or "No." in answer)


def test_a_table_of_the_literature_takes_the_place_of_the_units(sector, page):
    copyfile(CASE, sector / "others.csv")
    state, text = page(sector, NOTEBOOK, parameters={"studies": "others.csv"})
    told = readable(text)
    assert state == "done" and "The studies come from a table given to this page" in told
    assert "The corrections rest on the reliabilities that came with the studies." in told
    assert "To protect small groups" not in told.split("Method")[0]


def test_regions_and_categories_of_public_data_are_studies(nhs, chicago, page):
    _, text = page(nhs, NOTEBOOK)
    told = readable(text)
    assert "A study is one region" in told and "correlations stand as observed" in told
    _, text = page(chicago, NOTEBOOK)
    assert "There are 2 studies of student climate, and 3 are needed at least." in readable(text)


def test_bodies_of_one_level_are_no_studies(civil_service, page):
    state, text = page(civil_service, NOTEBOOK)
    assert state == "not applicable"
    assert "A meta-analysis compares organisations, countries or other groups of units" in plain(text)


def test_the_notebook_is_translated():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        from helpers.display.wording import Words

        cells = json.loads((Path(__file__).parents[2] / "notebooks" / f"{NOTEBOOK}.ipynb").read_text())["cells"]
        prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        assert all(Words("nl").prose(source) != source for source in prose)
