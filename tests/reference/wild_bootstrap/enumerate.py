"""The wild cluster bootstrap by loops over all sign vectors: `python enumerate.py` writes expected.json (minutes).

Straight from Roodman, MacKinnon, Nielsen and Webb (2019), sections 3 and 4: full dummy regression, restricted fit, one
refit per draw, t with CR1 errors, null values by bisection. Where the package wildboottest is installed, its p-values
stand beside (0.3.2; it counts draws strictly farther than the data, and leaves rounding to decide on the ties).
"""

import json
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from make import grunfeld, wage_holes  # noqa: E402

LEVEL = 0.05


def with_lags(panel, column, lags):
    """Value that many years earlier, by looking every row up."""
    known = {(row.entity, row.time): getattr(row, column) for row in panel.itertuples()}
    for lag in lags:
        panel[f"lag{lag}"] = [known.get((row.entity, row.time - lag), np.nan) for row in panel.itertuples()]
    return panel.dropna()


def design(panel, columns):
    dummies = [pd.get_dummies(panel["entity"]), pd.get_dummies(panel["time"]).iloc[:, 1:]]
    return np.hstack([panel[columns].to_numpy(float), *(table.to_numpy(float) for table in dummies)])


class Model:
    def __init__(self, x, y, clusters, restriction):
        self.x, self.y, self.c = x, y, restriction
        self.bread = np.linalg.inv(x.T @ x)
        self.rows = [np.flatnonzero(clusters == one) for one in np.unique(clusters)]
        self.signs = list(product([-1.0, 1.0], repeat=len(self.rows)))

    def t(self, y, null):
        beta = self.bread @ (self.x.T @ y)
        e = y - self.x @ beta
        meat = sum(np.outer(s, s) for s in (self.x[rows].T @ e[rows] for rows in self.rows))
        return (self.c @ beta - null) / np.sqrt(self.c @ self.bread @ meat @ self.bread @ self.c)

    def p(self, null):
        beta = self.bread @ (self.x.T @ self.y)
        along = self.bread @ self.c
        beta = beta - along * (self.c @ beta - null) / (self.c @ along)
        fitted, e = self.x @ beta, self.y - self.x @ beta
        t, n_far = abs(self.t(self.y, null)), 0
        for signs in self.signs:
            v = np.empty(len(e))
            for rows, sign in zip(self.rows, signs, strict=True):
                v[rows] = sign
            n_far += abs(self.t(fitted + v * e, null)) >= t * (1 - 1e-9)
        return n_far / len(self.signs)

    def limit(self, direction):
        """From the estimate outwards in steps of a quarter of a standard error, then by bisection."""
        estimate = self.c @ self.bread @ self.x.T @ self.y
        step = abs(estimate / self.t(self.y, 0.0)) / 4
        outer = 1
        while self.p(estimate + direction * outer * step) > LEVEL:
            outer += 1
        inner, outer = outer - 1.0, float(outer)
        while outer - inner > 1e-7:
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if self.p(estimate + direction * middle * step) > LEVEL else (inner, middle)
        return estimate + direction * outer * step


def package_p(x, y, clusters, restriction):
    try:
        from wildboottest.wildboottest import WildboottestCL
    except ImportError:
        return None
    boot = WildboottestCL(X=x, Y=y, cluster=clusters, R=restriction, B=9999, seed=1)
    boot.get_scores(bootstrap_type="11", impose_null=True)
    boot.get_weights(weights_type="rademacher")
    boot.get_numer()
    boot.get_denom()
    boot.get_tboot()
    boot.get_vcov()
    boot.get_tstat()
    boot.get_pvalue(pval_type="two-tailed")
    strictly = np.abs(boot.t_boot) > np.abs(boot.t_stat) * (1 + 1e-9)
    return {"p_value": float(boot.pvalue), "p_without_ties": float(np.mean(strictly)), "n_draws": len(boot.t_boot)}


def answer(panel, y, columns, cluster, weights):
    x, clusters = design(panel, columns), pd.factorize(panel[cluster])[0]
    restriction = np.concatenate([weights, np.zeros(x.shape[1] - len(weights))])
    model = Model(x, panel[y].to_numpy(float), clusters, restriction)
    found = {"p_value": model.p(0.0), "ci_low": model.limit(-1), "ci_high": model.limit(1)}
    package = package_p(x, panel[y].to_numpy(float), clusters, restriction)
    return {"n_draws": len(model.signs), **found, "wildboottest": package}


if __name__ == "__main__":
    firms = with_lags(grunfeld(), "value", [1, 2])
    lags = ["value", "lag1", "lag2", "capital"]
    wages = wage_holes()
    wages["hours"] /= 1000
    wages = wages[wages["group"] < 10]
    persons = with_lags(wages, "hours", [1])
    persons = persons[persons.groupby("entity")["time"].transform("size") > 1]
    answers = {
        "firms, lag 2": answer(firms, "invest", lags, "entity", [0, 0, 1, 0]),
        "firms, cumulative": answer(firms, "invest", lags, "entity", [1, 1, 1, 0]),
        "groups, lag 0": answer(persons, "lwage", ["hours", "lag1", "union"], "group", [1, 0, 0]),
        "groups, lag 1": answer(persons, "lwage", ["hours", "lag1", "union"], "group", [0, 1, 0]),
    }
    (HERE / "expected.json").write_text(json.dumps(answers, indent=1) + "\n")
