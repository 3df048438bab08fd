"""What employees are asked: anything that can be scored will do, and satisfaction on the scale that was asked."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.datasets.checking import check_dataset
from helpers.datasets.dataset import Dataset
from helpers.datasets.hierarchy import Hierarchy
from helpers.datasets.scores import make_scores

ITEMS = """item_id,text_nl,text_en,scale_min,scale_max,reverse,element
q1,Ik ben trots.,I am proud.,1,4,false,engagement
overall,Al met al ben ik tevreden.,Overall I am satisfied.,1,4,false,employee_satisfaction
"""
ANSWERS = "unit_id,period,q1,overall\n011,2024,4,3\n011,2024,2,4\n012,2024,,1\n"
MEASURES = {
    "measures.employee": '"engagement"',
    "measures.customer": '"employee_satisfaction"',
    "measures.outcomes": '["employee_satisfaction"]',
}


def test_a_survey_without_a_question_on_recommending_is_whole(write):
    folder = write(MEASURES, employee_answers=ANSWERS, items=ITEMS)
    assert check_dataset(folder) == []
    scores = Dataset(folder).scores.set_index(["unit_id", "measure"])["estimate"]
    assert scores["001"].to_dict() == {"employee_satisfaction": pytest.approx(8 / 3), "engagement": 3.0}


def test_satisfaction_may_be_asked_on_its_own_alone(write):
    answers = "unit_id,period,satisfaction\n011,2024,7.5\n"
    folder = write(MEASURES | {"measures.employee": '"enps"'}, employee_answers=answers)
    assert [problem.column for problem in check_dataset(folder)] == ["measures.employee", "measures.engagement"]
    assert Dataset(folder).scores["measure"].unique().tolist() == ["employee_satisfaction"]


def test_answers_to_nothing_that_can_be_scored_are_reported(write):
    folder = write(MEASURES, employee_answers="unit_id,period,shoe_size\n011,2024,43\n")
    assert (
        "employee_answers must have a column recommend, satisfaction or one that items names; found none of them. "
        "Add one of them."
    ) in [str(problem) for problem in check_dataset(folder)]


def test_satisfaction_in_a_column_and_in_an_item_would_mix_two_scales(write):
    answers = "unit_id,period,satisfaction,q1,overall\n011,2024,7,4,3\n"
    folder = write(MEASURES, employee_answers=answers, items=ITEMS)
    assert [str(problem) for problem in check_dataset(folder)] == [
        "employee_answers.satisfaction must not be asked beside items of element employee_satisfaction; found both. "
        "Keep the one on the scale that was asked."
    ]


def test_the_two_are_not_scored_together_either():
    tree = Hierarchy(pd.DataFrame({"unit_id": ["a"], "name": ["A"], "parent_id": [None], "level": ["team"]}))
    items = pd.DataFrame(
        {"item_id": ["q"], "scale_min": 1.0, "scale_max": 4.0, "reverse": False, "element": "employee_satisfaction"}
    )
    answers = pd.DataFrame({"unit_id": ["a"], "period": "2024", "satisfaction": [7.0], "q": [3.0]})
    with pytest.raises(ValueError, match="employee_satisfaction must come from a column or from items; found both"):
        make_scores({"employee_answers": answers, "items": items}, tree)
