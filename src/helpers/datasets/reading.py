"""Read a table from a file: Parquet, or CSV as spreadsheets and survey tools write it.

All cells of a CSV come as text, so that an id such as 007 keeps its zeros; `helpers.datasets.conversion` types them.
Columns that are not asked for never reach a frame: those of Parquet are not even unpacked.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from helpers.datasets.limits import check_columns, check_size, check_texts, not_parquet, open_parquet
from helpers.datasets.problems import MAX_ROWS_SHOWN, DatasetError, Problem, refusal
from helpers.datasets.text_format import SAVE_AS, TextFormat, no_rows, text_format

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet")
# A record must fit in one block, also a comment of many pages.
_BLOCK = 1 << 24
Choice = Callable[[Sequence[str]], Sequence[str]]
"""Given the names in a file, the ones to read; it may raise before any cell is read."""


def all_columns(names: Sequence[str]) -> Sequence[str]:
    """Choose every column."""
    return names


@dataclass(frozen=True)
class Source:
    """A table as it was read: `frame` has the row numbers as index, `problems` are what is wrong with the file."""

    frame: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def read_table(path: str | Path, choose: Choice = all_columns) -> pd.DataFrame:
    """Read a table from CSV or Parquet.

    Parameters
    ----------
    path : str or Path
        CSV: UTF-8 with or without BOM, or cp1252 (with a warning); comma, semicolon, tab or bar; blank rows left out.
    choose : callable
        Gives the columns to read, from those in the file.

    Returns
    -------
    DataFrame
        From CSV every column is ``str``, trimmed, with empty cells missing; from Parquet as stored.

    Raises
    ------
    DatasetError
        A ValueError: no such file, empty, too large, not text, or rows with more or fewer fields than the header.
    """
    path = Path(path)
    source = load(path, path.name, choose)
    errors = [problem for problem in source.problems if problem.severity == "error"]
    if errors:
        raise DatasetError(errors)
    for problem in source.problems:
        warnings.warn(str(problem), stacklevel=2)
    return source.frame.reset_index(drop=True)


def load(path: Path, table: str, choose: Choice = all_columns) -> Source:
    """Read as much of the chosen columns as can be read, and list what is wrong with them under the name `table`.

    Raises
    ------
    DatasetError
        When nothing can be read.
    """
    check_file(path, table)
    check_size(path, table)
    source = (_load_parquet if path.suffix.lower() == ".parquet" else _load_csv)(path, table, choose)
    if source.frame.empty:
        raise DatasetError(source.problems) if source.problems else no_rows(path, table)
    return source


def check_file(path: Path, table: str) -> None:
    """Refuse what is no file, an empty one, or one of a kind that is not read.

    Raises
    ------
    DatasetError
    """
    if not path.is_file():
        raise refusal(table, "", "have a file", f"no file {path.name}", "Correct its path in dataset.toml.")
    if not path.stat().st_size:
        raise refusal(table, "", "hold rows", f"an empty file, {path.name}", "Export it again.")
    if path.suffix.lower() not in SUFFIXES:
        raise refusal(table, "", f"be one of {', '.join(SUFFIXES)}", repr(path.name), SAVE_AS)


def _load_parquet(path: Path, table: str, choose: Choice) -> Source:
    with open_parquet(path, table) as file:
        names = file.schema_arrow.names
        chosen = [name for name in dict.fromkeys(choose(names)) if name]
        texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
    try:
        # Texts stay coded until their length is known.
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            # Asked for "a", Parquet also gives "a.b".
            stored = file.read(columns=chosen)
            stored = stored.select([number for number, name in enumerate(stored.column_names) if name in chosen])
        check_texts(stored, table)
        stored = stored.cast(pa.schema([_decoded(field) for field in stored.schema]))
    except (pa.ArrowException, OSError) as error:
        raise not_parquet(path, table, error) from None
    frame, problems = _named(stored, stored.column_names, table)
    return Source(frame.set_axis(pd.RangeIndex(1, len(frame) + 1)), problems)


def _decoded(field: pa.Field) -> pa.Field:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    return pa.field(field.name, pa.large_string() if pa.types.is_string(kind) else kind)


def _load_csv(path: Path, table: str, choose: Choice) -> Source:
    written = text_format(path, table)
    check_columns(written.header, table)
    chosen = set(choose(written.header))
    cells, skipped = _parse(path, table, written)
    numbers = [number for number, name in enumerate(written.header) if name in chosen]
    kept = cells.slice(1).select(numbers)
    check_texts(kept.rename_columns([written.header[number] for number in numbers]), table)
    frame, repeated = _named(_trimmed(kept), [written.header[number] for number in numbers], table)
    # Rows are numbered as in a spreadsheet: the header is 1, and rows that could not be used still count.
    numbers = np.delete(np.arange(2, len(frame) + 2 + len(skipped)), [number - 2 for number, _ in skipped])
    frame = frame.set_axis(pd.Index(numbers)).dropna(how="all")
    if not skipped:
        _refuse_open_quote(path, table, cells)
    return Source(frame, (*_encoding_problems(path, table, written), *_ragged(table, skipped, written), *repeated))


def _parse(path: Path, table: str, written: TextFormat) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Give all records including the header as text, and (row, fields) of those with another number of fields."""
    skipped: list[tuple[int, int]] = []

    def skip(row: pa_csv.InvalidRow) -> str:
        skipped.append((row.number, row.actual_columns))
        return "skip"

    # Rows are numbered only when read by one thread, so that is kept for files that need it.
    for threads, on_invalid in ((True, lambda row: "error"), (False, skip)):
        try:
            return pa_csv.read_csv(path, *_csv_options(written, threads, on_invalid)), skipped
        except pa.ArrowInvalid as error:
            reason = str(error)
    raise refusal(table, "", "be CSV", f"in {path.name}: {reason[:80]}", "Look for a quote that is not closed.")


