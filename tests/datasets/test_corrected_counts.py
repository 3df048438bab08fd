"""An attacker with two reports of absence and leaving, one made before and one after a correction, learns nothing."""

import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

from helpers.datasets.absence import absence_rows
from helpers.datasets.absence_totals import absence_total
from helpers.datasets.dataset import open_dataset
from helpers.datasets.exit_reasons import exit_reasons
from helpers.datasets.exits import exit_spells
from helpers.datasets.masking import dataset_ledger, record_release
from helpers.release.crossed import find_leaks
from helpers.stats.estimates import NotApplicable, tried

TEAMS = [f"t{number}" for number in range(6)]
BELOW = {"all": TEAMS, "n": TEAMS[:3], "z": TEAMS[3:]} | {team: [team] for team in TEAMS}
CHANGED = "the data changed after an earlier report, and the difference could tell"


def units(country=None):
    above = {team: "n" if team in BELOW["n"] else "z" for team in TEAMS} | (country or {})
    rows = ["all,Voorbeeld,,organisation", "n,Part n,all,country", "z,Part z,all,country"]
    return "\n".join(["unit_id,name,parent_id,level", *rows, *(f"{t},Team {t},{above[t]},team" for t in TEAMS)]) + "\n"


SCORES = "unit_id,period,measure,estimate,n,se\n" + "".join(
    f"{team},{year},engagement,{3 + 0.1 * number},20,0.2\n"
    for number, team in enumerate(TEAMS)
    for year in (2020, 2021, 2022)
)


def absence(periods=(2021,), **changed):
    """Thirty people, 25 spells and 200 days in each team; `changed` gives other spells and days in 2021."""
    rows = [
        (team, year, 30, *(changed.get(team, (25, 200)) if year == 2021 else (25, 200)), 30, 20)
        for team in TEAMS
        for year in periods
    ]
    head = "unit_id,period,headcount,n_spells,days,days_largest,days_second"
    return "\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n"


def employments(late=(), reasons=("pay", "career", "workload")):
    """Twelve leavers of each team for each reason in 2021, thirty who stay, and those entered late."""
    rows = [f"{team},2015-01-01,2021-06-01,{reason}" for team in TEAMS for reason in reasons for _ in range(12)]
    rows += [f"{team},2016-01-01,," for team in TEAMS for _ in range(30)]
    return "\n".join(["unit_id,start,end,exit_reason", *rows, *late, "t0,2015-01-01,2023-01-01,pay"]) + "\n"


@pytest.fixture
def opened(write):
    def make(**tables):
        return open_dataset(write({"min_group": "10"}, **{"units": units(), "scores": SCORES} | tables))

    return make


def totals(dataset):
    """What the pages of all units tell: absence by unit, without those that keep silent."""
    told = {unit: tried(lambda: absence_total(dataset, unit)) for unit in BELOW}  # noqa: B023
    return {unit: one for unit, one in told.items() if not isinstance(one, NotApplicable)}


def leaving(dataset):
    told = {unit: tried(lambda: exit_reasons(dataset, unit)) for unit in BELOW}  # noqa: B023
    return {unit: one.counts for unit, one in told.items() if not isinstance(one, NotApplicable)}


def released(dataset, read):
    record_release(dataset)
    return read(open_dataset(dataset.folder))


def test_one_late_spell_cannot_be_read_from_two_reports(opened):
    before = released(opened(absence=absence()), totals)
    corrected = opened(absence=absence(t1=(26, 212)))
    after = released(corrected, totals)
    assert set(before) == set(BELOW) and set(after) == {"t0", "t2", "z", "t3", "t4", "t5"}
    assert {unit: before[unit] for unit in after} == after
    # Six teams as they were, and the late spell: whatever both reports tell together.
    atoms = [*TEAMS, "late"]
    groups = [[one in BELOW[unit] for one in atoms] for unit in before]
    groups += [[one in BELOW[unit] or (one == "late" and "t1" in BELOW[unit]) for one in atoms] for unit in after]
    assert find_leaks(np.array(groups), np.array([25] * 6 + [1]), min_group=10) == []
    with pytest.raises(NotApplicable, match=f"Absence of Part n is not shown: {CHANGED}"):
        absence_total(corrected, "n")


