"""UK Civil Service People Survey: do fewer people want to leave an organisation after engagement rose?

The files are ones that others made from the tables of each year. The first gives every organisation a code, and a new
code where its maker saw a new organisation; those codes are kept as they are, but for the two rules below. The second
tells why respondents of the whole want to leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.datasets.public.civil_service_measures import OUTCOMES, SCORES
from helpers.datasets.public.civil_service_reasons import reason_scores
from helpers.datasets.public.figures import measures_table, outcome_table, score_table, years_of_units
from helpers.datasets.public.source import Built, PublicSource

PUBLISHER = "Cabinet Office"
TITLE = "Civil Service People Survey 2009–2024, results by organisation, processed by others"
ROOT = "civil-service"
PANEL, REASONS = "csps_org_panel.csv", "csps_leave_reasons.csv"
FILES = {
    PANEL: "ea8510b29552cc298a128699ecc220e056d73fcdbcbeaf0dc20b6f883c008a73",
    REASONS: "337a1d61d0d0c6ade23d5e7f9253bb4aea23e34c7e6eba0ade041e8aeb0a11b2",
}
# Totals of organisations that have rows of their own: with them, the same people would count twice.
GROUP_TOTALS = ("HOFGRP", "JSTGRP", "STATGP")
# To 2020 the code HOMEOF is the headquarters ("Policy and Enablers") beside four operational commands with codes of
# their own; these end in 2020, and from 2021 HOMEOF is the whole Home Office.
NEW_COVERAGE = {"HOMEOF": "2021"}
SETTINGS = {
    "title": "UK Civil Service People Survey: engagement and the wish to leave",
    "language": "en",
    "synthetic": False,
    "source": f"{PUBLISHER}: {TITLE}",
    "licence": "Open Government Licence v3.0; the processed copy CC BY 4.0",
    "periods_per_year": 1,
    "min_group": 10,
    "disclosure": "published",
    "measures": {
        "employee": "engagement",
        "customer": "wish_to_leave",
        "engagement": "engagement",
        "outcomes": list(OUTCOMES),
    },
    "levels": {"panel": "government body", "quartile": "government body", "report": "government body"},
    "smallest_effect": {"value": 0.1, "unit": "sd"},
}


def build(paths: Mapping[str, Path]) -> Built:
    """Build the dataset from the processed files.

    Parameters
    ----------
    paths : mapping of str to Path
        By the names in `FILES`.

    Returns
    -------
    Built
        Tables ``units`` (the Civil Service and its organisations), ``scores`` and ``outcomes``.

    Raises
    ------
    ValueError
        For two rows on one organisation and year, or reasons that do not fit (`reason_scores`).
    """
    rows = pd.read_csv(paths[PANEL], dtype={"org_uid": "str", "year": "str"}, encoding="utf-8")
    bodies = _bodies(rows)
    reasons, note = reason_scores(paths[REASONS], ROOT)
    tables = {
        "units": _units(bodies),
        "scores": pd.concat([score_table(bodies, SCORES), reasons], ignore_index=True),
        "outcomes": outcome_table(bodies, OUTCOMES),
    }
    return Built(SETTINGS, tables, _dictionary(rows, bodies, note))


def _bodies(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of organisations that are not totals, by unit; a unit is a code with one coverage."""
    repeated = rows[rows.duplicated(["org_uid", "year"])]
    if len(repeated):
        code, year = repeated.iloc[0][["org_uid", "year"]]
        raise ValueError(f"An organisation and year must have one row; found more for {code} in {year}.")
    bodies = rows[~rows["org_uid"].isin(GROUP_TOTALS)].rename(columns={"year": "period"})
    since = bodies["org_uid"].map(NEW_COVERAGE)
    bodies = bodies.assign(
        unit_id=bodies["org_uid"].where(~(bodies["period"] >= since), bodies["org_uid"] + "-" + since),
        wish_to_leave=bodies["leave_asap"] + bodies["leave_12m"],
        response_rate=bodies["response_rate"].where(bodies["response_rate"] <= 100, np.nan),
    )
    return bodies.sort_values(["unit_id", "period"], ignore_index=True)


def _units(bodies: pd.DataFrame) -> pd.DataFrame:
    names = bodies.groupby("unit_id")["organisation"].last()
    units = pd.DataFrame(
        {"unit_id": names.index, "name": names, "parent_id": ROOT, "level": SETTINGS["levels"]["panel"]}
    ).join(years_of_units(bodies))
    root = pd.DataFrame(
        [(ROOT, "UK Civil Service (each organisation counted once)", None, "organisation")], columns=list(units)[:4]
    )
    return pd.concat([root, units], ignore_index=True).assign(country="GB", industry="public administration")


def _dictionary(rows: pd.DataFrame, bodies: pd.DataFrame, note: str) -> str:
    units, years = bodies.groupby("unit_id"), years_of_units(bodies)
    totals = rows["org_uid"].isin(GROUP_TOTALS)
    span = units["period"].agg(lambda period: int(period.max()) - int(period.min()) + 1)
    notes = [
        f"Figures as they stand in a file that others made from the tables of each year; {len(years)} organisations, "
        f"{rows['year'].min()} to {rows['year'].max()}, {len(bodies)} rows. The publisher's tables were not at hand.",
        "There is no customers' measure. The wish to leave plays its part, and lower is better: the claim tested is "
        "that a rise in engagement is followed by a fall in the wish to leave. The same people answer both, so in one "
        "year a shared mood is part of the relation.",
        f"An organisation is a code of the file. A change of name keeps the code ({_n_renamed(units)} codes have more "
        "than one spelling or name); a merger, a split or a new department has a new code. Nothing is matched here "
        "beyond that. `valid_from` "
        f"({years['valid_from'].notna().sum()} organisations) and `valid_to` ({years['valid_to'].notna().sum()}) are "
        f"the first and last year in the survey; {(span > units.size()).sum()} have a gap of a year or more.",
        f"Dropped: {totals.sum()} rows of {rows.loc[totals, 'org_uid'].nunique()} group totals "
        f"({', '.join(GROUP_TOTALS)}), because their parts have rows of their own, for STATGP in most years.",
        "Split: the code HOMEOF is the headquarters of the Home Office to 2020. From 2021 its commands have no rows "
        "and its name is that of the whole Home Office: it is then the unit HOMEOF-2021. In 2010 and 2011 some names "
        "add “excluding agencies”; whether that holds for other years is not stated, so nothing was split there.",
        f"Set to missing: {(rows['response_rate'] > 100).sum()} response rates above 100%.",
        "Departmental groups are named differently nearly every year and are not used. How many people answered is not "
        "published, so figures have no interval and outcomes of the whole are plain means of organisations. Figures "
        "are whole percentages to 2020.",
        note,
    ]
    head = [f"# {SETTINGS['title']}", "", f"{SETTINGS['source']}.", ""]
    return "\n".join([*head, "\n\n".join(notes), "", *measures_table(SCORES, OUTCOMES), ""])


def _n_renamed(units: pd.core.groupby.DataFrameGroupBy) -> int:
    return int((units["organisation"].nunique() > 1).sum())


CIVIL_SERVICE = PublicSource("civil-service", PUBLISHER, TITLE, "civil_service", FILES, build)
