"""Whatever a method answers, there are words for it."""

from __future__ import annotations

from helpers.display.wording import lag_method_cells as cells
from helpers.display.wording.lag_methods import FINDINGS, WHY
from helpers.stats import claim_answers
from helpers.stats.lag_methods import METHODS, NEIGHBOUR, NEIGHBOURS
from helpers.stats.verdicts import CANNOT_TELL, NO, YES


def test_every_method_has_a_name_an_assumption_and_a_reason_to_differ():
    assert set(cells.NAMES) == set(cells.ASSUMES) == {*METHODS, cells.HEADLINE}
    assert set(WHY) == set(METHODS) - set(NEIGHBOURS)


def test_every_answer_and_every_stand_has_words():
    answers = {YES, NO, CANNOT_TELL, claim_answers.OPPOSITE}
    assert set(cells.ANSWERS) == answers and set(FINDINGS) == answers - {CANNOT_TELL}
    stands = ("SAME", "OTHER_SIZE", "UNSURE", "OTHER", "DECIDES", "NO_HEADLINE")
    assert set(cells.BESIDE) == {NEIGHBOUR, *(getattr(claim_answers, name) for name in stands)}
