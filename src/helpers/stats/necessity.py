"""Necessity: is there no high y without a high x before it?

A *case* is one entity and period. y is *high* there above its threshold; x was high *before* when it reached its
threshold in any of the periods 1 to `lag` earlier. The maximum of that window is taken, and not x exactly `lag` periods
earlier, because "first" leaves the moment open: a *counterexample*, high y without high x before, is then one for every
moment in the window. It is *clear* when y's interval lies above its threshold and each x interval of the window below
its own; the others may be noise. What x was before the window is not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import NotApplicable, check_conf_level, with_intervals
from helpers.stats.necessity_cases import Series, Sides, count_rows, series_of, sides_of
from helpers.stats.necessity_nulls import NULLS, adjusted_shares, counterexamples, lower_shares, null_counts
from helpers.stats.necessity_verdict import cell_states

# Fewer entities allow fewer than 5! = 120 orders, too few for a p-value below 1 %.
MIN_ENTITIES = 5
DEFAULT_DRAWS = 1999
QUANTILES = (0.5, 0.6, 0.7, 0.8)
Grid = tuple[Sequence[float], Sequence[float]]


def necessity(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    x_se: str,
    y_se: str,
    lag: int,
    rng: np.random.Generator,
    thresholds: Grid | None = None,
    quantiles: Grid = (QUANTILES, QUANTILES),
    conf_level: float = 0.95,
    n_draws: int = DEFAULT_DRAWS,
) -> pd.DataFrame:
    """
    Count high y without high x before, and compare with what there would be without a link.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x`, `y`, `x_se`, `y_se`.
    x, y : str
        Columns of the condition claimed to be necessary, and of what needs it.
    x_se, y_se : str
        Columns of their standard errors; a value whose error is missing or 0 has no interval and makes no case.
    lag : int
        Length of the window before y, in periods, 1 or more.
    rng : Generator
        Source of permutations, simulations and bootstrap draws.
    thresholds : tuple of two sequences of float, optional
        Thresholds of "high" for x and for y, in their own units.
    quantiles : tuple of two sequences of float
        Without `thresholds`: the quantiles of all values with an interval, for x and for y.
    conf_level : float
        Between 0 and 1.
    n_draws : int
        Draws of each null, and of the bootstrap.

    Returns
    -------
    DataFrame, shape (x thresholds * y thresholds, 28)
        `ESTIMATE_COLUMNS`: ``estimate`` is the share of the ``n`` cases of high y that had high x before; ``p_value``
        the larger adjusted p of both nulls. ``x_threshold``, ``y_threshold``, ``x_quantile``, ``y_quantile`` (NaN for
        given thresholds), ``n_cases`` (all), ``n_naive`` (counterexamples by the values alone), ``n_chances`` (cases
        of clearly high y), ``n_units`` (entities with one), ``n_clear`` (clear counterexamples), ``p_error``; for
        "independence" and "own_past" ``expected_…``, ``p_…``, ``p_adjusted_…``; ``state`` of
        `necessity_verdict`, alpha being ``1 - conf_level``. ``attrs`` hold x, y, lag and ``dropped``: records of
        ``reason`` and ``n_rows`` that add up to the rows given.

    Raises
    ------
    NotApplicable
        With fewer than `MIN_ENTITIES` entities that have a case.
    ValueError
        For a lag below 1, no thresholds, a level outside (0, 1), an infinite value, or what is not a panel.

    Notes
    -----
    *Nulls* (`necessity_nulls`): histories of x permuted among entities; both series following their own past. p is the
    share of draws with as few clear counterexamples or fewer, plus one in both counts; adjusted: the share whose
    smallest p over the grid is as small (Westfall and Young).

    *p_error.* If the claim is true, a clear counterexample needs an error of more than z · se on one given side, in y
    or at one moment of x: a chance of at most ``(1 - conf_level) / 2`` per case. An error of x lasts for `lag` cases,
    so the count is set against `lag` times a binomial of ``n_cases / lag`` trials.

    *Interval:* entities drawn with replacement, estimate ± t(G - 1) · bootstrap SE · sqrt(G / (G - 1)); none where
    all draws agree.

    References
    ----------
    J. Dul (2016), Necessary Condition Analysis, *Organizational Research Methods* 19(1), 10-52; P. Westfall, S. Young
    (1993), *Resampling-Based Multiple Testing*, Wiley.
    """
    check_conf_level(conf_level)
    if lag < 1:
        raise ValueError(f"lag must be 1 or more; found {lag}.")
    both = series_of(panel, x, y, x_se, y_se, conf_level=conf_level)
    cuts = _cuts(*both, thresholds, quantiles)
    sides = sides_of(*both, lag, cuts)
    n_entities = int(sides.known.any(axis=1).sum())
    if n_entities < MIN_ENTITIES:
        raise NotApplicable(
            "Counting exceptions needs {needed} units with {x} before {y}; found {found}.",
            needed=MIN_ENTITIES,
            x=x,
            y=y,
            found=n_entities,
        )
    table = pd.DataFrame(_thresholds(cuts, thresholds, quantiles) | _counts(sides, lag, conf_level))
    table = table.assign(**_share(sides, rng, n_draws))
    for null in NULLS:
        drawn = null_counts(null, *both, lag, cuts, rng, n_draws).reshape(n_draws, -1)
        found = table["n_clear"].to_numpy()
        table[f"expected_{null}"], table[f"p_{null}"] = drawn.mean(axis=0), lower_shares(drawn, found)
        table[f"p_adjusted_{null}"] = adjusted_shares(drawn, found)
    table = with_intervals(table.assign(term=_terms(table)), conf_level)
    table["p_value"] = table[[f"p_adjusted_{null}" for null in NULLS]].max(axis=1)
    table["state"] = cell_states(table, alpha=1 - conf_level)
    table.attrs = {"x": x, "y": y, "lag": lag, "dropped": count_rows(panel, both[1], sides.known)}
    return table


def _cuts(x: Series, y: Series, thresholds: Grid | None, quantiles: Grid) -> list[np.ndarray]:
    chosen = thresholds or quantiles
    if any(len(one) == 0 for one in chosen):
        raise ValueError("thresholds must hold one or more for x and for y; found none.")
    if thresholds:
        return [np.asarray(one, float) for one in thresholds]
    wrong = [one for one in (*quantiles[0], *quantiles[1]) if not 0 <= one <= 1]
    if wrong:
        raise ValueError(f"quantiles must lie between 0 and 1; found {wrong[0]}.")
    known = [series.values[series.known] for series in (x, y)]
    return [
        np.quantile(values, one) if len(values) else np.full(len(one), np.nan)
        for values, one in zip(known, quantiles, strict=True)
    ]


def _thresholds(cuts: list[np.ndarray], thresholds: Grid | None, quantiles: Grid) -> dict[str, np.ndarray]:
    shares = (
        [np.full(len(cut), np.nan) for cut in cuts] if thresholds else [np.asarray(one, float) for one in quantiles]
    )
    n_x, n_y = map(len, cuts)
    named = {"x_threshold": np.repeat(cuts[0], n_y), "y_threshold": np.tile(cuts[1], n_x)}
    return named | {"x_quantile": np.repeat(shares[0], n_y), "y_quantile": np.tile(shares[1], n_x)}


def _counts(sides: Sides, lag: int, conf_level: float) -> dict[str, object]:
    n_x, n_cases = sides.had_x.shape[-1], int(sides.known.sum())
    high = np.tile(sides.high_y.sum(axis=(0, 1)), n_x)
    clear = counterexamples(sides).ravel().round().astype(int)
    clumps = np.ceil(clear / lag)
    error = stats.binom.sf(clumps - 1, np.ceil(n_cases / lag), (1 - conf_level) / 2)
    return {
        "n": high,
        "n_cases": n_cases,
        "n_naive": high - _both(sides).sum(axis=0),
        "n_chances": np.tile(sides.clear_y.sum(axis=(0, 1)), n_x),
        "n_units": np.tile(sides.clear_y.any(axis=1).sum(axis=0), n_x),
        "n_clear": clear,
        "p_error": error,
    }


def _both(sides: Sides) -> np.ndarray:
    """High y after high x, counted by entity and cell."""
    counts = np.einsum("itx,ity->ixy", sides.had_x.astype(float), sides.high_y.astype(float))
    return counts.reshape(len(counts), -1).astype(int)


def _share(sides: Sides, rng: np.random.Generator, n_draws: int) -> dict[str, np.ndarray]:
    both, high = _both(sides), np.tile(sides.high_y.sum(axis=1), sides.had_x.shape[-1])
    n_units = (high > 0).sum(axis=0)
    kept = high.any(axis=1)
    n_kept = int(kept.sum())
    if n_kept == 0:
        return dict.fromkeys(("estimate", "se", "df"), np.nan) | {"n_clusters": n_units}
    weights = rng.multinomial(n_kept, np.full(n_kept, 1 / n_kept), size=n_draws)
    all_draws = weights @ high[kept]
    draws = np.where(all_draws > 0, weights @ both[kept] / np.maximum(all_draws, 1), np.nan)
    total = high.sum(axis=0)
    estimate = np.where(total > 0, both.sum(axis=0) / np.maximum(total, 1), np.nan)
    is_told = (n_units >= MIN_ENTITIES) & (np.nanmax(draws, axis=0) > np.nanmin(draws, axis=0))
    se = np.full(len(total), np.nan)
    se[is_told] = np.nanstd(draws[:, is_told], axis=0, ddof=1)
    se *= np.sqrt(n_units / np.maximum(n_units - 1, 1))
    return {"estimate": estimate, "se": se, "df": np.maximum(n_units - 1.0, 1.0), "n_clusters": n_units}


def _terms(table: pd.DataFrame) -> list[str]:
    pairs = zip(table["x_threshold"], table["y_threshold"], strict=True)
    return [f"x at least {x:.6g}, y above {y:.6g}" for x, y in pairs]
