"""Size and power of the test of a specification curve: `python simulate.py` writes result.csv (minutes).

AR(.4) x and errors, unit and period effects, lag 1 claimed, lags up to 2 in the headline. Shares of panels rejected at
5 % by each of the three statistics; an effect of 0 is a true null.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "validation"))

from check_looks import curve_rejections  # noqa: E402
from made_panels import made_panel  # noqa: E402

N_DRAWS = 99
DESIGNS = [(20, 8, 0.0, 300), (20, 12, 0.0, 300), (20, 8, 0.3, 100), (20, 12, 0.3, 100)]


def summary(design):
    n_units, n_times, effect, n_panels = design
    rng, rejected = np.random.default_rng(n_times), []
    for _ in range(n_panels):
        panel = made_panel(rng, n_units, n_times, (0.0, effect))
        rejected.append(curve_rejections(panel, rng, N_DRAWS))
    about = {"units": n_units, "periods": n_times, "effect": effect, "panels": n_panels}
    return about | pd.DataFrame(rejected).astype(float).mean().round(4).to_dict()


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        pd.DataFrame(pool.map(summary, DESIGNS)).to_csv(HERE / "result.csv", index=False)
