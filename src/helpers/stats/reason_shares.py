"""Shares of coded reasons in groups of answers, and how far one reason lies before every other one.

A *reason* is the code of the main reason for an answer; a *group* is a set of answers, such as those of promoters. A
*cluster* is what answers alike, a unit. Reasons of which each would tell of few people come taken together as `REST`,
which is no reason of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.alignment import check_known, check_weights
from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.nps_survey import Design

REST = "rest"
# A variance of a share below this is rounding: all answers of the group gave one reason.
NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class ReasonShares:
    """Shares of reasons with their covariances.

    Parameters
    ----------
    table : DataFrame, one row per group and reason, the largest share of a group first
        ``group``, ``reason``, ``estimate`` (0 to 1), ``se``, ``df``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``
        (answers with that reason), ``n_group``, ``n_clusters`` and ``n_effective``.
    covariance : dict of str to DataFrame
        Of the shares of a group, named by reason.
    """

    table: pd.DataFrame
    covariance: dict[str, pd.DataFrame]


def reason_shares(answers: pd.DataFrame, design: Design | None = None, *, conf_level: float = 0.95) -> ReasonShares:
    """
    Share of each reason in each group, with intervals that hold all reasons of a group at once.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        ``group`` and ``reason`` (answers without either count for nothing), and the columns of `design`.
    design : Design, optional
        ``weight`` and ``cluster``; without it answers are independent and of equal weight.
    conf_level : float
        Between 0 and 1: the chance that all intervals of a group hold.

    Returns
    -------
    ReasonShares

    Raises
    ------
    ValueError
        For a weight that is not positive, or an unknown cluster.
    NotApplicable
        Without reasons, or with a single cluster.

    Notes
    -----
    With weights w and W their sum in the group, an answer has the linearised value ``z = w (1[reason = j] - p_j) / W``
    in the group and 0 elsewhere; Z_g are its sums by cluster, and ``V = G / (G - 1) Σ_g Z_g Z_g'``. The intervals are
    Goodman's, Wilson's with ``t(1 - alpha / 2J; df)``, at ``n_effective = n / max((n - 1) V_jj / p_j (1 - p_j), deff)``
    answers, with Kish's ``deff = n Σw² / W²`` and df the clusters with answers in the group less one. Where all gave
    one reason, no more answers count than there are clusters.

    References
    ----------
    L. Goodman (1965), *Technometrics* 7(2), 247-254; E. Korn, B. Graubard (1998), *Survey Methodology* 24(2), 193-201;
    W. Fuller (2009), *Sampling Statistics*, section 4.2.
    """
    check_conf_level(conf_level)
    rows = _rows(answers, design or Design())
    n_clusters = rows["cluster"].nunique()
    if n_clusters < 2:
        raise NotApplicable("Errors by cluster need {needed} clusters; found {found}.", needed=2, found=n_clusters)
    found = {group: _group(own, n_clusters, conf_level) for group, own in rows.groupby("group")}
    tables = [table.assign(group=group) for group, (table, _) in found.items()]
    table = pd.concat(tables, ignore_index=True)
    columns = ["group", *(column for column in table if column != "group")]
    return ReasonShares(table[columns], {group: covariance for group, (_, covariance) in found.items()})


def reason_leads(shares: ReasonShares, reason: str, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Share of a reason minus that of every other one, in each group.

    Parameters
    ----------
    shares : ReasonShares
    reason : str
        The reason claimed to come first.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, one row per group and other reason
        ``group``, ``other``, ``estimate``, ``se``, ``df``, ``ci_low``, ``ci_high`` (of this difference alone) and
        ``all_high`` (upper limits that hold for all differences with single reasons, of all groups, at once). A group
        without the reason has no row.

    Notes
    -----
    ``estimate ± t(df) se`` with ``se² = V_ii + V_jj - 2 V_ij``; `all_high` by Bonferroni over the m differences with
    reasons other than `REST`.
    """
    check_conf_level(conf_level)
    rows = [row for group in shares.covariance for row in _differences(shares, group, reason)]
    table = pd.DataFrame(rows, columns=["group", "other", "estimate", "se", "df"]).astype({"se": float, "df": float})
    many = max(int((table["other"] != REST).sum()), 1)
    half, wide = (stats.t.ppf(1 - (1 - conf_level) / 2 / m, table["df"]) * table["se"] for m in (1, many))
    limits = {"ci_low": table["estimate"] - half, "ci_high": table["estimate"] + half}
    return table.assign(**limits, all_high=table["estimate"] + wide)


def _rows(answers: pd.DataFrame, design: Design) -> pd.DataFrame:
    known = answers[answers["group"].notna() & answers["reason"].notna()].reset_index(drop=True)
    if known.empty:
        raise NotApplicable("No customer gave a reason.")
    check_known(known, [name for name in (design.weight, design.cluster) if name])
    weight = known[design.weight].astype(float) if design.weight else pd.Series(1.0, index=known.index)
    check_weights(weight)
    cluster = pd.factorize(known[design.cluster])[0] if design.cluster else known.index
    return known[["group", "reason"]].assign(weight=weight, cluster=cluster)


def _group(rows: pd.DataFrame, n_clusters: int, conf_level: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    dummies = pd.get_dummies(rows["reason"])
    weight, n, own = rows["weight"].to_numpy(), len(rows), rows["cluster"].nunique()
    share = weight @ dummies.to_numpy(float) / weight.sum()
    linearised = weight[:, None] * (dummies.to_numpy(float) - share) / weight.sum()
    sums = pd.DataFrame(linearised).groupby(rows["cluster"].to_numpy()).sum().to_numpy()
    covariance = n_clusters / (n_clusters - 1) * sums.T @ sums
    variance, spread = np.diag(covariance), share * (1 - share)
    kish = n * (weight**2).sum() / weight.sum() ** 2
    alike = spread <= NO_VARIANCE
    effect = np.where(alike, n / own, np.maximum((n - 1) * variance / np.where(alike, 1, spread), kish))
    df = float(own - 1) if own > 1 else np.nan
    low, high = _goodman(share, n / effect, df, conf_level)
    figures = {"estimate": share, "se": np.sqrt(variance), "df": df, "ci_low": low, "ci_high": high}
    table = pd.DataFrame({"reason": dummies.columns, **figures, "conf_level": conf_level})
    counts = {"n": dummies.sum().to_numpy(), "n_group": n, "n_clusters": own, "n_effective": n / effect}
    named = pd.DataFrame(covariance, index=dummies.columns, columns=dummies.columns)
    return table.assign(**counts).sort_values("estimate", ascending=False, kind="stable"), named


def _goodman(share: np.ndarray, n: np.ndarray, df: float, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    quantile = stats.t.ppf(1 - (1 - conf_level) / 2 / len(share), df) ** 2
    root = np.sqrt(quantile * (quantile + 4 * n * share * (1 - share)))
    return tuple((quantile + 2 * n * share + side * root) / (2 * (n + quantile)) for side in (-1, 1))


def _differences(shares: ReasonShares, group: str, reason: str) -> list[tuple[str, str, float, float, float]]:
    own = shares.table[shares.table["group"] == group].set_index("reason")
    if reason not in own.index:
        return []
    v = shares.covariance[group]
    return [
        (
            group,
            other,
            own.loc[reason, "estimate"] - own.loc[other, "estimate"],
            float(np.sqrt(max(v.loc[reason, reason] + v.loc[other, other] - 2 * v.loc[reason, other], 0.0))),
            own.loc[other, "df"],
        )
        for other in own.index
        if other != reason
    ]
