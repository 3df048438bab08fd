"""NHS trusts: which columns become what, on a made-up file; on the joined file, what was found before."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from within_slopes import two_way_slope, within_year_correlation

from helpers.datasets.dataset import Dataset
from helpers.datasets.panels import quartile_frame, unit_panel
from helpers.datasets.public import fetch
from helpers.datasets.public.nhs import OUTCOMES, SCORES, build
from helpers.datasets.public.source import Built
from helpers.display.wording.effects import Claim
from helpers.stats.lag_evidence import LagEvidence, lag_evidence

REAL = os.environ.get("EXCX_REAL_DATA", "")
needs_real_data = pytest.mark.skipif(
    not REAL, reason="EXCX_REAL_DATA does not name the folder with the published files"
)
CLAIM = Claim("staff_engagement", "mortality_index", 2)


def trusts(**columns: object) -> pd.DataFrame:
    """Make two trusts in two years, everything 0.5 unless told otherwise."""
    keys = {"trust_code": ["RA1", "RA1", "RB2", "RB2"], "year": ["2016", "2017"] * 2}
    named = {"trust_name": ["North", "North", "East", "East"], "region": "Health Education North West (North)"}
    used = [one.column for one in [*SCORES.values(), *OUTCOMES.values()]]
    counts = {"n_staff_respondents": 400.0, "ae_attendances": 1000.0}
    return pd.DataFrame(keys | named | dict.fromkeys(used, 0.5) | counts | columns)


def built(tmp_path: Path, frame: pd.DataFrame) -> Built:
    frame.to_csv(tmp_path / "trusts.csv", index=False)
    return build({"trusts.csv": tmp_path / "trusts.csv"})


def test_a_trust_hangs_below_its_region_and_one_without_below_the_whole(tmp_path):
    frame = trusts(
        trust_name=["North", "North", None, None],
        region=["Health Education Kent, Surrey and Sussex (South)"] * 2 + [None] * 2,
    )
    units = built(tmp_path, frame).tables["units"].set_index("unit_id")
    assert units.loc["RA1", ["name", "parent_id", "level"]].tolist() == [
        "North",
        "region-kent-surrey-and-sussex",
        "trust",
    ]
    assert units.loc["region-kent-surrey-and-sussex", ["name", "parent_id"]].tolist() == [
        "Kent, Surrey and Sussex",
        "nhs",
    ]
    assert units.loc["RB2", ["name", "parent_id"]].tolist() == ["RB2", "nhs"]


def test_only_a_trust_that_begins_or_ends_inside_the_file_has_years(tmp_path):
    units = built(tmp_path, trusts().drop(index=3)).tables["units"].set_index("unit_id")
    assert units.loc["RA1", ["valid_from", "valid_to"]].isna().all()
    assert pd.isna(units.loc["RB2", "valid_from"]) and units.loc["RB2", "valid_to"] == "2016"


def test_low_mortality_and_fast_emergency_care_are_better(tmp_path):
    outcomes = built(tmp_path, trusts()).tables["outcomes"].drop_duplicates("measure").set_index("measure")
    assert outcomes["higher_is_better"].to_dict() == {"mortality_index": False, "emergency_within_4h": True}
    assert outcomes.loc["emergency_within_4h", ["value", "n"]].tolist() == [50, 1000]
    assert outcomes.loc["mortality_index", "value"] == 0.5 and np.isnan(outcomes.loc["mortality_index", "n"])


def test_answers_of_staff_carry_the_number_of_respondents_and_the_response_rate_none(tmp_path):
    scores = built(tmp_path, trusts()).tables["scores"]
    n = scores.groupby("measure")["n"].first()
    assert n.isna().to_dict() == {measure: measure == "response_rate" for measure in SCORES}
    assert scores.groupby("measure")["kind"].first()["work_stress"] == "rate"


def test_a_year_without_survey_keeps_its_mortality_and_is_counted(tmp_path):
    made = built(tmp_path, trusts(staff_engagement_1to5=[0.5, np.nan, 0.5, 0.5]))
    engaged = made.tables["scores"].query("measure == 'staff_engagement'")
    assert len(engaged) == 3 and len(made.tables["outcomes"].query("measure == 'mortality_index'")) == 4
    assert "1 rows have the mortality index but no staff survey" in made.dictionary


def test_the_year_in_which_engagement_moved_most_is_named(tmp_path):
    made = built(tmp_path, trusts(staff_engagement_1to5=[3.8, 3.9, 3.8, 3.9]))
    assert "Mean engagement moves most in 2017, by +0.10 on the year before" in made.dictionary


def test_two_rows_on_one_trust_and_year_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"A trust and year must have one row; found more for RA1 in 2016."):
        built(tmp_path, trusts(year=["2016", "2016", "2016", "2017"]))


@pytest.fixture(scope="module")
def nhs(tmp_path_factory) -> Dataset:
    return Dataset(fetch("nhs", tmp_path_factory.mktemp("nhs"), REAL))


@pytest.fixture(scope="module")
def panel(nhs) -> pd.DataFrame:
    return unit_panel(nhs, [CLAIM.x, CLAIM.y])


@pytest.fixture(scope="module")
def evidence(panel) -> LagEvidence:
    return lag_evidence(panel, x=CLAIM.x, y=CLAIM.y, lag=2, max_lag=3, smallest_effect=0.1, sign=CLAIM.sign)


@needs_real_data
def test_the_file_gives_146_trusts_in_13_regions_and_eight_years(nhs, panel):
    assert (len(nhs.hierarchy.at_level("trust")), len(nhs.hierarchy.at_level("region"))) == (146, 13)
    assert sorted(panel["time"].unique()) == list(range(2012, 2020))
    assert panel["mortality_index"].notna().sum() == 1084 and panel["staff_engagement"].notna().sum() == 1073


@needs_real_data
def test_where_staff_are_more_engaged_mortality_is_lower_across_trusts(panel):
    assert within_year_correlation(panel, CLAIM.x, CLAIM.y) == pytest.approx(-0.19, abs=0.005)


@needs_real_data
def test_within_trusts_mortality_follows_engagement_at_no_lag(panel, evidence):
    slopes = [two_way_slope(panel, CLAIM.x, CLAIM.y, lag) for lag in (0, 1, 2)]
    assert slopes == pytest.approx([0, 0, 0], abs=0.07)
    lags = evidence.forward[evidence.forward["model"] == "headline"]
    assert (lags["ci_low"] < 0).all() and (lags["ci_high"] > 0).all()
    assert (evidence.verdict.verdict, evidence.verdict.because) == ("cannot_tell", "interval_includes_0")


@needs_real_data
def test_quartiles_of_2019_are_cut_on_2018(nhs):
    frame = quartile_frame(nhs)
    assert frame[["outcome", "period", "engagement_period"]].drop_duplicates().values.tolist() == [
        ["mortality_index", "2019", "2018"]
    ]
    assert not frame["higher_is_better"].any()
