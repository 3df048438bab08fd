"""Fetching public data: which files, unchanged, from where, into what."""

from __future__ import annotations

import dataclasses
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from helpers.datasets.dataset import Dataset
from helpers.datasets.folders import project_root
from helpers.datasets.public import (
    SOURCES,
    chicago,
    chicago_measures,
    civil_service,
    civil_service_measures,
    fetch,
    nhs,
    pierce,
    pierce_answers,
)
from helpers.datasets.public.source import Built, PublicSource, toml
from helpers.display.wording.measures import MEASURES

MODULES = {"chicago": chicago, "nhs": nhs, "civil-service": civil_service, "pierce": pierce}
CHICAGO = chicago_measures.SURVEY | chicago_measures.COMPOSITES | chicago_measures.RESPONSE_RATES
MEASURED = {
    "chicago": CHICAGO | chicago_measures.OUTCOMES,
    "nhs": nhs.SCORES | nhs.OUTCOMES,
    "civil-service": civil_service_measures.SCORES | civil_service_measures.OUTCOMES,
    "pierce": {one.element: one for one in pierce_answers.ITEMS.values()},
}
CONTENT = b"unit_id,estimate\na,1\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SETTINGS = {
    "title": 'Schools – "small"',
    "language": "en",
    "synthetic": False,
    "periods_per_year": 1,
    "disclosure": "published",
    "measures": {"employee": "x", "customer": "y", "engagement": "x", "outcomes": ["y", "z"]},
    "levels": {"panel": "school", "quartile": "school", "report": "school"},
    "smallest_effect": {"value": 0.1, "unit": "sd"},
}


def build(paths: Mapping[str, Path]) -> Built:
    scores = pd.read_csv(paths["small.csv"]).assign(period="2024", measure="x")
    units = pd.DataFrame({"unit_id": ["a"], "name": ["A"], "parent_id": [None], "level": ["school"]})
    return Built(SETTINGS, {"units": units, "scores": scores}, "# Schools\n")


@pytest.fixture
def small(monkeypatch) -> PublicSource:
    source = PublicSource("small", "A city", "Small schools", "small_folder", {"small.csv": SHA256}, build)
    monkeypatch.setitem(SOURCES, "small", source)
    return source


@pytest.mark.parametrize("inside", ["", "small_folder"])
def test_a_mirror_is_the_folder_of_the_source_or_the_folder_above_it(tmp_path, small, inside):
    (tmp_path / "mirror" / inside).mkdir(parents=True)
    (tmp_path / "mirror" / inside / "small.csv").write_bytes(CONTENT)
    folder = fetch("small", tmp_path / "made", tmp_path / "mirror")
    assert Dataset(folder).scores["estimate"].tolist() == [1.0]


def test_the_dataset_lists_the_files_it_was_made_from(tmp_path, small):
    (tmp_path / "small.csv").write_bytes(CONTENT)
    settings = Dataset(fetch("small", tmp_path / "made", tmp_path)).settings
    assert [(file.name, file.sha256) for file in settings.files] == [("small.csv", SHA256)]
    assert settings.title == 'Schools – "small"'
    assert (tmp_path / "made" / "README.md").read_text() == "# Schools\n"


def test_a_changed_file_is_refused_with_both_checksums(tmp_path, small):
    (tmp_path / "small.csv").write_bytes(CONTENT + b"b,2\n")
    found = hashlib.sha256(CONTENT + b"b,2\n").hexdigest()
    with pytest.raises(ValueError, match=f"small.csv must have SHA-256 {SHA256}; found {found}"):
        fetch("small", tmp_path / "made", tmp_path)
    assert not (tmp_path / "made").exists()


def test_a_missing_file_is_named(tmp_path, small):
    with pytest.raises(FileNotFoundError, match=r"mirror must hold small.csv; found no small.csv in "):
        fetch("small", tmp_path / "made", tmp_path)


def test_without_a_mirror_publisher_title_and_files_are_named(tmp_path, small):
    with pytest.raises(ValueError, match=r"folder with small.csv \(A city: Small schools\); found none. Pass --mirror"):
        fetch("small", tmp_path / "made")


def test_an_unknown_source_is_refused_with_the_near_ones(tmp_path):
    with pytest.raises(ValueError, match=r"name must be a public source; found 'chicagoo'. Did you mean chicago\?"):
        fetch("chicagoo", tmp_path)


def test_a_broken_off_build_leaves_no_dataset(tmp_path, small, monkeypatch):
    (tmp_path / "small.csv").write_bytes(CONTENT)
    broken = dataclasses.replace(small, build=lambda paths: Built(SETTINGS, {"units": None}, ""))
    monkeypatch.setitem(SOURCES, "small", broken)
    with pytest.raises(AttributeError, match="to_parquet"):
        fetch("small", tmp_path / "made", tmp_path)
    assert not (tmp_path / "made" / "dataset.toml").exists()


def test_settings_survive_the_way_through_toml():
    values = SETTINGS | {"files": [{"name": "a.csv", "sha256": "00"}, {"name": "b.csv", "sha256": "ff"}]}
    assert tomllib.loads(toml(values)) == values


def test_the_dictionary_of_data_lists_every_source_with_its_two_measures():
    text = (project_root() / "data" / "README.md").read_text(encoding="utf-8")
    section = text.split("## Public datasets")[1].split("\n## ")[0]
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in section.splitlines() if "| `" in line]
    played = [module.SETTINGS["measures"] for module in MODULES.values()]
    assert [row[0] for row in rows] == list(SOURCES) == list(MODULES)
    assert [row[2:4] for row in rows] == [[one["employee"], one["customer"]] for one in played]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_measure_of_a_source_has_a_name_for_readers(name):
    assert len(MEASURED[name]) > 1 and not set(MEASURED[name]) - set(MEASURES)


@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"pierce"}))
def test_readers_and_datasets_agree_on_which_end_of_an_outcome_is_better(name):
    outcomes = {measure: one for measure, one in MEASURED[name].items() if hasattr(one, "higher_is_better")}
    assert outcomes
    assert all(MEASURES[measure].higher_is_better == one.higher_is_better for measure, one in outcomes.items())


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_source_pins_the_checksum_of_every_file(name):
    files = SOURCES[name].files
    assert files
    assert all(len(sha256) == 64 and set(sha256) <= set("0123456789abcdef") for sha256 in files.values())
