"""A batch told to a person: moving lines on a terminal, a plain line now and then elsewhere, a summary at the end."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from helpers.publish.summary import failure_lines, printable, spell_seconds, summary_lines
from helpers.publish.telling import Teller, Unchanged

if TYPE_CHECKING:
    from helpers.publish.manifest import Record
    from helpers.publish.task import Task

# Often enough to see that it lives; a long batch must not fill a log: at most a twentieth of its time between lines.
SECONDS_BETWEEN_LINES = 5.0
_SHARE_BETWEEN_LINES = 0.05
# The first reports pay for the start of their processes; a time left guessed from them only alarms.
FIRST_GUESS = 3
# The pace of late: the heaviest notebooks may all come first.
_ENDS_REMEMBERED = 200
# Worth a line of its own only when it is long for a report.
_SECONDS_OF_SLOW = 5.0


class Progress(Teller):
    """Tells a person.

    Parameters
    ----------
    console : Console
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console
        self.ends = deque([self.start], maxlen=_ENDS_REMEMBERED)
        self.last = self.start
        self.live: Live | None = None

    def __exit__(self, *_: object) -> None:
        self._rest()

    def begin(self, total: int, unchanged: Unchanged) -> None:
        super().begin(total, unchanged)
        self.ends.append(self.start)
        self.ends.popleft()
        self.last = self.start
        if self.console.is_terminal:
            self.live = Live(console=self.console, get_renderable=self._lines, refresh_per_second=2, transient=True)
            self.live.start()

    def ended(self, task: Task, record: Record) -> None:
        super().ended(task, record)
        now = time.monotonic()
        self.ends.append(now)
        between = max(SECONDS_BETWEEN_LINES, _SHARE_BETWEEN_LINES * self.seconds)
        if not self.live and (now - self.last >= between or len(self.records) == self.total):
            self.last = now
            self.console.print(self._line())

    def end(self, folder: Path, again: str) -> None:
        self._rest()
        if self.index:
            self.console.print(f"Open {self.index}")
        for line in [*summary_lines(self), *failure_lines(self.failed, folder, again)]:
            self.console.print(line)

    def _rest(self) -> None:
        if self.live:
            self.live.stop()
            self.live = None

    def _lines(self) -> Text:
        return Text("\n", no_wrap=True, overflow="ellipsis").join(filter(None, [self._line(), self._slowest()]))

    def _line(self) -> Text:
        done = len(self.records)
        parts = [f"{done:,} of {self.total:,} reports"]
        parts += [f"{n:,} {state}" for state, n in self.counts.items() if n and state in ("not applicable", "failed")]
        if FIRST_GUESS <= done < self.total:
            pace = (time.monotonic() - self.ends[0]) / (len(self.ends) - 1)
            parts.append(f"about {spell_seconds(pace * (self.total - done))} left")
        return Text(", ".join([*parts, spell_seconds(self.seconds)]) + ".")

    def _slowest(self) -> Text | None:
        """Name what has been running longest, once that is long."""
        task, since = next(iter(self.running.values()), (None, 0.0))
        seconds = time.monotonic() - since
        if task is None or seconds < _SECONDS_OF_SLOW:
            return None
        name = printable(str(task.page["unit"]))
        return Text(f"Running longest: {task.notebook.stem} for {name} ({task.language}), {spell_seconds(seconds)}.")


class Quiet(Teller):
    """Says nothing when all is well, so that cron sends no mail; else what failed and how to run it again.

    Parameters
    ----------
    console : Console
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console

    def end(self, folder: Path, again: str) -> None:
        for line in failure_lines(self.failed, folder, again):
            self.console.print(line)
