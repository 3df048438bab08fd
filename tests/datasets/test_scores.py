"""Scores: what answers, given scores and outcomes say about every unit, from the leaves to the root."""

from __future__ import annotations

import math
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.datasets import scores as scores_module
from helpers.datasets.dataset import Dataset
from helpers.datasets.hierarchy import Hierarchy
from helpers.datasets.score_loading import load_scores
from helpers.datasets.scores import SCORE_COLUMNS, make_scores, score_expressions

UNITS = pd.DataFrame(
    [
        ("all", "All", None, "organisation"),
        ("nl", "Netherlands", "all", "country"),
        ("de", "Germany", "all", "country"),
        ("t1", "Team 1", "nl", "team"),
        ("t2", "Team 2", "nl", "team"),
        ("t3", "Team 3", "de", "team"),
    ],
    columns=["unit_id", "name", "parent_id", "level"],
)
TREE = Hierarchy(UNITS)
ITEMS = pd.DataFrame(
    [
        ("q1", "", "", 1, 5, False, "purpose"),
        ("q2", "", "", 1, 5, True, "purpose"),
        ("q3", "", "", 0, 10, False, "voice"),
        ("q4", "", "", 1, 5, False, "other"),
    ],
    columns=["item_id", "text_nl", "text_en", "scale_min", "scale_max", "reverse", "element"],
)
RECOMMEND = [10, 9, 8, 3, 10, 0, 7, 9]
EMPLOYEES = pd.DataFrame(
    {
        "unit_id": ["t1", "t1", "t1", "t1", "t2", "t2", "t3", "t3"],
        "period": "2024",
        "recommend": RECOMMEND,
        "q1": [5, 4, np.nan, 1, 3, 2, 5, np.nan],
        "q2": [1, 2, 2, 5, 3, 4, np.nan, np.nan],
        "q3": [10, 8, 6, 4, 2, 0, 5, 5],
        "q4": 1,
    }
)


def score(scores: pd.DataFrame, unit: str, measure: str, period: str = "2024") -> pd.Series:
    """Give the one row of a unit, period and measure."""
    found = scores[(scores["unit_id"] == unit) & (scores["period"] == period) & (scores["measure"] == measure)]
    assert len(found) == 1, f"{len(found)} rows of {measure} for {unit}"
    return found.iloc[0]


def answers(unit_ids: list[str], recommend: list[float], **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"unit_id": unit_ids, "period": "2024", "recommend": recommend, **columns})


def test_enps_and_its_error_match_the_hand_calculation():
    team = score(make_scores({"employee_answers": EMPLOYEES}, TREE), "t1", "enps")
    # Two promoters, one passive, one detractor of four: 25 points; variance 3/4 − 1/16 = 11/16 per answer.
    assert (team["kind"], team["estimate"], team["n"], team["n_effective"]) == ("nps", 25, 4, 4)
    assert team["se"] == pytest.approx(100 * math.sqrt(11 / 16 / 4))


def test_scores_have_the_documented_columns_and_types():
    scores = make_scores({"employee_answers": EMPLOYEES, "items": ITEMS}, TREE)
    assert tuple(scores.columns) == SCORE_COLUMNS
    assert [str(dtype) for dtype in scores.dtypes] == ["str"] * 4 + ["float64"] * 4
    assert not scores.duplicated(["unit_id", "period", "measure"]).any()


def test_reversed_items_count_from_the_other_end_of_the_scale():
    only_reversed = ITEMS[ITEMS["item_id"] == "q2"]
    teams = make_scores({"employee_answers": EMPLOYEES, "items": only_reversed}, TREE)
    assert score(teams, "t1", "purpose")["estimate"] == pytest.approx(6 - np.mean([1, 2, 2, 5]))


def test_an_element_is_the_mean_of_the_items_that_were_answered():
    teams = make_scores({"employee_answers": EMPLOYEES, "items": ITEMS}, TREE)
    # t1 answers: (5+5)/2, (4+4)/2, 4 (q1 missing), (1+1)/2.
    assert score(teams, "t1", "purpose")["estimate"] == pytest.approx(np.mean([5, 4, 4, 1]))


