"""Does the truth come back? Simulates companies and panels, estimates as the notebooks do, and tabulates the errors.

python tests/validation/validate.py [--only PART] [--seeds 200] [--scale 0.3] [--panels 1] [--jobs 4]
    [--write docs/validation.md]
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import check_designs
import check_targets
import growth_looks
import growth_targets
import lag_designs
import looks
import meta_looks
import pandas as pd
import sector_looks
from check_tables import check_report, size_table
from growth_tables import growth_report
from lag_tables import grade_table, lag_report
from lag_targets import targets
from meta_tables import meta_report
from meta_targets import claim_table, meta_table
from score_tables import all_met, score_report
from score_targets import grid_coverage, sampled_coverage
from sector_tables import sector_report
from sector_targets import sector_table, spread_table, verdict_shares
from tables import coverage_table, report, verdict_table
from target_table import target_table
from validated_parts import PARTS, with_parts
from worlds import look

from helpers.datasets.demo import load_truth

TRUTHS = Path(__file__).parent / "truths"
# Companies with another truth: the verdicts must follow it. A tenth of the seeds is enough to see that they do.
OTHERS = ("late", "opposite")
SHARE_OF_OTHERS = 0.2


def main() -> int:
    """Run, print, write if asked; 1 when a target is missed."""
    options = _options()
    found = {part: RUN[part](options) for part in PARTS if options.only in (None, part)}
    texts = {part: text for part, (text, _) in found.items()}
    print(*texts.values(), sep="\n")
    if options.write:
        page = options.write.read_text(encoding="utf-8") if options.write.exists() else ""
        options.write.write_text(with_parts(page, texts), encoding="utf-8")
    return int(not all(met for _, met in found.values()))


def _companies(options: argparse.Namespace) -> tuple[str, bool]:
    start = time.monotonic()
    results = simulate(options.seeds, options.scale, options.jobs)
    true_lag = {world: truth.effects.lag[2] for world, truth in worlds().items()}
    tables = coverage_table(results, true_lag), verdict_table(results)
    text = report(*tables, seeds=options.seeds, scale=options.scale, minutes=(time.monotonic() - start) / 60)
    return text, all(table["met"].all() for table in tables)


def _lags(options: argparse.Namespace) -> tuple[str, bool]:
    start = time.monotonic()
    found = looks.simulate(lag_designs.designs(), share=options.panels, jobs=options.jobs)
    table, minutes = target_table(found, targets()), (time.monotonic() - start) / 60
    text = lag_report(table, grade_table(found), minutes=minutes, jobs=options.jobs)
    return text, not table["met"].eq(False).any()


def _checks(options: argparse.Namespace) -> tuple[str, bool]:
    start = time.monotonic()
    found = looks.simulate(check_designs.designs(), share=options.panels, jobs=options.jobs)
    table, minutes = target_table(found, check_targets.targets()), (time.monotonic() - start) / 60
    text = check_report(table, size_table(found), minutes=minutes, jobs=options.jobs, share_of_panels=options.panels)
    return text, not table["met"].eq(False).any()


def _scores(_: argparse.Namespace) -> tuple[str, bool]:
    start = time.monotonic()
    tables = grid_coverage(), sampled_coverage()
    return score_report(*tables, minutes=(time.monotonic() - start) / 60), all_met(*tables)


def _meta(options: argparse.Namespace) -> tuple[str, bool]:
    start = time.monotonic()
    found = looks.simulate(meta_looks.designs(), share=options.panels, jobs=options.jobs)
    table, claims = meta_table(found), claim_table(found)
    text = meta_report(table, claims, minutes=(time.monotonic() - start) / 60, jobs=options.jobs)
    return text, not (table["missed"].astype(bool).any() or claims["met"].eq(False).any())


def _sector(options: argparse.Namespace) -> tuple[str, bool]:
    start = time.monotonic()
    # Costly looks, few to a task, so that no process waits for the last.
    found = looks.simulate(sector_looks.designs(), share=options.panels, jobs=options.jobs, chunk=4)
    tables = sector_table(found), spread_table(found), verdict_shares(found)
    text = sector_report(*tables, minutes=(time.monotonic() - start) / 60, jobs=options.jobs)
    return text, bool(tables[0]["met"].all() and tables[2]["met"].all())


def _growth(options: argparse.Namespace) -> tuple[str, bool]:
    start = time.monotonic()
    found = looks.simulate(growth_looks.designs(), share=options.panels, jobs=options.jobs, chunk=5)
    table, minutes = target_table(found, growth_targets.targets()), (time.monotonic() - start) / 60
    return growth_report(table, minutes=minutes, jobs=options.jobs), not table["met"].eq(False).any()


def worlds() -> dict[str, object]:
    """The truths that are tried, by name."""
    own = {name: load_truth(name) for name in ("demo", "demo-null")}
    return own | {name: load_truth(file=TRUTHS / f"{name}.toml") for name in OTHERS}


def simulate(seeds: int, scale: float, jobs: int) -> pd.DataFrame:
    """Look at every world under every seed, in parallel."""
    few = max(1, round(seeds * SHARE_OF_OTHERS))
    tasks = [
        (name, truth, seed, scale)
        for name, truth in worlds().items()
        for seed in range(1, (few if name in OTHERS else seeds) + 1)
    ]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return pd.concat(pool.map(look, *zip(*tasks, strict=True), chunksize=2), ignore_index=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--panels", type=float, default=1.0, help="share of the looks of each design of made panels")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--scale", type=float, default=0.3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--write", type=Path)
    return parser.parse_args()


RUN = {"companies": _companies, "lags": _lags, "checks": _checks, "scores": _scores, "meta": _meta, "sector": _sector}
RUN |= {"growth": _growth}

if __name__ == "__main__":
    raise SystemExit(main())
