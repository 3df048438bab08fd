"""A search over lags by loops: `python enumerate.py` writes data.csv and expected.json (seconds).

Six units, lags 0 to 2 together in one dummy regression and each alone in one of its own, on the same rows. For every
lag its own null is imposed by leaving it out; residuals are flipped by all 64 patterns of signs of the units, and every
draw is a full refit with t by CR1. Around the estimates the same with the residuals of the full regression.
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
UNITS, YEARS, LAGS = "abcdef", range(2001, 2010), (0, 1, 2)


def made():
    rng, rows = np.random.default_rng(12), []
    for unit in UNITS:
        x = np.round(rng.normal(size=len(YEARS)), 2)
        for t, year in enumerate(YEARS):
            y = round(0.5 * x[t - 1] * (t > 0) + rng.normal() + year % 3, 2)
            rows.append({"entity": unit, "time": year, "x": x[t], "y": y})
    panel = pd.DataFrame(rows)
    return panel[~((panel["entity"] == "b") & (panel["time"] == 2008))].reset_index(drop=True)


def complete_rows(panel):
    x = {(row.entity, row.time): row.x for row in panel.itertuples()}
    for lag in LAGS:
        panel = panel.assign(**{f"lag {lag}": [x.get((row.entity, row.time - lag)) for row in panel.itertuples()]})
    return panel.dropna()


def fit(rows, y, names):
    dummies = [pd.get_dummies(rows["entity"]), pd.get_dummies(rows["time"]).iloc[:, 1:]]
    design = np.hstack([rows[names], *dummies]).astype(float)
    slopes = np.linalg.lstsq(design, y)[0]
    e = y - design @ slopes
    bread = np.linalg.inv(design.T @ design)
    meat = 0.0
    for unit in rows["entity"].unique():
        score = design[rows["entity"] == unit].T @ e[rows["entity"] == unit]
        meat = meat + np.outer(score, score)
    n_units, n_parameters = rows["entity"].nunique(), len(names) + rows["time"].nunique()
    factor = n_units / (n_units - 1) * (len(rows) - 1) / (len(rows) - n_parameters)
    se = np.sqrt(factor * np.diag(bread @ meat @ bread))[: len(names)]
    return slopes[: len(names)], slopes[: len(names)] / se, se, design @ slopes, e


def draws(rows, names, lag, null):
    """Absolute t of the lag in each of the 64 draws, with its own null imposed or around the estimates."""
    y = rows["y"].to_numpy()
    _, _, _, fitted, e = fit(rows, y, [name for name in names if name != lag] if null else names)
    found = []
    for signs in product((1.0, -1.0), repeat=len(UNITS)):
        flip = rows["entity"].map(dict(zip(UNITS, signs, strict=True))).to_numpy()
        found.append(abs(fit(rows, fitted + flip * e, names)[1][names.index(lag)]))
    return found


def search(rows, models):
    """`models` gives for every lag the lags that stand in its regression."""
    own, null, around, tables = [], [], [], {}
    for lag, names in models.items():
        slopes, t, se, _, _ = fit(rows, rows["y"].to_numpy(), names)
        at = names.index(lag)
        own.append(abs(t[at]))
        null.append(draws(rows, names, lag, null=True))
        around.append(draws(rows, names, lag, null=False))
        tables[lag] = {"estimate": slopes[at], "se": se[at], "statistic": t[at]}
    null, own, last = np.array(null), np.array(own), 0.0
    remaining, winners = list(np.argsort(-own)), np.argmax(around, axis=0)
    for lag, t, reached in zip(models, own, null, strict=True):
        tables[lag]["p_uncorrected"] = np.mean(reached >= t * (1 - 1e-9))
        tables[lag]["share_largest"] = np.mean(winners == list(models).index(lag))
    while remaining:
        first = remaining[0]
        last = max(last, np.mean(null[remaining].max(axis=0) >= own[first] * (1 - 1e-9)))
        tables[list(models)[first]]["p_value"] = last
        remaining = remaining[1:]
    return tables


if __name__ == "__main__":
    panel = made()
    panel.to_csv(HERE / "data.csv", index=False)
    rows, names = complete_rows(panel), [f"lag {lag}" for lag in LAGS]
    answer = {
        "together": search(rows, dict.fromkeys(names, names)),
        "alone": search(rows, {name: [name] for name in names}),
    }
    (HERE / "expected.json").write_text(json.dumps(answer, indent=1) + "\n")