def test_an_answer_without_any_item_of_an_element_does_not_count_for_it():
    teams = make_scores({"employee_answers": EMPLOYEES, "items": ITEMS}, TREE)
    assert score(teams, "t3", "purpose")["n"] == 1
    assert score(teams, "t3", "enps")["n"] == 2


def test_a_team_that_answered_no_item_of_an_element_leaves_its_parents_their_score():
    silent = EMPLOYEES.assign(q3=EMPLOYEES["q3"].where(EMPLOYEES["unit_id"] != "t2"))
    for weighted in (silent, silent.assign(weight=1.0)):
        scores = make_scores({"employee_answers": weighted, "items": ITEMS}, TREE)
        assert score(scores, "nl", "voice")["n"] == 4
        assert score(scores, "all", "voice")["estimate"] == pytest.approx((28 + 10) / 6)


def test_one_answer_has_a_mean_but_no_error():
    teams = make_scores({"employee_answers": EMPLOYEES, "items": ITEMS}, TREE)
    assert np.isnan(score(teams, "t3", "purpose")["se"])


def test_the_error_of_a_mean_is_the_unbiased_one():
    team = score(make_scores({"employee_answers": EMPLOYEES, "items": ITEMS}, TREE), "t1", "voice")
    assert team["se"] == pytest.approx(np.std([10, 8, 6, 4], ddof=1) / 2)


def test_items_of_no_construct_make_no_measure():
    scores = make_scores({"employee_answers": EMPLOYEES, "items": ITEMS}, TREE)
    assert set(scores["measure"]) == {"enps", "purpose", "voice"}


def test_equal_answers_have_no_variance_rather_than_rounding_noise():
    thirds = answers(["t1"] * 30, [8] * 30, q1=3, q2=1, q3=1)
    items = ITEMS.assign(element="purpose", scale_min=1, scale_max=5, reverse=False)
    teams = make_scores({"employee_answers": thirds, "items": items[:3]}, TREE)
    assert score(teams, "t1", "purpose")["estimate"] == pytest.approx(5 / 3)
    assert score(teams, "t1", "purpose")["se"] == 0


def test_weights_give_the_weighted_mean_and_kish_n():
    customers = answers(["t1"] * 4, [10, 10, 0, 8], satisfaction=[8.0, 6.0, 4.0, 9.0], weight=[1.0, 1.0, 0.5, 0.5])
    scores = make_scores({"customer_answers": customers}, TREE)
    nps, satisfaction = score(scores, "t1", "nps"), score(scores, "t1", "customer_satisfaction")
    n_effective = 3**2 / (1 + 1 + 0.25 + 0.25)
    assert nps["estimate"] == pytest.approx(100 * (2 - 0.5) / 3)
    assert (nps["n"], nps["n_effective"]) == (4, pytest.approx(n_effective))
    share, gap = 2.5 / 3, 1.5 / 3
    assert nps["se"] == pytest.approx(100 * math.sqrt((share - gap**2) / n_effective))
    mean = (8 + 6 + 2 + 4.5) / 3
    assert satisfaction["estimate"] == pytest.approx(mean)
    variance = np.average((np.array([8, 6, 4, 9]) - mean) ** 2, weights=[1, 1, 0.5, 0.5])
    assert satisfaction["se"] == pytest.approx(math.sqrt(variance / (n_effective - 1)))


def test_a_weight_of_one_changes_nothing():
    customers = answers(["t1", "t1", "t2"], [10, 3, 8])
    pd.testing.assert_frame_equal(
        make_scores({"customer_answers": customers}, TREE),
        make_scores({"customer_answers": customers.assign(weight=1.0)}, TREE),
    )


def test_repurchase_is_a_rate():
    customers = answers(["t1"] * 4, [9] * 4, repurchase=[1, 1, 1, 0])
    team = score(make_scores({"customer_answers": customers}, TREE), "t1", "repurchase")
    assert (team["kind"], team["estimate"]) == ("rate", 0.75)
    assert team["se"] == pytest.approx(math.sqrt(0.75 * 0.25 / 4))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["t1", "t2", "t3"]), st.integers(0, 10)), min_size=1, max_size=30))
