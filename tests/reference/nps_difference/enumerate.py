"""Exact coverage of three intervals of a difference of two NPS: `python enumerate.py` writes result.csv (seconds).

All outcomes of two trinomials, over all pairs of shares p, d in {.05, .2, .4, .6} that leave passives, and (.6, .4).
"""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import multinomial, norm

from helpers.stats.nps import nps, nps_interval, nps_se, square_and_add

GRID = (0.05, 0.2, 0.4, 0.6)
SHARES = [(p, d) for p, d in product(GRID, GRID) if p + d < 0.99] + [(0.6, 0.4)]
SIZES = [(10, 10), (10, 30), (10, 50), (20, 20), (30, 30)]


def outcomes(n):
    return np.array([(p, n - p - d, d) for p in range(n + 1) for d in range(n + 1 - p)])


def chances(table, p, d):
    return multinomial.pmf(table, table[0].sum(), [p, max(1 - p - d, 0), d])


def pairs(first, second):
    """Every outcome of the first sample beside every outcome of the second, as columns and rows."""
    return [column[:, None] for column in first.T], [row[None, :] for row in second.T]


def intervals(first, second):
    one, two = pairs(first, second)
    limits = nps_interval(*one), nps_interval(*two)
    centres, halves = zip(*[((high + low) / 2, (high - low) / 2) for low, high in limits], strict=True)
    difference, half = nps(*one) - nps(*two), norm.ppf(0.975) * np.hypot(nps_se(*one, ddof=1), nps_se(*two, ddof=1))
    adjusted = centres[0] - centres[1]
    return {
        "square_and_add": square_and_add(nps(*one), limits[0], nps(*two), limits[1]),
        "z_se": (difference - half, difference + half),
        "adjusted_wald": (adjusted - np.hypot(*halves), adjusted + np.hypot(*halves)),
    }


def coverage(sizes):
    tables = [outcomes(n) for n in sizes]
    found = []
    for name, (low, high) in intervals(*tables).items():
        cells = []
        for first, second in product(SHARES, SHARES):
            truth = 100 * (first[0] - first[1] - second[0] + second[1])
            inside = (low - 1e-9 <= truth) & (truth <= high + 1e-9)
            cells.append(chances(tables[0], *first) @ inside @ chances(tables[1], *second))
        found.append({"n1": sizes[0], "n2": sizes[1], "interval": name, "lowest": min(cells), "mean": np.mean(cells)})
    return found


if __name__ == "__main__":
    table = pd.DataFrame([row for sizes in SIZES for row in coverage(sizes)]).round({"lowest": 4, "mean": 4})
    table.to_csv(Path(__file__).with_name("result.csv"), index=False)
