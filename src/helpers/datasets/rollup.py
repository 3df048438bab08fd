"""From leaf units up the hierarchy: the sums of answers are added up and turned into scores.

*Pooling* scores the union of the answers below a unit; the mean of unit means, in which a team of three weighs as much
as one of thirty, appears nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from helpers.datasets.measures import Sums

SUMS = ("n", "w", "w2", "wx", "wx2")
# Sums of some thousand floats differ in the 13th digit with the order of the rows. Below this share of the squared
# mean a variance is that noise: all answers were equal.
NO_VARIANCE = 1e-12
# Hides the same noise in the results, so that the same answers give the same bytes.
DECIMALS = 9


def pool(sums: Sums, closure: ir.Table) -> ir.Table:
    """Add up the sums of a unit and of every unit below it.

    Parameters
    ----------
    sums : Sums
        Of the units that have answers.
    closure : ibis Table
        ``ancestor_id``, ``unit_id``: every unit with each of its ancestors and itself.

    Returns
    -------
    ibis Table
        One row per ancestor, period and measure: ``unit_id``, ``period``, ``measure``, ``kind`` and `SUMS`.
    """
    below = sums.table.join(closure, "unit_id")
    totals = {name: below[name].sum() for name in sums.table.columns if ":" in name}
    pooled = below.group_by("ancestor_id", "period").agg(**totals).rename(unit_id="ancestor_id")
    return stacked([_one_measure(pooled, name, kind) for name, kind in sums.kinds.items()])


def stacked(tables: Sequence[ir.Table]) -> ir.Table:
    """Put one or more tables of the same columns below each other."""
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def estimates_from_sums(sums: ir.Table) -> ir.Table:
    """Turn sums into scores.

    With m = Σwx / Σw, Kish's n_effective = (Σw)² / Σw² and v = Σwx² / Σw − m², the plug-in standard error is
    sqrt(v / n_effective) for scores of kind ``"nps"`` and ``"rate"``; for means v is made unbiased by
    n_effective / (n_effective − 1), so one answer has no standard error. Response rates are treated as a sample from
    more invitations of the same kind, without a finite-population correction.

    Parameters
    ----------
    sums : ibis Table
        As given by `pool`.

    Returns
    -------
    ibis Table
        ``unit_id``, ``period``, ``measure``, ``kind``, ``estimate``, ``n``, ``n_effective``, ``se``. A rate above 1 is
        left empty.

    References
    ----------
    Kish, L. (1965). Survey Sampling. Wiley, section 11.7.
    """
    answered = sums.filter(sums["w"] > 0)
    mean, n_effective = answered["wx"] / answered["w"], answered["w"] * answered["w"] / answered["w2"]
    # More answers than invitations: the invitations are wrong, so there is a number of answers but no rate.
    mean = ibis.ifelse((answered["kind"] == "rate") & (mean > 1), ibis.null("float64"), mean)
    variance = answered["wx2"] / answered["w"] - mean * mean
    too_small = variance <= NO_VARIANCE * (1 + mean * mean)
    variance = ibis.ifelse(too_small, 0.0, variance)
    spare = ibis.ifelse(answered["kind"] == "mean", (n_effective - 1).round(DECIMALS), n_effective)
    return answered.select(
        *("unit_id", "period", "measure", "kind"),
        estimate=mean.round(DECIMALS),
        n=answered["n"],
        n_effective=n_effective.round(DECIMALS),
        se=(variance / spare.nullif(0.0)).sqrt().round(DECIMALS),
    )


def _one_measure(pooled: ir.Table, name: str, kind: str) -> ir.Table:
    weight = f"{name}:w" if f"{name}:w" in pooled.columns else f"{name}:n"
    squares = f"{name}:w2" if f"{name}:w2" in pooled.columns else f"{name}:n"
    columns = dict(zip(SUMS, (f"{name}:n", weight, squares, f"{name}:wx", f"{name}:wx2"), strict=True))
    figures = {part: pooled[column] for part, column in columns.items()}
    return pooled.select("unit_id", "period", measure=ibis.literal(name), kind=ibis.literal(kind), **figures)
