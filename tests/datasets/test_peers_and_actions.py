"""What a leader's page asks of a dataset: peers to stand among, and actions whose targets give nothing away."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.peers import peer_standings
from helpers.datasets.unit_actions import MOST_ACTIONS, unit_actions

N_TEAMS = 8
UNITS = "unit_id,name,parent_id,level\n001,Voorbeeld,,organisation\n" + "".join(
    f"t{team},Team {team},001,team\n" for team in range(N_TEAMS)
)
ACTIONS = (
    "action_id,unit_id,element,programme,description,owner_role,measure,baseline,target,communicated_on,start,due\n"
)


def scores(n: int) -> str:
    """Teams from eNPS 0 upwards in steps of ten; team 0 has `n` answers, the others 60."""
    rows = (f"t{team},2024,enps,{10 * team},{n if team == 0 else 60},4\n" for team in range(N_TEAMS))
    return "unit_id,period,measure,estimate,n,se\n001,2024,enps,35,900,2\n" + "".join(rows)


def action(number: int, unit: str = "t1", start: str = "2024-03-01") -> str:
    return f"a{number:02d},{unit},enps,voice,Talk weekly,manager,enps,5,15,2024-01-01,{start},2024-12-31\n"


@pytest.fixture
def dataset(write):
    def build(n: int = 60, *actions: str, more: str = "") -> Dataset:
        tables = {"units": UNITS, "scores": scores(n) + more} | (
            {"actions": ACTIONS + "".join(actions)} if actions else {}
        )
        return open_dataset(write({"measures.outcomes": '["nps"]', "levels.panel": '"team"'}, **tables))

    return build


def standings(data: Dataset, unit: str) -> list[dict[str, object]]:
    return peer_standings(data, unit, measures=["enps", "nps"], period="2024", rng=np.random.default_rng(1))


def listed(data: Dataset, unit: str = "001"):
    return unit_actions(data, unit_id=unit)[0]


def test_the_best_of_eight_teams_is_almost_surely_above_the_median(dataset):
    (row,) = standings(dataset(), "t7")
    assert row["measure"] == "enps" and row["n_units"] == 8 and row["p_above_median"] > 0.99


def test_a_hidden_team_has_no_standing_and_is_no_peer(dataset):
    data = dataset(n=5)
    assert standings(data, "t0") == []
    assert standings(data, "t7")[0]["n_units"] == 7


def test_a_figure_without_an_interval_has_no_standing(write):
    bare = "unit_id,period,measure,estimate\n" + "".join(f"t{team},2024,enps,{team}\n" for team in range(N_TEAMS))
    data = open_dataset(write({"levels.panel": '"team"', "disclosure": '"published"'}, units=UNITS, scores=bare))
    assert standings(data, "t7") == []


def test_the_whole_has_no_peers(dataset):
    assert standings(dataset(), "001") == []


def test_actions_of_the_units_below_are_listed_latest_first(dataset):
    found = listed(dataset(60, action(1), action(2, "t2", "2024-05-01")))
    assert found["name"].tolist() == ["Team 2", "Team 1"] and found["target"].tolist() == [15, 15]


def test_a_long_history_is_cut(dataset):
    assert len(listed(dataset(60, *map(action, range(20))))) == MOST_ACTIONS


def test_an_action_of_a_hidden_team_is_not_listed_with_what_was_weak_there(dataset):
    found = listed(dataset(5, action(1, "t0"), action(2)))
    assert found["unit_id"].tolist() == ["t1"] and found["target"].tolist() == [15]
    assert listed(dataset(5, action(1, "t0")), "t0").empty


def test_an_action_on_what_was_not_measured_is_not_listed(dataset):
    """Nothing says whether it may be told of this unit."""
    unmeasured = action(1).replace(",enps,", ",voice,")
    assert listed(dataset(60, unmeasured, action(2, "t2")))["unit_id"].tolist() == ["t2"]


def test_what_a_team_says_of_its_manager_is_listed_for_that_manager_and_hr_only(dataset):
    about = action(1).replace(",enps,", ",trust_in_leadership,")
    rows = "".join(f"t{team},2024,trust_in_leadership,3.5,60,0.1\n" for team in range(N_TEAMS))
    data = dataset(60, about, action(2, "t2"), more=rows)
    found, n_unlisted = unit_actions(data, unit_id="001")
    assert found["unit_id"].tolist() == ["t2"] and n_unlisted == 1
    for audience in ("manager", "hr"):
        found, n_unlisted = unit_actions(data, unit_id="001", audience=audience)
        assert found["unit_id"].tolist() == ["t1", "t2"] and n_unlisted == 0


def test_a_dataset_without_actions_lists_none(dataset):
    assert listed(dataset()).empty


def test_a_comparison_needs_at_least_three_other_units(write):
    """Rule 5: with fewer, the others could be told apart."""
    for n_teams, compared in ((3, False), (4, False), (5, True)):
        units = UNITS.splitlines()[: n_teams + 2]
        table = [
            line for line in scores(60).splitlines() if not line.startswith(tuple(f"t{n}," for n in range(n_teams, 9)))
        ]
        tables = {"units": "\n".join(units) + "\n", "scores": "\n".join(table) + "\n"}
        data = open_dataset(write({"measures.outcomes": '["nps"]', "levels.panel": '"team"'}, **tables))
        found = [row["p_above_median"] for row in standings(data, "t1")]
        assert [bool(np.isfinite(one)) for one in found] == [compared]
