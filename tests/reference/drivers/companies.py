"""Does the truth of made-up companies come back through the whole way? `python companies.py` writes companies.csv.

Companies of the demo, of demo-null (context makes no motivation), and one in which no element drives engagement. Slopes
are those of people of one unit with the noise of questions taken off, in engagement per step of each element.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from helpers.datasets.contract import BERSIN_ELEMENTS
from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import Truth, load_truth, make_demo
from helpers.datasets.demo.truth import Section
from helpers.datasets.driver_frames import driver_frames
from helpers.stats.construct_links import construct_links
from helpers.stats.driver_looks import driver_looks

RUNS, SCALE = 30, 0.2
JUDGED = {"smallest_effect": 0.1, "conf_level": 0.95}


def looked(truth: Truth, seed: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="excx-drivers-") as folder:
        dataset = open_dataset(make_demo(Path(folder) / "company", truth, seed=seed, scale=SCALE))
        frames = driver_frames(dataset, rng=np.random.default_rng(seed))
    choices = {"outcome": "engagement", "drivers": frames.choice.drivers, "rng": np.random.default_rng(seed)}
    looks = driver_looks(frames.rows, **choices, **JUDGED)
    context, *others = construct_links(frames.people, frames.halves, frames.links, **JUDGED)
    true = np.array([truth.employees.drivers[element] for element in BERSIN_ELEMENTS])
    slopes, shares = looks.looks["corrected"].slopes, looks.study.shares
    low, high = (stats.rankdata(-true, method=method) for method in ("min", "max"))
    found = {
        "slopes_hold": ((slopes["raw_low"] <= true) & (true <= slopes["raw_high"])).all(),
        "ranks_hold": ((shares["rank_low"] <= high) & (low <= shares["rank_high"])).all(),
        "right_order": (shares["rank"].to_numpy() == low).all(),
        "any_linked": looks.study.is_linked,
        "any_ranked": looks.study.is_ranked,
        "others_left": np.mean([link.at("beside")["verdict"] == "yes" for link in others]),
    }
    between = context.at("between")
    if between:
        effect = truth.effects.context_motivation
        found |= {"between": between["estimate"], "between_told": True}
        found |= {"between_holds": between["ci_low"] <= effect <= between["ci_high"]}
    found |= {"within": context.at("within")["estimate"], "context_yes": context.verdict.verdict == "yes"}
    named = dict(zip(BERSIN_ELEMENTS, slopes["raw"], strict=True))
    return {name: float(value) for name, value in (found | named).items()}


def truths() -> dict[str, Truth]:
    demo = load_truth("demo")
    none = Section({**demo.employees, "drivers": dict.fromkeys(BERSIN_ELEMENTS, 0.0)})
    return {"demo": demo, "demo-null": load_truth("demo-null"), "no drivers": replace(demo, employees=none)}


if __name__ == "__main__":
    rows = []
    for name, truth in truths().items():
        table = pd.DataFrame([looked(truth, seed) for seed in range(RUNS)])
        rows.append({"company": name, "runs": RUNS} | table.mean().round(3).to_dict())
    pd.DataFrame(rows).to_csv(Path(__file__).parent / "companies.csv", index=False)
