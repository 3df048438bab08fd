"""Read a table from a file: Parquet, or CSV as spreadsheets and survey tools write it.

All cells of a CSV come as text, so that an id such as 007 keeps its zeros; `helpers.datasets.conversion` types them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from helpers.datasets.contract import CONTRACT
from helpers.datasets.problems import MAX_ROWS_SHOWN, DatasetError, Problem

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet")
_DELIMITERS = (",", ";", "\t", "|")
_KNOWN = {column for table in CONTRACT.values() for column in table.columns}
_HEAD = 1 << 16
# A record must fit in one block, also a comment of many pages.
_BLOCK = 1 << 24
_SIGNATURES = {
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"PK\x03\x04": "an Excel workbook or zip file",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}
_SAVE_AS = "Save it as CSV UTF-8."


@dataclass(frozen=True)
class Source:
    """A table as it was read: `frame` has the row numbers as index, `problems` are what is wrong with the file."""

    frame: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a table from CSV or Parquet.

    Parameters
    ----------
    path : str or Path
        CSV: UTF-8 with or without BOM, or cp1252 (with a warning); comma, semicolon, tab or bar; blank rows left out.

    Returns
    -------
    DataFrame
        From CSV every column is ``str``, trimmed, with empty cells missing; from Parquet as stored.

    Raises
    ------
    DatasetError
        A ValueError: no such file, empty, not text, or rows with more or fewer fields than the header.
    """
    path = Path(path)
    source = load(path, path.name)
    errors = [problem for problem in source.problems if problem.severity == "error"]
    if errors:
        raise DatasetError(errors)
    for problem in source.problems:
        warnings.warn(str(problem), stacklevel=2)
    return source.frame.reset_index(drop=True)


def load(path: Path, table: str) -> Source:
    """Read as much of a file as can be read, and list what is wrong with it under the name `table`.

    Raises
    ------
    DatasetError
        When nothing can be read.
    """
    if not path.is_file():
        raise _unreadable(table, "have a file", f"no file {path.name}", "Correct its path in dataset.toml.")
    if not path.stat().st_size:
        raise _unreadable(table, "hold rows", f"an empty file, {path.name}", "Export it again.")
    if path.suffix.lower() not in SUFFIXES:
        raise _unreadable(table, f"be one of {', '.join(SUFFIXES)}", repr(path.name), _SAVE_AS)
    source = _load_parquet(path, table) if path.suffix.lower() == ".parquet" else _load_csv(path, table)
    if source.frame.empty:
        raise _no_rows(path, table)
    return source


def _load_parquet(path: Path, table: str) -> Source:
    try:
        stored = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        found = f"{path.name}, which cannot be read: {str(error).splitlines()[0][:80]}"
        raise _unreadable(table, "be a Parquet file", found, "Write it again.") from None
    frame, problems = _named(stored, stored.column_names, table)
    return Source(frame.set_axis(pd.RangeIndex(1, len(frame) + 1)), problems)


def _load_csv(path: Path, table: str) -> Source:
    encoding = _encoding(path, table)
    delimiter, header = _header(path, table, encoding)
    cells, skipped = _parse(path, table, encoding, delimiter, len(header))
    frame, repeated = _named(_trimmed(cells.slice(1)), header, table)
    # Rows are numbered as in a spreadsheet: the header is 1, and rows that could not be used still count.
    numbers = np.delete(np.arange(2, len(frame) + 2 + len(skipped)), [number - 2 for number, _ in skipped])
    frame = frame.set_axis(pd.Index(numbers)).dropna(how="all")
    return Source(frame, (*_encoding_problems(path, table, encoding), *_ragged(table, skipped, len(header)), *repeated))


def _encoding(path: Path, table: str) -> str:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    found = next((kind for signature, kind in _SIGNATURES.items() if head.startswith(signature)), None)
    if found is None and b"\x00" in head:
        found = "UTF-16" if head.count(b"\x00") > len(head) / 4 else "binary data"
    if found is None and re.search(rb"[\x01-\x08\x0e-\x1f\x7f]", head):
        found = "binary data"
    encoding = next((one for one in ("utf-8-sig", "cp1252") if not found and _decodes(path, one)), None)
    if encoding is None:
        raise _unreadable(table, "be UTF-8 text", f"{found or 'binary data'} in {path.name}", _SAVE_AS)
    return encoding


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _header(path: Path, table: str, encoding: str) -> tuple[str, list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(_HEAD))
        file.seek(0)
        records = csv.reader(file, delimiter=delimiter)
        header, first = [name.strip() for name in next(records, [])], next(records, None)
    if not any(header):
        raise _unreadable(
            table, "have column names in row 1", f"an empty row in {path.name}", "Delete the rows above them."
        )
    if first is None:
        raise _no_rows(path, table)
    return delimiter, header


