"""The tables of published figures: every fact once, with a source, and typed as it was read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pandas as pd
import pytest

from helpers.datasets.dataset import project_root
from helpers.datasets.published import published
from helpers.datasets.published_tables import PUBLISHED, check_published
from helpers.stats.expectancy import expectancy
from helpers.stats.nps import nps

FOLDER = project_root() / "data" / "published"
NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d*\.?\d+)")
# Where what we hold was read, in the files that may lie beside the real data.
READ_IN = {
    "aon_hewitt": ("aon_hewitt",),
    "claims": ("articles", "aon_hewitt"),
    "context_cases": ("context_cases",),
    "directions": ("literature",),
    "enps_distributions": ("nps_definitions_benchmarks_thresholds",),
    "gallup_editions": ("gallup_editions",),
    "gallup_facts": ("gallup_composite_and_method", "harter_schmidt_hayes_2002", "gallup_quartile_differences"),
    "gallup_quartile_differences": ("gallup_quartile_differences",),
    "group_sizes": ("nps_definitions_benchmarks_thresholds",),
    "nps_benchmarks": ("nps_definitions_benchmarks_thresholds", "context_cases", "articles"),
    "relations": ("literature", "harter_schmidt_hayes_2002", "gallup_composite_and_method"),
}
# Written there in words, rounded otherwise, or in another unit.
OTHERWISE = {
    "aon_hewitt": {5_000_000, 1000, 9_000_000, 5000, -50},
    "gallup_editions": {1_400_000, 2_700_000},
    "gallup_facts": {2, 5},
    "claims": {0, 1_800_000},
}
GAPS = {
    "absence": r"absenteeism",
    "turnover_high": r"turnover \(high-turnover.*",
    "turnover_low": r"turnover \(low-turnover.*",
    "shrinkage": r"shrinkage.*",
    "accidents": r"safety incidents.*",
    "patient_safety": r"patient safety incidents",
    "defects": r"quality.*defects.*",
    "customer_loyalty": r"customer (?:metrics|loyalty/(?:ratings|engagement))",
    "sales": r"(?:productivity \(sales\)|sales \(.*)",
    "productivity": r"productivity(?: \(production.*)?",
    "profit": r"profitability",
    "wellbeing": r"wellbeing.*",
    "citizenship": r"organizational citizenship.*",
}
HARTER = {
    "customer_loyalty": "customer satisfaction-loyalty",
    "turnover": "employee turnover",
    "accidents": "safety (accidents)",
    "productivity": "productivity",
    "profit": "profitability",
    "composite": "composite business-unit performance",
}
# Told there as the value of a study; here they are its number of studies, k.
SIZES = {518, 58}
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


def beside(name: str) -> pd.DataFrame:
    """A file that lies beside the real data, as text; skips the test where there is none."""
    path = Path(os.environ.get("EXCX_REAL_DATA", "")).parent / "published" / f"{name}.csv"
    if not os.environ.get("EXCX_REAL_DATA") or not path.is_file():
        pytest.skip("EXCX_REAL_DATA is not set, or holds no published figures beside it")
    return pd.read_csv(path, dtype="str", encoding="utf-8")


def numbers(table: pd.DataFrame) -> set[float]:
    """All numbers in the cells of a table, thousands separated or not; a minus may be the hyphen of a range."""
    cells = [str(cell) for cell in table.stack()]
    found = {float(number.replace(",", "")) for cell in cells for number in NUMBER.findall(cell)}
    return found | {abs(number) for number in found}


def test_every_file_has_rules_and_every_rule_a_file():
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(PUBLISHED) == set(READ_IN)


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


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_every_number_held_stands_where_it_was_read(name):
    theirs = set().union(*(numbers(beside(file)) for file in READ_IN[name])) | OTHERWISE.get(name, set())
    table = published(name)
    for column in set(PUBLISHED[name].numbers) - {"year", "answer"}:
        assert set(table[column].dropna().astype("float64")) <= theirs, column


def test_gallups_gaps_are_those_read_outcome_by_outcome():
    theirs = beside("gallup_quartile_differences")
    theirs = theirs[theirs["unit"].str.startswith("%")]
    ours = published("gallup_quartile_differences").set_index(["edition", "outcome"])["value"]
    named = {
        (edition, outcome): float(value)
        for edition, text, value in theirs[["edition", "outcome", "value"]].itertuples(index=False)
        for outcome, pattern in GAPS.items()
        if re.fullmatch(pattern, text)
    }
    assert len(named) == len(theirs) and ours.to_dict() == named


def test_gallups_editions_are_those_read_column_by_column():
    columns = {
        "n_studies": "research_studies",
        "n_organisations": "organizations",
        "n_industries": "industries",
        "n_countries": "countries",
        "n_units": "business_units",
        "n_outcomes": "outcomes",
    }
    theirs, ours = beside("gallup_editions"), published("gallup_editions")
    assert ours["edition"].tolist() == theirs["edition"].str.split("?").str[0].tolist()
    for mine, its in columns.items():
        read = pd.to_numeric(theirs[its].str.replace(r"[>~,]", "", regex=True)).rename(mine)
        pd.testing.assert_series_equal(ours[mine], read, check_dtype=False)


def test_correlations_of_harter_schmidt_and_hayes_are_those_read():
    theirs = beside("harter_schmidt_hayes_2002").set_index(["construct", "outcome"])
    ours = published("relations").query("study == 'Harter, Schmidt & Hayes'")
    columns = {"true-score r": "true_score_r", "observed r": "mean_observed_r"}
    constructs = {"engagement": "employee engagement", "overall satisfaction": "overall satisfaction"}
    assert len(ours) == 13
    for row in ours.itertuples():
        read = theirs.loc[(constructs[row.predictor], HARTER[row.outcome]), columns[row.statistic]]
        assert row.value == float(read), row


def first_author(study: str) -> str:
    return re.split(r"[ ,]", study)[0]


def test_every_study_is_held_with_the_numbers_read_of_it_and_no_others():
    literature = beside("literature")
    read = {
        name: rows.drop(columns="study") for name, rows in literature.groupby(literature["study"].map(first_author))
    }
    relations = published("relations").assign(author=lambda table: table["study"].map(first_author))
    held = {name: set(rows["value"]) for name, rows in relations.groupby("author") if name not in ("Harter", "Gallup")}
    assert set(read) == set(held) | {first_author(study) for study in published("directions")["study"]}
    for name, values in held.items():
        plain = pd.to_numeric(read[name]["value"], errors="coerce").dropna()
        assert set(plain) - SIZES <= values <= numbers(read[name]), name


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
