"""A batch told to another program: one JSON object per line, on standard output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from helpers.publish.exits import exit_code
from helpers.publish.telling import Teller, Unchanged

if TYPE_CHECKING:
    from helpers.publish.manifest import Record
    from helpers.publish.task import Task

# Of each line of the manifest; nothing else of a report is told.
FIELDS = ("unit", "notebook", "language", "parameters", "state", "seconds", "error", "file", "log")


class Events(Teller):
    """Writes ``start``, one ``report`` for each that ends, and ``end``, which comes last whatever happens.

    Parameters
    ----------
    stream : file
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.stream, self.over = stream, False

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if not self.over:
            self._end(exit_code(error), " ".join(str(error or "").split()))

    def begin(self, total: int, unchanged: Unchanged) -> None:
        super().begin(total, unchanged)
        self._write("start", reports=total, unchanged=unchanged.n, of_earlier_data=unchanged.n_earlier)

    def ended(self, task: Task, record: Record) -> None:
        super().ended(task, record)
        self._write("report", **{name: getattr(record, name) for name in FIELDS})

    def end(self, folder: Path, again: str) -> None:
        self._end(self.exit_code)

    def _end(self, code: int, error: str = "") -> None:
        self.over = True
        counts = {name.replace(" ", "_"): number for name, number in self.counts.items()}
        counts["of_earlier_data"] = self.unchanged.n_earlier
        index = self.index.name if self.index else ""
        self._write("end", **counts, seconds=round(self.seconds, 2), index=index, exit_code=code, error=error)

    def _write(self, event: str, **values: object) -> None:
        # ASCII alone: no name of a unit ends a line early, whatever reads it and in whichever encoding.
        self.stream.write(json.dumps({"event": event, **values}) + "\n")
        self.stream.flush()
