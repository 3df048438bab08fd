"""The environment is described once in pyproject.toml; everything else must agree with it."""

import re
import tomllib
from pathlib import Path

import numpy
import pandas
import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]
LOCK = (ROOT / "requirements.lock").read_text()


def without_extras(requirement: str) -> str:
    return re.sub(r"\[.*?\]", "", requirement)


def test_environment_yml_and_pyproject_agree():
    lines = (ROOT / "environment.yml").read_text().splitlines()
    conda = {line.removeprefix("  - ") for line in lines if re.match(r"  - [a-z0-9-]+>=", line)}
    declared = {without_extras(requirement) for requirement in PROJECT["dependencies"]}
    assert conda == declared | {f"python{PROJECT['requires-python']}"}


@pytest.mark.parametrize("requirement", [*PROJECT["dependencies"], *EXTRAS])
def test_every_dependency_is_locked_with_hashes(requirement):
    name = re.match(r"[a-z0-9-]+", requirement).group()
    block = re.search(rf"^{name}(\[.*?\])?==[^\n]*\\\n(    --hash=sha256:[0-9a-f]{{64}})", LOCK, re.M)
    assert block, f"{name} is not in requirements.lock with a hash: run `make lock`"


def test_lock_holds_no_index_address():
    assert "://" not in LOCK


def test_polars_is_not_in_the_environment():
    # Others import it where they find it, and it starts threads: no kernel could be forked any more.
    assert not re.search(r"^polars", LOCK, re.M)


def test_environment_is_pandas_3_on_numpy_2():
    assert pandas.__version__.startswith("3.") and numpy.__version__.startswith("2.")
