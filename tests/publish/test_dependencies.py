"""A report depends on the modules its notebook needs, on all of them, and not on the rest."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from helpers.datasets.folders import project_root
from helpers.publish.dependencies import BY_UNIT, PACKAGE, keeps_to_its_unit, needed_files

NOTEBOOKS = sorted((project_root() / "notebooks").glob("*.ipynb"))


def notebook(code: str) -> nbformat.NotebookNode:
    return v4.new_notebook(cells=[v4.new_markdown_cell("from helpers.stats import power"), v4.new_code_cell(code)])


def loaded_by(path: Path) -> set[str]:
    """The files of ours that a process holds once it has run the imports of a notebook, seen by a child that does."""
    cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    code = next(source for source in cells if "from helpers" in source)
    read, write = os.pipe()
    if not (child := os.fork()):
        for name in [name for name in sys.modules if name.partition(".")[0] == "helpers"]:
            del sys.modules[name]
        exec(code, {})
        files = [
            getattr(module, "__file__", None) for name, module in sys.modules.items() if name.startswith("helpers")
        ]
        os.write(write, json.dumps([Path(file).relative_to(PACKAGE).as_posix() for file in files if file]).encode())
        os._exit(0)
    os.close(write)
    with open(read, "rb") as told:
        found = set(json.loads(told.read()))
    os.waitpid(child, 0)
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_whatever_a_notebook_loads_is_among_what_it_needs(path):
    loaded = loaded_by(path)
    assert len(loaded) > 20
    assert loaded <= set(needed_files(nbformat.read(path, 4)))


def test_a_notebook_does_not_need_the_parts_of_another():
    of_drivers, of_lags = (
        set(needed_files(nbformat.read(NOTEBOOKS[0].with_name(name), 4)))
        for name in ("06_engagement_drivers.ipynb", "04_aegon_panel_lag.ipynb")
    )
    assert "display/driver_parts.py" in of_drivers - of_lags
    assert "display/lag_parts.py" in of_lags - of_drivers


@pytest.mark.parametrize(
    "code",
    [
        "from helpers.stats.power import power_curve",
        "from helpers.stats import power",
        "import helpers.stats.power as p",
        "from helpers.stats import (\n    estimates,\n    power,\n)",
        "x = 1\nif x:\n    from helpers.stats.power import power_curve",
    ],
)
def test_imports_are_found_however_they_are_written(code):
    assert {"stats/power.py", "stats/__init__.py", "__init__.py"} <= set(needed_files(notebook(code)))
    assert "stats/power.py" not in needed_files(notebook("x = 1"))


def test_texts_styles_and_templates_always_count():
    found = {Path(name).suffix for name in needed_files(notebook("x = 1"))}
    assert {".py", ".po", ".j2", ".css", ".js", ".mplstyle"} <= found


def test_what_a_needed_module_needs_is_needed_too(tmp_path):
    package = tmp_path / "helpers"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "demo", "*.csv"))
    (package / "stats" / "deepest.py").write_text("X = 1\n")
    (package / "stats" / "deep.py").write_text("def f():\n    from helpers.stats.deepest import X\n    return X\n")
    found = needed_files(notebook("from helpers.stats.deep import f"), package)
    assert {"stats/deep.py", "stats/deepest.py"} <= set(found)


def test_these_notebooks_keep_to_their_unit():
    """The others tell what is kept back because of neighbours in a way that the ledger does not know."""
    kept = {path.stem[:3].strip("_") for path in NOTEBOOKS if keeps_to_its_unit(nbformat.read(path, 4))}
    assert kept == {"02", "04", "04b", "10"}


@pytest.mark.parametrize(
    "line",
    [
        "data.table('employee_answers').groupby('unit_id').size()",
        "data.scores.query('unit_id != @unit')",
        "open_dataset('demo').table('outcomes')",
        "__import__('helpers.datasets.reasons')",
        "exec('from helpers.datasets import reasons')",
        "get_ipython().run_line_magic('run', 'other.py')",
        "open('data/demo/units.csv')",
    ],
)
def test_a_notebook_that_reads_rows_or_what_no_import_names_depends_on_the_whole_dataset(line):
    start = "from helpers.datasets.dataset import open_dataset\ndata, n = open_dataset('demo'), 1\n"
    by_unit = "study = n\nstudy.table('variants')"
    for code, keeps in ((start + by_unit, True), (start + line, False)):
        assert keeps_to_its_unit(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])) is keeps


@pytest.mark.parametrize(
    "code",
    [
        "from helpers.datasets.reasons import reasons",
        "from helpers.datasets import released, reasons",
        "import helpers.datasets.reasons",
        "from helpers import datasets",
        "import pandas as pd",
        "if dataset:\n    import csv",
        "%load_ext sql",
    ],
)
def test_a_notebook_that_may_read_more_depends_on_the_whole_dataset(code):
    assert keeps_to_its_unit(notebook("from helpers.datasets.released import released_scores\nimport numpy as np"))
    assert not keeps_to_its_unit(notebook(f"from helpers.datasets.released import released_scores\n{code}"))


def test_what_keeps_to_its_unit_is_there():
    assert all((PACKAGE / "datasets" / f"{name}.py").is_file() for name in BY_UNIT)
