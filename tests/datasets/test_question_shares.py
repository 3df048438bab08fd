"""Answers to questions: told only where nobody, or enough people, gave each kind of answer, also by subtraction."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.left_out import LeftOut, left_out
from helpers.datasets.question_shares import CATEGORIES, question_scores, question_shares
from helpers.stats.estimates import NotApplicable

UNITS = """unit_id,name,parent_id,level
all,Voorbeeld,,organisation
a,Noord,all,country
a1,Winkel 1,a,team
a2,Winkel 2,a,team
b,Zuid,all,country
b1,Winkel 3,b,team
b2,Winkel 4,b,team
"""
ITEMS = """item_id,text_nl,text_en,scale_min,scale_max,reverse,element
q,Een,One,1,5,false,engagement
turned,Twee,Two,1,5,true,voice
boss,Drie,Three,1,5,false,trust_in_leadership
"""
TEAMS = ("a1", "a2", "b1", "b2")


@pytest.fixture
def firm(write):
    """Build a firm of four teams from how many in each gave 1, 3 and 5."""

    def build(counts: dict[str, tuple[int, int, int]]) -> Dataset:
        rows = [
            f"{unit},2024,{answer},{6 - answer},{answer}\n" * n
            for unit, given in counts.items()
            for answer, n in zip((1, 3, 5), given, strict=True)
        ]
        answers = "unit_id,period,q,turned,boss\n" + "".join(rows)
        return open_dataset(
            write({"measures.employee": '"engagement"'}, units=UNITS, employee_answers=answers, items=ITEMS)
        )

    return build


def told(data: Dataset, unit: str, question: str = "q") -> tuple[int, ...] | None:
    """Counts that whoever sees the shares and the number of answers reckons; None where nothing is told."""
    try:
        frame = question_shares(data, unit, [question], period="2024").table.frame
    except NotApplicable:
        return None
    rows = frame[frame["measure"] == question].set_index("category")
    return tuple(round(rows.loc[name, "estimate"] * rows.loc[name, "n"]) for name in CATEGORIES) if len(rows) else None


def test_shares_are_those_of_the_answers_and_what_is_turned_is_turned(firm):
    data = firm(dict.fromkeys(TEAMS, (10, 20, 30)))
    assert told(data, "all") == (40, 80, 120)
    assert told(data, "a1", "turned") == (10, 20, 30)


def test_a_question_of_which_few_gave_one_kind_of_answer_is_not_told(firm):
    data = firm({"a1": (9, 20, 30), "a2": (20, 20, 30), "b1": (10, 20, 30), "b2": (10, 20, 30)})
    assert told(data, "a1") is None and told(data, "a2") == (20, 20, 30)


def test_a_question_is_not_told_of_a_unit_of_which_the_rest_would_tell(firm):
    """Noord minus Winkel 2 would tell that 9 of Winkel 1 answered unfavourably."""
    data = firm({"a1": (9, 20, 30), "a2": (20, 20, 30), "b1": (10, 20, 30), "b2": (10, 20, 30)})
    assert told(data, "a") is None


@pytest.mark.parametrize("seed", range(4))
def test_no_difference_of_pages_tells_of_few_people(firm, seed):
    """All sums and differences over the tree: a unit minus any of the units below it that tell."""
    draw = pd.Series(range(12)).sample(12, random_state=seed).tolist()
    sizes = [(0, 3, 9, 10, 12, 25)[number % 6] for number in draw]
    data = firm({team: (*sizes[3 * at : 3 * at + 2], 30) for at, team in enumerate(TEAMS)})
    shown = {unit: told(data, unit) for unit in ("all", "a", "b", *TEAMS)}
    below = {"all": ["a", "b", *TEAMS], "a": ["a1", "a2"], "b": ["b1", "b2"]}
    inside = {"a": {"a1", "a2"}, "b": {"b1", "b2"}} | {team: {team} for team in TEAMS}
    for unit, parts in below.items():
        known = [part for part in parts if shown[part]]
        if shown[unit] is None:
            continue
        for chosen in product((False, True), repeat=len(known)):
            taken = [part for part, is_taken in zip(known, chosen, strict=True) if is_taken]
            teams = [team for part in taken for team in inside[part]]
            if len(teams) == len(set(teams)):
                rest = [whole - sum(shown[part][at] for part in taken) for at, whole in enumerate(shown[unit])]
                assert all(count == 0 or count >= 10 for count in rest), (unit, taken, rest)


def left_open(write, sizes: dict[str, tuple[tuple[int, int, int], int]]) -> Dataset:
    """Build a firm from how many in each team gave 1, 3 and 5 to the first question, and how many left it open."""
    rows = [
        f"{unit},2024,{answer},{1 + at % 5},{1 + at % 4}\n"
        for unit, (given, n_open) in sizes.items()
        for answer, n in zip((1, 3, 5, ""), (*given, n_open), strict=True)
        for at in range(n)
    ]
    # A score of both questions rests on all who answered either.
    two = ITEMS.replace("voice", "engagement")
    answers = "unit_id,period,q,turned,boss\n" + "".join(rows)
    return open_dataset(write({"measures.employee": '"engagement"'}, units=UNITS, employee_answers=answers, items=two))


def told_mean(data: Dataset, unit: str) -> bool:
    try:
        return "q" in question_scores(data, unit, ["q"], period="2024").frame["measure"].tolist()
    except NotApplicable:
        return False


def test_shares_of_one_unit_less_the_mean_of_another_tell_of_few_people_and_are_not_told(write):
    """Winkel 1 may tell its mean and not its shares; Noord less Winkel 1 would be the nine of Winkel 2 who answered."""
    full = ((20, 20, 30), 0)
    data = left_open(write, {"a1": ((3, 20, 30), 0), "a2": ((9, 0, 0), 40), "b1": full, "b2": full})
    assert told_mean(data, "a1") and told(data, "a1") is None
    assert told(data, "a") is None and not told_mean(data, "a")


@pytest.mark.parametrize("seed", range(3))
def test_no_mix_of_means_and_shares_tells_of_few_people(write, seed):
    """Each unit that tells a mean or shares, less the topmost units below that tell either, is nobody or enough."""
    rng = np.random.default_rng(seed)
    sizes = {team: (tuple(rng.choice([0, 3, 9, 10, 12, 25], 3)), int(rng.choice([0, 30]))) for team in TEAMS}
    data = left_open(write, sizes)
    n = {team: sum(given) for team, (given, _) in sizes.items()}
    n |= {"a": n["a1"] + n["a2"], "b": n["b1"] + n["b2"]}
    n["all"] = n["a"] + n["b"]
    known = {unit for unit in n if told_mean(data, unit) or told(data, unit)}

    def topmost(unit: str) -> list[str]:
        children = data.hierarchy.children(unit)
        return [one for child in children for one in ([child] if child in known else topmost(child))]

    left = {unit: n[unit] - sum(n[one] for one in topmost(unit)) for unit in known}
    assert all(count == 0 or count >= 10 for count in left.values()), left


def test_what_a_team_says_of_its_leader_is_not_told_and_that_of_several_is(firm):
    data = firm(dict.fromkeys(TEAMS, (10, 20, 30)))
    assert told(data, "a1", "boss") is None and told(data, "a", "boss") == (20, 40, 60)
    with pytest.raises(NotApplicable, match="There are no scores of these drivers for Winkel 1"):
        question_scores(data, "a1", ["boss"], period="2024")


def test_what_is_left_out_is_counted_by_its_reason(firm):
    data = firm(dict.fromkeys(TEAMS, (10, 20, 30)))
    asked = ["q", "turned", "boss", "unasked"]
    assert question_shares(data, "a1", asked, period="2024").left_out == LeftOut(4, reserved=1, unanswered=1, hidden=0)
    assert question_shares(data, "a", asked, period="2024").left_out == LeftOut(4, reserved=0, unanswered=1, hidden=0)
    found = left_out("abcdef", ["a"], reserved=["b", "c"], answered=["b", "d"])
    assert found == LeftOut(6, reserved=2, unanswered=2, hidden=1)


def test_means_are_turned_and_need_enough_answers(firm):
    data = firm({"a1": (0, 0, 30), "a2": (10, 20, 30), "b1": (10, 20, 30), "b2": (4, 2, 3)})
    frame = question_scores(data, "a2", ["turned", "q"], period="2024").frame
    assert frame["measure"].tolist() == ["turned", "q"]
    assert frame["estimate"].tolist() == pytest.approx([10 / 3 * 1.1, 10 / 3 * 1.1], abs=0.01)
    with pytest.raises(NotApplicable, match="The figures of Winkel 4 are not shown, to protect small groups"):
        question_scores(data, "b2", ["q"], period="2024")


def test_a_team_in_which_all_answered_alike_tells_nothing(firm):
    data = firm({"a1": (0, 0, 30), "a2": (10, 20, 30), "b1": (10, 20, 30), "b2": (10, 20, 30)})
    with pytest.raises(NotApplicable, match="The figures of Winkel 1 are not shown, to protect small groups"):
        question_shares(data, "a1", ["q"], period="2024")


def refusal(write, n_few: int, *, units: str = UNITS) -> str:
    """Say why Winkel 2, of which so many answered in 2024, tells nothing."""
    rows = "".join(f"{unit},2024,3,3,3\n" * n for unit, n in {"a1": 60, "a2": n_few, "b1": 60, "b2": 60}.items())
    earlier = "a2,2021,3,3,3\n" * 60
    answers = f"unit_id,period,q,turned,boss\n{rows}{earlier}"
    data = open_dataset(
        write({"measures.employee": '"engagement"'}, units=units, employee_answers=answers, items=ITEMS)
    )
    with pytest.raises(NotApplicable) as problem:
        question_shares(data, "a2", ["q"], period="2024")
    return str(problem.value)


def test_a_unit_of_which_nobody_answered_reads_as_one_of_which_few_did(write):
    """Else each person invited would be known not to have answered."""
    hidden = "The figures of Winkel 2 are not shown, to protect small groups."
    assert {refusal(write, 0), refusal(write, 4)} == {hidden}


def test_a_dissolved_unit_is_called_so_whoever_still_answered(write):
    ended = (
        UNITS.replace("level\n", "level,valid_to\n").replace(",team\n", ",team,\n").replace(",country\n", ",country,\n")
    )
    ended = ended.replace(",organisation\n", ",organisation,\n").replace("Winkel 2,a,team,", "Winkel 2,a,team,2022")
    dissolved = "Winkel 2 was dissolved after 2022, so it has no figures in 2024 to show."
    assert {refusal(write, 0, units=ended), refusal(write, 4, units=ended)} == {dissolved}
    in_its_last_year = ended.replace("2022", "2024")
    assert "to protect small groups" in refusal(write, 4, units=in_its_last_year)
