"""The datasets that the notebooks are run on, made once for all workers of a test run."""

import fcntl
import os
from pathlib import Path

import pytest

from helpers.datasets.demo import load_truth, make_demo
from helpers.datasets.public import fetch

# Every quirk of the company is there, and a notebook on it takes seconds.
SCALE = 0.3


def made_once(tmp_path_factory, name, make):
    """Give the folder of a dataset, made by the first worker that asks."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / "datasets" / name
        if not folder.exists():
            folder.parent.mkdir(exist_ok=True)
            make(folder)
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return made_once(tmp_path_factory, "demo", lambda folder: make_demo(folder, load_truth("demo"), scale=SCALE))


@pytest.fixture(scope="session")
def demo_null(tmp_path_factory):
    truth = load_truth("demo-null")
    return made_once(tmp_path_factory, "demo-null", lambda folder: make_demo(folder, truth, scale=SCALE))


@pytest.fixture(scope="session")
def chicago(tmp_path_factory):
    mirror = os.environ.get("EXCX_REAL_DATA")
    if not mirror:
        pytest.skip("EXCX_REAL_DATA does not name the folder with the publisher's files")
    return made_once(tmp_path_factory, "chicago", lambda folder: fetch("chicago", folder, mirror=Path(mirror)))
