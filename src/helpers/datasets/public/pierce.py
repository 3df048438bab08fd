"""Pierce County, Washington: one employee survey with seven of Gallup's twelve questions, person by person.

Nobody but the employees answered. Their satisfaction stands where an outcome is asked for, and the same people gave it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.datasets.public.pierce_answers import DEPARTMENT, ITEMS, items_table, people, read_rows
from helpers.datasets.public.source import Built, PublicSource

PUBLISHER = "Pierce County, Washington"
TITLE = "Employee survey, answers by department, as handed on by others; the year is not stated"
ROOT = "pierce-county"
# The contract needs a year; none is invented.
YEAR_NOT_STATED = "0001"
FILES = {"employee_survey.xlsx": "7a55d456910a51c6d4e18124d2ffc96336961f16c6e36c5dbe06cb0c171b84b7"}
SETTINGS = {
    "title": f"Pierce County: employee survey (year not stated, shown as {YEAR_NOT_STATED})",
    "language": "en",
    "synthetic": False,
    "source": f"{PUBLISHER}: {TITLE}",
    "licence": "not stated by the copy",
    "periods_per_year": 1,
    "min_group": 10,
    "disclosure": "gate",
    "measures": {
        "employee": "engagement",
        "customer": "employee_satisfaction",
        "engagement": "engagement",
        "outcomes": ["employee_satisfaction"],
    },
    "levels": {"panel": "department", "quartile": "department", "report": "department"},
    "smallest_effect": {"value": 0.1, "unit": "sd"},
}


def build(paths: Mapping[str, Path]) -> Built:
    """Build the dataset from the workbook.

    Parameters
    ----------
    paths : mapping of str to Path
        One file, by its name.

    Returns
    -------
    Built
        Tables ``units`` (the county and its departments), ``items`` and ``employee_answers``.

    Raises
    ------
    ValueError
        For an unknown question or answer, or questions that do not list the same people.
    """
    (path,) = paths.values()
    answers, misplaced = people(read_rows(path))
    departments = {name: unit_id(name) for name in sorted(answers[DEPARTMENT].unique())}
    employee_answers = answers.drop(columns=DEPARTMENT)
    employee_answers.insert(0, "unit_id", answers[DEPARTMENT].map(departments))
    employee_answers.insert(1, "period", YEAR_NOT_STATED)
    tables = {"units": _units(departments), "items": items_table(), "employee_answers": employee_answers}
    return Built(SETTINGS, tables, _dictionary(answers, misplaced))


def unit_id(department: str) -> str:
    """Write the name of a department in small letters and hyphens, such as ``sheriffs-department``."""
    return re.sub(r"[^a-z]+", "-", department.lower().replace("'", "")).strip("-")


def _units(departments: Mapping[str, str]) -> pd.DataFrame:
    rows = [(ROOT, "Pierce County", None, "organisation")]
    rows += [(key, name, ROOT, "department") for name, key in departments.items()]
    units = pd.DataFrame(rows, columns=["unit_id", "name", "parent_id", "level"])
    return units.assign(country="US", industry="public administration")


def _dictionary(answers: pd.DataFrame, misplaced: pd.Series) -> str:
    items = answers[list(ITEMS)]
    notes = [
        f"One survey, {len(answers)} people in {answers[DEPARTMENT].nunique()} departments, {items.shape[1]} questions "
        f"from 1 (strongly disagree) to 4 (strongly agree). {items.isna().all(axis=1).sum()} people answered nothing. "
        "0, not applicable, is missing here. Scales are kept as asked: nothing was turned into 0–10.",
        f"The file states no year and no licence. A dataset needs a year: {YEAR_NOT_STATED} stands for “not stated”. "
        "How many people were asked is not stated either, so there is no response rate.",
        "There is no question on recommending the employer, so no eNPS, and no customer answered anything. Where an "
        "outcome is asked for, `employee_satisfaction` takes its place. The same people answered it in the same "
        "questionnaire as `engagement`, so a mood or a habit of answering is part of every relation between the two "
        "(common source). It is no evidence on customers.",
        "One wave only: a lag, a rise and a cut on an earlier wave cannot be had.",
        "`engagement` is the mean of the seven questions that are worded like questions of Gallup's Q12. It is not "
        "Gallup's score, which is the mean of twelve on a scale from 1 to 5.",
        f"The file has one row per person and question, and no key of a person: people are the order of the rows. "
        f"In {(misplaced > 0).sum()} questions a few rows stand higher than in the others, which pushes those between "
        f"one place down: {misplaced.sum()} answers are not in the place of their person. They were put back by "
        "department and role; among neighbours who share both, which one was moved cannot be told. Figures of "
        "departments do not change by it, relations between questions do. Rows that occur twice count once.",
        "Left out: the four roles (director, manager, supervisor, staff), which could show who a person is in a small "
        "department, the number of the row, and whether the row was complete.",
    ]
    table = ["| column | question | element | answers |", "|---|---|---|---|"]
    table += [f"| `{name}` | {one.text_en} | `{one.element}` | {items[name].count()} |" for name, one in ITEMS.items()]
    head = [f"# {SETTINGS['title']}", "", f"{SETTINGS['source']}.", ""]
    return "\n".join([*head, "\n\n".join(notes), "", *table, ""])


PIERCE = PublicSource("pierce", PUBLISHER, TITLE, "pierce_county", FILES, build)
