"""What drives what, and the rows it is tested on: persons in their groups, units, halves of their people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.contract import BERSIN_ELEMENTS
from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.driver_choice import ELEMENTS, QUESTIONS, driver_choice
from helpers.datasets.driver_frames import driver_frames, smallest_standardised
from helpers.datasets.driver_scores import question_texts, target_score, told_questions, unit_standing
from helpers.datasets.left_out import LeftOut
from helpers.datasets.person_answers import person_answers
from helpers.stats.driver_looks import driver_looks
from helpers.stats.estimates import NotApplicable

UNITS = (
    "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\na,Noord,all,team\nb,Zuid,all,team\nc,Klein,all,team\n"
)
ITEMS = """item_id,text_nl,text_en,scale_min,scale_max,reverse,element
q1,Een,One,1,5,false,engagement
q2,,Two,1,5,true,engagement
q3,Drie,,1,5,false,voice
q4,Vier,Four,1,7,false,valued
happy,Al met al,Overall,1,5,false,employee_satisfaction
"""


@pytest.fixture(scope="module")
def data(demo) -> Dataset:
    return open_dataset(demo)


@pytest.fixture(scope="module")
def frames(data):
    return driver_frames(data, rng=np.random.default_rng(1))


@pytest.fixture
def firm(write):
    rng = np.random.default_rng(1)
    sizes = {"a": 40, "b": 40, "c": 4}
    rows = [
        f"{unit},2024,{','.join(str(one) for one in rng.integers(1, 6, 5))}"
        for unit, n in sizes.items()
        for _ in range(n)
    ]
    answers = "unit_id,period,q1,q2,q3,q4,happy\n" + "\n".join(rows) + "\n"
    return open_dataset(
        write({"measures.employee": '"engagement"'}, units=UNITS, employee_answers=answers, items=ITEMS)
    )


def test_bersins_elements_are_the_drivers_of_engagement_where_they_were_asked(data):
    choice = driver_choice(data)
    assert (choice.kind, choice.outcome, choice.drivers) == (ELEMENTS, "engagement", BERSIN_ELEMENTS)


def test_else_questions_are_the_drivers_of_satisfaction_and_never_of_themselves(firm):
    choice = driver_choice(firm)
    assert (choice.kind, choice.outcome) == (QUESTIONS, "employee_satisfaction")
    assert choice.drivers == ("q1", "q2", "q3", "q4")


def test_what_is_asked_for_by_name_is_taken_or_refused(firm):
    assert driver_choice(firm, outcome="voice", drivers="valued, q1").drivers == ("valued", "q1")
    with pytest.raises(NotApplicable, match="These data have no answers and no scores of employees on purpose"):
        driver_choice(firm, drivers="purpose,voice")


@pytest.mark.parametrize("drivers", ["voice,voice", "valued,voice"])
def test_a_driver_is_named_once_and_is_not_the_outcome(firm, drivers):
    with pytest.raises(ValueError, match="drivers must name each driver once, without the outcome 'valued'; found"):
        driver_choice(firm, outcome="valued", drivers=drivers)


def test_an_outcome_that_is_not_known_is_named(firm):
    with pytest.raises(NotApplicable, match="These data have no answers and no scores of employees on nonsense"):
        driver_choice(firm, outcome="nonsense")


def test_a_period_without_scores_gives_the_reason_in_a_sentence(civil_service):
    with pytest.raises(NotApplicable, match="These units have no scores of engagement"):
        driver_frames(open_dataset(civil_service), period="1999", rng=np.random.default_rng(1))


def test_what_was_not_answered_is_named(firm):
    with pytest.raises(NotApplicable, match="These data have no answers of employees on enps"):
        driver_frames(firm, outcome="enps", drivers="voice,valued", rng=np.random.default_rng(1))


def test_few_units_give_the_reason_in_a_sentence(firm):
    frames = driver_frames(firm, rng=np.random.default_rng(1))
    with pytest.raises(NotApplicable, match="This needs 5 groups of people; found 2"):
        driver_looks(
            frames.rows, outcome="employee_satisfaction", drivers=frames.choice.drivers, rng=None, smallest_effect=0.1
        )


def test_a_person_counts_as_deviation_from_the_nearest_shown_unit(firm):
    """Klein is too small, and another unit is hidden with it."""
    frame = person_answers(firm, ["q1"]).frame
    assert frame.groupby("unit_id")["group"].unique().str[0].to_dict() == {"a": "all", "b": "b", "c": "all"}


def test_what_is_turned_is_turned_and_means_are_of_the_questions_answered(firm):
    people = person_answers(firm, ["engagement", "q2"])
    raw = people.answers.frame
    assert people.frame["q2"].tolist() == (6 - raw["q2"]).tolist()
    assert people.frame["engagement"].tolist() == ((raw["q1"] + 6 - raw["q2"]) / 2).tolist()


def test_the_noise_of_a_mean_is_what_its_questions_do_not_share(data):
    people = person_answers(data, ["trust_in_leadership"])
    items = people.answers.frame[["trust_in_leadership_1", "trust_in_leadership_2"]]
    within = items - items.groupby(people.frame["group"]).transform("mean")
    known = within.dropna()
    expected = ((known.iloc[:, 0] - known.iloc[:, 1]) ** 2).mean() / 4
    assert people.frame["trust_in_leadership_error"].mean() == pytest.approx(expected, rel=1e-3)


def test_every_look_has_its_rows_and_nobody_is_in_both_halves(data, frames):
    assert list(frames.rows) == ["persons", "units", "halves", "corrected"]
    units = frames.rows["units"].set_index("unit_id")
    halves = frames.halves.set_index("entity")
    assert set(halves.index) <= set(units.index)
    people = frames.people.groupby("unit_id")["engagement"].agg(["sum", "count"])
    one = halves.index[0]
    first, second = halves.loc[one, ["engagement_a", "engagement_b"]]
    n = int(people.loc[one, "count"])
    assert (first * -(-n // 2) + second * (n // 2)) == pytest.approx(people.loc[one, "sum"])


def test_the_truth_of_the_demo_comes_back(data, frames):
    looks = driver_looks(
        frames.rows,
        outcome="engagement",
        drivers=frames.choice.drivers,
        rng=np.random.default_rng(1),
        smallest_effect=smallest_standardised(data),
    )
    corrected = looks.looks["corrected"].slopes
    true = [0.20, 0.32, 0.12, 0.06, 0.26]
    assert (corrected["raw_low"] <= true).all() and (true <= corrected["raw_high"]).all()
    assert looks.study.shares["rank"].tolist() == [3, 1, 4, 5, 2]
    linked = looks.study.slopes.set_index("term")["verdict"]
    assert (linked.drop("growth_opportunity") == "yes").all(), "the smallest may be too small to tell"


def test_truth_comes_back_over_many_companies_and_nothing_is_found_where_nothing_is():
    """From companies.py, through the whole way from answers to verdicts."""
    table = pd.read_csv(Path(__file__).parents[1] / "reference" / "drivers" / "companies.csv").set_index("company")
    assert (table["slopes_hold"] >= 0.9).all() and (table["ranks_hold"] >= 0.95).all()
    assert table.loc["no drivers", "any_linked"] <= 0.1 and table.loc["no drivers", "any_ranked"] <= 0.05
    assert table.loc["demo-null", "context_yes"] == 0 and table.loc["demo", "context_yes"] >= 0.6
    assert (table["between_holds"] >= 0.85).all() and (table["others_left"] <= 0.05).all()


def test_a_leader_may_see_scores_of_a_team_but_not_those_on_its_leader(data, frames):
    looks = driver_looks(
        {"persons": frames.people},
        outcome="engagement",
        drivers=frames.choice.drivers,
        rng=np.random.default_rng(1),
        smallest_effect=0.1,
        n_boot=50,
    )
    mask = data.mask.frame
    open_teams = mask[(mask["hidden_by"] == "") & (mask["period"] == frames.period) & (mask["family"] == "employees")]
    team = next(one for one in open_teams["unit_id"] if data.hierarchy.level(one) == "team")
    found = unit_standing(data, team, frames.choice, looks.study, period=frames.period, share=0.625)
    assert set(found.standings) == {"meaningful_work", "positive_environment", "growth_opportunity"}
    assert found.target == 3.5
    assert found.left_out == LeftOut(total=5, reserved=2, unanswered=0, hidden=0)


def test_a_hidden_team_has_neither_strengths_nor_weaknesses(data, frames):
    mask = data.mask.frame
    hidden = mask[(mask["hidden_by"] != "") & (mask["period"] == frames.period) & (mask["family"] == "employees")]
    study = driver_looks(
        {"persons": frames.people},
        outcome="engagement",
        drivers=frames.choice.drivers,
        rng=np.random.default_rng(1),
        smallest_effect=0.1,
        n_boot=50,
    ).study
    with pytest.raises(NotApplicable, match="are not shown, to protect small groups"):
        unit_standing(data, hidden["unit_id"].iloc[0], frames.choice, study, period=frames.period, share=0.625)
    units = data.hierarchy.units
    with pytest.raises(NotApplicable, match=r"was dissolved after \d{4}, so it has no figures in 2024 to show"):
        unit_standing(
            data,
            units.loc[units["valid_to"].notna(), "unit_id"].iloc[0],
            frames.choice,
            study,
            period="2024",
            share=0.625,
        )


def test_a_target_beyond_the_answers_is_refused(data, frames):
    with pytest.raises(ValueError, match=r"target must lie between 0 \(lowest answer\) and 1 \(highest\); found 3.5"):
        unit_standing(data, "NL", frames.choice, None, period=frames.period, share=3.5)


def test_drivers_of_several_scales_have_no_one_target(firm):
    choice = driver_choice(firm)
    with pytest.raises(NotApplicable, match="The drivers have no one scale"):
        target_score(firm, choice, share=0.5)


def test_questions_go_by_their_text_in_either_language(firm):
    assert question_texts(firm, "nl") == {"q1": "Een", "q2": "Two", "q3": "Drie", "q4": "Vier", "happy": "Al met al"}
    assert told_questions(firm, driver_choice(firm)) == ["q1", "q2", "q3", "q4"]
