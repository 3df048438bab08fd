"""The record of earlier releases of a dataset: append-only, tamper-evident, whole after a crash.

``ledger.jsonl`` holds one *entry* per line, in canonical JSON: number, hash of the entry before, payload, SHA-256 of
the stored attachment, and its own SHA-256 over all of these. ``ledger.head`` repeats number and hash of the last entry.

What the chain proves: while `Ledger.entries` raises nothing, no line was changed, moved, put between others or taken
away, neither in the middle nor at the end. An attachment is proved when it is read.

What it does not prove: whoever can rewrite all files can compute a new chain, put an old copy of the whole folder back,
or delete it. A head hash that was handed out, as in ``audit.json``, makes even that noticeable: it must still be the
hash of one of the entries.

An append is done when the head names it. A crash before that leaves either a line cut short, which is put aside, or a
whole line one ahead of the head. That one counts: its run may have released nothing, but to think it did is the safe
side. The locks are those of ``flock``, between processes; on a network drive they are as good as the drive.
"""

from __future__ import annotations

import gzip
import os
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from helpers.release.ledger_chain import (
    HEAD,
    LEDGER,
    Entry,
    LedgerError,
    entry_line,
    head_text,
    last_hash,
    read_entries,
    read_entry,
    read_head,
    sha256,
)
from helpers.release.ledger_files import (
    append_bytes,
    open_plain,
    plain_bytes,
    remove_unfinished,
    sync_folder,
    write_whole,
)

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

LOCK = "ledger.lock"
# Deciding what to release takes seconds, an append milliseconds.
LOCK_TIMEOUT = 60.0
_POLL = 0.02


class _State(NamedTuple):
    entries: tuple[Entry, ...]
    n_headed: int | None  # None: no head yet
    n_bytes: int  # of the whole lines
    torn: bytes


