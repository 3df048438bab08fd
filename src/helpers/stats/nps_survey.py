"""Net Promoter Scores of weighted and clustered answers, by the design that gave them.

A *cluster* is what was drawn, or what answers alike: a team, a shop, a person in several waves. A *domain* is a part of
the answers named by `by`: a group or a wave. Its variance is taken over all clusters of the design, so that the number
of answers in it is random too, and two domains that share clusters have a covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import special

from helpers.stats.alignment import check_known, check_weights
from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.nps import DETRACTORS_TO, PROMOTERS_FROM, adjusted_wald, square_and_add

HIGHEST_ANSWER = 10
ALL = "all"
# A variance of answers coded 1, 0, -1 below this is rounding: all answers of the domain were alike.
NO_VARIANCE = 1e-9


@dataclass(frozen=True)
class Design:
    """How answers were drawn; each field names a column of the answers, or is None.

    Parameters
    ----------
    weight : str, optional
        Weights above zero, in any unit; they count as known.
    cluster : str, optional
        The first stage drawn (ultimate clusters); without it each answer is a cluster of its own.
    stratum : str, optional
        Parts that were drawn from separately; clusters lie within one.
    """

    weight: str | None = None
    cluster: str | None = None
    stratum: str | None = None


def survey_nps(
    answers: pd.DataFrame, design: Design | None = None, *, by: str | None = None, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Score of each domain with its design-based error and an interval that small samples can bear.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        ``recommend`` (0-10; missing: dropped), the columns of `design`, and `by`.
    design : Design, optional
        Without it answers are independent and of equal weight.
    by : str, optional
        Column of the domains; without it there is one, called ``all``. Answers without a domain count in no score, but
        their clusters belong to the design.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, one row per domain
        ``term`` (the domain), ``estimate``, ``se``, ``df``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``,
        ``n_clusters``; ``kish_deff`` (what weights of no meaning cost), ``design_effect`` and ``n_effective``. Points;
        no error and no interval for a domain in a single cluster.

    Raises
    ------
    ValueError
        For an answer outside 0-10, a weight that is not positive, an unknown cluster or stratum, or a cluster in two
        strata.
    NotApplicable
        Without answers, or with a single cluster in a stratum.

    Notes
    -----
    With y = 100, 0, -100, weights w and W_d their sum in domain d, the linearised value of an answer is
    ``z = w (y - score_d) / W_d`` in d and 0 elsewhere; with Z_g its sums by cluster,
    ``V = Σ_strata G / (G - 1) Σ_g (Z_g - mean)(Z_g - mean)'``. Degrees of freedom count the clusters and strata with
    answers in d. The interval is `nps.adjusted_wald` at ``n_effective = n / design_effect``, its half width times
    ``t(df) / t(n - 1)``. ``design_effect = (n - 1) V / (p + d - (p - d)²)``, not taken below Kish's; where all
    answers are alike it cannot be told, and no more answers count than there are clusters. Without weights, clusters
    and strata a single domain has the interval of `nps.nps_interval`.

    References
    ----------
    W. Fuller (2009), *Sampling Statistics*, section 4.2 (linearisation); E. Korn, B. Graubard (1998), *Survey
    Methodology* 24(2), 193-201 (effective sample size and df in a small-sample interval); L. Kish (1965), *Survey
    Sampling*, section 11.7.
    """
    check_conf_level(conf_level)
    scores, *_ = _scored(answers, design or Design(), by, conf_level)
    return scores.reset_index()