def test_pooling_answers_equals_scoring_the_union(rows):
    teams, recommend = [team for team, _ in rows], [answer for _, answer in rows]
    pooled = make_scores({"employee_answers": answers(teams, recommend)}, TREE)
    union = make_scores({"employee_answers": answers(["all"] * len(rows), recommend)}, TREE)
    pd.testing.assert_series_equal(score(pooled, "all", "enps"), score(union, "all", "enps"), check_names=False)


def test_pooling_is_not_the_mean_of_unit_means():
    scores = make_scores({"employee_answers": EMPLOYEES}, TREE)
    team_scores = [score(scores, team, "enps")["estimate"] for team in ("t1", "t2")]
    assert score(scores, "nl", "enps")["estimate"] == pytest.approx(100 * (3 - 2) / 6)
    assert score(scores, "nl", "enps")["estimate"] != pytest.approx(np.mean(team_scores))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=20))
def test_nps_lies_between_minus_100_and_100(recommend):
    found = score(make_scores({"employee_answers": answers(["t1"] * len(recommend), recommend)}, TREE), "t1", "enps")
    assert -100 <= found["estimate"] <= 100
    assert 0 <= found["se"] <= 100


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(len(EMPLOYEES))))
def test_the_order_of_rows_does_not_matter(order):
    tables = {"employee_answers": EMPLOYEES, "items": ITEMS}
    shuffled = tables | {"employee_answers": EMPLOYEES.iloc[order]}
    pd.testing.assert_frame_equal(make_scores(tables, TREE), make_scores(shuffled, TREE), check_exact=True)


@pytest.mark.parametrize("as_type", ["int64", "float64", "str", "category"])
def test_the_type_of_ids_and_periods_does_not_matter(as_type):
    units = pd.DataFrame([("1", "A", None, "o"), ("2", "B", "1", "t")], columns=UNITS.columns)
    typed = pd.DataFrame({"unit_id": ["2", "2"], "period": ["2024", "2024"], "recommend": [10, 0]})
    other = typed.astype({"unit_id": int, "period": int}).astype({"unit_id": as_type, "period": as_type})
    expected = make_scores({"employee_answers": typed}, Hierarchy(units))
    pd.testing.assert_frame_equal(make_scores({"employee_answers": other}, Hierarchy(units)), expected)


def test_response_rate_is_answers_per_invitation_and_counts_the_answers():
    invited = pd.DataFrame({"unit_id": ["t1", "t2", "t2"], "period": "2024", "n_invited": [5, 3, 2], "headcount": 9})
    scores = make_scores({"employee_answers": EMPLOYEES, "invited": invited}, TREE)
    country = score(scores, "nl", "response_rate")
    assert (country["estimate"], country["n"], country["n_effective"]) == (0.6, 6, 10)
    assert country["se"] == pytest.approx(math.sqrt(0.6 * 0.4 / 10))


def test_a_team_that_did_not_answer_has_a_response_rate_of_zero():
    invited = pd.DataFrame({"unit_id": ["t1", "t3"], "period": "2024", "n_invited": [8, 8]})
    scores = make_scores({"employee_answers": EMPLOYEES[EMPLOYEES["unit_id"] == "t1"], "invited": invited}, TREE)
    assert score(scores, "t3", "response_rate")["estimate"] == 0
    assert score(scores, "all", "response_rate")["estimate"] == 0.25


def test_answers_without_known_invitations_stay_out_of_the_response_rate():
    invited = pd.DataFrame({"unit_id": ["t1"], "period": "2024", "n_invited": [8]})
    scores = make_scores({"employee_answers": EMPLOYEES, "invited": invited}, TREE)
    assert score(scores, "all", "response_rate")["estimate"] == 0.5


def test_more_answers_than_invitations_give_no_rate_and_one_warning():
    invited = pd.DataFrame({"unit_id": ["t1", "t2"], "period": "2024", "n_invited": [3, 30]})
    message = r"1 rates above 1 were left empty, the first response_rate of t1 in 2024 \(4 of 3\). Check n_invited"
    with pytest.warns(UserWarning, match=message):
        scores = make_scores({"employee_answers": EMPLOYEES, "invited": invited}, TREE)
    assert score(scores, "t1", "response_rate")[["estimate", "se"]].isna().all()
    assert score(scores, "t1", "response_rate")["n"] == 4
    assert score(scores, "nl", "response_rate")["estimate"] == pytest.approx(6 / 33)


