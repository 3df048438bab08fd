"""The growth part of docs/validation.md."""

from __future__ import annotations

from datetime import date

import pandas as pd
from growth_looks import FEW, LAG, MAX_LAG, PRODUCT_EFFECT, SCALE, SHORT, SLOPE, SMALLEST, WIDE
from growth_panels import AUTOCORRELATION, SHARED
from looks import SEED
from target_table import target_lines


def growth_report(table: pd.DataFrame, *, minutes: float, jobs: int) -> str:
    """Write the part as Markdown."""
    lines = [
        "## Growth after engagement, and together with customers",
        "",
        f"Made panels of {_shape(WIDE)}, {_shape(FEW)} and {_shape(SHORT)}; movements and errors "
        f"AR({AUTOCORRELATION:g}) around lasting levels, {SHARED:.0%} of their variance shared within a cluster; "
        f"engagement lagged 0 to {MAX_LAG} together, lag {LAG} claimed. Both effects: slope {SLOPE:g} per point and "
        f"{PRODUCT_EFFECT:g} for the product; the smallest that matters is {SMALLEST:g} SD. *Curved*: the square of "
        "engagement moves growth, not the product, and engagement goes with customers (.6). *Slopes differ by level*: "
        "engagement moves growth more in units with lastingly satisfied customers, whatever the year.",
        "",
        f"Companies are made at scale {SCALE:g}, with business units clustered by country; growth follows the "
        "engagement of the whole payroll and the NPS aimed at. Run on "
        f"{date.today()} with seed {SEED}, {minutes:.0f} minutes on {jobs} processes. Shares are out of 1; ± is one "
        "Monte Carlo error.",
        "",
        *target_lines(table, "looks"),
    ]
    return "\n".join(lines)


def _shape(shape: dict[str, int]) -> str:
    units = shape["n_clusters"] * shape["per_cluster"]
    if shape["per_cluster"] == 1:
        return f"{units} single units over {shape['n_times']} periods"
    return f"{units} units in {shape['n_clusters']} clusters over {shape['n_times']} periods"
