"""The way in: one page per dataset that lists every report its folder holds, by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.datasets.hierarchy import Hierarchy
from helpers.publish.labels import LANGUAGE_NAMES, page_labels
from helpers.publish.manifest import Record, latest_records
from helpers.publish.paths import write_whole
from helpers.publish.render import render_template
from helpers.publish.task import Planner

INDEX = "index.html"


@dataclass(frozen=True)
class _Node:
    name: str
    level: str
    reports: list[Record]
    below: list[_Node]


def write_index(planner: Planner, language: str = "") -> Path:
    """Write the index of a dataset's reports from its manifest.

    Parameters
    ----------
    planner : Planner
        Knows the dataset and the folder.
    language : str
        ``"en"``, ``"nl"`` or empty for the dataset's own.

    Returns
    -------
    Path
        ``reports/<dataset>/index.html``.
    """
    language = language or planner.dataset.settings.language
    by_unit: dict[str, list[Record]] = defaultdict(list)
    for record in _shown(planner.folder):
        by_unit[record.unit].append(record)
    hierarchy = planner.dataset.hierarchy
    top = _node(hierarchy, hierarchy.root, by_unit)
    gone = [
        _Node(found[0].unit_name, "", found, []) for unit, found in sorted(by_unit.items()) if unit not in hierarchy
    ]
    title = f"{page_labels(language)['reports']} – {planner.facts['dataset']}"
    page = {**planner.facts, "language": language, "title": title, "unit": ""}
    html = render_template("contents.html.j2", page, top=top, gone=gone, languages=LANGUAGE_NAMES)
    write_whole(planner.folder / INDEX, html, planner.folder.parent)
    return planner.folder / INDEX


def _shown(folder: Path) -> Iterable[Record]:
    records = sorted(latest_records(folder).values(), key=lambda record: record.identity)
    return (record for record in records if record.state == "failed" or (folder / record.file).is_file())


def _node(hierarchy: Hierarchy, unit: str, by_unit: Mapping[str, list[Record]]) -> _Node | None:
    below = [node for child in hierarchy.children(unit) if (node := _node(hierarchy, child, by_unit))]
    reports = by_unit.get(unit, [])
    return _Node(hierarchy.name(unit), hierarchy.level(unit), reports, below) if reports or below else None