class Ledger:
    """The ledger in a folder, which the first append makes.

    Parameters
    ----------
    folder : Path
        For ``ledger.jsonl``, ``ledger.head``, ``ledger.lock`` and the attachments, ``<sha256>.json.gz``.
    timeout : float
        Seconds to wait for another process that holds the lock.
    """

    def __init__(self, folder: Path, *, timeout: float = LOCK_TIMEOUT) -> None:
        self._folder, self._timeout = Path(folder), timeout
        self._threads, self._held = threading.RLock(), False

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, oldest first, after checking the chain; nothing is written and no lock is needed.

        Raises
        ------
        LedgerError
            When a file was altered, cut short, removed, linked elsewhere or cannot be read.
        """
        return self._read().entries

    @property
    def head(self) -> str:
        """Hash of the last entry, "" when there is none; checked as by `entries`."""
        return last_hash(self.entries())

    def attachment(self, entry: Entry) -> bytes:
        """Give the bytes that were attached to an entry, b"" if none were.

        Raises
        ------
        LedgerError
            When the file is gone or is not the one that was attached.
        """
        if not entry.attached:
            return b""
        name = _attachment_name(entry.attached)
        stored = self._bytes(name)
        if stored is None or sha256(stored) != entry.attached:
            found = "no such file" if stored is None else "another content"
            raise self._altered(f"{name} must be what entry {entry.number} was made with; found {found}.")
        return gzip.decompress(stored)

    def append(self, payload: Mapping[str, object], attachment: bytes = b"") -> Entry:
        """Add an entry; when this returns, entry and attachment are on the disk.

        Parameters
        ----------
        payload : mapping
            What JSON can hold; NaN and infinity it cannot.
        attachment : bytes
            Kept compressed beside the ledger; b"" for none.

        Returns
        -------
        Entry

        Raises
        ------
        ValueError
            When the payload is not JSON; no entry is written then.
        LedgerError
            As for `entries` and `locked`, and when the disk is full or may not be written to.
        """
        stored = gzip.compress(attachment, mtime=0) if attachment else b""
        with self.locked():
            try:
                return self._append(payload, stored)
            except OSError as error:
                raise self._unusable("writable", error) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all others from appending, so that to read, decide and append are one step.

        Raises
        ------
        LedgerError
            When another process does not let go within the timeout, or the system knows no such locks.
        """
        with self._threads:
            if self._held:
                yield
                return
            descriptor = self._lock()
            self._held = True
            try:
                yield
            finally:
                self._held = False
                os.close(descriptor)

    def _lock(self) -> int:
        if fcntl is None:
            raise LedgerError(f"the ledger must be locked with flock; found none on {os.name!r}. Use Linux or macOS.")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = open_plain(self._folder / LOCK, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise self._unusable("writable", error) from error
        try:
            self._wait(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _wait(self, descriptor: int) -> None:
        deadline = time.monotonic() + self._timeout
        while True:
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise LedgerError(
                        f"{self._folder / LOCK} must be free within {self._timeout:g} s; found it held by another "
                        "process. Wait until that run has ended, then start again."
                    ) from None
            time.sleep(_POLL)

    def _read(self) -> _State:
        # Without a lock: a head that stayed the same means that at most one line came meanwhile. An append reads the
        # ledger before it writes, so reading is always faster and this ends.
        while True:
            head, data = self._bytes(HEAD), self._bytes(LEDGER)
            started = data is not None or any(self._folder.glob("*.json.gz"))
            if self._bytes(HEAD) == head:
                break
        if head is None and started:
            raise self._altered(f"{HEAD} must be there as long as {LEDGER} or an attachment is; found none.")
        whole, newline, torn = (data or b"").rpartition(b"\n")
        try:
            entries = read_entries(whole + newline)
            n_headed = None if head is None else read_head(head, entries, torn)
        except LedgerError as error:
            raise self._altered(str(error)) from None
        return _State(entries, n_headed, len(whole + newline), torn)

    def _append(self, payload: Mapping[str, object], stored: bytes) -> Entry:
        entries = self._settled()
        number, previous, attached = len(entries) + 1, last_hash(entries), sha256(stored) if stored else ""
        line = entry_line(number, previous, payload, attached)
        entry = read_entry(line, number, previous)
        if stored:
            write_whole(self._folder / _attachment_name(attached), stored)
        append_bytes(self._folder / LEDGER, line + b"\n")
        write_whole(self._folder / HEAD, head_text((*entries, entry)))
        return entry

    def _settled(self) -> tuple[Entry, ...]:
        """Repair what a crash left, the lock being held, and give the entries."""
        state = self._read()
        remove_unfinished(self._folder)
        if state.torn:
            self._put_aside(state)
        if state.n_headed is None:
            sync_folder(self._folder.parent)
        if state.n_headed != len(state.entries):
            if state.entries:
                append_bytes(self._folder / LEDGER, b"")
            write_whole(self._folder / HEAD, head_text(state.entries))
        return state.entries

    def _put_aside(self, state: _State) -> None:
        aside = f"ledger.{sha256(state.torn)[:16]}.torn"
        write_whole(self._folder / aside, state.torn)
        os.truncate(self._folder / LEDGER, state.n_bytes)
        append_bytes(self._folder / LEDGER, b"")
        warnings.warn(
            f"{LEDGER} must end in a whole line; found {len(state.torn)} bytes that a crash cut short. "
            f"They were moved to {aside}; nothing was released under them.",
            stacklevel=5,
        )

    def _bytes(self, name: str) -> bytes | None:
        try:
            return plain_bytes(self._folder / name)
        except OSError as error:
            raise self._unusable("readable", error) from error

    def _altered(self, broken: str) -> LedgerError:
        return LedgerError(
            f"{broken} Restore {self._folder} from a backup. "
            "Delete the whole folder only if nobody keeps reports made from this dataset."
        )

    def _unusable(self, rule: str, error: OSError) -> LedgerError:
        found = error.strerror or str(error)
        return LedgerError(
            f"{self._folder} must be {rule}; found {found!r}. Mend that; until then nothing is released."
        )


def _attachment_name(digest: str) -> str:
    return f"{digest}.json.gz"
