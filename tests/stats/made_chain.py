"""Panels of a chain x → y → z with known truth: staff answer for x and y, customers for z and w."""

from __future__ import annotations

import numpy as np
import pandas as pd

SOURCES = {"x": "employees", "y": "employees", "z": "customers", "w": "customers", "m": "customers"}


def made_chain(
    seed: int = 1,
    *,
    n_groups: int = 20,
    n_units: int = 10,
    n_periods: int = 8,
    first: float = 0.6,
    second: float = 0.5,
    loyal: float = 0.7,
    sincere: float = 0.5,
    mood: float = 0.4,
) -> pd.DataFrame:
    """Scores whose halves share a mood of each half, so that x and y go together although nothing links them.

    `first` is the effect of x on y, `second` of y on z, `loyal` of z on w, `sincere` of x on m; w follows m by .3.
    """
    rng = np.random.default_rng(seed)
    keys = pd.MultiIndex.from_product([range(n_groups), range(n_units), range(n_periods)], names=["g", "u", "time"])
    panel = keys.to_frame(index=False)
    n = len(panel)
    shock = rng.normal(0, 0.4, (n_groups, 1, n_periods)).repeat(n_units, axis=1).ravel()
    lasting = rng.normal(0, 0.4, (n_groups, n_units, 1)).repeat(n_periods, axis=2).ravel()
    x = shock + lasting + rng.normal(0, 0.4, n)
    y = first * x + rng.normal(0, 0.4, n)
    z = second * y + shock + rng.normal(0, 0.4, n)
    m = sincere * x + rng.normal(0, 0.3, n)
    w = loyal * z + 0.3 * m + rng.normal(0, 0.4, n)
    moods = {side: {half: rng.normal(0, mood, n) for half in "ab"} for side in ("employees", "customers")}
    for name, values in {"x": x, "y": y, "z": z, "w": w, "m": m}.items():
        for half in "ab":
            panel[f"{name}_{half}"] = values + moods[SOURCES[name]][half] + rng.normal(0, 0.1, n)
        panel[name] = (panel[f"{name}_a"] + panel[f"{name}_b"]) / 2
    panel["entity"] = panel["g"].astype(str) + "-" + panel["u"].astype(str)
    panel["cluster"] = "g" + panel["g"].astype(str)
    # Staff are so many that what counts is what they share: nobody of weight was heard.
    return panel.assign(heard=0.0).drop(columns=["g", "u"])
