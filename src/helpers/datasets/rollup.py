"""From leaf units up the hierarchy: the sums of answers are added up and turned into scores.

*Pooling* scores the union of the answers below a unit; the mean of unit means, in which a team of three weighs as much
as one of thirty, appears nowhere.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

KEYS = ("period", "measure", "kind")
# Sums of some thousand floats differ in the 13th digit with the order of the rows. Below this share of the squared
# mean a variance is that noise: all answers were equal.
NO_VARIANCE = 1e-12
# Hides the same noise in the results, so that the same answers give the same bytes.
DECIMALS = 9


def pool(sums: ir.Table, closure: ir.Table) -> ir.Table:
    """Add up the sums of a unit and of every unit below it.

    Parameters
    ----------
    sums : ibis Table
        ``unit_id``, ``period``, ``measure``, ``kind`` and the sums ``n``, ``w``, ``w2``, ``wx``, ``wx2``; see
        `measures.answer_sums`.
    closure : ibis Table
        ``ancestor_id``, ``unit_id``: every unit with each of its ancestors and itself.

    Returns
    -------
    ibis Table
        As `sums`, one row per ancestor, period and measure; see `added_up`.
    """
    return added_up(sums.join(closure, "unit_id"))


def added_up(below: ir.Table) -> ir.Table:
    """Add up sums per ``ancestor_id``, period, measure and kind; a sum is missing when one of its parts is."""
    parts = {name: sum_of_all(below[name]) for name in ("n", "w", "w2", "wx", "wx2")}
    return below.group_by("ancestor_id", *KEYS).agg(**parts).rename(unit_id="ancestor_id")


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
        "unit_id",
        *KEYS,
        estimate=mean.round(DECIMALS),
        n=answered["n"],
        n_effective=n_effective.round(DECIMALS),
        se=(variance / spare.nullif(0.0)).sqrt().round(DECIMALS),
    )


def sum_of_all(column: ir.NumericColumn) -> ir.NumericScalar:
    """Add up a column; missing when any of its values is, where SQL would skip it."""
    return ibis.ifelse(column.isnull().any(), ibis.null("float64"), column.sum())
