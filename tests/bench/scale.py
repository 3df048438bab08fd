"""What many reports cost, worked out from the measured figures of one; writes docs/scale.md.

python tests/bench/scale.py [--read docs/speed_of_reports.md] [--write docs/scale.md]

Reads the first table of the speed page that has the columns of `NEEDED`; its last row is `excx report`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

NEEDED = ("processor s per report", "KiB per report")
REPORTS = (1_000, 10_000, 100_000)
CORES = (4, 32, 128)
HEAD = """# Scale

What do many reports cost? Worked out by `make bench` from what one costs; do not edit.

"""
NOT_YET = """Not measured yet: [speed_of_reports.md](speed_of_reports.md) has no table with the columns "{}".
`make bench` fills it.
"""
BODY = """One report takes {seconds:g} processor seconds and {size:g} KiB on disk (the last row of that table in
[speed_of_reports.md](speed_of_reports.md), where the machine is named too).

{table}

Hours are for cores that have nothing else to do and never wait: the least it can take. What the figures leave out is
paid once per batch, or once per worker of a cluster: start, reading and scoring the data, the index. A batch goes on
where it ended (`--resume`), and the next one makes only reports whose inputs have changed. How to let schedulers and
clusters do it: [schedulers.md](schedulers.md).
"""


def main() -> None:
    """Read, work out, print, write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--read", type=Path, default=Path("docs/speed_of_reports.md"))
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    page = scale_page(options.read.read_text(encoding="utf-8"))
    print(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")


def scale_page(speed: str) -> str:
    """The page, from the text of the speed page."""
    found = cost_per_report(speed)
    if found is None:
        return HEAD + NOT_YET.format('" and "'.join(NEEDED))
    seconds, size = found
    return HEAD + BODY.format(seconds=seconds, size=size, table=cost_table(seconds, size))


def cost_per_report(speed: str) -> tuple[float, float] | None:
    """Processor seconds and KiB of one report; None where the page does not hold them."""
    lines = [_cells(text) for text in speed.splitlines()]
    for place, header in enumerate(lines):
        if set(NEEDED) <= set(header):
            rows = _table(lines[place + 2 :])
            return tuple(float(rows[-1][header.index(name)].replace(",", "")) for name in NEEDED)
    return None


def cost_table(seconds: float, size: float) -> str:
    """A Markdown table: reports, processor hours, hours on so many cores, GB on disk."""
    columns = ["reports", "processor hours", *(f"hours on {cores} cores" for cores in CORES), "GB on disk"]
    rows = []
    for reports in REPORTS:
        hours = reports * seconds / 3600
        spread = (f"{hours / cores:,.1f}" for cores in CORES)
        rows.append([f"{reports:,}", f"{hours:,.1f}", *spread, f"{reports * size * 1024 / 1e9:,.1f}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in [columns, ["---"] * len(columns), *rows])


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.strip().strip("|").split("|")] if text.startswith("|") else []


def _table(lines: Sequence[list[str]]) -> list[list[str]]:
    end = next((place for place, cells in enumerate(lines) if not cells), len(lines))
    return list(lines[:end])


if __name__ == "__main__":
    main()
