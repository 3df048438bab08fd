"""One line that says how far a batch is: moving on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections import Counter

from rich.console import Console
from rich.live import Live
from rich.text import Text

# Often enough to see that it lives, seldom enough for a log.
SECONDS_BETWEEN_LINES = 5.0
# The first reports pay for the start of their processes; a time left guessed from them only alarms.
FIRST_GUESS = 3


class Progress:
    """Counts how reports end, and says so.

    Parameters
    ----------
    total : int
        How many reports will be made.
    console : Console
    """

    def __init__(self, total: int, console: Console) -> None:
        self.total, self.console = total, console
        self.ends: Counter[str] = Counter()
        self.start = self.last = time.monotonic()
        moving = console.is_terminal
        self.live = Live(console=console, get_renderable=self._line, refresh_per_second=2) if moving else None

    def __enter__(self) -> Progress:
        if self.live:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.live.stop()

    def ended(self, state: str) -> None:
        """Count one end."""
        self.ends[state] += 1
        now = time.monotonic()
        if not self.live and (now - self.last >= SECONDS_BETWEEN_LINES or self.ends.total() == self.total):
            self.last = now
            self.console.print(self._line())

    def _line(self) -> Text:
        done, elapsed = self.ends.total(), time.monotonic() - self.start
        parts = [f"{done} of {self.total} reports"]
        parts += [f"{n} {state}" for state, n in sorted(self.ends.items()) if state != "done"]
        if FIRST_GUESS <= done < self.total:
            parts.append(f"about {_spell(elapsed / done * (self.total - done))} left")
        return Text(", ".join([*parts, _spell(elapsed)]) + ".")


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
