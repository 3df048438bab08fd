"""How fast are unit reports, beside what one would do otherwise? Five ways, in turn, in one run; writes a table.

python tests/bench/reports.py [--rounds 3] [--jobs 4] [--write docs/speed_of_reports.md]

Standard library only, so that nothing measured is warmed up by this process.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from bench import line, machine

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "10_unit_report"
DATASET = "demo"
METER, LIMIT = (Path(__file__).with_name(name) for name in ("meter.py", "limit.py"))
LIMIT_FIGURES = "limit.json"
PYTHON = sys.executable
HEAD = """# Speed of reports

How fast are unit reports beside what one would do otherwise? Written by `make bench`; do not edit.

`{notebook}` for business units of the demo company, {jobs} at a time; rounds: {rounds}, the ways in turn. Scores and
mask were computed before, so that each way only reads them. Seconds include the start of all processes, but for the
limit; so the warm way is held against it from its report {first} on, by the difference to a batch of so many. Processor
seconds and memory (proportional share, sampled twice a second) are those of all processes together.
Medians of rounds.

{machine}

| way | what it is |
|---|---|
| loop | `papermill`, then `jupyter nbconvert --to html`, one unit after the other |
| xargs | the same under `xargs -P {jobs}` |
| stock | `excx report`, every kernel started from nothing (`EXCX_KERNEL=stock`) |
| limit | the notebook's own code as plain functions, and our rendering, from when {jobs} processes are warm |
| held | the same, with the data in memory as the warm way has them |
| first | `excx report`, one unit, when nothing runs yet |
| again | the same with `--resume`, nothing changed |
| begin | `excx report`, few units: what the start takes |
| warm | `excx report` |

{columns}
{rule}
{rows}