OUTCOMES = pd.DataFrame(
    [("t1", "2024", "profit", 10.0), ("t2", "2024", "profit", 40.0), ("t3", "2024", "profit", 100.0)],
    columns=["unit_id", "period", "measure", "value"],
)


def test_outcomes_stand_as_given_at_their_level():
    team = score(make_scores({"outcomes": OUTCOMES}, TREE), "t2", "profit")
    assert (team["kind"], team["estimate"]) == ("value", 40)
    assert np.isnan(team[["n", "se"]].astype(float)).all()


def test_outcomes_of_parents_are_weighted_by_their_own_n():
    country = score(make_scores({"outcomes": OUTCOMES.assign(n=[3, 1, 2])}, TREE), "nl", "profit")
    assert (country["estimate"], country["n"]) == (17.5, 4)


def test_outcomes_of_parents_are_weighted_by_headcount_when_they_have_no_n():
    invited = pd.DataFrame({"unit_id": ["t1", "t2"], "period": "2024", "n_invited": 1, "headcount": [1, 2]})
    scores = make_scores({"outcomes": OUTCOMES, "invited": invited}, TREE)
    country, root = score(scores, "nl", "profit"), score(scores, "all", "profit")
    assert (country["estimate"], country["n"]) == (30, 3)
    assert root["estimate"] == 50
    assert np.isnan(root["n"])


def test_a_given_figure_hides_the_ones_below_it_from_above():
    of_country = pd.DataFrame([("nl", "2024", "profit", 70.0)], columns=OUTCOMES.columns)
    scores = make_scores({"outcomes": pd.concat([OUTCOMES, of_country])}, TREE)
    assert score(scores, "nl", "profit")["estimate"] == 70
    assert score(scores, "all", "profit")["estimate"] == 85


GIVEN = pd.DataFrame({"unit_id": ["t1", "t2"], "period": "2024", "measure": "climate", "estimate": [3.0, 4.0]})


def test_given_scores_are_used_as_they_are():
    scores = make_scores({"scores": GIVEN.assign(n=[20, 30], se=[0.1, 0.2])}, TREE)
    team = score(scores, "t1", "climate")
    assert (team["kind"], team["estimate"], team["n"], team["n_effective"], team["se"]) == ("mean", 3, 20, 20, 0.1)


def test_a_given_score_without_estimate_is_no_score():
    scores = make_scores({"scores": GIVEN.assign(estimate=[3.0, np.nan], n=[20, 30])}, TREE)
    assert set(scores["unit_id"]) == {"t1", "nl", "all"}


def test_without_n_the_parents_of_given_scores_have_no_score():
    assert set(make_scores({"scores": GIVEN}, TREE)["unit_id"]) == {"t1", "t2"}
    part_known = make_scores({"scores": GIVEN.assign(n=[20, np.nan])}, TREE)
    assert set(part_known["unit_id"]) == {"t1", "t2"}


def test_without_se_the_parents_of_given_scores_have_no_error():
    country = score(make_scores({"scores": GIVEN.assign(n=[10, 30])}, TREE), "nl", "climate")
    assert (country["estimate"], country["n"]) == (3.75, 40)
    assert np.isnan(country["se"])


def test_given_scores_pool_as_their_answers_would():
    tables = {"employee_answers": EMPLOYEES, "items": ITEMS}
    made = make_scores(tables, TREE)
    of_teams = made[made["unit_id"].isin(["t1", "t2"]) & made["measure"].isin(["enps", "voice"])]
    pooled = make_scores({"scores": of_teams.drop(columns=["kind", "n_effective"])}, TREE)
    for measure in ("enps", "voice"):
        expected, found = score(made, "nl", measure), score(pooled, "nl", measure)
        assert found["kind"] == expected["kind"]
        np.testing.assert_allclose(
            found[list(SCORE_COLUMNS[4:])].astype(float), expected[list(SCORE_COLUMNS[4:])].astype(float)
        )


