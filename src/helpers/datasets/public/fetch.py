"""Build a dataset from a public source, by name."""

from __future__ import annotations

from pathlib import Path

from helpers.datasets.problems import suggest
from helpers.datasets.public.chicago import CHICAGO
from helpers.datasets.public.civil_service import CIVIL_SERVICE
from helpers.datasets.public.mirror import checked_files
from helpers.datasets.public.nhs import NHS
from helpers.datasets.public.pierce import PIERCE
from helpers.datasets.public.source import PublicSource, write_built

SOURCES: dict[str, PublicSource] = {source.name: source for source in (CHICAGO, NHS, CIVIL_SERVICE, PIERCE)}


def fetch(name: str, folder: str | Path, mirror: str | Path | None = None) -> Path:
    """Build a dataset from the files of its publisher, or from a copy that others made of them.

    Nothing is downloaded: no address of a source has been verified to serve the files whose checksums are known here.

    Parameters
    ----------
    name : str
        One of `SOURCES`.
    folder : str or Path
        Where the dataset is written; tables of the same name are replaced.
    mirror : str or Path, optional
        Folder with the publisher's files, or one that holds such folders for several sources.

    Returns
    -------
    Path
        `folder`.

    Raises
    ------
    ValueError
        For an unknown name, no mirror, or a file that differs from the one the publisher put out.
    FileNotFoundError
        When a file is not in the mirror.
    """
    if name not in SOURCES:
        raise ValueError(f"name must be a public source; found {name!r}. {suggest(name, SOURCES)}")
    source = SOURCES[name]
    if mirror is None:
        raise ValueError(
            f"mirror must be a folder with {', '.join(source.files)} ({source.publisher}: {source.title}); found none. "
            "Pass --mirror FOLDER."
        )
    write_built(source.build(checked_files(source, Path(mirror))), source, Path(folder))
    return Path(folder)
