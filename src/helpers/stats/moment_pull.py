"""What a moment does to the score of the whole: its weight, and how far it pulls the whole up or down."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.alignment import check_known, check_weights
from helpers.stats.estimates import NotApplicable, check_conf_level, with_intervals
from helpers.stats.nps_survey import Design
from helpers.stats.penalty_reward import recommend_points


def moment_pulls(answers: pd.DataFrame, design: Design | None = None, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Weight of each moment, and the score of the whole less that of the whole without it.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        ``recommend`` (0-10), ``moment`` (answers without either count for nothing), and the columns of `design`.
    design : Design, optional
        ``weight`` and ``cluster``; without it answers are independent and of equal weight.
    conf_level : float
        Between 0 and 1: the chance that the intervals hold for all moments.

    Returns
    -------
    DataFrame, one row per moment
        ``moment``, ``share`` (0 to 1, weighted), ``nps``, ``term`` ("pull"), then `ESTIMATE_COLUMNS` in points.

    Raises
    ------
    ValueError
        For a weight that is not positive, or an unknown cluster.
    NotApplicable
        With fewer than two moments, or a single cluster.

    Notes
    -----
    With ``N`` the score of all answers and ``N_m`` that of all but those at m, ``pull = N - N_m = share_m (nps_m -
    N_m)``. Its linearised value is ``w (y - N) / W - 1[not m] w (y - N_m) / W_m``, its variance
    ``G / (G - 1) Σ_g Z_g²`` over sums by cluster, with t on G - 1 df at ``1 - (1 - conf_level) / M`` (Bonferroni).

    References
    ----------
    W. Fuller (2009), *Sampling Statistics*, section 4.2.
    """
    check_conf_level(conf_level)
    rows = _rows(answers, design or Design())
    moments, n_clusters = sorted(rows["moment"].unique()), rows["cluster"].nunique()
    if len(moments) < 2:
        raise NotApplicable("There is only one moment, so none can be compared.")
    if n_clusters < 2:
        raise NotApplicable("Errors by cluster need {needed} clusters; found {found}.", needed=2, found=n_clusters)
    table = pd.DataFrame([_pull(rows, one, n_clusters) for one in moments])
    level = 1 - (1 - conf_level) / len(moments)
    found = with_intervals(table.assign(term="pull", df=n_clusters - 1.0), level).assign(conf_level=conf_level)
    return found[["moment", "share", "nps", *(c for c in found if c not in ("moment", "share", "nps"))]]


def _pull(rows: pd.DataFrame, moment: str, n_clusters: int) -> dict[str, object]:
    y, weight = rows["y"].to_numpy(), rows["weight"].to_numpy()
    here = (rows["moment"] == moment).to_numpy()
    whole, own, without = (np.average(y[part], weights=weight[part]) for part in (slice(None), here, ~here))
    linearised = weight * (y - whole) / weight.sum() - np.where(here, 0, weight * (y - without)) / weight[~here].sum()
    sums = pd.Series(linearised).groupby(rows["cluster"].to_numpy()).sum()
    se = float(np.sqrt(n_clusters / (n_clusters - 1) * (sums**2).sum()))
    figures = {"moment": moment, "share": weight[here].sum() / weight.sum(), "nps": own, "estimate": whole - without}
    return figures | {"se": se, "n": int(here.sum()), "n_clusters": n_clusters}


def _rows(answers: pd.DataFrame, design: Design) -> pd.DataFrame:
    known = answers[answers[["recommend", "moment"]].notna().all(axis=1)].reset_index(drop=True)
    if known.empty:
        raise NotApplicable("Nobody answered the question.")
    check_known(known, [name for name in (design.weight, design.cluster) if name])
    weight = known[design.weight].astype(float) if design.weight else pd.Series(1.0, index=known.index)
    check_weights(weight)
    cluster = known[design.cluster] if design.cluster else known.index
    return known[["moment"]].assign(y=recommend_points(known["recommend"]), weight=weight, cluster=cluster)
