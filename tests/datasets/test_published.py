"""Published figures: every one with its source, and the claims this collection tests."""

from __future__ import annotations

import pytest

from helpers.datasets.published import gallup_editions, gallup_gaps, published

BRIEF = {
    "gallup_customer": 10,
    "gallup_profit": 21,
    "gallup_productivity": 20,
    "gallup_teams": 82_000,
    "gallup_employees": 1_800_000,
    "gallup_countries": 73,
    "gallup_industries": 49,
}
HIGHER_IS_BETTER = {"customer_loyalty", "profit", "productivity", "sales", "wellbeing", "citizenship"}
LOWER_IS_BETTER = {"turnover_high", "turnover_low", "absence", "accidents", "patient_safety", "shrinkage", "defects"}


def test_the_claim_of_gallup_2016_is_there():
    claims = published("claims").set_index("claim")["value"]
    assert claims[list(BRIEF)].to_dict() == BRIEF


def test_gallups_gaps_have_one_value_per_edition_and_known_outcome():
    gaps = published("gallup_quartile_differences")
    assert not gaps.duplicated(["edition", "outcome"]).any()
    assert set(gaps["outcome"]) == HIGHER_IS_BETTER | LOWER_IS_BETTER
    assert set(gaps["edition"]) <= set(published("gallup_editions")["edition"])


def test_gallups_gaps_point_where_engaged_units_do_better():
    gaps = published("gallup_quartile_differences")
    assert (gaps["value"] > 0).eq(gaps["outcome"].isin(HIGHER_IS_BETTER)).all()


def test_relations_stated_as_r_are_correlations():
    relations = published("relations")
    assert relations.loc[relations["statistic"].str.contains(r"\br\b"), "value"].abs().max() <= 1


def test_an_unknown_table_is_refused_with_the_near_ones():
    with pytest.raises(
        ValueError, match=r"name must be a table in data/published; found 'claim'. Did you mean claims\?"
    ):
        published("claim")


def test_gallups_figure_on_turnover_goes_by_how_many_leave_in_a_year():
    assert gallup_gaps(2016, turnover=40)["turnover"] == -59
    assert gallup_gaps(2016, turnover=40.1)["turnover"] == -24
    assert "turnover" not in gallup_gaps(2016, turnover=None)


def test_productivity_is_sales_where_an_edition_tells_them_from_production():
    assert gallup_gaps(2024)["productivity"] == 18
    assert gallup_gaps(2012)["productivity"] == 21
    assert "sales" not in gallup_gaps(2012)


def test_an_edition_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="year must be one of 2012, 2016, 2020, 2024; found 2018"):
        gallup_gaps(2018)


def test_all_editions_stand_beside_each_other_with_their_source():
    editions = gallup_editions().set_index(["outcome", "year"])
    assert editions.loc["turnover_low", "value"].to_dict() == {2012: -65, 2016: -59, 2020: -43, 2024: -51}
    assert editions.loc["turnover_high", "value"].to_dict() == {2012: -25, 2016: -24, 2020: -18, 2024: -21}
    assert editions.loc["repurchase", "value"].to_dict() == dict.fromkeys((2012, 2016, 2020, 2024), 10)
    assert editions["source"].str.len().min() > 0
    assert "turnover" not in editions.index.get_level_values("outcome")
