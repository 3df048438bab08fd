"""How far few periods move the effect at lag 2 where none is: `python tests/reference/short_panel/simulate.py`.

100 units; x has 16 periods and y the last 6, as engagement and the wish to leave of the civil service. y moves with x
of the same period by -.83 and holds shocks of its own, AR(rho); x is AR(phi) and answers to y of the period before by
gamma. Writes result.csv: mean effect by lag in SD, and of GMM at lag 2, with Monte Carlo errors. About two minutes.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.lag_profile import lag_profile, lag_row

HERE = Path(__file__).parent
N_PANELS, N_UNITS, N_X, N_Y, BURN_IN = 100, 100, 16, 6, 20
AT_ONCE, SHOCK, MAX_LAG = -0.83, 0.6, 3
WORLDS = ((0.0, 0.5, 0.0), (0.0, 0.5, 0.5), (-0.15, 0.5, 0.0), (-0.15, 0.5, 0.5), (-0.3, 0.5, 0.5), (-0.15, 0.7, 0.7))


def short_panel(rng: np.random.Generator, gamma: float, phi: float, rho: float) -> pd.DataFrame:
    """A panel in which nothing follows two periods later."""
    shape = (N_UNITS, N_X + BURN_IN)
    x, y, shocks = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for t in range(1, shape[1]):
        x[:, t] = phi * x[:, t - 1] + gamma * y[:, t - 1] + rng.normal(size=N_UNITS)
        shocks[:, t] = rho * shocks[:, t - 1] + SHOCK * rng.normal(size=N_UNITS)
        y[:, t] = AT_ONCE * x[:, t] + shocks[:, t]
    y[:, : shape[1] - N_Y] = np.nan
    times = {"entity": np.repeat(range(N_UNITS), N_X), "time": np.tile(range(N_X), N_UNITS)}
    return pd.DataFrame(times | {"x": x[:, BURN_IN:].ravel(), "y": y[:, BURN_IN:].ravel()})


def effects(panel: pd.DataFrame) -> dict[str, float]:
    """What the headline and GMM find in one panel."""
    profile = lag_profile(panel, x="x", y="y", max_lag=MAX_LAG, lead=False)
    back = lag_profile(panel, x="y", y="x", max_lag=MAX_LAG, lead=False)
    gmm = dynamic_panel(panel, x="x", y="y", lags=range(MAX_LAG + 1)).estimates
    found = {f"lag {lag}": lag_row(profile, lag)["estimate_sd"] for lag in range(MAX_LAG + 1)}
    return found | {"gmm lag 2": lag_row(gmm, 2)["estimate_sd"], "reverse lag 1": lag_row(back, 1)["estimate_sd"]}


def world(gamma: float, phi: float, rho: float) -> dict[str, float]:
    """Means over panels."""
    seeds = np.random.default_rng([int(100 * abs(one)) for one in (gamma, phi, rho)]).spawn(N_PANELS)
    found = pd.DataFrame([effects(short_panel(rng, gamma, phi, rho)) for rng in seeds])
    about = {"gamma": gamma, "phi": phi, "rho": rho}
    return about | found.mean().round(3).to_dict() | {"lag 2 error": round(found["lag 2"].sem(), 3)}


if __name__ == "__main__":
    pd.DataFrame([world(*one) for one in WORLDS]).to_csv(HERE / "result.csv", index=False)
