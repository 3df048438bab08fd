"""The tables of the lag part of docs/validation.md."""

from __future__ import annotations

from datetime import date

import pandas as pd
from lag_panels import N_UNITS, SMALLEST_EFFECT
from looks import SEED
from target_table import target_lines

GRADES = ("", "A", "B", "C", "D", "E")


def grade_table(found: pd.DataFrame) -> pd.DataFrame:
    """Shares of each grade by design, with the rules that fail most often among the yeses."""
    rows = []
    for name, looks in found[found["grade"].notna()].groupby("design", sort=False):
        failed = looks["failed"].explode().dropna().value_counts()
        often = ", ".join(f"{rule} {n}" for rule, n in failed.items())
        rows.append({"design": name, "panels": len(looks), "failed": often})
        rows[-1] |= {grade: (looks["grade"] == grade).mean() for grade in GRADES}
    return pd.DataFrame(rows)


def lag_report(table: pd.DataFrame, grades: pd.DataFrame, *, minutes: float, jobs: int) -> str:
    """Write the part as Markdown."""
    lines = [
        "## Tests of a lag",
        "",
        f"{N_UNITS} units, x and errors AR(.4) of equal SD, lags 0 to 3 together, lag 2 claimed; T counts calendar "
        "periods. An effect is in SD of the errors; the smallest that matters is "
        f"{SMALLEST_EFFECT:g}. Run on {date.today()} with seed {SEED}, {minutes:.0f} minutes on {jobs} processes; the "
        "seconds are processor time of the design, which several lines may share. Shares are out of 1; ± is one Monte "
        "Carlo error.",
        "",
        *target_lines(table, "panels"),
        "## Grades of a yes",
        "",
        "Shares of all panels; without a grade: no “yes”. Rules that failed are counted among the yeses.",
        "",
        f"| panels of | panels | no yes | {' | '.join(GRADES[1:])} | rules that failed |",
        f"|{'---|' * 9}",
        *(_grade_line(row) for row in grades.to_dict("records")),
        "",
    ]
    return "\n".join(lines)


def _grade_line(row: dict[str, object]) -> str:
    shares = " | ".join(f"{row[grade]:.1%}" for grade in GRADES)
    return f"| {row['design']} | {row['panels']} | {shares} | {row['failed']} |"
