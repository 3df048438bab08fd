"""The panel of growth: in which units it is told, at which level, and what stands in the way."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.growth import answer_range, aon_growth, given_level, growth_panel
from helpers.stats.estimates import NotApplicable
from helpers.stats.growth_study import growth_study

YEARS = ["2019", "2020", "2021", "2023"]
SETTINGS = """
title = "Shops"
language = "en"
synthetic = true
source = "a test"
licence = "none"
periods_per_year = 1
min_group = 10
disclosure = "published"
[measures]
employee = "enps"
customer = "nps"
engagement = "engagement"
outcomes = ["sales"]
[levels]
panel = "shop"
quartile = "shop"
report = "shop"
[smallest_effect]
value = 0.1
unit = "sd"
[tables]
units = "units.csv"
scores = "scores.csv"
outcomes = "outcomes.csv"
"""


@pytest.fixture
def shops(tmp_path):
    """Twelve shops with sales in four years; 2022 is missing, and one shop lost money once."""

    def make(measure: str = "sales", unit: str = "EUR", last: float = 121.0):
        ids = [f"S{number:02}" for number in range(12)]
        units = pd.DataFrame({"unit_id": ["all", *ids], "name": ["All", *ids], "parent_id": ["", *["all"] * 12]})
        units["level"] = ["organisation", *["shop"] * 12]
        keys = pd.MultiIndex.from_product([ids, YEARS], names=["unit_id", "period"]).to_frame(index=False)
        scores = [keys.assign(measure=one, estimate=value) for one, value in (("engagement", 3.5), ("nps", 20.0))]
        values = np.tile([100.0, 110.0, last, 140.0], 12)
        outcomes = keys.assign(measure=measure, value=values, unit=unit, ratio_scale=True, higher_is_better=True)
        for name, table in (("units", units), ("scores", pd.concat(scores)), ("outcomes", outcomes)):
            table.to_csv(tmp_path / f"{name}.csv", index=False)
        (tmp_path / "dataset.toml").write_text(SETTINGS)
        return open_dataset(tmp_path)

    return make


def test_growth_is_reckoned_from_sales_on_the_calendar(shops):
    growth = growth_panel(shops())
    assert (growth.made_from, growth.growth, growth.kinds["revenue_growth"]) == ("sales", "revenue_growth", "percent")
    one = growth.panel[growth.panel["entity"] == "S00"].set_index("period")["revenue_growth"]
    assert one[["2020", "2021"]].tolist() == pytest.approx([10.0, 10.0])
    assert one[["2019", "2023"]].isna().all()


def test_sales_of_nothing_have_no_growth(shops):
    one = growth_panel(shops(last=0.0)).panel.query("entity == 'S00'").set_index("period")["revenue_growth"]
    assert one["2020"] == pytest.approx(10.0) and np.isnan(one["2021"])


def test_growth_that_is_given_is_taken_as_it_is(shops):
    growth = growth_panel(shops("revenue_growth", "% a year"))
    assert growth.made_from == "" and growth.panel["revenue_growth"].max() == 140.0


def test_data_without_growth_or_sales_say_so(shops):
    with pytest.raises(NotApplicable, match="This needs growth of revenue, which these data do not have"):
        growth_panel(shops("accidents"))


def test_another_outcome_may_be_named(shops):
    growth = growth_panel(shops("accidents", "% of staff"), outcome="accidents")
    assert growth.growth == "accidents" and growth.kinds["accidents"] == "percent"


def test_an_outcome_that_is_no_percentage_is_told_in_standard_deviations(shops):
    growth = growth_panel(shops("accidents", "per 100 people"), outcome="accidents")
    assert growth.kinds["accidents"] == "sd"
    assert growth.panel["accidents"].std() == pytest.approx(1.0)


def test_a_range_of_answers_that_is_not_known_leaves_standard_deviations(shops):
    data = shops()
    assert answer_range(data, "engagement") is None
    assert answer_range(data, "nps") == (-100, 100)
    assert growth_panel(data).kinds["engagement"] == "sd"


def test_the_demo_is_told_in_points_and_percent_at_the_level_where_growth_is_given(demo):
    data = open_dataset(demo)
    growth = growth_panel(data)
    assert (growth.level, growth.scale) == ("business unit", (1.0, 5.0))
    assert growth.kinds == {"engagement": "points", "revenue_growth": "percent", "profit": "sd"}
    scores = data.scores.query("measure == 'engagement'").set_index(["unit_id", "period"])["estimate"]
    row = growth.panel.dropna(subset="engagement").iloc[0]
    assert row["engagement"] == pytest.approx(25 * (scores[row["entity"], row["period"]] - 1))
    assert given_level(data, "profit") == "team" and given_level(data, "nps") == "country"


def test_errors_of_engagement_are_those_of_a_sample_of_the_staff_there_are(demo):
    data = open_dataset(demo)
    growth = growth_panel(data).panel.dropna(subset="engagement_se").iloc[0]
    rows = data.scores.set_index(["unit_id", "period", "measure"]).loc[(growth["entity"], growth["period"])]
    unheard = 1 - rows.loc["response_rate", "estimate"]
    assert growth["engagement_se"] == pytest.approx(25 * rows.loc["engagement", "se"] * np.sqrt(unheard))


def test_what_aon_published_is_three_for_five():
    aon = aon_growth()
    assert aon["growth"] / aon["rise"] == pytest.approx(aon["per_point"]) == 0.6
    assert (aon["year"], aon["per_point_year"]) == (2015, 2013) and all(aon["sources"])
    assert "percent, in other sources points" in aon["unit"]


@cache
def study(folder):
    growth = growth_panel(open_dataset(folder))
    columns = {"engagement": growth.engagement, "customer": growth.customer, "growth": growth.growth}
    return growth_study(growth.panel, **columns, others=growth.others, smallest_effect=0.1)


def test_the_truth_of_the_demo_comes_back(demo):
    """0.6 per point at an NPS of 20; 1.0 more per SD of engagement (8.25 points) and 20 points of NPS."""
    found = study(demo)
    table = found.table("corrected")
    corrected = table[(table["model"] == "corrected") & (table["lag"] == 1)].iloc[0]
    nps = growth_panel(open_dataset(demo)).panel["nps"].mean()
    truth = 0.6 + (nps - 20) / 20 / 8.25
    assert corrected["ci_low"] < truth < corrected["ci_high"]
    assert found.evidence.claimed["ci_low"] > 0 and found.evidence.verdict.verdict == "yes"


def test_the_interaction_of_the_demo_comes_back_weakened_by_the_errors_of_both_sides(demo):
    found = study(demo).interaction("revenue_growth")
    about, row = found.effects.attrs, found.verdict.figures
    truth = about["sd_x"] / 8.25 * about["sd_z"] / 20
    assert 0 < row["ci_low"] < truth * found.reliability["product"] < row["ci_high"]
    assert found.verdict.verdict == "yes" and 0.5 < found.reliability["product"] < 0.9


def test_profit_of_the_demo_follows_engagement_alone(demo):
    assert study(demo).interaction("profit").verdict.verdict != "yes"


def test_without_effects_the_demo_confirms_neither_claim(demo_null):
    found = study(demo_null)
    assert found.evidence.verdict.verdict != "yes"
    assert all(found.interaction(outcome).verdict.verdict != "yes" for outcome in ("revenue_growth", "profit"))
