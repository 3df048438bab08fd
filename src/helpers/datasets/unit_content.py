"""What a dataset holds of each unit: a report may be kept while the *content* of its unit is the same.

The content of a unit is

- its own rows, and those of all units below it or merged into one of these, in every table that says of each row which
  unit it is of; their order does not count, nor whether 3 is written as 3.0, but how often a row is there does;
- what belongs to no unit: the settings, the tree and names of all units, questions, rows of unknown units;
- what is kept back by the rules of the gate anywhere: a figure that is hidden so that the one of a neighbour does not
  follow must not stay on a page beside a new page that now tells the neighbour's;
- of the unit and those below it alone, what is kept back because of earlier releases. A report that is kept is a part
  of such a release. The ledger holds every release against the whole of each earlier one, so kept and new pages
  together tell no more than it allows for. That is why a report is kept only while the ledger knows its release.

Shares of answers, reasons and the like are kept back by neighbours too, and are not in the ledger. Notebooks that tell
of these depend on the whole dataset, see `helpers.publish.dependencies.keeps_to_its_unit`.
"""

from __future__ import annotations

import hashlib
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.contract import CONTRACT, LEADERSHIP_ELEMENTS
from helpers.datasets.dataset import Dataset
from helpers.datasets.folders import SETTINGS_FILE
from helpers.datasets.marking import marked
from helpers.datasets.problems import DatasetError
from helpers.datasets.reading import read_table
from helpers.datasets.score_cache import KEY_LENGTH, cached, content_key
from helpers.release.dominance import is_dominated
from helpers.release.mask import EARLIER
from helpers.release.table import MAGNITUDE, RESERVED

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

UNIT = "unit_id"
# Stands for what belongs to no unit, and so to all.
EVERYBODY = ""
Parts = Iterator[tuple[str, int]]


def unit_contents(dataset: Dataset) -> dict[str, str]:
    """Name the content of each unit.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    dict of str to str
        For each unit of the hierarchy `KEY_LENGTH` hexadecimal digits; those of the root stand for the whole dataset.
        Read from the dataset's cache while its ``content_key`` is the same.
    """
    key = content_key([Path(__file__)], dataset.content_key)
    frame = cached(dataset.folder, "unit-content", key, lambda: _summed(dataset))
    sums = dict(zip(frame[UNIT].tolist(), map(int, frame["content"]), strict=True))
    hierarchy = dataset.hierarchy
    everybody = sum(number for unit, number in sums.items() if unit not in hierarchy and unit not in hierarchy.merged)
    total = {unit: sums.get(unit, 0) for unit in hierarchy.subtree(hierarchy.root)}
    for unit, within in hierarchy.merged.items():
        total[within] += sums.get(unit, 0)
    # Depth first, so that backwards all units below one come before it.
    for unit in reversed(total):
        total[unit] += sum(total[child] for child in hierarchy.children(unit))
    return {unit: _digest(f"{everybody} {number}")[:KEY_LENGTH] for unit, number in total.items()}


def _summed(dataset: Dataset) -> pd.DataFrame:
    """Add up what is known of each unit; numbers without limit are kept as text."""
    sums: dict[str, int] = defaultdict(int)
    for unit, number in _parts(dataset):
        sums[unit] += number
    return pd.DataFrame({UNIT: list(sums), "content": [str(number) for number in sums.values()]}, dtype="str")


def _parts(dataset: Dataset) -> Parts:
    # Slow to import, and needed only where a table changed.
    import duckdb
    import ibis

    names = sorted(dataset.settings.tables)
    yield EVERYBODY, _number(content_key([dataset.folder / SETTINGS_FILE], names))
    connection = ibis.duckdb.connect()
    try:
        for name in names:
            path = dataset.settings.tables[name]
            try:
                yield from list(_table_parts(connection, name, path))
            except (DatasetError, duckdb.Error):
                # What cannot be read by unit counts as it is; the reports that need it will say what is wrong.
                yield EVERYBODY, _number(content_key([path], name))
    finally:
        connection.disconnect()
    if dataset.has("outcomes"):
        yield EVERYBODY, _number(_digest(_how_outcomes_are_told(dataset)))
    if dataset.mask is not None:
        yield from _kept_back_by_mask(dataset.mask.frame)
        yield from _kept_back_by_marks(dataset)


