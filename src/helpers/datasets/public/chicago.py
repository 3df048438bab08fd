"""Chicago Public Schools: do students do well where teachers do?

Each file is one *report*: the survey, attendance and behaviour of one school year, named by the spring it ends in (the
report of file ``SY1516`` is on 2015). That the columns of a report are of that year was checked against the labels in
the files: ``Progress_Report_Year``, ``Parent_Survey_Results_Year`` and ``Other_Metrics_Year_2`` agree in all six, and
``…_Year_2`` returns as ``…_Year_1`` in the next report. ``SY1819`` has the labels of its behaviour columns the wrong
way round: its ``Year_1`` repeats what the report on 2017 had as ``Year_2``, so ``Year_2`` is 2018 there too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from helpers.datasets.public import chicago_measures as measures
from helpers.datasets.public.source import Built, PublicSource

PUBLISHER = "City of Chicago, Chicago Data Portal"
TITLE = "Chicago Public Schools – School Progress Reports SY1516, SY1617, SY1718, SY1819, SY2122, SY2223"
ROOT = "cps"
CATEGORIES = {
    "ES": ("elementary", "Elementary schools"),
    "MS": ("middle", "Middle schools"),
    "HS": ("high", "High schools"),
}
FILES = {
    "SY1516.csv": "0aec387b818a07f72d1efa21531febf7ccf95735b99a932978514457c65bf1c6",
    "SY1617.csv": "fa1ec56389d837fafc558f843c64d75f7ec5f7d3bfa8e71408cd9bdbbdf25edc",
    "SY1718.csv": "d1cee91c0362ccb9aace131f51b862e938baee8d4a823e67545759fb5eb81425",
    "SY1819.csv": "6100523805793470029036097a1ec9d0ffac263925b04deff62f323b7fb7435b",
    "SY2122.csv": "00f1247ba5c43b558e25baba304062b4d24d832001fdeae9196ae8c4a6700068",
    "SY2223.csv": "7bf4e7086269f9d74e36bb1ae360ee1298549a5853ea155c68cd5632d91cd4e2",
}
SETTINGS = {
    "title": "Chicago Public Schools",
    "language": "en",
    "synthetic": False,
    "source": f"{PUBLISHER}: {TITLE}",
    "licence": "not stated by the copy",
    "periods_per_year": 1,
    "min_group": 10,
    "disclosure": "published",
    "measures": {
        "employee": "teacher_climate",
        "customer": "student_climate",
        "engagement": "teacher_climate",
        "outcomes": ["student_climate", "parent_climate", *measures.OUTCOMES],
    },
    "levels": {"panel": "school", "quartile": "school", "report": "school"},
    "smallest_effect": {"value": 0.1, "unit": "sd"},
}


def build(paths: Mapping[str, Path]) -> Built:
    """Build the dataset from the six reports.

    Parameters
    ----------
    paths : mapping of str to Path
        The files as published, by name.

    Returns
    -------
    Built
        Tables ``units`` (city, three categories, schools), ``scores`` (measures on the scale 1–5, response rates)
        and ``outcomes``.

    Raises
    ------
    ValueError
        For a report on several years, or an answer that is not one of the five words.
    """
    reports = pd.concat([_report(path) for path in paths.values()], ignore_index=True)
    reports = reports.sort_values(["period", "unit_id"], ignore_index=True)
    tables = {
        "units": _units(reports),
        "scores": measures.school_scores(reports),
        "outcomes": measures.school_outcomes(reports),
    }
    return Built(SETTINGS, tables, measures.dictionary(SETTINGS["title"], SETTINGS["source"]))


def _report(path: Path) -> pd.DataFrame:
    report = pd.read_csv(path, dtype="str", encoding="utf-8")
    years = report["Progress_Report_Year"].dropna().unique()
    if len(years) != 1:
        raise ValueError(f"Progress_Report_Year must be one year; found {', '.join(years) or 'none'} in {path.name}.")
    return report.assign(unit_id=report["School_ID"], period=years[0])


def _units(reports: pd.DataFrame) -> pd.DataFrame:
    # Names are cut to 40 characters in the oldest report and written out later; one middle school became elementary.
    latest = reports.groupby("unit_id")[["Long_Name", "Primary_Category"]].last().reset_index()
    category = latest["Primary_Category"].map({code: unit for code, (unit, _) in CATEGORIES.items()})
    schools = pd.DataFrame(
        {
            "unit_id": latest["unit_id"],
            "name": latest["Long_Name"],
            # One school, in one report, has no category.
            "parent_id": category.fillna(ROOT),
            "level": "school",
        }
    )
    above: Sequence[tuple[str, str, str | None, str]] = [
        (ROOT, "Chicago Public Schools", None, "organisation"),
        *((unit, name, ROOT, "category") for unit, name in CATEGORIES.values()),
    ]
    units = pd.concat([pd.DataFrame(above, columns=schools.columns), schools], ignore_index=True)
    return units.assign(country="US", industry="education")


CHICAGO = PublicSource("chicago", PUBLISHER, TITLE, "chicago_schools", FILES, build)
