"""What running notebooks is held against: their code as plain functions, in processes that have imported all of it.

python tests/bench/limit.py DATASET REPORTS JOBS [--held] UNIT …

Each report reads the data, as the notebook says; with --held all find them read, as kernels of a stage do.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from helpers.datasets import once
from helpers.datasets.dataset import hold, open_dataset
from helpers.datasets.folders import project_root
from helpers.datasets.released import release_all
from helpers.display.wording import Words
from helpers.publish.paths import write_whole
from helpers.publish.render import render_html
from helpers.publish.selection import for_readers
from helpers.publish.task import Planner, Task

HELD = "--held"
NOTEBOOK = project_root() / "notebooks" / "10_unit_report.ipynb"


def main(dataset: str, reports: str, jobs: str, *words: str) -> None:
    """Make the unit reports, and write what they took once everything was imported and had run."""
    planner = Planner(open_dataset(dataset), Path(reports))
    units = [word for word in words if word != HELD]
    if HELD in words:
        planner.dataset.load()
        release_all(planner.dataset)
        hold(planner.dataset)
    tasks = [planner.task(NOTEBOOK, unit=unit) for unit in units]
    with tempfile.TemporaryDirectory() as folder:
        os.environ[once.FOLDER] = folder
        publish(tasks[0])
        with get_context("fork").Pool(int(jobs)) as pool:
            start = time.monotonic()
            spent = pool.map(processor_seconds, tasks, chunksize=1)
            taken = {"seconds": time.monotonic() - start, "cpu": sum(spent)}
    Path(reports, "limit.json").write_text(json.dumps(taken))


def processor_seconds(task: Task) -> float:
    """Make one report, and give what it took of this process."""
    start = time.process_time()
    publish(task)
    return time.process_time() - start


def publish(task: Task) -> None:
    """Make one report in this process."""
    nb = nbformat.read(task.notebook, as_version=4)
    words, names = Words(task.language), {"__name__": "__main__"}
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = words.prose(cell.source)
            continue
        cell.outputs = [v4.new_output("display_data", {"text/html": html}) for html in run(cell.source, names)]
        cell.execution_count = 1
        if "parameters" in cell.metadata.get("tags", []):
            names |= dict(task.parameters)
    page: NotebookNode = for_readers(nb)
    page.metadata["excx"] = dict(task.page)
    write_whole(task.target, render_html(page, code=False), task.folder.parent)


def run(source: str, names: dict[str, object]) -> list[str]:
    """Run a cell, and give what it shows, as IPython would."""
    shown: list[object] = []
    names["display"] = lambda *things: shown.extend(things)
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is not None:
        shown.append(eval(compile(ast.Expression(last.value), "<cell>", "eval"), names))
    return [thing._repr_html_() for thing in shown if hasattr(thing, "_repr_html_")]


if __name__ == "__main__":
    main(*sys.argv[1:])