{checks}
"""
COLUMNS = ("way", "reports", "seconds", "reports a minute", "times the loop", "processor s per report", "peak MB")
COLUMNS += ("KiB per report",)


@dataclass(frozen=True)
class Way:
    """How reports are made: a command for some units, and how many units it is measured with."""

    name: str
    n_units: int
    command: Callable[[Sequence[str], Path, int], list[str]]
    environment: dict[str, str]


def main() -> int:
    """Run, print, write if asked; 1 when two ways give different pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--scale", type=float, default=1.0, help="times the units of each way")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    page, same = bench(options.rounds, options.jobs, options.scale)
    print(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return int(not same)


def bench(rounds: int, jobs: int, scale: float) -> tuple[str, bool]:
    """The page, and whether the ways that make our pages make the same ones."""
    ways = [
        Way("loop", max(1, round(2 * scale)), one_by_one, {}),
        Way("xargs", max(1, round(2 * jobs * scale)), side_by_side, {}),
        Way("stock", max(1, round(6 * jobs * scale)), ours, {"EXCX_KERNEL": "stock"}),
        Way("limit", max(1, round(24 * jobs * scale)), plainly, {}),
        Way("held", max(1, round(24 * jobs * scale)), held, {}),
        Way("first", 1, ours, {}),
        Way("again", 1, once_more, {}),
        Way("begin", max(1, round(10 * jobs * scale)), ours, {}),
        Way("warm", max(2, round(30 * jobs * scale)), ours, {}),
    ]
    known = units()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # Scores and mask are computed here, if they are not in the dataset's cache.
        subprocess.run(ours(known[:1], Path(folder), jobs), cwd=ROOT, check=True, capture_output=True)
    taken: dict[str, list[dict[str, float]]] = {way.name: [] for way in ways}
    same = True
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            places = {way.name: Path(folder, way.name) for way in ways}
            places["again"] = places["first"]
            for way in ways:
                taken[way.name].append(measured(way, known[: way.n_units], places[way.name], jobs))
            same &= are_same([places[name] for name in ("stock", "warm", "limit", "held")])
    return written(taken, same, rounds=rounds, jobs=jobs), same


def units(dataset: str = DATASET, level: str = "business unit") -> list[str]:
    """Units of a company, in the order of the organisation."""
    code = (
        f"from helpers.datasets.dataset import open_dataset as o; print(*o({dataset!r}).hierarchy.at_level({level!r}))"
    )
    return subprocess.run([PYTHON, "-c", code], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.split()


def measured(way: Way, chosen: Sequence[str], place: Path, jobs: int) -> dict[str, float]:
    """What one way took: ``seconds``, ``cpu`` and ``peak_mb``, and the number of reports."""
    place.mkdir(exist_ok=True)
    command = [PYTHON, str(METER), *way.command(chosen, place, jobs)]
    path = f"{Path(PYTHON).parent}:{os.environ['PATH']}"
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PATH": path} | way.environment, check=True, capture_output=True, text=True
    )
    made = [path for path in place.rglob("*.html") if path.name != "index.html"]
    if len(made) != len(chosen):
        raise RuntimeError(f"{way.name} must make {len(chosen)} reports; found {len(made)}. {run.stderr[-2000:]}")
    own = place / LIMIT_FIGURES
    # The limit counts from when its processes are warm.
    told = json.loads(run.stdout) | (json.loads(own.read_text()) if own.exists() else {})
    return told | {"reports": len(made), "kib": fmean(path.stat().st_size for path in made) / 1024}


def one_by_one(chosen: Sequence[str], place: Path, jobs: int) -> list[str]:
    """One after the other, as a shell loop would."""
    return ["sh", "-ec", f"for unit in {shlex.join(chosen)}; do {papermill('$unit', place)}; done"]


def side_by_side(chosen: Sequence[str], place: Path, jobs: int) -> list[str]:
    """The same, several at a time."""
    each = shlex.quote(papermill("$0", place))
    return ["sh", "-ec", f"printf '%s\\n' {shlex.join(chosen)} | xargs -P {jobs} -I % sh -ec {each} %"]


def papermill(unit: str, place: Path) -> str:
    """The two commands that make one report from a notebook."""
    out = f'"{place}/{unit}.ipynb"'
    run = f'papermill notebooks/{NOTEBOOK}.ipynb {out} -p dataset {DATASET} -p unit "{unit}" --no-progress-bar'
    return f"{run} >/dev/null 2>&1; jupyter nbconvert --to html {out} >/dev/null 2>&1"


def ours(chosen: Sequence[str], place: Path, jobs: int, dataset: str = DATASET) -> list[str]:
    """What `excx report` does."""
    named = [part for unit in chosen for part in ("-u", unit)]
    return [f"{Path(PYTHON).parent}/excx", "report", dataset, *named, "--reports", str(place), "--jobs", str(jobs)]


def once_more(chosen: Sequence[str], place: Path, jobs: int) -> list[str]:
    """The same, where nothing has changed since."""
    return [*ours(chosen, place, jobs), "--resume"]


def plainly(chosen: Sequence[str], place: Path, jobs: int) -> list[str]:
    """The notebook's code without notebooks."""
    return [PYTHON, str(LIMIT), DATASET, str(place), str(jobs), *chosen]


def held(chosen: Sequence[str], place: Path, jobs: int) -> list[str]:
    """The same, with the data in memory."""
    return [*plainly([], place, jobs), "--held", *chosen]


def are_same(places: Sequence[Path]) -> bool:
    """Tell whether pages that several ways made hold the same bytes."""
    found = [{path.relative_to(place): path for path in place.rglob(f"{NOTEBOOK}.*.html")} for place in places]
    common = set.intersection(*map(set, found))
    return bool(common) and all(
        filecmp.cmp(found[0][name], other[name], shallow=False) for name in common for other in found[1:]
    )


def written(taken: dict[str, list[dict[str, float]]], same: bool, *, rounds: int, jobs: int) -> str:
    """The page."""
    typical = {
        name: {figure: median(one[figure] for one in runs) for figure in runs[0]} for name, runs in taken.items()
    }
    pace = {name: 60 * one["reports"] / one["seconds"] for name, one in typical.items()}
    cost = {name: one["cpu"] / one["reports"] for name, one in typical.items()}
    since = {figure: typical["warm"][figure] - typical["begin"][figure] for figure in ("reports", "seconds", "cpu")}
    pace["once warm"] = 60 * since["reports"] / since["seconds"]
    rows = [_row(name, typical[name], pace[name], pace[name] / pace["loop"], cost[name]) for name in typical]
    checks = [
        _check("warm beside the loop, times", pace["warm"] / pace["loop"], at_least=20),
        _check("warm beside xargs, times", pace["warm"] / pace["xargs"], at_least=5),
        _check("once warm, as a share of the limit", pace["once warm"] / pace["limit"], at_least=0.85),
        _check("once warm, reports a minute", pace["once warm"]),
        _check("once warm, processor seconds a report", since["cpu"] / since["reports"]),
        _check("warm with its start, as a share of the limit", pace["warm"] / pace["limit"]),
        _check("once warm, as a share of the limit with the data held", pace["once warm"] / pace["held"]),
        _check("reports in ten minutes, start included", _in(600, typical["begin"], pace["once warm"]), at_least=1000),
        _check("first report, seconds", typical["first"]["seconds"], at_most=6),
        _check("again, nothing changed, seconds", typical["again"]["seconds"], at_most=1),
        _check("processor seconds a report at the limit", cost["limit"], at_most=1),
        line(["stock, warm and both limits: same bytes", "yes", "yes" if same else "no", "yes" if same else "NO"]),
    ]
    checks = "\n".join([line(["target", "asked", "measured", "met"]), "|---|---|---|---|", *checks])
    table = {
        "first": f"{typical['begin']['reports']:.0f}",
        "columns": line(COLUMNS),
        "rule": f"|{'---|' * len(COLUMNS)}",
        "rows": "\n".join(rows),
        "checks": checks,
    }
    return HEAD.format(notebook=NOTEBOOK, rounds=rounds, jobs=jobs, machine=machine(), **table)


def _in(seconds: float, begin: dict[str, float], pace: float) -> float:
    """Reports made in so many seconds: those of the start, and then so many a minute."""
    return begin["reports"] + (seconds - begin["seconds"]) * pace / 60


def _row(name: str, one: dict[str, float], pace: float, times: float, cost: float) -> str:
    figures = (f"{one['reports']:.0f}", f"{one['seconds']:.1f}", f"{pace:.1f}", f"{times:.1f}", f"{cost:.2f}")
    return line([name, *figures, f"{one['peak_mb']:.0f}", f"{one['kib']:.0f}"])


def _check(what: str, found: float, *, at_least: float | None = None, at_most: float | None = None) -> str:
    if at_least is None and at_most is None:
        return line([what, "", f"{found:.3g}", ""])
    met = found >= at_least if at_least is not None else found <= at_most
    asked = f"at least {at_least:g}" if at_least is not None else f"at most {at_most:g}"
    return line([what, asked, f"{found:.3g}", "yes" if met else "NO"])


if __name__ == "__main__":
    raise SystemExit(main())
