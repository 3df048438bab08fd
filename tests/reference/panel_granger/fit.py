"""Dumitrescu-Hurlin by one statsmodels regression per firm: `python fit.py` writes expected.json (seconds).

Grunfeld's data as bundled with statsmodels, 11 firms, 1935-1954. In `gaps` some years are missing, so that firms have
different numbers of rows; in `period_effects` both series are first the residuals of a regression on dummies of firm
and year. Wald statistics are K times statsmodels' F; moments of Ztilde are those of F(K, d) as scipy gives them.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.datasets import grunfeld

HERE = Path(__file__).parent


def firms():
    data = grunfeld.load_pandas().data.rename(columns={"firm": "entity", "year": "time"})
    return data.astype({"time": int})[["entity", "time", "invest", "value"]]


def with_gaps(data):
    number = pd.factorize(data["entity"])[0]
    away = ((number % 4 == 1) & (data["time"] == 1941)) | ((number % 3 == 2) & (data["time"] > 1950))
    return data[~away].reset_index(drop=True)


def without_effects(data):
    dummies = pd.get_dummies(data[["entity", "time"]].astype(str), drop_first=True).astype(float)
    free = {name: sm.OLS(data[name], sm.add_constant(dummies)).fit().resid for name in ("invest", "value")}
    return data.assign(**free)


def unit_wald(firm, x, y, order):
    series = firm.set_index("time")
    columns = {f"{name}{lag}": series[name].reindex(series.index - lag).to_numpy()
               for name in (y, x) for lag in range(1, order + 1)}  # fmt: skip
    rows = pd.DataFrame(columns, index=series.index).assign(now=series[y]).dropna()
    fit = sm.OLS(rows["now"], sm.add_constant(rows.drop(columns="now"))).fit()
    tested = np.eye(2 * order + 1)[order + 1 :]
    return order * float(fit.f_test(tested).fvalue), len(rows)


def answers(data, x, y, order):
    found = [unit_wald(firm, x, y, order) for _, firm in data.groupby("entity")]
    wald, n = (np.array(values) for values in zip(*found, strict=True))
    moments = [stats.f(order, rows - 2 * order - 1).stats("mv") for rows in n]
    mean, variance = (np.array(values, float) for values in zip(*moments, strict=True))
    told = (wald - order * mean).sum() / np.sqrt((order**2 * variance).sum())
    return {"Wbar": wald.mean(), "Zbar": np.sqrt(len(n) / (2 * order)) * (wald.mean() - order), "Ztilde": told,
            "wald": wald.tolist(), "n": n.tolist()}  # fmt: skip


if __name__ == "__main__":
    data, told = firms(), {}
    for order in (1, 2):
        told[f"order {order}"] = answers(data, "value", "invest", order)
        told[f"reverse, order {order}"] = answers(data, "invest", "value", order)
        told[f"gaps, order {order}"] = answers(with_gaps(data), "value", "invest", order)
        told[f"period_effects, order {order}"] = answers(without_effects(data), "value", "invest", order)
    (HERE / "expected.json").write_text(json.dumps(told, indent=1) + "\n")