def test_a_given_score_goes_before_the_answers():
    given_enps = pd.DataFrame({"unit_id": ["nl"], "period": "2024", "measure": "enps", "estimate": [50.0]})
    scores = make_scores({"employee_answers": EMPLOYEES, "scores": given_enps}, TREE)
    assert score(scores, "nl", "enps")["estimate"] == 50
    assert score(scores, "t1", "enps")["estimate"] == 25


@pytest.mark.parametrize(("periods_per_year", "period"), [(1, "2024"), (2, "2024-H2"), (4, "2024-Q3"), (12, "2024-09")])
def test_a_date_gives_the_period_of_the_dataset(tmp_path, periods_per_year, period):
    path = tmp_path / "customer_answers.parquet"
    dated = pd.DataFrame({"unit_id": ["t1"], "date": pd.to_datetime(["2024-09-30"]), "recommend": [9]})
    dated.to_parquet(path)
    scores = make_scores({"customer_answers": path}, TREE, periods_per_year=periods_per_year)
    assert set(scores["period"]) == {period}


def test_files_give_the_scores_of_their_frames(tmp_path):
    frames = {
        "employee_answers": EMPLOYEES,
        "items": ITEMS,
        "outcomes": OUTCOMES.assign(unit="EUR", ratio_scale=True, higher_is_better=True),
    }
    expected = make_scores(frames, TREE)
    for suffix in ("csv", "parquet"):
        paths = {name: tmp_path / f"{name}.{suffix}" for name in frames}
        for name, frame in frames.items():
            frame.to_csv(paths[name], index=False) if suffix == "csv" else frame.to_parquet(paths[name])
        pd.testing.assert_frame_equal(make_scores(paths, TREE), expected)


@pytest.mark.parametrize("dialect", ["postgres", "databricks"])
def test_the_same_expressions_compile_for_other_databases(dialect):
    labels = {"unit_id": "int64", "period": "string"}
    sources = {
        "employee_answers": ibis.table(
            labels | dict.fromkeys(("recommend", "q1", "q2", "q3", "weight"), "float64"), name="e"
        ),
        "invited": ibis.table(labels | {"n_invited": "int64", "headcount": "int64"}, name="i"),
        "customer_answers": ibis.table(
            {"unit_id": "int64", "date": "date", "recommend": "int64", "repurchase": "boolean"}, name="c"
        ),
        "outcomes": ibis.table(labels | {"measure": "string", "value": "float64"}, name="o"),
        "scores": ibis.table(labels | {"measure": "string", "estimate": "float64", "n": "int64"}, name="s"),
        "closure": ibis.table({"ancestor_id": "string", "unit_id": "string"}, name="closure"),
    }
    statements = [ibis.to_sql(part, dialect=dialect) for part in score_expressions(sources, ITEMS, 4)]
    assert len(statements) == 7
    assert all("SELECT" in statement for statement in statements)


def test_no_tables_give_no_scores():
    scores = make_scores({}, TREE)
    assert tuple(scores.columns) == SCORE_COLUMNS
    assert scores.empty


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"unit_id": ["t1", "t9"]}, r"employee_answers.unit_id must be in units; found 't9'. Add"),
        ({"period": ["2024", None]}, r"employee_answers.period must be given; found nothing \(1 rows\)"),
        ({"recommend": [11, 5]}, r"employee_answers.recommend must lie between 0 and 10; found 11 \(1 rows\)"),
        ({"weight": [1, 0]}, r"employee_answers.weight must be above 0 .*; found 0 \(1 rows\)"),
        ({"weight": [1.0, np.nan]}, r"employee_answers.weight must be above 0 .*; found nothing \(1 rows\)"),
        ({"q1": [0, 7]}, r"employee_answers.q1 must lie between 1 and 5; found 0 \(2 rows\)"),
    ],
)
def test_wrong_answers_are_refused(columns, message):
    frame = answers(["t1", "t2"], [9, 5]).assign(**columns)
    with pytest.raises(ValueError, match=message):
        make_scores({"employee_answers": frame, "items": ITEMS[:1]}, TREE)


