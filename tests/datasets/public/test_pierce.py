"""Pierce County: which rows become whose answers, on a made-up workbook; on the real one, what was found before."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.checking import check_dataset
from helpers.datasets.dataset import Dataset
from helpers.datasets.public import fetch
from helpers.datasets.public.pierce import FILES, build, unit_id
from helpers.datasets.public.pierce_answers import ITEMS, SHEET, read_rows, same_order
from helpers.datasets.public.source import Built
from helpers.datasets.released import released_scores

REAL = os.environ.get("EXCX_REAL_DATA", "")
needs_real_data = pytest.mark.skipif(
    not REAL, reason="EXCX_REAL_DATA does not name the folder with the published files"
)
DEPARTMENTS = ["Sheriff's Department", "Exec Office & Directors", "Sheriff's Department", "Human Services"]
ENGAGEMENT = [name for name, item in ITEMS.items() if item.element == "engagement"]


def survey(**answers: list[object]) -> pd.DataFrame:
    """Write four people's answers as the publisher does: all of one question, then all of the next; 3 unless told."""
    blocks = [
        pd.DataFrame(
            {
                "Department": DEPARTMENTS,
                **dict.fromkeys(("Director", "Manager", "Supervisor", "Staff"), 0),
                "Question": f"{number}. {item.text_en}",
                "Response": answers.get(name, 3),
            }
        )
        for number, (name, item) in enumerate(ITEMS.items(), start=1)
    ]
    rows = pd.concat(blocks, ignore_index=True)
    return rows.assign(**{"Response ID": rows.index + 1})


def built(tmp_path: Path, rows: pd.DataFrame) -> Built:
    rows.to_excel(tmp_path / "survey.xlsx", sheet_name=SHEET, index=False)
    return build({"survey.xlsx": tmp_path / "survey.xlsx"})


