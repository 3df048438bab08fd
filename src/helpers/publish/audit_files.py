"""Which files a finished folder may hold, and what the list of reports in it may tell."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from helpers.publish.audit_content import Found, machine_remains
from helpers.publish.paths import HASH_LENGTH, INDEX, LOG_FOLDER, MANIFEST, MAX_SLUG
from helpers.publish.private_paths import without_folders
from helpers.publish.releasing import AUDIT, RELEASE, SCORES

_SLUG = rf"[a-z0-9_][a-z0-9_-]{{0,{MAX_SLUG - 1}}}"
_HASH = rf"-[0-9a-f]{{{HASH_LENGTH}}}"
_PAGE = re.compile(rf"{_SLUG}{_HASH}/{_SLUG}(?:{_HASH}){{0,2}}\.[a-z]{{2}}\.html")
_LOG = re.compile(rf"{re.escape(LOG_FOLDER)}/{_SLUG}{_HASH}\.{_SLUG}(?:{_HASH}){{0,2}}\.[a-z]{{2}}\.log")
_KNOWN = {INDEX: "index", MANIFEST: "manifest", f"{RELEASE}/{SCORES}": "scores", f"{RELEASE}/{AUDIT}": "audit"}


def files_below(folder: Path) -> Iterator[Path]:
    """Give all files and links below a folder, in order; no link is followed."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (Path(place) / name for name in sorted([*files, *linked]))


def kind_of(path: Path, folder: Path) -> str:
    """Tell what a file is by its name: page, index, manifest, log, scores, audit, link, or empty for none of these."""
    name = path.relative_to(folder).as_posix()
    if path.is_symlink():
        return "link"
    if name in _KNOWN:
        return _KNOWN[name]
    return "page" if _PAGE.fullmatch(name) else "log" if _LOG.fullmatch(name) else ""


def stray(path: Path) -> Found:
    """Say what is wrong with a file that does not belong."""
    if path.is_symlink():
        return 13, "a symbolic link"
    if path.suffix == ".html":
        return 13, "a page whose name is not slug and hash"
    return 10, f"a file that is no part of the reports ({path.suffix or 'without suffix'})"


def manifest_findings(text: str) -> Iterator[Found]:
    """Hold the list of reports against rule 10: neither paths nor names of a machine, nor the values of an error.

    Parameters
    ----------
    text : str
        One JSON object per line.
    """
    for place, line in enumerate(text.splitlines(), start=1):
        yield from ((rule, f"{found} (line {place})") for rule, found in _line_findings(line))


def _line_findings(line: str) -> Iterator[Found]:
    try:
        record = json.loads(line)
        error = record["error"]
        told = without_folders(error) != error
    except (ValueError, KeyError, TypeError):
        yield 10, "a line that is no record of a report"
        return
    if told:
        yield 10, "a folder in the reason of a failure"
        return
    if "\n" in error:
        yield 10, "more than the first line of an error"
    yield from machine_remains(" ".join(str(value) for value in record.values()))