def test_days_entered_late_are_not_told_while_spells_still_are(opened):
    before = released(opened(absence=absence()), totals)
    after = released(opened(absence=absence(t1=(25, 205))), totals)
    assert {unit for unit, one in after.items() if one["days"] == "corrected"} == {"t1", "n", "all"}
    same = {unit: one | {"days": "", "days_per_person": 0, "days_per_spell": 0} for unit, one in before.items()}
    assert same == {unit: one | {"days": "", "days_per_person": 0, "days_per_spell": 0} for unit, one in after.items()}
    assert all(one["days_per_person"] is None for one in after.values() if one["days"] == "corrected")


def test_many_late_spells_may_be_of_one_person_and_are_hidden_too(opened):
    released(opened(absence=absence()), totals)
    after = released(opened(absence=absence(t1=(60, 300))), totals)
    assert not {"t1", "n", "all"} & set(after)


def test_a_small_team_that_moves_cannot_be_had_from_its_two_countries(opened):
    small = {"t0": (4, 40)}
    before = released(opened(absence=absence(**small)), totals)
    after = released(opened(units=units({"t0": "z"}), absence=absence(**small)), totals)
    assert "n" in before and "t0" not in before and "t0" not in after
    # North without the team, now, minus North with it, before.
    assert "n" not in after or after["n"]["headcount"] == before["n"]["headcount"]
    assert "z" not in after or "z" not in before


def test_a_report_without_changes_tells_the_same_again(opened):
    tables = {"absence": absence(), "employments": employments()}
    first = released(opened(**tables), lambda dataset: (totals(dataset), str(leaving(dataset)), dataset.mask.frame))
    head = dataset_ledger(opened(**tables)).head
    again = released(opened(**tables), lambda dataset: (totals(dataset), str(leaving(dataset)), dataset.mask.frame))
    assert first[:2] == again[:2] and first[2].equals(again[2])
    assert dataset_ledger(opened(**tables)).head == head


def test_a_correction_taken_back_shows_the_first_figures_again(opened):
    first = released(opened(absence=absence()), totals)
    released(opened(absence=absence(t1=(26, 212))), totals)
    assert released(opened(absence=absence()), totals) == first


def test_one_late_leaver_cannot_be_read_from_two_reports(opened):
    before = released(opened(employments=employments()), leaving)
    late = opened(employments=employments(["t1,2015-01-01,2021-09-01,pay"]))
    after = released(late, leaving)
    assert set(before) == set(BELOW) and set(after) == {"t0", "t2", "z", "t3", "t4", "t5"}
    assert all(before[unit].equals(after[unit]) for unit in after)
    for unit in ("t1", "n", ""):
        with pytest.raises(NotApplicable, match=f"Reasons for leaving .* are not shown: {CHANGED}"):
            exit_reasons(late, unit)


def test_a_reason_corrected_within_its_group_leaves_the_groups_told(opened):
    before = released(opened(employments=employments()), leaving)
    rows = employments().replace("t1,2015-01-01,2021-06-01,pay", "t1,2015-01-01,2021-06-01,career", 1)
    after = released(opened(employments=rows), leaving)
    assert after["t1"].columns.tolist() == after["all"].columns.tolist() == ["pay_and_career", "work"]
    assert after["n"].loc[2021, "pay_and_career"] == before["n"].loc[2021, ["career", "pay"]].sum()
    assert all(before[unit].equals(after[unit]) for unit in ("t0", "t2", "z"))


def test_a_corrected_year_is_named_beside_those_that_stay(opened):
    second = [row.replace("2021", "2022") for row in employments().splitlines()[1:-1] if "2021" in row]
    released(opened(employments=employments(second)), leaving)
    found = exit_reasons(opened(employments=employments([*second, "t1,2015-01-01,2022-09-01,pay"])), "t1")
    assert found.counts.index.tolist() == [2021] and found.silent == found.corrected == [2022]


def test_corrected_units_take_no_part_in_links(opened):
    tables = {"absence": absence((2021, 2022)), "employments": employments()}
    dataset = opened(**tables)
    record_release(dataset)
    assert len(absence_rows(dataset).frame) == 12
    late = employments(["t2,2015-01-01,2021-09-01,pay"])
    changed = opened(absence=absence((2021, 2022), t1=(26, 212)), employments=late)
    rows = absence_rows(changed).frame
    assert set(zip(rows["entity"], rows["time"], strict=True)) == {
        (team, year) for team in TEAMS for year in (2021, 2022) if (team, year) != ("t1", 2021)
    }
    left = exit_spells(changed).frame
    assert set(left.loc[left["time"] == 2021, "entity"]) == set(TEAMS) - {"t2"}


