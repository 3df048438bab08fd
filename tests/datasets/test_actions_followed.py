"""Actions as they are judged, followed and listed: what is known of each, who is a control, and who may be named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.action_follow_up import follow_up
from helpers.datasets.action_list import listed_actions, longest_series
from helpers.datasets.action_panel import action_panel
from helpers.datasets.action_plans import action_level, action_plans
from helpers.datasets.dataset import Dataset, open_dataset
from helpers.stats.estimates import NotApplicable
from helpers.stats.smart_rules import smart_rules

N_TEAMS, YEARS = 30, range(2016, 2025)
SMALL = "t29"
MEASURED = (("voice", 0.2), ("trust_in_leadership", 0.2), ("enps", 10))
COLUMNS = "action_id,unit_id,element,programme,description,owner_role,measure,baseline,target,communicated_on,start,due"
PLAN = {
    **{"unit_id": "t02", "element": "voice", "programme": "mentor", "description": "The team talks every week"},
    **{"owner_role": "manager", "measure": "voice", "baseline": 3, "target": 3.3},
    **{"communicated_on": "2021-02-01", "start": "2021-03-01", "due": "2021-12-01"},
}
UNITS = ["001,Voorbeeld,,organisation", "010,Noord,001,country", "020,Zuid,001,country"]
UNITS += [f"t{team:02d},Team {team},0{10 * (1 + team % 2)},team" for team in range(N_TEAMS)]


def action(**changes: object) -> dict[str, object]:
    return PLAN | changes


def score_rows(shift: float = 0.0, spread_of_units: float = 1.0, also: tuple[str, ...] = ()) -> list[str]:
    """Voice, trust in leadership, eNPS and what else is asked for, of every team and year; one team is too small."""
    rng, rows = np.random.default_rng(4), []
    for team in range(N_TEAMS):
        for year in YEARS:
            unit, small = f"t{team:02d}", team == N_TEAMS - 1
            for measure, spread in (*MEASURED, *((one, 0.2) for one in also)):
                value = 3 + spread_of_units * spread * rng.standard_normal() + shift * small
                rows.append(f"{unit},{year},{measure},{value:.3f},{6 if small else 40},{spread / 2},mean")
    whole = [f"{unit},{year},enps,3,{N_TEAMS * 10},1,mean" for unit in ("001", "010", "020") for year in YEARS]
    return rows + whole


@pytest.fixture
def dataset(write):
    def build(*actions: dict[str, object], **changed: object) -> Dataset:
        tables = {
            "units": "\n".join(["unit_id,name,parent_id,level", *UNITS]) + "\n",
            "scores": "\n".join(["unit_id,period,measure,estimate,n,se,kind", *score_rows(**changed)]) + "\n",
        }
        if actions:
            named = [{"action_id": f"a{at}"} | one for at, one in enumerate(actions)]
            tables["actions"] = pd.DataFrame(named)[COLUMNS.split(",")].to_csv(index=False)
        return open_dataset(write({"measures.outcomes": '["nps"]', "levels.panel": '"team"'}, **tables))

    return build


def many() -> list[dict[str, object]]:
    """Twelve teams that act in two years, the small one among them."""
    teams = [f"t{team:02d}" for team in range(2, 24, 2)] + [SMALL]
    starts = ["2020-03-01", "2021-03-01"]
    told = [{"start": starts[at % 2], "communicated_on": "2020-01-01" if at % 3 else None} for at in range(len(teams))]
    return [action(unit_id=team, **when) for team, when in zip(teams, told, strict=True)]


def followed(data: Dataset):
    plans = action_plans(data)
    return follow_up(data, plans, listed_actions(data, plans), rng=np.random.default_rng(1))


def test_without_actions_there_is_one_sentence(dataset):
    with pytest.raises(NotApplicable, match="This needs a table of actions, which these data do not have"):
        action_plans(dataset())
    with pytest.raises(NotApplicable, match="There are no actions of Zuid"):
        action_plans(dataset(action()), below="020")


def test_an_action_is_followed_by_its_measure_or_else_by_its_element(dataset):
    plans = action_plans(dataset(action(), action(measure="mood"), action(measure=None, element="other")))
    assert plans["acted"].tolist()[:2] == ["voice", "voice"] and pd.isna(plans["acted"].iloc[2])


def test_the_first_wave_that_can_show_an_action_is_that_of_its_start_or_the_next(dataset):
    data = dataset(action())
    assert action_plans(data)["first"].tolist() == [2021]
    assert action_plans(data, shown_after=1)["first"].tolist() == [2022]


def test_what_a_unit_would_see_and_what_most_units_change_stand_beside_the_step(dataset):
    (row,) = action_plans(dataset(action())).to_dict("records")
    assert row["step"] == pytest.approx(0.3) and row["told"] == "first"
    # 40 answers a wave with a standard error of .1: (1.96 + .84) * sqrt(2) * .1.
    assert row["smallest"] == pytest.approx(0.396, abs=0.03)
    assert 0.3 < row["usual_change"] < 0.6


def test_actions_stay_out_for_a_reason(dataset):
    data = dataset(
        action(),
        action(start=None, communicated_on=None),
        action(measure=None, element="other"),
        action(unit_id="010"),
        action(start="2022-03-01"),
    )
    panel = action_panel(data, action_plans(data), level="team")
    expected = {"no_start": 1, "no_measure": 1, "other_level": 1, "later_action": 1, "no_figures": 0}
    assert panel.left_out == expected
    assert action_level(data, action_plans(data)) == "team"


def test_nothing_to_follow_is_one_sentence_and_the_parts_say_it(dataset):
    found = followed(dataset(action(start=None, communicated_on=None)))
    assert str(found.obstacle).startswith("No action can be followed: none at the level team has both a start and")
    with pytest.raises(NotApplicable, match="Cannot tell, for the reason given in the answer"):
        found.study.table("all")
    with pytest.raises(NotApplicable, match="Cannot tell, for the reason given in the answer"):
        _ = found.series
    assert found.scale is None and found.left_out == {}


def test_actions_that_are_too_few_for_an_answer_are_accounted_for(dataset):
    found = followed(dataset(action(), action(unit_id="t04", start="2024-03-01"), action(unit_id="010")))
    assert str(found.obstacle) == "An answer needs 10 actions with figures both before and after their start."
    assert {reason: n for reason, n in found.left_out.items() if n} == {"other_level": 1, "too_few": 2}
    assert found.n_planned == 3 and found.series.figures["name"] == "Team 2"
    with pytest.raises(NotApplicable, match="Cannot tell, for the reason given in the answer"):
        found.study.table("programmes")


def test_a_unit_below_one_that_acts_is_no_control_from_then_on(dataset):
    frame = action_panel(*with_plans(dataset(action(), action(unit_id="020", start="2019-03-01"))), level="team").frame
    until = frame.drop_duplicates("entity").set_index("entity")["until"]
    # Odd teams are below Zuid, even ones below Noord.
    assert until["t03"] == until["t05"] == 2019 and until["t02"] == 2021 and np.isnan(until["t04"])


def with_plans(data: Dataset) -> tuple[Dataset, pd.DataFrame]:
    return data, action_plans(data)


def test_an_action_without_a_start_keeps_its_unit_from_being_a_control(dataset):
    data = dataset(action(), action(unit_id="t04", start=None, communicated_on=None))
    until = action_panel(*with_plans(data)).frame.drop_duplicates("entity").set_index("entity")["until"]
    assert until["t04"] == -np.inf


def test_a_programme_is_not_told_where_all_without_it_are_few(dataset):
    alone = action_panel(*with_plans(dataset(*many()))).frame
    assert set(alone["programme"].dropna()) == {"mentor"}
    one_more = action_panel(*with_plans(dataset(*many(), action(unit_id="t26", programme="outing")))).frame
    assert set(one_more["programme"].dropna()) == {""}


def test_scores_of_obstacles_are_turned_so_that_more_is_better(dataset):
    planned = action(measure="obstacle", element="obstacle", baseline=3, target=3.5)
    plans = action_plans(dataset(planned, also=("obstacle",)))
    assert (plans["acted"].item(), plans["sign"].item(), plans["step"].item()) == ("obstacle", 1, 0.5)


def test_an_action_of_a_small_team_is_not_listed(dataset):
    data = dataset(*many())
    assert SMALL not in set(listed_actions(data, action_plans(data))["unit_id"])
    assert SMALL not in set(listed_actions(data, action_plans(data), audience="hr")["unit_id"])


def test_what_a_team_says_of_its_manager_is_listed_for_hr_only(dataset):
    data = dataset(action(), action(unit_id="t04", element="trust_in_leadership", measure="trust_in_leadership"))
    plans = action_plans(data)
    assert set(listed_actions(data, plans)["unit_id"]) == {"t02"}
    assert set(listed_actions(data, plans, audience="hr")["unit_id"]) == {"t02", "t04"}


def test_an_element_is_not_told_through_another_measure(dataset):
    data = dataset(action(measure="enps", element="trust_in_leadership"))
    plans = action_plans(data)
    assert plans["acted"].tolist() == ["enps"]
    assert listed_actions(data, plans).empty and len(listed_actions(data, plans, audience="hr")) == 1


def test_what_a_small_team_said_moves_no_figure_of_the_page(dataset):
    found = [followed(dataset(*many(), shift=shift)) for shift in (0.0, 2.0)]
    for name in ("all", "events", "variants", "rises"):
        tables = [one.study.table(name) for one in found]
        pd.testing.assert_frame_equal(*tables)
    assert found[0].study.table("all")["n"].tolist() == [11]
    assert found[0].series.figures == found[1].series.figures
    assert found[0].left_out["no_figures"] == 1 and sum(found[0].left_out.values()) == 1 and found[0].n_planned == 12


def test_how_many_answered_in_a_hidden_unit_is_not_told_by_a_step_that_it_would_see(dataset):
    """The fewer answer, the larger a step must be to be seen: met or not would bound their number."""
    data = dataset(*many(), action(unit_id=SMALL, element="enps", measure="enps", baseline=3, target=20))
    for below in ("", "020", SMALL):
        plans = action_plans(data, below=below)
        hidden = plans["unit_id"] == SMALL
        assert plans.loc[hidden, "smallest"].isna().all() and plans.loc[~hidden, "smallest"].notna().all()
        assert smart_rules(plans).loc[hidden, "visible"].isna().all()


def test_the_series_is_chosen_by_its_length(dataset):
    data = dataset(*(action(unit_id=f"t{team:02d}", start=f"{2016 + team}-03-01") for team in (2, 4, 8)))
    plans = action_plans(data)
    chosen = longest_series(listed_actions(data, plans), action_panel(data, plans).frame)
    assert chosen == {"stratum": "voice", "entity": "t04", "first": 2020, "name": "Team 4"}
    late = dataset(action(start="2024-03-01"))
    with pytest.raises(NotApplicable, match="No action whose unit may be named has 3 waves"):
        longest_series(listed_actions(late, action_plans(late)), action_panel(*with_plans(late)).frame)


def test_what_points_and_standard_deviations_that_matter_are_here(dataset):
    panel = action_panel(*with_plans(dataset(action(), action(unit_id="t04", measure="enps"))))
    # Voice has no known range, so that both are told in standard deviations.
    assert panel.scale is None and panel.smallest_effect == 0.1 and panel.level == "team"
    nps = action_panel(*with_plans(dataset(action(measure="enps"))))
    assert nps.scale == (-100, 100) and nps.smallest_effect == pytest.approx(0.1 * nps.sd)


def test_units_that_do_not_differ_are_not_judged(dataset):
    with pytest.raises(NotApplicable, match="In every period all units have the same scores on voice"):
        action_panel(*with_plans(dataset(action(), spread_of_units=0.0)))


def test_a_single_unit_is_not_judged(dataset):
    data = dataset(action())
    with pytest.raises(NotApplicable, match="Only one unit has figures here, so there is nothing to set its actions"):
        action_panel(data, action_plans(data, below="t02"), below="t02")
