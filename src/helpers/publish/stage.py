"""What the kernels of a batch have in common from their start: our code, and the data as it may be shown.

A *stage* is a process that holds both, and kernels are forked from it; see `helpers.publish.template_process`. Each
asks for code and data in the state in which the files are at that moment, so that nothing older is ever used.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import json
import os
import pickle
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import helpers
from helpers.datasets.folders import LEDGER_FOLDER, SETTINGS_FILE
from helpers.datasets.settings import load_settings
from helpers.publish.states import file_states, files_below

if TYPE_CHECKING:
    from helpers.publish.task import Task

# So many reports and units before it pays to import and read for all of them at once.
WORTH_A_STAGE, WORTH_ALL_UNITS = 8, 24
# Scores of all units that are released at once; the figures of so many take 0.7 GB.
MOST_SCORES = 2_000_000
_DIE_WITH_PARENT = 1
_PACKAGE = Path(helpers.__file__).parent
_plan: dict[str, object] = {}
Result = TypeVar("Result")


def plan_stage(tasks: Sequence[Task]) -> dict[str, object]:
    """Say what the reports of a batch have in common.

    Parameters
    ----------
    tasks : sequence of Task
        Of one dataset.

    Returns
    -------
    dict
        ``folder`` of the dataset, its ``files`` (paths of settings and tables), ``notebooks`` (paths), ``languages``,
        and ``released``: confidence level and audience with which many units will be shown. Empty where there are too
        few reports.
    """
    if len(tasks) < WORTH_A_STAGE:
        return {}
    shown = Counter((task.others.get("conf_level", 0.95), task.others.get("audience", "leaders")) for task in tasks)
    folder = Path(str(tasks[0].parameters["dataset"]))
    return {
        "folder": str(folder),
        "files": sorted(map(str, (folder / SETTINGS_FILE, *load_settings(folder).tables.values()))),
        "notebooks": sorted({str(Path(task.notebook).resolve()) for task in tasks}),
        "languages": sorted({task.language for task in tasks}),
        "released": [list(how) for how, times in shown.items() if times >= WORTH_ALL_UNITS],
    }


def use_stage(plan: Mapping[str, object]) -> None:
    """Ask for it with each kernel of this process."""
    global _plan
    _plan = dict(plan)


def stage_wish() -> dict[str, object]:
    """Give the plan in use, with ``key``: in which state code and data are now. Empty when there is none."""
    return _plan and _plan | {"key": _state(_plan)}


def prepare(wish: Mapping[str, object]) -> None:
    """Import what the notebooks import, and hold the dataset: all in one task.

    Parameters
    ----------
    wish : mapping
        See `stage_wish`.

    Raises
    ------
    RuntimeError
        When code or data changed meanwhile.
    """
    from helpers.datasets.dataset import hold
    from helpers.display.plots.rehearsal import rehearse

    for notebook in wish["notebooks"]:
        _import_for(Path(notebook))
    for language in wish["languages"]:
        rehearse(language)
    # Libraries that read files start threads.
    hold(_elsewhere(lambda: _read(Path(wish["folder"]), wish["released"])))
    if _state(wish) != wish["key"]:
        raise RuntimeError("code and data must stay as they are while they are read; they changed.")


def _read(folder: Path, shown: Sequence[tuple[float, str]]) -> object:
    from helpers.datasets.dataset import open_dataset
    from helpers.datasets.released import release_all

    data = open_dataset(folder)
    data.load()
    for conf_level, audience in shown if len(data.scores) <= MOST_SCORES else ():
        release_all(data, conf_level=conf_level, audience=audience)
    return data


def _import_for(notebook: Path) -> None:
    from helpers.publish.dependencies import imported_modules

    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    for name in imported_modules(code):
        importlib.import_module(name)


def _elsewhere(make: Callable[[], Result]) -> Result:
    """Give what another process makes, a copy of this one that ends with it."""
    with open(os.memfd_create("made"), "w+b") as file:
        child = os.fork()
        if child == 0:
            _end_with_parent()
            try:
                pickle.dump((make(), None), file)
            except Exception as error:
                file.seek(0)
                file.truncate()
                pickle.dump((None, f"{type(error).__name__}: {error}"), file)
            finally:
                file.flush()
                os._exit(0)
        if status := os.waitpid(child, 0)[1]:
            raise RuntimeError(f"data must be read to the end; their reader was ended by signal {status}.")
        file.seek(0)
        result, problem = pickle.load(file)
    if problem:
        raise RuntimeError(f"data must be readable; found {problem}")
    return result


def _end_with_parent() -> None:
    """Die with the stage, and before any kernel where memory runs out: nobody needs what is read here."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _state(plan: Mapping[str, object]) -> str:
    ledger = files_below(Path(plan["folder"]) / LEDGER_FOLDER)
    files = [*map(Path, plan["files"]), *ledger, *files_below(_PACKAGE)]
    what = [{name: value for name, value in plan.items() if name != "key"}, file_states(files)]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
