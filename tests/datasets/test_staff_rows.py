"""Absence and employments are laid out beside the engagement of the wave before, and small groups stay hidden."""

import datetime as dt
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.absence import absence_rows
from helpers.datasets.absence_totals import absence_total
from helpers.datasets.checking import check_dataset, render_problems
from helpers.datasets.dataset import open_dataset
from helpers.datasets.exit_reasons import exit_reasons, released_reasons
from helpers.datasets.exits import exit_spells
from helpers.datasets.leavers import rare_reasons, told_details
from helpers.datasets.staff_rows import level_compared, require_any
from helpers.release.crossed import find_leaks
from helpers.stats.absence_study import absence_study
from helpers.stats.estimates import NotApplicable, tried
from helpers.stats.exit_reasons import reason_shares

TEAMS = [f"t{number}" for number in range(6)]
UNITS = "unit_id,name,parent_id,level\nall,Voorbeeld,,organisation\n" + "".join(
    f"{part},Part {part},all,country\n" for part in ("n", "z")
)
UNITS += "".join(f"{team},Team {team},{'n' if number < 3 else 'z'},team\n" for number, team in enumerate(TEAMS))
SCORES = "unit_id,period,measure,estimate,n,se\n" + "".join(
    f"{team},{year},engagement,{3 + 0.1 * number + 0.05 * (year - 2020)},20,0.2\n"
    for number, team in enumerate(TEAMS)
    for year in (2020, 2021, 2022)
)


def csv(columns, rows):
    return "\n".join([columns, *(",".join(map(str, row)) for row in rows)]) + "\n"


def absence(rows):
    return csv("unit_id,period,headcount,n_spells,days,days_largest,days_second", rows)


def employments(rows):
    return csv("unit_id,start,end,exit_reason", rows)


@pytest.fixture
def opened(write):
    def make(**tables):
        return open_dataset(write(None, **{"units": UNITS, "scores": SCORES} | tables))

    return make


def test_absence_stands_beside_engagement_of_the_wave_before(opened):
    rows = [(team, year, 30, 25, 200, 30, 20) for team in TEAMS for year in (2020, 2021, 2023)]
    found = absence_rows(opened(absence=absence(rows))).frame
    # 2020 has no wave before; 2023 has that of 2022; a wave without absence has no row.
    assert sorted(found["time"].unique()) == [2021, 2023] and len(found) == 12
    row = found[(found["entity"] == "t1") & (found["time"] == 2021)].iloc[0]
    assert row["engagement"] == pytest.approx(3.1) and row["engagement_same_wave"] == pytest.approx(3.15)
    assert row["person_years"] == 30 and found.loc[found["time"] == 2023, "engagement_same_wave"].isna().all()


def test_a_wave_left_out_is_a_gap_and_no_shorter_lag(opened):
    scores = "\n".join(line for line in SCORES.splitlines() if ",2021," not in line)
    rows = [(team, year, 30, 25, "", "", "") for team in TEAMS for year in (2021, 2022, 2023)]
    assert sorted(absence_rows(opened(scores=scores, absence=absence(rows))).frame["time"].unique()) == [2021, 2023]


def test_small_units_take_no_part_unless_many_are_hidden_at_once(opened):
    rows = [(team, 2021, 9 if team == "t0" else 30, 12, "", "", "") for team in TEAMS]
    found = absence_rows(opened(absence=absence(rows)))
    assert "t0" not in set(found.frame["entity"]) and len(found.frame) == 5
    assert {name: found.counts[name] for name in ("n_units", "n_hidden", "n_taking", "n_left_out")} == {
        "n_units": 6,
        "n_hidden": 1,
        "n_taking": 0,
        "n_left_out": 1,
    }


def test_rows_below_a_unit_are_its_own_together(opened):
    rows = [(team, 2021, 30, 10, "", "", "") for team in TEAMS]
    found = absence_rows(
        opened(absence=absence(rows), scores=SCORES.replace("t0,", "n,").replace("t3,", "z,")), level="country"
    )
    assert found.frame.set_index("entity")["n_spells"].to_dict() == {"n": 30, "z": 30}


