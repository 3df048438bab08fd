"""Concordance of rises: does y rise more often h periods after x rose than after x fell?

A *rise* is a value above that of `span` calendar periods before in the same entity, a *fall* one below it; a *case* is
one entity and period t with a change of x up to t and a change of y up to t + h. The change of y is over one period as
well ("y rose in the year h years later"), or over `y_span`: with ``y_span=h`` it runs from t to t + h ("y rose in the
h years since"). Equal values of x (ties) are neither rise
nor fall and drop out; equal values of y count as "did not rise". Both are counted.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.panels import check_panel

# Fewer entities allow fewer than 5! = 120 orders, too few for a p-value below 1 %.
MIN_ENTITIES = 5
# Cells of one block of draws (draws × entities × periods); keeps memory under about 100 MB.
BLOCK_CELLS = 4_000_000
DEFAULT_DRAWS = 1999
TERMS = ("all cases", "same period")
# Differences of shares closer than this are equal: far above rounding, far below one case in a million.
EQUAL = 1e-9


def rise_concordance(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lags: Iterable[int],
    rng: np.random.Generator,
    span: int = 1,
    y_span: int | None = None,
    conf_level: float = 0.95,
    n_draws: int = DEFAULT_DRAWS,
) -> pd.DataFrame:
    """
    Share of rises of y after rises of x, minus the share after falls of x, at each lag.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lags : iterable of int
        Periods from the end of the change of x to the end of the change of y; negative for a lead.
    rng : Generator
        Source of the permutations and bootstrap draws.
    span, y_span : int
        Periods over which x and y change, 1 or more; y's is x's unless given.
    conf_level : float
        Between 0 and 1.
    n_draws : int
        Permutations, and bootstrap draws, per lag.

    Returns
    -------
    DataFrame, shape (2 * lags, 18)
        `ESTIMATE_COLUMNS` with two terms per lag: ``all cases``, the plain difference of shares, and ``same period``,
        the difference among cases of one period, averaged. ``lag``, ``share_after_rise``, ``share_after_fall``,
        ``expected`` (mean difference under permutation: what common good and bad years alone give), ``n_rises``,
        ``n_falls``, ``n_ties_x``, ``n_ties_y``. ``n`` counts cases, ``p_value`` is by permutation. A lag
        without rises or without falls has NaN.

    Raises
    ------
    NotApplicable
        With fewer than `MIN_ENTITIES` entities.
    ValueError
        For a span below 1, or what is not a panel.

    Notes
    -----
    With ``y_span`` above the lag both changes share periods; a value that both start from or end in then ties them.

    ``same period`` weighs each period's difference by ``n_rises n_falls / (n_rises + n_falls)`` (Mantel-Haenszel), so
    that what all units share in a year cannot make it.

    *p-value.* Whole series of x are permuted across entities, years in place. This keeps the autocorrelation of both
    series and every common year, and breaks only the tie between an entity's own x and y; entities are taken as
    exchangeable. p is the share of permutations at least as far from their mean as the estimate, plus one in both
    counts. *Interval:* entities drawn with replacement; estimate ± t(G - 1) · bootstrap SE · sqrt(G / (G - 1)).

    References
    ----------
    M. Anderson, P. Legendre (1999), *Journal of Statistical Computation and Simulation* 62, 271-303 (permutation);
    A. C. Cameron, J. Gelbach, D. Miller (2008), *Review of Economics and Statistics* 90(3), 414-427 (bootstrap).
    """
    check_panel(panel, [x, y])
    spans = (span, span if y_span is None else y_span)
    if min(spans) < 1:
        raise ValueError(f"span and y_span must be 1 or more; found {min(spans)}.")
    if panel["entity"].nunique() < MIN_ENTITIES:
        raise NotApplicable(
            "Comparing rises needs {needed} units; found {found}.",
            found=panel["entity"].nunique(),
            needed=MIN_ENTITIES,
        )
    dx, dy = _changes(panel, x, y, spans)
    tables = [_one_lag(dx, _later(dy, lag), lag, rng, n_draws) for lag in lags]
    table = with_intervals(pd.concat(tables, ignore_index=True), conf_level)
    return table.assign(p_value=table["p_permutation"]).drop(columns="p_permutation")


def _changes(panel: pd.DataFrame, x: str, y: str, spans: tuple[int, int]) -> list[np.ndarray]:
    """Changes over the spans, by the period they end in, (entities, periods), entities in an order of their own."""
    calendar = range(panel["time"].min(), panel["time"].max() + 1)
    wide = [panel.pivot(index="entity", columns="time", values=column).reindex(columns=calendar) for column in (x, y)]
    changes = [_change(table.to_numpy(float), span) for table, span in zip(wide, spans, strict=True)]
    # The first key keeps a panel of one period, which has no changes, from having none.
    order = np.lexsort([np.zeros(len(wide[0])), *np.hstack(changes).T])
    return [change[order] for change in changes]


def _change(values: np.ndarray, span: int) -> np.ndarray:
    """Change since `span` columns before; the first column, which has none, is left out."""
    changes = np.full(values.shape, np.nan)
    changes[:, span:] = values[:, span:] - values[:, :-span]
    return changes[:, 1:]


def _later(change: np.ndarray, lag: int) -> np.ndarray:
    """Move each row `lag` periods to the left, so that a column holds what came that much later."""
    periods = np.arange(change.shape[1]) + lag
    inside = (periods >= 0) & (periods < change.shape[1])
    return np.where(inside, change[:, periods.clip(0, change.shape[1] - 1)], np.nan)


def _one_lag(dx: np.ndarray, dy: np.ndarray, lag: int, rng: np.random.Generator, n_draws: int) -> pd.DataFrame:
    moves = np.stack([dx > 0, dx < 0], axis=-1).astype(np.float32)
    answers = np.stack([dy > 0, np.isfinite(dy)], axis=-1).astype(np.float32)
    cells = np.einsum("itm,ita->itma", moves, answers)
    estimate = _differences(cells.sum(axis=0)[None])[0]
    permuted = _permuted(moves, answers, rng, n_draws)
    expected = permuted.mean(axis=0)
    far = (np.abs(permuted - expected) >= np.abs(estimate - expected) - EQUAL).sum(axis=0)
    table = pd.DataFrame({"term": TERMS, "lag": lag, "estimate": estimate, "expected": expected})
    table["p_permutation"] = np.where(np.isnan(estimate), np.nan, (far + 1) / (n_draws + 1))
    return table.assign(**_bootstrap_error(cells, rng, n_draws), **_counts(cells, dx, dy))


def _differences(sums: np.ndarray) -> np.ndarray:
    """Both differences of shares, (draws, 2), from counts (draws, periods, rise or fall, rose or known)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        sums = sums.astype(float)
        total = sums.sum(axis=1)
        pooled = total[:, 0, 0] / total[:, 0, 1] - total[:, 1, 0] / total[:, 1, 1]
        n_rise, n_fall = sums[..., 0, 1], sums[..., 1, 1]
        weight = n_rise * n_fall / (n_rise + n_fall)
        difference = sums[..., 0, 0] / n_rise - sums[..., 1, 0] / n_fall
        within = np.nansum(weight * difference, axis=1) / np.nansum(weight, axis=1)
    return np.stack([pooled, within], axis=1)


