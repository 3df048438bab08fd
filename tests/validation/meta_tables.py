"""The tables of the meta-analysis part of docs/validation.md."""

from __future__ import annotations

from datetime import date

import pandas as pd
from looks import SEED
from meta_looks import CLAIMS, INDIVIDUAL, MANY, REML, SIZES, SPREADS
from meta_studies import CHOICE, KEPT, RELIABILITY, RHO
from meta_targets import BIAS, COVERED, SLACK, VERDICTS
from scipy.stats import norm

from helpers.stats.meta_study import SMALLEST
from helpers.stats.meta_verdict import FEW_STUDIES


def meta_report(table: pd.DataFrame, verdicts: pd.DataFrame, *, minutes: float, jobs: int) -> str:
    """Write the part as Markdown."""
    ranges = table["kind"] != ""
    reml = ~ranges & (table["method"] == REML)
    widest, seconds = max(sd for _, sd in CLAIMS), table.drop_duplicates("design")["seconds"].sum()
    lines = [
        "## Meta-analysis",
        "",
        f"Studies of equal n with reliabilities of {RELIABILITY[0]:g} to {RELIABILITY[1]:g} on both sides, known for "
        f"each study; true correlations normal around {RHO:g}; variances over k − 1 and t as in `meta_study`. "
        f"Run on {date.today()} with seed {SEED}, {minutes:.0f} minutes on {jobs} processes; {seconds:.0f} seconds of "
        f"processor time without the verdicts. Asked: bias of the mean at most {BIAS:g}, and 95 % intervals of the "
        f"mean that hold it in {COVERED[0]:.0%} to {COVERED[1]:.0%} (Hunter and Schmidt: with {MANY} studies); the "
        f"rest is reported. ± is one Monte Carlo error; a miss, more than {SLACK} errors beyond the target, is bold.",
        "",
        f"**Caution.** Share of the true correlations, in %, that the 80 % credibility interval holds ({MANY} studies, "
        "individual corrections); where studies do not differ, how often it holds the one true correlation.",
        "",
        *_caution(table),
        "",
        "Hunter and Schmidt. Bare bones are held against the true correlations of measured scores.",
        "",
        *_lines(table[~ranges & ~reml], "in the 80 % interval, %"),
        "",
        "Random effects on Fisher's z by REML, with the interval of Hartung and Knapp, held against the true "
        "correlations of measured scores.",
        "",
        *_lines(table[reml], "in the 95 % prediction interval, %"),
        "",
        f"Narrowed range: the upper {KEPT[0]:.0%} to {KEPT[1]:.0%} of the units, by x (direct) or by something that "
        f"correlates {CHOICE:g} with true x (indirect).",
        "",
        *_lines(table[ranges], "in the 80 % interval, %"),
        "",
        "Verdicts of `meta_study` on studies of 100 units; the smallest correlation that matters is "
        f"{SMALLEST:g}. With fewer than {FEW_STUDIES} studies “yes” is never said. Where studies differ by "
        f"{widest:g} around {RHO:g}, {norm.cdf(0, RHO, widest):.0%} of the true correlations are below zero.",
        "",
        f"| rho | SD rho | studies | {' | '.join(VERDICTS).replace('_', ' ')} | ± at most | asked | samples | met |",
        f"|{'---|' * 11}",
        *(_verdict_line(row) for row in verdicts.to_dict("records")),
        "",
        *_misses(verdicts),
    ]
    return "\n".join(lines)


def _caution(table: pd.DataFrame) -> list[str]:
    shown = table[(table["k"] == MANY) & (table["kind"] == "") & (table["method"] == INDIVIDUAL)]
    cells = shown.set_index(["sd", "n"])["held"]
    return [
        f"| SD rho | {' | '.join(f'n = {n}' for n in SIZES)} |",
        f"|{'---|' * (1 + len(SIZES))}",
        *(f"| {sd:g} | {' | '.join(f'{100 * cells[sd, n]:.0f}' for n in SIZES)} |" for sd in SPREADS),
    ]


def _lines(table: pd.DataFrame, held: str) -> list[str]:
    return [
        f"| studies | n | SD rho | method | bias of the mean | bias of the SD | {held} | 95 % interval covers, % "
        "| samples | met |",
        f"|{'---|' * 10}",
        *(_line(row) for row in table.to_dict("records")),
    ]


def _line(row: dict[str, object]) -> str:
    method = f"{row['kind']}: {row['method']}" if row["kind"] else row["method"]
    cells = [_cell(row, "error", 1, 4), _cell(row, "sd_error", 1, 4)]
    cells += [_cell(row, "held", 100, 1), _cell(row, "covered", 100, 1)]
    met = "–" if not row["bounded"] else "**no**" if row["missed"] else "yes"
    return f"| {row['k']} | {row['n']} | {row['sd']:g} | {method} | {' | '.join(cells)} | {row['looks']} | {met} |"


def _verdict_line(row: dict[str, object]) -> str:
    met = {True: "yes", False: "**no**", None: "–"}[row["met"]]
    shares = " | ".join(f"{row[name]:.1%}" for name in VERDICTS)
    about = f"{row['rho']:g} | {row['sd']:g} | {row['k']}"
    return f"| {about} | {shares} | {row['mc']:.1%} | {row['asked']} | {row['looks']} | {met} |"


def _misses(verdicts: pd.DataFrame) -> list[str]:
    missed = verdicts[verdicts["met"].eq(False)].to_dict("records")
    about = (f"rho {row['rho']:g}, SD rho {row['sd']:g}, {row['k']} studies" for row in missed)
    lines = [f"- Missed: {text}. Why: {row['why']}." for text, row in zip(about, missed, strict=True)]
    return [*lines, ""] if lines else []


def _cell(row: dict[str, object], figure: str, factor: float, places: int) -> str:
    sign = "+" if factor == 1 else ""
    text = f"{factor * row[figure]:{sign}.{places}f} ± {factor * row[f'{figure}_mc']:.{places}f}".replace("-", "−")
    return f"**{text}**" if figure in row["missed"] else text
