"""Do people stay longer in units that were engaged in the last wave?

The time axis is how long somebody has been employed, in years; the baseline hazard is one for each period of the
calendar. Employments that began before the first period observed come in late, at the length they had by then: those
who had left before are not in the data.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.absence_study import BETWEEN, WITHIN, variants_table, with_parts
from helpers.stats.cox import CoxFit, cox_estimates, cox_fit
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

X = "engagement"
NEEDED = ("entity", "cluster", "time", "entry", "exit", "exit_kind", X)
# How an employment ended in this stretch of it; empty: it went on.
STAYED, CHOSE, ENDED, EXPIRED = "", "own_choice", "other", "end_of_contract"
# A contract that runs out was to end anyway: such a leaver counts as gone from sight, not as having left.
MAIN, EVERYONE, CHOICE = (CHOSE, ENDED), (CHOSE, ENDED, EXPIRED), (CHOSE,)
STAGES = ("early", "middle", "late")


def exit_study(spells: pd.DataFrame, *, smallest: float = 0.05, conf_level: float = 0.95) -> RatioStudy:
    """
    Regress the hazard of leaving on engagement in the wave before, with checks.

    Parameters
    ----------
    spells : DataFrame, one row per employment and period
        ``entity``, ``cluster`` (holds whole entities), integer ``time``, ``entry``, ``exit`` (years employed),
        ``exit_kind`` (see `STAYED`), ``engagement`` (of the unit in the wave before); ``se``, ``n``, ``population`` of
        it, for the correction.
    smallest : float
        Smallest change of the hazard that matters, between 0 and 1.
    conf_level : float

    Returns
    -------
    RatioStudy
        Checks ``variants`` ("main", "everyone", "own_choice", "between", "within"), ``corrected``, ``stages`` (the
        ratio early, midway and late in an employment, with ``from`` and ``until`` in years, and ``p_value`` of no
        difference between them as an attribute); `about` with ``rate`` (leavers per person and year).

    Raises
    ------
    NotApplicable
        Without rows, with fewer than 20 leavers or five units, or where engagement does not vary.

    References
    ----------
    T. Therneau, P. Grambsch (2000), *Modeling Survival Data*, ch. 3, 6 and 8.
    """
    spells = comparable_spells(spells)
    values, sd = standardised(spells, X)
    spells = spells.assign(**{X: values})
    fit = _fit(spells, MAIN)
    main = _row(fit, conf_level)
    about = {"sd": sd, "n_events": fit.n_events, "n_rows": len(spells), "n_clusters": main["n_clusters"]}
    about |= {"n_units": int(spells["entity"].nunique()), "n_periods": int(spells["time"].nunique())}
    about |= {"rate": fit.n_events / float((spells["exit"] - spells["entry"]).sum())}
    found = {
        "main": main,
        "everyone": tried(lambda: _row(_fit(spells, EVERYONE), conf_level)),
        "own_choice": tried(lambda: _row(_fit(spells, CHOICE), conf_level)),
        BETWEEN: tried(lambda: _split(spells, BETWEEN, conf_level)),
        WITHIN: tried(lambda: _split(spells, WITHIN, conf_level)),
    }
    corrected = tried(lambda: _corrected(spells, fit, main, sd))
    checks = {
        "variants": variants_table(found),
        "corrected": corrected,
        "stages": tried(lambda: stage_ratios(spells, conf_level=conf_level)),
    }
    known = None if isinstance(corrected, NotApplicable) else corrected
    return RatioStudy(main, ratio_verdict(main, corrected=known, smallest=smallest), checks, about)


def comparable_spells(spells: pd.DataFrame) -> pd.DataFrame:
    """
    Keep the spells of which all is known.

    Raises
    ------
    NotApplicable
        Without any, or with fewer than five units.
    """
    spells = spells.dropna(subset=list(NEEDED)).reset_index(drop=True)
    if spells.empty:
        raise NotApplicable(
            "No period has employments and, in the wave before, engagement of the same units, so they cannot be "
            "compared."
        )
    require_comparable(spells)
    return spells


def stage_ratios(spells: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Hazard ratios in three stages of an employment, which proportional hazards would make one.

    Parameters
    ----------
    spells : DataFrame
        See `exit_study`.
    conf_level : float

    Returns
    -------
    DataFrame, shape (3, ...)
        ``stage``, ``from``, ``until`` (years), ``n_events``, `ESTIMATE_COLUMNS`, changes in percent; cut so that each
        has a third of the leavers. ``attrs["p_value"]``: of equal ratios, an F test with errors by cluster.

    Raises
    ------
    NotApplicable
        With fewer than 20 leavers in each.

    Notes
    -----
    Who is at risk at a leaver's time is at the same length of employment, so the likelihood falls apart by stage: each
    ratio is that of the leavers of its stage.

    References
    ----------
    Therneau and Grambsch (2000), ch. 6; B. Quantin et al. (1996), *American Journal of Epidemiology* 143(11).
    """
    left = spells["exit_kind"].isin(MAIN)
    if left.sum() < FEWEST_EVENTS * len(STAGES):
        raise NotApplicable(
            "Comparing stages of an employment needs {needed} leavers, more than there are here.",
            needed=FEWEST_EVENTS * len(STAGES),
        )
    cuts = np.quantile(spells.loc[left, "exit"], [1 / 3, 2 / 3])
    edges = np.r_[0.0, cuts, np.inf]
    fits = [
        cox_fit(spells.assign(event=left & (spells["exit"] > low) & (spells["exit"] <= high)), [X], strata="time")
        for low, high in pairwise(edges)
    ]
    table = pd.concat([cox_estimates(fit, conf_level=conf_level) for fit in fits], ignore_index=True)
    table = as_changes(table).assign(stage=STAGES, n_events=[fit.n_events for fit in fits])
    table["from"], table["until"] = edges[:-1], edges[1:]
    table.attrs["p_value"] = _equal(fits)
    return table


