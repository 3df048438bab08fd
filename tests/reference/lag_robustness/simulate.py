"""What the checks around a lag claim give back of a known truth: `python tests/reference/lag_robustness/simulate.py`.

Units over years, AR(.4) series, effects of x on y at lags 0-3; errors of x are independent, of equal size, and known.
Writes result.csv: one row per check and design. About five minutes on one core.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "stats"))

from made_panels import made_panel  # noqa: E402

from helpers.stats import errors_in_variables, unit_slopes  # noqa: E402
from helpers.stats.claimed_lag import headline  # noqa: E402
from helpers.stats.direction_difference import direction_difference  # noqa: E402

N_PANELS = 500
N_UNITS = 20
EFFECT = 0.3
CLAIM = {"x": "x", "y": "y", "lag": 2}


def rngs(*design: float) -> list[np.random.Generator]:
    return np.random.default_rng([int(100 * number) for number in design]).spawn(N_PANELS)


def measurement_error(reliability: float, n_times: int) -> list[dict]:
    """Naive, and corrected with and without the floor on the combination of lags measured worst."""
    se, rows = np.sqrt((1 - reliability) / reliability / (1 - 0.4**2)), []
    floor, errors_in_variables.MIN_RELIABILITY = errors_in_variables.MIN_RELIABILITY, -np.inf
    for rng in rngs(reliability, n_times):
        panel = made_panel(rng, N_UNITS, n_times, effects=(0, 0, EFFECT, 0))
        panel = panel.assign(x=panel["x"] + se * rng.normal(size=len(panel)), x_se=se)
        table = errors_in_variables.corrected_lags(panel, **CLAIM, x_se="x_se")
        chosen = table[table["lag"] == CLAIM["lag"]].assign(worst=table.attrs["worst_reliability"])
        rows += chosen.to_dict("records")
    errors_in_variables.MIN_RELIABILITY = floor
    table, about = pd.DataFrame(rows), {"reliability": reliability, "n_times": n_times, "truth": EFFECT}
    naive, corrected = (table[table["model"] == name] for name in errors_in_variables.MODELS)
    kept = corrected[corrected["worst"] >= floor]
    names = {"naive": naive, "corrected, no floor": corrected, "corrected": kept}
    return [{"check": name, **about, **summary(part, EFFECT)} for name, part in names.items()]


def directions(n_times: int) -> dict:
    """Neither leads: the interval of the difference should hold zero."""
    rows = []
    for rng in rngs(1, n_times):
        table = direction_difference(made_panel(rng, N_UNITS, n_times, effects=(0,)), **CLAIM)
        row = table.iloc[2]
        rows.append({name: row[f"{name}_sd"] for name in ("estimate", "se", "ci_low", "ci_high")})
    return {"check": "difference", "n_times": n_times, "truth": 0.0, **summary(pd.DataFrame(rows), 0.0)}


def slopes(n_times: int) -> dict:
    """All units have one slope: the mean group should hold it, and the test should seldom reject."""
    rows = []
    for rng in rngs(2, n_times):
        table = unit_slopes.unit_slopes(headline(made_panel(rng, N_UNITS, n_times, effects=(0, 0, EFFECT)), **CLAIM))
        rows += unit_slopes.mean_group(table).to_dict("records")
    table = pd.DataFrame(rows)
    found = {"check": "mean group", "n_times": n_times, "truth": EFFECT, **summary(table, EFFECT)}
    return found | {"rejects_equal_slopes": table["q_p_value"].lt(0.05).mean()}


def summary(table: pd.DataFrame, truth: float) -> dict:
    covered = table["ci_low"].le(truth) & table["ci_high"].ge(truth)
    spread = table["estimate"].std() / table["se"].median()
    return {
        "share_told": len(table) / N_PANELS,
        "median": table["estimate"].median(),
        "coverage": covered.mean(),
        "sd_over_se": spread,
    }


if __name__ == "__main__":
    rows = [
        row for reliability in (0.8, 0.6) for n_times in (8, 12, 15) for row in measurement_error(reliability, n_times)
    ]
    rows += [directions(n_times) for n_times in (8, 12, 15)]
    rows += [slopes(n_times) for n_times in (13, 15, 20)]
    pd.DataFrame(rows).round(3).to_csv(HERE / "result.csv", index=False)
