"""How many units are not shown below one, and behind a statistic, without a name."""

from __future__ import annotations

import pytest

from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.released import TOGETHER, counted_units, shown_below

UNITS = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\nnl,Noord,all,country\n"


@pytest.fixture
def dataset(write):
    """Build a dataset of teams of 60, with some of 9 answers; those of even number lie in a country."""

    def build(n_small: int, n_teams: int = 60, **settings: str) -> Dataset:
        above = ["nl" if team % 2 == 0 else "all" for team in range(n_teams)]
        units = UNITS + "".join(f"t{team},Team {team},{parent},team\n" for team, parent in enumerate(above))
        counts = [9 if team < n_small else 60 for team in range(n_teams)]
        rows = "".join(f"t{team},2024,engagement,3,{n},{2 / n}\n" for team, n in enumerate(counts))
        whole = f"all,2024,engagement,3,{sum(counts) + 500},1\nnl,2024,engagement,3,{sum(counts[::2]) + 200},2\n"
        scores = "unit_id,period,measure,estimate,n,se\n" + whole + rows
        chosen = {"measures.outcomes": '["nps"]', "levels.panel": '"team"'} | settings
        return open_dataset(write(chosen, units=units, scores=scores))

    return build


def test_units_below_are_counted_at_every_level(dataset):
    data = dataset(3)
    assert shown_below(data, "all", ["engagement"], period="2024") == {"n_units": 61, "n_hidden": 3}
    assert shown_below(data, "nl", ["engagement"], period="2024") == {"n_units": 30, "n_hidden": 2}
    assert shown_below(data, "t7", ["engagement"], period="2024") == {"n_units": 0, "n_hidden": 0}
    assert shown_below(data, "all", ["engagement"], period="2023") == {"n_units": 0, "n_hidden": 0}


def test_few_hidden_units_are_left_out_of_a_statistic(dataset):
    counts = counted_units(dataset(3), ["engagement"], level="team")
    assert counts == {
        "min_group": 10,
        "n_units": 60,
        "n_hidden": 3,
        "n_taking": 0,
        "n_left_out": 3,
        "together": TOGETHER,
    }


def test_many_hidden_units_take_part_in_the_whole_and_in_no_part_of_it(dataset):
    data = dataset(TOGETHER)
    whole, part = (counted_units(data, ["engagement"], level="team", below=unit) for unit in ("", "nl"))
    assert (whole["n_hidden"], whole["n_taking"], whole["n_left_out"]) == (TOGETHER, TOGETHER, 0)
    assert (part["n_hidden"], part["n_taking"], part["n_left_out"]) == (TOGETHER // 2, 0, TOGETHER // 2)


def test_only_the_periods_asked_for_are_counted(dataset):
    assert counted_units(dataset(3), ["engagement"], level="team", periods=["2023"])["n_units"] == 0


def test_published_figures_have_nothing_to_count(dataset):
    data = dataset(3, disclosure='"published"')
    assert counted_units(data, ["engagement"], level="team") == {"min_group": None}
    assert shown_below(data, "all", ["engagement"], period="2024")["n_hidden"] == 0