def _equal(fits: list[CoxFit]) -> float:
    """P-value of equal ratios: the events of the stages differ, but the clusters are the same."""
    influence = np.hstack([fit.influence for fit in fits])
    ratios = np.array([fit.coefficients.iloc[0] for fit in fits])
    n_clusters, apart = len(influence), np.eye(len(fits))[1:] - np.eye(len(fits))[0]
    df = n_clusters - len(apart)
    if df < 1:
        return float("nan")
    covariance = n_clusters / (n_clusters - 1) * apart @ influence.T @ influence @ apart.T
    squared = (apart @ ratios) @ np.linalg.solve(covariance, apart @ ratios)
    return float(stats.f.sf(squared * df / (len(apart) * (n_clusters - 1)), len(apart), df))


def _fit(spells: pd.DataFrame, kinds: tuple[str, ...], x: tuple[str, ...] = (X,)) -> CoxFit:
    event = spells["exit_kind"].isin(kinds)
    if event.sum() < FEWEST_EVENTS:
        raise NotApplicable("Fewer than {needed} people left, too few to compare units.", needed=FEWEST_EVENTS)
    return cox_fit(spells.assign(event=event), x, strata="time")


def _split(spells: pd.DataFrame, part: str, conf_level: float) -> dict[str, object]:
    return _row(_fit(with_parts(spells), MAIN, (WITHIN, BETWEEN)), conf_level, term=part)


def _row(fit: CoxFit, conf_level: float, *, term: str = X) -> dict[str, object]:
    table = as_changes(cox_estimates(fit, conf_level=conf_level))
    return table[table["term"] == term].iloc[0].to_dict()


def _corrected(spells: pd.DataFrame, fit: CoxFit, main: dict[str, object], sd: float) -> dict[str, object]:
    if not {"se", "n", "population"} <= set(spells):
        raise NotApplicable("The sampling errors of these units are not known.")
    once = spells.drop_duplicates(["entity", "time"])
    known = pd.MultiIndex.from_frame(once[["entity", "time"]])
    variances = pd.Series(error_variances(once).to_numpy(), index=known)
    own = variances.reindex(pd.MultiIndex.from_frame(spells[["entity", "time"]])).to_numpy()
    error = float((fit.risk_weight * own / sd**2).sum())
    return corrected_ratio(main, variance=float(fit.information[0, 0]), error=error)
