"""How fast? Ours against the plain way, each in a process of its own, in turn; prints what they took as a table.

python tests/bench/bench.py [--rounds 3] [--write docs/speed.md]

Standard library only: the peak memory of a process is never below that of the one which started it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, median

# One core: threads of the linear algebra would make seconds depend on what else the machine does.
ONE_CORE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Both errors come from finite draws; a true difference of none lies beyond four standard errors once in 16,000 times.
MAX_DISTANCE = 4
HEAD = """# Speed

How fast is the arithmetic beside the plain way to write it? Written by `make bench`; do not edit.

Seconds are processor seconds on one core, without making the data; MB are the peak of the whole process, Python and
its libraries included. Medians; rounds: {rounds}, ours and plain in turn.

{machine}

## Quartile gap with a cluster bootstrap

82,248 units (Gallup's number of 2016), 2,000 draws, cut points taken anew in each. Ours is `quartile_gaps`, which
gives the gap raw, in SD and in percent; plain is a pandas loop over draws that gives the raw gap. The loop was run on
fewer draws (*run*), its seconds scaled up. Both standard errors must agree within {distance} Monte Carlo errors.

{columns}
{rule}
"""
COLUMNS = ("clusters", "outcomes", "ours, s", "plain, s", "run", "times faster", "ours, MB", "plain, MB", "SE ours")
COLUMNS += ("SE plain", "apart", "agree")


@dataclass(frozen=True)
class Case:
    """A job for both contestants; the plain one runs fewer draws."""

    clusters: int
    outcomes: int
    plain_draws: int
    draws: int = 2000
    script: str = "quartile_bootstrap.py"


CASES = (Case(230, 1, 400), Case(230, 9, 50), Case(82_248, 1, 400), Case(82_248, 9, 50))


def main() -> int:
    """Run, print, write if asked; 1 when two standard errors differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    page, all_agree = bench(CASES, options.rounds)
    print(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return int(not all_agree)


def bench(cases: Sequence[Case], rounds: int) -> tuple[str, bool]:
    """The page, and whether ours and plain agree in every case."""
    found = {case: ([], []) for case in cases}
    for seed in range(rounds):
        for case, (ours, plain) in found.items():
            ours.append(measured(case, "ours", case.draws, 2 * seed))
            plain.append(measured(case, "plain", case.plain_draws, 2 * seed + 1))
    rows = [row(case, *both) for case, both in found.items()]
    table = {"columns": line(COLUMNS), "rule": f"|{'---|' * len(COLUMNS)}"}
    head = HEAD.format(rounds=rounds, machine=machine(), distance=MAX_DISTANCE, **table)
    return head + "\n".join(text for text, _ in rows) + "\n", all(agree for _, agree in rows)


def measured(case: Case, contestant: str, draws: int, seed: int) -> dict:
    """What one contestant took and found: ``seconds``, ``peak_mb`` and ``se``, one per outcome."""
    words = [contestant, case.clusters, case.outcomes, draws, seed]
    command = [sys.executable, str(Path(__file__).with_name(case.script)), *map(str, words)]
    run = subprocess.run(command, env=os.environ | ONE_CORE, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)


def row(case: Case, ours: list[dict], plain: list[dict]) -> tuple[str, bool]:
    """One line of the table, and whether the standard errors agree."""
    seconds = median(one["seconds"] for one in ours)
    plain_seconds = median(one["seconds"] for one in plain) * case.draws / case.plain_draws
    errors = [fmean(se**2 for one in runs for se in one["se"]) ** 0.5 for runs in (ours, plain)]
    apart = errors[0] / errors[1] - 1
    # A standard deviation of d draws has the relative standard error 1 / sqrt(2 d).
    each = len(ours) * case.outcomes
    limit = MAX_DISTANCE * sum(1 / (2 * each * draws) for draws in (case.draws, case.plain_draws)) ** 0.5
    peaks = [median(one["peak_mb"] for one in runs) for runs in (ours, plain)]
    cells = [f"{case.clusters:,}", case.outcomes, f"{seconds:.2f}", f"{plain_seconds:.1f}", case.plain_draws]
    cells += [f"{plain_seconds / seconds:.0f}", *(f"{peak:.0f}" for peak in peaks), *(f"{se:.4f}" for se in errors)]
    agree = abs(apart) <= limit
    cells += [f"{100 * apart:+.1f} %".replace("-", "−"), f"{'yes' if agree else 'NO'} (±{100 * limit:.0f} %)"]
    return line(cells), agree


def line(cells: Sequence[object]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def machine() -> str:
    """The machine, how busy it is, and the software, in two sentences."""
    parts = (f"{name} {version(name)}" for name in ("numpy", "scipy", "pandas"))
    busy = (
        f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f} at the end"
    )
    return f"{busy}. Python {platform.python_version()}, {', '.join(parts)}."


if __name__ == "__main__":
    raise SystemExit(main())
