"""The way in: one page per dataset that lists every report its folder holds, by unit, with headline figures."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from helpers.datasets.dataset import Dataset
from helpers.display.wording import Words, capital
from helpers.publish.facts import settings_facts
from helpers.publish.index_figures import Figures, headline_figures
from helpers.publish.index_rows import STATES, index_rows, listed_units
from helpers.publish.index_texts import index_caption, index_summary, index_texts
from helpers.publish.labels import LANGUAGE_NAMES
from helpers.publish.layout import render_template
from helpers.publish.manifest import Record, latest_records
from helpers.publish.paths import INDEX, write_whole
from helpers.publish.task import Planner
from helpers.stats.estimates import NotApplicable

_NO_FIGURES = Figures((), {}, {})


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
        ``reports/<dataset>/index.html``. The same reports and data give the same bytes.

    Warns
    -----
    UserWarning
        When the scores cannot be read: the reports are then listed without figures.
    """
    dataset = planner.dataset
    words = Words(language or dataset.settings.language)
    by_unit: dict[str, list[Record]] = defaultdict(list)
    for record in _shown(planner.folder):
        by_unit[record.unit].append(record)
    facts, figures, n_earlier, notice = _figures(planner, words, by_unit)
    rows = index_rows(dataset.hierarchy, by_unit, figures, words, dataset.settings.periods_per_year)
    text = index_texts(words)
    page = {**facts, "language": words.language, "title": f"{text['reports']} – {facts['dataset']}", "unit": ""}
    html = render_template(
        "contents.html.j2",
        page,
        style="index.css",
        script="index.js",
        rows=rows,
        text=text,
        measures=[capital(words.measure(measure)) for measure in figures.measures],
        caption=index_caption(rows, figures, words),
        summary=index_summary(rows, words, n_earlier),
        notice=notice,
        states={state: words.text(name) for state, name in STATES.items()},
        languages=LANGUAGE_NAMES,
    )
    write_whole(planner.folder / INDEX, html, planner.folder.parent)
    return planner.folder / INDEX


def _shown(folder: Path) -> Iterable[Record]:
    records = sorted(latest_records(folder).values(), key=lambda record: record.identity)
    # Every leader opens the index; a report for one manager is handed over by itself.
    shown = (record for record in records if not record.parameters.get("audience"))
    return (record for record in shown if record.state == "failed" or (folder / record.file).is_file())


def _figures(
    planner: Planner, words: Words, by_unit: Mapping[str, Sequence[Record]]
) -> tuple[dict[str, object], Figures, int, Markup]:
    """Give facts of the data, figures, how many reports are of earlier data than these, and a notice."""
    dataset = planner.dataset
    try:
        figures = headline_figures(dataset, words, listed_units(dataset.hierarchy, by_unit))
        return planner.facts, figures, _n_earlier(planner, by_unit), Markup()
    except NotApplicable:
        return planner.facts, _NO_FIGURES, 0, words.text("None of these units has figures.")
    # Whatever breaks the scores, and at whatever depth: the index is the last that a run writes, and must be there.
    except Exception as error:
        warnings.warn(_without_figures(dataset, error), stacklevel=3)
        notice = words.text("The figures could not be read, so this page only lists the reports.")
        return settings_facts(dataset), _NO_FIGURES, 0, notice


def _n_earlier(planner: Planner, by_unit: Mapping[str, Sequence[Record]]) -> int:
    now = planner.contents[planner.dataset.hierarchy.root]
    records = (record for found in by_unit.values() for record in found)
    return sum(record.state != "failed" and record.data not in ("", now) for record in records)


def _without_figures(dataset: Dataset, error: Exception) -> str:
    first = (str(error).strip() or "no message").splitlines()[0]
    return (
        f"scores must be readable for an index with figures; found {type(error).__name__}: {first} "
        f"Run excx check {dataset.name}."
    )
