"""Is the truth of made-up companies given back by the studies of absence and of leaving, and is nothing found in none?

    python tests/reference/absence_and_exits/simulate.py          # about 20 minutes on two processors; makes result.csv

Companies of demo and demo-null at 0.3 of their size (24 countries, some 360 teams, 14 waves), whole way from answers to
verdict. Log ratios are per SD of true engagement as the demo states them (0.33 points).
"""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

from helpers.datasets.absence import absence_rows
from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import load_truth, make_demo
from helpers.datasets.exits import exit_spells
from helpers.stats.absence_study import absence_study
from helpers.stats.exit_study import exit_study

SCALE, SEEDS, WORKERS = 0.3, 100, 2
COMPANIES = ("demo", "demo-null")
STUDIES = {"absence": (absence_rows, absence_study), "exits": (exit_spells, exit_study)}


def looked_at(company: str, seed: int) -> list[dict]:
    truth = load_truth(company)
    with tempfile.TemporaryDirectory() as folder:
        make_demo(Path(folder) / "made", truth, seed=seed, scale=SCALE)
        dataset = open_dataset(Path(folder) / "made")
        return [
            {"company": company, "seed": seed, "study": name, **row}
            for name, (rows, study) in STUDIES.items()
            for row in rows_of(study(rows(dataset).frame), getattr(truth.effects, name), truth)
        ]


def rows_of(study, true: float, truth) -> list[dict]:
    step = truth.employees.engagement_sd / study.about["sd"]
    models = {"measured": study.main, "corrected": study.check("corrected")}
    found = []
    for model, row in models.items():
        low, high = row["ci_low"] * step, row["ci_high"] * step
        figures = {"model": model, "estimate": row["estimate"] * step, "se": row["se"] * step}
        figures |= {"covers": low <= true <= high, "clear_of_zero": high < 0 or low > 0, "below_zero": high < 0}
        found.append(figures | {"true": true, "verdict": study.verdict.verdict})
    return found


def main() -> None:
    jobs = [(company, seed) for company in COMPANIES for seed in range(1, SEEDS + 1)]
    with ProcessPoolExecutor(WORKERS) as pool:
        rows = [row for part in pool.map(looked_at, *zip(*jobs, strict=True)) for row in part]
    groups = pd.DataFrame(rows).groupby(["company", "study", "model", "true"])
    table = groups.agg(
        mean=("estimate", "mean"),
        sd=("estimate", "std"),
        mean_se=("se", "mean"),
        cover=("covers", "mean"),
        below_zero=("below_zero", "mean"),
        yes=("verdict", lambda verdicts: (verdicts == "yes").mean()),
        no=("verdict", lambda verdicts: (verdicts == "no").mean()),
        seeds=("estimate", "size"),
    )
    table.reset_index().round(4).to_csv(Path(__file__).with_name("result.csv"), index=False)


if __name__ == "__main__":
    sys.exit(main())
