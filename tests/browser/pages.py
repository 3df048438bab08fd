"""The kinds of pages that the browser is shown, made as a user makes them, each in both languages."""

import itertools
import json

import pytest
from rich.console import Console

from helpers.datasets.dataset import open_dataset
from helpers.publish.batch import run_batch
from helpers.publish.index import write_index
from helpers.publish.task import Planner
from running import ROOT

LANGUAGES = ("en", "nl")
GAP, LAG, UNIT = (
    ROOT / "notebooks" / f"{name}.ipynb" for name in ("02_gallup_quartiles", "04_aegon_panel_lag", "10_unit_report")
)
# Of the demo company: its report named last is about a team, of which many figures are masked.
DEMO = ("gap", "lag", "whole", "long name", "small team", "not applicable", "code", "index")
# Of a published dataset; only where EXCX_REAL_DATA names the publisher's files.
PUBLISHED = ("published", "published code")
JOBS = 2
# A notebook stopped this soon fails, and the index must show that too.
TOO_SOON = 0.1

every_page = pytest.mark.parametrize(("kind", "language"), list(itertools.product(DEMO + PUBLISHED, LANGUAGES)))


def make_demo_pages(folder, dataset_folder):
    """Make the reports of the demo company, a failed one among them, and their index."""
    dataset = open_dataset(dataset_folder)
    planner, with_code = Planner(dataset, folder), Planner(dataset, folder / "code")
    team, named_long = _small_team(dataset), _unit_of_longest_name(dataset)
    tasks = {}
    for language in LANGUAGES:
        of = {"language": language}
        tasks[f"gap {language}"] = planner.task(GAP, **of)
        tasks[f"lag {language}"] = planner.task(LAG, **of)
        tasks[f"whole {language}"] = planner.task(UNIT, **of)
        tasks[f"long name {language}"] = planner.task(UNIT, unit=named_long, **of)
        tasks[f"small team {language}"] = planner.task(UNIT, unit=team, **of)
        tasks[f"not applicable {language}"] = planner.task(LAG, unit=team, **of)
        tasks[f"code {language}"] = with_code.task(UNIT, unit=named_long, code=True, **of)
    country = dataset.hierarchy.at_level("country")[0]
    stopped = planner.task(UNIT, unit=country, deadline=TOO_SOON)
    files = _run(tasks, stopped)
    for language in LANGUAGES:
        index = write_index(planner, language)
        files[f"index {language}"] = str(index.rename(index.with_stem(f"index.{language}")))
    (folder / "pages.json").write_text(json.dumps(files))


def make_published_pages(folder, dataset_folder):
    """Make pages about a published dataset, with and without the code."""
    dataset = open_dataset(dataset_folder)
    planner, with_code = Planner(dataset, folder), Planner(dataset, folder / "code")
    tasks = {f"published {language}": planner.task(GAP, language=language) for language in LANGUAGES}
    tasks |= {f"published code {one}": with_code.task(GAP, language=one, code=True) for one in LANGUAGES}
    (folder / "pages.json").write_text(json.dumps(_run(tasks)))


def _run(tasks, *failing):
    records = run_batch([*tasks.values(), *failing], jobs=JOBS, console=Console(quiet=True))
    failed = [record.error for record in records if record.state == "failed"]
    assert len(failed) == len(failing), failed
    not_applicable = sum(record.state == "not applicable" for record in records)
    assert not_applicable == sum(name.startswith("not applicable") for name in tasks)
    return {name: str(task.target) for name, task in tasks.items()}


def _small_team(dataset):
    """Find a team of about twelve of which some figures may be shown and others not."""
    scores, teams = dataset.scores, dataset.hierarchy.at_level("team")
    latest = scores[(scores["period"] == scores["period"].max()) & scores["unit_id"].isin(teams)]
    n = latest.groupby("unit_id")["n"].agg(["min", "max"])
    return n.index[(n["min"] < 10) & n["max"].between(10, 14)][0]


def _unit_of_longest_name(dataset):
    """Find the unit above teams whose name and whose teams' names are longest."""
    hierarchy = dataset.hierarchy
    units = [unit for unit in hierarchy.subtree(hierarchy.root) if hierarchy.children(unit)]
    return max(units, key=lambda unit: len(hierarchy.name(unit)))