def test_an_employment_is_cut_at_the_ends_of_periods_and_comes_in_late(opened):
    people = [(team, "2015-01-01", "", "") for team in TEAMS for _ in range(11)]
    people += [("t0", "2019-07-01", "2022-04-01", "pay"), ("t1", "2020-03-01", "2020-03-02", "other")]
    people += [("t2", "2023-03-01", "", "")]
    found = exit_spells(opened(employments=employments(people))).frame
    leaver = found[found["exit_kind"] != ""]
    assert leaver[["entity", "time", "exit_kind"]].values.tolist() == [["t0", 2022, "own_choice"]]
    assert leaver["exit"].iloc[0] == pytest.approx((dt.date(2022, 4, 2) - dt.date(2019, 7, 1)).days / 365.25)
    # Nothing before the first wave's next year, nor after the latest date in the table.
    assert sorted(found["time"].unique()) == [2021, 2022, 2023]
    old = found[(found["entity"] == "t3") & (found["time"] == 2021)].iloc[0]
    assert old["entry"] == pytest.approx((dt.date(2021, 1, 1) - dt.date(2015, 1, 1)).days / 365.25)
    assert old["exit"] - old["entry"] == pytest.approx(365 / 365.25)
    until = (dt.date(2023, 3, 2) - dt.date(2015, 1, 1)).days / 365.25
    assert found.loc[(found["entity"] == "t3") & (found["time"] == 2023), "exit"].iloc[0] == pytest.approx(until)


def test_quarters_are_cut_at_their_own_ends(write):
    scores = "unit_id,period,measure,estimate,n,se\n" + "".join(
        f"{team},2021-Q3,engagement,3.5,20,0.2\n" for team in TEAMS
    )
    people = [(team, "2021-11-01", "", "") for team in TEAMS for _ in range(12)]
    people += [("t0", "2020-10-01", "2021-12-31", "pay"), ("t1", "2019-01-01", "2021-01-05", "pay")]
    tables = {"units": UNITS, "scores": scores, "employments": employments(people)}
    found = exit_spells(open_dataset(write({"periods_per_year": "4"}, **tables))).frame
    assert set(found["time"]) == {2021 * 4 + 3}
    leaver = found[found["exit_kind"] == "own_choice"].iloc[0]
    assert [leaver["entry"], leaver["exit"]] == pytest.approx([365 / 365.25, 457 / 365.25])
    others = found[found["exit_kind"] == ""]
    assert (others["entry"] == 0).all() and others["exit"].tolist() == pytest.approx([61 / 365.25] * len(others))


def test_the_time_at_risk_is_whole_however_it_is_cut(opened):
    rng = np.random.default_rng(1)
    starts = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 1500, 1500), unit="D")
    ends = starts + pd.to_timedelta(rng.integers(0, 1200, 1500), unit="D")
    people = [(TEAMS[k % 6], s.date(), e.date(), "pay") for k, (s, e) in enumerate(zip(starts, ends, strict=True))]
    people += [(team, "2020-12-01", "2025-06-01", "pay") for team in TEAMS]
    people += [(team, "2020-12-31", "", "") for team in TEAMS]
    found = exit_spells(opened(employments=employments(people))).frame
    first, last = pd.Timestamp("2021-01-01"), pd.Timestamp("2024-01-01")
    table = pd.DataFrame(people, columns=["unit", "start", "end", "reason"])
    begin = pd.to_datetime(table["start"]).clip(lower=first)
    until = (pd.to_datetime(table["end"]) + pd.Timedelta(days=1)).fillna(last).clip(upper=last)
    days = (until - begin).dt.days.clip(lower=0).sum()
    assert (found["exit"] - found["entry"]).sum() * 365.25 == pytest.approx(days)


