"""Kernels that start with our code and the data in them make the pages that kernels made from nothing make."""

import logging

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.folders import project_root
from helpers.publish import stage, warm
from helpers.publish.pool import run_all
from helpers.publish.task import Planner

UNIT_REPORT = project_root() / "notebooks" / "10_unit_report.ipynb"


@pytest.mark.slow
def test_all_notebooks_and_many_units_give_the_same_bytes(demo, tmp_path, monkeypatch, caplog):
    def pages(name):
        planner = Planner(open_dataset(demo), tmp_path / name)
        countries = planner.dataset.hierarchy.at_level("country")
        tasks = [planner.task(UNIT_REPORT, unit=unit) for unit in countries]
        tasks += [planner.task(path, language="nl") for path in sorted(UNIT_REPORT.parent.glob("*.ipynb"))]
        assert len(countries) >= stage.WORTH_ALL_UNITS, "or the scores of all units are not released at once"
        outcomes = {task.target: outcome for task, outcome in run_all(tasks, 2)}
        assert {outcome.state for outcome in outcomes.values()} == {"done"}
        return {path.name: path.read_bytes() for path in outcomes}

    with caplog.at_level(logging.WARNING):
        staged = pages("staged")
    assert not caplog.records
    monkeypatch.setenv(warm.CHOICE, "stock")
    assert pages("stock") == staged
