"""The tables of the sector part of docs/validation.md."""

from __future__ import annotations

from datetime import date

import pandas as pd
from looks import SEED
from meta_targets import FALSE_CLAIM, POWER, VERDICTS
from sector_looks import NULL_SECTORS, SCALE, SECTORS
from sector_targets import ALL, BIAS, RELIABILITIES, SLACK
from tables import COVERAGE, FALSE_YES, LARGE


def sector_report(
    table: pd.DataFrame, spreads: pd.DataFrame, verdicts: pd.DataFrame, *, minutes: float, jobs: int
) -> str:
    """Write the part as Markdown."""
    lines = [
        "## Sector",
        "",
        f"{SECTORS} sectors of 60 organisations at scale {SCALE:g}, and {NULL_SECTORS} in which organisations differ "
        f"around slopes of zero; run on {date.today()} with seed {SEED}, {minutes:.0f} minutes on {jobs} processes. "
        "Studies are those of `unit_studies`, analysed by `meta_study`; once more with the true reliabilities. The "
        "truth is the mean over all organisations that could be drawn; that of a median gap is the median of the "
        "gaps in expected outcomes.",
        "",
        f"Target: the 95 % interval holds the truth in {COVERAGE[0]:.0%} to {COVERAGE[1]:.0%} over all outcomes (one "
        f"outcome: within {SLACK} Monte Carlo errors of that); where the effect is large (over {LARGE:g} standard "
        "errors) zero lies outside in at least 95 %; correlations over all outcomes are at most "
        f"{BIAS:g} off; without a mean effect zero lies outside in at most {FALSE_YES:.0%}. ± is one Monte Carlo "
        "error.",
        "",
        "| sector | quantity | outcome | truth | mean estimate | SD of estimates | mean SE | bias | truth inside, % "
        "| zero outside, % | large | met |",
        f"|{'---|' * 12}",
        *(_line(row) for row in table.to_dict("records")),
        "",
        "Spread of the correlations between organisations; the share inside is that of the true correlations in the "
        "80 % credibility interval, for REML in the 95 % prediction interval. Reported.",
        "",
        "| quantity | outcome | true SD | mean SD found | bias | true correlations inside, % |",
        f"|{'---|' * 6}",
        *(_spread_line(row) for row in spreads.to_dict("records")),
        "",
        f"Verdicts of `meta_study`, and the reliabilities that `unit_studies` found. Asked: “yes” or “on average” in "
        f"{POWER:.0%} of the demo sectors or more, without a mean effect in {FALSE_CLAIM:.1%} at most, within {SLACK} "
        "Monte Carlo errors.",
        "",
        f"| sector | outcome | {' | '.join(VERDICTS).replace('_', ' ')} | rxx found | true | ryy found | true "
        "| sectors | met |",
        f"|{'---|' * 12}",
        *(_verdict_line(row) for row in verdicts.to_dict("records")),
        "",
    ]
    return "\n".join(lines)


def _line(row: dict[str, object]) -> str:
    single = row["outcome"] != ALL
    figures = [f"{row[name]:.3g}" if single else "" for name in ("truth", "mean", "sd", "se")]
    pooled = not single and row["quantity"].startswith("median gap")
    figures.append("" if pooled else f"{row['error']:+.3g} ± {row['error_mc']:.2g}")
    figures.append(f"{100 * row['covered']:.1f} ± {100 * row['covered_mc']:.1f}")
    figures.append(f"{100 * row['clear']:.1f}")
    text = " | ".join(figures).replace("-", "−")
    yes_no = ("yes" if row["large"] else "no") if single else ""
    met = "yes" if row["met"] else "**no**"
    return f"| {row['design']} | {row['quantity']} | {row['outcome']} | {text} | {yes_no} | {met} |"


def _spread_line(row: dict[str, object]) -> str:
    bias = f"{row['sd_error']:+.3f} ± {row['sd_error_mc']:.3f}".replace("-", "−")
    sds = f"{row['true_sd']:.3f} | {row['sd']:.3f} | {bias}" if row["true_sd"] > 0 else "– | – | –"
    held = f"{100 * row['held']:.1f} ± {100 * row['held_mc']:.1f}"
    return f"| {row['quantity']} | {row['outcome']} | {sds} | {held} |"


def _verdict_line(row: dict[str, object]) -> str:
    shares = " | ".join(f"{row[name]:.1%}" for name in VERDICTS)
    reliabilities = " | ".join(f"{row[name]:.3f}" for name in RELIABILITIES)
    met = "yes" if row["met"] else "**no**"
    return f"| {row['design']} | {row['outcome']} | {shares} | {reliabilities} | {row['looks']} | {met} |"
