"""Rows of the index: units in their hierarchy, each with its reports, what became of them, and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpers.datasets.hierarchy import Hierarchy
from helpers.datasets.periods import period_time
from helpers.display.wording import Words
from helpers.display.wording.levels import level_name
from helpers.display.wording.marks import msg
from helpers.display.wording.scores import STATE_WORDS
from helpers.publish.index_figures import Figure, Figures
from helpers.publish.manifest import Record

# Worst first, as a summary should name them.
STATES = {
    "failed": msg("failed"),
    "not applicable": msg("not applicable"),
    "masked": STATE_WORDS["hidden"],
    "done": msg("made"),
    "none": msg("no report"),
}
Reports = Mapping[str, Sequence[Record]]


@dataclass(frozen=True)
class Row:
    """One unit.

    Parameters
    ----------
    name, level : str
    depth : int
        Steps below the root.
    reports : sequence of Record
    states : tuple of str
        Keys of `STATES`, each once.
    period : str
        Of the figures; empty where there are none.
    time : int or None
        `period` as a number, for sorting.
    figures : tuple of Figure
        Empty, or one for each measure.
    """

    name: str
    level: str
    depth: int
    reports: Sequence[Record]
    states: tuple[str, ...]
    period: str = ""
    time: int | None = None
    figures: tuple[Figure, ...] = ()


def index_rows(
    hierarchy: Hierarchy, reports: Reports, figures: Figures, words: Words, periods_per_year: int
) -> list[Row]:
    """Make the rows: units with reports and the units above them, depth first, then units that are gone.

    Parameters
    ----------
    hierarchy : Hierarchy
    reports : mapping of unit id to sequence of Record
    figures : Figures
    words : Words
    periods_per_year : {1, 2, 4, 12}

    Returns
    -------
    list of Row
    """
    listed = listed_units(hierarchy, reports)
    rows = []
    for unit in (one for one in hierarchy.subtree(hierarchy.root) if one in listed):
        period, cells, found = figures.period.get(unit, ""), figures.cells.get(unit, ()), reports.get(unit, ())
        rows.append(
            Row(
                name=hierarchy.name(unit),
                level=level_name(hierarchy.level(unit), words),
                depth=len(hierarchy.path(unit)) - 1,
                reports=found,
                states=tuple(_states(found, cells)),
                period=words.period(period),
                time=period_time(period, periods_per_year) if period else None,
                figures=cells,
            )
        )
    gone = words.text("No longer in the organisation")
    left = ((unit, found) for unit, found in sorted(reports.items()) if unit not in hierarchy)
    return rows + [Row(found[0].unit_name, gone, 0, found, tuple(_states(found, ()))) for _, found in left]


def listed_units(hierarchy: Hierarchy, reports: Iterable[str]) -> set[str]:
    """Give the units with reports and the units above them."""
    return {above for unit in reports if unit in hierarchy for above in hierarchy.path(unit)}


def _states(reports: Sequence[Record], cells: Sequence[Figure]) -> Iterator[str]:
    found = {report.state for report in reports} or {"none"}
    if cells and all(cell.state == "hidden" for cell in cells):
        found = found - {"done"} | {"masked"}
    yield from (state for state in STATES if state in found)
