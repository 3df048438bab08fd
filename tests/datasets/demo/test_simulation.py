import numpy as np
import pandas as pd
import pytest

from helpers.datasets.demo import simulate
from helpers.datasets.demo.simulation import TABLES

BERSIN = {
    "meaningful_work",
    "hands_on_management",
    "positive_environment",
    "growth_opportunity",
    "trust_in_leadership",
}
COLUMNS = {
    "units": "unit_id name parent_id level country industry valid_from valid_to",
    "items": "item_id text_nl text_en scale_min scale_max reverse element",
    "invited": "unit_id period n_invited headcount",
    "customer_answers": "unit_id period date recommend satisfaction sincerity repurchase moment reason reason_valence "
    "weight comment",
    "outcomes": "unit_id period measure value unit ratio_scale higher_is_better n",
    "absence": "unit_id period headcount n_spells days days_largest days_second",
    "employments": "unit_id start end exit_reason",
    "actions": "action_id unit_id element programme description owner_role measure baseline target communicated_on "
    "start due",
    "expected": "unit_id period measure expected",
}


@pytest.fixture(scope="module")
def small(truth):
    return simulate(truth, seed=7, scale=0.1)


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name])


@pytest.mark.parametrize("table", COLUMNS)
def test_tables_have_the_columns_of_the_contract(demo, table):
    assert list(demo[table]) == COLUMNS[table].split()


def test_answers_have_a_column_for_every_item(demo):
    fixed = ["unit_id", "period", "person_key", "recommend", "satisfaction"]
    assert list(demo["employee_answers"]) == fixed + demo["items"]["item_id"].tolist()


def test_scores_and_items_stay_on_their_scales(demo):
    staff, customers = demo["employee_answers"], demo["customer_answers"]
    for answers in (staff["recommend"], customers["recommend"]):
        assert set(answers.unique()) == set(range(11))
    assert set(np.unique(staff[demo["items"]["item_id"]].stack().dropna())) == {1, 2, 3, 4, 5}
    assert set(customers["sincerity"].unique()) == {1, 2, 3, 4, 5}
    assert set(customers["repurchase"].unique()) == {0, 1}
    for answers in (staff["satisfaction"], customers["satisfaction"]):
        assert answers.between(1, 10).all()


def test_every_element_has_items_and_bersins_five_have_two_each(demo):
    n_items = demo["items"].groupby("element").size()
    assert (n_items[list(BERSIN)] == 2).all()
    assert n_items["engagement"] == 3
    assert len(n_items) == 17
    assert demo["items"].loc[demo["items"]["reverse"], "element"].tolist() == ["obstacle"]


def test_keys_are_unique_and_refer_to_units(demo):
    keys = {
        "employee_answers": ["unit_id", "period", "person_key"],
        "invited": ["unit_id", "period"],
        "absence": ["unit_id", "period"],
        "outcomes": ["unit_id", "period", "measure"],
        "actions": ["action_id"],
        "expected": ["unit_id", "period", "measure"],
    }
    for table, key in keys.items():
        assert not demo[table].duplicated(key).any(), table
    for table in set(COLUMNS) - {"units", "items"} | {"employee_answers"}:
        assert demo[table]["unit_id"].isin(demo["units"]["unit_id"]).all(), table


def test_nobody_answers_who_was_not_invited(demo):
    answered = demo["employee_answers"].groupby(["unit_id", "period"]).size().rename("n")
    both = demo["invited"].set_index(["unit_id", "period"]).join(answered)
    assert (both["n"].fillna(0) <= both["n_invited"]).all()
    assert 0.002 < both["n"].isna().mean() < 0.02


def test_persons_keep_their_key_and_stay_in_one_country(demo):
    answers = demo["employee_answers"]
    per_person = answers.assign(country=answers["unit_id"].str[:2]).groupby("person_key")
    assert (per_person["country"].nunique() == 1).all()
    assert per_person["period"].nunique().mean() > 2.5


def test_the_same_seed_gives_the_same_tables(truth, small):
    assert_same(simulate(truth, seed=7, scale=0.1), small)


def test_another_seed_gives_other_tables(truth, small):
    other = simulate(truth, seed=8, scale=0.1)
    for name in set(TABLES) - {"items", "units"}:
        assert not other[name].equals(small[name]), name


@pytest.mark.parametrize(
    "tables", [["customer_answers"], ["outcomes", "units"], ["actions", "employments", "expected"]]
)
def test_leaving_tables_out_changes_nothing_in_the_others(truth, small, tables):
    assert_same(
        simulate(truth, seed=7, scale=0.1, tables=tables), {name: small[name] for name in TABLES if name in tables}
    )


def test_adding_business_units_changes_nothing_in_the_first(truth, change):
    few = change(truth, company={"teams": 2})
    one, two = (simulate(few, seed=3, scale=scale, tables=["expected"])["expected"] for scale in (1, 2))
    assert two["unit_id"].nunique() > 1.9 * one["unit_id"].nunique()
    kept = two[two["unit_id"].isin(one["unit_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, one)


def test_some_values_are_missing(demo, truth):
    items = demo["employee_answers"][demo["items"]["item_id"]]
    assert items.isna().to_numpy().mean() == pytest.approx(truth.employees.missing_item, rel=0.1)
    profits = (demo["outcomes"]["measure"] == "profit").sum()
    assert 1 - profits / len(demo["invited"]) == pytest.approx(truth.outcomes.missing, abs=0.006)


def test_dates_lie_in_the_period(demo):
    answers = demo["customer_answers"]
    assert (answers["date"].dt.year.astype(str) == answers["period"]).all()


def test_days_of_the_persons_most_absent_stay_within_the_total(demo):
    absence = demo["absence"]
    assert (absence["days_second"] <= absence["days_largest"]).all()
    assert (absence["days_largest"] + absence["days_second"] <= absence["days"]).all()
    assert (absence["days"] >= absence["n_spells"]).all()


def test_employments_are_truncated_at_the_first_wave(demo):
    spells = demo["employments"]
    assert spells["start"].min() < pd.Timestamp("2011-01-01") <= spells["end"].min()
    assert (spells["end"].isna() == spells["exit_reason"].isna()).all()
    assert (spells["start"] <= spells["end"].fillna(pd.Timestamp("2025-01-01"))).all()
    last = demo["invited"].loc[demo["invited"]["period"] == "2024", "headcount"].sum()
    assert spells["end"].isna().sum() == last


def test_actions_come_in_time_and_not_all_are_smart(demo):
    actions = demo["actions"]
    assert actions["start"].dt.year.between(2017, 2024).all()
    assert (actions["communicated_on"].dropna() < actions["start"][actions["communicated_on"].notna()]).all()
    assert (actions["due"].dropna() > actions["start"][actions["due"].notna()]).all()
    whole = actions.drop(columns="communicated_on").notna().all(axis=1)
    assert 0.5 < whole.mean() < 0.9
    assert set(actions["element"]) <= BERSIN


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": -1}, "seed must not be negative; found -1"),
        ({"scale": 0.01}, "scale must be at least 0.05 and finite; found 0.01"),
        ({"scale": float("nan")}, "scale must be at least 0.05 and finite; found nan"),
        ({"tables": ["scores"]}, "tables must be among units, .*; found scores"),
    ],
)
def test_wrong_arguments_are_refused(truth, arguments, message):
    with pytest.raises(ValueError, match=message):
        simulate(truth, **arguments)
