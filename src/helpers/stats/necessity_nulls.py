"""How many counterexamples to a necessity claim there would be without any link, in two ways.

- *independence*: whole histories of x, with their errors, are permuted among the entities, periods in place.
- *own_past*: x and y follow their own past. A series is what its period shares, plus the entity's own mean, plus an
  AR(1) around it; the AR(1) has the pooled autocorrelation of what is observed (corrected for short series), is drawn
  anew and gets each entity's observed SD. Means and errors stay with their entities, so differences between entities
  that last stay linked here, and only the course over time is not.

In both, counts are told per clearly high y and then times the number observed, so that draws with more of them, or with
more gaps, do not have more counterexamples for that alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.stats.necessity_cases import Series, Sides, sides_of, window_maximum

NULLS = ("independence", "own_past")
# Cells of one block of draws (draws × entities × periods × thresholds); keeps memory under about 100 MB.
BLOCK_CELLS = 4_000_000
MOST_AUTOCORRELATION = 0.95
# Counts closer than this are equal: far above rounding, far below one case.
EQUAL = 1e-9


def null_counts(
    null: str, x: Series, y: Series, lag: int, cuts: Sequence[np.ndarray], rng: np.random.Generator, n_draws: int
) -> np.ndarray:
    """
    Clear counterexamples in draws of a null, shape (n_draws, x thresholds, y thresholds).

    Parameters
    ----------
    null : {"independence", "own_past"}
    x, y : Series
        Shape (entities, periods).
    lag : int
        Length of the window, in periods.
    cuts : two arrays
        Thresholds of x and of y, the same in every draw.
    rng : Generator
    n_draws : int

    Returns
    -------
    ndarray
        Counts, in the number of clearly high y observed; a draw without any counts as none.
    """
    draw = {"independence": _permuted, "own_past": _simulated}[null]
    n_observed = sides_of(x, y, lag, cuts).clear_y.sum(axis=(0, 1))
    block = max(1, BLOCK_CELLS // max(1, x.values.size * (len(cuts[0]) + len(cuts[1]))))
    sizes = [min(block, n_draws - start) for start in range(0, n_draws, block)]
    return np.concatenate([_per_chance(*draw(x, y, lag, cuts, rng, size)) for size in sizes]) * n_observed


def lower_shares(drawn: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Share of draws with as few counterexamples or fewer, plus one in both counts; shape (cells,)."""
    return ((drawn <= found + EQUAL).sum(axis=0) + 1) / (len(drawn) + 1)


def adjusted_shares(drawn: np.ndarray, found: np.ndarray) -> np.ndarray:
    """
    Shares corrected for looking at a whole grid.

    Parameters
    ----------
    drawn : ndarray, shape (n_draws, cells)
        Counts of the draws, the cells of one draw together.
    found : ndarray, shape (cells,)
        Counts observed.

    Returns
    -------
    ndarray, shape (cells,)
        Share of draws, plus one, whose smallest share over the cells is as small as the cell's own.
    """
    everything = np.vstack([found, drawn])
    smallest = np.ones(len(everything))
    for cell in everything.T:
        rank = np.searchsorted(np.sort(cell), cell + EQUAL, side="right") / len(cell)
        smallest = np.minimum(smallest, rank)
    own = lower_shares(drawn, found)
    return (smallest[:, None] <= own + EQUAL).mean(axis=0)


def autocorrelation(values: np.ndarray) -> float:
    """
    Pooled correlation of a value with the one before, within entities and beyond what a period shares.

    Parameters
    ----------
    values : ndarray, shape (entities, periods)

    Returns
    -------
    float
        Corrected for the bias of short series, ``-(1 + r) / (T - 1)`` (Nickell 1981, *Econometrica* 49), within
        ± `MOST_AUTOCORRELATION`; 0 where nothing moves.
    """
    *_, rest = _parts(values)
    now, past = rest[:, 1:], rest[:, :-1]
    both = np.isfinite(now) & np.isfinite(past)
    spread = (np.where(both, now, 0) ** 2).sum() * (np.where(both, past, 0) ** 2).sum()
    if not spread > 0:
        return 0.0
    r = np.where(both, now * past, 0).sum() / np.sqrt(spread)
    n_periods = np.isfinite(rest).sum() / max(1, np.isfinite(rest).any(axis=1).sum())
    corrected = ((n_periods - 1) * r + 1) / (n_periods - 2) if n_periods > 2 else r
    return float(np.clip(corrected, -MOST_AUTOCORRELATION, MOST_AUTOCORRELATION))


def simulated_series(series: Series, rng: np.random.Generator, n_draws: int) -> Series:
    """Draws of a series that follows its own past, shape (n_draws, entities, periods); see the head of the module."""
    common, level, rest = _parts(series.values)
    known = np.isfinite(rest)
    course = _ar1(autocorrelation(series.values), (n_draws, *rest.shape), rng)
    course = np.where(known, course - _means(np.where(known, course, np.nan)), 0.0)
    size, wanted = (np.sqrt((part**2).sum(axis=-1, keepdims=True)) for part in (course, np.where(known, rest, 0.0)))
    course *= np.where(size > 0, wanted / np.where(size > 0, size, 1), 0.0)
    return Series(np.where(known, common + level + course, np.nan), series.half)


def _permuted(
    x: Series, y: Series, lag: int, cuts: Sequence[np.ndarray], rng: np.random.Generator, n_draws: int
) -> tuple[np.ndarray, np.ndarray]:
    above = window_maximum(x.values + x.half, lag)
    low = np.concatenate([above[..., None] < cuts[0], np.isfinite(above)[..., None]], axis=-1).astype(np.float32)
    clear = ((y.values - y.half)[..., None] > cuts[1]).astype(np.float32)
    orders = rng.permuted(np.tile(np.arange(len(low)), (n_draws, 1)), axis=1)
    counts = np.einsum("ditx,ity->dxy", low[orders], clear, optimize=True)
    return counts[:, :-1], counts[:, -1]


def _simulated(
    x: Series, y: Series, lag: int, cuts: Sequence[np.ndarray], rng: np.random.Generator, n_draws: int
) -> tuple[np.ndarray, np.ndarray]:
    sides = sides_of(*(simulated_series(series, rng, n_draws) for series in (x, y)), lag, cuts)
    return counterexamples(sides), sides.clear_y.sum(axis=(-3, -2))


def counterexamples(sides: Sides) -> np.ndarray:
    """Clear counterexamples, shape (..., x thresholds, y thresholds)."""
    low, clear = (side.astype(np.float32) for side in (sides.low_x, sides.clear_y))
    return np.einsum("...itx,...ity->...xy", low, clear, optimize=True)


def _per_chance(counts: np.ndarray, chances: np.ndarray) -> np.ndarray:
    return counts / np.maximum(chances, 1)[:, None, :]


def _parts(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a period shares, the entity's own level beside it, and the rest."""
    common = _means(values.T).T
    level = _means(values - common)
    return common, level, values - common - level


def _means(values: np.ndarray) -> np.ndarray:
    """Means along the last axis over what is known, kept as an axis; 0 where nothing is."""
    known = np.isfinite(values)
    sums = np.where(known, values, 0).sum(axis=-1, keepdims=True)
    return sums / np.maximum(known.sum(axis=-1, keepdims=True), 1)


def _ar1(share: float, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Stationary series of variance 1 along the last axis."""
    course = rng.normal(size=shape)
    for t in range(1, shape[-1]):
        course[..., t] = share * course[..., t - 1] + np.sqrt(1 - share**2) * course[..., t]
    return course