def test_a_dissolved_unit_takes_no_part(opened):
    people = [(team, "2015-01-01", "", "") for team in TEAMS for _ in range(12)]
    people += [("t0", "2015-01-01", "2022-03-01", "career")]
    units = UNITS.replace("level\n", "level,valid_from,valid_to\n").replace(",team\n", ",team,,\n")
    units = units.replace(",organisation\n", ",organisation,,\n").replace(",country\n", ",country,,\n")
    units = units.replace("Team t5,z,team,,", "Team t5,z,team,2022,").replace(
        "Team t4,z,team,,", "Team t4,z,team,,2021"
    )
    found = exit_spells(opened(units=units, employments=employments(people)))
    assert found.counts["n_dissolved"] == 1 and "t4" not in set(found.frame["entity"])
    assert found.frame.loc[found.frame["entity"] == "t5", "time"].min() == 2022


def test_where_nobody_is_left_a_unit_counts_as_dissolved(opened):
    people = [(team, "2015-01-01", "", "") for team in TEAMS[1:] for _ in range(12)]
    people += [("t0", "2015-01-01", f"2022-0{k}-01", "career") for k in range(1, 10)]
    found = exit_spells(opened(employments=employments(people)))
    assert found.counts["n_dissolved"] == 1 and "t0" not in set(found.frame["entity"])


def test_without_any_end_nothing_can_be_told(opened):
    with pytest.raises(NotApplicable, match="No employment in these data has ended"):
        exit_spells(opened(employments=employments([("t0", "2015-01-01", "", "")])))


def test_what_is_missing_says_so(opened):
    dataset = opened()
    nothing = NotApplicable("nothing")
    with pytest.raises(NotApplicable, match="needs a table of absence or of employments, or published reasons"):
        require_any(dataset, absence=[nothing], employments=[nothing], leave_reasons=nothing)
    with pytest.raises(NotApplicable, match="needs the table absence"):
        absence_rows(dataset)
    assert level_compared(dataset, tried(lambda: absence_rows(dataset))) == "team"


def test_where_nothing_can_be_told_the_first_reason_stands_for_the_page(opened):
    dataset = opened(employments=employments([("t0", "2015-01-01", "", "")]))
    absent, nobody = NotApplicable("no table"), NotApplicable("nobody left")
    with pytest.raises(NotApplicable, match="nobody left"):
        require_any(dataset, absence=[absent, absent], employments=[nobody, absent], leave_reasons=absent)
    require_any(dataset, absence=[absent], employments=[nobody, "something"], leave_reasons=absent)


def test_days_of_a_unit_are_told_where_nobody_dominates(opened):
    rows = [(team, 2021, 30, 25, 200, 30, 20) for team in TEAMS]
    found = absence_total(opened(absence=absence(rows)))
    assert found["days"] == "told" and found["spells_per_person"] == pytest.approx(150 / 180)
    assert found["days_per_spell"] == pytest.approx(1200 / 150) and found["days_per_person"] == pytest.approx(
        1200 / 180
    )


def test_days_mostly_of_one_person_are_not_told_nor_can_they_be_subtracted(opened):
    rows = [(team, 2021, 30, 25, 200, 30, 20) for team in TEAMS[1:]] + [("t0", 2021, 30, 25, 400, 300, 20)]
    dataset = opened(absence=absence(rows))
    assert absence_total(dataset, "t0")["days"] == absence_total(dataset, "t1")["days"] == "not_shown"
    assert absence_total(dataset, "t0")["days_per_person"] is None
    # Whoever subtracts t2 from its country is left with two teams, of which nobody has more than half of the days.
    assert absence_total(dataset, "t2")["days"] == absence_total(dataset, "n")["days"] == "told"
    assert absence_total(dataset, "z")["days"] == absence_total(dataset)["days"] == "told"


def test_spells_of_a_small_team_cannot_be_subtracted(opened):
    rows = [(team, 2021, 30, 25, 200, 30, 20) for team in TEAMS[1:]] + [("t0", 2021, 6, 5, 40, 10, 9)]
    dataset = opened(absence=absence(rows))
    for unit in ("t0", "t1"):
        with pytest.raises(NotApplicable, match="is not shown, to protect small groups"):
            absence_total(dataset, unit)
    told = {unit: absence_total(dataset, unit)["headcount"] for unit in ("", "n", "z", "t2")}
    assert told == {"": 156, "n": 66, "z": 90, "t2": 30}


