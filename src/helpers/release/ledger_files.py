"""The files of the ledger: on the disk when a function returns, whole or not at all, never reached through a link.

A *plain* file is one of its own: no symbolic link, folder or device.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from helpers.release.ledger_chain import LedgerError

_UNFINISHED = ".writing-"


def plain_bytes(path: Path) -> bytes | None:
    """Give the content of a plain file, None if there is no file.

    Raises
    ------
    LedgerError
        When it is not plain.
    """
    _check_plain(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def open_plain(path: Path, flags: int) -> int:
    """Open a plain file by ``os.open`` and give its descriptor; errors as by `plain_bytes`."""
    _check_plain(path)
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)


def append_bytes(path: Path, data: bytes) -> None:
    """Add to the end of a file, made if need be, and wait until the disk has it and all that came before."""
    _write(path, data, os.O_APPEND)
    sync_folder(path.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file aside and put it in its place, so that a crash leaves the old or the new one."""
    aside = path.parent / f"{_UNFINISHED}{secrets.token_hex(8)}"
    _write(aside, data, os.O_EXCL)
    os.replace(aside, path)
    sync_folder(path.parent)


def remove_unfinished(folder: Path) -> None:
    """Remove what a crash in `write_whole` left; nobody may be writing meanwhile."""
    for aside in folder.glob(f"{_UNFINISHED}*"):
        aside.unlink()


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, data: bytes, flags: int) -> None:
    descriptor = open_plain(path, flags | os.O_WRONLY | os.O_CREAT)
    try:
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_plain(path: Path) -> None:
    kind = path.lstat().st_mode if os.path.lexists(path) else stat.S_IFREG
    if not stat.S_ISREG(kind):
        found = "a symbolic link" if stat.S_ISLNK(kind) else "a folder or a device"
        raise LedgerError(f"{path} must be a file of its own; found {found}. Put the file itself there.")
