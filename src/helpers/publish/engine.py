"""One notebook from source to report: execute, judge, render, write. Failure never looks like success."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import time
import warnings
from dataclasses import replace
from pathlib import Path

import nbformat
from markupsafe import Markup
from nbformat import v4
from papermill.exceptions import PapermillExecutionError

import helpers
from helpers.datasets import once
from helpers.datasets.folders import CACHE_FOLDER
from helpers.display.wording import Words
from helpers.display.wording.cautions import not_applicable
from helpers.publish.kernels import execute
from helpers.publish.labels import page_labels
from helpers.publish.outcome import MAX_LOG, Outcome, State, failure
from helpers.publish.passing import passing_folder
from helpers.publish.paths import write_whole
from helpers.publish.private_paths import refuse_paths
from helpers.publish.render import render_html
from helpers.publish.selection import for_readers
from helpers.publish.task import Task, data_files
from helpers.stats.estimates import NotApplicable

_GUARD_TAG = "excx-guard"
_OWN_TAGS = {"injected-parameters", _GUARD_TAG}
_GUARD = """import helpers
if helpers.__file__ != {ours!r}:
    raise ImportError("helpers must be " + {ours!r} + "; found " + str(helpers.__file__))
from helpers.publish.confinement import confine
confine({folders!r})
"""


def run_notebook(task: Task) -> Outcome:
    """Make one report.

    Parameters
    ----------
    task : Task
        See `helpers.publish.task.Planner`.

    Returns
    -------
    Outcome
        When it failed, there is no report: one of an earlier run is removed.
    """
    start = time.monotonic()
    with passing_folder() as folder:
        try:
            outcome = _publish(task, folder)
        except Exception as error:
            task.target.unlink(missing_ok=True)
            outcome = failure(error, _kernel_log(folder))
    return replace(outcome, seconds=time.monotonic() - start)


def _publish(task: Task, workplace: Path) -> Outcome:
    state: State = "done"
    source = _translated(nbformat.read(task.notebook, as_version=4), Words(task.language))
    try:
        guarded = _guarded(source, _writable(task, workplace))
        nb = for_readers(_judged(execute(guarded, dict(task.parameters), workplace, task.deadline)))
    except PapermillExecutionError as error:
        nb = _short_page(source, error, Words(task.language))
        state = "not applicable"
    _require_planned_data(task)
    nb.metadata["excx"] = dict(task.page)
    html = render_html(nb, code=task.code)
    refuse_paths(html, [workplace, Path(str(task.parameters["dataset"])), Path(helpers.__file__).parents[2]])
    write_whole(task.target, html, task.folder.parent)
    return Outcome(state)


def _require_planned_data(task: Task) -> None:
    """Refuse a page of data that the ledger was not told of: the kernel has read them as they are now."""
    now = data_files(task.files)
    changed = [path for path, state in task.files.items() if now[path] != tuple(state)]
    if changed:
        name = Path(changed[0]).name
        raise RuntimeError(f"data must stay as they are while reports are made; {name} changed. Run it again.")


def _translated(nb: nbformat.NotebookNode, words: Words) -> nbformat.NotebookNode:
    with warnings.catch_warnings():
        # A text without translation is named by the catalogue's own check, not once more in every process.
        warnings.filterwarnings("ignore", message="text must be in the")
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = words.prose(cell.source)
    return nb


def _guarded(nb: nbformat.NotebookNode, folders: list[str]) -> nbformat.NotebookNode:
    source = _GUARD.format(ours=helpers.__file__, folders=folders)
    guard = v4.new_code_cell(source, metadata={"tags": [_GUARD_TAG]})
    guarded = copy.copy(nb)
    guarded.cells = [guard, *nb.cells]
    return guarded


def _writable(task: Task, workplace: Path) -> list[str]:
    cache = Path(str(task.parameters["dataset"]), CACHE_FOLDER)
    # A dataset that cannot be written to is allowed: what is computed is not kept then.
    with contextlib.suppress(OSError):
        cache.mkdir(exist_ok=True)
    return [str(workplace), str(cache), *filter(None, [os.environ.get(once.FOLDER)])]


def _judged(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out the cells that are ours, once every cell has run to its end."""
    nb.cells = [cell for cell in nb.cells if not _OWN_TAGS & set(cell.metadata.get("tags", []))]
    for place, cell in enumerate(nb.cells, start=1):
        code = cell.cell_type == "code" and cell.source.strip()
        ended = not any(output.output_type == "error" for output in cell.get("outputs", []))
        if code and not (cell.execution_count and ended):
            raise RuntimeError(f"every cell must run to its end; cell {place} did not: {cell.source.strip()[:60]!r}.")
    return nb


def _short_page(nb: nbformat.NotebookNode, error: PapermillExecutionError, words: Words) -> nbformat.NotebookNode:
    """Keep the title, and say in one sentence why the rest is missing; any other error is raised again."""
    if error.ename != NotApplicable.__name__ or len(error.traceback) != 2:
        raise error
    payload = json.loads(error.traceback[1])
    sentence = not_applicable(payload["reason"], payload["values"], words)
    label = page_labels(words.language)["not_applicable"]
    html = Markup('<div class="not-applicable"><p><strong>{}.</strong> {}</p></div>').format(label, sentence)
    title = nb.cells[0].source.strip().split("\n", 1)[0]
    output = v4.new_output("display_data", {"text/html": html})
    return v4.new_notebook(cells=[v4.new_markdown_cell(title), v4.new_code_cell("", outputs=[output])])


def _kernel_log(workplace: Path) -> str:
    log = workplace / "kernel.log"
    return log.read_text(encoding="utf-8", errors="replace")[-MAX_LOG // 4 :] if log.exists() else ""