def test_a_period_is_told_once_it_is_over(opened):
    rows = {"absence": absence((2021, 2022))}
    assert absence_total(opened(**rows))["period"] == "2021"
    assert absence_total(opened(**rows, scores=SCORES + "all,2023,engagement,3,120,0.1\n"))["period"] == "2022"
    assert absence_total(opened(**rows, employments=employments()))["period"] == "2022"
    with pytest.raises(NotApplicable, match="Absence of Voorbeeld is told once a period is over; none in these data"):
        absence_total(opened(absence=absence((2022,))))


def test_a_period_that_fills_up_is_told_when_it_is_over(opened):
    """Had the unfinished year been told, what came in since would have hidden it."""
    released(opened(absence=absence((2021, 2022))), totals)
    later = absence((2021, 2022)).replace("2022,30,25,200", "2022,30,28,230")
    after = released(opened(absence=later, scores=SCORES + "all,2023,engagement,3,120,0.1\n"), totals)
    assert set(after) == set(BELOW) and after["t0"]["spells_per_person"] == pytest.approx(28 / 30)


KILLED = """
import os, signal, sys
from helpers.datasets.dataset import open_dataset
from helpers.datasets.masking import record_release
from helpers.release import ledger
write = getattr(ledger, sys.argv[2])
def dies(path, *more):
    if path.name.endswith(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    write(path, *more)
setattr(ledger, sys.argv[2], dies)
record_release(open_dataset(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("append_bytes", "ledger.jsonl"),
        pytest.param("write_whole", "ledger.head", marks=pytest.mark.slow),
    ],
)
def test_a_run_killed_half_way_leaves_the_first_release_in_force(opened, call, name):
    first = released(opened(absence=absence()), totals)
    corrected = opened(absence=absence(t1=(26, 212)))
    command = [sys.executable, "-c", KILLED, str(corrected.folder), call, name]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == -signal.SIGKILL
    after = totals(open_dataset(corrected.folder))
    assert not {"t1", "n", "all"} & set(after) and {unit: first[unit] for unit in after} == after
    record_release(corrected)
    assert totals(open_dataset(corrected.folder)) == after
    assert len(dataset_ledger(corrected).entries()) == 2
    assert released(opened(absence=absence()), totals) == first


@pytest.mark.slow
def test_two_runs_at_once_leave_one_entry_and_one_decision(opened):
    released(opened(absence=absence()), totals)
    corrected = opened(absence=absence(t1=(26, 212)))
    code = "import sys; from helpers.datasets.dataset import open_dataset as o; "
    code += "from helpers.datasets.masking import record_release as r; print(r(o(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(corrected.folder)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) for _ in range(2)]
    heads = {run.communicate(timeout=120)[0].strip() for run in runs}
    assert heads == {dataset_ledger(corrected).head} and len(dataset_ledger(corrected).entries()) == 2
    assert not {"t1", "n", "all"} & set(totals(open_dataset(corrected.folder)))


@pytest.mark.slow
def test_no_small_group_follows_from_any_two_reports(opened):
    """Whatever teams are small, corrected or moved: nothing of few lies in the row space of both reports together."""
    rng, told = np.random.default_rng(7), 0
    for turn in range(12):
        spells = rng.integers(5, 25, 6)
        late = np.flatnonzero(rng.random(6) < 0.3)
        moved = {"t0": "z"} if turn % 3 == 0 else {}
        first = {team: (int(n), 10 * int(n)) for team, n in zip(TEAMS, spells, strict=True)}
        second = {team: (first[team][0] + (k in late), first[team][1]) for k, team in enumerate(TEAMS)}
        before = released(opened(absence=absence(**first)), totals)
        after = released(opened(units=units(moved), absence=absence(**second)), totals)
        shutil.rmtree(opened().folder / "ledger")
        now = BELOW | ({"n": ["t1", "t2"], "z": ["t0", *TEAMS[3:]]} if moved else {})
        groups = [[team in BELOW[unit] for team in TEAMS] + [False] * len(late) for unit in before]
        groups += [[team in now[unit] for team in TEAMS] + [TEAMS[k] in now[unit] for k in late] for unit in after]
        counts = np.array([*spells, *[1] * len(late)])
        leaks = find_leaks(np.array(groups, dtype=bool).reshape(-1, len(counts)), counts, min_group=10)
        assert leaks == [], (spells, late, moved, before.keys(), after.keys())
        told += len(after)
    assert told > 12
