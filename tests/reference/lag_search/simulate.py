"""How a search over lags does in panels of known truth: `python simulate.py` writes two tables (half an hour).

20 units, AR(.4) x and errors, unit and period effects, lags 0 to 3 searched. size.csv: share of panels in which some
lag is significant at 5 % (`size`, a type I error under a true null), the same with each lag's own p (`uncorrected`),
and in which lag 2 has the largest t (`right`). identified.csv: share in which a lag is identified, and in which it is
the right one; with two equal effects no lag is right, and an identified one is an error.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "validation"))

from check_looks import search_rows  # noqa: E402
from made_panels import made_panel  # noqa: E402

N_DRAWS = 299
DESIGNS = [(8, (0.0,), 1000), (12, (0.0,), 1000), (8, (0, 0, 0.1), 300), (12, (0, 0, 0.1), 300)]
DESIGNS += [(n_times, (0, 0, 0.3), 500) for n_times in (8, 12, 15)]
TO_IDENTIFY = [(12, (0, 0, 0.1), 100), (12, (0, 0, 0.3), 100), (12, (0, 0.3, 0.3), 100)]


def looks(n_times, effects, n_panels):
    rng, rows = np.random.default_rng(n_times), []
    for _ in range(n_panels):
        rows += search_rows(made_panel(rng, 20, n_times, effects), rng, N_DRAWS)
    return pd.DataFrame(rows).set_index("model").astype(float).reset_index()


def summaries(design, columns):
    n_times, effects, n_panels = design
    about = {"periods": n_times, "effects": " ".join(map(str, effects)), "panels": n_panels}
    found = looks(n_times, effects, n_panels).groupby("model")[columns].mean().round(4)
    return found.reset_index().assign(**about)[[*about, "model", *columns]]


def write(name, designs, columns):
    pd.concat([summaries(design, columns) for design in designs]).to_csv(HERE / name, index=False)


if __name__ == "__main__":
    write("identified.csv", TO_IDENTIFY, ["identified", "identified_right"])
    write("size.csv", DESIGNS, ["size", "uncorrected", "right"])
