"""What the page on actions says of made-up and of public data."""

import re

import pytest
from test_reports import check_page, words_of

from helpers.datasets.contract import LEADERSHIP_ELEMENTS
from helpers.datasets.dataset import open_dataset
from helpers.datasets.families import EMPLOYEES

ACTIONS = "11_action_follow_up"


def section(text: str, heading: str) -> str:
    return words_of(re.split(r"<h[23]", text.split(f"{heading}</h")[1])[0])


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_of_the_demo_is_whole_in_both_languages(demo, page, language):
    state, text = page(demo, ACTIONS, language=language)
    assert state == "done"
    check_page(text, language)
    assert text.count("<figure") >= 3 and len(text.encode()) < 300 * 1024


def test_every_rule_is_counted_and_adds_up_to_all_actions(demo, page):
    said = words_of(page(demo, ACTIONS)[1])
    n_actions = len(open_dataset(demo).table("actions"))
    assert f"Of {n_actions} planned, " in said and "are SMART." in said
    for rule in ("Specific", "Measurable", "Assigned", "Realistic", "Time-bound", "Communicated first", "Visible in"):
        assert rule in said
    found = re.search(r"told to the team on the day it began, or earlier (\d+) (\d+) (\d+)", said)
    assert found and sum(map(int, found.groups())) == n_actions
    answer = section(page(demo, ACTIONS)[1], "Answer")
    account = re.search(
        rf"(?:All|Of) {n_actions} actions planned(?:, (\d+)| are followed)(.*?)An action is decided", answer
    )
    assert account, answer
    left_out = map(int, re.findall(r"(\d+) (?:came|lack|is of|are of|has no|have no|act)", account[2]))
    assert int(account[1] or n_actions) + sum(left_out) == n_actions


def test_the_list_names_no_unit_whose_figures_are_hidden_nor_what_it_said_of_its_manager(demo, page):
    text, data = page(demo, ACTIONS)[1], open_dataset(demo)
    actions, hidden = data.table("actions"), data.mask.frame
    hidden_units = set(hidden.loc[(hidden["hidden_by"] != "") & (hidden["family"] == EMPLOYEES), "unit_id"])
    listed = section(text, "Is each action SMART, and was it communicated?")
    for unit in set(actions["unit_id"]) & hidden_units:
        assert data.hierarchy.name(unit) not in listed
    for element in LEADERSHIP_ELEMENTS:
        assert element.replace("_", " ").replace("hands on", "hands-on") not in listed.casefold()
    assert "are not listed: their unit may not be named beside what was weak there" in listed


def test_chance_is_shown_and_the_low_wave_itself_is_called_a_mistake(demo, page):
    text = page(demo, ACTIONS)[1]
    assert "What was as low in units without an action moved by +" in section(text, "Would they have risen anyway?")
    assert "Against the low wave itself, which fools" in section(text, "Would another comparison say otherwise?")
    said = words_of(text)
    assert "would be found in four of five cases" in said and "The low wave" in said
    assert "Going together is no proof of cause and effect." in said


def test_without_effects_nothing_is_called_a_success(demo_null, page):
    state, text = page(demo_null, ACTIONS)
    assert state == "done" and "<strong>Yes" not in text and "More than elsewhere with" not in text


def test_schools_have_no_actions(chicago, page):
    state, text = page(chicago, ACTIONS, language="nl")
    assert state == "not applicable"
    assert "Hiervoor is een tabel met acties nodig, en die is er niet in deze gegevens." in words_of(text)
