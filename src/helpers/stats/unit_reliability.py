"""Reliability of unit means within each study: how much of what sets units apart is not the luck of who answered.

A *unit* is a team with a mean of answers; a *study* an organisation or country with units in it. Those asked are the
*population* of a unit: where most of its few people answer, a mean is surer than ICC(2) has it, which takes those who
answered for draws from very many.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable

NEEDED = ("study", "value", "se", "n")


def unit_reliability(units: pd.DataFrame) -> pd.DataFrame:
    """
    Reliability of the means of units, per study.

    Parameters
    ----------
    units : DataFrame, one row per unit
        ``study``, ``value`` (mean of the answers), ``se`` (its standard error for an endless population; NaN for a
        single answer), ``n`` (effective answers, 1 or more), optional ``population`` (people asked, of whom ``n``
        answered; without it, or where NaN, endless). Rows without value or n are left out.

    Returns
    -------
    DataFrame, one row per study, sorted
        ``study``, ``reliability`` (NaN where no unit of the study knows its error), ``error_variance`` (mean over
        units), ``variance`` (between units; NaN for one unit), ``n_units``. ``attrs`` hold ``true_variance``.

    Raises
    ------
    ValueError
        For a missing column.
    NotApplicable
        Where no study knows its errors, or units differ less than chance alone would make them.

    Notes
    -----
    With s² the variance of answers within units, pooled over the units of a study by n - 1, the error variance of a
    unit is ``s² / n (1 - n / population)``. The true variance is ``Σ (units - 1)(variance - error_variance) /
    Σ (units - 1)`` over studies, and ``reliability = true_variance / (true_variance + error_variance)``: that of one
    study alone is too unsure to correct by. With one study, equal n and an endless population it is ICC(2).

    References
    ----------
    W. Cochran (1977), *Sampling Techniques*, 3rd ed., ch. 2 (finite population); P. Bliese (2000), in *Multilevel
    Theory, Research, and Methods in Organizations* (ICC(2)).
    """
    missing = [column for column in NEEDED if column not in units]
    if missing:
        raise ValueError(f"units must have the columns {', '.join(NEEDED)}; found none named {', '.join(missing)}.")
    known = _with_errors(units.dropna(subset=["study", "value", "n"]))
    groups = known.groupby("study")
    table = groups.agg(error_variance=("error", "mean"), variance=("value", "var"), n_units=("value", "size"))
    usable = table.dropna()
    weights = usable["n_units"] - 1
    if usable.empty:
        raise NotApplicable("The sampling errors of these units are not known.")
    true_variance = float(np.average(usable["variance"] - usable["error_variance"], weights=weights))
    if not true_variance > 0:
        raise NotApplicable("These units differ less than chance alone would make them.")
    table["reliability"] = true_variance / (true_variance + table["error_variance"])
    table = table.reset_index()[["study", "reliability", "error_variance", "variance", "n_units"]]
    table.attrs = {"true_variance": true_variance}
    return table


def _with_errors(units: pd.DataFrame) -> pd.DataFrame:
    """Units with the variance of their error, from the answers' variance pooled over the units of their study."""
    n, freedom = units["n"].astype(float), (units["n"] - 1).clip(lower=0).where(units["se"].notna(), 0.0)
    spread = (units["se"].fillna(0.0) ** 2 * n * freedom).groupby(units["study"]).transform("sum")
    freedom = freedom.groupby(units["study"]).transform("sum")
    unasked = 1.0
    if "population" in units:
        unasked = (1 - n / units["population"].fillna(np.inf)).clip(lower=0)
    return units.assign(error=(spread / freedom.where(freedom > 0)) / n * unasked)
