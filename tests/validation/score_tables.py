"""The tables of the score part of docs/validation.md."""

from __future__ import annotations

from datetime import date

import pandas as pd
from score_targets import FROM_SIZE, LEAST, SEED, SIZES


def all_met(grid: pd.DataFrame, sampled: pd.DataFrame) -> bool:
    """Whether no cell from `FROM_SIZE` answers on, and no sampled interval, misses its target."""
    bound = grid[[n for n in SIZES if n >= FROM_SIZE]]
    return bool((bound >= LEAST).all(axis=None) and not sampled["met"].eq(False).any())


def score_report(grid: pd.DataFrame, sampled: pd.DataFrame, *, minutes: float) -> str:
    """Write the part as Markdown."""
    lines = [
        "## Scores",
        "",
        "Exact coverage of the 95 % adjusted Wald interval of an NPS, over all outcomes, by shares of promoters p and "
        f"detractors d and number of answers n. Asked: {LEAST:g} or more from n = {FROM_SIZE} on; a miss is bold. "
        "Below, it is reported.",
        "",
        f"| p | d | {' | '.join(f'n = {n}' for n in SIZES)} |",
        f"|{'---|' * (2 + len(SIZES))}",
        *(_grid_line(row) for row in grid.to_dict("records")),
        f"| lowest | | {' | '.join(f'{grid[n].min():.3f}' for n in SIZES)} |",
        "",
        f"Other 95 % intervals, from samples; run on {date.today()} with seed {SEED}, {minutes:.1f} minutes. ± is one "
        "Monte Carlo error; a target is missed when it lies more than two above. Half of the people in the teams have "
        "twice the weight, and a fifth of the variance of moods lies between teams.",
        "",
        "| interval | asked | held the truth | ± | samples | seconds | met |",
        "|---|---|---|---|---|---|---|",
        *(_sampled_line(row) for row in sampled.to_dict("records")),
        "",
    ]
    return "\n".join(lines)


def _grid_line(row: dict) -> str:
    cells = [f"**{row[n]:.3f}**" if n >= FROM_SIZE and row[n] < LEAST else f"{row[n]:.3f}" for n in SIZES]
    return f"| {row['p']:g} | {row['d']:g} | {' | '.join(cells)} |"


def _sampled_line(row: dict) -> str:
    met = {True: "yes", False: "**no**", None: "–"}[row["met"]]
    asked = "reported" if pd.isna(row["least"]) else f"≥ {row['least']:g}"
    figures = f"{row['coverage']:.3f} | {row['mc_error']:.3f} | {row['samples']} | {row['seconds']:.0f}"
    return f"| {row['interval']} | {asked} | {figures} | {met} |"