def survey_differences(
    answers: pd.DataFrame, design: Design | None = None, *, by: str, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Later domain minus earlier one, for all pairs in their order, with the covariance through shared clusters.

    Parameters
    ----------
    answers, design, by, conf_level
        As in `survey_nps`; `by` may be groups or waves. People who answer in several waves are clusters.

    Returns
    -------
    DataFrame, one row per pair
        ``term`` ("b - a"), ``first``, ``second``, ``estimate``, ``se``, ``df``, ``ci_low``, ``ci_high``,
        ``conf_level``, ``n``, ``n_clusters`` (in either), ``correlation`` of the two scores. Points. The interval is
        `nps.square_and_add` of the two intervals with that correlation.

    Raises
    ------
    ValueError, NotApplicable
        As in `survey_nps`; also with a single domain.

    References
    ----------
    G. Zou (2007), Toward using confidence intervals to compare correlations, *Psychological Methods* 12(4), 399-413.
    """
    check_conf_level(conf_level)
    scores, covariance, present, strata = _scored(answers, design or Design(), by, conf_level)
    if len(scores) < 2:
        raise NotApplicable("A difference needs two groups with answers; found {found}.", found=len(scores))
    pairs = combinations(range(len(scores)), 2)
    rows = [_difference(scores, covariance, present, strata, pair) for pair in pairs]
    return pd.DataFrame(rows).assign(conf_level=conf_level)


def _difference(
    scores: pd.DataFrame, covariance: np.ndarray, present: np.ndarray, strata: pd.Series, pair: tuple[int, int]
) -> dict:
    earlier, later = pair
    a, b = scores.iloc[earlier], scores.iloc[later]
    own = a["se"] * b["se"]
    correlation = float(np.clip(covariance[pair] / own, -1, 1)) if own > 0 else 0.0
    limits = [(row["ci_low"], row["ci_high"]) for row in (b, a)]
    low, high = square_and_add(b["estimate"], limits[0], a["estimate"], limits[1], correlation=correlation)
    se = np.sqrt(max(a["se"] ** 2 + b["se"] ** 2 - 2 * correlation * own, 0.0)) if own == own else np.nan
    either = present[:, earlier] | present[:, later]
    row = {"term": f"{b.name} - {a.name}", "first": a.name, "second": b.name, "estimate": b["estimate"] - a["estimate"]}
    row |= {"se": se, "df": either.sum() - strata[either].nunique(), "ci_low": low, "ci_high": high}
    return row | {"n": a["n"] + b["n"], "n_clusters": either.sum(), "correlation": correlation}


def _scored(
    answers: pd.DataFrame, design: Design, by: str | None, conf_level: float
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, pd.Series]:
    """Scores by domain, their covariance (D, D), which cluster has answers in which domain (G, D), its stratum."""
    rows = _rows(answers, design, by)
    dummies = pd.get_dummies(rows["domain"])
    domains = dummies.to_numpy(float)
    weighted = domains * rows["weight"].to_numpy()[:, None]
    total = weighted.sum(axis=0)
    value = rows["value"].to_numpy()
    estimate = value @ weighted / total
    linearised = weighted / total * (value[:, None] - estimate)
    sums, present = _by_cluster(rows, linearised), _by_cluster(rows, domains).to_numpy() > 0
    strata = pd.Series(sums.index.get_level_values("stratum"))
    covariance = _covariance(sums.to_numpy(), strata)
    shares = np.stack([(value == 100) @ weighted, (value == -100) @ weighted]) / total
    n, n_clusters = domains.sum(axis=0), present.sum(axis=0)
    table = pd.DataFrame(
        {"estimate": estimate, "se": np.sqrt(np.diag(covariance))}, index=dummies.columns.rename("term")
    )
    table["df"] = [float(own.sum() - strata[own].nunique()) for own in present.T]
    table["kish_deff"] = n * (weighted**2).sum(axis=0) / total**2
    table["n"], table["n_clusters"] = n.astype(int), n_clusters
    return _with_limits(table, shares, conf_level), covariance, present, strata


def _with_limits(table: pd.DataFrame, shares: np.ndarray, conf_level: float) -> pd.DataFrame:
    """Fill in effective n and interval; nothing where a domain lies in one cluster."""
    p, d = shares
    judged = table["df"].where(table["df"] > 0)
    n, spread = table["n"], p + d - (p - d) ** 2
    alike = spread <= NO_VARIANCE
    estimated = (n - 1) * (table["se"] / 100) ** 2 / np.where(alike, np.nan, spread)
    told = np.where(alike, n / table["n_clusters"], estimated)
    effect = np.maximum(told, table["kish_deff"])
    low, high = adjusted_wald(p, d, n / effect, conf_level=conf_level)
    level = 0.5 + conf_level / 2
    wider = special.stdtrit(judged, level) / special.stdtrit((n - 1).where(n > 1), level)
    centre, half = (low + high) / 2, (high - low) / 2 * wider
    filled = table.assign(se=table["se"].where(judged.notna()), ci_low=centre - half, ci_high=centre + half)
    filled = filled.assign(conf_level=conf_level, design_effect=effect, n_effective=n / effect)
    order = ["estimate", "se", "df", "ci_low", "ci_high", "conf_level", "n", "n_clusters"]
    return filled[[*order, "kish_deff", "design_effect", "n_effective"]]


def _by_cluster(rows: pd.DataFrame, values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, index=rows.index).groupby([rows["stratum"], rows["cluster"]]).sum()


def _covariance(sums: np.ndarray, strata: pd.Series) -> np.ndarray:
    total = np.zeros((sums.shape[1], sums.shape[1]))
    for stratum, own in strata.groupby(strata).groups.items():
        if len(own) < 2 and len(strata) == 1:
            raise NotApplicable("Errors by cluster need {needed} clusters; found {found}.", needed=2, found=1)
        if len(own) < 2:
            raise NotApplicable("A sampling error needs two clusters in every stratum; {name} has one.", name=stratum)
        centred = sums[own] - sums[own].mean(axis=0)
        total += len(own) / (len(own) - 1) * centred.T @ centred
    return total


def _rows(answers: pd.DataFrame, design: Design, by: str | None) -> pd.DataFrame:
    known = answers[answers["recommend"].notna()].reset_index(drop=True)
    if known.empty:
        raise NotApplicable("Nobody answered the question.")
    check_known(known, [name for name in (design.weight, design.cluster, design.stratum) if name])
    answer = known["recommend"].astype(float)
    outside = answer[~answer.between(0, HIGHEST_ANSWER)]
    if len(outside):
        raise ValueError(f"recommend must lie between 0 and 10; found {outside.iloc[0]:g} (row {outside.index[0]}).")
    value = np.select([answer >= PROMOTERS_FROM, answer <= DETRACTORS_TO], [100.0, -100.0], 0.0)
    columns = {"value": value, "weight": known[design.weight].astype(float) if design.weight else 1.0}
    columns["cluster"] = known[design.cluster] if design.cluster else known.index
    columns["stratum"] = known[design.stratum] if design.stratum else ALL
    rows = pd.DataFrame(columns | {"domain": known[by] if by else ALL}, index=known.index)
    check_weights(rows["weight"])
    crossing = rows.groupby("cluster")["stratum"].nunique()
    if crossing.max() > 1:
        raise ValueError(f"a cluster must lie in one stratum; found {crossing.idxmax()!r} in {crossing.max()}.")
    return rows
