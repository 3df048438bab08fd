"""Hunter's and Schmidt's corrections on simulated studies: is the truth given back? Writes result.csv in 4 minutes.

50 studies, true correlations normal around .40, both sides with reliabilities of .6 to .9 that are known for each
study; 1,000 meta-analyses per cell. `covered` is the share of true correlations that the 80 % credibility interval
holds (80 is meant; where they do not differ, 0 or 100 for each meta-analysis), `mean_covered` that of the 95 %
confidence intervals that hold .40.
"""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.artifact_corrections import individual_corrections
from helpers.stats.artifact_distributions import artifact_distributions

K, RHO, REPEATS = 50, 0.40, 1000
METHODS = {"individual": individual_corrections, "distributions": artifact_distributions}


def studies(rng: np.random.Generator, n: int, sd: float) -> pd.DataFrame:
    """Correlations of `n` bivariate normal units: from the normal matrix of sums of squares (Bartlett)."""
    rxx, ryy = rng.uniform(0.6, 0.9, (2, K))
    r = np.clip(rng.normal(RHO, sd, K), -0.99, 0.99) * np.sqrt(rxx * ryy)
    first, second, cross = rng.chisquare(n - 1, K) ** 0.5, rng.chisquare(n - 2, K) ** 0.5, rng.normal(size=K)
    along, across = r * first + np.sqrt(1 - r**2) * cross, np.sqrt(1 - r**2) * second
    return pd.DataFrame({"study": range(K), "r": along / np.hypot(along, across), "n": n, "rxx": rxx, "ryy": ryy})


def cell(seed: np.random.SeedSequence, n: int, sd: float) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    drawn = [studies(rng, n, sd) for _ in range(REPEATS)]
    rows = []
    for name, method in METHODS.items():
        found = pd.concat([method(frame, interval="t", unbiased_variance=True) for frame in drawn])
        low, high = ((found[f"cr_{end}"] - RHO).to_numpy() for end in ("low", "high"))
        covered = stats.norm.cdf(high / sd) - stats.norm.cdf(low / sd) if sd else (low <= 0) & (high >= 0)
        mean_covered = (found["ci_low"] <= RHO) & (found["ci_high"] >= RHO)
        row = {"method": name, "n": n, "sd_rho": sd, "bias_rho": found["estimate"].mean() - RHO}
        row |= {"bias_sd": found["sd_rho"].mean() - sd, "covered": 100 * covered.mean()}
        rows.append(row | {"mean_covered": 100 * mean_covered.mean()})
    return rows


if __name__ == "__main__":
    cells = list(product((40, 100, 300), (0.0, 0.05, 0.10, 0.20)))
    seeds = np.random.SeedSequence(40).spawn(len(cells))
    table = pd.DataFrame([row for seed, (n, sd) in zip(seeds, cells, strict=True) for row in cell(seed, n, sd)])
    table.round(4).to_csv(Path(__file__).with_name("result.csv"), index=False)
