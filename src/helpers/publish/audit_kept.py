"""Pages that were kept when others were made anew: what an earlier release told may still stand on them."""

from __future__ import annotations

from pathlib import Path

from helpers.publish.audit_release import Release
from helpers.publish.manifest import latest_records


def kept_pages(folder: Path, release: Release) -> set[str]:
    """Name the pages of earlier releases that the ledger of a release knows, so that it was held against them.

    Parameters
    ----------
    folder : Path
        Folder of a dataset's reports.
    release : Release

    Returns
    -------
    set of str
        Relative to the folder, as the manifest says; none where the audit of the release names no earlier ones.
    """
    known = release.audit.get("releases")
    earlier = {str(one) for one in known} if isinstance(known, list) else set()
    earlier -= {str(release.audit.get("ledger"))}
    return {record.file for record in latest_records(folder).values() if record.release in earlier}


def kept_note(title: str, n_pages: int) -> list[str]:
    """Say that figures of earlier releases stand beside a release that no longer tells them, on so many pages."""
    if not n_pages:
        return []
    what = "page of an earlier release shows" if n_pages == 1 else "pages of earlier releases show"
    return [
        f"{title}: {n_pages:,} {what} figures that this release hides. The ledger knows what was told then, and this "
        "release was held against it. To make all pages anew, run excx report without --resume."
    ]
