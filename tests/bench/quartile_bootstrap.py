"""One contestant of the quartile bootstrap, in a process of its own: what it took and found, as JSON.

python tests/bench/quartile_bootstrap.py ours|plain CLUSTERS OUTCOMES DRAWS SEED
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import pandas as pd

from helpers.stats.quartiles import quartile_gaps

# Business units in Gallup's meta-analysis of 2016.
N_UNITS = 82_248
# Answers missing at random, so that each outcome has quartiles of its own.
SHARE_MISSING = 0.05


def main() -> None:
    """Make the units, run one contestant, and print what it took."""
    contestant, (n_clusters, n_outcomes, n_draws, seed) = sys.argv[1], map(int, sys.argv[2:])
    frame = made_units(N_UNITS, n_clusters, n_outcomes)
    start = time.process_time()
    errors = {"ours": ours, "plain": plain}[contestant](frame, n_draws, np.random.default_rng(seed))
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "se": errors}))


def made_units(n_units: int, n_clusters: int, n_outcomes: int) -> pd.DataFrame:
    """Units with engagement on a grid (ties) and outcomes, a tenth of the variance between clusters of unequal size."""
    rng = np.random.default_rng(0)
    own = n_clusters == n_units
    shares = rng.dirichlet(np.full(n_clusters, 2.0))
    cluster = np.arange(n_units) if own else rng.choice(n_clusters, n_units, p=shares)
    engagement = shared(cluster, rng)
    entity = [f"unit {number}" for number in range(n_units)]
    outcomes = [
        pd.DataFrame(
            {
                "entity": entity,
                "cluster": cluster,
                "outcome": f"outcome {number}",
                "engagement": engagement.round(2),
                "value": 50 + 3 * engagement + 9 * shared(cluster, rng),
                "ratio_scale": True,
                "higher_is_better": True,
            }
        ).sample(frac=1 - SHARE_MISSING, random_state=rng)
        for number in range(n_outcomes)
    ]
    return pd.concat(outcomes, ignore_index=True)


def shared(cluster: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A standard normal measure per unit, a tenth of its variance between clusters."""
    return 0.1**0.5 * rng.normal(size=cluster.max() + 1)[cluster] + 0.9**0.5 * rng.normal(size=len(cluster))


def ours(frame: pd.DataFrame, n_draws: int, rng: np.random.Generator) -> list[float]:
    """Standard error of each raw gap by `quartile_gaps`, which also gives those in SD and in percent."""
    gaps = quartile_gaps(frame, rng=rng, n_boot=n_draws)
    return gaps.loc[gaps["scale"] == "raw", "se"].tolist()


def plain(frame: pd.DataFrame, n_draws: int, rng: np.random.Generator) -> list[float]:
    """Standard error of each raw gap by a loop over draws, as one writes it down."""
    return [plain_error(units, n_draws, rng) for _, units in frame.groupby("outcome")]


def plain_error(units: pd.DataFrame, n_draws: int, rng: np.random.Generator) -> float:
    """Draw clusters with replacement, cut, and take the gap; over and over."""
    rows = units.groupby("cluster").indices
    clusters = np.array(list(rows))
    gaps = []
    for _ in range(n_draws):
        if len(clusters) == len(units):
            drawn = units.sample(frac=1, replace=True, random_state=rng)
        else:
            drawn = units.iloc[np.concatenate([rows[cluster] for cluster in rng.choice(clusters, len(clusters))])]
        gaps.append(gap(drawn))
    return np.std(gaps, ddof=1) * (len(clusters) / (len(clusters) - 1)) ** 0.5


def gap(units: pd.DataFrame) -> float:
    """Mean value of the top quartile on engagement, less that of the bottom quartile."""
    p25, p75 = units["engagement"].quantile([0.25, 0.75])
    top, bottom = units["engagement"] >= p75, units["engagement"] <= p25
    return units.loc[top, "value"].mean() - units.loc[bottom, "value"].mean()


def peak_mb() -> float:
    """Peak memory of this process, Python and libraries included; ru_maxrss is in bytes on macOS, else in KB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main()
