"""Do models with an own past give the whole response back? `python tests/reference/whole_response/simulate.py`.

y is .6 of its own past and .5 of x a period before, x AR(.5), both with levels of their own: two periods later .30 of a
point of x is left, all of it passed on by y. Writes result.csv: bias, spread and coverage of 95 % intervals at lag 2 by
difference GMM, half-panel jackknife, cross-lagged model and the headline without an own past. About two minutes.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.stats.cross_lagged import cross_lagged
from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.estimates import NotApplicable
from helpers.stats.half_panel import half_panel
from helpers.stats.lag_profile import lag_profile

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "stats"))

from made_panels import passed_on  # noqa: E402

N_PANELS, TRUTH = 200, 0.30
LAGS = (0, 1, 2)
XY = {"x": "x", "y": "y"}
METHODS = {
    "difference GMM": lambda panel: (dynamic_panel(panel, **XY, lags=LAGS).estimates, "response 2"),
    "half-panel jackknife": lambda panel: (half_panel(panel, **XY, lags=LAGS), "response 2"),
    "cross-lagged model": lambda panel: (cross_lagged(panel, **XY, lag=2), "response lag 2"),
    "headline": lambda panel: (lag_profile(panel, **XY, lags=LAGS, lead=False), "lag 2"),
}
DESIGNS = ((24, 14), (100, 9), (200, 6))


def found(method: str, panel: pd.DataFrame) -> dict[str, float]:
    """Estimate and interval of one method in one panel; nothing where it does not apply."""
    try:
        table, term = METHODS[method](panel)
    except NotApplicable:
        return {}
    return table.loc[table["term"] == term, ["estimate", "ci_low", "ci_high"]].iloc[0].to_dict()


def design(n_units: int, n_times: int) -> list[dict[str, object]]:
    """Errors of every method."""
    panels = [passed_on(rng, n_units, n_times) for rng in np.random.default_rng([n_units, n_times]).spawn(N_PANELS)]
    rows = []
    for method in METHODS:
        told = pd.DataFrame([row for panel in panels if (row := found(method, panel))])
        if told.empty:
            continue
        error = told["estimate"] - TRUTH
        held = (told["ci_low"] <= TRUTH) & (told["ci_high"] >= TRUTH)
        figures = {"bias": error.mean(), "sd": error.std(), "coverage": held.mean(), "n_told": len(told)}
        rows.append({"n_units": n_units, "n_times": n_times, "method": method} | figures)
    return rows


if __name__ == "__main__":
    table = pd.DataFrame([row for one in DESIGNS for row in design(*one)])
    table.round(3).to_csv(HERE / "result.csv", index=False)
