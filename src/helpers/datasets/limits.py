"""How large a file may be, checked before it is read: a small file can hold more than a machine does.

Parquet says in its footer how many rows, columns and bytes it unpacks to. Columns must be plain: a nested or
foreign type has no place in the contract, and unpacking one may run code of its maker.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from helpers.datasets.problems import DatasetError, refusal

# The largest survey known, Gallup's of 1.8 million answers to 30 items in 82,248 units, takes 0.2 GB as CSV and 65
# million cells; the demo company times 68 takes 2 GB and 355 million. Each limit leaves twice that or more.
MAX_FILE_BYTES = 4 << 30
MAX_CELLS = 1_000_000_000
MAX_UNPACKED_BYTES = 16 << 30
# Coded columns unpack to 1 to 5 times their size, columns of one value to some hundred times; bombs to many thousand.
MAX_RATIO = 1_000
# A ratio says nothing of files so small that unpacking them harms nobody.
_SMALL_BYTES = 16 << 20
# A questionnaire has some hundred questions.
MAX_COLUMNS = 2_000
# Two pages of text: more is no name, reason or action.
MAX_TEXT = 10_000
_SPLIT = "Split it by period, or leave out rows and columns that are not needed."


def check_size(path: Path, table: str) -> None:
    """Refuse a file that is too large, or would be once unpacked.

    Parameters
    ----------
    path : Path
        An existing file.
    table : str
        The name it goes by in problems.

    Raises
    ------
    DatasetError
        With the limit and what was found; also for Parquet that cannot be read, or with a column that is not plain.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise _too_large(table, f"{MAX_FILE_BYTES:,} bytes", f"{size:,} in {path.name}")
    if path.suffix.lower() == ".parquet" and size:
        with open_parquet(path, table) as file:
            _check_metadata(file.metadata, table)
            _check_types(file.schema_arrow, table)


def open_parquet(path: Path, table: str) -> pq.ParquetFile:
    """Open a Parquet file, of which nothing but the footer is read yet.

    Raises
    ------
    DatasetError
        When it is none.
    """
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise not_parquet(path, table, error) from None


def not_parquet(path: Path, table: str, error: Exception) -> DatasetError:
    """Make the error of a Parquet file that cannot be read."""
    found = f"{path.name}, which cannot be read: {str(error).splitlines()[0][:80]}"
    return refusal(table, "", "be a Parquet file", found, "Write it again.")


def check_columns(names: Sequence[str], table: str) -> None:
    """Refuse a table with more columns than any questionnaire has questions."""
    if len(names) > MAX_COLUMNS:
        way_out = "Leave out columns that are not needed; look for rows and columns turned round."
        raise refusal(table, "", f"have at most {MAX_COLUMNS:,} columns", f"{len(names):,}", way_out)


def check_texts(cells: pa.Table, table: str) -> None:
    """Refuse texts that are too long, or too many to be unpacked.

    Parameters
    ----------
    cells : pyarrow Table
        Texts may be dictionary-encoded: a short file can repeat one long text a million times.

    Raises
    ------
    DatasetError
        Naming the column, never the text.
    """
    n_bytes = 0
    for name, column in zip(cells.column_names, cells.columns, strict=True):
        for chunk in column.chunks:
            coded = isinstance(chunk, pa.DictionaryArray)
            values = chunk.dictionary if coded else chunk
            if not len(values) or not _is_text(values.type):
                continue
            longest = pc.max(pc.utf8_length(values)).as_py() or 0
            if longest > MAX_TEXT:
                rule, way_out = f"hold texts of at most {MAX_TEXT:,} characters", "Shorten it, or leave it out."
                raise refusal(table, name, rule, f"one of {longest:,}", way_out)
            lengths = pc.binary_length(values)
            n_bytes += pc.sum(lengths.take(chunk.indices) if coded else lengths).as_py() or 0
            if n_bytes > MAX_UNPACKED_BYTES:
                raise _too_large(table, f"{MAX_UNPACKED_BYTES:,} bytes of text", "more")


def _check_metadata(metadata: pq.FileMetaData, table: str) -> None:
    check_columns(range(metadata.num_columns), table)
    n_cells = metadata.num_rows * metadata.num_columns
    if n_cells > MAX_CELLS:
        raise _too_large(table, f"{MAX_CELLS:,} cells", f"{n_cells:,}")
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    chunks = [group.column(number) for group in groups for number in range(metadata.num_columns)]
    unpacked = sum(chunk.total_uncompressed_size for chunk in chunks)
    packed = sum(chunk.total_compressed_size for chunk in chunks)
    if unpacked > MAX_UNPACKED_BYTES:
        raise _too_large(table, f"{MAX_UNPACKED_BYTES:,} bytes unpacked", f"{unpacked:,}")
    if unpacked > max(_SMALL_BYTES, MAX_RATIO * packed):
        rule = f"unpack to at most {MAX_RATIO:,} times its size"
        raise refusal(table, "", rule, f"{unpacked:,} bytes in {packed:,}", "Write it again from its source.")


def _check_types(schema: pa.Schema, table: str) -> None:
    wrong = [field for field in schema if not _is_plain(field.type)]
    if wrong:
        found = f"a column of type {str(wrong[0].type)[:40]}"
        rule = "hold plain texts, numbers, dates and truth values"
        raise refusal(table, wrong[0].name, rule, found, "Write it as such, or leave it out.")


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    tests = (
        *(_is_text, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal),
        *(pa.types.is_date, pa.types.is_timestamp, pa.types.is_null),
    )
    return not isinstance(kind, pa.BaseExtensionType) and any(test(kind) for test in tests)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _too_large(table: str, limit: str, found: str) -> DatasetError:
    return refusal(table, "", f"hold at most {limit}", found, _SPLIT)
