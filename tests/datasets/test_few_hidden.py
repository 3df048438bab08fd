"""A statistic over many units rests on no hidden figure that the others, which are known, would tell."""

from __future__ import annotations

import pytest

from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.panels import claim_panel, quartile_frame
from helpers.datasets.released import TOGETHER

N_TEAMS = 60


@pytest.fixture
def firm(write):
    """Build a firm of teams of 60, the first few of 9 answers, with an outcome of some of them in 2024."""

    def build(outcomes: str, n_small: int = 0) -> Dataset:
        units = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\n"
        units += "".join(f"t{team},Team {team},all,team\n" for team in range(N_TEAMS))
        counts = [9 if team < n_small else 60 for team in range(N_TEAMS)]
        scores = "unit_id,period,measure,estimate,n,se\n" + f"all,2023,engagement,3,{sum(counts) + 500},1\n"
        scores += "".join(f"t{team},2023,engagement,{3 + team / 100},{n},{2 / n}\n" for team, n in enumerate(counts))
        return open_dataset(write({"measures.outcomes": '["profit"]'}, units=units, scores=scores, outcomes=outcomes))

    return build


def profits(teams, unit: str = "EUR per head", parts: str = "") -> str:
    head = "unit_id,period,measure,value,unit,ratio_scale,higher_is_better" + (",largest,second" if parts else "")
    rows = [f"t{team},2024,profit,{100 + team},{unit},true,true{parts}" for team in teams]
    return "\n".join([head, *rows]) + "\n"


def entities(data: Dataset) -> set[str]:
    return set(quartile_frame(data)["entity"])


@pytest.mark.parametrize(("n_known", "takes_part"), [(1, False), (TOGETHER - 1, False), (TOGETHER, True)])
def test_hidden_units_take_part_where_many_have_both_sides(firm, n_known, takes_part):
    """Engagement of 45 teams is hidden; if one of these has profit, the result minus the shown teams is its own."""
    data = firm(profits([*range(n_known), *range(45, N_TEAMS)]), n_small=45)
    shown = {f"t{team}" for team in range(45, N_TEAMS)}
    assert entities(data) - shown == ({f"t{team}" for team in range(n_known)} if takes_part else set())


@pytest.mark.parametrize(("n_known", "takes_part"), [(1, False), (TOGETHER - 1, False), (TOGETHER, True)])
def test_hidden_units_take_part_in_a_lag_where_many_have_both_sides(write, n_known, takes_part):
    """Engagement of 45 teams is hidden; were one of them served, a lag and the figures shown would tell its own."""
    units = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\n"
    units += "".join(f"t{team},Team {team},all,team\n" for team in range(N_TEAMS))
    scores = "unit_id,period,measure,estimate,n,se\n"
    for year in (2022, 2023, 2024):
        for team in range(N_TEAMS):
            scores += f"t{team},{year},engagement,{team},{9 if team < 45 else 60},1\n"
            if team < n_known or team >= 45:
                scores += f"t{team},{year},customer_satisfaction,{team},60,1\n"
        scores += f"all,{year},engagement,30,2000,1\nall,{year},customer_satisfaction,30,5000,1\n"
    sides = ["engagement", "customer_satisfaction"]
    panel = claim_panel(open_dataset(write(units=units, scores=scores)), *sides, level="team")
    both = set(panel.dropna(subset=sides)["entity"]) - {f"t{team}" for team in range(45, N_TEAMS)}
    assert both == ({f"t{team}" for team in range(n_known)} if takes_part else set())


def test_a_sum_that_is_mostly_one_persons_takes_no_part_beside_others(firm):
    outcomes = profits(range(1, N_TEAMS), "EUR", ",10,10") + "t0,2024,profit,100,EUR,true,true,90,5\n"
    assert entities(firm(outcomes)) == {f"t{team}" for team in range(1, N_TEAMS)}


def test_sums_of_which_none_is_told_take_part_together(firm):
    assert len(entities(firm(profits(range(N_TEAMS), "EUR")))) == N_TEAMS
