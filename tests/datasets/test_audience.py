"""What a team says of its one manager is for that manager and HR, whatever the number of answers."""

from __future__ import annotations

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.released import released_scores

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
