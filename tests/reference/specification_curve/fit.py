"""A specification curve by statsmodels: `python fit.py` writes data.csv, curve.csv and expected.json (minutes).

Six units, eight years, holes in x, y and the number of answers. Every specification is one weighted regression on plain
dummies with errors clustered by unit, times the root of G/(G-1) · (n-1)/(n-K), K = lags + years. Five units were
observed in the same years and exchange their histories of x in all 120 ways, the sixth keeps its own; every arrangement
is the whole curve again.
"""

import json
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

HERE = Path(__file__).parent
UNITS, YEARS, LAG, LAGS = "abcdef", range(2001, 2010), 1, (0, 1)


def made():
    rng, rows = np.random.default_rng(14), []
    for number, unit in enumerate(UNITS):
        x = np.round(rng.normal(size=len(YEARS)).cumsum() * 0.7, 2)
        for t, year in enumerate(YEARS):
            y = round(0.3 * x[t - 1] * (t > 0) + rng.normal() + year % 3, 2)
            rows.append({"entity": unit, "time": year, "x": x[t], "y": y, "n": int(rng.integers(5, 40)) * (number + 1)})
    panel = pd.DataFrame(rows)
    panel.loc[(panel["entity"] == "f") & (panel["time"] == 2005), "x"] = np.nan
    panel.loc[(panel["entity"] == "b") & (panel["time"] == 2007), "y"] = np.nan
    panel.loc[(panel["entity"] == "c") & (panel["time"] == 2004), "n"] = np.nan
    return panel


def choices(panel):
    largest = panel.groupby("entity")["n"].sum().sort_values(ascending=False).index[:3]
    samples = [("all", None), ("without_first_period", None), ("without_last_period", None)]
    samples += [("without_unit", unit) for unit in largest]
    return list(product([(1,), (0, 1)], ("equal", "n"), samples, ("none", "unit"), ("levels", "differences")))


def pruned(rows, least):
    n_rows = -1
    while n_rows != (n_rows := len(rows)):
        rows = rows[rows.groupby("entity")["time"].transform("size") >= least]
        rows = rows[rows.groupby("time")["time"].transform("size") >= 2]
    return rows


def complete_rows(panel, lags, measure):
    found = {name: {(row.entity, row.time): getattr(row, name) for row in panel.itertuples()} for name in ("x", "y")}

    def value(name, unit, time):
        now = found[name].get((unit, time), np.nan)
        return now if measure == "levels" else now - found[name].get((unit, time - 1), np.nan)

    rows = panel.assign(outcome=[value("y", row.entity, row.time) for row in panel.itertuples()])
    for lag in lags:
        rows[f"lag {lag}"] = [value("x", row.entity, row.time - lag) for row in panel.itertuples()]
    return rows.dropna(subset=["outcome", *(f"lag {lag}" for lag in lags)])


def fit(panel, lags, weights, sample, trends, measure):
    rows = complete_rows(panel, lags, measure)
    rows = rows[rows["n"] > 0] if weights == "n" else rows
    rows = rows[rows["entity"] != sample[1]]
    least = {("levels", "none"): 2, ("levels", "unit"): 3, ("differences", "none"): 1, ("differences", "unit"): 2}
    rows = pruned(rows, least[measure, trends])
    edge = {"without_first_period": rows["time"].min(), "without_last_period": rows["time"].max()}.get(sample[0])
    rows = pruned(rows[rows["time"] != edge], least[measure, trends])
    unit, year = (pd.get_dummies(rows[name]).astype(float) for name in ("entity", "time"))
    columns = [rows[[f"lag {lag}" for lag in lags]], year]
    if measure == "levels" or trends == "unit":
        columns.append(unit.iloc[:, 1:])
    if (measure, trends) == ("levels", "unit"):
        columns.append(unit.mul(rows["time"] - 2005, axis=0).iloc[:, 1:])
    design = np.hstack(columns)
    by = rows["n"] if weights == "n" else np.ones(len(rows))
    found = sm.WLS(rows["outcome"].to_numpy(), design, weights=by).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["entity"])[0], "use_correction": False}
    )
    g, n, k = rows["entity"].nunique(), len(rows), len(lags) + rows["time"].nunique()
    at = lags.index(LAG)
    return found.params[at], found.bse[at] * np.sqrt(g / (g - 1) * (n - 1) / (n - k)), n, g


def sd_ratio(panel):
    rows = pruned(complete_rows(panel, (0,), "levels"), 2)
    dummies = pd.get_dummies(rows[["entity", "time"]].astype(str)).astype(float)
    return sm.OLS(rows["x"], dummies).fit().resid.std() / sm.OLS(rows["y"], dummies).fit().resid.std()


def curve(panel):
    return np.array([fit(panel, *one) for one in choices(panel)])


def joint(found, ratio):
    estimate, se, _, g = found.T
    expected = estimate > 0
    significant = expected & (np.abs(estimate / se) > stats.t.ppf(0.975, g - 1))
    return np.median(estimate) * ratio, expected.mean(), significant.mean()


def exchanged(panel, order):
    owner, x = dict(zip(UNITS, order, strict=True)), panel.set_index(["entity", "time"])["x"]
    return panel.assign(x=[x[owner[row.entity], row.time] for row in panel.itertuples()])


if __name__ == "__main__":
    panel = made()
    panel.to_csv(HERE / "data.csv", index=False)
    found, ratio = curve(panel), sd_ratio(panel)
    named = [(", ".join(map(str, lags)), by, *sample, trends, measure)
             for lags, by, sample, trends, measure in choices(panel)]  # fmt: skip
    table = pd.DataFrame(named, columns=["lags", "weights", "sample", "left_out", "trends", "measure"])
    table[["estimate", "se", "n", "n_clusters"]] = found
    table.to_csv(HERE / "curve.csv", index=False)
    own = joint(found, ratio)
    every = np.array([joint(curve(exchanged(panel, [*order, "f"])), ratio) for order in permutations("abcde")])
    p = [np.mean(np.abs(every[:, at]) >= abs(own[at]) * (1 - 1e-9)) for at in range(3)]
    names = ("median", "share_expected_sign", "share_significant")
    answer = {
        name: {"estimate": value, "p_value": share, "under_null": mean}
        for name, value, share, mean in zip(names, own, p, every.mean(axis=0), strict=True)
    }
    (HERE / "expected.json").write_text(json.dumps(answer, indent=1) + "\n")