def test_repurchase_outside_0_and_1_is_refused():
    with pytest.raises(ValueError, match=r"customer_answers.repurchase must lie between 0 and 1; found 2 \(1 rows\)"):
        make_scores({"customer_answers": answers(["t1", "t1"], [9, 9], repurchase=[1, 2])}, TREE)


def test_an_item_without_a_column_is_refused():
    with pytest.raises(ValueError, match="item_id must be a column of employee_answers; found 'q3' in items"):
        make_scores({"employee_answers": EMPLOYEES.drop(columns="q3"), "items": ITEMS}, TREE)


def test_an_element_with_two_scales_is_refused():
    with pytest.raises(ValueError, match="items of one element must share a scale; found 1–5, 0–10 in purpose"):
        make_scores({"employee_answers": EMPLOYEES, "items": ITEMS[:3].assign(element="purpose")}, TREE)


def test_answers_with_nothing_to_score_are_refused():
    with pytest.raises(
        ValueError, match="answers must have a column to score, such as recommend; found unit_id, period"
    ):
        make_scores({"employee_answers": EMPLOYEES[["unit_id", "period"]]}, TREE)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    UNITS.to_csv(tmp_path / "units.csv", index=False)
    EMPLOYEES.to_parquet(tmp_path / "employee_answers.parquet")
    ITEMS.to_csv(tmp_path / "items.csv", index=False)
    (tmp_path / "dataset.toml").write_text(
        """
        title = "Test"
        language = "en"
        synthetic = true
        periods_per_year = 1
        measures = {employee = "enps", customer = "nps", engagement = "purpose", outcomes = ["nps"]}
        levels = {panel = "country", quartile = "team", report = "country"}
        smallest_effect = {value = 0.1, unit = "sd"}
        tables = {units = "units.csv", employee_answers = "employee_answers.parquet", items = "items.csv"}
        """
    )
    return Dataset(tmp_path)


def cache_files(dataset: Dataset) -> list[Path]:
    return sorted(dataset.folder.glob(".cache/*"))


def test_scores_are_read_from_the_cache_while_nothing_changed(dataset, monkeypatch):
    first = load_scores(dataset)
    monkeypatch.setattr(scores_module, "make_scores", lambda *_, **__: pytest.fail("scored again"))
    pd.testing.assert_frame_equal(load_scores(Dataset(dataset.folder)), first)
    assert [path.suffix for path in cache_files(dataset)] == [".parquet"]


def test_changed_answers_are_scored_anew(dataset):
    before = load_scores(dataset)
    EMPLOYEES.assign(recommend=10).to_parquet(dataset.folder / "employee_answers.parquet")
    after = load_scores(Dataset(dataset.folder))
    assert score(before, "all", "enps")["estimate"] != score(after, "all", "enps")["estimate"] == 100
    assert len(cache_files(dataset)) == 2


def test_a_folder_that_cannot_be_written_still_gives_scores(dataset):
    (dataset.folder / ".cache").write_text("in the way of the cache folder")
    assert score(load_scores(dataset), "t1", "enps")["estimate"] == 25
    assert (dataset.folder / ".cache").is_file()


def test_a_failed_write_leaves_no_half_written_cache(dataset, monkeypatch):
    def full_disk(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full_disk)
    assert not load_scores(dataset).empty
    assert cache_files(dataset) == []


def test_answers_of_merged_teams_are_pooled_in_the_unit_that_reports_them():
    both = ("t12", "Teams 1 and 2", "nl", "team", None)
    rows = [*[(*row, None) for row in UNITS.itertuples(index=False)], both]
    units = pd.DataFrame(rows, columns=[*UNITS, "merged_into"])
    units.loc[units["unit_id"].isin(["t1", "t2"]), "merged_into"] = "t12"
    scores = make_scores({"employee_answers": EMPLOYEES, "items": ITEMS}, Hierarchy(units))
    plain = make_scores({"employee_answers": EMPLOYEES, "items": ITEMS}, TREE)
    assert not {"t1", "t2"} & set(scores["unit_id"])
    assert score(scores, "t12", "enps")["n"] == 6
    assert score(scores, "t12", "enps")["estimate"] == score(plain, "nl", "enps")["estimate"]
    assert score(scores, "all", "enps")["n"] == score(plain, "all", "enps")["n"]
