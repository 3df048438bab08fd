"""Do intervals and ranks of drivers hold, and is nothing found where nothing is? `python simulate.py` writes it.

Made-up people in units: five drivers share a mood, answers hold noise, units differ. The true shares are those of the
population of such answers. `naive_hold` is how often plain bootstrap intervals of ranks hold for all five at once.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.cluster_moments import cluster_moments
from helpers.stats.driver_shares import lmg_shares
from helpers.stats.driver_study import driver_study
from helpers.stats.relative_importance import standard_slopes

NAMES = list("abcde")
DEMO, EQUAL, NONE = (0.20, 0.32, 0.12, 0.06, 0.26), (0.19,) * 5, (0.0,) * 5
MOOD, OWN, NOISE, NOISE_Y = 0.45, 0.45, 0.29, 0.24
CASES = {
    "demo weights, 24 x 450": (DEMO, 24, 450),
    "demo weights, 24 x 40": (DEMO, 24, 40),
    "demo weights, 10 x 30": (DEMO, 10, 30),
    "demo weights, 120 x 9": (DEMO, 120, 9),
    "equal weights, 24 x 40": (EQUAL, 24, 40),
    "equal weights, 10 x 30": (EQUAL, 10, 30),
    "none, 24 x 40": (NONE, 24, 40),
    "none, 10 x 30": (NONE, 10, 30),
    "none, 120 x 9": (NONE, 120, 9),
}
RUNS = 500


def people(rng: np.random.Generator, weights: np.ndarray, units: int, size: int) -> pd.DataFrame:
    n, unit = units * size, np.repeat(np.arange(units), size)
    x = rng.normal(0, OWN, (n, 5)) + rng.normal(0, MOOD, (n, 1)) + rng.normal(0, 0.2, (units, 1))[unit]
    x += rng.normal(0, 0.18, (units, 5))[unit]
    y = x @ weights + rng.normal(0, OWN, n) + rng.normal(0, NOISE_Y, n)
    rows = pd.DataFrame(x + rng.normal(0, NOISE, (n, 5)), columns=NAMES)
    return rows.assign(y=y, cluster=unit, group=unit)


def population(weights: np.ndarray) -> np.ndarray:
    true = np.full((5, 5), MOOD**2) + OWN**2 * np.eye(5)
    full = np.zeros((6, 6))
    full[:5, :5] = true + NOISE**2 * np.eye(5)
    full[:5, 5] = full[5, :5] = true @ weights
    full[5, 5] = weights @ true @ weights + OWN**2 + NOISE_Y**2
    return full


def looked(case: str) -> dict[str, object]:
    weights, units, size = np.array(CASES[case][0]), *CASES[case][1:]
    full = population(weights)
    shares = lmg_shares(full) if weights.any() else np.full(5, 0.2)
    low, high = (stats.rankdata(-shares.round(9), method=method) for method in ("min", "max"))
    rows = []
    for seed in range(RUNS):
        rng = np.random.default_rng(seed)
        frame = people(rng, weights, units, size)
        found = driver_study(frame, outcome="y", drivers=NAMES, rng=rng, smallest_effect=0.1, n_boot=400)
        told, slopes = found.shares, found.slopes
        drawn = lmg_shares(cluster_moments(frame, [*NAMES, "y"]).drawn(rng, 400))
        ranks = stats.rankdata(-drawn, axis=1)
        naive = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
        half = stats.t.ppf(0.975, units - 1) * slopes["se"]
        rows.append(
            {
                "share_cover": ((told["ci_low"] <= shares) & (shares <= told["ci_high"])).mean(),
                "slope_cover": ((slopes["estimate"] - standard_slopes(full)).abs() <= half).mean(),
                "ranks_hold": ((told["rank_low"] <= high) & (low <= told["rank_high"])).all(),
                "naive_hold": ((naive[0] <= high) & (low <= naive[1])).all(),
                "ranks_wide": (told["rank_high"] - told["rank_low"]).mean(),
                "any_linked": found.is_linked,
                "any_ranked": found.is_ranked,
                "right_order": (told["rank"].to_numpy() == low).all(),
            }
        )
    return {"case": case, "runs": RUNS} | pd.DataFrame(rows).astype(float).mean().round(3).to_dict()


if __name__ == "__main__":
    pd.DataFrame([looked(case) for case in CASES]).to_csv(Path(__file__).parent / "result.csv", index=False)
