"""Datasets and the notebooks' pages about them, made once for all workers of a test run."""

import gc
import hashlib
import os
from pathlib import Path

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import load_sector, load_truth, make_demo, make_sector
from helpers.datasets.public import fetch
from running import made_once, run

# Every quirk of the company is there, and a notebook on it takes seconds.
SCALE = 0.3


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Keep modules and collected tests, which stay to the end, out of every walk of the garbage collector."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """Give the state and page of a notebook on a dataset; each is run once, whatever number of tests reads it."""

    def read(folder, notebook, **choices):
        choices = {"language": "en"} | choices

        def make(made):
            state, text = run(folder, made / "reports", notebook, **choices)
            (made / "state").write_text(state)
            (made / "page.html").write_text(text, encoding="utf-8")

        name = hashlib.sha256(repr((folder.name, notebook, sorted(choices.items()))).encode()).hexdigest()[:16]
        made = made_once(tmp_path_factory, f"{notebook}-{name}", make)
        return (made / "state").read_text(), (made / "page.html").read_text(encoding="utf-8")

    return read


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return made_demo(tmp_path_factory, "demo")


@pytest.fixture(scope="session")
def demo_null(tmp_path_factory):
    return made_demo(tmp_path_factory, "demo-null")


@pytest.fixture(scope="session")
def sector(tmp_path_factory):
    return made_once(
        tmp_path_factory, "half-sector", lambda folder: make_sector(folder, load_sector(), seed=1, scale=0.5)
    )


@pytest.fixture(scope="session")
def chicago(tmp_path_factory):
    return fetched(tmp_path_factory, "chicago")


@pytest.fixture(scope="session")
def nhs(tmp_path_factory):
    return fetched(tmp_path_factory, "nhs")


@pytest.fixture(scope="session")
def civil_service(tmp_path_factory):
    return fetched(tmp_path_factory, "civil-service")


@pytest.fixture(scope="session")
def pierce(tmp_path_factory):
    return fetched(tmp_path_factory, "pierce")


def made_demo(tmp_path_factory, name):
    def make(folder):
        make_demo(folder, load_truth(name), scale=SCALE)
        # Kept beside the data; two notebooks that start at once would both compute it.
        assert open_dataset(folder).mask is not None

    return made_once(tmp_path_factory, name, make)


def fetched(tmp_path_factory, name):
    mirror = os.environ.get("EXCX_REAL_DATA")
    if not mirror:
        pytest.skip("EXCX_REAL_DATA does not name the folder with the publisher's files")
    return made_once(tmp_path_factory, name, lambda folder: fetch(name, folder, mirror=Path(mirror)))
