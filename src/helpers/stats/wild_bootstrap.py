"""Wild cluster bootstrap with the null imposed (WCR): p-values and intervals that hold up with few clusters.

Under the null ``c'β = r`` the residuals of the restricted fit are flipped, cluster by cluster, by random *weights* v,
and the model is fitted again to each such draw. A draw's t-statistic needs only sums by cluster, and its square is a
ratio of quadratics in r: all draws are made once, and then every null value is looked up at the price of five numbers
per draw. That is how the interval is found, as the null values that the test does not reject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import MIN_CLUSTERS, cluster_sums, linear_combinations
from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.two_way import TwoWayFit

DEFAULT_DRAWS = 9999
RADEMACHER = np.array([-1.0, 1.0])
WEBB = np.sqrt([1.5, 1.0, 0.5, 0.5, 1.0, 1.5]) * [-1, -1, -1, 1, 1, 1]
WEIGHTS = {"rademacher": RADEMACHER, "webb": WEBB}
# Below 12 clusters Rademacher weights give at most 2^10 different |t*|, a coarse grid (Webb 2023).
WEBB_BELOW = 12
# Cells of one block of draws (draws × clusters): 16 MB an array.
BLOCK_CELLS = 2_000_000
# A draw as extreme as the data counts; t-statistics closer than this are equal up to rounding.
EQUAL = 1e-9
# Null values this many standard errors away are as good as infinite.
FARTHEST = 1e6
# Limits are found to this share of a standard error.
PRECISION = 1e-10


def wild_bootstrap(
    fit: TwoWayFit,
    combinations: pd.DataFrame | None = None,
    *,
    rng: np.random.Generator,
    n_draws: int = DEFAULT_DRAWS,
    weights: str = "auto",
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Test linear combinations of the coefficients by the wild cluster bootstrap, and invert the test to intervals.

    Parameters
    ----------
    fit : TwoWayFit
        With k coefficients and G clusters; for a lag profile from `lag_profile.lag_fit`.
    combinations : DataFrame, shape (q, k), optional
        One combination per row, named by the index. Default: each coefficient by itself.
    rng : Generator
        Source of the weights; every combination meets the same draws.
    n_draws : int
        Random draws. Where all 2^G Rademacher vectors are no more than this, each is taken once instead.
    weights : {"auto", "rademacher", "webb"}
        Two-point or six-point weights; "auto" takes "webb" below `WEBB_BELOW` clusters, where the p-values of
        Rademacher weights lie on a coarse grid.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (q, 13)
        `ESTIMATE_COLUMNS`, then ``n_draws``, ``enumerated`` and ``weights``. ``se`` is CR1 (`cluster_robust`); ``df``
        is empty, as no t distribution is used; a limit is infinite where the test rejects nothing on that side.

    Raises
    ------
    ValueError
        For unknown weights, or fewer than one draw.
    NotApplicable
        With fewer than `MIN_CLUSTERS` clusters.

    Notes
    -----
    Type "11" of MacKinnon, Nielsen and Webb: unadjusted restricted residuals, t with CR1 errors. p is two-sided and
    symmetric, the share of draws with ``|t*| >= |t|``; random draws count the data as one more draw (plus one in both
    counts), enumerated draws hold them already. The interval holds all r between the two limits nearest to the
    estimate at which p falls to ``1 - conf_level``.

    References
    ----------
    D. Roodman, J. MacKinnon, M. Nielsen, M. Webb (2019), *Stata Journal* 19(1), 4-60; A. C. Cameron, J. Gelbach,
    D. Miller (2008), *Review of Economics and Statistics* 90(3), 414-427; M. Webb (2023), *Canadian Journal of
    Economics* 56(3), 839-858.
    """
    check_conf_level(conf_level)
    draws = draw_plan(fit, n_draws=n_draws, weights=weights)
    table = linear_combinations(fit, combinations, kind="CR1", conf_level=conf_level).assign(df=np.nan)
    values = np.eye(len(fit.coefficients)) if combinations is None else combinations[fit.coefficients.index].to_numpy()
    scores = [cluster_scores(fit, combination.astype(float)) for combination in values]
    scores = [one.ordered(cluster_order([one])) for one in scores]
    sums = [[one.sums(block) for one in scores] for block in draws.blocks(rng)]
    for row, (one, found) in enumerate(zip(scores, zip(*sums, strict=True), strict=True)):
        p_value = partial(_p_value, np.hstack(found), one, draws.enumerated)
        estimate, se = table.loc[row, ["estimate", "se"]]
        limits = [_limit(p_value, estimate, side * se, 1 - conf_level) for side in (-1, 1)]
        table.loc[row, ["ci_low", "ci_high", "p_value"]] = *limits, p_value(estimate)
    return table.assign(n_draws=draws.n_draws, enumerated=draws.enumerated, weights=draws.weights)


