"""Tests of a lag effect for few units: `python simulate.py` writes size.csv and detectable.csv (minutes).

Panels of AR(.4) x and errors, unit and period effects, lags 0 to 2 in the model (0 to 3 for detectable.csv), lag 2
tested. size.csv: share of rejections at 5 % of a true null. detectable.csv: the simulated and the analytic least
detectable effect in SD, and the power that the headline has in new panels at the mean of the former.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "stats"))

from made_panels import made_panel  # noqa: E402

from helpers.stats.cluster_robust import linear_combinations  # noqa: E402
from helpers.stats.detectable import detectable_effect  # noqa: E402
from helpers.stats.lag_profile import lag_fit, lag_profile, lag_row  # noqa: E402
from helpers.stats.panels import lagged_sample  # noqa: E402
from helpers.stats.randomisation import randomisation_test  # noqa: E402
from helpers.stats.wild_bootstrap import wild_bootstrap  # noqa: E402

N_PANELS, N_DRAWS, N_TIMES = 2000, 499, 10


def fitted(panel, lags):
    sample, _ = lagged_sample(panel, x="x", y="y", lags=lags)
    fit, combinations = lag_fit(sample, x="x", y="y", lags=lags)
    return fit, combinations.loc[["lag 2"]]


def p_values(panel, rng):
    fit, tested = fitted(panel, (0, 1, 2))
    found = {kind: linear_combinations(fit, tested, kind=kind) for kind in ("CR1", "CR2")}
    for weights in ("rademacher", "webb"):
        found[weights] = wild_bootstrap(fit, tested, rng=rng, n_draws=N_DRAWS, weights=weights)
    choices = {"x": "x", "y": "y", "lag": 2, "lags": (0, 1, 2)}
    found["randomisation"] = randomisation_test(panel, **choices, rng=rng, n_draws=N_DRAWS)
    return {name: table["p_value"].iloc[0] for name, table in found.items()}


def size(n_units):
    rng = np.random.default_rng(n_units)
    table = pd.DataFrame([p_values(made_panel(rng, n_units, N_TIMES, (0.0,)), rng) for _ in range(N_PANELS)])
    return {"units": n_units, "panels": N_PANELS, **(table <= 0.05 + 1e-12).mean().round(4)}


def detectable(n_times):
    rng, lags, rows = np.random.default_rng(n_times), (0, 1, 2, 3), []
    for _ in range(200):
        panel = made_panel(rng, 20, n_times, (0.0,))
        row = detectable_effect(panel, x="x", y="y", lag=2, lags=lags, rng=rng, n_draws=999).iloc[0]
        profile = lag_profile(panel, x="x", y="y", lags=lags, lead=False)
        analytic = lag_row(profile, 2)["least_detectable_sd"]
        rows.append({"simulated": row["least_detectable_sd"], "analytic": analytic, "size": row["size"]})
    table = pd.DataFrame(rows)
    effect, found = table["simulated"].mean(), []
    for _ in range(1000):
        fit, tested = fitted(made_panel(rng, 20, n_times, (0.0, 0.0, effect)), lags)
        found.append(linear_combinations(fit, tested)["ci_low"].iloc[0] > 0)
    spread = {f"{name}_spread": table[name].std() for name in ("simulated", "analytic")}
    return {"units": 20, "periods": n_times} | {
        name: round(value, 4) for name, value in (table.mean().to_dict() | spread | {"power": np.mean(found)}).items()
    }


if __name__ == "__main__":
    with ProcessPoolExecutor(3) as pool:
        detected, sizes = pool.map(detectable, [8, 12, 15]), pool.map(size, [6, 8, 12, 20])
        pd.DataFrame(detected).to_csv(HERE / "detectable.csv", index=False)
        pd.DataFrame(sizes).to_csv(HERE / "size.csv", index=False)
