"""NHS acute trusts in England: do fewer patients die than expected where staff are engaged?

The file is one that others joined from what three publishers put out; its columns are taken as they are named there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.datasets.public.figures import (
    Figure,
    Outcome,
    measures_table,
    outcome_table,
    score_table,
    years_of_units,
)
from helpers.datasets.public.source import Built, PublicSource

PUBLISHER = "NHS Staff Survey, NHS Digital and NHS England"
TITLE = "NHS acute trusts 2012–2019, staff survey, SHMI and A&E, joined by others"
ROOT = "nhs"
RESPONDENTS = "n_staff_respondents"
FILES = {"nhs_trust_panel.csv": "8da57b59f98320f36cdcfd38d91b0311d6fa1b3b7e887f9a95b63b24c3a1c846"}
SCORES = {
    "staff_engagement": Figure(
        "staff_engagement_1to5",
        "mean",
        1,
        "Mean of three questions; which three is not stated. Not the official index of the survey.",
        n=RESPONDENTS,
    ),
    "workplace_recommendation": Figure(
        "staff_recommend_work_1to5", "mean", 1, "Staff would recommend the trust as a place to work.", n=RESPONDENTS
    ),
    "care_recommendation": Figure(
        "staff_recommend_care_1to5",
        "mean",
        1,
        "Staff would be happy with the care for a friend. The same people answer as for engagement: no outcome here.",
        n=RESPONDENTS,
    ),
    "work_stress": Figure(
        "staff_work_stress_share", "rate", 1, "Share of staff unwell from work stress.", n=RESPONDENTS
    ),
    "response_rate": Figure("survey_response_rate", "rate", 1, "From 2015."),
}
OUTCOMES = {
    "mortality_index": Outcome(
        "shmi",
        "observed deaths per expected death",
        1,
        False,
        "Summary Hospital-level Mortality Indicator, 1 = as expected. Which twelve months a year covers is not stated.",
    ),
    "emergency_within_4h": Outcome(
        "ae_within_4h_share",
        "% of A&E attendances",
        100,
        True,
        "All types of department, 2016–2018 only; n is the number of attendances.",
        n="ae_attendances",
    ),
}
SETTINGS = {
    "title": "NHS acute trusts: staff engagement and the mortality index",
    "language": "en",
    "synthetic": False,
    "source": f"{PUBLISHER}: {TITLE}",
    "licence": "Open Government Licence v3.0; the joined copy AGPL-3.0, its A&E figures CC0",
    "periods_per_year": 1,
    "min_group": 10,
    "disclosure": "published",
    "measures": {
        "employee": "staff_engagement",
        "customer": "mortality_index",
        "engagement": "staff_engagement",
        "outcomes": list(OUTCOMES),
    },
    "levels": {"panel": "trust", "quartile": "trust", "report": "trust"},
    "smallest_effect": {"value": 0.1, "unit": "sd"},
}


def build(paths: Mapping[str, Path]) -> Built:
    """Build the dataset from the joined file.

    Parameters
    ----------
    paths : mapping of str to Path
        One file, by its name.

    Returns
    -------
    Built
        Tables ``units`` (the NHS, regions, trusts), ``scores`` with the number of respondents, and ``outcomes``.

    Raises
    ------
    ValueError
        For two rows on one trust and year.
    """
    (path,) = paths.values()
    trusts = pd.read_csv(path, dtype={"trust_code": "str", "year": "str"}, encoding="utf-8")
    trusts = trusts.rename(columns={"trust_code": "unit_id", "year": "period"})
    repeated = trusts[trusts.duplicated(["unit_id", "period"])]
    if len(repeated):
        code, year = repeated.iloc[0][["unit_id", "period"]]
        raise ValueError(f"A trust and year must have one row; found more for {code} in {year}.")
    trusts = trusts.sort_values(["unit_id", "period"], ignore_index=True)
    tables = {
        "units": _units(trusts),
        "scores": score_table(trusts, SCORES),
        "outcomes": outcome_table(trusts, OUTCOMES),
    }
    return Built(SETTINGS, tables, _dictionary(trusts))


def _units(trusts: pd.DataFrame) -> pd.DataFrame:
    latest = trusts.groupby("unit_id")[["trust_name", "region"]].last()
    # "Health Education North West (North)": an office of another body, named after the region.
    region = latest["region"].str.extract(r"^Health Education (.+) \((?:North|South)\)$", expand=False)
    above = sorted(region.dropna().unique())
    keys = {name: f"region-{name.lower().replace(',', '').replace(' ', '-')}" for name in above}
    units = pd.DataFrame(
        {
            "unit_id": latest.index,
            "name": latest["trust_name"].fillna(latest.index.to_series()),
            "parent_id": region.map(keys).fillna(ROOT),
            "level": "trust",
        }
    ).join(years_of_units(trusts))
    rows = [
        (ROOT, "NHS acute trusts in England", None, "organisation"),
        *((keys[name], name, ROOT, "region") for name in above),
    ]
    units = pd.concat([pd.DataFrame(rows, columns=["unit_id", "name", "parent_id", "level"]), units])
    return units.reset_index(drop=True).assign(country="GB", industry="health care")


def _dictionary(trusts: pd.DataFrame) -> str:
    nameless = trusts.groupby("unit_id")["trust_name"].count().eq(0).sum()
    years = years_of_units(trusts)
    unsurveyed = trusts["staff_engagement_1to5"].isna().sum()
    notes = [
        f"Figures as they stand in a file that others joined; {len(years)} trusts that report the mortality index, "
        f"{trusts['period'].min()} to {trusts['period'].max()}, {len(trusts)} rows. The tables of the publishers were "
        "not at hand to compare with.",
        "There is no patients' survey in the file. The mortality index plays the part of the customers' measure, and "
        "lower is better: the claim tested is that a rise in engagement is followed by a fall in mortality.",
        f"A trust is its code. Codes are never matched: after a merger the old codes end and a new one may begin. "
        f"`valid_from` ({years['valid_from'].notna().sum()} trusts) and `valid_to` ({years['valid_to'].notna().sum()}) "
        "are the first and last year in the file, not dates of foundation.",
        f"{unsurveyed} rows have the mortality index but no staff survey: they count where only the outcome is needed. "
        f"{nameless} trusts have no name and no region in the file: they go by their code, directly below the whole.",
        "The number of respondents per trust rises from about 400 to 2,500 as samples gave way to a census; no "
        "standard error is published, so figures have no interval. Above trusts, survey figures are weighted with the "
        "number of respondents; the mortality index is a plain mean of trusts, and the response rate is not given.",
        f"Mean engagement moves most {_largest_step(trusts)} on the year before; whether the questionnaire changed "
        "is not stated. Period effects take out what all trusts share.",
        "Left out: a second version of the survey figures (from 2015), questions on speaking up and openness (from "
        "2015), the share of clinical staff, A&E type 1 alone, and the mortality index repeated from the year before.",
    ]
    head = [f"# {SETTINGS['title']}", "", f"{SETTINGS['source']}.", ""]
    return "\n".join([*head, "\n\n".join(notes), "", *measures_table(SCORES, OUTCOMES), ""])


def _largest_step(trusts: pd.DataFrame) -> str:
    steps = trusts.groupby("period")["staff_engagement_1to5"].mean().diff()
    year = steps.abs().idxmax()
    return f"in {year}, by {steps[year]:+.2f}"


NHS = PublicSource("nhs", PUBLISHER, TITLE, "nhs_trusts", FILES, build)
