"""The tables of published figures: every fact once, with a source; what can be worked out from them comes back."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from helpers.datasets.folders import project_root
from helpers.datasets.published import published
from helpers.datasets.published_tables import PUBLISHED, check_published
from helpers.stats.expectancy import expectancy
from helpers.stats.nps import nps

FOLDER = project_root() / "data" / "published"
GOOD = pd.DataFrame(
    {
        "tool": ["A", "B"],
        "least_answers": [5, 5],
        "least_comments": [10.0, None],
        "source": ["a page", "a page"],
        "source_kind": ["primary", "secondary"],
        "status": ["read", "read"],
        "note": [None, None],
    }
)


def test_every_file_has_rules_and_every_rule_a_file():
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(PUBLISHED)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_every_table_keeps_its_rules_and_has_no_column_without_one(name):
    table = published(name)
    assert len(table) > 0 and set(table) == PUBLISHED[name].columns


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("source", " ", "source must be filled in; found ' ' (line 3)."),
        ("source_kind", "hearsay", "source_kind must be one of primary, secondary; found 'hearsay' (line 3)."),
        ("status", "recalled", "status must be one of read, computed; found 'recalled' (line 3)."),
        ("least_answers", "five", "least_answers must be a number; found 'five' (line 3)."),
        ("least_comments", -10, "least_comments must lie between 1 and inf; found '-10.0' (line 3)."),
        ("tool", "A", "tool must tell a fact once; found 'A' (line 3)."),
    ],
)
def test_a_broken_rule_is_told_with_file_column_and_line(column, cell, message):
    check_published("group_sizes", GOOD)
    bad = GOOD.astype({column: "object"}) if isinstance(cell, str) else GOOD.copy()
    bad.loc[1, column] = cell
    with pytest.raises(ValueError, match=re.escape(f"group_sizes.csv: {message}")):
        check_published("group_sizes", bad)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match=r"group_sizes.csv must have the columns .*; found no status."):
        check_published("group_sizes", GOOD.drop(columns="status"))


@pytest.mark.parametrize(
    ("company", "enps", "mean", "sd"), [("A", -45, 5.1, 3.2), ("B", -7, 7.1, 2.0), ("C", -36, 6.2, 2.3)]
)
def test_the_distributions_give_back_what_was_printed_beside_them(company, enps, mean, sd):
    table = published("enps_distributions").query("company == @company")
    percent, answer = table["percent"], table["answer"]
    promoters, detractors = percent[answer >= 9].sum(), percent[answer <= 6].sum()
    assert promoters - detractors == enps
    centre = (answer * percent).sum() / percent.sum()
    spread = ((answer - centre) ** 2 * percent).sum() / percent.sum()
    assert (centre, spread**0.5) == pytest.approx((mean, sd), abs=0.1)
    printed = published("nps_benchmarks").set_index("item")["value"]
    name = next(item for item in printed.index if item.startswith(f"company {company} ("))
    assert printed[name] == pytest.approx(enps, abs=1)
    assert printed[[f"company {company}: mean of the answers", f"company {company}: SD of the answers"]].tolist() == [
        mean,
        sd,
    ]


def test_the_dutch_enps_follows_from_its_shares():
    shares = published("nps_benchmarks").set_index("item")["value"]
    parts = [shares[f"Netherlands (Integron): {part}"] for part in ("promoters", "passives", "detractors")]
    assert nps(*parts) == pytest.approx(shares["Netherlands (Integron)"], abs=0.5)


def test_gallups_ratio_of_halves_is_the_besd_of_a_lower_correlation_than_its_own():
    told = published("relations").query("study == 'Gallup, 11th edition'").set_index("statistic")["value"]
    rates = expectancy({"told": told["r"], "lower": 0.40}).set_index("correlation")
    assert rates.loc["lower", "besd_ratio"] == pytest.approx(told["success ratio of halves"], abs=5e-3)
    assert rates.loc["told", "half_ratio"] < told["success ratio of halves"] < rates.loc["told", "besd_ratio"]


def test_gallups_fourfold_success_is_the_normal_model_at_34_hundredths():
    told = published("relations").query("study == 'Gallup, 8th edition'")["value"].item()
    rates = expectancy({"rho": 0.34}).iloc[0]
    assert rates["extreme_ratio"] == pytest.approx(told, abs=5e-3)
    assert rates["half_odds_ratio"] > published("gallup_facts").set_index("fact")["value"]["odds_of_success_top_half"]


def test_aons_growth_of_three_is_five_times_its_growth_per_point():
    claims = published("claims").set_index("claim")["value"]
    assert claims["aon_engagement"] * claims["aon_growth_per_point"] == pytest.approx(claims["aon_growth"])


def test_aons_worked_case_is_not_its_growth_at_its_gross_margin():
    aon, claims = published("aon_hewitt").set_index("fact")["value"], published("claims").set_index("claim")["value"]
    by_hand = aon["case_sales"] * claims["aon_growth_per_point"] / 100 * aon["case_gross_margin"] / 100
    assert by_hand == pytest.approx(16.5) and aon["case_income_1"] > by_hand
