"""Figures that came as figures, without answers: scores of a publisher, outcomes of a unit.

A *given* figure stands as it is, and hides the ones below it from the units above it, so that nothing counts twice: the
figure of a country is not made from its teams when the country's own was given, and the figure above the country is
made from the country's.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from helpers.datasets.measure_kinds import KINDS, REASON_TO_LEAVE
from helpers.datasets.measures import number, text
from helpers.datasets.rollup import DECIMALS, SUMS, estimates_from_sums

_LABELS = ("unit_id", "period", "measure")
_KEYS = ("period", "measure", "kind")


def given_scores(scores: ir.Table) -> ir.Table:
    """Complete the table ``scores``: ``kind`` by the name of the measure, ``n_effective`` = ``n`` where not given.

    Parameters
    ----------
    scores : ibis Table
        ``unit_id``, ``period``, ``measure``, ``estimate``; optional ``kind``, ``n``, ``n_effective``, ``se``.

    Returns
    -------
    ibis Table
        ``unit_id``, ``period``, ``measure``, ``kind``, ``estimate``, ``n``, ``n_effective``, ``se``; without reasons to
        leave, which are shares of some people and no measures of a unit.
    """
    by_name = ibis.cases(*((scores["measure"] == name, kind) for name, kind in KINDS.items()), else_="mean")
    kind = text(scores["kind"]).coalesce(by_name) if "kind" in scores.columns else by_name
    n, n_effective, se = (_number_or_missing(scores, name) for name in ("n", "n_effective", "se"))
    figures = {"estimate": number(scores["estimate"]), "n": n, "n_effective": n_effective.coalesce(n), "se": se}
    complete = scores.select(**_labels(scores), kind=kind, **figures)
    return complete.filter(complete["estimate"].notnull() & ~complete["measure"].startswith(REASON_TO_LEAVE))


def given_outcomes(sources: Mapping[str, ir.Table]) -> ir.Table:
    """Write outcomes as scores of kind ``"value"``, with the people behind the figure as ``n``.

    Parameters
    ----------
    sources : mapping of str to ibis Table
        ``outcomes``, ``closure`` and, for the headcounts, ``invited``.

    Returns
    -------
    ibis Table
        As `given_scores`. ``n`` is the outcome's own, else the headcount of the unit and period, else missing; there is
        no ``se``, since a counted figure is no sample.
    """
    outcomes = sources["outcomes"]
    given = outcomes.select(
        **_labels(outcomes), estimate=number(outcomes["value"]), n=_number_or_missing(outcomes, "n")
    )
    given = given.filter(given["estimate"].notnull())
    if "invited" in sources and "headcount" in sources["invited"].columns:
        heads = _headcounts(sources["invited"], sources["closure"])
        given = given.left_join(heads, ["unit_id", "period"])
        given = given.mutate(n=given["n"].coalesce(given["headcount"]))
    labels = [given[name] for name in _LABELS]
    empty = ibis.null("float64")
    return given.select(*labels, "estimate", "n", kind=ibis.literal("value"), n_effective=given["n"], se=empty)


def pooled_scores(given: ir.Table, closure: ir.Table) -> ir.Table:
    """Score the units above given scores as if their answers were at hand.

    A score with ``n`` and ``se`` holds the same sums as its answers, so the pooled score equals that of the union.

    Parameters
    ----------
    given : ibis Table
        See `given_scores`.
    closure : ibis Table
        ``ancestor_id``, ``unit_id``.

    Returns
    -------
    ibis Table
        As `given`; no row where an ``n`` below is missing, no ``se`` where a ``se`` below is.
    """
    spare = ibis.ifelse(given["kind"] == "mean", given["n_effective"] - 1, given["n_effective"])
    square = given["se"] * given["se"] * spare + given["estimate"] * given["estimate"]
    n = given["n"]
    sums = {"w": n, "w2": n * n / given["n_effective"], "wx": n * given["estimate"], "wx2": n * square}
    below = visible_from(given.select("unit_id", *_KEYS, "n", **sums), closure)
    parts = {name: _sum_of_all(below[name]) for name in SUMS}
    return estimates_from_sums(below.group_by("ancestor_id", *_KEYS).agg(**parts).rename(unit_id="ancestor_id"))


def weighted_means(given: ir.Table, closure: ir.Table) -> ir.Table:
    """Give the units above given outcomes their mean, weighted with n, or unweighted where an n is missing.

    Parameters
    ----------
    given : ibis Table
        See `given_outcomes`.
    closure : ibis Table
        ``ancestor_id``, ``unit_id``.

    Returns
    -------
    ibis Table
        As `given`; ``n`` is the sum of the weights, and missing where the mean is unweighted.
    """
    figures = visible_from(given, closure)
    n, estimate = figures["n"].nullif(0.0), figures["estimate"]
    mean = ibis.ifelse(n.isnull().any(), estimate.mean(), (n * estimate).sum() / n.sum())
    above = figures.group_by("ancestor_id", *_KEYS).agg(estimate=mean.round(DECIMALS), n=_sum_of_all(n))
    return above.select(*_KEYS, "estimate", "n", unit_id="ancestor_id", n_effective="n", se=ibis.null("float64"))


def visible_from(given: ir.Table, closure: ir.Table) -> ir.Table:
    """Pair every given figure with the units above it that have to be made from it.

    Parameters
    ----------
    given : ibis Table
        ``unit_id``, ``period``, ``measure`` and figures, at any levels of the hierarchy.
    closure : ibis Table
        ``ancestor_id``, ``unit_id``.

    Returns
    -------
    ibis Table
        ``ancestor_id`` and the columns of `given`, without the pairs of which the ancestor, or a unit on the way to it,
        has a given figure of the same period and measure.
    """
    depth = closure.group_by(ancestor_id="unit_id").agg(depth=closure.count())
    above = closure.filter(closure["ancestor_id"] != closure["unit_id"]).join(depth, "ancestor_id")
    pairs = given.join(above, "unit_id")
    there = given.select("period", "measure", ancestor_id="unit_id")
    blocks = pairs.semi_join(there, ["ancestor_id", "period", "measure"])
    blocks = blocks.group_by(*_LABELS).agg(blocked=blocks["depth"].max())
    open_pairs = pairs.left_join(blocks, _LABELS)
    kept = open_pairs.filter(open_pairs["blocked"].isnull() | (open_pairs["depth"] > open_pairs["blocked"]))
    return kept.select("ancestor_id", *given.columns)


def _headcounts(invited: ir.Table, closure: ir.Table) -> ir.Table:
    labels = {name: text(invited[name]) for name in ("unit_id", "period")}
    below = invited.select(**labels, headcount=number(invited["headcount"])).join(closure, "unit_id")
    summed = below.group_by("ancestor_id", "period").agg(headcount=below["headcount"].sum())
    return summed.rename(unit_id="ancestor_id")


def _labels(table: ir.Table) -> dict[str, ir.StringColumn]:
    return {name: text(table[name]) for name in _LABELS}


def _number_or_missing(table: ir.Table, column: str) -> ir.Value:
    return number(table[column]) if column in table.columns else ibis.null("float64")


def _sum_of_all(column: ir.NumericColumn) -> ir.NumericScalar:
    # SQL skips what is missing; a sum of which a part is missing is not known.
    return ibis.ifelse(column.isnull().any(), ibis.null("float64"), column.sum())
