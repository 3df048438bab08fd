"""Size and power of the panel Granger test: `python simulate.py` writes result.csv (minutes).

20 units, AR(.4) x and errors, shocks that all units share in a period. Shares of panels rejected at 5 %: `bootstrap`
with both effects taken away first (the default), `raw` the same bootstrap without that, `zbar` and `ztilde` by the
normal distribution, on the raw series as their authors have it.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "validation"))

from check_looks import granger_p_values  # noqa: E402
from made_panels import made_panel  # noqa: E402

N_DRAWS = 199
NULL, EFFECT = (0.0,), (0.0, 0.3)
DESIGNS = [(9, 1, 1.0, NULL, 400), (14, 1, 1.0, NULL, 400), (12, 2, 1.0, NULL, 400), (14, 2, 1.0, NULL, 400)]
DESIGNS += [(14, 1, 0.93, NULL, 300), (14, 1, 1.0, EFFECT, 100), (14, 2, 1.0, EFFECT, 100)]


def summary(design):
    n_times, order, share_kept, effects, n_panels = design
    rng = np.random.default_rng(n_times)
    panels = (made_panel(rng, 20, n_times, effects, share_kept) for _ in range(n_panels))
    found = pd.DataFrame([granger_p_values(panel, order, rng, N_DRAWS) for panel in panels])
    about = {"periods": n_times, "order": order, "rows_kept": share_kept, "effect": effects[-1], "panels": n_panels}
    return about | (found <= 0.05).mean().round(4).to_dict()


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        rows = list(pool.map(summary, DESIGNS))
    pd.DataFrame(rows).to_csv(HERE / "result.csv", index=False)
