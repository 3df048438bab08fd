"""The targets of the sector: does the truth of made organisations come back?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from measures import share_error
from meta_targets import FALSE_CLAIM, POWER, VERDICTS
from sector_looks import MEAN_R, NULL, REML, RHO, RHO_KNOWN, SECTOR, SPREAD
from tables import COVERAGE, FALSE_YES, LARGE

ALL = "all outcomes"
BIAS, SLACK = 0.01, 2
MEANS = (MEAN_R, RHO, RHO_KNOWN, REML)
RELIABILITIES = ("rxx", "true_rxx", "ryy", "true_ryy")
# Width of a 95 % interval in standard errors.
WIDTH = 2 * 1.96


def sector_table(found: pd.DataFrame) -> pd.DataFrame:
    """
    Hold the looks against the targets: the demo sector by outcome and over all, the other over all.

    Returns
    -------
    DataFrame, one row per design, quantity and outcome
        ``truth``, ``mean``, ``sd``, ``se`` (means over the looks; the last three empty over all), ``error`` and
        ``covered`` with their Monte Carlo errors (``_mc``; over all, between sectors), ``clear`` (zero outside),
        ``large``, ``looks``, ``met``.
    """
    looks = found[found["quantity"].notna()].copy()
    looks["covered"] = looks["truth"].between(looks["ci_low"], looks["ci_high"])
    looks["clear"] = (looks["ci_low"] > 0) | (looks["ci_high"] < 0)
    looks["error"] = looks["estimate"] - looks["truth"]
    looks["se"] = (looks["ci_high"] - looks["ci_low"]) / WIDTH
    # The true median gap differs a little from sector to sector; the interval speaks of all that could be drawn.
    gaps = looks["quantity"].str.startswith("median gap")
    truths = looks[gaps].groupby(["design", "quantity", "outcome"])["truth"].transform("mean")
    looks.loc[gaps, "covered"] = truths.between(looks.loc[gaps, "ci_low"], looks.loc[gaps, "ci_high"])
    order = [*MEANS, SPREAD, *looks.loc[gaps, "quantity"].unique()]
    rows = []
    for design in (SECTOR, NULL):
        of_design = looks[looks["design"] == design]
        for quantity in order:
            chosen = of_design[of_design["quantity"] == quantity]
            if design == SECTOR:
                rows += [_row(design, quantity, name, one) for name, one in chosen.groupby("outcome")]
            if len(chosen):
                rows.append(_row(design, quantity, ALL, chosen))
    return pd.DataFrame(rows)


def _row(design: str, quantity: str, outcome: str, looks: pd.DataFrame) -> dict[str, object]:
    row = {"design": design, "quantity": quantity, "outcome": outcome, "looks": looks["look"].nunique()}
    for figure in ("error", "covered"):
        by_sector = looks.groupby("look")[figure].mean()
        row |= {figure: looks[figure].mean(), f"{figure}_mc": by_sector.std() / np.sqrt(len(by_sector))}
    if outcome != ALL:
        row["covered_mc"] = share_error(row["covered"], len(looks))
    row |= {"truth": looks["truth"].mean(), "clear": looks["clear"].mean(), "large": False}
    if outcome != ALL:
        row |= {"mean": looks["estimate"].mean(), "sd": looks["estimate"].std(), "se": looks["se"].mean()}
        row["large"] = quantity != SPREAD and abs(row["truth"]) > LARGE * row["se"]
    return row | {"met": _is_met(row)}


def _is_met(row: dict[str, object]) -> bool:
    """Over all outcomes without slack, one outcome within two Monte Carlo errors."""
    slack = 0.0 if row["outcome"] == ALL else SLACK * row["covered_mc"]
    met = COVERAGE[0] - slack <= row["covered"] <= COVERAGE[1] + slack
    if row["large"]:
        met &= row["clear"] >= 0.95
    if row["outcome"] == ALL and row["quantity"] in MEANS:
        met &= abs(row["error"]) <= BIAS + SLACK * row["error_mc"]
    if row["design"] == NULL and row["quantity"] != SPREAD:
        met &= row["clear"] <= FALSE_YES
    return bool(met)


def spread_table(found: pd.DataFrame) -> pd.DataFrame:
    """How far the SD of correlations is off, and what the credibility and prediction intervals hold, by outcome."""
    looks = found[(found["design"] == SECTOR) & found["quantity"].isin(MEANS)]
    looks = looks.assign(sd_error=looks["sd"] - looks["true_sd"])
    rows = []
    looks["quantity"] = pd.Categorical(looks["quantity"], MEANS)
    for (quantity, outcome), one in looks.groupby(["quantity", "outcome"], observed=True):
        row = {"quantity": quantity, "outcome": outcome, "true_sd": one["true_sd"].mean(), "sd": one["sd"].mean()}
        for figure in ("sd_error", "held"):
            row |= {figure: one[figure].mean(), f"{figure}_mc": one[figure].std() / np.sqrt(len(one))}
        rows.append(row)
    return pd.DataFrame(rows)


def verdict_shares(found: pd.DataFrame) -> pd.DataFrame:
    """Shares of the verdicts on each outcome, beside the mean reliabilities found and true; and what is asked."""
    looks = found[found["verdict"].notna()]
    rows = []
    for (design, outcome), one in looks.groupby(["design", "outcome"]):
        shares = {name: (one["verdict"] == name).mean() for name in VERDICTS}
        row = {"design": design, "outcome": outcome, "looks": len(one)} | shares
        row |= one[list(RELIABILITIES)].mean().to_dict()
        claimed = shares["yes"] + shares["on_average"]
        slack = SLACK * share_error(claimed, len(one))
        row["met"] = claimed <= FALSE_CLAIM + slack if design == NULL else claimed >= POWER - slack
        rows.append(row)
    return pd.DataFrame(rows)
