"""A dataset of three units and notebooks of a few cells: enough to run anything, small enough to run often."""

import json
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import v4

from helpers.datasets.dataset import open_dataset
from helpers.publish import warm
from helpers.publish.kernels import execute
from helpers.publish.task import Planner

SETTINGS = """
title = "Tiny"
language = "en"
synthetic = true
source = "Made by hand"
licence = "CC0-1.0"
periods_per_year = 1
min_group = 10
disclosure = "gate"

[measures]
employee = "enps"
customer = "nps"
engagement = "enps"
outcomes = ["enps"]

[levels]
panel = "country"
quartile = "country"
report = "country"

[smallest_effect]
value = 0.1
unit = "sd"

[tables]
units = "units.csv"
scores = "scores.csv"
"""
UNITS = """unit_id,name,parent_id,level
all,Everyone,,organisation
nl,Netherlands,all,country
be,Belgium <b>& Co</b>,all,country
"""
SCORES = """unit_id,period,measure,estimate,n,se
all,2023,enps,10,100,5
nl,2024,enps,12,60,6
be,2024,enps,8,40,7
"""
PARAMETERS = """dataset: str = "demo"  # a name or a folder
unit: str = ""  # unit id
language: str = "en"  # en or nl
conf_level: float = 0.95  # of intervals
lags: int = 3  # how many
exact: bool = False  # slower
"""
SHOW = "from IPython.display import HTML\n"


@pytest.fixture
def tiny(tmp_path):
    """Folder of the dataset."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, text in {"dataset.toml": SETTINGS, "units.csv": UNITS, "scores.csv": SCORES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def planner(tiny, tmp_path):
    return Planner(open_dataset(tiny), tmp_path / "reports")


@pytest.fixture
def write_notebook(tmp_path):
    """Write a notebook of a title, the parameters and the code cells given."""

    def write(*cells, name="01_sample", title="# Do happy staff make happy customers?", tags=()) -> Path:
        code = [v4.new_code_cell(cell, metadata={"tags": list(tags)}) for cell in cells]
        parameters = v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        nb = v4.new_notebook(cells=[v4.new_markdown_cell(f"{title}\n\nWhy we ask."), parameters, *code])
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(nb, path)
        return path

    return write


@pytest.fixture
def processes(tmp_path_factory, monkeypatch):
    """List the processes that work below this test's own folder for passing files, kernels above all."""
    # Sockets are made in it, whose paths may have 107 letters at most.
    folder = str(tmp_path_factory.mktemp("t"))
    monkeypatch.setattr(tempfile, "tempdir", folder)
    monkeypatch.setenv("TMPDIR", folder)

    def find() -> list[str]:
        found = (process.info for process in psutil.process_iter(["cmdline", "cwd"]))
        # A forked kernel has the command line of its template; its place is its own.
        lines = (" ".join([*(info["cmdline"] or []), f"in {info['cwd']}"]) for info in found)
        return [line for line in lines if folder in line]

    return find


def wait_until(condition, seconds=60):
    """Wait for a condition, and give what it says last."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


@pytest.fixture
def kernel(tmp_path_factory):
    """Run cells in a kernel of their own and give what the last one prints, read as JSON."""

    def run(*cells, printed, deadline=60):
        code = [v4.new_code_cell(cell) for cell in (*cells, f"import json, os, sys; print(json.dumps({printed}))")]
        parameters = v4.new_code_cell("lags: int = 3", metadata={"tags": ["parameters"]})
        done = execute(v4.new_notebook(cells=[parameters, *code]), {}, tmp_path_factory.mktemp("k"), deadline)
        said = [output for output in done.cells[-1].outputs if output.get("name") == "stdout"]
        return json.loads("".join(output.text for output in said))

    return run


@pytest.fixture
def own_template(monkeypatch):
    """Let a test have a template of its own, and end it."""
    monkeypatch.setattr(warm, "_own", None)
    yield
    warm.end_template()
