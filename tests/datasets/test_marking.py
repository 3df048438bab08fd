"""What is hidden though many answered: leadership of one manager, sums of one contributor, and what tells of either."""

from __future__ import annotations

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.released import is_hidden, released_scores

UNITS = "unit_id,name,parent_id,level\n001,Voorbeeld,,organisation\nt1,Team 1,001,team\nt2,Team 2,001,team\n"
SCORES = "unit_id,period,measure,estimate,n,se\n" + "".join(
    f"{unit},2024,{measure},{value},{n},{se}\n"
    for unit, n in (("001", 120), ("t1", 60), ("t2", 60))
    for measure, value, se in (("enps", 10, 9), ("trust_in_leadership", 3.5, 0.2), ("meaningful_work", 3.6, 0.2))
)


@pytest.fixture
def dataset(write):
    return open_dataset(write({"measures.outcomes": '["enps"]', "levels.panel": '"team"'}, units=UNITS, scores=SCORES))


def shown(dataset, **choices):
    frame = released_scores(dataset, units=["t1", "t2", "001"], **choices).frame
    return set(frame.loc[frame["released"], ["unit_id", "measure"]].itertuples(index=False, name=None))


def test_every_leader_sees_leadership_of_units_with_several_managers_only(dataset):
    assert ("001", "trust_in_leadership") in shown(dataset)
    assert not {("t1", "trust_in_leadership"), ("t2", "trust_in_leadership")} & shown(dataset)
    assert {("t1", "enps"), ("t1", "meaningful_work")} <= shown(dataset)


@pytest.mark.parametrize("audience", ["manager", "hr"])
def test_the_manager_and_hr_see_it(dataset, audience):
    assert ("t1", "trust_in_leadership") in shown(dataset, audience=audience)


def test_an_unknown_audience_is_refused(dataset):
    with pytest.raises(ValueError, match="audience must be one of leaders, manager, hr; found 'board'"):
        shown(dataset, audience="board")


def test_a_department_with_one_team_tells_no_more_of_its_manager(write):
    rows = [("001", 180), ("d1", 60), ("d2", 120), ("t1", 60), ("t2", 60), ("t3", 60)]
    units = "unit_id,name,parent_id,level\n001,All,,top\nd1,One,001,unit\nd2,Two,001,unit\n"
    units += "t1,Team 1,d1,team\nt2,Team 2,d2,team\nt3,Team 3,d2,team\n"
    scores = "unit_id,period,measure,estimate,n,se\n" + "".join(
        f"{unit},2024,{measure},{value},{n},{se}\n"
        for unit, n in rows
        for measure, value, se in (("enps", 10, 9), ("trust_in_leadership", 3.5, 0.2))
    )
    keys = {"measures.outcomes": '["enps"]', "levels.panel": '"team"', "levels.quartile": '"team"'}
    data = open_dataset(write(keys, units=units, scores=scores))
    frame = released_scores(data, units=["001", "d1", "d2"]).where(measure="trust_in_leadership").frame
    # The whole less d2 would be the one team of d1.
    assert frame.set_index("unit_id")["released"].to_dict() == {"001": False, "d1": False, "d2": True}


SUMS = "unit_id,period,measure,value,unit,ratio_scale,higher_is_better,n,largest,second\n" + "".join(
    f"{unit},2024,revenue,{value},EUR,true,true,{n},{largest},{second}\n"
    for unit, value, n, largest, second in [
        ("001", 1000, 90, 90, 80),
        ("t1", 100, 30, 90, 2),
        ("t2", 400, 30, 30, 30),
        ("t3", 500, 30, 40, 40),
    ]
)


def test_a_sum_hidden_for_its_largest_part_does_not_follow_from_the_others(write):
    units = UNITS + "t3,Team 3,001,team\n"
    scores = "unit_id,period,measure,estimate,n,se\n001,2024,enps,10,120,9\n"
    keys = {"measures.outcomes": '["revenue"]', "levels.panel": '"team"'}
    data = open_dataset(write(keys, units=units, scores=scores, outcomes=SUMS))
    frame = released_scores(data, units=["001", "t1", "t2", "t3"]).where(measure="revenue").frame
    hidden_by = frame.set_index("unit_id")["hidden_by"].to_dict()
    assert hidden_by == {"001": "dominance", "t1": "dominance", "t2": "", "t3": ""}


def test_a_share_of_working_days_that_is_mostly_one_persons_is_hidden(write):
    """Rule 7: times the working days, it is a sum of days of absence."""
    units = "unit_id,name,parent_id,level\n001,Voorbeeld,,organisation\n"
    units += "".join(f"t{team},Team {team},001,team\n" for team in (1, 2, 3))
    scores = "unit_id,period,measure,estimate,n,se\n" + "".join(f"t{team},2024,enps,10,60,9\n" for team in (1, 2, 3))
    days = "unit_id,period,headcount,n_spells,days,days_largest,days_second\n"
    days += "t1,2024,60,50,300,200,20\nt2,2024,60,50,300,30,20\nt3,2024,80,50,400,30,20\n"
    shares = "unit_id,period,measure,value,unit,ratio_scale,higher_is_better,n\n" + "".join(
        f"{unit},2024,absence,3,% of working days,true,false,{n}\n"
        for unit, n in (("001", 200), ("t1", 60), ("t2", 60), ("t3", 80))
    )
    keys = {"measures.outcomes": '["absence"]', "levels.panel": '"team"'}
    for absent, hidden in ((days, {"t1", "t2"}), (days.replace(",200,", ",60,"), set())):
        data = open_dataset(write(keys, units=units, scores=scores, absence=absent, outcomes=shares))
        frame = released_scores(data, units=["t1", "t2", "t3", "001"], measures=["enps", "absence"]).frame
        frame = frame[frame["measure"] == "absence"]
        # Whoever subtracts the other teams shown is left with two.
        assert set(frame.loc[~frame["released"], "unit_id"]) == hidden


@pytest.mark.parametrize("with_outcomes", [True, False])
def test_a_given_share_of_working_days_is_hidden_with_or_without_other_outcomes(write, with_outcomes):
    units = "unit_id,name,parent_id,level\n001,Voorbeeld,,organisation\n"
    units += "".join(f"t{team},Team {team},001,team\n" for team in (1, 2, 3))
    scores = "unit_id,period,measure,estimate,n,se\n" + "".join(f"t{team},2024,enps,10,60,9\n" for team in (1, 2, 3))
    scores += "".join(f"t{team},2024,absence,4.5,60,\n" for team in (1, 2, 3))
    days = "unit_id,period,headcount,n_spells,days,days_largest,days_second\n"
    days += "t1,2024,60,50,300,290,5\nt2,2024,60,50,300,30,20\nt3,2024,80,50,400,30,20\n"
    profit = "unit_id,period,measure,value,unit,ratio_scale,higher_is_better,n\nt1,2024,profit,5,%,true,true,60\n"
    others = {"outcomes": profit} if with_outcomes else {}
    data = open_dataset(write({"levels.panel": '"team"'}, units=units, scores=scores, absence=days, **others))
    frame = released_scores(data, units=["t1", "t2", "t3"], measures=["enps", "absence"]).frame
    assert "t1" in set(frame.loc[(frame["measure"] == "absence") & ~frame["released"], "unit_id"])
    assert is_hidden(data, data.scores)[(data.scores["unit_id"] == "t1") & (data.scores["measure"] == "absence")].all()
