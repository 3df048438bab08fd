"""Made panels of growth, engagement and customers of known truth, in the form that `growth_study` takes.

Engagement and customers move around lasting levels by AR(.4); a part of each movement, and of the errors of growth, is
shared by the units of a cluster. All movements have an SD of 1 before autocorrelation; effects are per point, one
period later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

AUTOCORRELATION, SHARED, BURN_IN = 0.4, 0.5, 20


@dataclass(frozen=True)
class World:
    """What is true: effects per point, with the product of engagement and customers.

    `curve` is an effect of engagement squared, `by_level` one of engagement that differs between units by their lasting
    customer level, `levels` a lasting growth of units of high engagement; `together` the correlation of engagement and
    customers.
    """

    slope: float = 0.0
    product: float = 0.0
    curve: float = 0.0
    by_level: float = 0.0
    levels: float = 0.0
    together: float = 0.3


def growth_world(
    rng: np.random.Generator, world: World, *, n_clusters: int, per_cluster: int, n_times: int
) -> pd.DataFrame:
    """
    Draw a panel.

    Returns
    -------
    DataFrame, one row per entity and time
        ``entity``, ``time``, ``cluster``, ``engagement``, ``nps``, ``growth``.
    """
    cluster = np.repeat(np.arange(n_clusters), per_cluster)
    n, length = len(cluster), n_times + BURN_IN
    x, other, error = (_movement(rng, cluster, length) for _ in range(3))
    levels, other_levels = rng.normal(size=(2, n, 1))
    z = world.together * x + np.sqrt(1 - world.together**2) * other
    level_z = world.together * levels + np.sqrt(1 - world.together**2) * other_levels
    x, moving, z = x + levels, x, z + level_z
    effect = world.slope * x + world.product * x * z + world.curve * x**2 + world.by_level * level_z * moving
    years = rng.normal(size=length)
    y = np.roll(effect, 1, axis=1) + error + world.levels * levels + rng.normal(size=(n, 1)) + years
    values = {"engagement": x, "nps": z, "growth": y}
    table = {"entity": np.repeat(np.arange(n), n_times), "time": np.tile(np.arange(n_times), n)}
    table |= {"cluster": np.repeat(cluster, n_times)}
    return pd.DataFrame(table | {name: column[:, BURN_IN:].ravel() for name, column in values.items()})


def _movement(rng: np.random.Generator, cluster: np.ndarray, length: int) -> np.ndarray:
    """AR movements of units, of whose variance `SHARED` is that of their cluster."""
    common = rng.normal(size=(cluster.max() + 1, length))[cluster]
    series = np.sqrt(SHARED) * common + np.sqrt(1 - SHARED) * rng.normal(size=(len(cluster), length))
    for t in range(1, length):
        series[:, t] += AUTOCORRELATION * series[:, t - 1]
    return series
