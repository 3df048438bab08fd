"""A grade says how far the words may go; only A and B speak of a cause that is there."""

from __future__ import annotations

import re

import pytest

from helpers.display.grade_table import grade_table
from helpers.display.wording import Words
from helpers.display.wording.grades import GRADES, RULES, grade_sentence, held_sentence
from helpers.stats import grades

EN, NL = Words("en"), Words("nl")


def told(grade: str, words: Words = EN) -> str:
    return str(grade_sentence(grade, words, x="enps", y="nps"))


def test_every_rule_of_the_statistics_has_words():
    assert set(RULES) == {*grades.RULES, grades.TRENDS}


@pytest.mark.parametrize("grade", "CDE")
def test_below_b_nothing_is_said_to_cause_anything(grade):
    assert not re.search(r"\bcauses\b|points to a cause", told(grade))
    assert not re.search(r"veroorza|wijst op een oorzaak", told(grade, NL))


@pytest.mark.parametrize("words", [EN, NL])
def test_each_grade_is_named(words):
    assert all(re.search(rf" {grade} .*A .* E", told(grade, words)) for grade in GRADES)


def test_no_grade_no_sentence_and_no_table():
    assert told("") == "" and held_sentence({}, EN) == "" and grade_table({}, EN, x="enps") is None


def test_an_unknown_grade_is_refused():
    with pytest.raises(ValueError, match="grade must be one of A, B, C, D, E; found 'F'"):
        told("F")


def test_checks_are_counted_and_listed():
    rules = dict.fromkeys(RULES, True) | {"lead_flat": False, "detectable": None}
    assert held_sentence(rules, EN) == "6 of the 8 checks behind the grade hold."
    html = grade_table(rules, NL, x="enps")._repr_html_()
    assert html.count(">Klopt<") == 6 and "Niet te zeggen" in html and "De meetfout van de eNPS" in html
