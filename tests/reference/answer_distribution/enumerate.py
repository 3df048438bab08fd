"""Intervals of three shares that hold together: `python enumerate.py` writes expected.json and result.csv (seconds).

expected.json: Goodman's intervals by solving his quadratic for the bounds, on the answers of data.csv with and without
weights. result.csv: exact chance that all three intervals hold, over all outcomes of a trinomial, for the intervals
of Goodman and of Sison and Glaz (statsmodels), lowest and mean over shares in {.05, .2, .4, .6} and (.8, .1).
"""

import json
import warnings
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2, multinomial
from statsmodels.stats.proportion import multinomial_proportions_confint

HERE = Path(__file__).parent
SIZES = (10, 20, 50)
GRID = (0.05, 0.2, 0.4, 0.6)
SHARES = [(p, d) for p, d in product(GRID, GRID) if p + d < 0.99] + [(0.8, 0.1)]


def made():
    rng = np.random.default_rng(15)
    answers = rng.choice(11, 70, p=np.array([1, 0, 1, 1, 1, 3, 4, 8, 9, 7, 6]) / 41)
    return pd.DataFrame({"recommend": answers, "weight": np.round(np.exp(rng.normal(0, 0.5, 70)), 3)})


def goodman(answers, weight):
    classes = [answers >= 9, (answers >= 7) & (answers <= 8), answers <= 6]
    n, quantile = weight.sum() ** 2 / (weight**2).sum(), chi2.ppf(1 - 0.05 / 3, 1)
    bounds = []
    for one in classes:
        share = weight[one].sum() / weight.sum()
        # (share - x)² = quantile x (1 - x) / n
        roots = np.roots([1 + quantile / n, -2 * share - quantile / n, share**2])
        bounds.append([float(share), *sorted(float(root) for root in roots.real)])
    return bounds


def held(n, method):
    outcomes = np.array([(a, n - a - b, b) for a in range(n + 1) for b in range(n + 1 - a)])
    with warnings.catch_warnings():
        # Sison and Glaz divide by the counts, which may be none.
        warnings.simplefilter("ignore", RuntimeWarning)
        limits = np.array([multinomial_proportions_confint(row, 0.05, method) for row in outcomes])
    chances = []
    for p, d in SHARES:
        truth = np.array([p, 1 - p - d, d])
        inside = ((limits[..., 0] <= truth + 1e-12) & (truth <= limits[..., 1] + 1e-12)).all(axis=1)
        chances.append(multinomial.pmf(outcomes, n, truth)[inside].sum())
    return {"n": n, "method": method, "lowest": min(chances), "mean": np.mean(chances)}


if __name__ == "__main__":
    data = made()
    data.to_csv(HERE / "data.csv", index=False)
    answers, weight = data["recommend"].to_numpy(), data["weight"].to_numpy()
    found = {"plain": goodman(answers, np.ones(len(answers))), "weighted": goodman(answers, weight)}
    found["counts"] = [int((answers == answer).sum()) for answer in range(11)]
    (HERE / "expected.json").write_text(json.dumps(found, indent=1) + "\n")
    rows = [held(n, method) for n in SIZES for method in ("goodman", "sison-glaz")]
    pd.DataFrame(rows).round(4).to_csv(HERE / "result.csv", index=False)
