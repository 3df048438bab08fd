"""Every published figure held here against where it was read, where those files lie beside the real data."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pandas as pd
import pytest

from helpers.datasets.published import published
from helpers.datasets.published_tables import PUBLISHED

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
# In `nps_benchmarks`: a word of the item, and words of the row it was read in.
BENCHMARKS = {
    "Bain": "Bain guide",
    "vendor data base": "vendor data base",
    "vendor average": "vendor average",
    "company A": "Sedlak company A",
    "company B": "Sedlak company B",
    "company C": "Sedlak company C",
    "Integron": "Integron",
    "European": "European variant",
    "Srprs": "Srprs",
    "good": "good / excellent",
    "excellent": "good / excellent",
    "usual": "good / excellent",
    "promoters": "promoter",
    "passives": "passive",
    "detractors": "detractor",
}
# Told there as the value of a study; here they are its number of studies, k.
SIZES = {518, 58}


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


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_every_number_held_stands_where_it_was_read(name):
    theirs = set().union(*(numbers(beside(file)) for file in READ_IN[name])) | OTHERWISE.get(name, set())
    table = published(name)
    for column in set(PUBLISHED[name].numbers) - {"year", "answer"}:
        assert set(table[column].dropna().astype("float64")) <= theirs, column


def rows_with(table: pd.DataFrame, words: str) -> pd.DataFrame:
    return table[table.fillna("").agg(" ".join, axis=1).str.contains(words, regex=False)]


def test_every_benchmark_stands_in_the_row_it_was_read_in():
    theirs = pd.concat([beside(file) for file in READ_IN["nps_benchmarks"]])
    for row in published("nps_benchmarks").itertuples():
        words = next(words for word, words in BENCHMARKS.items() if word in row.item)
        assert row.value in numbers(rows_with(theirs, words)), row.item


def test_every_least_group_stands_in_the_row_of_its_tool():
    theirs = beside("nps_definitions_benchmarks_thresholds").query("topic == 'group size'")
    for row in published("group_sizes").itertuples():
        least = pd.Series([row.least_answers, row.least_comments]).dropna()
        assert set(least) <= numbers(rows_with(theirs, " ".join(row.tool.split()[:2]))), row.tool


@pytest.mark.parametrize("company", ["A", "B", "C"])
def test_the_distributions_are_those_read_answer_by_answer(company):
    item = rows_with(beside("nps_definitions_benchmarks_thresholds"), f"Sedlak company {company}")["item"].item()
    ours = published("enps_distributions").query("company == @company").sort_values("answer")["percent"]
    assert ours.tolist() == [int(one) for one in item.split("=")[1].split(",")]


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


def test_every_table_is_compared():
    assert set(READ_IN) == set(PUBLISHED)
