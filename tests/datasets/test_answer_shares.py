"""Shares of promoters, passives and detractors, and of single answers: none of them tells of a few people."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest

from helpers.datasets.answer_frames import answers_of
from helpers.datasets.answer_shares import evened_by_class, released_classes, released_shares
from helpers.datasets.dataset import Dataset, open_dataset
from helpers.stats.estimates import NotApplicable

CLASSES = np.array(["detractors"] * 7 + ["passives"] * 2 + ["promoters"] * 2)
UNITS = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\na,Noord,all,country\nb,Zuid,all,country\n"


@pytest.fixture
def firm(write):
    """Build a firm of two countries, and units below them, from groups of employees: unit, answer, how many."""

    def build(*groups: tuple[str, int, int], below: str = "") -> Dataset:
        rows = "".join(f"{unit},2024,{answer}\n" * n for unit, answer, n in groups)
        return open_dataset(write({}, units=UNITS + below, employee_answers="unit_id,period,recommend\n" + rows))

    return build


def test_a_class_that_is_not_told_keeps_its_share_and_nothing_else():
    shares = np.array([0, 0, 3, 0, 9, 0, 20, 30, 30, 30, 30]) / 152
    told = evened_by_class(shares, CLASSES, ["passives", "promoters"])
    assert told[:7].tolist() == pytest.approx([32 / 152 / 7] * 7) and told[7:].tolist() == shares[7:].tolist()


def test_the_spread_of_a_large_unit_is_that_of_its_answers(firm):
    groups = [(unit, answer, 20) for unit in "ab" for answer in range(11)]
    data = firm(*groups)
    frame = released_shares(answers_of(data, "employees", "all", [])).frame
    assert frame["estimate"].tolist() == pytest.approx([1 / 11] * 11) and frame["n"].eq(440).all()


def test_a_spread_that_is_mostly_evened_out_is_not_shown(firm):
    data = firm(*[(unit, answer, 3) for unit in "ab" for answer in range(11)])
    with pytest.raises(NotApplicable, match="Too few people of Noord gave each answer to show how their answers are"):
        released_shares(answers_of(data, "employees", "a", []))


def spread(data, unit):
    """Told people by answer, as whoever knows the number of answers reckons them."""
    frame = released_shares(answers_of(data, "employees", unit, [])).frame
    return (frame["estimate"] * frame["n"]).round(6).tolist()


def test_what_few_of_a_class_answered_does_not_show_in_where_nobody_did(firm):
    """There are 16 detractors; that nobody gave 0 to 4 would tell what all of them answered."""
    few = [("a", answer, 8) for answer in (5, 6)]
    data = firm(*[("a", answer, 40) for answer in (7, 8, 9, 10)], *few, ("b", 2, 40), ("b", 9, 40))
    assert len(set(spread(data, "a")[:7])) == 1


@pytest.mark.parametrize(("n_left", "is_told"), [(0, True), (3, False), (10, True)])
def test_answers_of_a_unit_minus_those_of_units_below_are_not_those_of_few(firm, n_left, is_told):
    """Country b is shown, but not answer by answer; the whole minus country a would tell it, so a keeps silent too."""
    groups = [*(("a", answer, 40) for answer in (2, 7, 8)), ("a", 9, 30), ("a", 10, 50)]
    data = firm(*groups, ("b", 10, n_left), ("b", 9, 30), ("b", 8, 20), ("b", 2, 20))
    assert spread(data, "all")[9:] == [60, 50 + n_left]
    assert spread(data, "a")[9:] == ([30, 50] if is_told else [40, 40])
    assert len(set(spread(data, "b")[9:])) == 1 + is_told


def test_classes_that_would_belie_the_score_are_not_shown(firm):
    data = firm(("a", 10, 40), ("a", 8, 30), ("a", 3, 4), ("b", 9, 50), ("b", 7, 50), ("b", 1, 50))
    with pytest.raises(NotApplicable, match="Too few people of Noord"):
        released_classes(answers_of(data, "employees", "a", []))
    shown = released_classes(answers_of(data, "employees", "all", [])).frame.set_index("category")
    assert shown["estimate"].tolist() == pytest.approx([90 / 224, 80 / 224, 54 / 224]) and shown["ci_low"].notna().all()


@pytest.mark.parametrize("told", [released_classes, released_shares])
@pytest.mark.parametrize(("n_left", "is_told"), [(0, True), (3, False), (9, False), (10, True)])
def test_classes_of_a_unit_minus_those_of_units_below_are_not_those_of_few(firm, told, n_left, is_told):
    """The whole less country a would tell the few detractors of country b, so that both countries keep silent."""
    groups = [(unit, answer, 40) for unit in "ab" for answer in (8, 10)]
    data = firm(*groups, ("a", 2, 40), ("b", 2, n_left))
    whole, *countries = (answers_of(data, "employees", unit, []) for unit in ("all", "a", "b"))
    assert len(told(whole).frame)
    for country in countries:
        if is_told:
            assert len(told(country).frame)
        else:
            with pytest.raises(NotApplicable, match=r"Too few people of (Noord|Zuid)"):
                told(country)


@pytest.mark.parametrize("seed", range(3))
def test_no_classes_of_one_page_less_those_of_others_are_those_of_few(firm, seed):
    """From either table: what is left of each unit after the topmost units below that tell anything."""
    rng = np.random.default_rng(seed)
    teams = {f"{country}{at}": rng.choice([0, 3, 9, 10, 12, 25], 3) for country in "ab" for at in range(3)}
    below = "".join(f"{team},Team {team},{team[0]},team\n" for team in teams)
    groups = [(team, score, n) for team, sizes in teams.items() for score, n in zip((10, 8, 2), sizes, strict=True)]
    data = firm(*groups, below=below)
    sizes = {
        unit: sum(n for team, n in teams.items() if unit in data.hierarchy.path(team))
        for unit in data.hierarchy.subtree("all")
    }
    known = {unit for unit in sizes if tells_classes(data, unit)}
    left = {unit: sizes[unit] - sum(sizes[one] for one in topmost(data, unit, known)) for unit in known}
    assert all(((counts == 0) | (counts >= 10)).all() for counts in left.values()), left


def tells_classes(data, unit):
    one = answers_of(data, "employees", unit, [])
    for told in (released_classes, released_shares):
        with suppress(NotApplicable):
            return len(told(one).frame) > 0
    return False


def topmost(data, unit, known):
    children = data.hierarchy.children(unit)
    return [one for child in children for one in ([child] if child in known else topmost(data, child, known))]


def test_a_hidden_unit_has_no_spread(firm):
    data = firm(("a", 10, 6), ("b", 10, 60), ("b", 2, 60))
    with pytest.raises(NotApplicable, match="figures of Noord are not shown, to protect small groups"):
        released_shares(answers_of(data, "employees", "a", []))