@dataclass(frozen=True)
class DrawPlan:
    """How the weights of G clusters are drawn: kind, number of draws, and whether these are all vectors of signs."""

    n_clusters: int
    n_draws: int
    weights: str
    enumerated: bool

    def blocks(self, rng: np.random.Generator) -> Iterator[np.ndarray]:
        """Weights of the draws, shape (block, G) each."""
        if self.enumerated:
            yield 1.0 - 2.0 * (np.arange(self.n_draws)[:, None] >> np.arange(self.n_clusters) & 1)
            return
        points, block = WEIGHTS[self.weights], max(1, BLOCK_CELLS // self.n_clusters)
        for start in range(0, self.n_draws, block):
            shape = (min(block, self.n_draws - start), self.n_clusters)
            yield points[rng.integers(0, len(points), shape, dtype=np.int8)]


def draw_plan(fit: TwoWayFit, *, n_draws: int, weights: str) -> DrawPlan:
    """
    Settle how a bootstrap of this fit draws its weights.

    Raises
    ------
    ValueError
        For unknown weights, or fewer than one draw.
    NotApplicable
        With fewer than `MIN_CLUSTERS` clusters.
    """
    _check(fit, weights, n_draws)
    if weights == "auto":
        weights = "webb" if fit.n_clusters < WEBB_BELOW else "rademacher"
    enumerated = weights == "rademacher" and 2**fit.n_clusters <= n_draws
    return DrawPlan(fit.n_clusters, 2**fit.n_clusters if enumerated else n_draws, weights, enumerated)


@dataclass(frozen=True)
class ClusterScores:
    """What a draw needs, by cluster; with the null value r, each is linear in ``distance = estimate - r``.

    With d the direction of the combination in the regressors (``estimate = d'y / d'd``) and e the residuals: `score`
    d_g'e_g and `slope` d_g'd_g (G,); `fitted` Q_g'e_g and `leverage` Q_g'd_g (G, r), for what the refit takes back.
    """

    score: np.ndarray
    slope: np.ndarray
    fitted: np.ndarray
    leverage: np.ndarray

    def ordered(self, order: np.ndarray) -> ClusterScores:
        """Give the clusters in another order."""
        return ClusterScores(self.score[order], self.slope[order], self.fitted[order], self.leverage[order])

    def sums(self, v: np.ndarray) -> np.ndarray:
        """Numerator (constant, slope), squared denominator (constant, half slope, square) in the distance, (5, b)."""
        constant = v * self.score - (v @ self.fitted) @ self.leverage.T
        slope = v * self.slope - (v @ self.leverage) @ self.leverage.T
        products = [np.einsum("bg,bg->b", *pair) for pair in ((constant, constant), (constant, slope), (slope, slope))]
        return np.stack([v @ self.score, v @ self.slope, *products])


def cluster_scores(fit: TwoWayFit, combination: np.ndarray) -> ClusterScores:
    """What the draws of one combination (k,) of the coefficients need, clusters as numbered by the fit."""
    along = fit.bread @ combination
    d = fit.regressors @ along / (combination @ along)
    columns = np.column_stack([d * fit.residuals, d**2, fit.basis * fit.residuals[:, None], fit.basis * d[:, None]])
    score, slope, rest = np.split(cluster_sums(columns, fit.cluster).T, [1, 2])
    fitted, leverage = np.split(rest.T, 2, axis=1)
    return ClusterScores(score[0], slope[0], fitted, leverage)


def cluster_order(scores: Sequence[ClusterScores]) -> np.ndarray:
    """Clusters in an order that no name and no rounding can alter, so that each meets the same weights."""
    columns = np.column_stack([column for one in scores for column in (one.score, one.slope)])
    scale = np.abs(columns).max(axis=0)
    return np.lexsort(np.round(columns / np.where(scale > 0, scale, 1.0), 10).T)


def _p_value(sums: np.ndarray, scores: ClusterScores, enumerated: bool, distance: float) -> float:
    """Share of draws at least as far from zero as the data; `distance` is the estimate minus the null value."""
    top = sums[0] + distance * sums[1]
    bottom = sums[2] + 2 * distance * sums[3] + distance**2 * sums[4]
    squared = (distance * scores.slope.sum()) ** 2 / (scores.score**2).sum()
    n_far = (top**2 >= squared * (1 - EQUAL) * bottom).sum()
    return n_far / len(top) if enumerated else (n_far + 1) / (len(top) + 1)


def _limit(p_value: Callable[[float], float], estimate: float, step: float, level: float) -> float:
    """Null value nearest to the estimate, on the side of the sign of `step`, that the test rejects."""
    inner, outer = 0.0, step
    while p_value(-outer) > level:
        inner, outer = outer, 2 * outer
        if abs(outer) > FARTHEST * abs(step):
            return np.copysign(np.inf, step)
    while abs(outer - inner) > PRECISION * abs(step):
        middle = (inner + outer) / 2
        inner, outer = (middle, outer) if p_value(-middle) > level else (inner, middle)
    return estimate + outer


def _check(fit: TwoWayFit, weights: str, n_draws: int) -> None:
    if weights not in ("auto", *WEIGHTS):
        raise ValueError(f"weights must be one of auto, {', '.join(WEIGHTS)}; found {weights!r}.")
    if n_draws < 1:
        raise ValueError(f"n_draws must be 1 or more; found {n_draws}.")
    if fit.n_clusters < MIN_CLUSTERS:
        raise NotApplicable(
            "Errors by cluster need {needed} clusters; found {found}.", needed=MIN_CLUSTERS, found=fit.n_clusters
        )
