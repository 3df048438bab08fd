"""Figures on pages that the release of the same folder hides.

Recognised are cells of tables and values of cards, by the words that pages use for units, measures and periods:

- the unit: a row header that is its name, or else the unit of the page (by its folder) where the caption names it;
- the period: a cell or header of the row, or else the periods that the caption names; of a card the unit's latest;
- the measure: the header of the column, or else a cell of the row, or else the measures that the caption names.

A figure is a cell with a digit. It is a finding where everything that it could be is hidden: every unit of that name,
in every period and measure recognised, or in all of them where none is. Not recognised are figures in sentences and in
drawings, which show what the tables beside them do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.datasets.contract import LEADERSHIP_ELEMENTS
from helpers.datasets.families import EMPLOYEES, measure_families
from helpers.display.wording import Words
from helpers.display.wording.paragraph import SOFT_HYPHEN
from helpers.publish.audit_content import Found
from helpers.publish.audit_findings import hint
from helpers.publish.audit_reading import Cell, Page, Table
from helpers.publish.audit_release import Release
from helpers.publish.labels import LANGUAGE_NAMES
from helpers.publish.paths import report_file

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Names:
    """How pages name what a release holds.

    Parameters
    ----------
    units : mapping of name to list of unit id
    folders : mapping of folder name to unit id
    unit_names : mapping of unit id to name
    measures, periods : mapping of text, in small letters, to id
    hidden : mapping of unit id to dict of (period, measure) to bool
        Of units with anything hidden: whether it is.
    latest : mapping of unit id to str
    """

    units: Mapping[str, list[str]]
    folders: Mapping[str, str]
    unit_names: Mapping[str, str]
    measures: Mapping[str, str]
    periods: Mapping[str, str]
    hidden: Mapping[str, Mapping[tuple[str, str], bool]]
    latest: Mapping[str, str]


def release_names(release: Release) -> Names:
    """Gather the names and what is hidden of a release."""
    frame = release.frame
    named = frame.drop_duplicates("unit_id").set_index("unit_id")["name"].astype("object").map(_plain).to_dict()
    units = defaultdict(list)
    for unit, name in named.items():
        units[name].append(unit)
    words = [Words(language) for language in LANGUAGE_NAMES]
    measures = {_plain(str(one.measure(id_))).lower(): id_ for one in words for id_ in frame["measure"].unique()}
    periods = {_plain(str(one.period(id_))).lower(): id_ for one in words for id_ in frame["period"].unique()}
    return Names(
        units=units,
        folders={_folder(unit): unit for unit in named},
        unit_names=named,
        measures=measures,
        periods=periods,
        hidden=_hidden(frame),
        latest=frame[["unit_id", "period"]]
        .drop_duplicates()
        .astype("object")
        .groupby("unit_id")["period"]
        .max()
        .to_dict(),
    )


def figures_of_hidden(page: Page, file: str, names: Names) -> Iterator[Found]:
    """Look on a page for figures that the release hides.

    Parameters
    ----------
    page : Page
    file : str
        Its path below the folder of the dataset, which tells the unit it is about.
    names : Names

    Yields
    ------
    tuple of int and str
        Rule, and whose figure it is; the figure itself is not repeated.
    """
    own = names.folders.get(file.split("/")[0], "")
    for table in page.tables:
        for row in table.rows:
            yield from _row_findings(table, row, own, names)
    # A page made with other parameters may be about another period.
    if own in names.hidden and not re.search(r"-[0-9a-f]{10}\.", file.split("/")[-1]):
        for card in page.cards:
            measure = names.measures.get(_plain(card.name.replace(SOFT_HYPHEN, "")).lower())
            if measure and _DIGIT.search(card.value):
                yield from _found([own], [names.latest[own]], [measure], "on a card", names)


def _row_findings(table: Table, row: Sequence[Cell], own: str, names: Names) -> Iterator[Found]:
    units = next((names.units[name] for name in _headers(row) if name in names.units), None)
    if units is None and own in names.hidden and names.unit_names[own] in table.caption:
        units = [own]
    if not units or not all(unit in names.hidden for unit in units):
        return
    texts = [_plain(cell.text).lower() for cell in row]
    periods = [names.periods[text] for text in texts if text in names.periods]
    periods = periods or _mentioned(table.caption, names.periods)
    of_row = [names.measures[text] for text in texts if text in names.measures]
    of_row = of_row or _mentioned(table.caption, names.measures)
    columns = [names.measures.get(_plain(cell.text).lower()) for cell in table.rows[0]]
    for place, cell in enumerate(row):
        known = place < len(columns) and columns[place]
        if cell.head or texts[place] in names.periods or (any(columns) and not known) or not _DIGIT.search(cell.text):
            continue
        yield from _found(units, periods, [known] if known else of_row, f"in a table, {hint(table.caption)}", names)


def _headers(row: Sequence[Cell]) -> Iterator[str]:
    for cell in row:
        if cell.head:
            yield from (_plain(text) for text in (cell.name, cell.text) if text)


def _found(units: list[str], periods: list[str], measures: list[str], where: str, names: Names) -> Iterator[Found]:
    matching = [
        hidden
        for unit in units
        for (period, measure), hidden in names.hidden[unit].items()
        if (not periods or period in periods) and (not measures or measure in measures)
    ]
    if matching and all(matching):
        what = " or ".join(measures[:2]) or "a figure"
        yield 1, f"{what} {where}, of unit {hint(units[0])} that the release hides"


def _hidden(frame: pd.DataFrame) -> dict[str, dict[tuple[str, str], bool]]:
    """Say what is hidden of units with anything hidden.

    What a single team says of its manager, who may read it, counts as hidden only where all else of that period is.
    """
    some = frame[frame["unit_id"].isin(frame.loc[~frame["shown"], "unit_id"].unique())]
    leaf = ~some["unit_id"].isin(some["parent_id"].unique())
    of_managers = leaf & some["measure"].isin(LEADERSHIP_ELEMENTS)
    others = some[~of_managers & (measure_families(some) == EMPLOYEES)]
    shown = set(zip(others.loc[others["shown"], "unit_id"], others.loc[others["shown"], "period"], strict=True))
    result: dict[str, dict[tuple[str, str], bool]] = defaultdict(dict)
    columns = (*(some[column].tolist() for column in ("unit_id", "period", "measure", "shown")), of_managers.tolist())
    for unit, period, measure, is_shown, reserved in zip(*columns, strict=True):
        result[unit][period, measure] = not is_shown and not (reserved and (unit, period) in shown)
    return result


def _mentioned(text: str, known: Mapping[str, str]) -> list[str]:
    plain = _plain(text).lower()
    found = (id_ for name, id_ in known.items() if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", plain))
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    return " ".join(text.split()).removeprefix("'")


def _folder(unit: str) -> str:
    return report_file(Path(), unit, "page", "en", {}).parent.name
