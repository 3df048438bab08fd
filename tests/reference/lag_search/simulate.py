"""How a search over lags does in panels of known truth: `python simulate.py` writes result.csv (minutes).

20 units, AR(.4) x and errors, unit and period effects, lags 0 to 3 searched. `size`: share of panels in which some lag
is significant at 5 % (a true null: type I error); `uncorrected`: the same with each lag's own p; `right`: lag 2 has the
largest t; `identified`: one lag is; `right_where_identified`. With two equal effects there is no single right lag.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "stats"))

from made_panels import made_panel  # noqa: E402

from helpers.stats.lag_search import lag_search  # noqa: E402

N_DRAWS = 299
DESIGNS = [(8, (0.0,), 1000), (12, (0.0,), 1000), (8, (0, 0, 0.1), 300), (12, (0, 0, 0.1), 300)]
DESIGNS += [(n_times, (0, 0, 0.3), 500) for n_times in (8, 12, 15)] + [(12, (0, 0.3, 0.3), 300)]


def looks(n_times, effects, n_panels):
    rng, rows = np.random.default_rng(n_times), []
    for _ in range(n_panels):
        panel = made_panel(rng, 20, n_times, effects)
        table = lag_search(panel, x="x", y="y", lags=(0, 1, 2, 3), rng=rng, n_draws=N_DRAWS)
        for model, lags in table.groupby("model"):
            winner = lags.loc[lags["statistic"].abs().idxmax()]
            row = {"model": model, "size": winner["p_value"] <= 0.05, "right": winner["lag"] == 2}
            row |= {"uncorrected": lags["p_uncorrected"].min() <= 0.05, "identified": winner["identified"]}
            rows.append(row | {"share": winner["share_largest"]})
    return pd.DataFrame(rows)


def summary(n_times, effects, n_panels):
    for model, found in looks(n_times, effects, n_panels).groupby("model"):
        about = {"periods": n_times, "effects": " ".join(map(str, effects)), "panels": n_panels, "model": model}
        shares = found[["size", "uncorrected", "right", "identified"]].astype(float).mean()
        right = found.loc[found["identified"].astype(bool), "right"].astype(float).mean()
        yield about | shares.to_dict() | {"right_where_identified": right}


if __name__ == "__main__":
    rows = [row for design in DESIGNS for row in summary(*design)]
    pd.DataFrame(rows).round(4).to_csv(HERE / "result.csv", index=False)
