"""Moments, climate and weights of a unit: none of them tells of a small group."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.datasets.answer_frames import answers_of
from helpers.datasets.climate import scale_answers, scale_items, scale_reliability, unit_climate
from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.missing_answers import strata_columns, weighted_score
from helpers.datasets.moments import moment_scores
from helpers.datasets.released import released_scores
from helpers.datasets.survey_scores import survey_scores
from helpers.datasets.unit_levels import levels_beside, smallest_seen, usual_spread
from helpers.stats.estimates import NotApplicable

UNITS = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\na,Noord,all,country\nb,Zuid,all,country\n"
ITEMS = """item_id,text_nl,text_en,scale_min,scale_max,reverse,element
q1,Een,One,1,5,false,engagement
q2,Twee,Two,1,5,true,engagement
q3,Drie,Three,1,5,false,engagement
"""


@pytest.fixture(scope="module")
def data(demo) -> Dataset:
    return open_dataset(demo)


@pytest.fixture
def firm(write):
    """Build a firm of two countries from a number of answers to each of 0-10 and further columns."""

    def build(answers: str, **tables: str) -> Dataset:
        return open_dataset(write({"levels.quartile": '"country"'}, units=UNITS, employee_answers=answers, **tables))

    return build


def answers(*groups: tuple[str, int, int]) -> str:
    """Rows of employees: unit, answer, how many."""
    return "unit_id,period,recommend\n" + "".join(f"{unit},2024,{answer}\n" * n for unit, answer, n in groups)


def of_moments(write, *groups):
    rows = (f"{unit},2024,{score},{moment}\n" * n for unit, moment, score, n in groups)
    return open_dataset(write({}, units=UNITS, customer_answers="unit_id,period,recommend,moment\n" + "".join(rows)))


def test_moments_have_scores_of_their_own_below_the_unit(write):
    groups = [(unit, moment, score, 20) for unit in "ab" for moment in ("use", "service") for score in (10, 2)]
    data = of_moments(write, *groups, ("a", "use", 10, 20))
    frame = moment_scores(data, "a", name=str.upper).frame.set_index("unit_id")
    assert frame.loc["use", ["name", "n"]].tolist() == ["USE", 60]
    assert frame["estimate"].round(1).to_dict() == {"all": 20.0, "service": 0.0, "use": 33.3}
    assert frame.loc["all", "name"] == "Noord" and frame["released"].all()


def test_a_moment_of_few_answers_hides_those_of_its_unit_and_of_another_it_would_follow_from(write):
    groups = [(unit, moment, score, 20) for unit in "ab" for moment in ("use", "service") for score in (10, 2)]
    data = of_moments(write, *groups, ("a", "delivery", 10, 3), ("b", "delivery", 5, 30), ("b", "delivery", 10, 30))
    with pytest.raises(NotApplicable, match="moments of Noord are not shown, to protect small groups"):
        moment_scores(data, "a")
    with pytest.raises(NotApplicable, match="moments of Zuid are not shown"):
        moment_scores(data, "b")
    assert moment_scores(data, "all").frame["released"].all()


@pytest.mark.parametrize(("n_without", "is_shown"), [(0, True), (3, False), (10, True)])
def test_the_score_of_a_unit_minus_its_moments_is_not_that_of_a_few(write, n_without, is_shown):
    """A score of all 83 answers and one of the 80 with a moment: the difference would be that of three."""
    groups = [(unit, moment, score, 20) for unit in "ab" for moment in ("use", "service") for score in (10, 2)]
    data = of_moments(write, *groups, ("a", "", 2, n_without))
    if is_shown:
        table = moment_scores(data, "a").frame
        assert set(table["unit_id"]) == {"all", "use", "service"} and table["estimate"].eq(0).all()
        return
    with pytest.raises(NotApplicable, match="moments of Noord are not shown, to protect small groups"):
        moment_scores(data, "a")


def test_answers_without_moments_say_so(firm, write):
    data = open_dataset(write({}, units=UNITS, customer_answers="unit_id,period,recommend\na,2024,9\n"))
    with pytest.raises(NotApplicable, match="do not say at which moment they were given"):
        moment_scores(data, "all")


def test_answers_of_a_scale_are_turned_the_same_way(firm):
    rows = "unit_id,period,recommend,q1,q2,q3\n" + "a,2024,9,5,1,5\na,2024,3,1,5,2\n" * 10
    data = firm(rows, items=ITEMS)
    frame = scale_answers(answers_of(data, "employees", "all", ["q1", "q2", "q3"]), "engagement")
    assert frame.head(2).to_numpy().tolist() == [[5, 5, 5], [1, 1, 2]]
    assert scale_reliability(data, "a", "engagement")["term"].iloc[0] == "alpha"


def test_a_scale_that_few_answered_in_full_is_not_told(firm):
    """Each question has ten answers and more; alpha would be that of three people."""
    rows = "a,2024,9,5,1,5\na,2024,3,1,5,2\na,2024,3,2,4,2\n" + "a,2024,9,5,,4\na,2024,3,,2,\n" * 10
    data = firm("unit_id,period,recommend,q1,q2,q3\n" + rows, items=ITEMS)
    with pytest.raises(NotApplicable, match="figures of Noord are not shown, to protect small groups"):
        scale_reliability(data, "a", "engagement")


def test_an_element_without_questions_says_so(firm):
    with pytest.raises(NotApplicable, match="The dataset has no questions on voice"):
        scale_items(firm(answers(("a", 9, 20)), items=ITEMS), "voice")


def test_two_units_make_no_climate(firm):
    rows = "".join(f"{unit},2024,9,{1 + row % 5},{1 + row % 3},{1 + row % 4}\n" for unit in "ab" for row in range(30))
    data = firm("unit_id,period,recommend,q1,q2,q3\n" + rows, items=ITEMS)
    with pytest.raises(NotApplicable, match="needs 5 of them with figures that may take part; found 2"):
        unit_climate(data, "all", "engagement")


def test_below_a_country_hidden_teams_take_no_part_in_its_climate(data):
    country = data.hierarchy.at_level("country")[0]
    found = unit_climate(data, country, "engagement")
    assert found.below == country and found.n_hidden == 0
    whole = unit_climate(data, data.hierarchy.root, "engagement")
    assert whole.n_hidden >= 40 and whole.iccs["n_clusters"].iloc[0] > found.iccs["n_clusters"].iloc[0]


def test_a_team_is_told_of_the_climate_of_all_teams(data):
    team = data.hierarchy.at_level("team")[0]
    one, all_teams = (unit_climate(data, unit, "engagement") for unit in (team, data.hierarchy.root))
    assert one.below == data.hierarchy.root
    pd.testing.assert_frame_equal(one.iccs, all_teams.iccs)


def weighted(data, unit):
    return weighted_score(data, unit, released_scores(data, units=[unit]), period="2024")


INVITED = "unit_id,period,n_invited,headcount\na,2024,100,100\nb,2024,100,100\n"


def test_units_that_answered_less_count_for_as_many_as_were_invited(firm):
    data = firm(answers(("a", 10, 40), ("a", 8, 20), ("b", 2, 15), ("b", 8, 15)), invited=INVITED)
    found = weighted(data, "all")
    rows = found.effect.set_index("term")["estimate"]
    assert rows["before"] == pytest.approx(100 * (40 - 15) / 90)
    assert rows["after"] == pytest.approx(50 * 40 / 60 - 50 * 15 / 30)
    assert found.by_units and found.n_groups == 2


def test_groups_of_people_weigh_the_whole_and_no_part_of_it(firm):
    rows = "unit_id,period,recommend,age_band\n" + "".join(
        f"{unit},2024,{score},{age}\n" * n
        for unit in "ab"
        for score, age, n in ((10, "young", 30), (8, "young", 20), (2, "old", 10), (8, "old", 10))
    )
    invited = "unit_id,period,n_invited,headcount,age_band\n" + "".join(
        f"{unit},2024,100,100,{age}\n" for unit in "ab" for age in ("young", "old")
    )
    data = firm(rows, invited=invited)
    assert strata_columns(data) == ["age_band"]
    whole = weighted(data, "all")
    assert not whole.by_units and whole.effect.set_index("term").loc["after", "estimate"] == pytest.approx(5)
    with pytest.raises(NotApplicable, match="needs two groups of people who were invited; found 1"):
        weighted(data, "a")


@pytest.mark.parametrize(("n_without", "by_units"), [(0, False), (3, True), (10, False)])
def test_the_score_before_weighting_does_not_tell_the_few_without_a_stratum(firm, n_without, by_units):
    groups = [("a", 10, "young", 30), ("a", 8, "old", 20), ("b", 2, "old", 30), ("b", 8, "young", 20)]
    rows = [f"{unit},2024,{score},{age}\n" * n for unit, score, age, n in [*groups, ("a", 2, "", n_without)]]
    invited = "unit_id,period,n_invited,headcount,age_band\n" + "".join(
        f"{unit},2024,100,100,{age}\n" for unit in "ab" for age in ("young", "old")
    )
    data = firm("unit_id,period,recommend,age_band\n" + "".join(rows), invited=invited)
    assert weighted(data, "all").by_units == by_units


def test_a_stratum_of_few_answers_joins_another_one(firm):
    """Before and after would else tell what its few people answered."""
    rows = "unit_id,period,recommend,age_band\n" + "".join(
        f"a,2024,{score},{age}\n" * n
        for score, age, n in ((10, "young", 30), (8, "young", 20), (2, "old", 4), (10, "middle", 20), (2, "middle", 20))
    )
    rows += "b,2024,8,middle\n" * 20 + "b,2024,10,middle\n" * 20
    invited = "unit_id,period,n_invited,headcount,age_band\n" + "".join(
        f"a,2024,100,100,{age}\n" for age in ("young", "middle", "old")
    )
    assert weighted(firm(rows, invited=invited), "all").n_groups == 2


def test_a_score_told_as_a_limit_is_not_told_exactly_by_weighting(firm):
    data = firm(answers(("a", 10, 60), ("b", 10, 60), ("b", 9, 60)), invited=INVITED.replace("100", "200"))
    with pytest.raises(NotApplicable, match="Nearly all people answered alike, so only a limit is told of enps"):
        weighted(data, "all")


def test_a_hidden_score_is_not_told_by_weighting(firm):
    data = firm(answers(("a", 10, 5), ("b", 10, 60), ("b", 2, 60)), invited=INVITED.replace("100", "200"))
    with pytest.raises(NotApplicable, match="There is no figure of enps to show"):
        weighted(data, "a")


def test_the_smallest_change_shrinks_with_the_root_of_the_answers(data):
    root = data.hierarchy.root
    sides = [answers_of(data, "employees", root, ["person_key"])]
    seen = smallest_seen(data, survey_scores(data, sides, units=[root]), root, "enps")
    sizes = seen["sizes"].set_index("n")["smallest"]
    assert sizes[10] / sizes[1000] == pytest.approx(10)
    assert 0 < seen["smallest"] < sizes[100] and seen["power"] == 0.8


def test_the_usual_spread_is_that_of_promoters_and_detractors(firm):
    """Half promoters, half detractors: every answer is 100 points off."""
    data = firm(answers(("a", 10, 30), ("a", 2, 30), ("b", 10, 30), ("b", 2, 30)))
    assert usual_spread(data, "a", "enps", "2024") == pytest.approx(100)


def test_the_whole_is_told_the_levels_of_units_below_and_a_unit_those_of_its_kind(data):
    country = data.hierarchy.at_level("country")[0]
    of_whole, of_unit = (levels_beside(data, unit, "enps", period="2024") for unit in (data.hierarchy.root, country))
    assert of_whole["is_below"].all() and not of_unit["is_below"].any()
    assert set(of_whole["unit_id"]) == set(of_unit["unit_id"]) <= set(data.hierarchy.at_level("country"))
