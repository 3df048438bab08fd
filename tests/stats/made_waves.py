"""Two series of waves that act on each other around lasting levels, made from a seed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

BURN_IN = 30


@dataclass(frozen=True)
class Design:
    """Truth (effects of x at lags 1 and 2), size, and the lag asked about.

    `unlike` is the SD of the log of the units' spread, `error` the SD of measurement errors; units in `n_clusters`
    groups share shocks.
    """

    n_units: int
    n_waves: int
    effects: tuple[float, float] = (0.0, 0.0)
    lag: int = 1
    unlike: float = 0.0
    error: float = 0.0
    n_clusters: int = 0


def made(rng: np.random.Generator, design: Design) -> pd.DataFrame:
    """One panel of a design; shocks and errors of a unit share its spread, groups share shocks half as large."""
    n, n_times = design.n_units, design.n_waves + BURN_IN
    spread = np.exp(design.unlike * rng.normal(size=n))
    group = np.arange(n) % (design.n_clusters or n)
    shared = 0.5 * rng.normal(size=(2, n_times, n))[:, :, group] * bool(design.n_clusters)
    x, y = np.zeros((2, n, n_times))
    for t in range(2, n_times):
        x[:, t] = 0.4 * x[:, t - 1] + 0.3 * y[:, t - 1] + spread * rng.normal(size=n) + shared[0, t]
        past = sum(effect * x[:, t - lag] for lag, effect in enumerate(design.effects, start=1))
        y[:, t] = 0.4 * y[:, t - 1] + past + spread * rng.normal(size=n) + shared[1, t]
    levels = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=n)
    errors = design.error * spread[:, None] * rng.normal(size=(2, n, design.n_waves))
    x, y = (side[:, BURN_IN:] + levels[:, [i]] + errors[i] for i, side in enumerate((x, y)))
    keys = {"entity": np.repeat(np.arange(n), design.n_waves), "time": np.tile(np.arange(design.n_waves), n)}
    keys["group"] = np.repeat(group, design.n_waves)
    return pd.DataFrame(keys | {"x": x.ravel(), "y": y.ravel()})
