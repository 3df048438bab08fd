"""The units seen in all waves of a panel, side by side, as the cross-lagged model needs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable
from helpers.stats.lag_profile import require_clusters
from helpers.stats.panels import check_panel
from helpers.stats.two_way import RANK_TOLERANCE

# Rule of thumb; below it most simulated panels bring no possible solution (docs/methods.md).
UNITS_PER_WAVE = 10


@dataclass(frozen=True)
class Waves:
    """Units seen in all waves, less the mean of each wave and over `scale`.

    `centred` (n, 2 waves) has x and y of the first period, of the second, and so on; `scale` (2,) holds the SD of x and
    of y in points; `n_left_out` counts units of the panel that miss x or y in some wave.
    """

    centred: np.ndarray
    scale: np.ndarray
    cluster: np.ndarray
    periods: list[int]
    n_left_out: int

    @property
    def covariance(self) -> np.ndarray:
        """Over units, divided by their number, shape (2 waves, 2 waves)."""
        return self.centred.T @ self.centred / len(self.centred)


def complete_waves(panel: pd.DataFrame, *, x: str, y: str, lag: int, cluster: str | None = None) -> Waves:
    """
    Lay out all waves from the first to the last in which any unit has both x and y.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
    lag : int
        Longest of the model, in periods.
    cluster : str, optional
        Column of the clusters, each holding whole entities. Default: ``entity``.

    Returns
    -------
    Waves

    Raises
    ------
    ValueError
        For a table that is no panel, or an entity in two clusters.
    NotApplicable
        With fewer than lag + 2 waves, a wave missing in between, fewer than `UNITS_PER_WAVE` units per wave, too few
        clusters, or waves that follow from each other.
    """
    check_panel(panel, [x, y])
    seen = panel[panel[x].notna() & panel[y].notna()]
    periods = list(range(int(seen["time"].min()), int(seen["time"].max()) + 1)) if len(seen) else []
    _require_waves(seen, periods, x=x, y=y, lag=lag)
    sides = [seen.pivot(index="entity", columns="time", values=name)[periods].dropna() for name in (x, y)]
    n_units, needed = len(sides[0]), UNITS_PER_WAVE * len(periods)
    if n_units < needed:
        about = {"n_waves": len(periods), "needed": needed, "x": x, "y": y, "found": n_units}
        raise NotApplicable(
            "A cross-lagged model of {n_waves} waves needs {needed} units with {x} and {y} in all of them; "
            "found {found}.",
            **about,
        )
    values = np.stack([side.to_numpy(float) for side in sides], axis=2)
    centred = values - values.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=(0, 1)))
    if not _all_vary(values, centred):
        raise NotApplicable(
            "A cross-lagged model needs {x} and {y} that move from wave to wave, and apart from each other.", x=x, y=y
        )
    side_by_side = (centred / scale).reshape(n_units, -1)
    codes = _cluster_codes(panel, sides[0].index, cluster or "entity")
    return Waves(side_by_side, scale, codes, periods, int(panel["entity"].nunique()) - n_units)


def _require_waves(seen: pd.DataFrame, periods: list[int], *, x: str, y: str, lag: int) -> None:
    needed, missing = lag + 2, len(periods) - seen["time"].nunique()
    if len(periods) - missing < needed:
        raise NotApplicable(
            "A cross-lagged model at lag {lag} needs {needed} waves of {x} and {y}; found {found}.",
            **{"lag": lag, "needed": needed, "x": x, "y": y, "found": len(periods) - missing},
        )
    if missing:
        raise NotApplicable(
            "A cross-lagged model needs waves in a row; in {missing} of {n_periods} periods no unit has both {x} and "
            "{y}.",
            **{"missing": missing, "n_periods": len(periods), "x": x, "y": y},
        )


def _cluster_codes(panel: pd.DataFrame, entities: pd.Index, cluster: str) -> np.ndarray:
    """Number of the cluster of each entity, from 0."""
    pairs = pd.DataFrame({"entity": panel["entity"], "cluster": panel[cluster]}).drop_duplicates()
    if n_split := pairs.loc[pairs["entity"].duplicated(), "entity"].nunique():
        raise ValueError(f"cluster must hold whole entities; found {n_split} in more than one {cluster}.")
    codes = pd.factorize(pairs.set_index("entity")["cluster"].loc[entities], use_na_sentinel=False)[0]
    require_clusters(codes.max() + 1)
    return codes


def _all_vary(values: np.ndarray, centred: np.ndarray) -> bool:
    """Whether no wave of x or y is constant, or follows from the others; arrays of shape (n, waves, 2)."""
    whole, columns = (array.reshape(len(array), -1) for array in (values, centred))
    sizes = np.linalg.norm(columns, axis=0)
    if not (sizes > RANK_TOLERANCE * np.linalg.norm(whole, axis=0)).all():
        return False
    return bool(np.linalg.svd(columns / sizes, compute_uv=False)[-1] > RANK_TOLERANCE)