def test_absence_without_people_cannot_be_subtracted(opened):
    rows = [(team, 2021, 30, 25, 200, 30, 20) for team in TEAMS[1:]] + [("t0", 2021, 0, 1, 40, 40, 0)]
    dataset = opened(absence=absence(rows))
    with pytest.raises(NotApplicable, match="is not shown, to protect small groups"):
        absence_total(dataset, "t1")
    assert absence_total(dataset, "n")["days"] == "told"


def test_no_small_group_follows_from_all_totals_together(opened):
    """An attacker with the page of every unit: nothing below ten people lies in the row space of what is told."""
    rng, told = np.random.default_rng(2), 0
    below = {"": range(6), "n": range(3), "z": range(3, 6)} | {team: [k] for k, team in enumerate(TEAMS)}
    for _ in range(12):
        people = rng.integers(1, 22, 6)
        rows = [(team, 2021, n, n + 10, "", "", "") for team, n in zip(TEAMS, people, strict=True)]
        dataset = opened(absence=absence(rows))
        shown = [unit for unit in below if not isinstance(tried(lambda: absence_total(dataset, unit)), NotApplicable)]  # noqa: B023
        groups = np.array([[k in below[unit] for k in range(6)] for unit in shown], dtype=bool).reshape(-1, 6)
        assert find_leaks(groups, people, min_group=10) == [], (people, shown)
        told += len(shown)
    assert told > 12


def test_no_days_of_one_person_follow_from_all_totals_together(opened):
    """Rule 7, for an attacker with the page of every unit: what is left of any of them is not mostly one person's."""
    rng, told = np.random.default_rng(3), 0
    for _ in range(8):
        rows = [
            (team, 2021, 30, 25, 200 + most, most, 20)
            for team, most in zip(TEAMS, rng.integers(20, 500, 6), strict=True)
        ]
        dataset = opened(absence=absence(rows))
        shown = {unit for unit in ("all", "n", "z", *TEAMS) if absence_total(dataset, unit)["days"] == "told"}
        for unit in shown:
            left = set(dataset.hierarchy.subtree(unit)) - {unit}
            for one in (shown & left) - {unit}:
                left -= set(dataset.hierarchy.subtree(one))
            largest = sorted(row[5] for row in rows if row[0] in left or row[0] == unit)
            days = sum(row[4] for row in rows if row[0] in left or row[0] == unit)
            assert not largest or (2 * largest[-1] <= days and sum(largest[-2:]) <= 0.75 * days), (rows, shown)
        told += len(shown)
    assert told > 24


def test_a_unit_in_which_nobody_was_absent_is_not_told(opened):
    rows = [(team, 2021, 30, 0 if team == "t0" else 25, "", "", "") for team in TEAMS]
    dataset = opened(absence=absence(rows))
    with pytest.raises(NotApplicable, match="Absence of Team t0 is not shown"):
        absence_total(dataset, "t0")
    with pytest.raises(NotApplicable, match="There is no absence of Part z"):
        absence_total(opened(absence=absence(rows[:3])), "z")


def test_days_that_are_not_recorded_are_not_known(opened):
    rows = [(team, 2021, 30, 25, "", "", "") for team in TEAMS]
    assert absence_total(opened(absence=absence(rows)))["days"] == "not_known"


def leavers(counts, year=2021):
    """Rows of employments: `counts` maps a unit to how many left for each reason."""
    return [
        (unit, "2015-01-01", f"{year}-06-01", reason)
        for unit, reasons in counts.items()
        for reason, n in reasons.items()
        for _ in range(n)
    ]


OVER = [("t0", "2015-01-01", "2023-01-01", "pay")]


def test_reasons_are_told_year_by_year_and_the_last_year_is_left_out(opened):
    both = {team: {"pay": 12, "career": 15} for team in TEAMS}
    people = leavers(both) + leavers(both, 2022) + OVER
    dataset = opened(employments=employments(people))
    found = exit_reasons(dataset)
    assert found.detail == "fine" and found.counts.loc[2021].to_dict() == {"career": 90, "pay": 72}
    assert found.counts.index.tolist() == [2021, 2022] and found.silent == []
    table = released_reasons(dataset, found, reason_shares(found.counts.sum()), name=str.upper).frame
    assert table["name"].tolist() == ["CAREER", "PAY"] and table["released"].all()
    assert table["estimate"].tolist() == pytest.approx([180 / 324, 144 / 324])


