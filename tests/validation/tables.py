"""The tables of docs/validation.md: targets beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

COVERAGE = (0.92, 0.98)
# "Zero outside the interval" is asked where the effect is large: at least this many standard errors.
LARGE = 4.0
FALSE_YES = 0.08
# Under a truth of another sign or another lag, a "yes" is an error like under no effect at all.
EXPECTED_VERDICT = {"demo": "yes", "demo-null": "not yes", "late": "not yes", "opposite": "not yes"}
TOLD_GAPS = ("profit gap, raw", "productivity gap, raw")


def coverage_table(results: pd.DataFrame, true_lag: Mapping[str, float]) -> pd.DataFrame:
    """
    How often the 95 % interval holds the truth, and shuts out zero.

    The true gap is the mean over the seeds of the gap in expected outcomes; the true lag is a parameter.
    """
    rows = []
    for (world, quantity), found in results[results["world"].isin(["demo", "demo-null"])].groupby(
        ["world", "quantity"]
    ):
        truth = true_lag[world] if quantity == "lag 2" else found["expected"].mean()
        # Without effects no gap is expected in any outcome, those without a table of expectations included.
        truth = 0.0 if world == "demo-null" else truth
        if np.isnan(truth):
            continue
        holds = (found["ci_low"] <= truth) & (truth <= found["ci_high"])
        clear = (found["ci_low"] > 0) | (found["ci_high"] < 0)
        large = abs(truth) > LARGE * found["se"].median()
        rows.append(
            {
                "world": world,
                "quantity": quantity,
                "seeds": len(found),
                "truth": truth,
                "mean": found["estimate"].mean(),
                "sd": found["estimate"].std(),
                "mean_se": found["se"].mean(),
                "covered": holds.mean(),
                "zero_outside": clear.mean(),
                "large": large,
                "met": COVERAGE[0] <= holds.mean() <= COVERAGE[1] and (not large or clear.mean() >= 0.95),
            }
        )
    return pd.DataFrame(rows)


def verdict_table(results: pd.DataFrame) -> pd.DataFrame:
    """How often each verdict was given, on the lag and on the gaps of profit and productivity."""
    told = results[(results["quantity"] == "lag 2") | results["quantity"].isin(TOLD_GAPS)]
    shares = (
        told.groupby(["world", "quantity"])["verdict"]
        .value_counts(normalize=True)
        .unstack(fill_value=0.0)
        .reset_index()
    )
    shares = shares.reindex(columns=["world", "quantity", "yes", "no", "cannot_tell"], fill_value=0.0)
    shares["seeds"] = shares["world"].map(told.groupby("world")["seed"].nunique())
    shares["target"] = [_target(*pair) for pair in zip(shares["world"], shares["quantity"], strict=True)]
    shares["met"] = [
        yes >= 0.8 if target == "yes" else yes <= FALSE_YES
        for yes, target in zip(shares["yes"], shares["target"], strict=True)
    ]
    return shares


def _target(world: str, quantity: str) -> str:
    # The company whose customers follow after one year has the gaps of the demo.
    return "yes" if world == "late" and quantity != "lag 2" else EXPECTED_VERDICT[world]


def report(coverage: pd.DataFrame, verdicts: pd.DataFrame, *, seeds: int, scale: float, minutes: float) -> str:
    """Write both tables as Markdown."""
    lines = [
        f"Companies: {seeds} of each kind at scale {scale:g}, seeds 1 to {seeds}; run on {date.today()}, "
        f"{minutes:.0f} minutes.",
        "",
        "## Intervals",
        "",
        f"Target: the 95 % interval holds the truth in {COVERAGE[0]:.0%} to {COVERAGE[1]:.0%} of the companies, "
        f"and where the effect is large (over {LARGE:g} standard errors) zero lies outside in at least 95 %. The true "
        "lag is a parameter of the company; the true gap is the gap in expected outcomes between the units compared, "
        "averaged over the companies.",
        "",
        "| company | quantity | truth | mean estimate | SD of estimates | mean SE "
        "| truth inside | zero outside | large | met |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(_coverage_line(row) for row in coverage.to_dict("records")),
        "",
        "## Verdicts",
        "",
        f"Target: “yes” at least in 80 % of the companies where the claim holds, in at most {FALSE_YES:.0%} where it "
        "does not. In *late* customers follow after one year instead of two; in *opposite* they move the other way, "
        "and engaged teams have lower profit and productivity.",
        "",
        "| company | claim | companies | yes | no | cannot tell | target | met |",
        "|---|---|---|---|---|---|---|---|",
        *(_verdict_line(row) for row in verdicts.to_dict("records")),
        "",
    ]
    return "\n".join(lines)


def _coverage_line(row: Mapping[str, object]) -> str:
    figures = (f"{row[name]:.3g}" for name in ("truth", "mean", "sd", "mean_se"))
    shares = (f"{row[name]:.1%}" for name in ("covered", "zero_outside"))
    yes_no = ("yes" if row[name] else "no" for name in ("large", "met"))
    return f"| {row['world']} | {row['quantity']} | {' | '.join([*figures, *shares, *yes_no])} |"


def _verdict_line(row: Mapping[str, object]) -> str:
    shares = (f"{row[name]:.1%}" for name in ("yes", "no", "cannot_tell"))
    met = "yes" if row["met"] else "no"
    return f"| {row['world']} | {row['quantity']} | {row['seeds']} | {' | '.join(shares)} | {row['target']} | {met} |"