def _delimiter(head: str) -> str:
    """Choose the delimiter whose fields are known names, then the one that splits all rows alike, then into most."""

    def quality(delimiter: str) -> tuple[int, bool, int]:
        records = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
        # The head may end inside a record.
        records = [record for record in records[: -1 if len(head) == _HEAD else None] if record]
        header = records[0] if records else []
        alike = len(header) > 1 and len({len(record) for record in records}) == 1
        return len(_KNOWN.intersection(field.strip() for field in header)), alike, len(header)

    return max(_DELIMITERS, key=quality)


def _parse(
    path: Path, table: str, encoding: str, delimiter: str, n_fields: int
) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Give all records including the header as text, and (row, fields) of those with another number of fields."""
    skipped: list[tuple[int, int]] = []

    def skip(row: pa_csv.InvalidRow) -> str:
        skipped.append((row.number, row.actual_columns))
        return "skip"

    # Rows are numbered only when read by one thread, so that is kept for files that need it.
    for threads, on_invalid in ((True, lambda row: "error"), (False, skip)):
        try:
            options = _csv_options(encoding, delimiter, n_fields, threads, on_invalid)
            return pa_csv.read_csv(path, *options), skipped
        except pa.ArrowInvalid as error:
            reason = str(error)
    raise _unreadable(table, "be CSV", f"in {path.name}: {reason[:80]}", "Look for a quote that is not closed.")


def _csv_options(encoding: str, delimiter: str, n_fields: int, threads: bool, on_invalid: object) -> tuple[object, ...]:
    names = [f"f{number}" for number in range(n_fields)]
    reading = pa_csv.ReadOptions(
        use_threads=threads,
        block_size=_BLOCK,
        column_names=names,
        encoding="utf8" if encoding == "utf-8-sig" else encoding,
    )
    parsing = pa_csv.ParseOptions(
        delimiter=delimiter,
        newlines_in_values=True,
        ignore_empty_lines=False,
        invalid_row_handler=on_invalid,
    )
    return reading, parsing, pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()))


def _trimmed(cells: pa.Table) -> pa.Table:
    columns = [pc.utf8_trim_whitespace(column) for column in cells.columns]
    columns = [pc.if_else(pc.equal(column, ""), None, column) for column in columns]
    return pa.table(columns, names=cells.column_names)


def _named(cells: pa.Table, header: list[str], table: str) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Name the columns, without those that have no name and the repetitions of those that have."""
    kept = [number for number, name in enumerate(header) if name and name not in header[:number]]
    repeated = sorted({name for number, name in enumerate(header) if name and name in header[:number]})
    frame = cells.select(kept).rename_columns([header[number] for number in kept]).to_pandas(ignore_metadata=True)
    way_out = "Rename or drop one of them."
    return frame, tuple(Problem(table, name, "occur once", "several", way_out=way_out) for name in repeated)


def _encoding_problems(path: Path, table: str, encoding: str) -> tuple[Problem, ...]:
    if encoding != "cp1252":
        return ()
    way_out = f"It was read as such; check its accents. {_SAVE_AS}"
    return (Problem(table, "", "be UTF-8 text", f"cp1252 in {path.name}", way_out=way_out, severity="warning"),)


def _ragged(table: str, skipped: list[tuple[int, int]], n_fields: int) -> tuple[Problem, ...]:
    if not skipped:
        return ()
    rows = tuple(number for number, _ in skipped[:MAX_ROWS_SHOWN])
    rule, way_out = f"have {n_fields} fields in every row", "Look for loose quotes or delimiters there."
    return (Problem(table, "", rule, f"{skipped[0][1]}", rows, len(skipped), way_out),)


def _no_rows(path: Path, table: str) -> DatasetError:
    return _unreadable(table, "have at least one row", f"a header only, in {path.name}", "Fill it or leave it out.")


def _unreadable(table: str, rule: str, found: str, way_out: str) -> DatasetError:
    return DatasetError([Problem(table, "", rule, found, way_out=way_out)])
