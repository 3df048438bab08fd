"""Reasons to leave are told of the unit they were published for, and of nobody else."""

import pandas as pd
import pytest

from helpers.datasets.dataset import Dataset
from helpers.datasets.leave_reasons import has_leave_reasons, leave_reasons, reason_measure
from helpers.stats.estimates import NotApplicable

SETTINGS = """title = "Made up"
language = "en"
synthetic = true
source = "made up"
licence = "none"
periods_per_year = 1
min_group = 10
disclosure = "{disclosure}"
[measures]
employee = "engagement"
customer = "nps"
engagement = "engagement"
outcomes = ["engagement"]
[levels]
panel = "team"
quartile = "team"
report = "team"
[smallest_effect]
value = 0.1
unit = "sd"
[tables]
units = "units.csv"
scores = "scores.csv"
"""
REASONS = [
    ("all", "2022", reason_measure("all", "pay"), 0.5),
    ("all", "2023", reason_measure("all", "pay"), 0.4),
    ("all", "2023", reason_measure("all", "change"), 0.3),
    ("all", "2023", reason_measure("median", "pay"), 0.45),
]
SCORES = [("a", "2023", "engagement", 3.5), ("b", "2023", "engagement", 3.7)]


@pytest.fixture
def opened(tmp_path):
    def make(rows, disclosure="published"):
        (tmp_path / "dataset.toml").write_text(SETTINGS.format(disclosure=disclosure))
        (tmp_path / "units.csv").write_text(
            "unit_id,name,parent_id,level\nall,Whole,,organisation\na,A,all,team\nb,B,all,team\n"
        )
        frame = pd.DataFrame(rows, columns=["unit_id", "period", "measure", "estimate"])
        frame.assign(n=30).to_csv(tmp_path / "scores.csv", index=False)
        return Dataset(tmp_path)

    return make


def test_shares_lie_by_reason_and_period_and_those_of_the_median_apart(opened):
    found = leave_reasons(opened(SCORES + REASONS), name=str.upper)
    assert found.name == "Whole" and list(found.shares) == list(found.median) == ["2022", "2023"]
    assert found.shares.loc["pay"].tolist() == [0.5, 0.4] and found.shares.loc["change"].isna().tolist() == [
        True,
        False,
    ]
    assert found.median.loc["pay", "2023"] == 0.45 and list(found.median.index) == ["pay"]
    assert sorted(found.table.frame["name"]) == ["CHANGE", "PAY", "PAY"]


def test_they_are_no_scores_of_any_unit(opened):
    dataset = opened(SCORES + REASONS)
    assert set(dataset.scores["measure"]) == {"engagement"} and has_leave_reasons(dataset)


def test_without_them_or_of_another_unit_nothing_is_told(opened):
    with pytest.raises(NotApplicable, match="Why people want to leave was not published with these data"):
        leave_reasons(opened(SCORES))
    with pytest.raises(NotApplicable, match="Why people of A want to leave was not published"):
        leave_reasons(opened(SCORES + REASONS), "a")


def test_shares_that_no_source_has_published_are_not_told(opened):
    with pytest.raises(NotApplicable, match="shown only where its source has published it"):
        leave_reasons(opened(SCORES + REASONS, disclosure="gate"))
