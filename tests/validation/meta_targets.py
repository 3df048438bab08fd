"""The targets of the meta-analysis: what is asked, beside what was measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
from measures import share_error
from meta_looks import CLAIMS, MANY, RANGE_ASIDE, REML, designs
from meta_studies import RHO

BIAS, COVERED = 0.01, (0.93, 0.97)
VERDICTS = ("yes", "on_average", "cannot_tell", "no")
FALSE_CLAIM, FALSE_YES, POWER = 0.025, 0.05, 0.80
# Studies that hardly differ: with many of them the relation should be found to hold in most.
FEW_DIFFER = 0.05
# Why a share of verdicts misses its bound, where it does.
WHY = {
    FALSE_CLAIM: "the interval of the mean is too short for so few studies",
    FALSE_YES: "few studies tell little of how much they differ; an interval of most too short by chance says yes",
    POWER: "the interval of most is too wide to shut out zero",
}
# A target is missed when the figure lies more than this many Monte Carlo errors beyond it.
SLACK = 2
FIGURES = ("error", "sd_error", "held", "covered")


def meta_table(found: pd.DataFrame) -> pd.DataFrame:
    """
    Hold the looks against the targets.

    Returns
    -------
    DataFrame, one row per design and method
        ``design``, ``method``, the choices of the design, mean of each figure with its Monte Carlo error (``_mc``),
        ``looks``, ``seconds``, ``missed`` (names of the figures that miss their target), ``bounded``.
    """
    rows, made, seconds = [], designs(), found.groupby("design")["seconds"].sum()
    for (design, method), looks in found[found["method"].notna()].groupby(["design", "method"], sort=False):
        row = {"design": design, "method": method, "kind": ""} | made[design].choices | {"looks": len(looks)}
        for figure in FIGURES:
            values = looks[figure].astype(float)
            row |= {figure: values.mean(), f"{figure}_mc": values.std() / np.sqrt(len(values))}
        row["covered_mc"] = share_error(row["covered"], len(looks))
        row["seconds"] = seconds[design]
        bounds = _bounds(row)
        missed = [figure for figure, bound in bounds.items() if not _within(row[figure], row[f"{figure}_mc"], bound)]
        rows.append(row | {"missed": missed, "bounded": bool(bounds)})
    order = {design: number for number, design in enumerate(made)}
    return pd.DataFrame(rows).sort_values("design", key=lambda name: name.map(order), kind="stable", ignore_index=True)


def _within(figure: float, error: float, bound: tuple[float, float]) -> bool:
    return bound[0] - SLACK * error <= figure <= bound[1] + SLACK * error


def _bounds(row: dict[str, object]) -> dict[str, tuple[float, float]]:
    """Mean without bias wherever its method is meant for it; intervals of the mean, with few studies of REML only."""
    bias, covered = {"error": (-BIAS, BIAS)}, {"covered": COVERED}
    if row["method"] == RANGE_ASIDE:
        return {}
    if row["method"] == REML:
        return bias | covered
    return bias | covered if row["k"] == MANY else bias


def claim_table(found: pd.DataFrame) -> pd.DataFrame:
    """
    Shares of each verdict, with what is asked of them.

    Returns
    -------
    DataFrame, one row per design
        ``rho``, ``sd``, ``k``, ``looks``, a share per verdict, ``mc`` (the largest Monte Carlo error), ``asked``,
        ``met`` (None where it is only reported).
    """
    rows, made = [], designs()
    for design, looks in found[found["verdict"].notna()].groupby("design"):
        shares = {name: (looks["verdict"] == name).mean() for name in VERDICTS}
        error = max(share_error(share, len(looks)) for share in shares.values())
        row = made[design].choices | {"design": design, "looks": len(looks)} | shares | {"mc": error}
        rows.append(row | _asked(row))
    order = {design: number for number, design in enumerate(made)}
    return pd.DataFrame(rows).sort_values("design", key=lambda name: name.map(order), ignore_index=True)


def _asked(row: dict[str, object]) -> dict[str, object]:
    """A mean of zero is seldom claimed to be above it, and is seldom said to hold everywhere where studies differ."""
    about_rho = row["rho"] == RHO
    if row["rho"] == 0:
        return _bounded(row, ("yes", "on_average"), "≤", FALSE_CLAIM)
    if about_rho and row["sd"] == max(sd for _, sd in CLAIMS):
        return _bounded(row, ("yes",), "≤", FALSE_YES)
    if about_rho and row["k"] == MANY and row["sd"] == FEW_DIFFER:
        return _bounded(row, ("yes",), "≥", POWER)
    return {"asked": "reported", "met": None, "why": ""}


def _bounded(row: dict[str, object], names: tuple[str, ...], sign: str, bound: float) -> dict[str, object]:
    share = sum(row[name] for name in names)
    beyond = share - bound if sign == "≤" else bound - share
    asked = f"{' or '.join(names).replace('_', ' ')} {sign} {bound:.1%}"
    return {"asked": asked, "met": bool(beyond <= SLACK * share_error(share, row["looks"])), "why": WHY[bound]}
