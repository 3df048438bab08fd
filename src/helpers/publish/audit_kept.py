"""Pages that were kept when others were made anew: what an earlier release told may still stand on them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from helpers.publish.audit_release import Release
from helpers.publish.audit_units import Names
from helpers.publish.manifest import latest_records


def kept_pages(folder: Path, release: Release) -> dict[str, str]:
    """Name the pages of earlier releases that the ledger of a release knows, so that it was held against them.

    Parameters
    ----------
    folder : Path
        Folder of a dataset's reports.
    release : Release

    Returns
    -------
    dict of str to str
        Page, relative to the folder, as the manifest says, to the head of the ledger after its release; empty where the
        audit of the release names no earlier ones.
    """
    known = release.audit.get("releases")
    earlier = {str(one) for one in known} if isinstance(known, list) else set()
    earlier -= {str(release.audit.get("ledger"))}
    return {record.file: record.release for record in latest_records(folder).values() if record.release in earlier}


def names_then(names: Names, release: Release, head: str) -> Names:
    """Take out of what a release hides the figures that an earlier one told.

    Parameters
    ----------
    names : Names
        Of the release.
    release : Release
    head : str
        Of the ledger, after the earlier release.
    """
    told = release.audit.get("told_before")
    rows = told.get(head, []) if isinstance(told, dict) else []
    then = {tuple(map(str, row)) for row in rows if isinstance(row, list)}
    hidden = {
        unit: {key: is_hidden and (unit, *key) not in then for key, is_hidden in of_unit.items()}
        for unit, of_unit in names.hidden.items()
    }
    return replace(names, hidden=hidden)


def kept_note(title: str, n_pages: int) -> list[str]:
    """Say that figures of earlier releases stand beside a release that no longer tells them, on so many pages."""
    if not n_pages:
        return []
    what = "page of an earlier release shows" if n_pages == 1 else "pages of earlier releases show"
    return [
        f"{title}: {n_pages:,} {what} figures that this release hides. The ledger knows what was told then, and this "
        "release was held against it. To make all pages anew, run excx report without --resume."
    ]
