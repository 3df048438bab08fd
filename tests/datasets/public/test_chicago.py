"""Chicago's schools: words to numbers, years, units; on made-up reports and, where they are, on the published ones."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.dataset import Dataset
from helpers.datasets.panels import own_periods, quartile_frame, unit_panel
from helpers.datasets.public import fetch
from helpers.datasets.public.chicago import build
from helpers.datasets.public.chicago_measures import COMPOSITES, OUTCOMES, RESPONSE_RATES, SURVEY, word_scores

REAL = os.environ.get("EXCX_REAL_DATA", "")
needs_real_data = pytest.mark.skipif(
    not REAL, reason="EXCX_REAL_DATA does not name the folder with the published files"
)


def report(year: str, **columns: object) -> pd.DataFrame:
    """Make a report on two schools, neutral in everything unless told otherwise."""
    frame = pd.DataFrame({"School_ID": ["400001", "400002"], "Long_Name": ["North", "South"]})
    frame = frame.assign(Primary_Category=["ES", "HS"], Progress_Report_Year=year, Parent_Survey_Results_Year=year)
    survey = {f"School_Survey_{measure.column}": "NEUTRAL" for measure in SURVEY.values()}
    others = {column: "90" for column in [*RESPONSE_RATES.values(), *(outcome.column for outcome in OUTCOMES.values())]}
    return frame.assign(**survey | others | columns)


def built(tmp_path: Path, *reports: pd.DataFrame) -> dict[str, pd.DataFrame]:
    paths = {f"{number}.csv": tmp_path / f"{number}.csv" for number in range(len(reports))}
    for path, one in zip(paths.values(), reports, strict=True):
        one.to_csv(path, index=False)
    return dict(build(paths).tables)


def values(table: pd.DataFrame, measure: str, column: str = "estimate") -> dict[tuple[str, str], float]:
    found = table[table["measure"] == measure]
    return dict(zip(zip(found["unit_id"], found["period"], strict=True), found[column], strict=True))


def test_words_in_any_case_become_1_to_5():
    words = pd.Series(["VERY WEAK", "Weak", "neutral", "Strong", "Very strong", "NOT ENOUGH DATA", None])
    assert word_scores(words).tolist()[:5] == [1, 2, 3, 4, 5]
    assert word_scores(words)[5:].isna().all()


def test_an_unknown_word_is_refused():
    with pytest.raises(ValueError, match=r"Safety must be one of VERY WEAK, .* or NOT ENOUGH DATA; found 'MEDIUM'"):
        word_scores(pd.Series(["STRONG", "Medium"], name="Safety"))


def test_the_period_is_the_year_of_the_report(tmp_path):
    tables = built(tmp_path, report("2015"), report("2021"))
    assert set(tables["scores"]["period"]) == set(tables["outcomes"]["period"]) == {"2015", "2021"}


def test_a_report_on_two_years_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"Progress_Report_Year must be one year; found 2015, 2016 in 0.csv"):
        built(tmp_path, report(["2015", "2016"]))


def test_schools_hang_below_their_latest_category(tmp_path):
    moved = report("2016", Primary_Category=["MS", "HS"], Long_Name=["North Middle School", "South"])
    units = built(tmp_path, moved, report("2015"))["units"].set_index("unit_id")
    assert units.loc["400001", ["name", "parent_id", "level"]].tolist() == ["North Middle School", "middle", "school"]
    assert units.loc["middle", ["parent_id", "level"]].tolist() == ["cps", "category"]
    assert units["parent_id"].isna().sum() == 1


def test_a_school_without_category_hangs_below_the_city(tmp_path):
    units = built(tmp_path, report("2015", Primary_Category=["ES", None]))["units"].set_index("unit_id")
    assert units.loc["400002", "parent_id"] == "cps"


def test_a_composite_is_the_mean_of_its_parts_and_needs_both(tmp_path):
    one = report(
        "2015",
        School_Survey_Effective_Leaders=["STRONG", "STRONG"],
        School_Survey_Collaborative_Teachers=["VERY STRONG", "NOT ENOUGH DATA"],
    )
    scores = built(tmp_path, one)["scores"]
    assert values(scores, "teacher_climate") == {("400001", "2015"): 4.5}
    assert values(scores, "effective_leaders") == {("400001", "2015"): 4, ("400002", "2015"): 4}


def test_a_response_rate_of_0_means_not_known(tmp_path):
    one = report("2015", School_Survey_Teacher_Response_Rate_Pct=["0", "81.5"])
    rates = built(tmp_path, one)["scores"].query("measure == 'teacher_response_rate'")
    assert rates[["unit_id", "kind", "estimate"]].values.tolist() == [["400002", "rate", pytest.approx(0.815)]]


def test_parents_results_of_an_older_survey_are_left_out(tmp_path):
    scores = built(tmp_path, report("2015", Parent_Survey_Results_Year=["2014", "2015"]))["scores"]
    assert set(values(scores, "parent_climate")) == {("400002", "2015")}
    assert set(values(scores, "student_climate")) == {("400001", "2015"), ("400002", "2015")}


def test_outcomes_carry_their_unit_and_direction(tmp_path):
    outcomes = built(tmp_path, report("2015"))["outcomes"].drop_duplicates("measure").set_index("measure")
    assert outcomes.loc["suspensions", ["unit", "ratio_scale", "higher_is_better"]].tolist() == [
        "per 100 students",
        True,
        False,
    ]
    assert outcomes.loc["student_attendance", "higher_is_better"]


def test_repeated_mobility_is_left_out(tmp_path):
    outcomes = built(tmp_path, report("2015"), report("2016"))["outcomes"]
    assert {period for _, period in values(outcomes, "mobility", "value")} == {"2015"}
    assert {period for _, period in values(outcomes, "suspensions", "value")} == {"2015", "2016"}


@pytest.fixture(scope="module")
def chicago(tmp_path_factory) -> Dataset:
    return Dataset(fetch("chicago", tmp_path_factory.mktemp("chicago"), REAL))


@pytest.fixture(scope="module")
def panel(chicago) -> pd.DataFrame:
    return unit_panel(chicago, list(COMPOSITES))


def lagged(panel: pd.DataFrame, measure: str, lag: int) -> pd.Series:
    earlier = panel[["entity", "time", measure]].assign(time=panel["time"] + lag)
    return panel[["entity", "time"]].merge(earlier, how="left")[measure].set_axis(panel.index)


def two_way_slope(panel: pd.DataFrame, x: str, y: str, lag: int) -> float:
    """Regress y on x a number of years earlier, in SD of all schools and years, with dummies for schools and years."""
    standard = panel.assign(**{name: (panel[name] - panel[name].mean()) / panel[name].std() for name in (x, y)})
    rows = standard.assign(x=lagged(standard, x, lag), y=standard[y]).dropna(subset=["x", "y"])
    values = rows[["x", "y"]].to_numpy(copy=True)
    # Alternating projections: demeaning by school and by year until neither changes anything.
    for _ in range(200):
        for group in ("entity", "time"):
            values -= pd.DataFrame(values).groupby(rows[group].to_numpy()).transform("mean").to_numpy()
    return float(values[:, 0] @ values[:, 1] / (values[:, 0] @ values[:, 0]))


@needs_real_data
def test_the_published_files_give_682_schools_and_six_years(chicago, panel):
    assert len(chicago.hierarchy.at_level("school")) == 682
    assert sorted(panel["time"].unique()) == [2015, 2016, 2017, 2018, 2021, 2022]


@needs_real_data
def test_all_published_years_are_the_years_their_labels_say():
    for path in sorted(Path(REAL, "chicago_schools").glob("SY*.csv")):
        labels = pd.read_csv(path, dtype="str")[["Progress_Report_Year", "Other_Metrics_Year_2"]].dropna()
        assert (labels["Progress_Report_Year"] == labels["Other_Metrics_Year_2"]).all()
        assert labels["Progress_Report_Year"].iloc[0][2:] == path.name[2:4]


@needs_real_data
@pytest.mark.parametrize("earlier, later", [("SY1516", "SY1617"), ("SY1617", "SY1718"), ("SY1718", "SY1819")])
def test_figures_of_year_2_return_as_year_1_of_the_next_report(earlier, later):
    first, second = (
        pd.read_csv(Path(REAL, "chicago_schools", f"{name}.csv"), dtype={"School_ID": "str"}).set_index("School_ID")
        for name in (earlier, later)
    )
    for stem in ("Student_Attendance_Year_{}_Pct", "Suspensions_Per_100_Students_Year_{}_Pct"):
        both = pd.concat([first[stem.format(2)], second[stem.format(1)]], axis=1).dropna()
        assert np.isclose(both.iloc[:, 0], both.iloc[:, 1], atol=0.06).mean() > 0.9


@needs_real_data
def test_teachers_and_students_agree_within_a_year(panel):
    within = panel[["teacher_climate", "student_climate"]].where(panel["student_climate"].notna()).dropna()
    within = within - within.groupby(panel.loc[within.index, "time"]).transform("mean")
    assert within.corr().iloc[0, 1] == pytest.approx(0.44, abs=0.005)


@needs_real_data
@pytest.mark.parametrize(
    ("x", "y", "slopes"),
    [
        ("teacher_climate", "student_climate", (0.38, 0.15, 0.00)),
        ("student_climate", "teacher_climate", (0.38, 0.09, -0.03)),
        ("teacher_climate", "parent_climate", (0.15, 0.00, -0.05)),
    ],
)
def test_the_two_way_slopes_are_those_first_seen(panel, x, y, slopes):
    found = [two_way_slope(panel, x, y, lag) for lag in (0, 1, 2)]
    assert found == pytest.approx(slopes, abs=0.01)


@needs_real_data
def test_quartiles_of_2022_are_cut_on_2021(chicago):
    frame = quartile_frame(chicago)
    assert frame[["period", "engagement_period"]].drop_duplicates().values.tolist() == [["2022", "2021"]]
    assert set(frame["outcome"]) == {
        *("student_climate", "student_attendance", "teacher_attendance", "suspensions", "mobility"),
    }
    assert (frame["cluster"] == frame["entity"]).all()


@needs_real_data
def test_parents_who_were_last_asked_in_2018_are_compared_then(chicago):
    frame = quartile_frame(chicago, period=own_periods(chicago))
    waves = {name: tuple(rows.iloc[0]) for name, rows in frame.groupby("outcome")[["period", "engagement_period"]]}
    latest = ("student_climate", "student_attendance", "teacher_attendance", "suspensions", "mobility")
    assert waves == dict.fromkeys(latest, ("2022", "2021")) | {"parent_climate": ("2018", "2017")}