def _refuse_open_quote(path: Path, table: str, cells: pa.Table) -> None:
    """Refuse a last cell that took in the rest of the file: it has lines, and no quote where the file ends."""
    lines = max(str(cells[column][-1]).count("\n") for column in cells.column_names)
    if lines and not _end(path).rstrip().endswith(b'"'):
        found = f"a last cell of {lines + 1} lines in {path.name}"
        raise refusal(table, "", "close every quote", found, "Look where that cell begins.")


def _end(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _BLOCK))
        return file.read()


def _csv_options(written: TextFormat, threads: bool, on_invalid: object) -> tuple[object, ...]:
    names = [f"f{number}" for number in range(len(written.header))]
    reading = pa_csv.ReadOptions(
        use_threads=threads,
        block_size=_BLOCK,
        column_names=names,
        encoding="utf8" if written.encoding == "utf-8-sig" else written.encoding,
    )
    parsing = pa_csv.ParseOptions(
        delimiter=written.delimiter,
        newlines_in_values=True,
        ignore_empty_lines=False,
        invalid_row_handler=on_invalid,
    )
    return reading, parsing, pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()))


def _trimmed(cells: pa.Table) -> pa.Table:
    columns = [pc.utf8_trim_whitespace(column) for column in cells.columns]
    columns = [pc.if_else(pc.equal(column, ""), None, column) for column in columns]
    return pa.table(columns, names=cells.column_names)


def _named(cells: pa.Table, header: Sequence[str], table: str) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Name the columns, without those that have no name and the repetitions of those that have."""
    kept = [number for number, name in enumerate(header) if name and name not in header[:number]]
    repeated = sorted({name for number, name in enumerate(header) if name and name in header[:number]})
    frame = cells.select(kept).rename_columns([header[number] for number in kept]).to_pandas(ignore_metadata=True)
    way_out = "Rename or drop one of them."
    return frame, tuple(Problem(table, name, "occur once", "several", way_out=way_out) for name in repeated)


def _encoding_problems(path: Path, table: str, written: TextFormat) -> tuple[Problem, ...]:
    if written.encoding != "cp1252":
        return ()
    way_out = f"It was read as such; check its accents. {SAVE_AS}"
    return (Problem(table, "", "be UTF-8 text", f"cp1252 in {path.name}", way_out=way_out, severity="warning"),)


def _ragged(table: str, skipped: Sequence[tuple[int, int]], written: TextFormat) -> tuple[Problem, ...]:
    if not skipped:
        return ()
    rows = tuple(number for number, _ in skipped[:MAX_ROWS_SHOWN])
    rule, way_out = f"have {len(written.header)} fields in every row", "Look for loose quotes or delimiters there."
    return (Problem(table, "", rule, f"{skipped[0][1]}", rows, len(skipped), way_out),)
