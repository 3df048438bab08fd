"""Do units that were engaged in the last wave have fewer spells of absence?

A *spell* is one time that somebody falls ill and comes back. The checks are one method by name; one that does not apply
keeps its reason in place of a result.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.count_rates import CountFit, count_fit, zero_check
from helpers.stats.estimates import NotApplicable, tried
from helpers.stats.ratio_verdict import ratio_verdict
from helpers.stats.ratios import (
    FEWEST_EVENTS,
    RatioStudy,
    as_changes,
    corrected_ratio,
    error_variances,
    require_comparable,
    standardised,
)

COUNT, EXPOSURE = "n_spells", "person_years"
NEEDED = ("entity", "cluster", "time", COUNT, EXPOSURE, "engagement")
X, SAME, WITHIN, BETWEEN = "engagement", "engagement_same_wave", "within", "between"


def absence_study(rows: pd.DataFrame, *, smallest: float = 0.05, conf_level: float = 0.95) -> RatioStudy:
    """
    Regress spells of absence on engagement in the wave before, with checks.

    Parameters
    ----------
    rows : DataFrame, one row per unit and period
        ``entity``, ``cluster`` (holds whole entities), integer ``time``, ``n_spells``, ``person_years``, ``engagement``
        (of the wave before); optional ``engagement_same_wave``; ``se``, ``n``, ``population`` of engagement, for the
        correction (see `ratios.error_variances`).
    smallest : float
        Smallest change of the rate that matters, between 0 and 1.
    conf_level : float

    Returns
    -------
    RatioStudy
        Checks ``variants`` (``variant``: "main", "poisson", "between", "within", "beside"; one that does not apply has
        no estimate, and ``reason`` with ``reason_values``), ``corrected``, ``zeros``; `about` with ``dispersion``,
        ``rate`` (spells per person and year).

    Raises
    ------
    NotApplicable
        Without rows, with fewer than 20 spells or five units, or where engagement does not vary.

    Notes
    -----
    ``n_spells ~ NB(person_years · exp(d_t + b x), alpha)`` with x in SD. *Within* and *between* split x into the
    unit's mean over its rows and the deviation from it, in the same model (Mundlak).

    References
    ----------
    Y. Mundlak (1978), *Econometrica* 46(1), 69-85; Cameron and Trivedi (2013), *Regression Analysis of Count Data*.
    """
    rows = rows.dropna(subset=list(NEEDED)).reset_index(drop=True)
    if rows.empty:
        raise NotApplicable(
            "No period has absence and, in the wave before, engagement of the same units, so they cannot be compared."
        )
    n_events = int(rows[COUNT].sum())
    if n_events < FEWEST_EVENTS:
        raise NotApplicable(
            "Fewer than {needed} spells of absence were counted, too few to compare units.", needed=FEWEST_EVENTS
        )
    require_comparable(rows)
    # A period without any spell says nothing on who had more of them.
    rows = rows[rows.groupby("time")[COUNT].transform("sum") > 0].reset_index(drop=True)
    values, sd = standardised(rows, X)
    rows = rows.assign(**{X: values})
    fit = _fit(rows, [X])
    main = _row(fit, conf_level)
    about = {"sd": sd, "n_events": n_events, "dispersion": fit.dispersion, "n_rows": len(rows)}
    about |= {"n_units": int(rows["entity"].nunique()), "n_clusters": main["n_clusters"]}
    about |= {"n_periods": int(rows["time"].nunique()), "rate": n_events / float(rows[EXPOSURE].sum())}
    corrected = tried(lambda: _corrected(rows, fit, main, sd))
    checks = {
        "variants": _variants(rows, main, sd, conf_level),
        "corrected": corrected,
        "zeros": zero_check(rows[COUNT].to_numpy(), fit, conf_level=conf_level),
    }
    known = None if isinstance(corrected, NotApplicable) else corrected
    return RatioStudy(main, ratio_verdict(main, corrected=known, smallest=smallest), checks, about)


def _variants(rows: pd.DataFrame, main: dict[str, object], sd: float, conf_level: float) -> pd.DataFrame:
    found = {
        "main": main,
        "poisson": tried(lambda: _row(_fit(rows, [X], poisson=True), conf_level)),
        **{part: tried(partial(_split, rows, part, conf_level)) for part in (BETWEEN, WITHIN)},
        "beside": tried(lambda: _beside(rows, sd, conf_level)),
    }
    return variants_table(found)


def variants_table(found: dict[str, dict[str, object] | NotApplicable]) -> pd.DataFrame:
    """Put models by name below each other, those without an estimate with their reason."""
    rows = [
        {"variant": name, "estimate": np.nan, "reason": one.reason, "reason_values": one.values}
        if isinstance(one, NotApplicable)
        else {"variant": name, "reason": "", "reason_values": {}} | one
        for name, one in found.items()
    ]
    return pd.DataFrame(rows)


def with_parts(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Split engagement into the mean of its unit and the deviation from it.

    Raises
    ------
    NotApplicable
        When no unit moves between its periods.
    """
    once = rows.drop_duplicates(["entity", "time"]).groupby("entity")[X].mean()
    between = rows["entity"].map(once)
    within = rows[X] - between
    if not within.abs().max() > 1e-9:
        raise NotApplicable("Too few periods are left to compare units with themselves.")
    return rows.assign(**{BETWEEN: between, WITHIN: within})


def _split(rows: pd.DataFrame, part: str, conf_level: float) -> dict[str, object]:
    if part == BETWEEN and rows["entity"].nunique() == len(rows):
        raise NotApplicable("Too few periods are left to compare units with themselves.")
    return _row(_fit(with_parts(rows), [WITHIN, BETWEEN]), conf_level, term=part)


def _beside(rows: pd.DataFrame, sd: float, conf_level: float) -> dict[str, object]:
    known = rows.dropna(subset=[SAME]) if SAME in rows else rows.head(0)
    if known.empty:
        raise NotApplicable("No engagement is known of the period of the absence itself.")
    return _row(_fit(known.assign(**{SAME: known[SAME] / sd}), [X, SAME]), conf_level)


def _fit(rows: pd.DataFrame, x: list[str], *, poisson: bool = False) -> CountFit:
    return count_fit(rows, x, y=COUNT, exposure=EXPOSURE, poisson=poisson)


def _row(fit: CountFit, conf_level: float, *, term: str = X) -> dict[str, object]:
    table = as_changes(linear_combinations(fit.weighted, conf_level=conf_level))
    return table[table["term"] == term].iloc[0].to_dict()


def _corrected(rows: pd.DataFrame, fit: CountFit, main: dict[str, object], sd: float) -> dict[str, object]:
    if not {"se", "n", "population"} <= set(rows):
        raise NotApplicable("The sampling errors of these units are not known.")
    error = float((fit.weight * error_variances(rows) / sd**2).sum(min_count=len(rows)))
    return corrected_ratio(main, variance=float((fit.weighted.regressors**2).sum()), error=error)
