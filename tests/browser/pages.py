"""The kinds of pages that the browser is shown, made as a user makes them."""

import json

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.publish.batch import run_batch
from helpers.publish.index import write_index
from helpers.publish.task import Planner
from running import ROOT

LANGUAGES = ("en", "nl")
NOTEBOOKS = {
    "nps": "01_nps_and_enps",
    "gap": "02_gallup_quartiles",
    "meta": "03_gallup_meta_analysis",
    "lag": "04_aegon_panel_lag",
    "checks": "04b_lag_checks",
    "growth": "05_aon_growth",
    "drivers": "06_engagement_drivers",
    "moments": "07_customer_moments",
    "chain": "08_from_leadership_to_loyalty",
    "staff": "09_absence_and_exits",
    "whole": "10_unit_report",
    "actions": "11_action_follow_up",
}
PATHS = {kind: ROOT / "notebooks" / f"{name}.ipynb" for kind, name in NOTEBOOKS.items()}
META, GAP, LAG, UNIT = (PATHS[kind] for kind in ("meta", "gap", "lag", "whole"))
# Kinds of pages by dataset; "small team" is about a team of which many figures are masked. Opening a page costs every
# test time, so kinds whose parts other pages show in the other language are opened in one.
IN_BOTH = ("whole", "small team", "index")
IN_ONE = {"nps": "nl", "gap": "nl", "lag": "en", "checks": "nl", "growth": "nl", "drivers": "nl", "moments": "en"}
IN_ONE |= {"chain": "nl", "staff": "nl", "actions": "en", "long name": "nl", "code": "nl", "not applicable": "en"}
DEMO = [(kind, language) for kind in IN_BOTH for language in LANGUAGES] + list(IN_ONE.items())
SECTOR = [("meta", "en")]
# Only where EXCX_REAL_DATA names the publisher's files.
PUBLISHED = [("published", "en"), ("published", "nl"), ("published code", "en")]
JOBS = 2
# A notebook stopped this soon fails, and the index must show that too.
TOO_SOON = 0.1

# What few other pages have parts of; opened by `make test-browser-slow`, since 20 minutes do not hold all pages.
SLOW = ("growth", "checks", "drivers", "moments", "chain", "staff", "actions", "published code")
every_page = pytest.mark.parametrize(
    ("kind", "language"),
    [
        pytest.param(kind, language, marks=pytest.mark.slow if kind in SLOW else ())
        for kind, language in DEMO + SECTOR + PUBLISHED
    ],
)


def make_demo_pages(folder, dataset_folder):
    """Make the reports of the demo company, a failed one among them, and their index."""
    dataset = open_dataset(dataset_folder)
    planner, with_code = Planner(dataset, folder), Planner(dataset, folder / "code")
    team, named_long = _small_team(dataset), _unit_of_longest_name(dataset)
    tasks = {}
    for language in LANGUAGES:
        tasks[f"whole {language}"] = planner.task(UNIT, language=language)
        tasks[f"small team {language}"] = planner.task(UNIT, unit=team, language=language)
    for kind, language in IN_ONE.items():
        if kind in PATHS:
            tasks[f"{kind} {language}"] = planner.task(PATHS[kind], language=language)
    tasks["long name nl"] = planner.task(UNIT, unit=named_long, language="nl")
    tasks["code nl"] = with_code.task(UNIT, unit=named_long, code=True, language="nl")
    tasks["not applicable en"] = planner.task(LAG, unit=team, language="en")
    country = dataset.hierarchy.at_level("country")[0]
    stopped = planner.task(UNIT, unit=country, deadline=TOO_SOON)
    files = _run(tasks, stopped)
    for language in LANGUAGES:
        index = write_index(planner, language)
        files[f"index {language}"] = str(index.rename(index.with_stem(f"index.{language}")))
    (folder / "pages.json").write_text(json.dumps(files))


def make_sector_pages(folder, dataset_folder):
    """Make the page about all organisations of a sector together."""
    planner = Planner(open_dataset(dataset_folder), folder)
    (folder / "pages.json").write_text(json.dumps(_run({"meta en": planner.task(META, language="en")})))


def make_published_pages(folder, dataset_folder):
    """Make pages about a published dataset, with and without the code."""
    dataset = open_dataset(dataset_folder)
    planner, with_code = Planner(dataset, folder), Planner(dataset, folder / "code")
    tasks = {f"published {language}": planner.task(GAP, language=language) for language in LANGUAGES}
    tasks["published code en"] = with_code.task(GAP, language="en", code=True)
    (folder / "pages.json").write_text(json.dumps(_run(tasks)))


def _run(tasks, *failing):
    records = run_batch([*tasks.values(), *failing], jobs=JOBS)
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