def test_rare_reasons_count_as_other_everywhere(opened):
    counts = {team: {"pay": 12, "career": 15, "dismissal": 1, "relocation": 2} for team in TEAMS}
    found = exit_reasons(opened(employments=employments(leavers(counts) + OVER)))
    # Six were dismissed, too few even together with other reasons, so the next rarest is taken too.
    assert found.pooled == ["dismissal", "relocation"]
    assert found.counts.loc[2021].to_dict() == {"career": 90, "other": 18, "pay": 72}


def test_where_all_reasons_are_rare_none_is_told(opened):
    reasons = ("pay", "career", "manager", "culture", "workload")
    people = [
        ("t0", "2015-01-01", f"{year}-06-01", one) for year in (2021, 2022, 2023) for one in reasons for _ in "1234"
    ]
    people += [("t0", "2015-01-01", "", "")] * 30
    with pytest.raises(NotApplicable, match="Reasons for leaving Voorbeeld are too rare to tell any of them apart"):
        exit_reasons(opened(employments=employments(people)))


def test_what_counts_as_other_is_enough_together():
    counts = pd.DataFrame(
        {"pay": [40], "career": [30], "dismissal": [3], "retirement": [12], "other": [0]}, index=[2021]
    )
    assert rare_reasons(counts, 10) == ["dismissal", "other", "retirement"]
    assert rare_reasons(counts.drop(columns="dismissal"), 10) == []


def test_reasons_of_one_team_cannot_be_subtracted(opened):
    """A team with 3 leavers for pay is silent, and so is its country: the others would tell them."""
    counts = {team: {"pay": 12, "manager": 15} for team in TEAMS} | {"t0": {"pay": 3, "manager": 15}}
    dataset = opened(employments=employments(leavers(counts) + OVER))
    for unit in ("t0", "n"):
        with pytest.raises(NotApplicable, match=r"Reasons for leaving .* are not shown, to protect small groups"):
            exit_reasons(dataset, unit)
    assert exit_reasons(dataset, "t1").counts.loc[2021, "pay"] == 12 and exit_reasons(dataset, "z").silent == []
    # The whole minus what is told below leaves t0 alone.
    with pytest.raises(NotApplicable, match="are not shown"):
        exit_reasons(dataset)


def test_no_small_count_can_be_derived_from_all_pages_together(opened):
    """An attacker with every page of every unit: all told counts, at both details, against the exact row space."""
    rng = np.random.default_rng(5)
    reasons = ["pay", "career", "manager", "workload", "relocation", "personal"]
    counts = {team: dict(zip(reasons, rng.integers(0, 25, 6).tolist(), strict=True)) for team in TEAMS}
    dataset = opened(employments=employments(leavers(counts) + OVER))
    groups = {"pay": 0, "career": 0, "manager": 1, "workload": 1, "relocation": 2, "personal": 2}
    for _ in range(25):
        table = rng.integers(0, 25, (len(TEAMS), len(reasons))) * rng.integers(0, 2, (len(TEAMS), 1))
        small = derivable_small(dataset, table, np.array([groups[one] for one in reasons]))
        assert small == [], table


def derivable_small(dataset, table, groups):
    """Cells of single teams or of groups in them that solve from the told counts and are below ten."""
    below = {"all": range(6), "n": range(3), "z": range(3, 6)} | {team: [k] for k, team in enumerate(TEAMS)}
    fine = {unit: table[list(rows)].sum(axis=0) for unit, rows in below.items()}
    coarse = {unit: np.array([row[groups == g].sum() for g in range(3)]) for unit, row in fine.items()}
    frames = {
        name: pd.DataFrame(part).T.set_axis(pd.MultiIndex.from_product([list(part), [2021]]))
        for name, part in {"fine": fine, "coarse": coarse}.items()
    }
    told = told_details(dataset, frames, 10)
    equations = []
    for unit, rows in below.items():
        for cells in cells_of(told[unit].get(2021, ""), groups):
            row = np.zeros(table.shape)
            row[np.ix_(list(rows), cells)] = 1
            equations.append(row.ravel())
    known = np.array(equations or [np.zeros(table.size)])
    found = []
    for rows in ([k] for k in range(6)):
        for cells in [[c] for c in range(6)] + [list(np.flatnonzero(groups == g)) for g in range(3)]:
            target = np.zeros(table.shape)
            target[np.ix_(rows, cells)] = 1
            solution = np.linalg.lstsq(known.T, target.ravel())[0]
            if np.allclose(known.T @ solution, target.ravel()) and 0 < (target * table).sum() < 10:
                found.append((rows, cells))
    return found


