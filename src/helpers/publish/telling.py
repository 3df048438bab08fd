"""Who is told how a batch goes: nobody, a person, a log, another program."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from helpers.publish.exits import ALL_MADE, SOME_FAILED

if TYPE_CHECKING:
    from helpers.publish.manifest import Record
    from helpers.publish.task import Task


class Unchanged(NamedTuple):
    """Reports that need not be made.

    Parameters
    ----------
    n : int
    n_earlier : int
        Those of them made when other units had other data, so that what they say of these is of then.
    """

    n: int = 0
    n_earlier: int = 0


@dataclass
class Teller:
    """Keeps count of a batch, and tells nobody.

    Attributes
    ----------
    total : int
        Reports to be made.
    unchanged : Unchanged
    records : list of Record
        How reports ended, in that order.
    running : dict of Path to tuple of Task and float
        What was handed out and has not ended, with the time of the clock, the oldest first.
    index : Path, optional
        Written last.
    """

    total: int = 0
    unchanged: Unchanged = field(default_factory=Unchanged)
    records: list[Record] = field(default_factory=list)
    running: dict[Path, tuple[Task, float]] = field(default_factory=dict)
    index: Path | None = None
    start: float = field(default_factory=time.monotonic)

    def __enter__(self) -> Teller:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        """Say what ended the batch before its time, if anything did."""

    def begin(self, total: int, unchanged: Unchanged) -> None:
        """Hear how many reports there will be."""
        self.total, self.unchanged, self.start = total, unchanged, time.monotonic()

    def started(self, task: Task) -> None:
        """Hear that a report is being made."""
        self.running[task.target] = task, time.monotonic()

    def ended(self, task: Task, record: Record) -> None:
        """Hear how a report ended."""
        self.running.pop(task.target, None)
        self.records.append(record)

    def end(self, folder: Path, again: str) -> None:
        """Hear that the batch is over.

        Parameters
        ----------
        folder : Path
            Of the reports and their logs.
        again : str
            The command that runs the failed reports again.
        """

    @property
    def seconds(self) -> float:
        """Since the batch began."""
        return time.monotonic() - self.start

    @property
    def counts(self) -> dict[str, int]:
        """Reports by what became of them."""
        states = Counter(record.state for record in self.records)
        made = {"made": states["done"], "not applicable": states["not applicable"], "failed": states["failed"]}
        return made | {"unchanged": self.unchanged.n}

    @property
    def failed(self) -> list[Record]:
        """Reports there are none of now."""
        return [record for record in self.records if record.state == "failed"]

    @property
    def exit_code(self) -> int:
        """What the batch, once over, says to a scheduler."""
        return SOME_FAILED if self.failed else ALL_MADE
