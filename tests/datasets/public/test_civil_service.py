"""The People Survey: totals, renames and coverage on made-up files; on the real one, what was found before."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from within_slopes import two_way_slope

from helpers.datasets.dataset import Dataset
from helpers.datasets.leave_reasons import leave_reasons
from helpers.datasets.panels import unit_panel
from helpers.datasets.public import fetch
from helpers.datasets.public.civil_service import PANEL, REASONS, ROOT, build
from helpers.datasets.public.civil_service_measures import OUTCOMES, SCORES
from helpers.datasets.public.source import Built
from helpers.display.wording.effects import Claim
from helpers.stats.lag_evidence import LagEvidence, lag_evidence

REAL = os.environ.get("EXCX_REAL_DATA", "")
needs_real_data = pytest.mark.skipif(
    not REAL, reason="EXCX_REAL_DATA does not name the folder with the published files"
)
CLAIM = Claim("engagement", "wish_to_leave", 2)
# Engagement → wish to leave, one lag at a time, in SD of the rows used, over all rows of the file.
FOUND_BEFORE = [-0.83, -0.11, 0.25]


def bodies(*keys: tuple[str, str, str], **columns: object) -> pd.DataFrame:
    """Make rows from code, year and name, with 50 in every figure unless told otherwise."""
    frame = pd.DataFrame(keys, columns=["org_uid", "year", "organisation"])
    used = {one.column for one in [*SCORES.values(), *OUTCOMES.values()]} - {"wish_to_leave"}
    return frame.assign(**dict.fromkeys(used, 50.0) | {"leave_asap": 7.0, "leave_12m": 14.0} | columns)


def reasons(*rows: tuple[str, str, str, float, str]) -> pd.DataFrame:
    columns = ["year", "statistic", "reason", "pct_of_those_giving_a_reason", "question_measure"]
    return pd.DataFrame(rows or [("2022", "mean", "Retiring", 8.0, "Why?")], columns=columns)


def built(tmp_path: Path, frame: pd.DataFrame, told: pd.DataFrame | None = None) -> Built:
    paths = {PANEL: tmp_path / PANEL, REASONS: tmp_path / REASONS}
    frame.to_csv(paths[PANEL], index=False)
    (reasons() if told is None else told).to_csv(paths[REASONS], index=False)
    return build(paths)


def test_a_rename_keeps_the_unit_under_its_latest_name(tmp_path):
    units = (
        built(tmp_path, bodies(("FCDSRV", "2019", "FCO Services"), ("FCDSRV", "2020", "FCDO Services")))
        .tables["units"]
        .set_index("unit_id")
    )
    assert units.loc["FCDSRV", ["name", "parent_id"]].tolist() == ["FCDO Services", "civil-service"]
    assert units.loc["FCDSRV", ["valid_from", "valid_to"]].isna().all()


def test_a_merger_ends_one_unit_and_begins_another(tmp_path):
    frame = bodies(("FORCOM", "2019", "Foreign Office"), ("FRCMDV", "2020", "Foreign and Development Office"))
    units = built(tmp_path, frame).tables["units"].set_index("unit_id")
    assert units.loc["FORCOM", "valid_to"] == "2019" and units.loc["FRCMDV", "valid_from"] == "2020"


def test_totals_of_groups_are_dropped_and_counted(tmp_path):
    made = built(tmp_path, bodies(("JSTGRP", "2019", "Justice group"), ("MINJST", "2019", "Justice headquarters")))
    assert set(made.tables["scores"]["unit_id"]) - {ROOT} == {"MINJST"}
    assert "Dropped: 1 rows of 1 group totals" in made.dictionary


def test_the_home_office_is_another_unit_since_its_code_covers_the_whole(tmp_path):
    frame = bodies(("HOMEOF", "2020", "Home Office: Policy and Enablers"), ("HOMEOF", "2021", "Home Office"))
    units = built(tmp_path, frame).tables["units"].set_index("unit_id")
    assert units.loc["HOMEOF", ["name", "valid_to"]].tolist() == ["Home Office: Policy and Enablers", "2020"]
    assert units.loc["HOMEOF-2021", ["name", "valid_from"]].tolist() == ["Home Office", "2021"]


def test_the_wish_to_leave_adds_now_and_within_a_year_and_needs_both(tmp_path):
    frame = bodies(("A", "2019", "A"), ("B", "2019", "B"), leave_asap=[7.0, np.nan])
    outcomes = built(tmp_path, frame).tables["outcomes"].query("measure == 'wish_to_leave'")
    assert outcomes[["unit_id", "value", "higher_is_better"]].values.tolist() == [["A", 21, False]]


def test_themes_are_shares_and_a_response_above_everybody_is_missing(tmp_path):
    made = built(tmp_path, bodies(("A", "2019", "A"), ("B", "2019", "B"), response_rate=[102.0, 80.0]))
    scores = made.tables["scores"].set_index(["measure", "unit_id"])
    assert scores.loc[("pay", "A"), ["kind", "estimate"]].tolist() == ["rate", 0.5]
    assert scores.loc["response_rate", "estimate"].to_dict() == {"B": pytest.approx(0.8)}
    assert "Set to missing: 1 response rates" in made.dictionary


def test_a_share_that_later_editions_tell_again_is_kept_once(tmp_path):
    again = (8.0 + 4e-15, "Why do you want to leave?")
    told = reasons(("2022", "mean", "Retiring", 8.0, "C02. Why?"), ("2022", "mean", "Retiring", *again))
    scores = built(tmp_path, bodies(("A", "2022", "A")), told).tables["scores"]
    kept = scores[scores["measure"].str.startswith("reason_to_leave:")]
    assert kept[["unit_id", "period", "measure", "kind"]].values.tolist() == [
        ["civil-service", "2022", "reason_to_leave:all:retirement", "rate"]
    ]
    assert kept["estimate"].tolist() == pytest.approx([0.08]) and kept["n"].isna().all()


def test_editions_that_differ_on_a_share_are_refused(tmp_path):
    told = reasons(("2022", "mean", "Retiring", 8.0, "C02. Why?"), ("2022", "mean", "Retiring", 8.1, "Why?"))
    with pytest.raises(
        ValueError, match=r"Editions must tell the same of a year; found 8 and 8.1 for 'Retiring' in 2022"
    ):
        built(tmp_path, bodies(("A", "2022", "A")), told)


@pytest.mark.parametrize(("column", "row"), [("reason", ("mean", "Bored")), ("statistic", ("mode", "Retiring"))])
def test_an_unknown_reason_or_statistic_is_refused(tmp_path, column, row):
    with pytest.raises(ValueError, match=f"{column} must be one of .*; found '(Bored|mode)' in csps_leave_reasons.csv"):
        built(tmp_path, bodies(("A", "2022", "A")), reasons(("2022", *row, 8.0, "Why?")))


def test_two_rows_on_one_organisation_and_year_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"An organisation and year must have one row; found more for A in 2019."):
        built(tmp_path, bodies(("A", "2019", "A"), ("A", "2019", "A")))


@pytest.fixture(scope="module")
def survey(tmp_path_factory) -> Dataset:
    return Dataset(fetch("civil-service", tmp_path_factory.mktemp("civil-service"), REAL))


@pytest.fixture(scope="module")
def panel(survey) -> pd.DataFrame:
    return unit_panel(survey, [CLAIM.x, CLAIM.y])


@pytest.fixture(scope="module")
def evidence(panel) -> LagEvidence:
    return lag_evidence(panel, x=CLAIM.x, y=CLAIM.y, lag=2, max_lag=3, smallest_effect=0.1, sign=CLAIM.sign)


@needs_real_data
def test_the_file_gives_174_organisations_of_which_the_wish_to_leave_is_known_for_six_years(survey, panel):
    assert len(survey.hierarchy.at_level("government body")) == 174
    assert len(panel) == 1602 and sorted(panel.dropna()["time"].unique()) == list(range(2019, 2025))


@needs_real_data
def test_slopes_over_all_rows_of_the_file_are_those_found_before():
    rows = pd.read_csv(Path(REAL, "civil_service", "csps_org_panel.csv"))
    rows = rows.assign(entity=rows["org_uid"], time=rows["year"], leave=rows["leave_asap"] + rows["leave_12m"])
    slopes = [two_way_slope(rows, "engagement_index", "leave", lag) for lag in (0, 1, 2)]
    assert slopes == pytest.approx(FOUND_BEFORE, abs=0.005)


@needs_real_data
def test_slopes_hardly_change_without_totals_and_with_the_home_office_split(panel):
    slopes = [two_way_slope(panel, CLAIM.x, CLAIM.y, lag) for lag in (0, 1, 2)]
    assert slopes == pytest.approx(FOUND_BEFORE, abs=0.02)


@needs_real_data
def test_a_lag_of_a_year_or_two_gets_another_sign_when_the_lags_stand_together(evidence):
    together = evidence.forward.set_index("term")["estimate_sd"]
    assert together[["lag 0", "lag 1", "lag 2"]].tolist() == pytest.approx([-0.83, 0.14, 0.12], abs=0.005)


@needs_real_data
def test_a_later_rise_in_the_wish_to_leave_is_not_the_fall_that_was_claimed(panel, evidence):
    assert (evidence.verdict.verdict, evidence.verdict.because) == ("cannot_tell", "wrong_sign")
    taken_for_a_rise = lag_evidence(panel, x=CLAIM.x, y=CLAIM.y, lag=2, max_lag=3, smallest_effect=0.1)
    assert taken_for_a_rise.verdict.because != "wrong_sign"


@needs_real_data
def test_192_rows_tell_96_shares_of_which_pay_fell_and_a_career_within_the_service_rose(survey):
    found = leave_reasons(survey)
    assert found.shares.shape == found.median.shape == (16, 3) and not found.shares.isna().any(axis=None)
    moved = 100 * (found.shares["2024"] - found.shares["2022"])
    assert (moved.idxmin(), moved.idxmax()) == ("pay", "career_within_service")
    assert moved[["pay", "career_within_service"]].tolist() == pytest.approx([-6.0, 3.1], abs=0.05)
    assert 100 * found.median.loc["pay"].diff().sum() == pytest.approx(-9.6, abs=0.05)
    assert found.shares.sum().min() > 1


@needs_real_data
def test_reasons_to_leave_are_no_measures_of_a_unit(survey):
    assert set(survey.scores["measure"]) == {*SCORES, *OUTCOMES}
    root = survey.scores[survey.scores["unit_id"] == survey.hierarchy.root]
    assert not set(root["measure"]) - {*SCORES, *OUTCOMES}
