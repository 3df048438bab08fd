"""What drives an outcome: shares in R² with the ranks that can be told, slopes with verdicts, and what blurs them.

A *driver* is what is supposed to move the outcome; nothing here shows that it does. Its *share* is its part of R², its
*slope* what the outcome moves with it while the other drivers stand still. Ranks are told by shares, the largest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.cluster_moments import ClusterMoments, cluster_moments
from helpers.stats.driver_shares import driver_shares, part_limits
from helpers.stats.driver_verdict import link_verdict, standings
from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.relative_importance import (
    common_share,
    correlations,
    r_squared,
    raw_slopes,
    standard_slopes,
    variance_inflation,
)

DEFAULT_BOOT = 1000
ERROR = "_error"
# Of a common rule of thumb for regression; below it slopes follow chance.
ROWS_EACH = 10
# Beyond this the drivers as good as repeat each other, and what each does by itself cannot be solved for.
SINGULAR = 1e-6


@dataclass(frozen=True)
class DriverStudy:
    """What rows of one kind tell of the drivers of an outcome.

    Parameters
    ----------
    shares : DataFrame, one row per driver in the order given
        ``term``, ``estimate`` (share by LMG), ``ci_low``, ``ci_high``, ``conf_level``, ``johnson`` (share by relative
        weights), ``rank`` (1 the largest), ``rank_low``, ``rank_high`` (ranks that cannot be excluded, for all drivers
        at once).
    slopes : DataFrame, one row per driver
        `ESTIMATE_COLUMNS` of standardised slopes, intervals for all drivers at once; ``raw`` (units of the outcome per
        unit of the driver) with ``raw_low``, ``raw_high``; ``verdict``, ``because``; ``vif``.
    r2 : Series
        ``estimate``, ``ci_low``, ``ci_high`` of R² of all drivers together.
    common : float
        Share of the drivers' variance along their first principal component.
    r_lowest, r_highest : float
        Correlations between two drivers.
    n, n_clusters : int
    """

    shares: pd.DataFrame
    slopes: pd.DataFrame
    r2: pd.Series
    common: float
    r_lowest: float
    r_highest: float
    n: int
    n_clusters: int

    @property
    def is_linked(self) -> bool:
        """Whether any driver is linked with the outcome; else there is nothing to share out."""
        return bool((self.slopes["verdict"] == "yes").any())

    @property
    def is_ranked(self) -> bool:
        """Whether any two drivers can be told apart by their shares."""
        return self.is_linked and bool((self.shares["rank_high"] < len(self.shares)).any())


def driver_study(
    rows: pd.DataFrame,
    *,
    outcome: str,
    drivers: Sequence[str],
    rng: np.random.Generator,
    smallest_effect: float,
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
    corrected: bool = False,
) -> DriverStudy:
    """
    Share out what the drivers explain of an outcome, with the ranks that the data can tell.

    Parameters
    ----------
    rows : DataFrame, one row per observation
        Drivers, outcome, ``cluster``; ``group`` for deviations from the group's mean; ``weight``; for `corrected`
        ``<driver>_error``, see `cluster_moments.cluster_moments`.
    outcome : str
    drivers : sequence of str
        At least two, at most 12.
    rng : Generator
        Draws the clusters.
    smallest_effect : float
        Smallest standardised slope that matters.
    conf_level : float
        Between 0 and 1.
    n_boot : int
        Bootstrap draws.
    corrected : bool
        Take the drivers' known error variances off first.

    Returns
    -------
    DriverStudy

    Raises
    ------
    NotApplicable
        With fewer than two drivers, five clusters or `ROWS_EACH` rows per driver, or where drivers repeat each other.

    Notes
    -----
    Errors are jackknife errors over clusters, intervals t(G − 1); those of slopes are widened for the number of drivers
    (Bonferroni). Two drivers are told apart where their shares differ by more than ``c · se``. A bootstrap over
    clusters gives c: the ``conf_level`` quantile of the largest ``|difference* − difference| / SD(difference*)`` over
    all pairs, moved as far out in t(G − 1) as it lies in the normal. A rank then ranges from one more than the drivers
    surely above to p less those surely below. Plain bootstrap intervals of ranks fall short with few clusters.

    References
    ----------
    M. Mogstad, J. Romano, A. Shaikh, D. Wilhelm (2024), Inference for ranks, *Review of Economic Studies* 91(1),
    476-518; U. Groemping (2007), *The American Statistician* 61(2), 139-147.
    """
    if len(drivers) < 2:
        raise NotApplicable("Setting drivers beside each other needs two of them; found {found}.", found=len(drivers))
    needed = ROWS_EACH * len(drivers)
    if len(rows.dropna(subset=[*drivers, outcome])) < needed:
        raise NotApplicable("Telling {n} drivers apart needs {needed} rows or more.", n=len(drivers), needed=needed)
    errors = {driver: f"{driver}{ERROR}" for driver in drivers} if corrected else None
    moments = cluster_moments(rows, [*drivers, outcome], errors=errors)
    full = moments.covariance
    if (np.diag(full) <= 0).any() or np.linalg.eigvalsh(correlations(full)[:-1, :-1])[0] < SINGULAR:
        raise NotApplicable("The drivers move together so closely that they cannot be told apart.")
    between = correlations(full)[:-1, :-1][np.triu_indices(len(drivers), 1)]
    r2 = part_limits(
        r_squared(full)[None], moments.standard_error(lambda c: r_squared(c)[:, None]), moments, conf_level
    )
    return DriverStudy(
        shares=driver_shares(moments, drivers, rng, conf_level=conf_level, n_boot=n_boot),
        slopes=_slopes(moments, drivers, smallest_effect, conf_level),
        r2=r2.iloc[0],
        common=float(common_share(full)),
        r_lowest=float(between.min()),
        r_highest=float(between.max()),
        n=moments.n,
        n_clusters=moments.n_clusters,
    )


def driver_standings(scores: pd.DataFrame, study: DriverStudy, *, target: float) -> pd.Series:
    """
    Tell where each driver of a unit stands, see `driver_verdict.standings`.

    Parameters
    ----------
    scores : DataFrame, one row per driver shown
        ``measure``, ``estimate``, ``ci_low``, ``ci_high``.
    study : DriverStudy
    target : float
        Score aimed at.

    Returns
    -------
    Series of str
        By driver, only of those with a score.
    """
    own = scores.set_index("measure").reindex(study.shares["term"])
    shares, slopes = study.shares.set_index("term"), study.slopes.set_index("term")
    table = pd.DataFrame({"score_low": own["ci_low"], "score_high": own["ci_high"], "verdict": slopes["verdict"]})
    table = table.assign(share_low=shares["ci_low"], share_high=shares["ci_high"])
    return standings(table, target=target)[own["estimate"].notna()]


def _slopes(moments: ClusterMoments, drivers: Sequence[str], smallest_effect: float, conf_level: float) -> pd.DataFrame:
    at_once = 1 - (1 - conf_level) / len(drivers)
    full, sizes = moments.covariance, {"df": moments.n_clusters - 1.0, "n": moments.n, "n_clusters": moments.n_clusters}
    slopes = {"estimate": standard_slopes(full), "se": moments.standard_error(standard_slopes)}
    table = with_intervals(pd.DataFrame({"term": list(drivers)} | slopes | sizes), at_once)
    raw = {"estimate": raw_slopes(full), "se": moments.standard_error(raw_slopes)}
    told = with_intervals(pd.DataFrame({"term": list(drivers)} | raw | sizes), at_once)
    verdicts = [link_verdict(row, smallest_effect=smallest_effect) for row in table.to_dict("records")]
    return table.assign(
        conf_level=conf_level,
        raw=told["estimate"],
        raw_low=told["ci_low"],
        raw_high=told["ci_high"],
        verdict=[one.verdict for one in verdicts],
        because=[one.because for one in verdicts],
        vif=variance_inflation(full),
    )
