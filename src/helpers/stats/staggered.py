"""Effects of steps that came to some cells at different times, after Callaway and Sant'Anna: each beside its controls.

A *cell* is a stratum of an entity: here a measure of a unit. Its *first* is the first time that can show its step, and
*event* counts from there: -1 is the last time before. Only cells of one *stratum* are compared. Controls are cells of
entities that take no step of any kind until after both times compared: never, or not yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

CELL = ["stratum", "entity"]
# Fewer controls would leave a change of their mean to chance.
MIN_CONTROLS = 5
# Which earlier time a change is taken from, by first and time. Cells picked for a low figure at first - 1 come back by
# themselves; in a stationary series as far after the low one as before it, which "symmetric" makes use of.
BASES: dict[str, Callable[[int, int], int]] = {
    "last": lambda first, time: first - 1,
    "before": lambda first, time: first - 2,
    "symmetric": lambda first, time: 2 * (first - 1) - time,
    "symmetric_back": lambda first, time: 2 * (first - 1) - time - 1,
    "varying": lambda first, time: min(time, first) - 1,
}


@dataclass(frozen=True)
class StepChanges:
    """Changes of the cells that took a step, each beside its controls.

    `rows` holds one row per cell and event: ``stratum``, ``entity``, ``cluster``, ``first``, ``event``, ``block``,
    ``own`` (change of the cell), ``others`` (mean change of its controls), ``change`` (the difference), and the further
    columns of the cell. `influence` (blocks, clusters) is how the controls of each cluster move the mean of a block.
    """

    rows: pd.DataFrame
    influence: np.ndarray
    clusters: pd.Index


def step_changes(
    frame: pd.DataFrame,
    *,
    base: str,
    events: Collection[int],
    y: str = "y",
    matches: int = 0,
) -> StepChanges:
    """
    Set the changes of cells that took a step beside those of controls over the same times.

    Parameters
    ----------
    frame : DataFrame, one row per cell and time
        ``stratum``, ``entity``, integer ``time``, `y`, ``first`` (missing: no step), ``until`` (first time at which the
        entity is no control; missing: never), ``cluster``; what else is the same in all rows of a cell is kept.
    base : str
        Key of `BASES`.
    events : collection of int
        Which times after the first one; negative before it.
    y : str
        Column that may have moved.
    matches : int
        Take only so many controls, those nearest to the cell in `y` at first - 1; 0: all.

    Returns
    -------
    StepChanges
        Without cells that lack one of the two figures or have fewer than `MIN_CONTROLS` controls.

    Raises
    ------
    ValueError
        For an unknown base.

    Notes
    -----
    ``change_i = (y_i,t - y_i,b) - mean over controls of (y_c,t - y_c,b)``; the mean over cells of one first and time is
    the group-time effect ATT(g, t) without covariates.

    References
    ----------
    B. Callaway, P. Sant'Anna (2021), Difference-in-differences with multiple time periods, *Journal of Econometrics*
    225, 200-230; S. Chabé-Ferret (2015), Analysis of the bias of matching and difference-in-difference under
    alternative earnings and selection processes, *Journal of Econometrics* 185, 110-123 (symmetric base).
    """
    if base not in BASES:
        raise ValueError(f"base must be one of {', '.join(BASES)}; found {base!r}.")
    clusters = pd.Index(frame["cluster"].unique())
    rows, influence = [], []
    for _, stratum in frame[frame[y].notna()].groupby("stratum", sort=True):
        if not stratum["first"].notna().any():
            continue
        cells = stratum.drop_duplicates("entity").drop(columns=["time", y]).set_index("entity", drop=False)
        values = stratum.pivot(index="entity", columns="time", values=y).reindex(cells.index)
        blocks = list(_blocks(cells, values, clusters, BASES[base], events, matches))
        if blocks:
            rows.append(_rows(cells, blocks, len(influence)))
            influence += [moved for _, moved, _ in blocks]
    kept = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=[*frame, "event", "block", "change"])
    return StepChanges(kept, np.array(influence).reshape(len(influence), len(clusters)), clusters)


def _rows(
    cells: pd.DataFrame, blocks: Sequence[tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]], start: int
) -> pd.DataFrame:
    """Rows of the cells that acted, block after block."""
    places, sizes = np.concatenate([acted for acted, _, _ in blocks]), [len(acted) for acted, _, _ in blocks]
    figures = {name: np.concatenate([told[name] for _, _, told in blocks]) for name in blocks[0][2]}
    numbers = np.repeat(np.arange(start, start + len(blocks)), sizes)
    return cells.iloc[places].reset_index(drop=True).assign(block=numbers, **figures)


def _blocks(
    cells: pd.DataFrame,
    values: pd.DataFrame,
    clusters: pd.Index,
    base: Callable[[int, int], int],
    events: Collection[int],
    matches: int,
) -> Iterator[tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]]:
    """Yield the cells of one first and event by place, the influence of their controls, and their changes."""
    first, until = cells["first"].to_numpy(float), cells["until"].fillna(np.inf).to_numpy(float)
    place, y = clusters.get_indexer(cells["cluster"]), {time: values[time].to_numpy(float) for time in values}
    for step in np.unique(first[np.isfinite(first)]).astype(int):
        for event in events:
            time, before = step + event, base(step, step + event)
            if time not in y or before not in y or (matches and step - 1 not in y):
                continue
            change = y[time] - y[before]
            level = y[step - 1] if matches else np.zeros(len(change))
            known = np.isfinite(change) & np.isfinite(level)
            acted = np.flatnonzero(known & (first == step))
            controls = np.flatnonzero(known & (first != step) & (until > max(time, before)))
            if not len(acted) or len(controls) < max(MIN_CONTROLS, matches):
                continue
            others, moved = _beside(change, level, acted, controls, matches, place, len(clusters))
            figures = {"event": np.full(len(acted), event), "own": change[acted], "others": others}
            figures["change"] = change[acted] - others
            yield acted, moved, figures


def _beside(
    change: np.ndarray,
    level: np.ndarray,
    acted: np.ndarray,
    controls: np.ndarray,
    matches: int,
    place: np.ndarray,
    n_clusters: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean change of the controls of each cell, and the influence of the controls on it by cluster."""
    if matches:
        apart = np.abs(level[acted][:, None] - level[controls])
        nearest = np.argsort(apart, axis=1, kind="stable")[:, :matches]
        # Their chance is already in the spread of the cells' changes.
        return change[controls][nearest].mean(axis=1), np.zeros(n_clusters)
    centre = change[controls].mean()
    weights = (change[controls] - centre) / len(controls)
    return np.full(len(acted), centre), np.bincount(place[controls], weights, minlength=n_clusters)
