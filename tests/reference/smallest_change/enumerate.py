"""Power at the smallest change, exactly: `python enumerate.py` writes expected.json and result.csv (half a minute).

expected.json: the change at which a two-sided z test has 80 % power, by root finding. result.csv: the shares of
promoters and detractors move by that change in equal parts; the chance that the interval of the change excludes zero on
the right side, over all outcomes of both trinomials, beside its size without a change.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import multinomial, norm

from helpers.stats.nps import nps, nps_interval, square_and_add

HERE = Path(__file__).parent
SIZES = [(10, 10), (15, 60), (30, 30), (60, 60)]
BEFORE = [(0.3, 0.3), (0.2, 0.4), (0.1, 0.2)]


def spread(p, d):
    return 100 * (p + d - (p - d) ** 2) ** 0.5


def by_root(first, second, n_before, n_now, power=0.8, level=0.95):
    se, z = np.hypot(first / n_before**0.5, second / n_now**0.5), norm.ppf(0.5 + level / 2)
    return brentq(lambda change: norm.sf(z - change / se) - power, 0, 1000, xtol=1e-12)


def moved(p, d, n_before, n_now):
    """The change at which the spreads before and after give that very change, and the shares after it."""

    def excess(change):
        return by_root(spread(p, d), spread(p + change / 200, d - change / 200), n_before, n_now) - change

    # At most as far as there are passives and detractors to move.
    most = 200 * min(1 - p - d, d)
    if excess(0) * excess(most) > 0:
        return None
    change = brentq(excess, 0, most)
    return change, p + change / 200, d - change / 200


def outcomes(n):
    return np.array([(a, n - a - b, b) for a in range(n + 1) for b in range(n + 1 - a)])


def rejects(before, now, n_before, n_now):
    """Chance that the interval of the change lies above zero, and that it lies off zero at all."""
    tables = outcomes(n_before), outcomes(n_now)
    chances = [
        multinomial.pmf(t, t[0].sum(), [p, 1 - p - d, d]) for t, (p, d) in zip(tables, (before, now), strict=True)
    ]
    old, new = ([c[:, None] for c in tables[0].T], [c[None, :] for c in tables[1].T])
    low, high = square_and_add(nps(*new), nps_interval(*new), nps(*old), nps_interval(*old))
    return chances[0] @ (low > 0) @ chances[1], chances[0] @ ((low > 0) | (high < 0)) @ chances[1]


if __name__ == "__main__":
    cases = [(75.0, 75.0, 10, 10), (75.0, 75.0, 30, 45), (80.0, 60.0, 100, 20), (2.1, 2.4, 12, 18)]
    names = ("spread_previous", "spread", "n_previous", "n")
    answers = [dict(zip(names, case, strict=True)) | {"change": by_root(*case)} for case in cases]
    (HERE / "expected.json").write_text(json.dumps(answers, indent=1) + "\n")
    rows = []
    for (n_before, n_now), shares in ((sizes, shares) for sizes in SIZES for shares in BEFORE):
        found = moved(*shares, n_before, n_now)
        row = {"n_before": n_before, "n_now": n_now, "p_before": shares[0], "d_before": shares[1]}
        row["size"] = rejects(shares, shares, n_before, n_now)[1]
        if found:
            row |= {"smallest": found[0], "power": rejects(shares, found[1:], n_before, n_now)[0]}
        rows.append(row)
    pd.DataFrame(rows).round(4).to_csv(HERE / "result.csv", index=False)
