"""The text of the ledger: entries as lines chained by their hashes, and the head that counts them.

A line is the canonical JSON of an entry, so that any other spelling of the same content counts as altered.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

LEDGER, HEAD = "ledger.jsonl", "ledger.head"
_FIELDS = {"number", "previous", "payload", "attachment", "hash"}
_DIGEST = re.compile(r"(?:[0-9a-f]{64})?")


class LedgerError(ValueError):
    """The ledger was altered, cut short, or cannot be read, written or locked: nothing may be released."""


@dataclass(frozen=True)
class Entry:
    """One release.

    Parameters
    ----------
    number : int
        From 1, without gaps.
    payload : mapping
        What was recorded, as JSON gives it back: tuples are lists.
    hash : str
        SHA-256 of the entry and, through the entry before, of all earlier ones; 64 hexadecimal digits.
    attached : str
        SHA-256 of the stored attachment, as ``sha256sum`` prints it; empty when there is none.
    """

    number: int
    payload: Mapping[str, object]
    hash: str
    attached: str = ""


def sha256(data: bytes) -> str:
    """Give the 64 hexadecimal digits that ``sha256sum`` prints."""
    return hashlib.sha256(data).hexdigest()


def last_hash(entries: tuple[Entry, ...] | list[Entry]) -> str:
    """Give the hash of the last entry, "" when there is none."""
    return entries[-1].hash if entries else ""


def entry_line(number: int, previous: str, payload: Mapping[str, object], attached: str) -> bytes:
    """Write an entry as a line, without the new line.

    Raises
    ------
    ValueError
        When JSON cannot hold the payload.
    """
    try:
        record = {"number": number, "previous": previous, "payload": dict(payload), "attachment": attached}
        # Once through JSON, since keys that are numbers become texts and sort differently.
        record = json.loads(_canonical(record))
        return _canonical(record | {"hash": sha256(_canonical(record))})
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"payload must hold only what JSON can; found {error}.") from error


def read_entry(line: bytes, number: int, previous: str) -> Entry:
    """Read a line that must be entry `number` and follow the hash `previous`.

    Raises
    ------
    LedgerError
        When it is another entry, or not byte for byte what `entry_line` wrote.
    """
    record = _record(line, _FIELDS)
    if record is None or not isinstance(record["payload"], dict) or not _DIGEST.fullmatch(str(record["attachment"])):
        raise LedgerError(f"line {number} of {LEDGER} must be as it was written; found another text.")
    own = record.pop("hash")
    if own != sha256(_canonical(record)):
        raise LedgerError(f"line {number} of {LEDGER} must match its hash; found {str(own)[:12]!r}.")
    if record["number"] != number or record["previous"] != previous:
        found = f"entry {record['number']} with another one before it"
        raise LedgerError(f"line {number} of {LEDGER} must follow the line before; found {found}.")
    return Entry(number, record["payload"], own, record["attachment"])


def read_entries(whole_lines: bytes) -> tuple[Entry, ...]:
    """Read the whole chain, oldest first; `whole_lines` is empty or ends in a new line."""
    entries: list[Entry] = []
    for number, line in enumerate(whole_lines.split(b"\n")[:-1], start=1):
        entries.append(read_entry(line, number, last_hash(entries)))
    return tuple(entries)


def head_text(entries: tuple[Entry, ...]) -> bytes:
    """Write the head of these entries."""
    return _canonical({"number": len(entries), "hash": last_hash(entries)}) + b"\n"


def read_head(data: bytes, entries: tuple[Entry, ...], torn: bytes) -> int:
    """Give the number of entries that the head counts, after holding it against those that are there.

    Parameters
    ----------
    data : bytes
        Text of the head.
    entries : tuple of Entry
        The whole lines.
    torn : bytes
        What follows the last new line.

    Raises
    ------
    LedgerError
        When entries are missing, more than one is ahead, or the head is not what `head_text` wrote.
    """
    record = _record(data.removesuffix(b"\n"), {"number", "hash"}) if data.endswith(b"\n") else None
    if record is None or type(record["number"]) is not int or record["number"] < 0:
        raise LedgerError(f"{HEAD} must be as it was written; found another text.")
    number, n = record["number"], len(entries)
    if n < number:
        raise LedgerError(f"{LEDGER} must hold the {number} entries that {HEAD} counts; found {n}.")
    if n + bool(torn) > number + 1:
        raise LedgerError(
            f"{LEDGER} must be at most one line ahead of {HEAD}; found {n + bool(torn)} lines, not {number}."
        )
    if record["hash"] != last_hash(entries[:number]):
        raise LedgerError(f"{HEAD} must carry the hash of entry {number}; found {str(record['hash'])[:12]!r}.")
    return number


def _canonical(record: Mapping[str, object]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _record(line: bytes, fields: set[str]) -> dict[str, object] | None:
    """Parse a line; None when it has other fields or is not what `_canonical` writes."""
    try:
        record = json.loads(line)
        return record if record.keys() == fields and _canonical(record) == line else None
    except (AttributeError, ValueError, RecursionError):
        return None
