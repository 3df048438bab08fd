"""From units to one correlation per study."""

import numpy as np
import pandas as pd
import pytest
from cases import expected
from made_units import made_units, reference_units

from helpers.stats.artifact_corrections import individual_corrections
from helpers.stats.bare_bones import bare_bones
from helpers.stats.study_correlations import MIN_UNITS_PER_STUDY, study_correlations


@pytest.fixture
def units() -> pd.DataFrame:
    return made_units(np.random.default_rng(98))


def test_correlations_within_organisations_equal_r():
    table = study_correlations(reference_units(), min_units=4).set_index("study")["r"]
    wanted = expected("meta_analysis")["within"]
    assert len(wanted) == 40
    assert table.dropna().to_dict() == pytest.approx({study: wanted[study] for study in table.dropna().index})


def test_small_studies_have_a_row_with_a_reason(units):
    small = units["organisation"] == "organisation 0"
    kept = units[~small | (small.cumsum() < MIN_UNITS_PER_STUDY)]
    row = study_correlations(kept).set_index("study").loc["organisation 0"]
    assert (row["n"], row["reason"]) == (MIN_UNITS_PER_STUDY - 1, "too_few_units")
    assert np.isnan(row["r"])


def test_a_study_in_which_nothing_differs_says_so(units):
    flat = units.assign(value=units["value"].mask(units["organisation"] == "organisation 1", 5.0))
    table = study_correlations(flat).set_index("study")
    assert table.loc["organisation 1", "reason"] == "no_spread"
    assert (table["reason"] == "").sum() == len(table) - 1


def test_where_lower_is_better_the_sign_is_turned(units):
    better = study_correlations(units)
    worse = study_correlations(units.assign(value=-units["value"], higher_is_better=False, outcome="turnover"))
    np.testing.assert_allclose(better["r"], worse["r"])
    assert not better["turned"].any() and worse["turned"].all()


def test_units_without_a_score_are_counted(units):
    holes = units.assign(engagement=units["engagement"].where(units.index % 10 > 0))
    table = study_correlations(holes)
    assert table["n_missing"].sum() == 24 and table["n"].sum() == 216


def test_outcomes_and_countries_can_be_studies(units):
    two = pd.concat([units, units.assign(outcome="safety", value=-units["value"])])
    table = study_correlations(two, by="cluster", min_units=4)
    assert set(table["outcome"]) == {"profit", "safety"}
    by_outcome = table.pivot(index="study", columns="outcome", values="r")
    np.testing.assert_allclose(by_outcome["profit"], -by_outcome["safety"])


def test_reliabilities_are_joined_by_outcome_by_study_or_by_both(units):
    sides = {"rxx": [0.8], "ryy": [0.6]}
    by_outcome = study_correlations(units, reliabilities=pd.DataFrame({"outcome": ["profit"], **sides}))
    assert set(by_outcome["rxx"]) == {0.8} and set(by_outcome["ryy"]) == {0.6}
    one = study_correlations(units, reliabilities=pd.DataFrame({"study": ["organisation 1"], **sides}))
    assert one["rxx"].notna().sum() == 1
    both = pd.DataFrame({"study": ["organisation 1"], "outcome": ["safety"], **sides})
    assert study_correlations(units, reliabilities=both)["rxx"].isna().all()
    assert study_correlations(units)["rxx"].isna().all()


def test_the_true_correlation_comes_back_through_the_whole_way():
    """40 organisations, slope .5 in true scores, engagement with reliability .7: r is too small, rho is not."""
    frame = made_units(np.random.default_rng(99), n_clusters=40, n_units=8000, slope=0.5)
    noise = np.random.default_rng(100).normal(size=len(frame)) * np.sqrt(0.3 / 0.7)
    frame = frame.assign(engagement=frame["engagement"] + noise, organisation=frame["cluster"])
    reliabilities = pd.DataFrame({"outcome": ["profit"], "rxx": [1 / (1 + 0.3 / 0.7 / 0.85)], "ryy": [1.0]})
    studies = study_correlations(frame, reliabilities=reliabilities)
    within = 0.5 * np.sqrt(0.85) / np.sqrt(0.5**2 * 0.85 + 0.75 * 0.85)
    assert individual_corrections(studies)["estimate"].item() == pytest.approx(within, abs=0.02)
    assert bare_bones(studies)["estimate"].item() < within - 0.05


def test_rows_and_index_do_not_matter(units):
    other = units.sample(frac=1, random_state=2).set_axis([0] * len(units))
    pd.testing.assert_frame_equal(study_correlations(units), study_correlations(other))


def test_years_of_the_same_units_are_no_studies(units):
    with pytest.raises(
        ValueError, match=r"one row per entity and outcome; found more for 0, profit\. Choose one period"
    ):
        study_correlations(pd.concat([units, units]))


def test_what_makes_no_sense_is_refused(units):
    with pytest.raises(ValueError, match="found none named engagement"):
        study_correlations(units.drop(columns="engagement"))
    with pytest.raises(ValueError, match="min_units must be 4 or more; found 3"):
        study_correlations(units, min_units=3)
    with pytest.raises(ValueError, match="an outcome must have one direction; found two for 'profit'"):
        study_correlations(units.assign(higher_is_better=units.index % 2 == 0))
    with pytest.raises(ValueError, match="reliabilities must have a column outcome or study; found rxx"):
        study_correlations(units, reliabilities=pd.DataFrame({"rxx": [0.8]}))
    twice = pd.DataFrame({"outcome": ["profit", "profit"], "rxx": 0.8, "ryy": 0.8})
    with pytest.raises(ValueError, match="reliabilities must have one row per outcome; found more"):
        study_correlations(units, reliabilities=twice)
