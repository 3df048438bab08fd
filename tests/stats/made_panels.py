"""Panels made from a seed, for tests."""

import numpy as np
import pandas as pd


def made_panel(
    rng: np.random.Generator,
    n_entities: int = 20,
    n_times: int = 12,
    effects: tuple[float, ...] = (0.0, 0.0, 0.5),
    share_kept: float = 1.0,
    autocorrelation: float = 0.4,
    shock_sd: float = 1.0,
) -> pd.DataFrame:
    """y follows x with the effects given at lags 0, 1, …; unit and period effects in both; rows may be missing."""
    burn_in = 20
    shape = (n_entities, n_times + burn_in)
    x, noise = (autocorrelated(rng.normal(size=shape), autocorrelation) for _ in range(2))
    y = noise + sum(effect * np.roll(x, lag, axis=1) for lag, effect in enumerate(effects))
    common = shock_sd * rng.normal(size=(2, 1, shape[1]))
    level = rng.normal(size=(2, n_entities, 1))
    x, y = x + common[0] + level[0], y + common[1] + 3 * level[1] + level[0]
    panel = pd.DataFrame(
        {
            "entity": np.repeat([f"unit {i:03}" for i in range(n_entities)], n_times),
            "time": np.tile(np.arange(2001, 2001 + n_times), n_entities),
            "x": x[:, burn_in:].ravel(),
            "y": y[:, burn_in:].ravel(),
        }
    )
    return panel[rng.random(len(panel)) < share_kept].reset_index(drop=True)


def with_feedback(rng: np.random.Generator, n_units: int, n_times: int) -> pd.DataFrame:
    """x answers to y of the period before (.3) and does nothing to y; both are AR(.4), with levels of their own."""
    burn_in = 20
    x, y = np.zeros((2, n_units, n_times + burn_in))
    level = rng.normal(size=n_units)
    for t in range(1, n_times + burn_in):
        x[:, t] = 0.4 * x[:, t - 1] + 0.3 * y[:, t - 1] + level + rng.normal(size=n_units)
        y[:, t] = 0.4 * y[:, t - 1] + level + rng.normal(size=n_units)
    keys = {"entity": np.repeat(np.arange(n_units), n_times), "time": np.tile(np.arange(n_times), n_units)}
    return pd.DataFrame(keys | {"x": x[:, burn_in:].ravel(), "y": y[:, burn_in:].ravel()})


def disguised(panel: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The same panel with rows shuffled, integer ids in another order and a repeated index."""
    names = panel["entity"].unique()
    numbers = dict(zip(names, rng.permutation(len(names)) * 7 + 3, strict=True))
    other = panel.assign(entity=panel["entity"].map(numbers)).sample(frac=1, random_state=int(rng.integers(2**31)))
    return other.set_axis([0] * len(other))


def autocorrelated(shocks: np.ndarray, share: float) -> np.ndarray:
    """Series (N, T) that keep a share of their last value, from the shocks of each period."""
    series = shocks.copy()
    for t in range(1, shocks.shape[1]):
        series[:, t] += share * series[:, t - 1]
    return series


def passed_on(rng: np.random.Generator, n_units: int, n_times: int) -> pd.DataFrame:
    """y = .6 of its own past + .5 of x a period before: two periods later .30 is left of x."""
    shape = (n_units, n_times + 20)
    x, y = np.zeros(shape), np.zeros(shape)
    for t in range(1, shape[1]):
        x[:, t] = 0.5 * x[:, t - 1] + rng.normal(size=n_units)
        y[:, t] = 0.6 * y[:, t - 1] + 0.5 * x[:, t - 1] + rng.normal(size=n_units)
    level = rng.normal(size=(2, n_units, 1))
    x, y = x + level[0], y + 0.5 * level[0] + level[1]
    place = {"entity": np.repeat(range(n_units), n_times), "time": np.tile(range(n_times), n_units)}
    return pd.DataFrame(place | {"x": x[:, 20:].ravel(), "y": y[:, 20:].ravel()})
