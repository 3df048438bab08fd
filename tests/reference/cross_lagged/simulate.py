"""What the cross-lagged model gives back of a known truth: `python tests/reference/cross_lagged/simulate.py`.

x answers to y of the period before (.3); both have levels that correlate .5, and are AR(.4) around them. The effect of
x on y at the lag asked about is estimated by the cross-lagged model, and by two-way fixed effects with and without y's
own lag on the same panels. Writes result.csv: one row per design and estimator. About three minutes on two idle cores.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "stats"))

from made_waves import Design, made  # noqa: E402

from helpers.stats.cluster_robust import linear_combinations  # noqa: E402
from helpers.stats.cross_lagged import cross_lagged  # noqa: E402
from helpers.stats.estimates import NotApplicable  # noqa: E402
from helpers.stats.lag_profile import lag_profile  # noqa: E402
from helpers.stats.own_past import dynamic_combinations, dynamic_sample  # noqa: E402
from helpers.stats.two_way import two_way_fit  # noqa: E402

N_PANELS = 200
# Fixed effects are told on the first of them.
N_COMPARED = 50


DESIGNS = (
    Design(200, 5),
    Design(200, 5, effects=(0.2, 0.0)),
    Design(192, 5, n_clusters=24),
    Design(200, 5, unlike=0.4),
    Design(200, 5, effects=(0.0, 0.2), lag=2),
    Design(50, 5),
    Design(50, 5, unlike=0.4),
    Design(40, 4),
    Design(30, 3),
    Design(200, 3),
    Design(200, 5, effects=(0.2, 0.0), error=0.5),
    Design(200, 5, effects=(0.2, 0.0), lag=2),
)


def with_own_lag(panel: pd.DataFrame, lags: list[int]) -> pd.DataFrame:
    """Two-way fixed effects with y's own lag, CR2."""
    sample, _, _ = dynamic_sample(panel, x="x", y="y", lags=lags)
    fit = two_way_fit(sample, "y", ["y_lag1", *(f"x_lag{lag}" for lag in lags)], cluster="group")
    return linear_combinations(fit, dynamic_combinations(fit.coefficients.index, x="x", lags=lags, own_lags=1))


def told(panel: pd.DataFrame, design: Design, *, compare: bool) -> list[dict]:
    """Row of the lag asked about, by each estimator that applies."""
    past, rows = list(range(1, design.lag + 1)), []
    model = {"x": "x", "y": "y", "cluster": "group"}
    estimators = [("cross-lagged", f"forward lag {past[-1]}", lambda: cross_lagged(panel, **model, lag=design.lag))]
    if compare:
        estimators += [
            ("two-way", f"lag {past[-1]}", lambda: lag_profile(panel, **model, lags=[0, *past], lead=False)),
            ("two-way with own lag", f"lag {past[-1]}", lambda: with_own_lag(panel, past)),
        ]
    for name, term, estimate in estimators:
        try:
            table = estimate()
        except NotApplicable:
            continue
        fit = table.attrs.get("fit", {}).get("p_value", np.nan)
        rows.append(table.set_index("term").loc[term].to_dict() | {"estimator": name, "fit": fit})
    return rows


def answers(design: Design) -> list[dict]:
    """Bias, spread, coverage and share significant of each estimator; share of fits refused at 5 percent."""
    number = DESIGNS.index(design)
    rows = [
        row
        for i, rng in enumerate(np.random.default_rng([17, number]).spawn(N_PANELS))
        for row in told(made(rng, design), design, compare=i < N_COMPARED)
    ]
    truth = design.effects[design.lag - 1]
    about = {"n_units": design.n_units, "n_waves": design.n_waves, "lag": design.lag, "truth": truth}
    about |= {"effects": "/".join(map(str, design.effects)), "unlike": design.unlike, "error": design.error}
    about["n_clusters"] = design.n_clusters or design.n_units
    return [
        about | summary(part, truth) | {"estimator": name} for name, part in pd.DataFrame(rows).groupby("estimator")
    ]


def summary(part: pd.DataFrame, truth: float) -> dict[str, float]:
    """Figures over the panels that gave an estimate."""
    held = part["ci_low"].le(truth) & part["ci_high"].ge(truth)
    return {
        **{"n_told": len(part), "bias": part["estimate"].mean() - truth, "sd": part["estimate"].std()},
        **{"coverage": held.mean(), "significant": part["p_value"].lt(0.05).mean()},
        "misfit": part["fit"].lt(0.05).mean() if part["fit"].notna().any() else np.nan,
    }


if __name__ == "__main__":
    rows = []
    with ProcessPoolExecutor(2) as pool:
        for found in pool.map(answers, DESIGNS):
            rows += found
            pd.DataFrame(rows).round(3).to_csv(HERE / "result.csv", index=False)
