"""How a CSV is written: its encoding, its delimiter and its header."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from helpers.datasets.contract import CONTRACT
from helpers.datasets.problems import DatasetError, refusal

_DELIMITERS = (",", ";", "\t", "|")
_KNOWN = {column for table in CONTRACT.values() for column in table.columns}
_HEAD = 1 << 16
_BLOCK = 1 << 24
_SIGNATURES = {
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"PK\x03\x04": "an Excel workbook or zip file",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a packed file",
    b"BZh": "a packed file",
    b"\xfd7zXZ": "a packed file",
    b"\x28\xb5\x2f\xfd": "a packed file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}
SAVE_AS = "Save it as CSV UTF-8."


@dataclass(frozen=True)
class TextFormat:
    """Encoding (``"utf-8-sig"`` or ``"cp1252"``), delimiter and the trimmed names in the first row."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]


def text_format(path: Path, table: str) -> TextFormat:
    """Find out how a CSV is written.

    Parameters
    ----------
    path : Path
    table : str
        The name it goes by in problems.

    Returns
    -------
    TextFormat

    Raises
    ------
    DatasetError
        When it is no text in UTF-8 or cp1252, or has no header or no row below it.
    """
    encoding = _encoding(path, table)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(_HEAD))
        file.seek(0)
        header, first = _first_two(file, delimiter, table)
    if not any(header):
        way_out = "Delete the rows above them."
        raise refusal(table, "", "have column names in row 1", f"an empty row in {path.name}", way_out)
    if first is None:
        raise no_rows(path, table)
    return TextFormat(encoding, delimiter, tuple(name.strip() for name in header))


def no_rows(path: Path, table: str) -> DatasetError:
    """Make the error of a file with nothing below its header."""
    way_out = "Fill it or leave it out."
    return refusal(table, "", "have at least one row", f"a header only, in {path.name}", way_out)


def _first_two(file: TextIO, delimiter: str, table: str) -> tuple[list[str], list[str] | None]:
    records = csv.reader(file, delimiter=delimiter)
    try:
        return next(records, []), next(records, None)
    except csv.Error as error:
        raise refusal(table, "", "be CSV", str(error), "Look for a quote that is not closed.") from None


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
        raise refusal(table, "", "be UTF-8 text", f"{found or 'binary data'} in {path.name}", SAVE_AS)
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
