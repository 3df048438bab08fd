import pandas as pd
import pytest

from helpers.datasets.demo import simulate
from helpers.datasets.demo.company import blocks


@pytest.fixture(scope="module")
def units(demo):
    return demo["units"].set_index("unit_id")


def n_teams(truth, scale):
    return sum(block.n_teams for block in blocks(truth, scale))


def test_scale_one_has_24_countries_120_business_units_and_1200_teams(truth):
    units = simulate(truth, seed=1, scale=1, tables=["units"])["units"]
    counts = units[units["valid_from"].isna()]["level"].value_counts()
    assert counts.to_dict() == {"organisation": 1, "country": 24, "business unit": 120, "team": 1200}


@pytest.mark.parametrize(("scale", "expected"), [(0.1, 240), (0.3, 360), (1, 1200), (2, 2400), (68.5, 82_320)])
def test_scale_multiplies_teams_and_leaves_two_in_each_business_unit(truth, scale, expected):
    assert n_teams(truth, scale) == expected


def test_a_larger_scale_adds_business_units_and_never_countries(truth):
    per_country = pd.Series([block.country for block in blocks(truth, 3)]).value_counts()
    assert len(per_country) == 24
    assert set(per_country) == {3}


def test_every_unit_hangs_below_the_level_above(units):
    above = {"country": "organisation", "business unit": "country", "team": "business unit"}
    below = units[units["parent_id"].notna()]
    assert (units.loc[below["parent_id"], "level"].to_numpy() == below["level"].map(above)).all()
    assert units["parent_id"].isna().sum() == 1
    assert units.index.is_unique


def test_some_business_units_have_long_names_that_need_escaping(units):
    names = units.loc[units["level"] == "business unit", "name"]
    assert names.str.len().max() >= 40
    assert names.str.contains("&").any()
    assert names.is_unique
    assert units["industry"].nunique() == 6


def test_a_reorganisation_moves_the_teams_of_two_business_units_in_each_of_two_countries(units):
    ended, started = units[units["valid_to"].notna()], units[units["valid_from"].notna()]
    assert set(ended["valid_to"]) == {"2017"}
    assert set(started["valid_from"]) == {"2018"}
    gone = ended[ended["level"] == "business unit"]
    assert gone.groupby("country").size().to_dict() == {"NL": 2, "DE": 2}
    assert len(started) == (ended["level"] == "team").sum()
    assert not set(started["parent_id"]) & set(gone.index)


def test_units_answer_only_while_they_exist(demo, units):
    for table in ("employee_answers", "customer_answers", "invited", "outcomes"):
        rows = demo[table].join(units[["valid_from", "valid_to"]], on="unit_id")
        assert (rows["period"] >= rows["valid_from"].fillna("0")).all()
        assert (rows["period"] <= rows["valid_to"].fillna("9")).all()


def test_people_stay_when_their_team_moves(demo, units):
    answers = demo["employee_answers"].join(units[["valid_from", "valid_to"]], on="unit_id")
    before = answers.loc[(answers["period"] == "2017") & answers["valid_to"].notna(), "person_key"]
    after = answers.loc[(answers["period"] == "2018") & answers["valid_from"].notna(), "person_key"]
    assert after.isin(before).mean() > 0.5


def test_there_are_small_teams_and_none_beyond_the_range(demo, truth):
    headcount = demo["invited"]["headcount"]
    assert headcount.min() == truth.company.headcount_low
    assert headcount.max() <= truth.company.headcount_high
    assert 0.2 < (headcount < 10).mean() < 0.5


def test_an_unknown_country_to_reorganise_is_refused(truth, change):
    with pytest.raises(ValueError, match="reorganised must hold codes of countries; found XX"):
        next(blocks(change(truth, company={"reorganised": ("XX",)}), 1))


def test_no_reorganisation_happens_after_the_last_wave(truth, change):
    still = change(truth, company={"reorganisation_wave": 15})
    units = simulate(still, scale=0.1, tables=["units"])["units"]
    assert units["valid_to"].isna().all()
