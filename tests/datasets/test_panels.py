"""Panels and quartile frames: which units, which periods, which clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.hierarchy import Hierarchy
from helpers.datasets.panel_rows import MIN_CLUSTERS, clusters
from helpers.datasets.panels import own_periods, quartile_frame, unit_panel
from helpers.stats.estimates import NotApplicable

YEARS = ("2015", "2016", "2018")


def tree(n_countries: int, n_teams: int) -> pd.DataFrame:
    """Give a root, countries and the same number of teams in each."""
    countries = [f"c{i:02d}" for i in range(n_countries)]
    rows = [("all", "All", None, "organisation"), *((c, c.upper(), "all", "country") for c in countries)]
    rows += [(f"{c}t{j}", f"{c}t{j}", c, "team") for c in countries for j in range(n_teams)]
    return pd.DataFrame(rows, columns=["unit_id", "name", "parent_id", "level"])


def scores_of(units: pd.DataFrame) -> pd.DataFrame:
    """Score every team in each of `YEARS`: climate as its position, nps ten times that, plus the year."""
    teams = units.loc[units["level"] == "team", "unit_id"].tolist()
    rows = [
        (team, year, measure, position * factor + int(year), 10 + position)
        for position, team in enumerate(teams)
        for year in YEARS
        for measure, factor in (("climate", 1), ("nps", 10))
    ]
    return pd.DataFrame(rows, columns=["unit_id", "period", "measure", "estimate", "n"])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("given")
    units = tree(2, 3)
    outcomes = pd.DataFrame(
        [("c00t0", "2018", "profit", 5.0), ("c01t1", "2018", "profit", 7.0), ("c01t1", "2016", "profit", 6.0)],
        columns=["unit_id", "period", "measure", "value"],
    ).assign(unit="EUR", ratio_scale=True, higher_is_better=False)
    units.to_csv(folder / "units.csv", index=False)
    scores_of(units).to_csv(folder / "scores.csv", index=False)
    outcomes.to_csv(folder / "outcomes.csv", index=False)
    (folder / "dataset.toml").write_text(
        """
        title = "Test"
        language = "en"
        synthetic = true
        periods_per_year = 1
        measures = {employee = "climate", customer = "nps", engagement = "climate", outcomes = ["profit", "nps"]}
        levels = {panel = "team", quartile = "team", report = "country"}
        smallest_effect = {value = 0.1, unit = "sd"}
        tables = {units = "units.csv", scores = "scores.csv", outcomes = "outcomes.csv"}
        """
    )
    return Dataset(folder)


def test_a_panel_has_one_row_per_entity_and_time_and_one_column_per_measure(dataset):
    panel = unit_panel(dataset, ["climate", "nps"])
    assert list(panel.columns) == ["entity", "time", "period", "climate", "nps"]
    assert len(panel) == 6 * len(YEARS)
    assert panel.iloc[5].tolist() == ["c00t1", 2018, "2018", 2019, 2028]


def test_a_missing_year_is_a_gap_in_time(dataset):
    assert unit_panel(dataset, "climate")["time"].unique().tolist() == [2015, 2016, 2018]


def test_a_panel_below_a_unit_holds_its_subtree_only(dataset):
    assert set(unit_panel(dataset, "climate", below="c01")["entity"]) == {"c01t0", "c01t1", "c01t2"}


def test_a_panel_of_another_level_holds_its_pooled_scores(dataset):
    panel = unit_panel(dataset, "climate", level="country").query("time == 2015")
    positions, n = np.array([0, 1, 2]), np.array([10, 11, 12])
    assert panel["entity"].tolist() == ["c00", "c01"]
    assert panel["climate"].iloc[0] == pytest.approx(2015 + np.average(positions, weights=n))


def test_a_measure_without_scores_at_some_times_is_missing_there(dataset):
    panel = unit_panel(dataset, ["climate", "profit"])
    assert panel["profit"].notna().sum() == 3
    assert panel["climate"].notna().all()


def test_a_measure_that_was_never_scored_makes_the_panel_inapplicable(dataset):
    with pytest.raises(NotApplicable, match="These units have no scores of voice, purpose"):
        unit_panel(dataset, ["climate", "voice", "purpose"])


def test_a_unit_without_such_units_makes_the_panel_inapplicable(dataset):
    with pytest.raises(NotApplicable, match="There are no units of level country in c00t1"):
        unit_panel(dataset, "climate", level="country", below="c00t1")


def test_a_measure_beside_itself_is_refused(dataset):
    with pytest.raises(ValueError, match="measures must differ; found climate, climate"):
        unit_panel(dataset, ["climate", "climate"])


def test_an_unknown_unit_is_refused(dataset):
    with pytest.raises(ValueError, match=r"unit must be a unit_id of .*; found 'c9'"):
        unit_panel(dataset, "climate", below="c9")


def test_the_quartile_frame_has_the_documented_columns(dataset):
    frame = quartile_frame(dataset, cut="same")
    assert list(frame.columns) == [
        *("entity", "organisation", "cluster", "size", "engagement", "outcome", "value", "n", "se"),
        *("ratio_scale", "higher_is_better", "period", "engagement_period"),
    ]
    assert set(frame["organisation"]) == {"all"}


def test_outcomes_stand_beside_engagement_of_the_same_unit(dataset):
    frame = quartile_frame(dataset, cut="same", outcomes=["profit"])
    assert frame[["entity", "size", "engagement", "value"]].values.tolist() == [
        ["c00t0", 10, 2018, 5],
        ["c01t1", 14, 2022, 7],
    ]
    assert frame["n"].isna().all()


def test_the_earlier_cut_takes_engagement_of_the_calendar_period_before(dataset):
    frame = quartile_frame(dataset, cut="earlier", period="2016", outcomes=["profit"])
    assert frame[["entity", "engagement", "value"]].values.tolist() == [["c01t1", 2019, 6]]
    assert frame[["period", "engagement_period"]].values.tolist() == [["2016", "2015"]]


def test_a_gap_before_the_outcomes_is_not_bridged(dataset):
    with pytest.raises(NotApplicable, match="Outcomes of 2018 need climate of 2017, which was not measured"):
        quartile_frame(dataset, cut="earlier", period="2018")


def test_the_latest_period_with_outcomes_is_the_default(dataset):
    assert set(quartile_frame(dataset, cut="same")["period"]) == {"2018"}


def test_each_outcome_has_its_own_latest_period_with_engagement_the_period_before(dataset):
    assert own_periods(dataset, cut="earlier") == {"profit": "2016", "nps": "2016"}
    assert own_periods(dataset, cut="same") == {"profit": "2018", "nps": "2018"}
    assert own_periods(dataset, outcomes=["turnover"]) == {}


def test_outcomes_can_be_of_different_periods(dataset):
    frame = quartile_frame(dataset, cut="same", period={"profit": "2016", "nps": "2018"})
    assert frame.groupby("outcome")["period"].unique().map(list).to_dict() == {"nps": ["2018"], "profit": ["2016"]}
    assert (frame["engagement_period"] == frame["period"]).all()


def test_scales_come_from_the_outcomes_table_or_from_what_the_measure_is(dataset):
    scales = quartile_frame(dataset, cut="same").drop_duplicates("outcome").set_index("outcome")
    assert scales.loc["profit", ["ratio_scale", "higher_is_better"]].tolist() == [True, False]
    assert scales.loc["nps", ["ratio_scale", "higher_is_better"]].tolist() == [False, True]
    assert scales[["ratio_scale", "higher_is_better"]].dtypes.astype(str).tolist() == ["bool", "bool"]


def test_outcomes_that_were_never_scored_make_the_frame_inapplicable(dataset):
    with pytest.raises(NotApplicable, match="These units have no scores of turnover"):
        quartile_frame(dataset, outcomes=["turnover"])


def test_engagement_that_was_never_scored_makes_the_frame_inapplicable(dataset):
    with pytest.raises(NotApplicable, match="These units have no scores of purpose"):
        quartile_frame(dataset, engagement="purpose")


def test_an_unknown_cut_is_refused(dataset):
    with pytest.raises(ValueError, match="cut must be one of earlier, same; found 'later'"):
        quartile_frame(dataset, cut="later")


def test_a_period_without_outcomes_is_refused(dataset):
    with pytest.raises(ValueError, match="period must be one with outcomes, 2015, 2016, 2018; found '2017'"):
        quartile_frame(dataset, period="2017")


@pytest.mark.parametrize(
    ("n_countries", "n_teams", "expected"),
    [(MIN_CLUSTERS, 2, "c00"), (MIN_CLUSTERS - 1, 2, "c00t0"), (2, 3, "c00t0")],
)
def test_the_cluster_is_the_highest_level_with_enough_of_them(n_countries, n_teams, expected):
    hierarchy = Hierarchy(tree(n_countries, n_teams))
    assert clusters(hierarchy, hierarchy.at_level("team"))["c00t0"] == expected


def test_entities_directly_below_the_root_are_their_own_clusters():
    hierarchy = Hierarchy(tree(30, 1))
    countries = hierarchy.at_level("country")
    assert clusters(hierarchy, countries) == {country: country for country in countries}


def test_a_level_that_only_some_entities_have_is_no_cluster():
    units = tree(MIN_CLUSTERS, 1)
    stray = pd.DataFrame([("stray", "Stray", "all", "team")], columns=units.columns)
    hierarchy = Hierarchy(pd.concat([units, stray], ignore_index=True))
    assert clusters(hierarchy, hierarchy.at_level("team"))["c00t0"] == "c00t0"


def test_standard_errors_and_further_measures_stand_beside_the_panel(write):
    scores = (
        "unit_id,period,measure,estimate,n,se\n010,2023,enps,5,50,3\n010,2023,nps,9,80,2\n010,2024,voice,3.5,50,1\n"
    )
    data = open_dataset(write({"levels.panel": '"country"'}, scores=scores))
    panel = unit_panel(data, ["enps", "nps"], beside=["voice", "purpose"], errors=True)
    assert list(panel) == ["entity", "time", "period", "enps", "nps", "voice", "enps_se", "nps_se"]
    assert len(panel) == 1 and panel["enps_se"].tolist() == [3.0]