def answers(tmp_path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    return built(tmp_path, rows).tables["employee_answers"]


def test_each_person_gets_one_row_and_not_applicable_is_missing(tmp_path):
    found = answers(tmp_path, survey(mission=[4, 0, None, 1], overall=[1, 2, 3, 4]))
    assert found["mission"].tolist() == pytest.approx([4, np.nan, np.nan, 1], nan_ok=True)
    assert found["overall"].tolist() == [1, 2, 3, 4]


def test_only_unit_period_and_questions_are_taken_over(tmp_path):
    assert list(answers(tmp_path, survey())) == ["unit_id", "period", *ITEMS]


def test_a_row_that_stands_twice_counts_once(tmp_path):
    rows = survey(overall=[1, 2, 3, 4])
    twice = pd.concat([rows, rows.tail(2)]).sort_values("Response ID", kind="stable")
    assert answers(tmp_path, twice)["overall"].tolist() == [1, 2, 3, 4]


def test_a_row_that_stands_too_high_is_put_back_with_those_it_pushed_down(tmp_path):
    rows = survey(overall=[1, 2, 3, 4])
    start = len(rows) - len(DEPARTMENTS)
    moved = rows.iloc[[*range(start), start + 3, start, start + 1, start + 2]]
    made = built(tmp_path, moved.assign(**{"Response ID": rows["Response ID"].tolist()}))
    assert made.tables["employee_answers"]["overall"].tolist() == [1, 2, 3, 4]
    assert "In 1 questions" in made.dictionary and "4 answers are not in the place" in made.dictionary


def test_rows_that_are_alike_keep_their_order():
    assert same_order(["a", "b", "b", "c"], ["c", "a", "b", "b"]) == [1, 2, 3, 0]


def test_questions_put_to_different_people_are_refused():
    with pytest.raises(ValueError, match=r"Every question must list the same people; found others in one of them."):
        same_order(["a", "b"], ["a", "c"])


def test_both_spellings_of_a_question_are_one(tmp_path):
    rows = survey()
    rows["Question"] = rows["Question"].str.replace("learn and grow", "learn & grow") + " "
    assert answers(tmp_path, rows)["learn_and_grow"].tolist() == [3] * 4


def test_an_unknown_question_is_refused(tmp_path):
    rows = survey().replace({"Question": {"6. I have a best friend at work": "6. I have a friend"}})
    with pytest.raises(ValueError, match=r"Question must be one of the ten that are known; found '6. I have a friend'"):
        built(tmp_path, rows)


@pytest.mark.parametrize("answer", [5, 2.5, "yes"])
def test_an_answer_outside_the_scale_is_refused(tmp_path, answer):
    with pytest.raises(ValueError, match=rf"Response must be 0 to 4; found '{answer}' \(1 rows\)"):
        built(tmp_path, survey(mission=[1, answer, 1, 1]))


def test_departments_hang_below_the_county(tmp_path):
    units = built(tmp_path, survey()).tables["units"].set_index("unit_id")
    assert units["parent_id"].dropna().unique().tolist() == ["pierce-county"]
    assert units.loc[unit_id("Exec Office & Directors"), "name"] == "Exec Office & Directors"


@pytest.fixture(scope="module")
def pierce(tmp_path_factory) -> Dataset:
    return Dataset(fetch("pierce", tmp_path_factory.mktemp("pierce"), REAL))


@pytest.fixture(scope="module")
def file_rows() -> pd.DataFrame:
    return read_rows(Path(REAL) / "pierce_county" / next(iter(FILES)))


@needs_real_data
def test_the_file_gives_a_dataset_without_problems(pierce):
    assert check_dataset(pierce.folder) == []


@needs_real_data
def test_the_file_holds_1471_people_in_21_departments_and_ten_questions(pierce):
    people = pierce.table("employee_answers")
    assert (len(people), people["unit_id"].nunique(), len(ITEMS)) == (1471, 21, 10)
    assert people[list(ITEMS)].isna().all(axis=1).sum() == 5
    assert people["unit_id"].value_counts()[["sheriffs-department", "family-justice-center"]].tolist() == [182, 4]


@needs_real_data
def test_putting_rows_back_changes_no_mean_of_a_department(pierce, file_rows):
    of_file = file_rows.assign(unit_id=file_rows["Department"].map(unit_id)).groupby(["unit_id", "item"])["answer"]
    people = pierce.table("employee_answers").melt("unit_id", list(ITEMS), "item", "answer")
    made = people.groupby(["unit_id", "item"])["answer"]
    pd.testing.assert_frame_equal(made.agg(["count", "mean"]), of_file.agg(["count", "mean"]))


@needs_real_data
def test_putting_rows_back_makes_the_answers_those_of_one_person(pierce, file_rows):
    known, doubtful = file_rows[file_rows["item"] == "overall"], file_rows[file_rows["item"] == "do_best"]
    by_place = np.flatnonzero(known["who"].to_numpy() != doubtful["who"].to_numpy())
    off = slice(0, by_place.max() + 1)
    before = known["answer"].reset_index(drop=True)[off].corr(doubtful["answer"].reset_index(drop=True)[off])
    people = pierce.table("employee_answers")
    assert (off.stop, before) == (649, pytest.approx(0, abs=0.1))
    assert people["overall"][off].corr(people["do_best"][off]) == pytest.approx(0.7, abs=0.05)
    assert people["overall"][off.stop :].corr(people["do_best"][off.stop :]) == pytest.approx(0.7, abs=0.05)


@needs_real_data
def test_means_of_the_county_are_those_of_the_file(pierce):
    scores = pierce.scores.query("unit_id == 'pierce-county'").set_index("measure")
    people = pierce.table("employee_answers")
    assert scores["estimate"].to_dict() == pytest.approx(
        {
            "engagement": people[ENGAGEMENT].mean(axis=1).mean(),
            "employee_satisfaction": people["overall"].mean(),
            "hands_on_management": people["accountability"].mean(),
            "positive_environment": people["inclusion"].mean(),
        }
    )
    assert scores.loc["employee_satisfaction", ["estimate", "n"]].tolist() == [pytest.approx(3.0213, abs=5e-5), 1452]
    assert people[list(ITEMS)].mean().round(3).tolist() == [
        *(3.493, 3.138, 2.805, 3.293, 3.131, 2.601, 3.040, 2.949, 3.137, 3.021)
    ]


@needs_real_data
def test_the_two_departments_with_fewer_than_ten_people_are_not_shown(pierce):
    departments = pierce.hierarchy.at_level("department")
    table = released_scores(pierce, units=["pierce-county", *departments]).frame
    small = table["unit_id"].isin(["family-justice-center", "economic-development"])
    assert table.loc[small, "estimate"].isna().all() and table.loc[~small & (table["n"] > 0), "estimate"].notna().any()
    assert not table.loc[~small & table["measure"].eq("engagement"), "estimate"].isna().any()
