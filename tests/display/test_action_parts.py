"""Without actions to follow the page answers "cannot tell", with the reason once and an account of all actions."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from helpers.datasets.action_follow_up import SAID_ABOVE, FollowUp
from helpers.display import action_parts
from helpers.display.parts import attempt
from helpers.display.wording import Words
from helpers.stats.action_study import no_study
from helpers.stats.estimates import NotApplicable

TOO_FEW = NotApplicable("An answer needs {needed} actions with figures both before and after their start.", needed=10)
PARTS = ("answer", "events", "told", "programmes", "power", "chance", "variants", "series")
MARKED = (action_parts.told_part, action_parts.power_part, action_parts.chance_part, action_parts.series_part)


def sentences(language: str) -> dict[str, str]:
    left_out = {"no_start": 1, "no_figures": 3, "too_few": 1}
    found = FollowUp(TOO_FEW, no_study(SAID_ABOVE), SAID_ABOVE, TOO_FEW, n_planned=5, left_out=left_out)
    words = Words(language)
    parts = {name: getattr(action_parts, f"{name}_part") for name in PARTS}
    shown = {name: attempt(words, lambda make=make: make(found, words)) for name, make in parts.items()}
    return {name: str(Markup(part._repr_html_()).striptags()) for name, part in shown.items()}


@pytest.mark.parametrize(
    ("language", "verdict", "reason"), [("en", "Cannot tell.", "10"), ("nl", "Niet te zeggen.", "10")]
)
def test_the_reason_is_said_once_behind_a_verdict(language, verdict, reason):
    said = sentences(language)
    assert said["answer"].startswith(verdict) and reason in said["answer"]
    others = [text for name, text in said.items() if name not in ("answer", "events")]
    assert set(others) == {others[0]} and others[0].startswith(verdict[:-1]) and reason not in others[0]
    assert said["events"] == ""


def test_what_only_points_to_the_answer_is_marked_so_that_a_page_shows_it_once_in_a_section():
    found = FollowUp(TOO_FEW, no_study(SAID_ABOVE), SAID_ABOVE, TOO_FEW, n_planned=5, left_out={})
    shown = [attempt(Words("en"), lambda make=make: make(found, Words("en"))) for make in MARKED]
    assert {part._repr_html_() for part in shown} == {
        '<p class="pointer">Cannot tell, for the reason given in the answer.</p>'
    }


def test_the_actions_planned_are_all_accounted_for():
    n_planned, *reasons = map(int, re.findall(r"\b\d\b", sentences("en")["answer"]))
    assert n_planned == sum(reasons) == 5
