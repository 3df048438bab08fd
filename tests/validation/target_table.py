"""Targets: what is asked, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from measures import Measure


@dataclass(frozen=True)
class Target:
    """One line of the table: `measure` gives a figure and its Monte Carlo error from the looks of a design.

    `low`, `high` bound the figure where it is a target; `slack` adds that many Monte Carlo errors; `why` is printed
    where it is missed.
    """

    name: str
    design: str
    measure: Measure
    low: float = -np.inf
    high: float = np.inf
    slack: float = 0.0
    why: str = ""

    @property
    def is_bounded(self) -> bool:
        """Whether it can be missed; other lines are reported only."""
        return np.isfinite([self.low, self.high]).any()


def target_table(found: pd.DataFrame, lines: Iterable[Target]) -> pd.DataFrame:
    """Hold what was found against the targets; ``met`` is None where a figure is only reported."""
    by_design, rows = dict(iter(found.groupby("design"))), []
    for target in lines:
        looks = by_design[target.design]
        figure, error = target.measure(looks)
        within = bool(target.low - target.slack * error <= figure <= target.high + target.slack * error)
        row = {"target": target.name, "asked": _asked(target), "figure": figure, "mc_error": error}
        row |= {"panels": len(looks), "seconds": looks["seconds"].sum(), "met": within if target.is_bounded else None}
        rows.append(row | {"why": target.why if target.is_bounded and not within else ""})
    return pd.DataFrame(rows)


def _asked(target: Target) -> str:
    if not target.is_bounded:
        return "reported"
    more, less = (f" {sign} {target.slack:g} errors" if target.slack else "" for sign in "+−")
    if not np.isfinite(target.low):
        return f"≤ {target.high:g}{more}"
    if not np.isfinite(target.high):
        return f"≥ {target.low:g}{less}"
    return f"{target.low:g} to {target.high:g}{more.replace('+', '±')}"


def target_lines(table: pd.DataFrame, looks: str) -> list[str]:
    """Write the table as lines of Markdown, `looks` naming what was looked at; misses are told below."""
    return [
        f"| target | asked | measured | ± | {looks} | seconds | met |",
        "|---|---|---|---|---|---|---|",
        *(_line(row) for row in table.to_dict("records")),
        "",
        *_misses(table),
    ]


def _line(row: dict[str, object]) -> str:
    met = {True: "yes", False: "**no**", None: "–"}[row["met"]]
    figures = f"{row['figure']:.3f} | {row['mc_error']:.3f} | {row['panels']} | {row['seconds']:.0f}"
    return f"| {row['target']} | {row['asked']} | {figures} | {met} |"


def _misses(table: pd.DataFrame) -> list[str]:
    missed = table[table["met"].eq(False)]
    return [*(f"- Missed: {row['target']}. Why: {row['why']}." for row in missed.to_dict("records")), ""] * (
        len(missed) > 0
    )
