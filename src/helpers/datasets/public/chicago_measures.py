"""What the reports on Chicago's schools measure, and how their words become numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# The scale of the survey's publisher, lowest to highest; anything else in these columns means no result.
WORDS = {"VERY WEAK": 1.0, "WEAK": 2.0, "NEUTRAL": 3.0, "STRONG": 4.0, "VERY STRONG": 5.0}
NO_RESULT = "NOT ENOUGH DATA"


@dataclass(frozen=True)
class Answered:
    """A survey measure: the column it stands in (without ``School_Survey_``), and who answers."""

    column: str
    by: str


@dataclass(frozen=True)
class Outcome:
    """An outcome: its column, unit, whether zero means none, whether high is good, and what to know of it."""

    column: str
    unit: str
    ratio_scale: bool
    higher_is_better: bool
    note: str


SURVEY = {
    "effective_leaders": Answered("Effective_Leaders", "teachers"),
    "collaborative_teachers": Answered("Collaborative_Teachers", "teachers"),
    "involved_families": Answered("Involved_Families", "teachers"),
    "supportive_environment": Answered("Supportive_Environment", "students"),
    "ambitious_instruction": Answered("Ambitious_Instruction", "students"),
    "safety": Answered("Safety", "students"),
    "school_community": Answered("School_Community", "parents"),
    "parent_teacher_partnership": Answered("Parent_Teacher_Partnership", "parents"),
    "quality_of_facilities": Answered("Quality_Of_Facilities", "parents"),
}
# Safety was not asked in 2021, families and facilities are not the climate people live in: a composite whose parts come
# and go would move for that reason alone.
COMPOSITES = {
    "teacher_climate": ("effective_leaders", "collaborative_teachers"),
    "student_climate": ("supportive_environment", "ambitious_instruction"),
    "parent_climate": ("school_community", "parent_teacher_partnership"),
}
RESPONSE_RATES = {
    "teacher_response_rate": "School_Survey_Teacher_Response_Rate_Pct",
    "student_response_rate": "School_Survey_Student_Response_Rate_Pct",
}
OUTCOMES = {
    "student_attendance": Outcome(
        "Student_Attendance_Year_2_Pct", "%", True, True, "Days present; taught remotely for most of 2021."
    ),
    "teacher_attendance": Outcome(
        "Teacher_Attendance_Year_2_Pct",
        "%",
        True,
        True,
        "Redefined between reports (about 95 in 2015 and 2018, 90 in 2016 and 2017): compare schools within a year, "
        "never the level of two years. The report on 2018 restates 2017 as about 95; the first figure is kept.",
    ),
    "suspensions": Outcome(
        "Suspensions_Per_100_Students_Year_2_Pct",
        "per 100 students",
        True,
        False,
        "In and out of school; for 2021 almost no school has a figure.",
    ),
    "mobility": Outcome(
        "Mobility_Rate_Pct",
        "% of students who came or left",
        True,
        False,
        "The year is that of the report; the files do not state it. The report on 2016 repeats the figures of 2015 for "
        "every school, so 2016 is left out.",
    ),
}
REPEATED = (("mobility", "2016"),)
_LABELS = ["unit_id", "period", "measure"]


def school_scores(reports: pd.DataFrame) -> pd.DataFrame:
    """Turn survey columns into scores.

    Parameters
    ----------
    reports : DataFrame, one row per school and year
        All columns as text, with ``unit_id`` and ``period``.

    Returns
    -------
    DataFrame
        ``unit_id``, ``period``, ``measure``, ``kind``, ``estimate``: `SURVEY` and `COMPOSITES` on the scale 1–5
        (a composite needs all of its parts), response rates from 0 to 1. How many answered is not published.

    Raises
    ------
    ValueError
        For a word outside `WORDS` and `NO_RESULT`.
    """
    wide = reports[["unit_id", "period"]].copy()
    for name, measure in SURVEY.items():
        wide[name] = word_scores(reports[f"School_Survey_{measure.column}"])
    _drop_older_parent_surveys(wide, reports)
    for name, parts in COMPOSITES.items():
        wide[name] = wide[list(parts)].mean(axis=1, skipna=False)
    for name, column in RESPONSE_RATES.items():
        # A school where nobody answered is not in the survey: 0 stands for "not known".
        wide[name] = (_numbers(reports[column]) / 100).replace(0, np.nan)
    scores = wide.melt(["unit_id", "period"], var_name="measure", value_name="estimate").dropna(subset=["estimate"])
    scores.insert(3, "kind", np.where(scores["measure"].isin(list(RESPONSE_RATES)), "rate", "mean"))
    return scores.sort_values(_LABELS, ignore_index=True)


def school_outcomes(reports: pd.DataFrame) -> pd.DataFrame:
    """Turn the columns of `OUTCOMES` into a table of the contract; figures repeated from another year are left out.

    Parameters
    ----------
    reports : DataFrame, one row per school and year
        As for `school_scores`.

    Returns
    -------
    DataFrame
        ``unit_id``, ``period``, ``measure``, ``value``, ``unit``, ``ratio_scale``, ``higher_is_better``.
    """
    wide = reports[["unit_id", "period"]].assign(**{name: _numbers(reports[o.column]) for name, o in OUTCOMES.items()})
    for measure, period in REPEATED:
        wide.loc[wide["period"] == period, measure] = np.nan
    table = wide.melt(["unit_id", "period"], var_name="measure", value_name="value").dropna(subset=["value"])
    for field in ("unit", "ratio_scale", "higher_is_better"):
        table[field] = table["measure"].map({name: getattr(outcome, field) for name, outcome in OUTCOMES.items()})
    return table.sort_values(_LABELS, ignore_index=True)


def word_scores(words: pd.Series) -> pd.Series:
    """Turn the survey's words, in any case, into 1 to 5; no result is missing.

    Raises
    ------
    ValueError
        For another word.
    """
    upper = words.str.strip().str.upper()
    unknown = upper[upper.notna() & ~upper.isin([*WORDS, NO_RESULT])]
    if len(unknown):
        raise ValueError(f"{words.name} must be one of {', '.join(WORDS)} or {NO_RESULT}; found {unknown.iloc[0]!r}.")
    return upper.map(WORDS).astype("float64")


def dictionary(title: str, source: str) -> str:
    """Describe every measure in Markdown, with its column and what to know of it."""
    survey = [
        f"| `{name}` | {measure.by} | `School_Survey_{measure.column}` | 1–5 |" for name, measure in SURVEY.items()
    ]
    composites = [
        f"| `{name}` | mean of {' and '.join(parts)} | both needed | 1–5 |" for name, parts in COMPOSITES.items()
    ]
    rates = [f"| `{name}` | share who answered | `{column}` | 0–1 |" for name, column in RESPONSE_RATES.items()]
    outcomes = [f"| `{name}` | {o.note} | `{o.column}` | {o.unit} |" for name, o in OUTCOMES.items()]
    header = ["| measure | answered by, or meaning | column | scale |", "|---|---|---|---|"]
    notes = (
        "Figures as published, of the school year that ends in the spring of the period; no survey for 2019 and 2020. "
        "The five words are read as 1 (very weak) to 5 (very strong): equal steps are an assumption, and about four in "
        "ten results are the middle word, so exact quartiles do not exist. How many people answered is not published. "
        "Who answers is told from the survey's own descriptions; a part of ambitious instruction, the quality of "
        "discussion in class, is said to come from teachers (not verified): look at supportive_environment alone too."
    )
    return "\n".join(
        [f"# {title}", "", f"{source}.", "", notes, "", *header, *survey, *composites, *rates, *outcomes, ""]
    )


def _drop_older_parent_surveys(wide: pd.DataFrame, reports: pd.DataFrame) -> None:
    of_parents = [name for name, measure in SURVEY.items() if measure.by == "parents"]
    wide.loc[reports["Parent_Survey_Results_Year"] != reports["period"], of_parents] = np.nan


def _numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column).astype("float64")
