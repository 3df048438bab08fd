"""The chain is made of what was asked; halves are of people; nothing tells of few people, or of one manager."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.chain_constructs import chosen_constructs
from helpers.datasets.chain_panel import MIN_UNITS, chain_panel
from helpers.datasets.dataset import open_dataset
from helpers.datasets.released import TOGETHER
from helpers.stats.estimates import NotApplicable

STAFF = ("voice", "customer_orientation")


def panel_of(dataset, **choices):
    return chain_panel(dataset, rng=np.random.default_rng(1), **choices)


@pytest.fixture(scope="module")
def company(demo):
    return open_dataset(demo)


@pytest.fixture(scope="module")
def chain(company):
    return panel_of(company)


def test_the_demo_has_the_whole_chain_and_both_steps_beyond(chain):
    assert chain.chain == [("leadership", "culture"), ("culture", "behaviour"), ("behaviour", "customer_satisfaction")]
    assert chain.loyalty == [("customer_satisfaction", "nps"), ("customer_satisfaction", "repurchase")]
    assert chain.sincere == [("engagement", "sincerity", "nps"), ("engagement", "sincerity", "repurchase")]
    assert chain.missing == () and not chain.withheld
    assert set(chain.sources.values()) == {"employees", "customers"}


def test_a_construct_of_one_element_is_its_score(company, chain):
    scores = company.scores[company.scores["measure"].isin(["engagement", "nps", "repurchase"])]
    wide = scores.pivot(index=["unit_id", "period"], columns="measure", values="estimate").reset_index()
    both = chain.panel.merge(
        wide, left_on=["entity", "period"], right_on=["unit_id", "period"], suffixes=("", "_score")
    )
    for name in ("engagement", "nps", "repurchase"):
        known = both.dropna(subset=[name])
        assert len(known) > 0.9 * len(both)
        assert known[name].to_numpy() == pytest.approx(known[f"{name}_score"].to_numpy())


def test_a_construct_of_several_elements_is_the_mean_of_their_questions(company, chain):
    row = chain.panel.iloc[7]
    answers = company.table("employee_answers")
    own = answers[(answers["unit_id"] == row["entity"]) & (answers["period"] == row["period"])]
    by_person = own[["voice_1", "communication_1", "room_to_act_1"]].mean(axis=1)
    assert row["culture"] == pytest.approx(by_person.mean())


def test_halves_are_of_people_who_stay_in_theirs(company, chain):
    panel = chain.panel.dropna(subset=["engagement_a", "engagement_b"])
    low, high = panel[["engagement_a", "engagement_b"]].min(axis=1), panel[["engagement_a", "engagement_b"]].max(axis=1)
    assert ((panel["engagement"] >= low - 1e-9) & (panel["engagement"] <= high + 1e-9)).all()
    # Persons have lasting dispositions, so half a of one wave goes with half a of the next more than with half b.
    later = panel.groupby("entity")[["engagement_a", "engagement_b"]].shift(-1)
    same, other = (later["engagement_a"].corr(panel[f"engagement_{half}"]) for half in "ab")
    assert same > other + 0.1


def test_the_same_seed_draws_the_same_halves(company, chain):
    pd.testing.assert_frame_equal(chain.panel, panel_of(company).panel)


def test_roles_may_be_made_of_something_else(company):
    chosen = {"culture": "voice", "experience": "nps", "behaviour": "service_behaviour"}
    found = panel_of(company, chosen=chosen)
    assert found.chain == [("leadership", "voice"), ("voice", "service_behaviour"), ("service_behaviour", "nps")]
    assert found.loyalty == [("nps", "repurchase")]


def test_an_element_stands_in_one_role_only(company):
    with pytest.raises(ValueError, match="elements must each stand in one role of the chain; found 'voice' in two"):
        chosen_constructs(company, {"culture": "voice", "behaviour": "voice service_behaviour"})


def test_an_element_is_a_measure_of_the_dataset(company):
    with pytest.raises(ValueError, match="culture must be made of measures of the dataset; found 'voise'"):
        chosen_constructs(company, {"culture": "voise"})


def test_the_elements_of_a_role_have_one_source(company):
    with pytest.raises(ValueError, match="elements of culture must have one source; found customers, employees"):
        chosen_constructs(company, {"culture": "voice sincerity"})


def test_below_another_unit_no_team_tells_of_its_manager(company):
    found = panel_of(company, below="NL")
    assert found.withheld and found.missing == ("leadership",)
    assert not [column for column in found.panel if "leadership" in column or "management" in column]
    shown = company.mask.frame
    hidden = shown[(shown["hidden_by"] != "") & (shown["family"] == "employees")]
    places = set(zip(hidden["unit_id"], hidden["period"], strict=True))
    told = found.panel.dropna(subset=["culture"])
    assert not places & set(zip(told["entity"], told["period"], strict=True))


def test_units_above_teams_may_tell_of_leadership(company):
    found = panel_of(company, level="business unit", below="")
    assert not found.withheld and "leadership" in found.panel


def firm(write, *, n_teams: int = 60, n_small: int = 0, served=None, elements=STAFF):
    """Build a firm of teams with given scores, the first few of 9 answers, and customers of some of them."""
    units = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\n"
    units += "".join(f"t{team},Team {team},all,team\n" for team in range(n_teams))
    counts = [9 if team < n_small else 60 for team in range(n_teams)]
    scores = "unit_id,period,measure,estimate,n,se\n"
    for period in (2023, 2024):
        for measure in elements:
            scores += f"all,{period},{measure},3,{sum(counts) + 500},1\n"
            scores += "".join(f"t{at},{period},{measure},{3 + at / 100},{n},.2\n" for at, n in enumerate(counts))
        asked = range(n_teams) if served is None else served
        scores += f"all,{period},customer_satisfaction,7,90000,1\n"
        scores += "".join(f"t{at},{period},customer_satisfaction,{7 + at / 50},60,.2\n" for at in asked)
    return open_dataset(write(units=units, scores=scores))


@pytest.mark.parametrize(("n_known", "takes_part"), [(1, False), (TOGETHER - 1, False), (TOGETHER, True)])
def test_hidden_units_take_part_where_many_have_both_sides(write, n_known, takes_part):
    """Staff of 45 teams are hidden; if few have customers, the result less the shown teams tells theirs."""
    found = panel_of(firm(write, n_small=45, served=[*range(n_known), *range(45, 60)]))
    both = set(found.panel.dropna(subset=["customer_orientation", "customer_satisfaction"])["entity"])
    small = {f"t{team}" for team in range(45)}
    assert both & small == ({f"t{team}" for team in range(n_known)} if takes_part else set())


@pytest.mark.parametrize(("n_teams", "takes_part"), [(TOGETHER - 1, False), (TOGETHER, True)])
def test_leadership_of_single_teams_takes_part_only_where_many_do(write, n_teams, takes_part):
    elements = (*STAFF, "hands_on_management")
    found = panel_of(firm(write, n_teams=n_teams, elements=elements))
    assert ("hands_on_management" in found.panel) == takes_part
    assert found.withheld != takes_part


def test_given_scores_have_no_halves(write):
    assert not [column for column in panel_of(firm(write)).panel if column.endswith(("_a", "_b"))]


def test_few_units_are_not_halved(company):
    few = panel_of(company, level="country")
    assert few.panel["entity"].nunique() >= MIN_UNITS and "culture_a" in few.panel
    below = panel_of(company, level="business unit", below="NL")
    assert below.panel["entity"].nunique() < MIN_UNITS and "culture_a" not in below.panel


ITEMS = "item_id,text_nl,text_en,scale_min,scale_max,reverse,element\n" + "".join(
    f"{element}_1,Vraag,Question,1,5,false,{element}\n" for element in STAFF
)


def answered(write, *, n_served: int, moved: int = 0, n_small: int = 0):
    """Build a firm of two countries of 25 teams from answers; the first few are small, and say `moved` points more."""
    rng = np.random.default_rng(3)
    units = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\nn,Noord,all,country\nz,Zuid,all,country\n"
    units += "".join(f"t{team},Team {team},{'nz'[team % 2]},team\n" for team in range(50))
    staff, served = (
        "unit_id,period,recommend,voice_1,customer_orientation_1\n",
        "unit_id,period,recommend,satisfaction\n",
    )
    for year, team in product((2023, 2024), range(50)):
        small = team < n_small
        for voice, oriented in rng.integers(1, 4, size=(9 if small else 12, 2)):
            staff += f"t{team},{year},{3 * oriented},{voice + moved * small},{oriented}\n"
        if team < 2 * n_served:
            served += "".join(f"t{team},{year},{one},{one}\n" for one in rng.integers(5, 11, size=12))
    tables = {"units": units, "items": ITEMS, "employee_answers": staff, "customer_answers": served}
    return open_dataset(write({"levels.quartile": '"team"'}, **tables))


@pytest.mark.parametrize(("n_served", "halved"), [(MIN_UNITS - 1, False), (MIN_UNITS, True)])
def test_halves_are_taken_where_enough_units_have_both_sides(write, n_served, halved):
    """Of 25 teams below Noord some have customers: a link over few of them rests on no halves of their staff."""
    panel = panel_of(answered(write, n_served=n_served), below="n").panel
    assert panel["entity"].nunique() == 25
    assert ("customer_orientation_a" in panel) == halved


def test_what_hidden_teams_answered_moves_nothing_below_another_unit(write):
    panels = [panel_of(answered(write, n_served=25, n_small=4, moved=moved), below="n").panel for moved in (0, 2)]
    pd.testing.assert_frame_equal(*panels)
    told = panels[0].dropna(subset=["voice"])["entity"]
    assert "voice_a" in panels[0] and not {"t0", "t2"} & set(told)


def test_without_two_neighbours_there_is_no_chain(write):
    units = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\nt1,Team,all,team\n"
    scores = "unit_id,period,measure,estimate,n,se\nall,2023,voice,3,90,.1\nt1,2023,voice,3,90,.1\n"
    with pytest.raises(NotApplicable, match="two neighbours of leadership, culture, behaviour and experience"):
        panel_of(open_dataset(write(units=units, scores=scores)))


def test_schools_have_a_chain_of_their_own(chicago):
    found = panel_of(open_dataset(chicago))
    assert [construct.name for construct in found.constructs.values()] == [
        "effective_leaders",
        "collaborative_teachers",
        "supportive_environment",
        "student_attendance",
    ]
    assert list(found.sources.values()) == ["teachers", "teachers", "students", "booked student_attendance"]
