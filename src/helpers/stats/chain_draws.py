"""Paths through several links, the weakest link, and a link beside a second cause: by redrawing clusters.

A *path* is a series of links, each from where the one before ends; its effect is the product of their slopes. Clusters
are drawn with replacement, the same ones for all links, and each link is made anew from its sums by cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.chain_links import ChainLinks, sd_ratio, slope
from helpers.stats.chain_sums import CORRECTED, ChainSums
from helpers.stats.estimates import NotApplicable, check_conf_level

DEFAULT_BOOT = 1999


def cluster_counts(clusters: pd.Index, *, rng: np.random.Generator, n_boot: int = DEFAULT_BOOT) -> pd.DataFrame:
    """How often each cluster is drawn, shape (n_boot, g), named by cluster."""
    g = len(clusters)
    return pd.DataFrame(rng.multinomial(g, np.full(g, 1 / g), size=n_boot), columns=clusters)


def expanded_interval(draws: np.ndarray, n_clusters: int, conf_level: float) -> tuple[float, float]:
    """
    Percentile interval, widened for few clusters.

    Parameters
    ----------
    draws : ndarray
        Bootstrap estimates.
    n_clusters : int
        Clusters redrawn, g.
    conf_level : float

    Returns
    -------
    (float, float)
        The quantiles at ``Φ(∓ sqrt(g / (g - 1)) t(g - 1))`` instead of at ∓ z; NaN where a draw has no estimate.

    References
    ----------
    T. Hesterberg (2015), What teachers should know about the bootstrap, *The American Statistician* 69(4), 371-386.
    """
    if not np.isfinite(draws).all():
        return np.nan, np.nan
    level = expanded_level(n_clusters, conf_level)
    return tuple(float(np.quantile(draws, p)) for p in ((1 - level) / 2, (1 + level) / 2))


def expanded_level(n_clusters: int, conf_level: float) -> float:
    """Level at which quantiles of draws from few clusters are taken so that intervals hold `conf_level`."""
    check_conf_level(conf_level)
    t = stats.t.ppf(0.5 + conf_level / 2, n_clusters - 1) * np.sqrt(n_clusters / (n_clusters - 1))
    return float(2 * stats.norm.cdf(t) - 1)


def path_effects(
    links: ChainLinks,
    paths: Sequence[Sequence[str]],
    *,
    view: str,
    rng: np.random.Generator,
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
) -> pd.DataFrame:
    """
    Effects along paths, with bootstrap intervals.

    Parameters
    ----------
    links : ChainLinks
        With all links of the paths.
    paths : sequence of sequence of str
        The constructs passed, e.g. ``[("leadership", "culture", "behaviour")]``.
    view : {"within", "between"}
    rng : Generator
        Source of the draws.
    conf_level : float
    n_boot : int

    Returns
    -------
    DataFrame, one row per path
        ``path`` (tuple), ``term``, ``estimate``, ``ci_low``, ``ci_high`` in points of the last construct per point of
        the first, the same with ``_sd``, ``conf_level``, ``n_clusters``; empty figures where a link has no corrected
        estimate.

    Notes
    -----
    ``estimate = Π b_l`` over the links l, each corrected. The product is what passes through the path alone if every
    construct acts on the next one only, and nothing else moves two of them.

    References
    ----------
    D. MacKinnon (2008), *Introduction to Statistical Mediation Analysis*, ch. 4 and 12.
    """
    rows = []
    for path in paths:
        keys = [(x, y, view, CORRECTED) for x, y in pairwise(path)]
        row = {"path": tuple(path), "term": " > ".join(path), "conf_level": conf_level}
        if all(key in links.sums for key in keys):
            row |= _product([links.sums[key] for key in keys], rng, conf_level, n_boot)
        rows.append(row)
    columns = ["estimate", "ci_low", "ci_high", "estimate_sd", "ci_low_sd", "ci_high_sd", "n_clusters"]
    return pd.DataFrame(rows).reindex(columns=["path", "term", *columns, "conf_level"])


def weakest_link(
    links: ChainLinks,
    compared: Sequence[tuple[str, str]],
    *,
    view: str,
    rng: np.random.Generator,
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
    signs: Sequence[int] | None = None,
) -> pd.DataFrame:
    """
    Compare the links of a chain in standard deviations, and tell whether one is the weakest.

    Parameters
    ----------
    links : ChainLinks
    compared : sequence of (str, str)
        The links to compare.
    view : {"within", "between"}
    rng : Generator
    conf_level : float
    n_boot : int
    signs : sequence of {1, -1}, optional
        For each link whether y is claimed to be higher or lower where x is higher; higher by default.

    Returns
    -------
    DataFrame, one row per link, the weakest first
        ``x``, ``y``, ``estimate`` (SD of y per SD of x, both free of luck, in the direction claimed), ``ahead``,
        ``ahead_low`` (by how much it exceeds the first, with the lower bound that holds for all pairs at once),
        ``share_weakest`` of draws.
        ``attrs["told"]``: whether every bound lies above zero.

    Raises
    ------
    NotApplicable
        With fewer than two links, or one whose strength is not known.

    Notes
    -----
    For all pairs ``d_jk = b_k - b_j``, with s_jk the SD of its draws and q the quantile of the largest
    ``|d*_jk - d_jk| / s_jk`` over pairs, at the level of `expanded_level`: ``d_jk ± q s_jk`` hold together. The link j
    that looks weakest is named where all ``d_jk - q s_jk > 0``.

    References
    ----------
    J. Hsu (1996), *Multiple Comparisons: Theory and Methods*, ch. 4; R. Romano, M. Wolf (2005), *Econometrica* 73(4).
    """
    known = [links.sums.get((x, y, view, CORRECTED)) for x, y in compared]
    if len(compared) < 2:
        raise NotApplicable("Comparing links needs two of them; found {found}.", found=len(compared))
    unknown = NotApplicable("Links can be compared only where all their scores are known to differ by more than luck.")
    if any(sums is None for sums in known):
        raise unknown
    counts = cluster_counts(_clusters(known), rng=rng, n_boot=n_boot)
    claimed = np.asarray(signs or [1] * len(known))
    draws = claimed * np.column_stack([_slopes(sums, counts)[1] for sums in known])
    if not np.isfinite(draws).all():
        raise unknown
    estimates = claimed * np.array([slope(sums)["estimate"] * sd_ratio(sums) for sums in known])
    order = np.argsort(estimates)
    estimates, draws = estimates[order], draws[:, order]
    first, second = np.triu_indices(len(order), k=1)
    spread = (draws[:, second] - draws[:, first]).std(axis=0)
    off = np.abs(draws[:, second] - draws[:, first] - (estimates[second] - estimates[first])) / spread
    q = np.quantile(off.max(axis=1), expanded_level(counts.shape[1], conf_level))
    ahead = estimates - estimates[0]
    own_spread = np.concatenate([[0.0], spread[first == 0]])
    table = pd.DataFrame([compared[at] for at in order], columns=["x", "y"])
    table = table.assign(estimate=estimates, ahead=ahead, ahead_low=ahead - q * own_spread)
    table["share_weakest"] = np.bincount(draws.argmin(axis=1), minlength=len(order)) / len(draws)
    table.attrs = {"told": bool((table["ahead_low"].iloc[1:] > 0).all()), "conf_level": conf_level}
    return table


def _clusters(known: Sequence[ChainSums]) -> pd.Index:
    return reduce(lambda one, other: one.union(other), [sums.clusters for sums in known])


def _product(known: Sequence[ChainSums], rng: np.random.Generator, conf_level: float, n_boot: int) -> dict[str, float]:
    counts = cluster_counts(_clusters(known), rng=rng, n_boot=n_boot)
    slopes = [_slopes(sums, counts) for sums in known]
    g = counts.shape[1]
    raw, sd = (np.prod([draws[at] for draws in slopes], axis=0) for at in (0, 1))
    estimate = float(np.prod([slope(sums)["estimate"] for sums in known]))
    in_sd = estimate * float(np.prod([sd_ratio(sums) for sums in known]))
    row: dict[str, float] = {"estimate": estimate, "estimate_sd": in_sd, "n_clusters": g}
    for suffix, draws in (("", raw), ("_sd", sd)):
        row[f"ci_low{suffix}"], row[f"ci_high{suffix}"] = expanded_interval(draws, g, conf_level)
    return row


def _slopes(sums: ChainSums, counts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Slope of each draw, in points and in SD."""
    drawn = counts[list(sums.clusters)].to_numpy(float)
    raw = (drawn @ sums.joint[:, 0]) / (drawn @ sums.own[:, 0, 0])
    of_x, of_y = np.maximum(drawn @ sums.spread, 0).T
    with np.errstate(divide="ignore", invalid="ignore"):
        return raw, raw * np.sqrt(of_x / of_y)


def link_beside(
    sums: ChainSums, *, rng: np.random.Generator, conf_level: float = 0.95, n_boot: int = DEFAULT_BOOT
) -> Mapping[str, float]:
    """Slope of the first of two causes with the other held fixed: ``estimate``, ``ci_low``, ``ci_high``."""
    counts = cluster_counts(sums.clusters, rng=rng, n_boot=n_boot).to_numpy(float)
    draws = solved(sums, counts)[:, 0]
    low, high = expanded_interval(draws, counts.shape[1], conf_level)
    return {"estimate": float(solved(sums, np.ones((1, counts.shape[1])))[0, 0]), "ci_low": low, "ci_high": high}


def solved(sums: ChainSums, counts: np.ndarray) -> np.ndarray:
    """Slopes of all causes together in each draw, shape (draws, k)."""
    own = np.einsum("dg,gkl->dkl", counts, sums.own)
    joint = counts @ sums.joint
    return np.linalg.solve(own, joint[:, :, None])[:, :, 0]