def _how_outcomes_are_told(dataset: Dataset) -> str:
    """Give what the row of any unit decides for all: the first unit of a measure, and whether any counts people."""
    told = ["measure", "unit", "ratio_scale", "higher_is_better"]
    outcomes = dataset.table("outcomes").reindex(columns=told)
    every = outcomes.drop_duplicates().astype("str").sort_values(told)
    return repr((every.to_numpy().tolist(), outcomes.drop_duplicates("measure").astype("str").to_numpy().tolist()))


def _table_parts(connection: ibis.BaseBackend, name: str, path: Path) -> Parts:
    """Give for each unit the sum of numbers that stand for its rows."""
    import ibis

    owners = [column for column, of in CONTRACT[name].columns.items() if of.refers_to == "units"]
    source = _source(connection, path)
    if owners != [UNIT] or UNIT not in source.columns:
        yield EVERYBODY, _number(content_key([path], name))
        return
    columns = sorted(source.columns)
    yield EVERYBODY, _number(_digest(repr((name, columns))))
    cells = ibis.struct({column: _cell(source[column], name) for column in columns})
    row = ibis.struct({"table": ibis.literal(name), "cells": cells})
    # Hashed twice: the first alone mixes the cells too little for sums of rows.
    sums = source.group_by(**{UNIT: source[UNIT].cast("string").fill_null(EVERYBODY)}).agg(
        content=row.hash().hash().sum().cast("string")
    )
    found = connection.to_pandas(sums)
    yield from zip(found[UNIT].tolist(), map(int, found["content"]), strict=True)


def _cell(column: ir.Column, table: str) -> ir.Column:
    """Write a number one way, since whoever saves a table again may turn whole numbers into others."""
    if column.type().is_numeric():
        return column.cast("float64")
    text, known = column.cast("string"), CONTRACT[table].columns.get(column.get_name())
    # Columns that the contract does not name are answers to questions.
    is_number = known is None or known.kind in ("number", "whole")
    return text.try_cast("float64").cast("string").fill_null(text) if is_number else text


def _source(connection: ibis.BaseBackend, path: Path) -> ir.Table:
    import ibis

    if path.suffix.casefold() == ".parquet":
        return connection.read_parquet(path)
    with warnings.catch_warnings():
        # Whoever reads the table for its figures hears them.
        warnings.simplefilter("ignore")
        return ibis.memtable(read_table(path))


def _kept_back_by_mask(mask: pd.DataFrame) -> Parts:
    """Give hidden groups: those that earlier releases hide to their unit, the others to everybody."""
    hidden = mask[mask["hidden_by"] != ""]
    earlier = hidden["hidden_by"] == EARLIER
    yield from zip(hidden.loc[earlier, UNIT].tolist(), _numbers(hidden[earlier]), strict=True)
    yield EVERYBODY, sum(_numbers(hidden[~earlier]))


def _kept_back_by_marks(dataset: Dataset) -> Parts:
    """Give figures hidden one by one, in groups that are shown: sums of mostly one person, and what is of one manager.

    Leadership in a unit without any below stands on its own page alone, and follows from its own rows.
    """
    scores = dataset.scores
    above = scores[UNIT].isin(dataset.hierarchy.units["parent_id"])
    chosen = scores[(above & scores["measure"].isin(LEADERSHIP_ELEMENTS)) | (scores["kind"] == "value")]
    known = marked(dataset, chosen)
    hidden = known[RESERVED].astype(bool)
    if MAGNITUDE in known:
        hidden |= known[MAGNITUDE] & is_dominated(known["estimate"], known["largest"], known["second"])
    yield EVERYBODY, sum(_numbers(known.loc[hidden, [UNIT, "period", "measure"]]))


def _numbers(rows: pd.DataFrame) -> list[int]:
    return pd.util.hash_pandas_object(rows.astype("str"), index=False).tolist()


def _number(digits: str) -> int:
    return int(digits, 16)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