def cells_of(detail, groups):
    if detail == "fine":
        return [[cell] for cell in range(len(groups))]
    return [list(np.flatnonzero(groups == g)) for g in range(3)] if detail == "coarse" else []


def test_groups_of_reasons_are_told_where_single_ones_are_too_few(opened):
    counts = {team: {"pay": 40, "career": 40, "manager": 40, "workload": 40} for team in TEAMS}
    counts["t0"] = {"pay": 6, "career": 6, "manager": 6, "workload": 6}
    dataset = opened(employments=employments(leavers(counts) + OVER))
    found = exit_reasons(dataset, "t0")
    assert found.detail == "coarse" and found.counts.loc[2021].to_dict() == {"pay_and_career": 12, "work": 12}
    assert exit_reasons(dataset, "t1").detail == "fine" and exit_reasons(dataset, "n").detail == "coarse"


def test_without_reasons_or_leavers_a_sentence_says_so(opened):
    nobody = [("t0", "2015-01-01", "2021-06-01", ""), ("t1", "2015-01-01", "2023-01-01", "")]
    with pytest.raises(NotApplicable, match="No reasons for leaving are recorded"):
        exit_reasons(opened(employments=employments(nobody)))
    with pytest.raises(NotApplicable, match="No year of these data is over"):
        exit_reasons(opened(employments=employments([("t0", "2015-01-01", "2021-06-01", "pay")])))
    with pytest.raises(NotApplicable, match="Nobody of Part z left in a year that is over"):
        exit_reasons(opened(employments=employments(leavers({"t0": {"pay": 20}}) + OVER)), "z")


@pytest.fixture(scope="module")
def courier():
    mirror = os.environ.get("EXCX_REAL_DATA")
    if not mirror:
        pytest.skip("EXCX_REAL_DATA does not name the folder with the publisher's files")
    return pd.read_csv(Path(mirror) / "absenteeism_courier" / "absenteeism_at_work.csv")


COURIER = "unit_id,name,parent_id,level\nc,Courier firm,,organisation\n"


def test_the_reason_of_absence_in_real_records_is_refused_at_the_door(courier, write):
    rows = courier.assign(unit_id="c", period="2010", headcount=36, n_spells=1).head(1)
    found = check_dataset(write(None, units=COURIER, absence=rows.to_csv(index=False)))
    text = render_problems(found)
    assert "absence.Reason for absence must be left out; found a cause of absence." in text


def test_without_the_reason_real_records_of_one_unit_tell_how_much_absence_there_was(courier, write):
    absent = courier[courier["Absenteeism time in hours"] > 0]
    days = (absent.groupby("ID")["Absenteeism time in hours"].sum() / 8).sort_values(ascending=False)
    row = ("c", 2010, courier["ID"].nunique(), len(absent), days.sum(), days.iloc[0], days.iloc[1])
    begun = ("c", 2011, 36, 1, "", "", "")
    folder = write(None, units=COURIER, absence=absence([row, begun]))
    assert not [one for one in check_dataset(folder) if one.table == "absence"]
    dataset = open_dataset(folder)
    found = absence_total(dataset)
    assert found["days"] == "told" and found["headcount"] == 36
    assert found["spells_per_person"] == pytest.approx(696 / 36) and found["days_per_person"] == pytest.approx(
        640.5 / 36
    )
    with pytest.raises(NotApplicable, match="No period has absence and, in the wave before, engagement"):
        absence_study(absence_rows(dataset).frame)
