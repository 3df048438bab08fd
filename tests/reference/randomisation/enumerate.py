"""A randomisation test by loops: `python enumerate.py` writes data.csv and expected.json (seconds).

Five units with the same observed periods exchange their histories of x in all 120 ways, a sixth with a gap keeps its
own; every arrangement is a full dummy regression with lags 0 and 1, and t has CR1 errors.
"""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
UNITS, YEARS, LAG = "abcdef", range(2001, 2010), 1


def made():
    rng = np.random.default_rng(8)
    rows = []
    for unit in UNITS:
        before = 0.0
        for year in YEARS:
            x = round(rng.normal() + 0.5 * before, 2)
            rows.append({"entity": unit, "time": year, "x": x, "y": round(0.4 * before + rng.normal() + year % 3, 2)})
            before = x
    panel = pd.DataFrame(rows)
    panel.loc[(panel["entity"] == "f") & (panel["time"] == 2005), "x"] = np.nan
    # A gap of y does not keep a unit from exchanging its x.
    panel.loc[(panel["entity"] == "b") & (panel["time"] == 2007), "y"] = np.nan
    return panel


def t_statistic(panel, owner):
    x = {(row.entity, row.time): row.x for row in panel.itertuples()}
    cells = []
    for row in panel.itertuples():
        now, before = (x.get((owner[row.entity], row.time - lag), np.nan) for lag in (0, 1))
        cells.append((row.entity, row.time, row.y, now, before))
    rows = pd.DataFrame(cells, columns=["entity", "time", "y", "now", "before"]).dropna()
    dummies = [pd.get_dummies(rows["entity"]), pd.get_dummies(rows["time"]).iloc[:, 1:]]
    design = np.hstack([rows[["now", "before"]], *dummies]).astype(float)
    bread = np.linalg.inv(design.T @ design)
    slopes = bread @ design.T @ rows["y"]
    e = rows["y"].to_numpy() - design @ slopes
    meat = 0.0
    for unit in rows["entity"].unique():
        own = (rows["entity"] == unit).to_numpy()
        score = design[own].T @ e[own]
        meat = meat + np.outer(score, score)
    n, n_units, n_parameters = len(rows), rows["entity"].nunique(), 2 + rows["time"].nunique()
    factor = n_units / (n_units - 1) * (n - 1) / (n - n_parameters)
    return slopes[LAG] / np.sqrt(factor * (bread @ meat @ bread)[LAG, LAG])


if __name__ == "__main__":
    panel = made()
    panel.to_csv(HERE / "data.csv", index=False)
    own = t_statistic(panel, dict(zip(UNITS, UNITS, strict=True)))
    every = [t_statistic(panel, dict(zip(UNITS, [*order, "f"], strict=True))) for order in permutations("abcde")]
    p = np.mean([abs(t) >= abs(own) * (1 - 1e-9) for t in every])
    answer = {"statistic": own, "p_value": p, "n_draws": len(every), "n_permuted": 5}
    (HERE / "expected.json").write_text(json.dumps(answer, indent=1) + "\n")
