"""Running notebooks in tests, and making what several tests share only once."""

import fcntl
import os
from pathlib import Path

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.publish.engine import run_notebook
from helpers.publish.task import Planner

ROOT = Path(__file__).parents[1]
# Of public data, one language in the quick tests; all tests of pages ask for the same pages, so that each is run once.
PUBLIC_PAGES = [
    ("nhs", "en"),
    ("civil_service", "nl"),
    pytest.param("nhs", "nl", marks=pytest.mark.slow),
    pytest.param("civil_service", "en", marks=pytest.mark.slow),
]


def made_once(tmp_path_factory, name, make):
    """Give a folder, made by the first worker that asks."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / "made" / name
        if not folder.exists():
            folder.parent.mkdir(exist_ok=True)
            make(folder)
    return folder


def run(folder, reports, notebook, **choices):
    """Run a notebook on a dataset; give its state and its page."""
    task = Planner(open_dataset(folder), reports).task(ROOT / "notebooks" / f"{notebook}.ipynb", **choices)
    outcome = run_notebook(task)
    assert outcome.state != "failed", outcome.details
    return outcome.state, task.target.read_text(encoding="utf-8")
