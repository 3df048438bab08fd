"""Does a batch hold no more at its end than at its beginning? Watches one batch of many reports; writes a table.

python tests/bench/endurance.py [--reports 5000] [--jobs 4] [--pause 2] [--write docs/endurance.md]

Standard library only, so that this process is small beside what it watches.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from threading import Thread

from growth import FIGURES, STEPS, TARGETS, check, steps
from parts import Sample, can_look, held
from reports import PYTHON, ROOT, ours, units

from bench import line, machine

TRUTH = Path(__file__).with_name("endurance.toml")
# Teams of the demo company per unit of its --scale.
_TEAMS = 1200
HEAD = """# Endurance

Does a batch hold no more at its end than at its beginning? Written by `make bench-endurance`; do not edit.

One `excx report` made {reports:,} unit reports, each of another team of a demo company with {teams:,} teams, {jobs} at
a time, {pause:g} s between looks. Scores and mask were computed before. {made}

{machine}

## Growth

The *slope* is what a figure rises by per 1,000 reports, by least squares through the steps below after the first, with
twice its standard error. {argument}

{checks}

## Steps

Memory is what processes have allocated, in MB: the proportional share (PSS), so that what forked ones have in common
counts once, without libraries and other files, which strangers share. Disk and files are those of the batch's private
temporary folder. Memory, disk and files are means over the looks of a step; processes, descriptors and threads are the
most at any time. Workers include the process they are forked from, the template what it forks to read the data; threads
are those of parent and workers.

{steps}

{ends}
"""
ARGUMENT = """*Flat* is what lets a million reports run in one batch. 2 MB per 1,000 reports add up to 2 GB by then,
what `excx report` sets aside for a single notebook at least; so much may the parent grow, which remembers how each
report ended, and so much all workers together. The template makes nothing itself. A kernel lives for one report: its
slope tells whether later reports are heavier than earlier ones. On disk, 20 MB per 1,000 add up to 20 GB. Processes,
descriptors and threads may not be left behind at all: 1 per 1,000 reports would be 1,000 by then, the usual limit."""


def main() -> int:
    """Run, print, write if asked; 1 when a report was not made or a figure is not flat."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two looks")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if options.reports < 2 * STEPS:
        parser.error(f"--reports must be at least {2 * STEPS}; found {options.reports}.")
    if not can_look():
        parser.error("memory must be told by kind in /proc/self/smaps_rollup; found none. Use Linux 5.3 or newer.")
    page, all_well = bench(options.reports, options.jobs, options.pause)
    print(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return int(not all_well)


def bench(reports: int, jobs: int, pause: float) -> tuple[str, bool]:
    """The page, and whether all reports were made and every figure is flat."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data, pages, private = (Path(folder, name) for name in ("data", "pages", "t"))
        private.mkdir()
        scale = ["--scale", str(max(1.0, reports / _TEAMS)), "--truth", str(TRUTH), "--folder", str(data)]
        excx = f"{Path(PYTHON).parent}/excx"
        subprocess.run([excx, "demo", "--only", "demo", *scale], cwd=ROOT, check=True, capture_output=True)
        dataset = str(data / "demo")
        teams = units(dataset, "team")
        # Scores and mask are computed here.
        subprocess.run(ours(teams[:1], pages, 1, dataset), cwd=ROOT, check=True, capture_output=True)
        command = [*ours(teams[:reports], pages, jobs, dataset), "--json"]
        samples, ends = watched(command, private, pause)
        sizes = [path.stat().st_size / 1024 for path in pages.rglob("10_unit_report*.html")]
    told = {"reports": reports, "teams": len(teams), "jobs": jobs, "pause": pause}
    return written(samples, ends, sizes, **told)


def watched(command: Sequence[str], private: Path, pause: float) -> tuple[list[Sample], list[dict]]:
    """Run a batch and look at it now and then.

    Parameters
    ----------
    command : sequence of str
        It writes events to standard output, one JSON object a line.
    private : Path
        The folder for its temporary files.
    pause : float
        Seconds between two looks.

    Returns
    -------
    samples : list of Sample
    events : list of dict
    """
    events: list[dict] = []
    with tempfile.TemporaryFile("w+") as said:
        start = time.monotonic()
        environment = os.environ | {"TMPDIR": str(private)}
        run = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=said, text=True)
        reader = Thread(target=lambda: events.extend(map(json.loads, run.stdout)), daemon=True)
        reader.start()
        samples = []
        while run.poll() is None:
            reports = sum(event["event"] == "report" for event in events)
            samples.append(Sample(reports, time.monotonic() - start, held(run.pid, private)))
            time.sleep(pause)
        reader.join()
        if run.returncode:
            said.seek(0)
            raise RuntimeError(f"the batch must end with exit code 0; found {run.returncode}. {said.read()[-2000:]}")
    return samples, events


def written(
    samples: Sequence[Sample], events: Sequence[dict], kib: Sequence[float], *, reports: int, **told: float
) -> tuple[str, bool]:
    """The page, and whether every report was made and every figure is flat."""
    found = steps(samples, reports)
    checks = [check(target, found) for target in TARGETS]
    made = sum(event.get("state") == "done" for event in events)
    head = line(["reports", "a minute", *FIGURES])
    rows = [line([f"{one.reports:,}", f"{one.a_minute:.0f}", *cells(one.held)]) for one in found]
    page = HEAD.format(
        reports=reports,
        **told,
        made=f"{made:,} were made, of {fmean(kib):.0f} KiB on average.",
        machine=machine(),
        argument=ARGUMENT,
        checks="\n".join([line(["figure", "per 1,000 reports", "at most", "met"]), "|---|---|---|---|", *(
            text for text, _ in checks
        )]),
        steps="\n".join([head, f"|{'---|' * (2 + len(FIGURES))}", *rows]),
        ends=before_and_after(samples, reports),
    )  # fmt: skip
    return page, made == reports and all(met for _, met in checks)


def cells(figures: dict[str, float]) -> list[str]:
    """The figures of a step, as they stand in the table."""
    return [f"{figures[name]:,.1f}" if name in ("other", "disk") else f"{figures[name]:,.0f}" for name in FIGURES]


def before_and_after(samples: Sequence[Sample], reports: int) -> str:
    """What planning the reports took, and writing their index: it happens once, so no step holds it."""
    said = []
    for what, here in (
        ("Before the first report was there", [one for one in samples if one.reports == 0]),
        ("After the last one, when the index is written", [one for one in samples if one.reports >= reports]),
    ):
        if here:
            seconds, most = here[-1].seconds - here[0].seconds, max(one.held["parent"] for one in here)
            said.append(f"{what}: {seconds:.0f} s, the parent at most {most:,.0f} MB.")
    return " ".join(said)


if __name__ == "__main__":
    sys.exit(main())
