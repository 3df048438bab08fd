"""The list of reports made: one JSON line per finished report, appended the moment it is finished.

The *latest* line about a report is the one that counts; earlier ones are its history.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path

from helpers.publish.outcome import Outcome, State
from helpers.publish.parameters import Value
from helpers.publish.paths import MANIFEST, check_inside, log_file
from helpers.publish.task import Task


@dataclass(frozen=True)
class Record:
    """One line of the manifest.

    Parameters
    ----------
    unit, notebook, language : str
    parameters : mapping of str to value
        Those that differ from the notebook's defaults.
    unit_name, question : str
        As the page shows them.
    key : str
        Fingerprint of everything the report depends on.
    state : {"done", "not applicable", "failed"}
    seconds : float
    error : str
        First line of what went wrong.
    file, log : str
        Relative to the folder of the manifest; empty when there is none.
    data, release : str
        As of the task; empty where an earlier version of excx wrote the line.
    """

    unit: str
    notebook: str
    language: str
    parameters: Mapping[str, Value]
    unit_name: str
    question: str
    key: str
    state: State
    seconds: float
    error: str
    file: str
    log: str
    data: str = ""
    release: str = ""

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two lines speak of the same report."""
        return self.unit, self.notebook, self.language, json.dumps(dict(self.parameters), sort_keys=True)


def record_of(task: Task, outcome: Outcome) -> Record:
    """Put down how a task ended."""
    failed = outcome.state == "failed"
    return Record(
        unit=task.unit,
        notebook=task.notebook.stem,
        language=task.language,
        parameters=dict(task.others),
        unit_name=str(task.page["unit"]),
        question=str(task.page["question"]),
        key=task.key,
        state=outcome.state,
        seconds=round(outcome.seconds, 2),
        error=outcome.error,
        file="" if failed else task.target.relative_to(task.folder).as_posix(),
        log=log_file(task.folder, task.target).relative_to(task.folder).as_posix() if failed else "",
        data=task.data,
        release=task.release,
    )


def append_record(folder: Path, record: Record) -> None:
    """Add a line to the manifest of a folder, on disk before this returns.

    Parameters
    ----------
    folder : Path
        Folder of a dataset's reports.
    record : Record
    """
    line = json.dumps(asdict(record), ensure_ascii=False).encode() + b"\n"
    check_inside(folder / MANIFEST, folder.parent)
    with open(folder / MANIFEST, "ab+") as file:
        # A line cut off by a crash must not swallow this one.
        if file.tell() and not _ends_with_newline(file):
            line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def latest_records(folder: Path) -> dict[tuple[str, ...], Record]:
    """Read the manifest of a folder.

    Parameters
    ----------
    folder : Path
        Folder of a dataset's reports; without a manifest there are no records.

    Returns
    -------
    dict of identity to Record
        The latest of each report, in the order they were first made. Lines that cannot be read are passed over.
    """
    path = folder / MANIFEST
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    records = (_record(line) for line in lines)
    return {record.identity: record for record in records if record is not None}


def kept_record(
    task: Task, records: Mapping[tuple[str, ...], Record], releases: Collection[str] = ("",)
) -> Record | None:
    """Find a report that is there already, made from the very same inputs.

    Parameters
    ----------
    task : Task
    records : mapping of identity to Record
    releases : collection of str
        What the ledger knows. A page of any other release could stand beside a new one that was never held against it.

    Returns
    -------
    Record, optional
        None for one that must be made.
    """
    known = records.get(record_of(task, Outcome("done")).identity)
    same = known is not None and known.state != "failed" and known.key == task.key and known.release in releases
    return known if same and task.target.is_file() else None


def _record(line: str) -> Record | None:
    try:
        values = json.loads(line)
        written = [field.name for field in fields(Record) if field.name in values or field.default is MISSING]
        return Record(**{name: values[name] for name in written})
    except (ValueError, KeyError, TypeError):
        return None


def _ends_with_newline(file) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
