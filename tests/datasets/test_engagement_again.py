"""Engagement measured again: in the waves beside, and in halves of the people of a unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.dataset import Dataset
from helpers.datasets.engagement_again import (
    OTHER_HALF,
    OTHERS,
    SAME_HALF,
    half_frame,
    neighbour_waves,
    waves_beside,
)
from helpers.datasets.panels import quartile_frames
from helpers.stats.estimates import NotApplicable

PEOPLE = {"a": 15, "c": 32, "d": 21}
# Two with too few people, and one that is hidden with them so that they cannot be worked out.
HIDDEN = {"b": 14, "e": 6, "f": 7}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three teams that may be shown and three that may not, whose people answer 1, 2, 3 … on engagement."""
    folder, teams = tmp_path_factory.mktemp("answers"), PEOPLE | HIDDEN
    units = [("all", "All", None, "organisation"), *((team, team, "all", "team") for team in teams)]
    pd.DataFrame(units, columns=["unit_id", "name", "parent_id", "level"]).to_csv(folder / "units.csv", index=False)
    answers = [
        {"unit_id": team, "period": year, "recommend": person % 11, "engagement_1": 1 + person % 5}
        for year in ("2022", "2023", "2024")
        for team, people in teams.items()
        for person in range(people)
    ]
    pd.DataFrame(answers).to_csv(folder / "employee_answers.csv", index=False)
    item = {"item_id": "engagement_1", "text_nl": "Vraag", "text_en": "Question", "scale_min": 1, "scale_max": 5}
    pd.DataFrame([item | {"reverse": False, "element": "engagement"}]).to_csv(folder / "items.csv", index=False)
    outcomes = [{"unit_id": team, "period": "2024", "measure": "profit", "value": 5.0} for team in teams]
    outcomes = pd.DataFrame(outcomes).assign(unit="EUR", ratio_scale=True, higher_is_better=True)
    outcomes.to_csv(folder / "outcomes.csv", index=False)
    (folder / "dataset.toml").write_text(
        """
        title = "Test"
        language = "en"
        synthetic = true
        periods_per_year = 1
        disclosure = "gate"
        measures = {employee = "enps", customer = "nps", engagement = "engagement", outcomes = ["profit"]}
        levels = {panel = "team", quartile = "team", report = "team"}
        smallest_effect = {value = 0.1, unit = "sd"}
        [tables]
        units = "units.csv"
        employee_answers = "employee_answers.csv"
        items = "items.csv"
        outcomes = "outcomes.csv"
        """
    )
    return folder


@pytest.fixture(scope="module")
def dataset(folder) -> Dataset:
    return Dataset(folder)


@pytest.fixture(scope="module")
def split(dataset) -> pd.DataFrame:
    return half_frame(dataset, quartile_frames(dataset)[1], rng=np.random.default_rng(1))


def of(split: pd.DataFrame, outcome: str, part: str) -> pd.DataFrame:
    return split[(split["outcome"] == outcome) & (split["part"] == part)].set_index("entity")


def test_every_person_is_in_one_half_and_the_ranking_half_has_the_odd_one(split):
    same, other = (of(split, "engagement", part)["n"] for part in (SAME_HALF, OTHER_HALF))
    assert same.to_dict() == {"a": 8, "c": 16, "d": 11}
    assert other.to_dict() == {"a": 7, "c": 16, "d": 10}


def test_the_halves_of_a_unit_pool_to_its_score(dataset, split):
    scores = dataset.scores.query("period == '2024' and measure == 'engagement'").set_index("unit_id")["estimate"]
    same, other = (of(split, "engagement", part) for part in (SAME_HALF, OTHER_HALF))
    both = (same["n"] * same["value"]).add(other["n"] * other["value"], fill_value=0)
    people = same["n"].add(other["n"], fill_value=0)
    assert (both / people).to_dict() == pytest.approx(scores[list(PEOPLE)].to_dict())


def test_units_are_ranked_by_the_same_half_throughout(split):
    ranked = of(split, "engagement", SAME_HALF)["value"].to_dict()
    for (_, _), rows in split.groupby(["outcome", "part"]):
        assert rows.set_index("entity")["engagement"].to_dict().items() <= ranked.items()


def test_what_employees_answer_comes_by_half_and_other_outcomes_once(split):
    parts = split.groupby("outcome")["part"].unique().map(sorted).to_dict()
    assert parts == {"engagement": [OTHER_HALF, SAME_HALF], "enps": [OTHER_HALF, SAME_HALF], "profit": [OTHERS]}


def test_the_split_is_seeded(dataset, split):
    frame = quartile_frames(dataset)[1]
    pd.testing.assert_frame_equal(split, half_frame(dataset, frame, rng=np.random.default_rng(1)))
    other = half_frame(dataset, frame, rng=np.random.default_rng(2))
    assert not other["value"].equals(split["value"])


def test_hidden_units_are_not_split(dataset, split):
    assert set(split["entity"]) == set(PEOPLE)
    assert set(neighbour_waves(dataset, period="2023")["entity"]) == set(PEOPLE)


def test_only_units_of_the_frame_are_split(dataset):
    frame = quartile_frames(dataset)[1]
    some = half_frame(dataset, frame[frame["entity"] != "c"], rng=np.random.default_rng(1))
    assert set(some["entity"]) == {"a", "d"}


def test_engagement_that_is_no_answer_cannot_be_split(dataset):
    with pytest.raises(NotApplicable, match="profit was not made from answers, so nobody can be split in halves"):
        half_frame(dataset, quartile_frames(dataset)[1], rng=np.random.default_rng(1), engagement="profit")


def test_where_no_unit_may_take_part_nobody_is_split(dataset):
    with pytest.raises(NotApplicable, match="Too few units have answers in both halves"):
        half_frame(dataset, quartile_frames(dataset)[1].head(0), rng=np.random.default_rng(1))


def test_the_waves_beside_are_those_of_the_calendar(dataset):
    assert waves_beside(dataset, period="2023") == {"cut": "2023", "before": "2022", "after": "2024"}
    waves = neighbour_waves(dataset, period="2023")
    assert list(waves) == ["entity", "organisation", "cluster", "cut", "before", "after"]
    assert (waves["cut"] == waves["after"]).all() and len(waves) == 3


def test_a_wave_that_was_not_measured_is_left_out(dataset):
    assert "after" not in neighbour_waves(dataset, period="2024")
    with pytest.raises(NotApplicable, match="engagement was not measured in the periods beside 2026"):
        neighbour_waves(dataset, period="2026")


def test_both_frames_are_of_the_same_outcomes(dataset):
    frame, same = quartile_frames(dataset)
    assert set(frame["engagement_period"]) == {"2023"} and set(same["engagement_period"]) == {"2024"}
    assert set(frame["period"]) == set(same["period"]) == {"2024"}
