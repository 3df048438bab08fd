"""What the checks of a lag model give back of a known truth: `python tests/reference/dynamic_panel/simulate.py`.

x answers to y of the period before (.3) and does nothing to y; both are AR(.4) beside that, with levels of their own. β
is the effect of x at lag 1 beside y's own lag. Writes result.csv: one row per estimator and design. About two minutes.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "validation"))

from check_looks import DYNAMIC_TRUTH, estimators  # noqa: E402
from made_panels import with_feedback  # noqa: E402

N_PANELS = 100
DESIGNS = ((20, 8), (20, 10), (20, 15), (100, 6))


def design(n_units: int, n_times: int) -> list[dict]:
    """Bias, spread and coverage of each estimator."""
    tables = []
    for rng in np.random.default_rng([n_units, n_times]).spawn(N_PANELS):
        found = estimators(with_feedback(rng, n_units, n_times))
        tables += [table.assign(estimator=name) for name, table in found.items()]
    rows = pd.concat(tables, ignore_index=True)
    rows = rows[rows["term"].isin(DYNAMIC_TRUTH)].assign(truth=lambda table: table["term"].map(DYNAMIC_TRUTH))
    rows["error"] = rows["estimate"] - rows["truth"]
    rows["held"] = rows["truth"].between(rows["ci_low"], rows["ci_high"]).where(rows["ci_low"].notna())
    return [
        {
            **{"n_units": n_units, "n_times": n_times, "estimator": name, "term": term, "n_told": len(part)},
            **{"bias": part["error"].mean(), "sd": part["error"].std(), "coverage": part["held"].astype(float).mean()},
        }
        for (name, term), part in rows.groupby(["estimator", "term"])
    ]


if __name__ == "__main__":
    table = pd.DataFrame([row for one in DESIGNS for row in design(*one)])
    table.round(3).to_csv(HERE / "result.csv", index=False)