def _permuted(moves: np.ndarray, answers: np.ndarray, rng: np.random.Generator, n_draws: int) -> np.ndarray:
    n_entities = len(moves)
    block = max(1, BLOCK_CELLS // max(1, moves.size))
    found = []
    for start in range(0, n_draws, block):
        orders = rng.permuted(np.tile(np.arange(n_entities), (min(block, n_draws - start), 1)), axis=1)
        found.append(_differences(np.einsum("ditm,ita->dtma", moves[orders], answers, optimize=True)))
    return np.vstack(found)


def _bootstrap_error(cells: np.ndarray, rng: np.random.Generator, n_draws: int) -> dict[str, object]:
    informative = cells[cells.sum(axis=(1, 2, 3)) > 0]
    n_clusters = len(informative)
    if n_clusters < MIN_ENTITIES:
        return {"se": np.nan, "df": np.nan, "n_clusters": n_clusters}
    weights = rng.multinomial(n_clusters, np.full(n_clusters, 1 / n_clusters), size=n_draws).astype(np.float32)
    draws = _differences(np.tensordot(weights, informative, axes=1))
    se = np.full(draws.shape[1], np.nan)
    is_told = np.isfinite(draws).sum(axis=0) > 1
    se[is_told] = np.nanstd(draws[:, is_told], axis=0, ddof=1) * np.sqrt(n_clusters / (n_clusters - 1))
    return {"se": se, "df": n_clusters - 1.0, "n_clusters": n_clusters}


def _counts(cells: np.ndarray, dx: np.ndarray, dy: np.ndarray) -> dict[str, float]:
    (rose_after_rise, n_rises), (rose_after_fall, n_falls) = cells.sum(axis=(0, 1)).astype(int)
    both = np.isfinite(dx) & np.isfinite(dy)
    return {
        "n": n_rises + n_falls,
        "share_after_rise": rose_after_rise / n_rises if n_rises else np.nan,
        "share_after_fall": rose_after_fall / n_falls if n_falls else np.nan,
        "n_rises": n_rises,
        "n_falls": n_falls,
        "n_ties_x": int((both & (dx == 0)).sum()),
        "n_ties_y": int((both & (dx != 0) & (dy == 0)).sum()),
    }
